import { startPage } from './page';
import { startWorker } from './worker';

// The page and its worker run this one script, so that the page contains the grader only once.
if (typeof document === 'undefined') startWorker();
else startPage();

import { startPage } from './page';
import { startWorker } from './worker';

// The same script is the page and the worker that it starts: so the grader is in the page once.
if (typeof document === 'undefined') startWorker();
else startPage();

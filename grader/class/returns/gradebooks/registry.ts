import { canvasGradebook } from './canvas';
import { classroom50Gradebook } from './classroom50';
import type { Gradebook, GradebookOptions } from './gradebook';
import { moodleGradebook } from './moodle';
import { moodleWorksheet } from './moodle-worksheet';

/** Functions that make each gradebook, or return undefined if there is nothing to make one from. */
export const gradebooks: readonly ((options: GradebookOptions) => Gradebook | undefined)[] = [
  canvasGradebook,
  moodleGradebook,
  moodleWorksheet,
  classroom50Gradebook,
];

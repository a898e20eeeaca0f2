import { canvasFile, canvasGradebook } from './canvas';
import { classroom50File, classroom50Gradebook } from './classroom50';
import type { Gradebook, GradebookOptions } from './gradebook';
import { moodleFile, moodleGradebook } from './moodle';
import { moodleWorksheet, moodleWorksheetFile } from './moodle-worksheet';

/** Functions that make each gradebook, or return undefined if there is nothing to make one from. */
export const gradebooks: readonly ((options: GradebookOptions) => Gradebook | undefined)[] = [
  canvasGradebook,
  moodleGradebook,
  moodleWorksheet,
  classroom50Gradebook,
];

/** The names of their files. */
export const gradebookFiles = [canvasFile, moodleFile, moodleWorksheetFile, classroom50File];

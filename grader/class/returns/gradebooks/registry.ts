import { canvasFile, canvasGradebook } from './canvas';
import { classroom50File, classroom50Gradebook } from './classroom50';
import type { Gradebook, GradebookOptions } from './gradebook';
import { moodleFile, moodleGradebook } from './moodle';
import { moodleWorksheet, moodleWorksheetFile } from './moodle-worksheet';

/** Functions that make each gradebook, by its file, or return undefined if there is nothing to make one from. */
export const gradebooks: Readonly<Record<string, (options: GradebookOptions) => Gradebook | undefined>> = {
  [canvasFile]: canvasGradebook,
  [moodleFile]: moodleGradebook,
  [moodleWorksheetFile]: moodleWorksheet,
  [classroom50File]: classroom50Gradebook,
};

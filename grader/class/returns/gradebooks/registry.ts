import { canvasGradebook } from './canvas';
import { classroom50Gradebook } from './classroom50';
import type { MakeGradebook } from './gradebook';
import { moodleGradebook } from './moodle';
import { moodleWorksheet } from './moodle-worksheet';

/** Functions that make each gradebook, by its file. */
export const gradebooks: Readonly<Record<string, MakeGradebook>> = {
  'canvas.csv': canvasGradebook,
  'moodle.csv': moodleGradebook,
  'moodle-worksheet.csv': moodleWorksheet,
  'classroom50.csv': classroom50Gradebook,
};

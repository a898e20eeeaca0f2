import { canvas } from './canvas';
import { classroom50 } from './classroom50';
import { githubClassroom } from './github-classroom';
import type { Gradebook, GradebookOptions } from './gradebook';
import { moodle } from './moodle';
import { moodleWorksheet } from './moodle-worksheet';

/** A gradebook is left out where there is nothing to make it from. */
export const gradebooks: readonly ((options: GradebookOptions) => Gradebook | undefined)[] = [
  canvas,
  moodle,
  moodleWorksheet,
  githubClassroom,
  classroom50,
];

import { canvasGradebook } from './canvas';
import { classroom50Gradebook } from './classroom50';
import { githubClassroomGradebook } from './github-classroom';
import type { Gradebook, GradebookOptions } from './gradebook';
import { moodleGradebook } from './moodle';
import { moodleWorksheet } from './moodle-worksheet';

/** A gradebook is left out where there is nothing to make it from. */
export const gradebooks: readonly ((options: GradebookOptions) => Gradebook | undefined)[] = [
  canvasGradebook,
  moodleGradebook,
  moodleWorksheet,
  githubClassroomGradebook,
  classroom50Gradebook,
];

import type { ClassInput, Release } from '../class/open-class';
import type { Course } from '../course/course';
import { plainKey } from '../key/key';
import type { Solution } from '../key/solution';

/** What the page says above everything, by which a release knows it: no student may get it. */
export const warning = 'For instructors: holds every answer';

/** A course as the page holds it, in JSON, with every answer. */
export interface GradingData extends Pick<Course, 'file' | 'rubric' | 'solution'>, Pick<ClassInput, 'vote'> {
  /** The solution for each table that states sizes of its own, by its export. */
  readonly atOtherSizes: readonly (readonly [table: string, Solution])[];
  readonly release?: Release | undefined;
}

/** The course that a page holds. */
export function courseIn({ file, rubric, solution, atOtherSizes }: GradingData): Course {
  const key = plainKey(rubric, solution);
  return { root: '', file, rubric, solution, key, atOtherSizes: new Map(atOtherSizes) };
}

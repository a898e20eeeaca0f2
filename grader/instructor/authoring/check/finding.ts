import type { Course } from '../../course';

/** What a check has to tell: something that failed and how to fix it, or something to know. */
export interface Finding {
  readonly kind: 'failed' | 'note';
  readonly code: string;
  readonly text: string;
}

/** What a course promises, and how to find out whether it holds. */
export interface Check {
  readonly claim: string;
  /**
   * @param copy where the students' copy is made: an empty folder before it is, and the copy after.
   * @returns nothing where the promise holds.
   * @throws {GraderError} that says what is broken, where nothing more can be told.
   */
  find(course: Course, copy: string): Finding[] | Promise<Finding[]>;
}

/** One check and what it found. */
export interface Result {
  readonly claim: string;
  readonly findings: readonly Finding[];
}

export function failed(code: string, text: string): Finding {
  return { kind: 'failed', code, text };
}

/** What no change of a course can fix. */
export function bug(code: string, text: string): Finding {
  return failed(
    code,
    `${text} That is a bug of the grader and not of the course: report it with this line, rubric.yaml and solution/.`,
  );
}

export function note(code: string, text: string): Finding {
  return { kind: 'note', code, text };
}

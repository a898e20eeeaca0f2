import type { Course } from '../../course';

/** A finding of a check: a failure and how to fix it, or something to know. */
export interface Finding {
  readonly kind: 'failed' | 'note';
  readonly code: string;
  readonly text: string;
}

/** A promise of a course, and how to check it. */
export interface Check {
  readonly claim: string;
  /**
   * @param copy the folder of the students' copy: empty before the copy is made, and the copy afterwards.
   * @returns an empty list if the promise holds.
   * @throws {GraderError} that says what is broken, if nothing more can be reported.
   */
  find(course: Course, copy: string): Finding[] | Promise<Finding[]>;
}

/** One check and its findings. */
export interface Result {
  readonly claim: string;
  readonly findings: readonly Finding[];
}

export function failed(code: string, text: string): Finding {
  return { kind: 'failed', code, text };
}

/** A failure that no change of a course can fix. */
export function bug(code: string, text: string): Finding {
  return failed(
    code,
    `${text} This is a bug in the grader, not in the course: report it with this line, rubric.yaml and solution/.`,
  );
}

export function note(code: string, text: string): Finding {
  return { kind: 'note', code, text };
}

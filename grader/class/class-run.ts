import type { Course } from '../course/course';
import { inParallel } from '../system/lists';
import { classHosts } from './hosts/hosts';
import { byKey } from './members/people';
import { type ClassInput, openClass } from './open-class';
import { outputFilesOf } from './output-files';
import type { GradedClass, RunNote } from './results/graded-class';
import { gradeStudent, gradeUnmatched } from './results/student-result';
import type { StudentResult, UnmatchedResult } from './results/student-result.schema';
import { withTables } from './results/tables-by-hand';
import { notesOnZeros, withZeros } from './results/zeros';
import { feedbackPolicy } from './returns/feedback';

/** How a class is graded, beside what it is graded from. */
interface RunSettings {
  /** Says where a file of the results will be. */
  at(file: string): string;
  /** How many students are graded at once: git reads histories in processes of its own. */
  readonly atOnce: number;
  /** Called with the notes that are known before any work is graded. */
  onOpened?(notes: readonly RunNote[]): void;
  /** Called after each student, with how many of how many were looked at. */
  onProgress?(looked: number, all: number): void;
}

/**
 * Grades a class and makes its files. All that it depends on is in what it is given, so it works without a disk.
 *
 * @throws {GraderError} if some of it cannot be used.
 */
export async function gradeToFiles(course: Course, input: ClassInput, settings: RunSettings) {
  const computed = await gradeClass(course, input, settings);
  const feedback = input.feedback ? feedbackPolicy(computed) : undefined;
  const graded = { ...computed, canvasColumn: input.canvasColumn, feedback };
  return { graded, ...(await outputFilesOf(graded, input, settings.at)) };
}

/**
 * Grades a class.
 *
 * @throws {GraderError} if some of it cannot be used.
 */
export async function gradeClass(
  course: Course,
  input: ClassInput,
  settings: Omit<RunSettings, 'at'>,
): Promise<GradedClass> {
  // 1. Whose each submission is.
  const { matching, run } = await openClass(course, input);
  settings.onOpened?.(run.notes);
  // 2. The work of each student, and what is nobody's.
  const computed: StudentResult[] = [];
  const unmatched: UnmatchedResult[] = [];
  const tasks = [
    ...matching.members.map((member) => async () => computed.push(await gradeStudent(member, run))),
    ...matching.unmatched.map((match) => async () => unmatched.push(await gradeUnmatched(match, run))),
  ];
  await inParallel(tasks, settings.atOnce, async (grade) => {
    await grade();
    settings.onProgress?.(computed.length + unmatched.length, tasks.length);
  });
  // 3. What does not depend on one student alone: zeros, and the tables that were filled in by hand.
  const host = classHosts.find(({ id }) => id === run.roster?.host?.id);
  const gradeThere = host?.gradesThere?.({ ...run, canvasColumn: input.canvasColumn, students: computed });
  const students = withZeros(
    computed.sort(byKey),
    unmatched,
    run,
    (result) => gradeThere?.(result)?.isExcused === true,
  );
  const notes = [...run.notes, ...notesOnZeros(students)];
  return withTables({ ...run, notes, students, unmatched: unmatched.sort(byKey) }, input);
}

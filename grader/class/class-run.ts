import type { Course } from '../course/course';
import { inParallel } from '../system/lists';
import { classHosts } from './downloads/class-hosts';
import { byKey, rowsNow } from './members/people';
import { type ClassInput, openClass } from './open-class';
import { outputFilesOf } from './output-files';
import { notesOnChanges, withChangedGrade } from './results/changed-at-host';
import type { GradedClass } from './results/graded-class';
import { notesOnDues } from './results/host-dues';
import type { RunNote } from './results/note';
import { gradeStudent, gradeUnmatched, notesOnHost } from './results/student-result';
import type { StudentResult, UnmatchedResult } from './results/student-result.schema';
import { withTables } from './results/tables-by-hand';
import { notesOnZeros, withZeros } from './results/zeros';
import { feedbackPolicy } from './returns/feedback';

/** How a class is graded, apart from its input. */
interface RunSettings {
  /** Says where a file of results will be. */
  at(file: string): string;
  /** How many students are graded at once: git reads histories in processes of its own. */
  readonly atOnce: number;
  /** Called with the notes that are known before any work is graded. */
  onOpened?(notes: readonly RunNote[]): void;
  /** Called after each student, with the number of students done and the total. */
  onProgress?(looked: number, all: number): void;
}

/**
 * Grades a class and makes its files. Everything it needs is passed in, so it works without a disk.
 *
 * @throws {GraderError} if any of the input cannot be used.
 */
export async function gradeToFiles(course: Course, input: ClassInput, settings: RunSettings) {
  const computed = await gradeClass(course, input, settings);
  const feedback = input.feedback ? feedbackPolicy(computed) : undefined;
  const graded = { ...computed, canvasColumn: input.canvasColumn, feedback };
  return { graded, ...outputFilesOf(graded, input, settings.at) };
}

/**
 * Grades a class.
 *
 * @throws {GraderError} if any of the input cannot be used.
 */
export async function gradeClass(
  course: Course,
  input: ClassInput,
  settings: Omit<RunSettings, 'at'>,
): Promise<GradedClass> {
  // 1. Find the owners of each submission.
  const { matching, run } = await openClass(course, input);
  settings.onOpened?.(run.notes);
  // 2. Grade the work of each student, and the submissions that belong to nobody.
  const computed: StudentResult[] = [];
  const unmatched: UnmatchedResult[] = [];
  const tasks = [
    ...matching.matched.map((one) => async () => computed.push(await gradeStudent(one, run))),
    ...matching.unmatched.map((match) => async () => unmatched.push(await gradeUnmatched(match, run))),
  ];
  await inParallel(tasks, settings.atOnce, async (grade) => {
    await grade();
    settings.onProgress?.(computed.length + unmatched.length, tasks.length);
  });
  // 3. Apply what depends on more than one student: zeros, and the tables that were filled in by hand.
  const host = classHosts.find(({ id }) => id === run.roster?.host?.id);
  const hostGrade = host?.hostGrades?.({ ...run, canvasColumn: input.canvasColumn, students: computed });
  const before = rowsNow(input.earlier?.students ?? [], run.people.all);
  const known = computed.map((result) => ({
    ...result,
    exempt: hostGrade?.(result)?.exempt,
    gradesWritten: before.get(result.key)?.gradesWritten,
    pages: before.get(result.key)?.pages,
  }));
  const withAllZeros = withZeros(known, unmatched, run);
  const { students: decided, ...tables } = withTables({ ...run, students: withAllZeros }, input);
  // 4. Look for grades that a person changed at the host.
  const students = decided.map((result) => {
    const grade = hostGrade?.(result);
    return host && grade?.isByHand
      ? withChangedGrade(result, { host: host.title, grade: grade.text })
      : result;
  });
  const notes = [
    ...run.notes,
    ...notesOnChanges(students, run.people),
    ...notesOnHost(students, run),
    ...notesOnDues(students, run),
    ...notesOnZeros(students),
    ...tables.notes,
  ];
  return { ...run, ...tables, students: students.sort(byKey), unmatched: unmatched.sort(byKey), notes };
}

import type { FileState } from '../../submission/submission';
import { latenessOf } from '../histories/deadline';
import type { Version } from '../histories/versions';
import { noteKinds } from './note-kinds';
import { reviewOf, slipIn } from './review';
import type { Grading, OpenClass } from './run';
import type { StudentResult } from './student-result.schema';

// The points that one version of a student's work earns, and what it could be worth.

/** A version with the points that it would earn. */
export type GradedVersion = Awaited<ReturnType<typeof gradeVersion>>;

export async function gradeVersion(version: Version, { due, grader, course }: Grading) {
  const submission = grader.read(version.found);
  const report = await grader.score(submission);
  const { possible } = course.rubric;
  // A time that is not known is on time.
  const time = version.earliest.doubt ? 0 : version.earliest.time;
  const late = latenessOf(due, time, possible);
  const review = reviewOf(report, version.found);
  const { status } = review;
  const isGraded = status === 'graded' || status === 'not started';
  return {
    version,
    submission,
    report,
    ...review,
    isStarted: status !== 'not started' && status !== 'no submission',
    // A Report has points also for a part, beside work that cannot be read.
    points: isGraded ? afterLateness(report.points, late) : null,
    time,
    late,
    isInTime: time <= due.closesAt,
  };
}

/** Null, as of work that cannot be graded fairly, counts as nothing. */
export function afterLateness(points: number | null, late: ReturnType<typeof latenessOf>) {
  return Math.max(0, (points ?? 0) - (late?.cost ?? 0));
}

/** How work without points ranks, below any points. */
const rankWithoutPoints: Readonly<Record<StudentResult['status'], number>> = {
  unmatched: -1,
  undecided: -2,
  failed: -3,
  graded: -4,
  'after cutoff': -5,
  'not started': -6,
  'no submission': -7,
};

/** Ranks work: by its points; then what only a person can judge; then work without points; then nothing at all. */
export function worthOf({ points, status }: Pick<StudentResult, 'points' | 'status'>) {
  return points || rankWithoutPoints[status];
}

/** The one with the most points first; of equals the less late, then the newest. */
export function byWorth(one: GradedVersion, other: GradedVersion) {
  const days = ({ late }: GradedVersion) => late?.days ?? 0;
  return worthOf(other) - worthOf(one) || days(one) - days(other) || other.time - one.time;
}

/** The worth that a person can find in work beyond its points. */
export interface Prospect {
  /** Lateness included; no less than its points. */
  readonly most: number;
  /** The points that answers hidden by a slip earn with the one correction that the student is shown. */
  readonly corrected: StudentResult['corrected'];
  /** The points that each combination of versions that differ earns. */
  readonly choices: StudentResult['choices'];
}

/** States of a file that holds something which nobody has read. */
const unread: readonly FileState[] = ['misplaced', 'refused', 'failed'];

/**
 * Finds what a version could be worth: its correction, its best combination, all points where nobody knows, or those
 * of a file that is missing.
 */
export async function prospectOf(graded: GradedVersion, { grader, course }: Grading): Promise<Prospect> {
  const { report, points, status, warnings, late } = graded;
  const choices = status === 'undecided' ? await choicesIn(graded, grader) : undefined;
  const correction = await correctionOf(graded, grader, course.rubric);
  const isHidden = slipIn(report) !== undefined && !correction?.isWhole;
  const states = [report.state, report.reflection?.state ?? 'read'];
  const isUnknown =
    isHidden ||
    choices?.length === 0 ||
    states.some((state) => unread.includes(state)) ||
    warnings.some(({ kind }) => noteKinds[kind].mayBeWorthAll);
  const ofReflection = report.reflection?.possible ?? 0;
  const missing =
    (report.state === 'missing' ? report.possible - ofReflection : 0) +
    (report.reflection?.state === 'missing' ? ofReflection : 0);
  const earned = points ?? 0;
  return {
    most: Math.max(
      earned,
      correction?.points ?? 0,
      ...(choices ?? []).map((choice) => choice.points),
      missing > 0 ? afterLateness((report.points ?? 0) + missing, late) : 0,
      isUnknown ? afterLateness(report.possible, late) : 0,
    ),
    corrected:
      correction && correction.points > earned
        ? { line: correction.line, points: correction.points }
        : undefined,
    choices,
  };
}

/** How many choices a person is given: more are not read. */
const maxChoices = 100;

/**
 * Each combination of the versions of files that differ, with the points that it would earn; none if they are too many.
 */
function choicesIn({ version, late }: GradedVersion, grader: OpenClass['grader']) {
  let combinations = [{ files: [] as string[], found: version.found }];
  for (const [file, { versions }] of version.found.files) {
    if (!versions) continue;
    if (combinations.length * versions.length > maxChoices) return [];
    combinations = versions.flatMap(({ place, bytes }) =>
      combinations.map(({ files, found }) => {
        const chosen = new Map(found.files).set(file, { place, opened: { kind: 'file', bytes } });
        return { files: [...files, place], found: { ...found, files: chosen } };
      }),
    );
  }
  return Promise.all(
    combinations.map(async ({ files, found }) => {
      const { points } = await grader.score(grader.read(found));
      return { files, points: afterLateness(points, late) };
    }),
  );
}

/** Grades the answers that a slip hides, with the one correction that the student is shown. */
async function correctionOf(
  { submission, report, late }: GradedVersion,
  grader: OpenClass['grader'],
  rubric: Grading['course']['rubric'],
) {
  const line = report.problems.find(({ excerpt }) => excerpt?.corrected !== undefined)?.location?.line;
  const { corrected, file, state } = submission.answers;
  if (line === undefined || corrected === undefined) return undefined;
  const answers = { ...grader.readers.answers(corrected, rubric), file, state };
  const after = await grader.score({ ...submission, answers });
  return { line, points: afterLateness(after.points, late), isWhole: slipIn(after) === undefined };
}

import { counted } from '../../message';
import type { Deadline } from '../../rubric/file.schema';
import { groupBy } from '../../system/lists';
import { dueOfResult, type HostDue } from './deadline';
import type { OpenClass } from './graded-class';
import type { RunNote } from './note';
import type { StudentResult, UnmatchedResult } from './student-result.schema';

/**
 * Gives zeros to students without work that counts, if the rubric says so. A zero waits while it could be wrong.
 *
 * @param unmatched the submissions that belong to nobody.
 */
export function withZeros(
  students: readonly StudentResult[],
  unmatched: readonly UnmatchedResult[],
  { course, started, hostDues }: Pick<OpenClass, 'course' | 'started' | 'hostDues'>,
): StudentResult[] {
  const { no_submission: policy, deadline } = course.file;
  if (policy !== 'zero') return [...students];
  const hasOpen = unmatched.some(({ isOpen }) => isOpen);
  return students.map((result) => {
    if (result.status !== 'no submission' && result.status !== 'after cutoff') return result;
    const zeroWaits = result.exempt
      ? `they are ${result.exempt} there`
      : (whyItWaits(result, hasOpen, deadline, started) ?? whyDueLater(hostDues.get(result.key), started));
    if (zeroWaits !== undefined) return { ...result, zeroWaits };
    const reason = `0 points for “${result.status}”, as rubric.yaml says (no_submission: zero)`;
    return { ...result, points: 0, adjustments: [{ kind: 'no submission', reason, before: null, after: 0 }] };
  });
}

function whyItWaits(
  result: StudentResult,
  hasOpen: boolean,
  deadline: Deadline | undefined,
  started: Date,
): string | undefined {
  if (hasOpen) return forUnmatched;
  if (result.onlyAtHost)
    return `${result.onlyAtHost.host} says that they ${didAtHost[result.onlyAtHost.state]}`;
  if (result.notes.some(({ kind }) => kind === 'teams')) return 'others of their group handed in';
  if (!deadline) return undefined;
  const { closesAt, graceEndsAt } = dueOfResult(result, deadline);
  const end = Number.isFinite(closesAt) ? closesAt : graceEndsAt;
  return started.getTime() <= end ? 'their work is not due yet' : undefined;
}

/** The later date at the host may be the one intended, even if it is not used here. */
function whyDueLater(due: HostDue | undefined, started: Date): string | undefined {
  if (!due || (due.at ?? Number.POSITIVE_INFINITY) < started.getTime()) return undefined;
  return `${due.host} says that their work is due later`;
}

const didAtHost = {
  submitted: 'handed in',
  draft: 'saved a draft',
  reopened: 'have another attempt',
} as const satisfies Record<NonNullable<StudentResult['onlyAtHost']>['state'], string>;

/** Says how many zeros wait, and why. */
export function notesOnZeros(students: readonly StudentResult[]): RunNote[] {
  const waiting = students.flatMap(({ zeroWaits, points }) => (points === null ? (zeroWaits ?? []) : []));
  return [...groupBy(waiting, (why) => why)].map(([why, { length }]) => ({
    text: `No zero yet for ${counted(length, 'student')} without work that counts, while ${why}.`,
  }));
}

const forUnmatched = 'a submission is not matched to a student';

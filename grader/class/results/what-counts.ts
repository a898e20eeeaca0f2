import type { reasonsToLook, StudentResult } from './student-result.schema';
import type { GradedVersion } from './worth';

/** Which version of a student's work counts, and which others we look at. */
export interface Selection {
  /** The work whose points are the grade. */
  readonly counted: GradedVersion | undefined;
  readonly others: readonly { readonly work: GradedVersion; readonly why: (typeof reasonsToLook)[number] }[];
}

/**
 * The best work in time counts, from all versions of all submissions. We also look at the last work, and at the best
 * of each kind that came later or cannot count where it is, if a person may find it to be worth more.
 */
export function selectVersion(versions: readonly GradedVersion[]): Selection {
  const counting = versions.filter(({ version, isInTime }) => isInTime && !version.outside);
  const [best] = [...counting].sort(byWorth);
  // Starter files are not work that could come too late.
  const notStarted = versions.find(({ version, status }) => status === 'not started' && !version.outside);
  const isNothing = !best || best.status === 'no submission';
  const counted = isNothing ? (notStarted ?? best) : best;
  const last = lastOf(counting, counted);
  const others = new Map<string, Selection['others'][number]>();
  const byMost = versions
    .filter((work) => work !== counted)
    .sort((one, other) => other.most - one.most || timeOf(one) - timeOf(other));
  for (const work of byMost) {
    const why = whyToLook(work, counted, last);
    const kind = `${why} ${work.version.outside?.code} ${work.submission.name}`;
    if (why && !others.has(kind)) others.set(kind, { work, why });
  }
  return { counted, others: [...others.values()] };
}

function whyToLook(work: GradedVersion, counted: GradedVersion | undefined, last: GradedVersion | undefined) {
  if (work === last) return 'last';
  if (!work.isStarted || !mayBeWorthMore(work, counted)) return undefined;
  if (work.version.outside) return 'outside';
  if (!work.isInTime) return 'after cutoff';
  const isBefore = timeOf(work) < timeOf(counted) && work.submission === counted?.submission;
  return isBefore && counted?.points !== null ? undefined : 'later';
}

/** Whether a person may find work to be worth more than what counts. If nothing begun counts, any begun work may be. */
function mayBeWorthMore({ most, isStarted }: GradedVersion, counted: GradedVersion | undefined): boolean {
  return most > (counted?.points ?? 0) || (isStarted && !counted?.isStarted);
}

/** A time in doubt counts as later than any other. */
function timeOf(work: GradedVersion | undefined): number {
  return work?.version.doubt ? Number.MAX_SAFE_INTEGER : (work?.version.time ?? 0);
}

/**
 * The work in the last commit of the default branch, if that is in time, or else the latest work in time. Only the
 * submission that counts is searched, since nobody knows in which order two were handed in.
 */
function lastOf(
  counting: readonly GradedVersion[],
  counted: GradedVersion | undefined,
): GradedVersion | undefined {
  const ofSubmission = counting.filter(({ submission }) => submission === counted?.submission);
  // If several times are in doubt, the last is the one that builds on the others.
  const latest = ofSubmission.toReversed().sort((one, other) => timeOf(other) - timeOf(one));
  return latest.find(({ isLast }) => isLast) ?? latest[0];
}

/** The ranks of work with 0 or no points. Work that only a person can judge ranks above work that earns nothing. */
const rankBelowPoints: Readonly<Record<StudentResult['status'], number>> = {
  undecided: -1,
  'not readable': -2,
  'not fetched': -2,
  graded: -3,
  'after cutoff': -4,
  'not started': -5,
  'no submission': -6,
};

/** Sorts by points, the highest first; then the least late first, then the newest whose time is known. */
function byWorth(first: GradedVersion, second: GradedVersion): number {
  const worthOf = ({ points, status }: GradedVersion) => points || rankBelowPoints[status];
  const days = ({ late }: GradedVersion) => late?.days ?? 0;
  const knownTime = ({ version }: GradedVersion) => (version.doubt ? 0 : version.time);
  return (
    worthOf(second) - worthOf(first) || days(first) - days(second) || knownTime(second) - knownTime(first)
  );
}

import type { reasonsBeside, StudentResult } from './student-result.schema';
import type { Work } from './worth';

/** Which version of a student's work counts, and which others we look at. */
export interface Standing {
  /** The work whose points are the grade. */
  readonly counted: Work | undefined;
  readonly beside: readonly { readonly work: Work; readonly why: (typeof reasonsBeside)[number] }[];
}

/**
 * The best work in time counts, from all versions of all submissions. We also look at the last work, and at the best
 * of each kind that came later or cannot count where it is, if a person may find it to be worth more.
 */
export function standingOf(works: readonly Work[]): Standing {
  const counting = works.filter(({ version, isInTime }) => isInTime && !version.outside);
  const [best] = [...counting].sort(byWorth);
  // Starter files are not work that could come too late.
  const notStarted = works.find(({ version, status }) => status === 'not started' && !version.outside);
  const isNothing = !best || best.status === 'no submission';
  const counted = isNothing ? (notStarted ?? best) : best;
  const last = lastOf(counting, counted);
  const beside = new Map<string, Standing['beside'][number]>();
  const byMost = works
    .filter((work) => work !== counted)
    .sort((one, other) => other.most - one.most || timeOf(one) - timeOf(other));
  for (const work of byMost) {
    const why = whyBeside(work, counted, last);
    const kind = `${why} ${work.version.outside?.code} ${work.submission.name}`;
    if (why && !beside.has(kind)) beside.set(kind, { work, why });
  }
  return { counted, beside: [...beside.values()] };
}

function whyBeside(work: Work, counted: Work | undefined, last: Work | undefined) {
  if (work === last) return 'last';
  if (!work.isStarted || !mayBeWorthMore(work, counted)) return undefined;
  if (work.version.outside) return 'outside';
  if (!work.isInTime) return 'after cutoff';
  const isBefore = timeOf(work) < timeOf(counted) && work.submission === counted?.submission;
  return isBefore && counted?.points !== null ? undefined : 'later';
}

/** Whether a person may find work to be worth more than what counts. If nothing begun counts, any begun work may be. */
function mayBeWorthMore({ most, isStarted }: Work, counted: Work | undefined): boolean {
  return most > (counted?.points ?? 0) || (isStarted && !counted?.isStarted);
}

/** A time in doubt counts as later than any other. */
function timeOf(work: Work | undefined): number {
  return work?.version.doubt ? Number.MAX_SAFE_INTEGER : (work?.version.time ?? 0);
}

/**
 * The work in the last commit of the default branch, if that is in time, or else the latest work in time. Only the
 * submission that counts is searched, since nobody knows in which order two were handed in.
 */
function lastOf(counting: readonly Work[], counted: Work | undefined): Work | undefined {
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
function byWorth(first: Work, second: Work): number {
  const worthOf = ({ points, status }: Work) => points || rankBelowPoints[status];
  const days = ({ late }: Work) => late?.days ?? 0;
  const knownTime = ({ version }: Work) => (version.doubt ? 0 : version.time);
  return (
    worthOf(second) - worthOf(first) || days(first) - days(second) || knownTime(second) - knownTime(first)
  );
}

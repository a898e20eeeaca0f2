import type { Due } from '../histories/deadline';
import type { History, Newest } from '../histories/versions';
import { byWorth, type GradedVersion } from './points';

/** Newest work of a student, graded. */
export interface GradedWork extends Omit<Newest, 'version'> {
  readonly graded: GradedVersion;
}

/** Which versions of a student's work count, and which are newest. Those that a cut-off history may misdate are left out. */
export interface Standing {
  /** The version whose points are the grade. */
  readonly counted: GradedVersion | undefined;
  /** Whether the version that counts is not itself newest work. */
  readonly isEarlier: boolean;
  /** Newest work that differs, where none of it counts until a person chooses. */
  readonly undecided: readonly GradedWork[];
  /** Newest work in time that does not count. */
  readonly newest: readonly GradedWork[];
  /** Newest work on time that could count and does not, where students see no marks. */
  readonly onTime: readonly GradedWork[];
}

/**
 * Where students see marks, the version with the most points counts.
 *
 * @param known the versions that count, if they came in time.
 */
export function bestOf(history: History, known: readonly GradedVersion[], { closesAt }: Due): Standing {
  const [counted] = known.filter(({ isInTime }) => isInTime).sort(byWorth);
  const newest = eachOnce(gradedAmong(history.newestUntil(closesAt), known));
  const uncounted = newest.filter(({ graded }) => graded !== counted);
  return {
    counted,
    isEarlier: uncounted.length === newest.length,
    undecided: [],
    newest: uncounted,
    onTime: [],
  };
}

/**
 * Where students see no marks, only the newest work on time and the newest up to the cutoff count, the better of the two,
 * so that versions are no guesses. Work of a doubtful time may add one, and takes the place of none. Of several that
 * are filled in and differ, as on side branches, none counts until a person chooses.
 */
export function newestOf(
  history: History,
  known: readonly GradedVersion[],
  { graceEndsAt, closesAt }: Due,
): Standing {
  const [untilDue, untilCutoff] = [graceEndsAt, closesAt].map((limit) =>
    gradedAmong(history.newestUntil(limit), known),
  ) as [GradedWork[], GradedWork[]];
  const onTime = eachOnce(untilDue.filter(({ isInDoubt }) => !isInDoubt));
  const inTime = eachOnce(untilCutoff.filter(({ isInDoubt }) => !isInDoubt));
  const inDoubt = eachOnce([...untilDue, ...untilCutoff].filter((work) => work.isInDoubt));
  const begun = [onTime, inTime, inDoubt].map((works) => works.filter(({ graded }) => graded.isStarted));
  const several = begun.filter(({ length }) => length > 1).flat();
  const single = begun.filter(({ length }) => length === 1).flat();
  const [begunOnTime = []] = begun;
  // Several that were begun on time are equals; later ones are so only where no single work stands beside them.
  const isOpen = begunOnTime.length > 1 || (several.length > 0 && single.length === 0);
  const notBegun = [...onTime, ...inTime, ...inDoubt].filter(({ graded }) => !graded.isStarted);
  const candidates = single.length > 0 ? single : notBegun;
  const [counted] = isOpen ? [] : candidates.map(({ graded }) => graded).sort(byWorth);
  const undecided = eachOnce(isOpen ? begun.flat() : several).filter(({ graded }) => graded !== counted);
  const isLeft = ({ graded }: GradedWork) =>
    graded !== counted && !undecided.some((work) => work.graded === graded);
  const newest = eachOnce([...inTime, ...inDoubt]);
  return {
    counted,
    isEarlier: newest.every(({ graded }) => graded !== counted),
    undecided,
    newest: newest.filter(isLeft),
    onTime: onTime.filter((work) => isLeft(work) && !newest.some(({ graded }) => graded === work.graded)),
  };
}

function gradedAmong(newest: readonly Newest[], known: readonly GradedVersion[]): GradedWork[] {
  return newest.flatMap(({ version, ...work }) =>
    known.flatMap((graded) => (graded.version === version ? { ...work, graded } : [])),
  );
}

/** Each version once, and where a commit of known time holds it, not in doubt. */
function eachOnce(works: readonly GradedWork[]): GradedWork[] {
  const known = works.filter(({ isInDoubt }) => !isInDoubt);
  const inDoubt = works.filter(({ isInDoubt }) => isInDoubt);
  return [...new Map([...inDoubt, ...known].map((work) => [work.graded, work])).values()];
}

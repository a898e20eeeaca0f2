import { groupBy } from '../../system/lists';
import type { Due } from '../histories/deadline';
import type { History, Newest } from '../histories/versions';
import { byWorth, type GradedVersion } from './points';
import type { OtherWork } from './student-result.schema';

/** Newest work of a student, graded. */
interface GradedWork extends Omit<Newest, 'version'> {
  readonly graded: GradedVersion;
}

/** Newest work that does not count, each with why it is looked at. */
interface WorkBeside extends GradedWork {
  readonly which: OtherWork['which'];
}

/** Which versions of a student's work count, and which are newest. Those that a cut-off history may misdate are left out. */
export interface Standing {
  /** The version whose points are the grade. */
  readonly counted: GradedVersion | undefined;
  /** Whether the version that counts is not itself newest work. */
  readonly isEarlier: boolean;
  readonly beside: readonly WorkBeside[];
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
    beside: uncounted.map(besideAs('newest')),
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
  const untilDue = gradedAmong(history.newestUntil(graceEndsAt), known);
  const untilCutoff = gradedAmong(history.newestUntil(closesAt), known);
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
  const onlyOnTime = onTime.filter(({ graded }) => !newest.some((work) => work.graded === graded));
  return {
    counted,
    isEarlier: newest.every(({ graded }) => graded !== counted),
    beside: [
      ...newest.filter(isLeft).map(besideAs('newest')),
      ...undecided.map(besideAs('branch')),
      ...onlyOnTime.filter(isLeft).map(besideAs('on time')),
    ],
  };
}

function besideAs(which: OtherWork['which']) {
  return (work: GradedWork): WorkBeside => ({ ...work, which });
}

function gradedAmong(newest: readonly Newest[], known: readonly GradedVersion[]): GradedWork[] {
  return newest.flatMap(({ version, ...work }) =>
    known.flatMap((graded) => (graded.version === version ? { ...work, graded } : [])),
  );
}

/** Each version once, and where a commit of known time holds it, not in doubt. */
function eachOnce(works: readonly GradedWork[]): GradedWork[] {
  const knownLast = works.toSorted((one, other) => Number(other.isInDoubt) - Number(one.isInDoubt));
  return [...groupBy(knownLast, ({ graded }) => graded).values()].flatMap((same) => same.slice(-1));
}

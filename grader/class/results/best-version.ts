import type { Due } from '../histories/deadline';
import type { History, Newest } from '../histories/versions';
import { byWorth, type GradedVersion } from './points';

/** Which versions of a student's work count, and which are newest. Those that a cut-off history may misdate are left out. */
export interface Standing {
  /** The version whose points are the grade. */
  readonly counted: GradedVersion | undefined;
  /** Newest work that differs, where none of it counts until a person chooses. */
  readonly undecided: readonly GradedVersion[];
  /** Newest work in time that does not count. */
  readonly newest: readonly GradedVersion[];
  /** Newest work on time that could count and does not, where students see no marks. */
  readonly onTime: readonly GradedVersion[];
}

/**
 * Where students see marks, the version with the most points counts.
 *
 * @param known the versions that count, if they came in time.
 */
export function bestOf(history: History, known: readonly GradedVersion[], { closesAt }: Due): Standing {
  const [counted] = known.filter(({ isInTime }) => isInTime).sort(byWorth);
  const newest = gradedAmong(history.newestUntil(closesAt), known);
  return { counted, undecided: [], newest: newest.filter((version) => version !== counted), onTime: [] };
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
  const onTime = history.newestUntil(graceEndsAt);
  const inTime = history.newestUntil(closesAt);
  const isKnown = ({ isInDoubt }: Newest) => !isInDoubt;
  const [newestOnTime = [], newestInTime = [], inDoubt = []] = [
    onTime.filter(isKnown),
    inTime.filter(isKnown),
    [...onTime, ...inTime].filter(({ isInDoubt }) => isInDoubt),
  ].map((newest) => gradedAmong(newest, known));
  const kinds = [newestOnTime, newestInTime, inDoubt];
  const begun = kinds.map((versions) => versions.filter(({ isStarted }) => isStarted));
  const several = begun.filter(({ length }) => length > 1).flat();
  const single = begun.filter(({ length }) => length === 1).flat();
  const isOpen = several.length > 0 && ((begun[0]?.length ?? 0) > 1 || single.length === 0);
  const candidates = single.length > 0 ? single : kinds.flat().filter(({ isStarted }) => !isStarted);
  const [counted] = isOpen ? [] : candidates.sort(byWorth);
  const undecided = isOpen ? begun.flat() : several;
  const isLeft = (version: GradedVersion) => version !== counted && !undecided.includes(version);
  return {
    counted,
    undecided: [...new Set(undecided)].filter((version) => version !== counted),
    newest: [...new Set([...newestInTime, ...inDoubt])].filter(isLeft),
    onTime: newestOnTime.filter((version) => isLeft(version) && !newestInTime.includes(version)),
  };
}

/** Each version once. */
function gradedAmong(newest: readonly Newest[], known: readonly GradedVersion[]) {
  const versions = new Set(newest.map(({ version }) => version));
  return known.filter(({ version }) => versions.has(version));
}

import {
  calledIn,
  type DescribedClass,
  type Extension,
  isThere,
  listedIn,
  loginOf,
  meantBy,
  type Rules,
  type Run,
} from './described';
import { ownedBy } from './owned';
import { extensionsIn, type Results, type Row, resultsOf } from './results';
import { type Remembered, type Returned, returnedOf } from './returned';
import { untilOf } from './standing';

// The outcome of a class, written from docs/grade-a-class.md alone. Each rule has its sentence from there.

export interface Expected {
  readonly students: Readonly<Record<string, Partial<Row> | undefined>>;
  /** Submissions that belong to nobody, or not yet. */
  readonly nobodys: readonly string[];
  /** Whether feedback explains the right answers. */
  readonly hasAnswers: boolean;
  /** People and repositories that lines are about but that are not in this run. */
  readonly unknown: readonly string[];
  /** The students whose points or status differ from the run before. */
  readonly changed: readonly string[];
  /** Undefined if somebody has several submissions: the model does not say which of them counts. */
  readonly returned: Returned | undefined;
}

/** Answers are explained once `until` and the last extension have passed; without `until` they never are. */
function hasAnswers(rules: Rules, run: Run, held: readonly Extension[]): boolean {
  if (rules.solution !== 'after_due') return false;
  return [0, ...held.map(({ by }) => by)].every((due) => run.at > (untilOf(rules, due) ?? Infinity));
}

/** Extensions of this run, and those of an earlier run that were not replaced. */
const heldIn = (now: readonly Extension[], before: readonly Extension[]) => [
  ...now,
  ...before.filter(({ who }) => !now.some((extension) => extension.who === who)),
];

/** Lines about somebody or something that is not in this run are kept, and reported by name. */
function unknownIn({ extensions, decided, matched }: Run, { students, handedIn }: DescribedClass): string[] {
  const isIn = (who: string) => meantBy(students, who).length > 0;
  const people = [...extensions, ...decided].map(({ who }) => who).filter((who) => !isIn(who));
  const owners = matched
    .filter(({ repository }) => handedIn.some(({ by, from }) => by === repository && from === 'GitHub'))
    .flatMap(({ to }) => to)
    .filter((who) => !students.some(({ name, team }) => name === who || team === who));
  const things = matched
    .map(({ repository }) => repository)
    .filter((it) => !handedIn.some(({ by, from }) => by === it && from === 'GitHub'));
  return [...new Set([...people, ...owners, ...things])].map(loginOf).sort();
}

/** Grading again shows whose grade changed. */
function isChanged(name: string, results: Results, before: Results | undefined): boolean {
  const [now, then] = [results.get(name)?.row, before?.get(name)?.row];
  return before !== undefined && (now?.points !== then?.points || now?.status !== then?.status);
}

/** The outcome of each run. */
export function expectedOf(described: DescribedClass): Expected[] {
  const { rules, handedIn, runs } = described;
  let held: readonly Extension[] = [];
  let before: Results | undefined;
  const remembered: Remembered = { written: new Set(), changed: new Set() };
  return runs.map((run) => {
    // Whoever is in no list has no row.
    const inList = listedIn(described, run);
    const { students } = inList;
    const owned = handedIn
      .filter((submission) => isThere(submission, run))
      .map((submission) => ownedBy(submission, inList, run, described));
    const setting = { described: inList, run, owned };
    const results = resultsOf(setting, before);
    const everybody = students.map(({ name }) => name);
    const nobodys = owned.filter(({ owners }) => owners.length === 0);
    // A line keeps the answers back even if nobody needs it.
    const unused = run.extensions.filter(({ who }) => meantBy(students, who).length === 0);
    held = heldIn([...extensionsIn(inList, run), ...unused], held);
    const expected: Expected = {
      students: Object.fromEntries(everybody.flatMap((name) => [[loginOf(name), results.get(name)?.row]])),
      nobodys: nobodys.map(({ submission }) => calledIn(submission, inList)).sort(),
      hasAnswers: hasAnswers(rules, run, [...run.extensions, ...held]),
      unknown: unknownIn(run, inList),
      changed: everybody
        .filter((name) => isChanged(name, results, before))
        .map(loginOf)
        .sort(),
      returned: returnedOf(setting, results, remembered),
    };
    // What is known of the others stays, and is theirs again once a list has them.
    before = new Map([...(before ?? []), ...results]);
    return expected;
  });
}

import {
  type Commit,
  type Decision,
  type DescribedClass,
  days,
  type Extension,
  isOneTeam,
  type Rules,
  type Run,
  type Student,
  type Submission,
} from './described';
import { type Due, dueOf, type Standing, standingOf, untilOf } from './standing';

// The outcome of a class, written from docs/grade-a-class.md alone. Every rule has its sentence.

export interface Expected {
  readonly students: Readonly<Record<string, Standing | undefined>>;
  /** Submissions that are nobody's, or not yet. */
  readonly nobodys: readonly string[];
  /** Whether feedback explains the right answers. */
  readonly hasAnswers: boolean;
  /** Who or what is named, as lines are about it and it is not in the run. */
  readonly unknown: readonly string[];
  /** Whose points or status are others than in the run before. */
  readonly changed: readonly string[];
}

/** Whose a repository is: people of the class by name, or nobody; `isOpen` until somebody has said so. */
interface Owned {
  readonly submission: Submission;
  readonly owners: readonly Student[];
  readonly isOpen: boolean;
  readonly hasLine: boolean;
  /** Whether it is a team's. */
  readonly isTeams: boolean;
  /** Those who may be meant, where it is nobody's. */
  readonly candidates: readonly Student[];
}

function ownedBy(submission: Submission, students: readonly Student[], { matched }: Run): Owned {
  const { by, isFolder } = submission;
  const named = students.filter(({ name }) => name === by);
  const team = students.filter((student) => student.team === by);
  // A line of `matches.csv` says whose it is: a login or a group, or `-` for nobody.
  const line = isFolder ? undefined : matched.find(({ repository }) => repository === by);
  const ofLine = students.filter(
    ({ name, team: group }) => line?.to.includes(name) || line?.to.includes(group),
  );
  // It is a team's if it is named by a `group` of the roster; of groups of one name in two sections, by none.
  const isTeams = named.length === 0 && (line ? team.length > 0 : isOneTeam(students, by));
  const found = [...named, ...(isTeams ? team : [])];
  const isOpen = !line && found.length === 0;
  return {
    submission,
    owners: line ? ofLine : found,
    isOpen,
    hasLine: line !== undefined,
    isTeams,
    candidates: isOpen ? team : [],
  };
}

const groupsIn = (cell: string) => cell.split(', ').filter(Boolean);
const areTogether = (one: string, other: string) =>
  groupsIn(one).some((group) => groupsIn(other).includes(group));

const isMissing = ({ status }: Standing) => status === 'no submission' || status === 'after cutoff';

/** With `no_submission: zero`, `no submission` and `after cutoff` are 0, but no zero is given while it waits. */
function withZero(
  standing: Standing,
  { name, team }: Student,
  due: Due,
  run: Run,
  owned: readonly Owned[],
): Standing {
  if (!isMissing(standing) || due.rules.noSubmission !== 'zero') return standing;
  // While a submission is `unmatched`.
  const isUnmatched = owned.some(({ isOpen }) => isOpen);
  // While, in a source where teams hand in, others of the group did, until a line of `matches.csv` says who had a part.
  const didOthers = owned.some(
    ({ submission, owners, hasLine }) =>
      !hasLine &&
      owned.some((other) => other.isTeams && other.submission.isFolder === submission.isFolder) &&
      // A cell may name several groups.
      owners.some((owner) => owner.name !== name && areTogether(owner.team, team)),
  );
  // Before the student's own `until`, or without one the end of the own grace.
  const end = due.until ?? due.due + (due.rules.deadline?.grace ?? 0);
  const isEarly = due.rules.deadline !== undefined && run.at <= end;
  const waits = isUnmatched || didOthers || isEarly;
  return waits ? { ...standing, waits } : { ...standing, points: 0 };
}

/** `total` replaces the points; `adjust` adds to them. With `was`, a line counts only while the grader computes these points. */
function withDecision(standing: Standing, decision: Decision | undefined): Standing {
  if (!decision) return standing;
  const { total, adjust = 0, was } = decision;
  // A zero for work that is missing is no points that the grader computed.
  const computed = isMissing(standing) ? 'none' : (standing.points ?? 'none');
  if (was !== undefined && was !== computed) return standing;
  if (total !== undefined) return { ...standing, points: total, waits: false };
  // There is nothing to adjust where there are no points.
  return standing.points === null ? standing : { ...standing, points: Math.max(0, standing.points + adjust) };
}

/** Answers are explained once `until` and the last extension have passed; without `until` they never are. */
function hasAnswers(rules: Rules, run: Run, held: readonly Extension[]): boolean {
  if (rules.solution !== 'after_due') return false;
  return [0, ...held.map(({ by }) => by)].every((due) => run.at > (untilOf(rules, due) ?? Infinity));
}

/** Extensions of this run, and those that an earlier run knew of and no line ended. */
const heldIn = ({ extensions }: Run, before: readonly Extension[]) => [
  ...extensions,
  ...before.filter(({ who }) => !extensions.some((extension) => extension.who === who)),
];

const loginOf = (name: string) => name.toLowerCase();

/** Lines about somebody or something that is not in this run are kept, and named. */
function unknownIn({ extensions, decided, matched }: Run, { students, handedIn }: DescribedClass): string[] {
  const isIn = (who: string) => students.some(({ name }) => name === who);
  const people = [...extensions, ...decided].map(({ who }) => who).filter((who) => !isIn(who));
  const things = matched
    .map(({ repository }) => repository)
    .filter((it) => !handedIn.some(({ by, isFolder }) => by === it && !isFolder));
  return [...new Set([...people, ...things])].map(loginOf).sort();
}

type Results = ReadonlyMap<string, Standing>;

const isShown = ({ section }: Student, shown: string | undefined) =>
  shown === undefined || section.includes(shown);

/** Where nothing of other sections is given, their rows are those of the earlier run, or none. */
function isGiven({ section }: Student, run: Run, owned: readonly Owned[]): boolean {
  return owned.some(({ owners }) =>
    owners.some((owner) => owner.section === section && !isShown(owner, run.section)),
  );
}

/** All that was pushed to each of some submissions, after the starter files. */
function pushedTo(own: readonly Submission[], run: Run): (readonly Commit[])[] {
  const start: Commit = { at: days(-30), work: 'as given' };
  return own.flatMap(({ isFolder, commits }) =>
    commits ? [[...(isFolder ? [] : [start]), ...commits.filter(({ at }) => at <= run.at)]] : [],
  );
}

/** The results of the whole class in a run. */
function resultsOf(
  { rules, students }: DescribedClass,
  run: Run,
  owned: readonly Owned[],
  before: Results | undefined,
): Results {
  const rows = students.flatMap((student) => {
    const { name } = student;
    const earlier = before?.get(name);
    if (!isShown(student, run.section) && !isGiven(student, run, owned))
      return earlier ? [[name, earlier] as const] : [];
    const due = dueOf(rules, name, run);
    const own = owned.filter(({ owners }) => owners.includes(student)).map(({ submission }) => submission);
    const { beside, ...standing } = standingOf(pushedTo(own, run), due);
    // Of several submissions, what is beside is not said here.
    const told = own.length === 1 ? { ...standing, beside } : standing;
    const counted = withZero(told, student, due, run, owned);
    const decision = run.decided.find(({ who }) => who === name);
    return [[name, withDecision(counted, decision)] as const];
  });
  return new Map(rows);
}

/** Grading again shows whose grade changes; in a section, of those whom it shows. */
function isChanged(name: string, results: Results, before: Results | undefined): boolean {
  const [now, then] = [results.get(name), before?.get(name)];
  return before !== undefined && (now?.points !== then?.points || now?.status !== then?.status);
}

/** The outcome of each run. */
export function expectedOf(described: DescribedClass): Expected[] {
  const { rules, students, handedIn, runs } = described;
  let held: readonly Extension[] = [];
  let before: Results | undefined;
  return runs.map((run) => {
    const owned = handedIn.map((submission) => ownedBy(submission, students, run));
    const results = resultsOf(described, run, owned, before);
    // A section is a view: the whole class is graded and compared, and what people read shows the section.
    const shown = students.filter((student) => isShown(student, run.section)).map(({ name }) => name);
    // Work that is nobody's is shown if it may be the section's.
    const nobodys = owned.filter(
      ({ owners, candidates }) =>
        owners.length === 0 &&
        (candidates.length === 0 || candidates.some((one) => isShown(one, run.section))),
    );
    held = heldIn(run, held);
    const expected: Expected = {
      students: Object.fromEntries(shown.flatMap((name) => [[loginOf(name), results.get(name)]])),
      nobodys: nobodys.map(({ submission }) => loginOf(submission.by)).sort(),
      hasAnswers: hasAnswers(rules, run, held),
      unknown: unknownIn(run, described),
      changed: shown
        .filter((name) => isChanged(name, results, before))
        .map(loginOf)
        .sort(),
    };
    before = results;
    return expected;
  });
}

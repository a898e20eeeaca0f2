import {
  type Branch,
  type Commit,
  type Decision,
  type DescribedClass,
  days,
  type Extension,
  firstNameOf,
  isOneTeam,
  isThere,
  membersOf,
  type Rules,
  type Run,
  type Student,
  type Submission,
  type Work,
} from './described';
import { type Due, dueOf, type Pushed, type Standing, standingOf, untilOf } from './standing';

// The outcome of a class, written from docs/grade-a-class.md alone. Every rule has its sentence.

/** The result of a student, with the kinds of what a person has to look at. */
interface Row extends Omit<Standing, 'notes'> {
  readonly open: readonly string[];
  /** Whether a person set the points. */
  readonly isByHand: boolean;
}

export interface Expected {
  readonly students: Readonly<Record<string, Partial<Row> | undefined>>;
  /** Submissions that are nobody's, or not yet. */
  readonly nobodys: readonly string[];
  /** Whether feedback explains the right answers. */
  readonly hasAnswers: boolean;
  /** Who or what is named, as lines are about it and it is not in the run. */
  readonly unknown: readonly string[];
  /** Whose points or status are others than in the run before. */
  readonly changed: readonly string[];
  /** Undefined where somebody has several submissions: which of them counts is not told here. */
  readonly returned: Returned | undefined;
}

/** Who has a row in the gradebook of the roster's host, and what hosts give feedback on. */
interface Returned {
  readonly gradebook: readonly string[];
  readonly feedback: readonly string[];
}

/** Whose a submission is: people of the class, or nobody; `isOpen` until somebody has said so. */
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

function ownedBy(submission: Submission, described: DescribedClass, run: Run): Owned {
  const { by, from } = submission;
  const { roster, students, handedIn } = described;
  // Moodle's folders have a name, by which somebody is found only if one submission and one person fit it. Its worksheet
  // has the number that is there, too; elsewhere is what only that person has.
  const hasName = from !== 'GitHub' && from !== 'folders';
  const isCalledSo = (who: string) => firstNameOf(described, who) === firstNameOf(described, by);
  const ofName = students.filter(({ name }) => hasName && isCalledSo(name));
  const alike = handedIn.filter((one) => one.from === from && isThere(one, run) && isCalledSo(one.by));
  const isOnlyOne = Math.max(ofName.length, alike.length) === 1;
  const isByName = from === 'Moodle' && roster !== 'Moodle';
  const named = isByName ? ofName.filter(() => isOnlyOne) : students.filter(({ name }) => name === by);
  const ofGroup = membersOf(students, by);
  // A line of `matches.csv` says whose it is: a login or a group, or `-` for nobody.
  const line = from === 'GitHub' ? run.matched.find(({ repository }) => repository === by) : undefined;
  const ofLine = students.filter(
    ({ name, team: group }) => line?.to.includes(name) || line?.to.includes(group),
  );
  // Canvas lists one student of a team: it is that student's group, which is of the course in a host's record, and else
  // of the section. Gradescope lists all. Elsewhere a group that two sections have finds nobody.
  const team = ofGroup.filter(
    ({ section }) => from !== 'Canvas' || roster === 'Canvas' || section === ofGroup[0]?.section,
  );
  const isFound = from === 'Canvas' || from === 'Gradescope' || isOneTeam(described, by);
  const isTeams = team.length > (from === 'Gradescope' ? 1 : 0);
  const found = [...named, ...(isFound ? team : [])];
  const isOpen = !line && found.length === 0;
  return {
    submission,
    owners: line ? ofLine : found,
    isOpen,
    hasLine: line !== undefined,
    isTeams,
    candidates: isOpen ? [...ofName, ...team] : [],
  };
}

const groupsIn = (cell: string) => cell.split(', ').filter(Boolean);
const areTogether = (one: string, other: string) =>
  groupsIn(one).some((group) => groupsIn(other).includes(group));

const isMissing = ({ status }: Standing) => status === 'no submission' || status === 'after cutoff';

/** Everything that the result of a student depends on, beside the work. */
interface Setting {
  readonly described: DescribedClass;
  readonly run: Run;
  readonly owned: readonly Owned[];
}

/** Whose work has to be cleared up before a student without work has a zero, and that a person has to look at. */
function questionsOn(student: Student, { status }: Standing, setting: Setting): string[] {
  const { name, team, extendedTo } = student;
  const { run, owned } = setting;
  const { roster, handedIn } = setting.described;
  const isWithout = ['no submission', 'not started', 'after cutoff'].includes(status);
  // In a source where teams hand in, others of the group did, until a line of `matches.csv` says who had a part in it.
  const byOthers = owned.filter(
    ({ submission, owners, hasLine: isDecided }) =>
      !isDecided &&
      !owners.includes(student) &&
      owned.some((other) => other.isTeams && other.submission.from === submission.from) &&
      // A cell may name several groups.
      owners.some((owner) => areTogether(owner.team, team)),
  );
  const others = byOthers.flatMap(({ owners }) => owners.map((owner) => owner.name));
  // The host of the roster says that the student handed in. A draft counts as handed in.
  const inMoodle = owned.filter(({ submission }) => submission.from === 'Moodle');
  const recorded = handedIn.find(
    ({ by, from, commits = [] }) =>
      from === 'Moodle' && [name, team].includes(by) && commits.some(({ at }) => at <= run.at),
  );
  const isLost = roster === 'Moodle' && recorded && !inMoodle.some(({ owners }) => owners.includes(student));
  return [
    isWithout && others.length > 0 && `teams: ${[...new Set(others)].sort()}`,
    // Without a download from there, that is one note on the run.
    isLost && `${inMoodle.length > 0 ? 'unread' : 'on the run'}: not here, ${recorded.commits?.[0]?.at}`,
    // An extension there is listed, whether it counts or, as one that is not read, does not.
    roster === 'Moodle' && extendedTo && !hasLine(run, name) && `times: extended, ${extendedTo}`,
  ].filter((question) => typeof question === 'string');
}

/** With `no_submission: zero`, `no submission` and `after cutoff` are 0, but no zero is given while it waits. */
function withZero(standing: Standing, { isShut }: Student, due: Due, setting: Setting): Standing {
  const { described, run, owned } = setting;
  if (!isMissing(standing) || due.rules.noSubmission !== 'zero') return standing;
  // Before the student's own `until`, or without one the end of the own grace.
  const end = due.until ?? due.due + (due.rules.deadline?.grace ?? 0);
  const waits =
    // While a submission is `unmatched`, or the host of the roster says that the student is excused.
    owned.some(({ isOpen }) => isOpen) ||
    (described.roster === 'Canvas' && isShut) ||
    standing.notes.some(isWaitedFor) ||
    (due.rules.deadline !== undefined && run.at <= end);
  return waits ? { ...standing, waits } : { ...standing, points: 0 };
}

const isWaitedFor = (note: string) => /^teams|not here|not read/.test(note);

const hasLine = ({ extensions }: Run, name: string) => extensions.some(({ who }) => who === name);
/** The points that the grader computes: a zero for work that is missing is none. */
const computedIn = (standing: Standing | undefined) =>
  !standing || isMissing(standing) ? 'none' : (standing.points ?? 'none');

/** `total` replaces the points; `adjust` adds to them. With `was`, a line counts only while the grader computes these points. */
function withDecision(standing: Standing, decision: Decision | undefined, before: Standing | undefined): Row {
  const { notes, ...computed } = standing;
  const rest = { ...computed, isByHand: false };
  const openOf = (open: readonly string[]) =>
    [...new Set(open.map((note) => note.replace(/:.*/, '')))].filter((kind) => kind !== 'on the run').sort();
  if (!decision) return { ...rest, open: openOf(notes) };
  const { total, adjust, was, codes } = decision;
  const wanted = was === 'as before' ? computedIn(before) : was;
  const isOther = wanted !== undefined && wanted !== computedIn(standing);
  // There is nothing to adjust where there are no points.
  if (isOther || (adjust !== undefined && rest.points === null))
    return { ...rest, open: openOf([...notes, 'lapsed']) };
  const adjusted = rest.points === null ? null : Math.max(0, rest.points + (adjust ?? 0));
  const points = total ?? adjusted;
  const waits = points === null && rest.waits;
  // A note whose code the line lacks is open. The page does not say that those are for whose answer a zero waits.
  const seen = codes === 'as before' ? (before?.notes ?? []) : [];
  const open = notes.filter((note) => !seen.includes(note) || (waits && /^teams|not here/.test(note)));
  const isByHand = total !== undefined || adjust !== undefined;
  return { ...rest, points, waits, open: openOf(open), isByHand };
}

/** Answers are explained once `until` and the last extension have passed; without `until` they never are. */
function hasAnswers(rules: Rules, run: Run, held: readonly Extension[]): boolean {
  if (rules.solution !== 'after_due') return false;
  return [0, ...held.map(({ by }) => by)].every((due) => run.at > (untilOf(rules, due) ?? Infinity));
}

/** An extension that Moodle's worksheet grants counts as a line of `extensions.csv` does, which goes before it. */
const extensionsIn = ({ roster, students }: DescribedClass, run: Run) => [
  ...run.extensions,
  ...students.flatMap(({ name, extendedTo }): Extension[] =>
    roster !== 'Moodle' || extendedTo === undefined || hasLine(run, name)
      ? []
      : [{ who: name, by: extendedTo === 'not read' ? Infinity : extendedTo }],
  ),
];

/** Extensions of this run, and those that an earlier run knew of and nothing ended. */
const heldIn = (now: readonly Extension[], before: readonly Extension[]) => [
  ...now,
  ...before.filter(({ who }) => !now.some((extension) => extension.who === who)),
];

const loginOf = (name: string) => name.toLowerCase();
/** The name that Canvas and Moodle give a submission is that of a person. */
const calledIn = ({ by, from }: Pick<Submission, 'by' | 'from'>, described: DescribedClass) =>
  loginOf(from === 'Canvas' || from === 'Moodle' ? firstNameOf(described, by) : by);

/** Lines about somebody or something that is not in this run are kept, and named. */
function unknownIn({ extensions, decided, matched }: Run, { students, handedIn }: DescribedClass): string[] {
  const isIn = (who: string) => students.some(({ name }) => name === who);
  const people = [...extensions, ...decided].map(({ who }) => who).filter((who) => !isIn(who));
  const things = matched
    .map(({ repository }) => repository)
    .filter((it) => !handedIn.some(({ by, from }) => by === it && from === 'GitHub'));
  return [...new Set([...people, ...things])].map(loginOf).sort();
}

/** By student: the result, before it is decided what was looked at, and after. Of several submissions, only points are told. */
type Results = ReadonlyMap<string, { readonly computed: Standing; readonly row: Partial<Row> }>;

const isShown = ({ section }: Student, shown: string | undefined) =>
  shown === undefined || section.includes(shown);

/** Where nothing of other sections is given, their rows are those of the earlier run, or none. */
function isGiven({ section }: Student, run: Run, owned: readonly Owned[]): boolean {
  return owned.some(({ owners }) =>
    owners.some((owner) => owner.section === section && !isShown(owner, run.section)),
  );
}

/** All that was pushed to each of some submissions after the starter files, or handed in where the host has a time. */
function pushedTo(own: readonly Submission[], { roster }: DescribedClass, run: Run): (readonly Pushed[])[] {
  const start: Commit = { at: days(-30), work: 'as given' };
  return own.flatMap(({ from, commits, branch }) => {
    if (!commits) return [];
    const pushed = [start, ...commits.filter(({ at }) => at <= run.at)];
    if (from === 'GitHub') return [branch && branch.at <= run.at ? withBranch(pushed, branch, run) : pushed];
    // Only its worksheet has Moodle's times.
    const isKnown = from === 'Gradescope' || (from === 'Moodle' && roster === 'Moodle');
    // Of files that differ, the one that Canvas calls newest counts.
    const workIn = ({ work }: Commit): Work =>
      from === 'Canvas' && work === 'two files that differ' ? 'one cell wrong, no response' : work;
    return [
      commits.map((commit) => ({ at: isKnown ? commit.at : Number.NEGATIVE_INFINITY, work: workIn(commit) })),
    ];
  });
}

/** A merge is the last commit of the default branch, and builds on the branch; a squash holds the work alone. */
function withBranch(pushed: readonly Commit[], { joined, ...commit }: Branch, run: Run): Pushed[] {
  const [last] = joined && joined.at <= run.at ? [{ at: joined.at, work: commit.work }] : [];
  const isMerged = last !== undefined && joined?.how === 'merged';
  const onBranch: Pushed = { ...commit, on: isMerged ? 'a merged branch' : 'another branch' };
  return [...pushed, onBranch, ...(last ? [last] : [])];
}

/** The results of the whole class in a run. */
function resultsOf(setting: Setting, before: Results | undefined): Results {
  const { described, run, owned } = setting;
  const extensions = extensionsIn(described, run);
  const rows = described.students.flatMap((student) => {
    const { name } = student;
    const earlier = before?.get(name);
    if (!isShown(student, run.section) && !isGiven(student, run, owned))
      return earlier ? [[name, earlier] as const] : [];
    const due = dueOf(described.rules, name, extensions);
    const own = owned.filter(({ owners }) => owners.includes(student)).map(({ submission }) => submission);
    const standing = standingOf(pushedTo(own, described, run), due);
    const noted = { ...standing, notes: [...standing.notes, ...questionsOn(student, standing, setting)] };
    const computed = withZero(noted, student, due, setting);
    const decision = run.decided.find(({ who }) => who === name);
    const { beside, open, ...told } = withDecision(computed, decision, earlier?.computed);
    return [[name, { computed, row: own.length > 1 ? told : { ...told, beside, open } }] as const];
  });
  return new Map(rows);
}

/** Grading again shows whose grade changes; in a section, of those whom it shows. */
function isChanged(name: string, results: Results, before: Results | undefined): boolean {
  const [now, then] = [results.get(name)?.row, before?.get(name)?.row];
  return before !== undefined && (now?.points !== then?.points || now?.status !== then?.status);
}

/** Whom gradebooks and feedback reach, from docs/hosts.md. */
function returnedOf({ described, run, owned }: Setting, results: Results): Returned | undefined {
  const { roster, students } = described;
  if ([...results.values()].some(({ row }) => !row.beside)) return undefined;
  const pointsOf = ({ name }: Student) => results.get(name)?.row.points ?? null;
  const isOfTeams = (host: Submission['from']) =>
    owned.some(({ submission, isTeams }) => submission.from === host && isTeams);
  const shown = students.filter((student) => results.has(student.name) && isShown(student, run.section));
  const inGradebook = shown.filter((student) => {
    const { name, team, section, gradeThere, isShut } = student;
    const points = pointsOf(student);
    const { isByHand } = results.get(name)?.row ?? {};
    // Where a group is graded as one in Canvas and its members' points differ, it has no row.
    const isSplit =
      roster !== 'Moodle' &&
      team !== '' &&
      isOfTeams('Canvas') &&
      membersOf(students, team).some(
        (one) =>
          results.has(one.name) &&
          (roster === 'Canvas' || one.section === section) &&
          pointsOf(one) !== points,
      );
    // Who is excused, or whose grade may not be changed, has no row; and a grade there stays where 0 is here, unless
    // `overrides.csv` sets it.
    const staysThere =
      roster !== 'nobody' && (isShut || (points === 0 && Number(gradeThere) > 0 && !isByHand));
    return points !== null && !staysThere && !isSplit;
  });
  // A team has one repository, and reads one file in Canvas. For teams no zip is written for Moodle.
  const byWork = owned.filter(
    ({ submission: { from, commits }, owners }) =>
      (from === 'Canvas' || (from === 'GitHub' && commits)) &&
      owners.some((owner) => isShown(owner, run.section)),
  );
  const inMoodle = roster === 'Moodle' && !isOfTeams('Moodle') ? inGradebook : [];
  return {
    gradebook: inGradebook.map(({ name }) => loginOf(name)).sort(),
    feedback: [
      ...byWork.map(({ submission }) => `${submission.from} ${calledIn(submission, described)}`),
      ...inMoodle.map(({ name }) => `Moodle ${calledIn({ by: name, from: 'Moodle' }, described)}`),
    ].sort(),
  };
}

/** The outcome of each run. */
export function expectedOf(described: DescribedClass): Expected[] {
  const { rules, students, handedIn, runs } = described;
  let held: readonly Extension[] = [];
  let before: Results | undefined;
  return runs.map((run) => {
    const owned = handedIn
      .filter((submission) => isThere(submission, run))
      .map((submission) => ownedBy(submission, described, run));
    const setting = { described, run, owned };
    const results = resultsOf(setting, before);
    // A section is a view: the whole class is graded and compared, and what people read shows the section.
    const shown = students.filter((student) => isShown(student, run.section)).map(({ name }) => name);
    // Work that is nobody's is shown if it may be the section's.
    const nobodys = owned.filter(
      ({ owners, candidates }) =>
        owners.length === 0 &&
        (candidates.length === 0 || candidates.some((one) => isShown(one, run.section))),
    );
    held = heldIn(extensionsIn(described, run), held);
    const expected: Expected = {
      students: Object.fromEntries(shown.flatMap((name) => [[loginOf(name), results.get(name)?.row]])),
      nobodys: nobodys.map(({ submission }) => calledIn(submission, described)).sort(),
      hasAnswers: hasAnswers(rules, run, held),
      unknown: unknownIn(run, described),
      changed: shown
        .filter((name) => isChanged(name, results, before))
        .map(loginOf)
        .sort(),
      returned: returnedOf(setting, results),
    };
    before = results;
    return expected;
  });
}

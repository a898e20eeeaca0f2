import {
  type Branch,
  type Commit,
  type Decision,
  type DescribedClass,
  days,
  type Extension,
  meantBy,
  type Run,
  type Student,
  type Submission,
  type Work,
} from './described';
import type { Owned } from './owned';
import { type Due, dueOf, type Pushed, type Standing, standingOf } from './standing';

// Each student's result, written from “Results”, “Deadlines” and “Corrections” of docs/grade-a-class.md alone.

/** The result of a student, with the kinds of notes that are still open. */
export interface Row extends Omit<Standing, 'notes'> {
  readonly open: readonly string[];
  /** Whether a person set the points. */
  readonly isByHand: boolean;
}

const groupsIn = (cell: string) => cell.split(', ').filter(Boolean);
const areTogether = (one: string, other: string) =>
  groupsIn(one).some((group) => groupsIn(other).includes(group));

const isMissing = ({ status }: Standing) => status === 'no submission' || status === 'after cutoff';

/** Everything that a student's result depends on, besides the work. */
export interface Setting {
  readonly described: DescribedClass;
  readonly run: Run;
  readonly owned: readonly Owned[];
}

/** Notes on work that may be this student's, to be cleared up before the student gets a zero, and on extensions. */
function questionsOn(student: Student, { status }: Standing, setting: Setting): string[] {
  const { name, team, extendedTo } = student;
  const { run, owned } = setting;
  const { roster, handedIn } = setting.described;
  const isWithout = ['no submission', 'not started', 'after cutoff'].includes(status);
  // In a source where teams hand in, others of the group did so, until a line of `matches.csv` says who took part.
  const byOthers = owned.filter(
    ({ submission, owners, hasLine: isDecided }) =>
      !isDecided &&
      !owners.includes(student) &&
      owned.some((other) => other.isTeams && other.submission.from === submission.from) &&
      // A cell may name several groups.
      owners.some((owner) => areTogether(owner.team, team)),
  );
  const others = byOthers.flatMap(({ owners }) => owners.map((owner) => owner.name));
  // The roster's host says that the student handed in. A draft counts as handed in.
  const inMoodle = owned.filter(({ submission }) => submission.from === 'Moodle');
  const recorded = handedIn.find(
    ({ by, from, commits = [] }) =>
      from === 'Moodle' && [name, team].includes(by) && commits.some(({ at }) => at <= run.at),
  );
  const isLost = roster === 'Moodle' && recorded && !inMoodle.some(({ owners }) => owners.includes(student));
  return [
    isWithout && others.length > 0 && `teams: ${[...new Set(others)].sort()}`,
    // If the run has no download from Moodle, that is a single note on the run.
    isLost && `${inMoodle.length > 0 ? 'unread' : 'on the run'}: not here, ${recorded.commits?.[0]?.at}`,
    // An extension in Moodle is listed whether it counts or not; one that is not read does not count.
    roster === 'Moodle' &&
      extendedTo &&
      lineFor(student, run) === undefined &&
      `times: extended, ${extendedTo}`,
  ].filter((question) => typeof question === 'string');
}

/** With `no_submission: zero`, `no submission` and `after cutoff` become 0, except while the zero waits. */
function withZero(standing: Standing, { isShut }: Student, due: Due, setting: Setting): Standing {
  const { described, run, owned } = setting;
  if (!isMissing(standing) || due.rules.noSubmission !== 'zero') return standing;
  // Until the student's own `until` or, if there is none, the end of the student's grace period.
  const end = due.until ?? due.due + (due.rules.deadline?.grace ?? 0);
  const waits =
    // While any submission is unmatched, or the roster's host says that the student is excused.
    owned.some(({ isOpen }) => isOpen) ||
    (described.roster === 'Canvas' && isShut) ||
    standing.notes.some(isWaitedFor) ||
    (due.rules.deadline !== undefined && run.at <= end);
  return waits ? { ...standing, waits } : { ...standing, points: 0 };
}

const isWaitedFor = (note: string) => /^teams|not here|not read/.test(note);

/** The points that the grader computes; `none` for missing work, even if it gets a zero. */
export const computedIn = (standing: Standing | undefined) =>
  !standing || isMissing(standing) ? 'none' : (standing.points ?? 'none');

/**
 * `total` replaces the points; `adjust` adds to them. With `was`, a line counts only while the grader computes those
 * points.
 */
function withDecision(standing: Standing, decision: Decision | undefined, before: Standing | undefined): Row {
  const { notes, choices = [], ...computed } = standing;
  const rest = { ...computed, isByHand: false };
  const openOf = (open: readonly string[]) =>
    [...new Set(open.map((note) => note.replace(/:.*/, '')))].filter((kind) => kind !== 'on the run').sort();
  if (!decision) return { ...rest, open: openOf(notes) };
  const { total, adjust, was, codes } = decision;
  const wanted = was === 'as before' ? computedIn(before) : was;
  const isOther = wanted !== undefined && wanted !== computedIn(standing);
  // Without points, there is nothing to adjust.
  if (isOther || (adjust !== undefined && rest.points === null))
    return { ...rest, open: openOf([...notes, 'lapsed']) };
  const adjusted = rest.points === null ? null : Math.max(0, rest.points + (adjust ?? 0));
  const points = total ?? adjusted;
  const waits = points === null && rest.waits;
  // A note stays open until a line has its code. While a zero waits for an answer, its notes stay open too, which the
  // page does not say.
  const seen = codes === 'as before' ? (before?.notes ?? []) : [];
  const open = notes.filter((note) => !seen.includes(note) || (waits && /^teams|not here/.test(note)));
  const isByHand = total !== undefined || adjust !== undefined;
  // A student whose files differ counts as graded once a line sets the points of one of them.
  const chosen = choices.find((choice) => choice.points === total);
  return {
    ...rest,
    ...(chosen && { ...chosen, status: 'graded' }),
    points,
    waits,
    open: openOf(open),
    isByHand,
  };
}

/** Each student's result before and after corrections, without notes and other work if there are several submissions. */
export type Results = ReadonlyMap<string, { readonly computed: Standing; readonly row: Partial<Row> }>;

/** A student's own line counts, then the group's, then the section's; of two, the later. */
function lineFor(student: Student, { extensions }: Run): number | undefined {
  const fitting = extensions.filter(({ who }) => meantBy([student], who).length > 0);
  const latestOf = (as: string) => fitting.filter(({ who }) => who.startsWith(as)).map(({ by }) => by);
  const [by] = [[student.name], ['group '], ['section ']]
    .map(([as = '']) => Math.max(...latestOf(as)))
    .filter(Number.isFinite);
  return by;
}

/** The extension of each student: by a line, or else by Moodle's worksheet. */
export const extensionsIn = ({ roster, students }: DescribedClass, run: Run) =>
  students.flatMap((student): Extension[] => {
    const { name: who, extendedTo } = student;
    const inMoodle = roster === 'Moodle' ? extendedTo : undefined;
    const by = lineFor(student, run) ?? (inMoodle === 'not read' ? Infinity : inMoodle);
    return by === undefined ? [] : [{ who, by }];
  });

/** Everything that was pushed to each submission after the starter files, or handed in, with the time if the host has it. */
function pushedTo(own: readonly Submission[], { roster }: DescribedClass, run: Run): (readonly Pushed[])[] {
  const start: Commit = { at: days(-30), work: 'as given' };
  return own.flatMap(({ from, commits, branch }) => {
    if (!commits) return [];
    const pushed = [start, ...commits.filter(({ at }) => at <= run.at)];
    if (from === 'GitHub') return [branch && branch.at <= run.at ? withBranch(pushed, branch, run) : pushed];
    // Moodle's times are only in its worksheet.
    const isKnown = from === 'Gradescope' || (from === 'Moodle' && roster === 'Moodle');
    // If files differ, the one that Canvas calls the newest counts.
    const workIn = ({ work }: Commit): Work =>
      from === 'Canvas' && work === 'two files that differ' ? 'one cell wrong, no response' : work;
    return [
      commits.map((commit) => ({ at: isKnown ? commit.at : Number.NEGATIVE_INFINITY, work: workIn(commit) })),
    ];
  });
}

/** A merge is the last commit of the default branch and builds on the branch; a squash only contains its work. */
function withBranch(pushed: readonly Commit[], { joined, ...commit }: Branch, run: Run): Pushed[] {
  const [last] = joined && joined.at <= run.at ? [{ at: joined.at, work: commit.work }] : [];
  const isMerged = last !== undefined && joined?.how === 'merged';
  const onBranch: Pushed = { ...commit, on: isMerged ? 'a merged branch' : 'another branch' };
  return [...pushed, onBranch, ...(last ? [last] : [])];
}

/** The results of the whole class in a run. */
export function resultsOf(setting: Setting, before: Results | undefined): Results {
  const { described, run, owned } = setting;
  const extensions = extensionsIn(described, run);
  const rows = described.students.map((student) => {
    const { name } = student;
    const earlier = before?.get(name);
    const due = dueOf(described.rules, extensions.find(({ who }) => who === name)?.by);
    const own = owned.filter(({ owners }) => owners.includes(student)).map(({ submission }) => submission);
    const standing = standingOf(pushedTo(own, described, run), due);
    const noted = { ...standing, notes: [...standing.notes, ...questionsOn(student, standing, setting)] };
    const computed = withZero(noted, student, due, setting);
    const decision = run.decided.find(({ who }) => who === name);
    const { beside, open, ...told } = withDecision(computed, decision, earlier?.computed);
    return [name, { computed, row: own.length > 1 ? told : { ...told, beside, open } }] as const;
  });
  return new Map(rows);
}

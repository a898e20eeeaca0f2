import { type Commit, days, hours, type Lateness, type Minutes, type Rules, type Work } from './described';

// Which of a student's work counts, written from “Which file counts” and “Deadlines” of docs/grade-a-class.md alone.
// Each rule has its sentence from there.

type Status = 'graded' | 'not started' | 'no submission' | 'after cutoff' | 'undecided' | 'not readable';

export interface Standing {
  readonly status: Status;
  readonly points: number | null;
  /** Points before and after lateness, if the work is late. */
  readonly late?: readonly [before: number, after: number];
  /** If files differ: what each of them would earn. */
  readonly choices?: readonly Pick<Standing, 'points' | 'late'>[];
  /** Whether a zero is due but waits. */
  readonly waits: boolean;
  /** Work to look at besides what counts: why, and the most that a person could find it to be worth. */
  readonly beside: readonly string[];
  /** `typos: …`: the kind of each note, and the work that it is about. */
  readonly notes: readonly string[];
}

/** The points that work is worth on time, or why there are none yet. */
const worth: Readonly<Record<Work, number | 'undecided' | 'not readable' | 'not begun'>> = {
  'as given': 'not begun',
  'all wrong': 0,
  'one response': 3,
  'answers alone': 4,
  'a slip in the answers': 3,
  'one cell wrong': 6,
  'one cell wrong, no response': 3,
  'all right': 10,
  // Either four points or three.
  'two files that differ': 'undecided',
  'a PDF alone': 'not readable',
};
const possible = 10;

/** When a student's work is due, and after which time nothing counts. */
export interface Due {
  readonly rules: Rules;
  readonly due: Minutes;
  readonly until: Minutes | undefined;
}

/** The time on a wall clock, in minutes after the class's due date, if clocks go back. */
const wallClock = ({ deadline }: Rules, at: Minutes) =>
  deadline?.clocksGoBack && at >= hours(14) ? at - hours(1) : at;

/** The cutoff for work that is due then: `extensions.csv` moves `until` by as much as `due`, by the clock. */
export function untilOf(rules: Rules, due: Minutes): Minutes | undefined {
  const last = rules.deadline?.late?.until;
  if (last === undefined) return undefined;
  // Clocks have gone back by then, since it is at least a day after the due date.
  return days(last) + wallClock(rules, due) + (rules.deadline?.clocksGoBack ? hours(1) : 0);
}

/** @param own the extension of the student, if there is one. */
export function dueOf(rules: Rules, own = 0): Due {
  // An extension that cannot be read extends nothing.
  const due = Number.isFinite(own) ? own : 0;
  return { rules, due, until: untilOf(rules, due) };
}

/** Nothing is late within the grace period. The n-th day ends at the clock time of `due`, n dates later. */
function daysLate(at: Minutes, { rules, due }: Due): number {
  if (!rules.deadline || at <= due + rules.deadline.grace) return 0;
  return Math.ceil((wallClock(rules, at) - wallClock(rules, due)) / days(1));
}

/** `per_day` and `at_most` are points, or a percentage of the possible points, rounded down to whole points. */
function costOf(late: number, { perDay = 0, atMost = '100%' }: Lateness = {}): number {
  const pointsOf = (cost: number | string) =>
    typeof cost === 'number' ? cost : (Number.parseInt(cost, 10) / 100) * possible;
  return Math.floor(Math.min(late * pointsOf(perDay), pointsOf(atMost)));
}

export interface Pushed extends Commit {
  /** Undefined for commits of the default branch itself. */
  readonly on?: 'a merged branch' | 'another branch';
}

interface Version {
  /** The time of its commit. */
  readonly time: Minutes;
  /** Its place in the order of time; a doubtful time comes after all others. */
  readonly at: Minutes;
  readonly isKnown: boolean;
  readonly work: Work;
  readonly isInTime: boolean;
  readonly daysLate: number;
  /** On time, and after lateness; undefined if the work was not begun, or if a person has to judge it. */
  readonly points: readonly [before: number, after: number] | undefined;
}

const inDoubt = days(10_000);

/**
 * A version is one content of a submission. Its time is that of the earliest commit that contains it, on the default
 * branch or a branch merged into it.
 */
function versionsOf(commits: readonly Pushed[], due: Due): Version[] {
  return [...new Set(commits.map(({ work }) => work))].map((work) => {
    const first = commits.findIndex((commit) => commit.work === work);
    const at = commits[first]?.at ?? 0;
    // A time before that of a commit it builds on is doubtful, and costs nothing. A branch builds on the starter files.
    const isDoubtful = !commits[first]?.on && commits.slice(0, first).some((commit) => commit.at > at);
    const isInTime = isDoubtful || due.until === undefined || at <= due.until;
    const late = isDoubtful ? 0 : daysLate(at, due);
    const cost = costOf(late, due.rules.deadline?.late);
    // Files that differ are undecided only if their points differ after lateness.
    const before = work === 'two files that differ' && cost >= 4 ? 4 : worth[work];
    const points = typeof before === 'number' ? ([before, Math.max(0, before - cost)] as const) : undefined;
    const isKnown = !isDoubtful && Number.isFinite(at);
    // Of several doubtful times, nobody knows which was first; the earliest is shown.
    const times = commits.filter((commit) => commit.work === work).map((commit) => commit.at);
    return {
      time: isDoubtful ? Math.min(...times) : at,
      at: isDoubtful ? inDoubt + first : at,
      isKnown,
      work,
      isInTime,
      daysLate: late,
      points,
    };
  });
}

const isBegun = ({ work }: Version) => work !== 'as given';

/** Without points, work that only a person can judge comes first (files that differ, then a PDF), then anything begun. */
function placeOf(version: Version): number {
  if (version.points && version.points[1] > 0) return 0;
  const judged = version.points ? -1 : ['undecided', 'not readable'].indexOf(String(worth[version.work]));
  if (judged >= 0) return 1 + judged;
  return isBegun(version) ? 3 : 4;
}

/** Of all versions up to the cutoff, the one with the most points after lateness counts. */
function best(versions: readonly Version[]): Version | undefined {
  const after = ({ points }: Version) => points?.[1] ?? 0;
  const [first] = [...versions].sort(
    (one, other) =>
      placeOf(one) - placeOf(other) ||
      after(other) - after(one) ||
      // Of versions with equal points, the least late counts, then the newest whose time is known.
      one.daysLate - other.daysLate ||
      Number(other.isKnown) - Number(one.isKnown) ||
      // If no time is known, the page does not say which version counts.
      (one.isKnown ? other.at - one.at : one.at - other.at),
  );
  return first;
}

/** The points that a person may find work to be worth, once a typo is corrected, a file is chosen, or a PDF is read. */
const mostOn: Readonly<Partial<Record<Work, number>>> = {
  'a slip in the answers': 7,
  'two files that differ': 4,
  'a PDF alone': 10,
};

function mostOf({ work, daysLate: late }: Pick<Version, 'work' | 'daysLate'>, { rules }: Due): number {
  const most = mostOn[work] ?? Number(worth[work]);
  return Math.max(0, (Number.isNaN(most) ? 0 : most) - costOf(late, rules.deadline?.late));
}

/** The notes on a version. Their codes are made from the work that they are about. */
function notesOn({ work, time, at, daysLate: late, points }: Version, { rules }: Due): string[] {
  const gain = Math.max(0, 7 - costOf(late, rules.deadline?.late)) - (points?.[1] ?? 0);
  return [
    // A doubtful time: compare it with the pushes.
    at >= inDoubt && `times: ${work}, ${time}`,
    // Answers hidden by slips are listed if correcting them earns two more points.
    work === 'a slip in the answers' && gain >= 2 && `typos: ${work}`,
    // Files differ, and the instructor chooses.
    work === 'two files that differ' && !points && `versions: ${work}`,
    // A file that cannot be read is named to the student and to the instructor.
    work === 'a PDF alone' && `unread: ${work}`,
  ].filter((note) => note !== false);
}

interface Beside {
  readonly why: 'last' | 'later' | 'after cutoff' | 'outside';
  readonly version: Version;
  readonly most: number;
}

/** The work to look at besides the version that counts. If that has no points, anything begun may be worth more. */
function besideOf(
  commits: readonly Pushed[],
  outside: readonly Version[],
  versions: readonly Version[],
  counts: Version | undefined,
  due: Due,
): Beside[] {
  const inTime = versions.filter(({ isInTime }) => isInTime);
  // The last work: that of the last commit if it is in time, otherwise the latest version in time.
  const final = commits.at(-1);
  const latest = [...inTime].sort((one, other) => other.at - one.at)[0];
  // A doubtful time counts as in time, unless the same work was already there too late.
  const isDoubtful = commits.some(({ at }) => at > (final?.at ?? 0));
  const isFinalInTime = isDoubtful || due.until === undefined || (final?.at ?? 0) <= due.until;
  const held = inTime.find(({ work }) => work === final?.work);
  const last = isFinalInTime && held ? held : latest;
  const asBeside = (why: Beside['why'], version: Version) => ({ why, version, most: mostOf(version, due) });
  // For each other reason, the best version is shown if it may be worth more than the points.
  const bestOf = (why: Beside['why'], of: readonly Version[], points: number) =>
    of
      .filter(isBegun)
      .map((version) => asBeside(why, version))
      .sort((one, other) => other.most - one.most)
      .slice(0, 1)
      .filter(({ most }) => most > points);
  const points = counts?.points?.[1] ?? 0;
  // Work that came later than the version that counts, or any work if that has no points. A doubtful time is later than
  // any other.
  const since = counts?.points ? Math.min(counts.at, inDoubt - 1) : Number.NEGATIVE_INFINITY;
  const others = inTime.filter((version) => version !== last && version !== counts);
  // A line would extend the due date of work after the cutoff, so lateness costs nothing.
  const extended = (one: Version) => (one.isInTime ? one : { ...one, daysLate: 0 });
  const tooLate = versions.filter(({ isInTime }) => !isInTime).map(extended);
  // If nothing was begun in time, there is nothing else.
  const least = inTime.some(isBegun) ? points : -1;
  return [
    ...bestOf('after cutoff', tooLate, least),
    ...bestOf('outside', outside.map(extended), least),
    ...(last && last !== counts ? [asBeside('last', last)] : []),
    ...bestOf(
      'later',
      others.filter(({ at }) => at > since),
      points,
    ),
  ];
}

/** The notes on the version that counts, and on work beside it that may be worth more. */
function notesIn(counts: Version | undefined, beside: readonly Beside[], due: Due): string[] {
  const mayBeMore = ({ most }: Beside) => most > (counts?.points?.[1] ?? 0) || !counts || !isBegun(counts);
  return [
    ...(counts ? notesOn(counts, due) : []),
    ...beside.flatMap((one) => {
      // Work on other branches gets a remark instead.
      if (one.why === 'outside') return [];
      if (one.why === 'after cutoff') return [`times: ${one.version.work}, after the cutoff`];
      return mayBeMore(one) ? notesOn(one.version, due) : [];
    }),
  ];
}

/** Versions on a branch that is not merged, or that were on a branch before it was merged late. */
const outsideOf = (commits: readonly Pushed[], versions: readonly Version[], due: Due) =>
  commits
    .filter(({ on }) => on === 'another branch')
    .flatMap((commit) => versionsOf([commit], due))
    .filter(({ work, time }) => versions.every((version) => version.work !== work || time < version.time));

/** The points of each of the files that differ. */
function choicesIn({ daysLate: late }: Version, { rules }: Due) {
  return [4, 3].map((before) => {
    const points = Math.max(0, before - costOf(late, rules.deadline?.late));
    return { points, ...(late > 0 && { late: [before, points] as const }) };
  });
}

export function standingOf(submissions: readonly (readonly Pushed[])[], due: Due): Standing {
  // Nothing was handed in.
  const [only = []] = submissions;
  const nothing = { waits: false, beside: [], notes: [] };
  if (only.length === 0) return { status: 'no submission', points: null, ...nothing };
  const reached = submissions.map((commits) => commits.filter(({ on }) => on !== 'another branch'));
  const versions = reached.flatMap((commits) => versionsOf(commits, due));
  const inTime = versions.filter(({ isInTime }) => isInTime);
  const counts = best(inTime);
  const beside = besideOf(reached[0] ?? [], outsideOf(only, versions, due), versions, counts, due);
  const rest = {
    waits: false,
    beside: beside.map(({ why, most }) => `${why} ${most}`).sort(),
    notes: notesIn(counts, beside, due),
  };
  // All work came after `until`.
  if (!inTime.some(isBegun) && versions.some(isBegun))
    return { status: 'after cutoff', points: null, ...rest };
  if (!counts) return { status: 'not started', points: 0, ...rest };
  const judged = worth[counts.work];
  if (!counts.points && (judged === 'undecided' || judged === 'not readable'))
    return {
      status: judged,
      points: null,
      choices: judged === 'undecided' ? choicesIn(counts, due) : [],
      ...rest,
    };
  const [before, after] = counts.points ?? [0, 0];
  const late = counts.daysLate > 0 ? { late: [before, after] as const } : {};
  // Only the starter files: 0 points.
  return { status: isBegun(counts) ? 'graded' : 'not started', points: after, ...late, ...rest };
}

import fc from 'fast-check';

// A class as a person would describe it: who is in it, what they handed in and when, what the instructor wrote, and
// when the class was graded. `build.ts` makes files from it, and `expected.ts` says what the result must be.

/** Minutes after the class's due date; negative before it. */
export type Minutes = number;
export const hours = (count: number): Minutes => 60 * count;
export const days = (count: number): Minutes => hours(24 * count);

/** The content of a commit, in the words of a person who looks at it. */
export const works = [
  'as given',
  'all wrong',
  'one response',
  'answers alone',
  'a slip in the answers',
  'one cell wrong',
  'one cell wrong, no response',
  'all right',
  'two files that differ',
  'a PDF alone',
] as const;
export type Work = (typeof works)[number];

export interface Commit {
  readonly at: Minutes;
  readonly work: Work;
}

export interface Student {
  readonly name: string;
  /** One section, none, or several separated by commas. */
  readonly section: string;
  readonly team: string;
  /** The grade at the host that the roster is from, if there is one. */
  readonly hostGrade: number | '';
  /** Whether the student is excused in Canvas, or the grade is locked in Moodle. */
  readonly isShut: boolean;
  /** The due date that Moodle's worksheet grants, or `not read` if it is in a language that the grader cannot read. */
  readonly extendedTo: Minutes | 'not read' | undefined;
}

/** Where work is handed in. For folders and Canvas, nobody knows when. */
type Host = 'GitHub' | 'folders' | 'Canvas' | 'Moodle' | 'Gradescope';
export const isDated = (from: Host) => from !== 'folders' && from !== 'Canvas';

/**
 * A commit on its own branch, which starts from the starter files, and how that joined the default branch, as its last
 * commit.
 */
export interface Branch extends Commit {
  readonly joined?: { readonly at: Minutes; readonly how: 'merged' | 'squashed' } | undefined;
}

/** Work that was handed in under the name of a student, a team, or a stranger. */
export interface Submission {
  readonly by: string;
  readonly from: Host;
  /**
   * In a repository, the commits after the starter files, each on top of the one before; undefined if it is empty.
   * Elsewhere one.
   */
  readonly commits: readonly Commit[] | undefined;
  readonly branch?: Branch | undefined;
  /** `lost`: Moodle's worksheet lists it, but it is not in the download. `draft`: the worksheet says that it is a draft. */
  readonly inMoodle?: 'lost' | 'draft';
}

export interface Lateness {
  readonly perDay?: number | string;
  readonly atMost?: number | string;
  /** In days after the due date; nothing counts after that. */
  readonly until?: number;
}

export interface Rules {
  /** Undefined if nothing is ever late. */
  readonly deadline:
    | { readonly grace: Minutes; readonly late?: Lateness | undefined; readonly clocksGoBack: boolean }
    | undefined;
  readonly noSubmission: 'zero' | 'blank';
  readonly solution: 'after_due' | 'never';
}

/** A line of overrides.csv. One without points says that somebody looked at something. */
export interface Decision {
  readonly who: string;
  readonly total?: number;
  readonly adjust?: number;
  /** `as before`: the points that the run before computed. */
  readonly was?: number | 'none' | 'as before' | undefined;
  /** `as before`: the codes that the page of the run before proposed. */
  readonly codes?: 'as before' | 'of something else' | undefined;
}

/** A line of extensions.csv, for a student, a `group Red` or a `section A`. */
export interface Extension {
  readonly who: string;
  readonly by: Minutes;
}

/** A line of matches.csv: who a stranger's repository belongs to: one student, several, or nobody. */
export interface Matched {
  readonly repository: string;
  readonly to: readonly string[];
}

/** One run of the grader, with the tables as they were at that time. */
export interface Run {
  readonly at: Minutes;
  /** Students who are not in the list that is given: it is that of a part. */
  readonly unlisted: readonly string[];
  readonly extensions: readonly Extension[];
  readonly decided: readonly Decision[];
  readonly matched: readonly Matched[];
}

export interface DescribedClass {
  readonly rules: Rules;
  /** Where the roster comes from; a host's roster knows more about its students. */
  readonly roster: 'nobody' | 'Canvas' | 'Moodle';
  readonly students: readonly Student[];
  /** Whether Cyd has the first name Ada too, so that hosts that know people by name cannot tell them apart. */
  readonly areNamesakes: boolean;
  readonly handedIn: readonly Submission[];
  /** The runs, each compared with the one before. */
  readonly runs: readonly Run[];
}

const names = ['Ada', 'Ben', 'Cyd', 'Dov', 'Eve'];

/** Times at which a rule changes the outcome, and a minute before and after each. */
const minutesOfRules = fc
  .tuple(fc.constantFrom(-2, 0, 1, 2, 3, 4, 6).map(days), fc.constantFrom(-1, 0, 1, 14, 15, 16, 59, 60, 61))
  .map(([day, more]) => day + more);
const minutes = fc.oneof(minutesOfRules, fc.integer({ min: days(-3), max: days(9) }));

const commits = fc
  .uniqueArray(fc.record({ at: minutes, work: fc.constantFrom(...works) }), {
    maxLength: 4,
    selector: ({ at }) => at,
  })
  .chain((made) => {
    const sorted = made.toSorted((one, other) => one.at - other.at);
    // Sometimes a clock goes backwards.
    return fc.oneof({ arbitrary: fc.constant(sorted), weight: 4 }, fc.constant(made));
  });

const cost = fc.constantFrom<(number | string | undefined)[]>(undefined, 1, 4, '10%', '15%', '100%');

const anyRules: fc.Arbitrary<Rules> = fc.record({
  deadline: fc.option(
    fc.record({
      grace: fc.constantFrom(0, 15),
      late: fc.option(fc.record({ perDay: cost, atMost: cost, until: fc.constantFrom(undefined, 1, 2, 3) }), {
        nil: undefined,
      }),
      clocksGoBack: fc.boolean(),
    }),
    { nil: undefined, freq: 8 },
  ),
  noSubmission: fc.constantFrom('blank', 'zero'),
  solution: fc.constantFrom('never', 'after_due'),
});

const student = fc.record({
  section: fc.constantFrom('', 'A', 'B', 'A, B'),
  team: fc.constantFrom('', 'Red', 'Blue', 'Red, Blue'),
  hostGrade: fc.constantFrom('' as const, 0, 7),
  isShut: fc.boolean(),
  extendedTo: fc.constantFrom(undefined, undefined, hours(12), hours(48), hours(96), 'not read' as const),
});

/** Names that a table or a repository may have: people in the class, somebody outside it, and teams. */
const anybody = fc.constantFrom(...names, 'Zoe');
const oneEach = <Line extends { readonly who: string }>(line: fc.Arbitrary<Line>) =>
  fc.uniqueArray(line, { selector: ({ who }) => who, maxLength: 2 });

const together = fc.constantFrom('section A', 'section B', 'section C', 'group Red', 'group Blue');
const extensions = oneEach(
  fc.record({ who: fc.oneof(anybody, together), by: fc.constantFrom(1, 12, 24, 48, 96).map(hours) }),
);
const was = fc.constantFrom(undefined, 'none' as const, 0, 3, 4, 6, 10);
const seen = {
  was: fc.constantFrom('as before' as const, 'as before' as const, 'none' as const, 0, 3),
  codes: fc.constantFrom('as before' as const, 'as before' as const, 'of something else' as const),
};
const total = fc.integer({ min: 0, max: 10 });
const adjust = fc.integer({ min: -3, max: 3 });
const decided: fc.Arbitrary<Decision[]> = oneEach(
  fc.oneof(
    fc.record({ who: anybody, total, was }),
    fc.record({ who: anybody, adjust, was }),
    fc.record({ who: anybody, total, ...seen }),
    fc.record({ who: anybody, adjust, ...seen }),
    fc.record({ who: anybody, ...seen }),
  ),
);
const matched = fc.uniqueArray(
  fc.record({
    repository: fc.constantFrom('Stranger', 'Red', 'Zoe'),
    to: fc.uniqueArray(fc.constantFrom(...names, 'Blue'), { maxLength: 2 }),
  }),
  { selector: ({ repository }) => repository, maxLength: 2 },
);
const run = fc.record({
  // Most runs come after everything was handed in.
  at: fc.oneof(minutes, { arbitrary: fc.integer({ min: days(2), max: days(12) }), weight: 3 }),
  unlisted: fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, fc.subarray(names, { maxLength: 2 })),
  extensions,
  decided,
  matched,
});

const branch: fc.Arbitrary<Branch> = fc.record({
  at: minutes,
  work: fc.constantFrom(...works),
  joined: fc.option(fc.record({ at: minutes, how: fc.constantFrom('merged', 'squashed') }), {
    nil: undefined,
  }),
});
const repository: fc.Arbitrary<Submission> = fc
  .record({
    // Repeat the first names, because small classes have only those.
    by: fc.constantFrom(...names.slice(0, 2), ...names.slice(0, 3), ...names, 'Red', 'Blue', 'Stranger'),
    from: fc.constant('GitHub' as const),
    commits: fc.option(commits, { nil: undefined, freq: 9 }),
    branch: fc.option(branch, { nil: undefined }),
  })
  .map((made) =>
    made.commits && made.branch && isOfItsOwn(made.branch, made.commits)
      ? made
      : { ...made, branch: undefined },
  );

/** Whether the work is only on this branch, and at times that no other commit has. */
function isOfItsOwn({ at, work, joined }: Branch, others: readonly Commit[]): boolean {
  const times = [...others.map((one) => one.at), at, ...(joined ? [joined.at] : [])];
  return (
    work !== 'as given' && others.every((one) => one.work !== work) && new Set(times).size === times.length
  );
}

const folder: fc.Arbitrary<Submission> = fc.record({
  by: fc.constantFrom(...names, 'Red', 'Blue', 'Yan'),
  from: fc.constant('folders' as const),
  // A download that contains only PDFs is not recognized as a class.
  commits: fc
    .constantFrom(...works.filter((work) => work !== 'a PDF alone'))
    .map((work) => [{ at: Number.NEGATIVE_INFINITY, work }]),
});
const downloaded: fc.Arbitrary<Submission> = fc.record(
  {
    by: fc.constantFrom(...names, 'Red', 'Blue', 'Red', 'Blue', 'Yan'),
    from: fc.constant('Moodle' as const),
    commits: fc.tuple(fc.record({ at: minutesOfRules, work: fc.constantFrom(...works) })),
    inMoodle: fc.constantFrom('lost' as const, 'draft' as const),
  },
  { requiredKeys: ['by', 'from', 'commits'] },
);

/** A downloaded submission as another host would have it. */
function fromHost(submission: Submission, from: Host): Submission {
  if (submission.from !== 'Moodle' || from === 'Moodle') return submission;
  const at = Number.NEGATIVE_INFINITY;
  const undated = submission.commits?.map((commit) => ({ ...commit, at }));
  return { by: submission.by, from, commits: isDated(from) ? submission.commits : undated };
}

/** A class of one to five students, and one or two runs. */
export const anyClass: fc.Arbitrary<DescribedClass> = fc
  .record({
    rules: anyRules,
    host: fc.constantFrom('Moodle' as const, 'Moodle' as const, 'Canvas' as const, 'Gradescope' as const),
    hasItsRoster: fc.boolean(),
    areNamesakes: fc.boolean(),
    students: fc.array(student, { minLength: 1, maxLength: names.length }),
    handedIn: fc.uniqueArray(
      fc.oneof(
        { arbitrary: repository, weight: 4 },
        { arbitrary: folder, weight: 1 },
        { arbitrary: downloaded, weight: 2 },
      ),
      { selector: ({ by, from }) => `${by} ${from}`, maxLength: 6 },
    ),
    runs: fc.array(run, { minLength: 1, maxLength: 2 }),
  })
  .map(({ host, hasItsRoster, areNamesakes, students, handedIn, ...made }) => ({
    ...made,
    // In Moodle, a class in which two share a name and there are no others looks like an anonymous class.
    areNamesakes: areNamesakes && !(hasItsRoster && host === 'Moodle'),
    roster: hasItsRoster && host !== 'Gradescope' ? host : ('nobody' as const),
    students: students.map((rest, index) => ({ name: names[index] ?? '', ...rest })),
    handedIn: handedIn.map((submission) => fromHost(submission, host)),
    runs: made.runs.sort((one, other) => one.at - other.at),
  }))
  // Without a deadline, there is nothing to extend.
  .map(({ rules, runs, students, ...made }) => ({
    rules,
    ...made,
    students: rules.deadline ? students : students.map((one) => ({ ...one, extendedTo: undefined })),
    runs: rules.deadline ? runs : runs.map((one) => ({ ...one, extensions: [] })),
  }))
  .filter((made) => isGraded(made) && !isOpenQuestion(made))
  .map((made) => ({ ...made, [fc.toStringMethod]: () => `\n${inWords(made)}\n` }));

/** Whether a run gets to see a submission. */
export const isThere = ({ from, commits: made, inMoodle }: Submission, { at }: Run) =>
  from === 'GitHub' || (inMoodle !== 'lost' && made?.every((commit) => commit.at <= at));

/** The first name of somebody. */
export const firstNameOf = ({ areNamesakes }: DescribedClass, who: string) =>
  areNamesakes && who === 'Cyd' ? 'Ada' : who;

export const loginOf = (name: string) => name.toLowerCase();

/** Canvas and Moodle name a submission after the person. */
export const calledIn = ({ by, from }: Pick<Submission, 'by' | 'from'>, described: DescribedClass) =>
  loginOf(from === 'Canvas' || from === 'Moodle' ? firstNameOf(described, by) : by);

/** The students in a group. The first of them hands in, where one does so for all. */
export const membersOf = (students: readonly Student[], group: string) =>
  students.filter(({ team }) => team === group).sort((one, other) => (one.name < other.name ? -1 : 1));

const namesIn = (cell: string) => cell.split(', ').filter(Boolean);

/** The students whom a line of extensions.csv is for. A cell of the roster may name several groups or sections. */
export const meantBy = (students: readonly Student[], who: string) =>
  students.filter(
    ({ name, team, section }) =>
      name === who ||
      namesIn(team).some((group) => `group ${group}` === who) ||
      namesIn(section).some((one) => `section ${one}` === who),
  );

/**
 * Whether the roster has a single group of that name: in a host's roster, groups belong to the course, otherwise to a
 * section.
 */
export const isOneTeam = ({ roster, students }: DescribedClass, who: string) =>
  new Set(membersOf(students, who).map(({ section }) => roster === 'nobody' && section)).size === 1;

/** A class as the list of a run has it. */
export const listedIn = (described: DescribedClass, { unlisted }: Run): DescribedClass => ({
  ...described,
  students: described.students.filter(({ name }) => !unlisted.includes(name)),
});

/** Nothing is graded if nobody in the class handed in, or if a line names a group that two sections have. */
export function isGraded(described: DescribedClass): boolean {
  const { students, handedIn, runs, roster } = described;
  const lines = runs.flatMap(({ matched: made }) => made.flatMap(({ to }) => to));
  const isKnown = (who: string) => students.some(({ name }) => name === who) || isOneTeam(described, who);
  const sectionsOf = (who: string) => new Set(meantBy(students, who).map(({ section }) => section));
  const isOfTwo = ({ who }: Extension) =>
    who.startsWith('group') && roster === 'nobody' && sectionsOf(who).size > 1;
  return (
    lines.every(isKnown) &&
    runs.every((one) => {
      const { students: listed } = listedIn(described, one);
      const isIn = ({ by }: Submission) => listed.some(({ name }) => name === by);
      return !one.extensions.some(isOfTwo) && handedIn.some((made) => isIn(made) && isThere(made, one));
    })
  );
}

/**
 * Classes in which a student may be part of a team with an empty repository, or may have two submissions in Moodle,
 * which has a single time for both: the page does not say what happens then.
 */
function isOpenQuestion(described: DescribedClass): boolean {
  const { students, handedIn } = described;
  const isEmptyTeams = students.some(({ team }) => team) && handedIn.some(({ commits: made }) => !made);
  const inMoodle = handedIn.filter(({ from }) => from === 'Moodle').map(({ by }) => by);
  return (
    isEmptyTeams || students.some(({ name, team }) => inMoodle.includes(name) && inMoodle.includes(team))
  );
}

/** `2 d 3 h 5 min after the due date` */
function timeInWords(time: Minutes): string {
  const size = Math.abs(time);
  const parts = [Math.floor(size / days(1)), Math.floor((size % days(1)) / 60), size % 60];
  const words = parts.flatMap((count, index) => (count > 0 ? `${count} ${['d', 'h', 'min'][index]}` : []));
  if (size === 0) return 'in the minute when it is due';
  return `${words.join(' ')} ${time < 0 ? 'before' : 'after'} it is due`;
}

function rulesInWords({ deadline, noSubmission, solution }: Rules): string {
  const rest = `No submission: ${noSubmission}. Answers in feedback: ${solution}.`;
  if (!deadline) return `No deadline. ${rest}`;
  const { grace, late, clocksGoBack } = deadline;
  const cost = late
    ? `Late work loses ${late.perDay ?? 'nothing'} a day, at most ${late.atMost ?? 'all'}, and counts ${late.until === undefined ? 'for ever' : `for ${late.until} d`}.`
    : 'Late work counts in full.';
  return `${grace} minutes of grace${clocksGoBack ? ', and clocks go back 14 hours after it is due' : ''}. ${cost} ${rest}`;
}

function branchInWords({ at, work, joined }: Branch): string {
  const how = joined ? `${joined.how} ${timeInWords(joined.at)}` : 'not merged';
  return `; on a branch, ${work}, ${timeInWords(at)}, ${how}`;
}

function commitsInWords({ by, from, commits: made, branch: side, inMoodle }: Submission): string {
  if (!made) return `${by} has an empty repository.`;
  const told = made.map(({ at, work }) => (isDated(from) ? `${work}, ${timeInWords(at)}` : work));
  if (from === 'GitHub')
    return `${by} has the starter files${told.map((text) => `; ${text}`).join('')}${side ? branchInWords(side) : ''}.`;
  return `${by} is in the download of ${from}: ${told}${inMoodle ? ` (in Moodle, but ${inMoodle})` : ''}.`;
}

function decisionInWords({ who, total: points, adjust: more, was: before, codes }: Decision): string {
  return [
    `${who}: `,
    points !== undefined && `${points} in total`,
    more !== undefined && `adjust by ${more}`,
    points === undefined && more === undefined && 'looked at',
    before !== undefined && `, if it was ${before}`,
    codes && `, with codes ${codes}`,
    '.',
  ]
    .filter(Boolean)
    .join('');
}

function runInWords({ at, unlisted, extensions, decided, matched }: Run): string {
  return [
    `Graded ${timeInWords(at)}${unlisted.length > 0 ? `, with a list without ${unlisted.join(' and ')}` : ''}.`,
    ...extensions.map(({ who, by }) => `${who} has ${by / 60} hours more.`),
    ...decided.map(decisionInWords),
    ...matched.map(
      ({ repository, to }) =>
        `What ${repository} handed in is ${to.length > 0 ? `of ${to.join(' and ')}` : 'nobody’s'}.`,
    ),
  ].join(' ');
}

function studentInWords({ name, section, team, hostGrade, isShut, extendedTo }: Student): string {
  return [
    name,
    section && `in section ${section}`,
    team && `in team ${team}`,
    hostGrade !== '' && `(${hostGrade} points there)`,
    isShut && '(excused there, or not to be changed)',
    extendedTo && `(in Moodle until ${extendedTo === 'not read' ? extendedTo : timeInWords(extendedTo)})`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Describes a class in words, one line for each fact. */
export function inWords({ rules, roster, students, areNamesakes, handedIn, runs }: DescribedClass): string {
  return [
    rulesInWords(rules),
    `In the class: ${students.map(studentInWords).join('; ')}. The roster is ${roster}’s table.`,
    ...(areNamesakes ? ['Cyd is called Ada, too.'] : []),
    ...handedIn.map(commitsInWords),
    ...runs.map(runInWords),
  ].join('\n');
}

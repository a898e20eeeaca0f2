import fc from 'fast-check';

// A class as a person would tell it: who is in it, what they handed in and when, what the instructor wrote, and when
// the class was graded. `build.ts` makes files of it, and `expected.ts` says what has to come out.

/** Minutes after the due date of all, or before it where negative. */
export type Minutes = number;
export const hours = (count: number): Minutes => 60 * count;
export const days = (count: number): Minutes => hours(24 * count);

/** The content of a commit, as a person who looks at it would say. */
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
  /** May be none, or several between commas. */
  readonly section: string;
  readonly team: string;
  /** The grade at the host of the roster, if there is one. */
  readonly hostGrade: number | '';
  /** Whether the student is excused in Canvas, or the grade may not be changed in Moodle. */
  readonly isShut: boolean;
  /** The due date that Moodle's worksheet grants, which may be in a language that is not read. */
  readonly extendedTo: Minutes | 'not read' | undefined;
}

/** Where work is handed in; of a folder and in Canvas, nobody knows when. */
type Host = 'GitHub' | 'folders' | 'Canvas' | 'Moodle' | 'Gradescope';
export const isDated = (from: Host) => from !== 'folders' && from !== 'Canvas';

/** A commit on a branch of its own, off the starter files, and how it came to the default branch, as the last commit there. */
export interface Branch extends Commit {
  readonly joined?: { readonly at: Minutes; readonly how: 'merged' | 'squashed' } | undefined;
}

/** Work that was handed in under the name of a student, a team, or a stranger. */
export interface Submission {
  readonly by: string;
  readonly from: Host;
  /** In a repository after the starter files, each after the one before; undefined where it is empty. Elsewhere one. */
  readonly commits: readonly Commit[] | undefined;
  readonly branch?: Branch | undefined;
  /** Whether Moodle's worksheet alone knows of it, and it is not in the download; or says that it is a draft. */
  readonly inMoodle?: 'lost' | 'draft';
}

export interface Lateness {
  readonly perDay?: number | string;
  readonly atMost?: number | string;
  /** Days after the due date, when nothing counts any more. */
  readonly until?: number;
}

export interface Rules {
  /** Undefined where nothing is ever late. */
  readonly deadline:
    | { readonly grace: Minutes; readonly late?: Lateness | undefined; readonly clocksGoBack: boolean }
    | undefined;
  readonly noSubmission: 'zero' | 'blank';
  readonly solution: 'after_due' | 'never';
}

/** A line of overrides.csv. One without points says that something was looked at. */
export interface Decision {
  readonly who: string;
  readonly total?: number;
  readonly adjust?: number;
  /** As before: the points that the run before computed. */
  readonly was?: number | 'none' | 'as before' | undefined;
  /** As before: those that the page of the run before proposed. */
  readonly codes?: 'as before' | 'of something else' | undefined;
}

export interface Extension {
  readonly who: string;
  readonly by: Minutes;
}

/** A line of matches.csv: whose the repository of a stranger is; of several, or of nobody. */
export interface Matched {
  readonly repository: string;
  readonly to: readonly string[];
}

/** One run of the grader, with the tables as they were then. */
export interface Run {
  readonly at: Minutes;
  readonly section?: string | undefined;
  readonly extensions: readonly Extension[];
  readonly decided: readonly Decision[];
  readonly matched: readonly Matched[];
}

export interface DescribedClass {
  readonly rules: Rules;
  /** Whose table the roster is; a host's knows more of its students. */
  readonly roster: 'nobody' | 'Canvas' | 'Moodle';
  readonly students: readonly Student[];
  /** Whether Cyd is called Ada, too: hosts that know people by name know them as one. */
  readonly areNamesakes: boolean;
  readonly handedIn: readonly Submission[];
  /** The runs, each of which compares with the one before. */
  readonly runs: readonly Run[];
}

const names = ['Ada', 'Ben', 'Cyd', 'Dov', 'Eve'];

/** Times at which rules change, and a minute before and after them. */
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
    // Once in a while a clock goes behind.
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

/** Names that a table or a repository may have: people of the class and not, and teams. */
const anybody = fc.constantFrom(...names, 'Zoe');
const oneEach = <Line extends { readonly who: string }>(line: fc.Arbitrary<Line>) =>
  fc.uniqueArray(line, { selector: ({ who }) => who, maxLength: 2 });

const extensions = oneEach(fc.record({ who: anybody, by: fc.constantFrom(1, 12, 24, 48, 96).map(hours) }));
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
  // More often when all has been handed in.
  at: fc.oneof(minutes, { arbitrary: fc.integer({ min: days(2), max: days(12) }), weight: 3 }),
  section: fc.option(fc.constantFrom('A', 'B'), { nil: undefined, freq: 2 }),
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
    // Smaller classes have the first of them.
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

/** Whether work is on a branch alone, and at times of its own. */
function isOfItsOwn({ at, work, joined }: Branch, others: readonly Commit[]): boolean {
  const times = [...others.map((one) => one.at), at, ...(joined ? [joined.at] : [])];
  return (
    work !== 'as given' && others.every((one) => one.work !== work) && new Set(times).size === times.length
  );
}

const folder: fc.Arbitrary<Submission> = fc.record({
  by: fc.constantFrom(...names, 'Red', 'Blue', 'Yan'),
  from: fc.constant('folders' as const),
  // A download of PDFs alone is no class.
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

/** What was downloaded, as another host has it. */
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
    // Two of one name alone are an anonymous class in Moodle.
    areNamesakes: areNamesakes && !(hasItsRoster && host === 'Moodle'),
    roster: hasItsRoster && host !== 'Gradescope' ? host : ('nobody' as const),
    students: students.map((rest, index) => ({ name: names[index] ?? '', ...rest })),
    handedIn: handedIn.map((submission) => fromHost(submission, host)),
    runs: made.runs.sort((one, other) => one.at - other.at),
  }))
  // Without a deadline there is nothing to extend.
  .map(({ rules, runs, students, ...made }) => ({
    rules,
    ...made,
    students: rules.deadline ? students : students.map((one) => ({ ...one, extendedTo: undefined })),
    runs: rules.deadline ? runs : runs.map((one) => ({ ...one, extensions: [] })),
  }))
  .filter((made) => isGraded(made) && !isOpenQuestion(made))
  .map((made) => ({ ...made, [fc.toStringMethod]: () => `\n${inWords(made)}\n` }));

/** Whether a run gets what was handed in. */
export const isThere = ({ from, commits: made, inMoodle }: Submission, { at }: Run) =>
  from === 'GitHub' || (inMoodle !== 'lost' && made?.every((commit) => commit.at <= at));

/** The first name of somebody. */
export const firstNameOf = ({ areNamesakes }: DescribedClass, who: string) =>
  areNamesakes && who === 'Cyd' ? 'Ada' : who;

export const loginOf = (name: string) => name.toLowerCase();

/** The name that Canvas and Moodle give a submission is that of a person. */
export const calledIn = ({ by, from }: Pick<Submission, 'by' | 'from'>, described: DescribedClass) =>
  loginOf(from === 'Canvas' || from === 'Moodle' ? firstNameOf(described, by) : by);

export const isShown = ({ section }: Student, shown: string | undefined) =>
  shown === undefined || section.includes(shown);

/** The students whose group is called so. The first hands in where one does it for all. */
export const membersOf = (students: readonly Student[], group: string) =>
  students.filter(({ team }) => team === group).sort((one, other) => (one.name < other.name ? -1 : 1));

/** Whether the roster has one group of that name: those of a host are of the course, and others of a section. */
export const isOneTeam = ({ roster, students }: DescribedClass, who: string) =>
  new Set(membersOf(students, who).map(({ section }) => roster === 'nobody' && section)).size === 1;

/** Where nobody of the class handed in, or nobody is in the section that is shown, nothing is graded. */
function isGraded(described: DescribedClass): boolean {
  const { students, handedIn, runs } = described;
  const isIn = (who: string) => students.some(({ name }) => name === who);
  const lines = runs.flatMap(({ matched: made }) => made.flatMap(({ to }) => to));
  return (
    lines.every((who) => isIn(who) || isOneTeam(described, who)) &&
    runs.every(
      (one) =>
        handedIn.some((submission) => isIn(submission.by) && isThere(submission, one)) &&
        students.some(({ section }) => section.includes(one.section ?? '')),
    )
  );
}

/**
 * Classes in which a student may have a part in a repository without a commit, or two submissions in Moodle, which has
 * one time for both: the page does not say what becomes of them.
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

function runInWords({ at, section, extensions, decided, matched }: Run): string {
  return [
    `Graded ${timeInWords(at)}${section ? `, section ${section}` : ''}.`,
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

/** A class in words, a line for each thing. */
export function inWords({ rules, roster, students, areNamesakes, handedIn, runs }: DescribedClass): string {
  return [
    rulesInWords(rules),
    `In the class: ${students.map(studentInWords).join('; ')}. The roster is ${roster}’s table.`,
    ...(areNamesakes ? ['Cyd is called Ada, too.'] : []),
    ...handedIn.map(commitsInWords),
    ...runs.map(runInWords),
  ].join('\n');
}

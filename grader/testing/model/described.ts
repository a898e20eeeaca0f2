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
}

/** Work that was handed in under the name of a student, a team, or a stranger: a repository, or a folder without a history. */
export interface Submission {
  readonly by: string;
  /** Then it is one work, of which nobody knows the time. */
  readonly isFolder?: boolean;
  /** Commits after the starter files, each after the one before; undefined where the repository is empty. */
  readonly commits: readonly Commit[] | undefined;
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

/** A line of overrides.csv. */
export interface Decision {
  readonly who: string;
  readonly total?: number;
  readonly adjust?: number;
  readonly was?: number | 'none';
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
  readonly students: readonly Student[];
  readonly handedIn: readonly Submission[];
  /** The runs, each of which compares with the one before. */
  readonly runs: readonly Run[];
}

const names = ['Ada', 'Ben', 'Cyd', 'Dov', 'Eve'];

/** Times at which rules change, a minute before and after them, and any others. */
const minutes = fc.oneof(
  fc
    .tuple(fc.constantFrom(-2, 0, 1, 2, 3, 4, 6).map(days), fc.constantFrom(-1, 0, 1, 14, 15, 16, 59, 60, 61))
    .map(([day, more]) => day + more),
  fc.integer({ min: days(-3), max: days(9) }),
);

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
});

/** Names that a table or a repository may have: people of the class and not, and teams. */
const anybody = fc.constantFrom(...names, 'Zoe');
const oneEach = <Line extends { readonly who: string }>(line: fc.Arbitrary<Line>) =>
  fc.uniqueArray(line, { selector: ({ who }) => who, maxLength: 2 });

const extensions = oneEach(fc.record({ who: anybody, by: fc.constantFrom(1, 12, 24, 48, 96).map(hours) }));
const was = fc.constantFrom<(number | 'none' | undefined)[]>(undefined, 'none', 0, 3, 4, 6, 10);
const decided = oneEach(
  fc.oneof(
    fc.record({ who: anybody, total: fc.integer({ min: 0, max: 10 }), was }),
    fc.record({ who: anybody, adjust: fc.integer({ min: -3, max: 3 }), was }),
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

const repository: fc.Arbitrary<Submission> = fc.record({
  // Smaller classes have the first of them.
  by: fc.constantFrom(...names.slice(0, 2), ...names.slice(0, 3), ...names, 'Red', 'Blue', 'Stranger'),
  commits: fc.option(commits, { nil: undefined, freq: 9 }),
});
const folder: fc.Arbitrary<Submission> = fc.record({
  by: fc.constantFrom(...names, 'Red', 'Blue', 'Yan'),
  isFolder: fc.constant(true),
  // A download of PDFs alone is no class.
  commits: fc
    .constantFrom(...works.filter((work) => work !== 'a PDF alone'))
    .map((work) => [{ at: Number.NEGATIVE_INFINITY, work }]),
});

/** A class of one to five students, and one or two runs. */
export const anyClass: fc.Arbitrary<DescribedClass> = fc
  .record({
    rules: anyRules,
    students: fc.array(student, { minLength: 1, maxLength: names.length }),
    handedIn: fc.uniqueArray(
      fc.oneof({ arbitrary: repository, weight: 4 }, { arbitrary: folder, weight: 2 }),
      { selector: ({ by, isFolder }) => `${by} ${isFolder}`, maxLength: 6 },
    ),
    runs: fc.array(run, { minLength: 1, maxLength: 2 }),
  })
  .map(({ students, ...made }) => ({
    ...made,
    students: students.map((rest, index) => ({ name: names[index] ?? '', ...rest })),
    runs: made.runs.sort((one, other) => one.at - other.at),
  }))
  // Without a deadline there is nothing to extend.
  .map(({ rules, runs, ...made }) => {
    const usable = rules.deadline ? runs : runs.map((one) => ({ ...one, extensions: [] }));
    return { rules, runs: usable, ...made };
  })
  .filter((made) => isGraded(made) && !isOpenQuestion(made))
  .map((made) => ({ ...made, [fc.toStringMethod]: () => `\n${inWords(made)}\n` }));

/** Whether the roster has a group of that name, in one section alone. */
export const isOneTeam = (students: readonly Student[], who: string) =>
  new Set(students.filter(({ team }) => team === who).map(({ section }) => section)).size === 1;

/** Where nobody of the class handed in, or nobody is in the section that is shown, nothing is graded. */
function isGraded({ students, handedIn, runs }: DescribedClass): boolean {
  const isIn = (who: string) => students.some(({ name }) => name === who);
  const lines = runs.flatMap(({ matched: made }) => made.flatMap(({ to }) => to));
  return (
    handedIn.some(({ by }) => isIn(by)) &&
    lines.every((who) => isIn(who) || isOneTeam(students, who)) &&
    runs.every(({ section = '' }) => students.some((one) => one.section.includes(section)))
  );
}

/** Classes in which a zero may wait for a teammate's repository without a commit: the page does not say whether it does. */
function isOpenQuestion({ rules, students, handedIn }: DescribedClass): boolean {
  const areTeams = students.some(({ team }) => team);
  return rules.noSubmission === 'zero' && areTeams && handedIn.some(({ commits: made }) => !made);
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

const commitsInWords = ({ by, isFolder, commits: made }: Submission) => {
  if (isFolder) return `${by} has a folder: ${made?.[0]?.work}.`;
  if (!made) return `${by} has an empty repository.`;
  const told = made.map(({ at, work }) => `${work}, ${timeInWords(at)}`);
  return `${by} has the starter files${told.map((text) => `; ${text}`).join('')}.`;
};

function runInWords({ at, section, extensions, decided, matched }: Run): string {
  return [
    `Graded ${timeInWords(at)}${section ? `, section ${section}` : ''}.`,
    ...extensions.map(({ who, by }) => `${who} has ${by / 60} hours more.`),
    ...decided.map(
      ({ who, total, adjust, was }) =>
        `${who}: ${total === undefined ? `adjust by ${adjust}` : `${total} in total`}${was === undefined ? '' : `, if it was ${was}`}.`,
    ),
    ...matched.map(
      ({ repository, to }) =>
        `What ${repository} handed in is ${to.length > 0 ? `of ${to.join(' and ')}` : 'nobody’s'}.`,
    ),
  ].join(' ');
}

/** A class in words, a line for each thing. */
export function inWords({ rules, students, handedIn, runs }: DescribedClass): string {
  const people = students.map(({ name, section, team }) =>
    [name, section && `in section ${section}`, team && `in team ${team}`].filter(Boolean).join(' '),
  );
  return [
    rulesInWords(rules),
    `In the class: ${people.join(', ')}.`,
    ...handedIn.map(commitsInWords),
    ...runs.map(runInWords),
  ].join('\n');
}

import { type Course, withDeadline } from '../../course/course';
import { releasedCourse, work } from '../classes';
import { gradeHistories, type MadeClone } from '../grade-histories';
import { answersOf, blankAnswers, notesOf, partly, rightAnswers } from '../worksheet';
import {
  type DescribedClass,
  days,
  hours,
  type Minutes,
  type Rules,
  type Run,
  type Submission,
  type Work,
} from './described';

// Makes what the grader reads of a class that was described, and grades it, all in memory.

const timezone = 'America/New_York';
const msPerMinute = 60_000;
/** Two days at noon there: in summer, and on the day before clocks go back. */
const noon = { summer: Date.parse('2025-07-01T16:00Z'), autumn: Date.parse('2025-11-01T16:00Z') };

const dueAt = ({ deadline }: Rules) => (deadline?.clocksGoBack ? noon.autumn : noon.summer);

const allWrong = answersOf('{ down: 1, across: 1 }', '{ down: 1, across: 1 }');
const slip = rightAnswers.replace('across: 11', 'across 11');

const filesOf: Readonly<Record<Work, Readonly<Record<string, string>>>> = {
  'as given': work(blankAnswers),
  'all wrong': work(allWrong),
  'one response': work(blankAnswers, 'Pears'),
  'answers alone': work(rightAnswers),
  'a slip in the answers': work(slip, 'Pears'),
  'one cell wrong': work(partly, 'Pears'),
  'all right': work(rightAnswers, 'Pears', 'Lemons'),
  'two files that differ': { ...work(rightAnswers), 'work/boxes (1).ts': partly },
  'a PDF alone': { 'work/boxes.pdf': '%PDF', 'work/notes.md': notesOf() },
};

/** The clock in New York, some minutes after the due date. */
function momentAt(rules: Rules, at: Minutes): string {
  const offset = rules.deadline?.clocksGoBack && at >= hours(14) ? 5 : 4;
  return new Date(dueAt(rules) + at * msPerMinute - offset * hours(1) * msPerMinute)
    .toISOString()
    .slice(0, 16);
}

/** Every commit is made twenty seconds into its minute. */
const secondsIn = 20_000;
const timeOf = (rules: Rules, at: Minutes) => dueAt(rules) + at * msPerMinute + secondsIn;

/** The repository as it is at a time: what comes later was not pushed yet. */
function repositoryAt({ commits }: Submission, rules: Rules, now: Minutes): MadeClone {
  if (!commits) return { commits: {}, refs: {} };
  const pushed = commits.filter(({ at }) => at <= now);
  const start = { time: timeOf(rules, days(-30)), files: filesOf['as given'] };
  const made = pushed.map(({ at, work: held }, index) => [
    `c${index}`,
    { time: timeOf(rules, at), files: filesOf[held] },
  ]);
  return { commits: { start, ...Object.fromEntries(made) } };
}

const released = releasedCourse();

function courseOf(rules: Rules): Course {
  const { deadline, noSubmission, solution } = rules;
  const late = deadline?.late;
  const course = { ...released, file: { ...released.file, no_submission: noSubmission, solution } };
  return withDeadline(
    course,
    deadline && {
      due: momentAt(rules, 0),
      timezone,
      grace_minutes: deadline.grace,
      late: late && {
        per_day: late.perDay,
        at_most: late.atMost,
        // By the clock, as an instructor writes it.
        until: late.until === undefined ? undefined : daysLaterAt(rules, late.until),
      },
    },
  );
}

const daysLaterAt = (rules: Rules, count: number) =>
  new Date(Date.parse(`${momentAt(rules, 0)}Z`) + days(count) * msPerMinute).toISOString().slice(0, 16);

const loginOf = (name: string) => name.toLowerCase();
const table = (...rows: readonly (readonly (string | number | undefined)[])[]) =>
  rows.map((cells) => `${cells.map((cell) => `"${cell ?? ''}"`).join(',')}\n`).join('');

function tablesOf(
  { rules }: DescribedClass,
  { extensions, decided, matched }: Run,
): Readonly<Record<string, string>> {
  const overrides = decided.map(({ who, total, adjust, was }) => [
    loginOf(who),
    total,
    adjust !== undefined && adjust >= 0 ? `+${adjust}` : adjust,
    'Seen',
    was,
  ]);
  return {
    ...(extensions.length > 0 && {
      'extensions.csv': table(
        ['who', 'due'],
        ...extensions.map(({ who, by }) => [loginOf(who), momentAt(rules, by)]),
      ),
    }),
    'overrides.csv': table(['login', 'total', 'adjust', 'reason', 'was'], ...overrides),
    'matches.csv': table(
      ['submission', 'login'],
      ...matched.flatMap(({ repository, to }) =>
        (to.length > 0 ? to.map(loginOf) : ['-']).map((who) => [`fruit-${loginOf(repository)}`, who]),
      ),
    ),
  };
}

export type Graded = Awaited<ReturnType<typeof gradeHistories>>;

/** Each distinct text is read and graded once. */
let grader: Graded['graded']['grader'] | undefined;

/** Grades a class once for each of its runs. */
export async function gradeDescribed(
  described: DescribedClass,
  areFoldersFirst?: boolean,
): Promise<Graded[]> {
  const { rules, students, handedIn, runs } = described;
  const course = courseOf(rules);
  const roster = table(
    ['login', 'section', 'group'],
    ...students.map(({ name, section, team }) => [loginOf(name), section, team]),
  );
  const graded: Graded[] = [];
  for (const run of runs) {
    const clones = handedIn
      .filter(({ isFolder }) => !isFolder)
      .map((repository) => [loginOf(repository.by), repositoryAt(repository, rules, run.at)]);
    const folders = handedIn
      .filter(({ isFolder }) => isFolder)
      .map(({ by, commits }) => [loginOf(by), filesOf[commits?.[0]?.work ?? 'as given']]);
    const result = await gradeHistories(course, Object.fromEntries(clones), {
      roster,
      folders: Object.fromEntries(folders),
      areFoldersFirst,
      tables: tablesOf(described, run),
      section: run.section,
      feedback: true,
      started: new Date(timeOf(rules, run.at) + secondsIn),
      earlier: graded.at(-1)?.asEarlier,
      grader,
    });
    grader = result.graded.grader;
    graded.push(result);
  }
  return graded;
}

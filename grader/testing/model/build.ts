import { wasOf } from '../../class/results/to-decide';
import { type Course, withDeadline } from '../../course/course';
import { releasedCourse, work } from '../classes';
import { canvasFiles, type Enrolled, type Files, gradescopeFiles, moodleFiles } from '../downloads';
import { gradeHistories, type MadeClone } from '../grade-histories';
import { answersOf, blankAnswers, notesOf, partly, rightAnswers } from '../worksheet';
import {
  type Commit,
  type DescribedClass,
  days,
  firstNameOf,
  hours,
  isThere,
  listedIn,
  loginOf,
  type Minutes,
  membersOf,
  type Rules,
  type Run,
  type Submission,
  type Work,
} from './described';

// Makes the grader's input from a described class, and grades it, all in memory.

const timezone = 'America/New_York';
const msPerMinute = 60_000;
/** Noon in New York on two days: in summer, and on the day before clocks go back. */
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
  'one cell wrong, no response': work(partly),
  'all right': work(rightAnswers, 'Pears', 'Lemons'),
  'two files that differ': { ...work(rightAnswers), 'work/boxes (1).ts': partly },
  'a PDF alone': { 'work/boxes.pdf': '%PDF', 'work/notes.md': notesOf() },
};

/** The time on a clock in New York, some minutes after the due date. */
function momentAt(rules: Rules, at: Minutes): string {
  const offset = rules.deadline?.clocksGoBack && at >= hours(14) ? 5 : 4;
  return new Date(dueAt(rules) + at * msPerMinute - offset * hours(1) * msPerMinute)
    .toISOString()
    .slice(0, 16);
}

/** Every commit is made twenty seconds into its minute. */
const secondsIn = 20_000;
const timeOf = (rules: Rules, at: Minutes) => dueAt(rules) + at * msPerMinute + secondsIn;

/** The repository as it was at a time, without what was pushed later. */
function repositoryAt({ by, commits, branch }: Submission, rules: Rules, now: Minutes): MadeClone {
  if (!commits) return { commits: {}, refs: {} };
  const madeOf = ({ at, work: held }: Commit) => ({ time: timeOf(rules, at), files: filesOf[held] });
  const start = madeOf({ at: days(-30), work: 'as given' });
  const pushed = commits.filter(({ at }) => at <= now).map((commit, index) => [`c${index}`, madeOf(commit)]);
  const origin = `https://github.com/org/fruit-${loginOf(by)}.git`;
  const made = { start, ...Object.fromEntries(pushed) };
  if (!branch || branch.at > now) return { commits: made, origin };
  const main = `c${pushed.length - 1}`.replace('c-1', 'start');
  const side = { ...madeOf(branch), parents: ['start'] };
  const { at = Number.POSITIVE_INFINITY, how } = branch.joined ?? {};
  if (at > now)
    return {
      commits: { ...made, side },
      refs: { 'refs/heads/main': main, 'refs/heads/side': 'side' },
      origin,
    };
  const joined = {
    ...madeOf({ ...branch, at }),
    parents: how === 'merged' ? [main, 'side'] : [main],
  };
  return {
    commits: { ...made, side, joined },
    refs: { 'refs/heads/main': 'joined', 'refs/heads/side': 'side' },
    origin,
  };
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
        // By the clock, as an instructor would write it.
        until: late.until === undefined ? undefined : daysLaterAt(rules, late.until),
      },
    },
  );
}

const daysLaterAt = (rules: Rules, count: number) =>
  new Date(Date.parse(`${momentAt(rules, 0)}Z`) + days(count) * msPerMinute).toISOString().slice(0, 16);

const table = (...rows: readonly (readonly (string | number | undefined)[])[]) =>
  rows.map((cells) => `${cells.map((cell) => `"${cell ?? ''}"`).join(',')}\n`).join('');

/** A person or a team as hosts know them. */
function enrolled(
  described: DescribedClass,
  name: string,
  isTeam = false,
): Omit<Enrolled, 'handedIn' | 'points'> {
  const number = Number.parseInt(name, 36);
  return {
    login: loginOf(name),
    first: isTeam ? '' : firstNameOf(described, name),
    last: isTeam ? name : 'Fig',
    email: `${loginOf(name)}@example.org`,
    userId: `7${number}`,
    participant: `1${number}`,
    studentId: `A${number}`,
  };
}

/** The files of each other source in a run, by its name. */
function archivesOf(described: DescribedClass, run: Run): Readonly<Record<string, Files>> {
  const { rules, students, handedIn } = described;
  const inIt = (wanted: Submission['from']) =>
    handedIn.flatMap(({ by, from, commits = [], ...rest }) => {
      const [first] = commits;
      if (from !== wanted || !first || !isThere({ by, from, commits, ...rest }, run)) return [];
      const files = Object.entries(filesOf[first.work]);
      // Canvas numbers a file that was handed in again like this.
      const flat = files.map(([path, text]) => [
        path.replace('work/', '').replace(' (1)', from === 'Canvas' ? '-1' : ' (1)'),
        text,
      ]);
      const handed = { handedIn: Object.fromEntries(flat), points: null };
      const members = membersOf(students, by).map(({ name }) => ({
        ...enrolled(described, name),
        ...handed,
      }));
      return [
        {
          by,
          at: first.at,
          files,
          members,
          as: { ...enrolled(described, by, members.length > 0), ...handed },
        },
      ];
    });
  const folders = inIt('folders').flatMap(({ by, files }) =>
    files.map(([path, text]) => [`${loginOf(by)}/${path}`, text]),
  );
  const inGradescope = inIt('Gradescope');
  const submitters = inGradescope.map(({ as, members }) => (members.length > 0 ? members : [as]));
  const archives = {
    folders: Object.fromEntries(folders),
    // The name is that of the team, and the number that of a member.
    Canvas: canvasFiles(
      inIt('Canvas').map(({ as, members: [first] }) => ({ ...as, userId: first?.userId ?? as.userId })),
    ),
    Moodle: moodleFiles(inIt('Moodle').map(({ as }) => as)),
    Gradescope:
      submitters.length > 0 &&
      gradescopeFiles(submitters, (index) => {
        const { by = '', at = 0 } = inGradescope[index] ?? {};
        return { id: loginOf(by), createdAt: new Date(timeOf(rules, at)).toISOString() };
      }),
  };
  return Object.fromEntries(Object.entries(archives).filter(([, files]) => Object.keys(files).length > 0));
}

/** `Monday, 2 November 2026, 9:14 AM` */
function moodleTime(rules: Rules, at: Minutes): string {
  const time = new Date(`${momentAt(rules, at)}Z`);
  const write = (options: Intl.DateTimeFormatOptions) =>
    time.toLocaleString('en-US', { timeZone: 'UTC', ...options }).replace(/\s/g, ' ');
  const [day, month] = [write({ weekday: 'long' }), write({ month: 'long' })];
  const clock = write({ hour: 'numeric', minute: '2-digit' });
  return `${day}, ${time.getUTCDate()} ${month} ${time.getUTCFullYear()}, ${clock}`;
}

/** Moodle's worksheet at the time of a run. */
function moodleWorksheet(described: DescribedClass, run: Run): string {
  const { rules, students, handedIn } = described;
  const ifSections = columnIf(students.some(({ section }) => section));
  const lines = students.map(({ name, section, team, extendedTo, hostGrade, isShut }) => {
    const { first, email, participant, studentId } = enrolled(described, name);
    const own = handedIn.find(({ by, from }) => from === 'Moodle' && (by === name || by === team));
    const { at } = own?.commits?.find((commit) => commit.at <= run.at) ?? {};
    const granted = extendedTo === 'not read' ? 'Prolongation : mardi 3 novembre 2099, 23:59' : undefined;
    const extension =
      typeof extendedTo === 'number'
        ? `Extension granted until: ${moodleTime(rules, extendedTo)}`
        : (granted ?? '');
    const handed = own?.inMoodle === 'draft' ? 'Draft (not submitted)' : 'Submitted for grading';
    return [
      ...[`Participant ${participant}`, `${first} Fig`, studentId, email],
      `${at === undefined ? 'No submission' : handed} - ${extension} -  - `,
      ...[team, hostGrade, '10.00', isShut ? 'No' : 'Yes'],
      ...[at === undefined ? '-' : moodleTime(rules, at), '-', ''],
      ...[loginOf(name), ...ifSections(section)],
    ];
  });
  const moodles =
    'Identifier;Full name;ID number;Email address;Status;Group;Grade;Maximum grade;Grade can be changed;Last modified (submission);Last modified (grade);Feedback comments';
  return table([...moodles.split(';'), 'login', ...ifSections('section')], ...lines);
}

function rosterOf(described: DescribedClass, run: Run): string {
  const { roster, students } = described;
  if (roster === 'Moodle') return moodleWorksheet(described, run);
  const known = students.map((student) => ({ ...enrolled(described, student.name), ...student }));
  const ifSections = columnIf(students.some(({ section }) => section));
  if (roster === 'Canvas')
    return table(
      [
        'Student',
        'ID',
        'SIS User ID',
        'SIS Login ID',
        ...ifSections('Section'),
        'login',
        'group',
        'Fruit in boxes (55)',
      ],
      ['    Points Possible', '', '', '', ...ifSections(''), '', '', 10],
      ...known.map(({ first, userId, studentId, email, section, login, team, hostGrade, isShut }) => [
        ...[`Fig, ${first}`, userId, studentId, email, ...ifSections(section), login, team],
        isShut ? 'EX' : hostGrade,
      ]),
    );
  return table(
    ['login', 'name', 'id', 'sid', 'email', ...ifSections('section'), 'group'],
    ...known.map(({ login, first, userId, studentId, email, section, team }) => [
      ...[login, `${first} Fig`, userId, studentId, email, ...ifSections(section), team],
    ]),
  );
}

/** A cell of a column that only some tables have. */
const columnIf = (isThere: boolean) => (cell: string) => (isThere ? [cell] : []);

const typedBy = (who: string) =>
  loginOf(who).replace(/^(section|group) /, (word) => `${word.trim().toUpperCase()} \u00a0`);

/** A line of overrides.csv without points needs a code; this one fits no note. */
const codeOfNothing = 'k4fxwp';

function tablesOf(
  { rules }: DescribedClass,
  { extensions, decided, matched }: Run,
  before: Graded | undefined,
): Readonly<Record<string, string>> {
  const overrides = decided.map(({ who, total, adjust, was, codes }) => {
    const row = before?.asEarlier?.students.find(({ key }) => key === loginOf(who));
    const [points, ...proposed] = row ? wasOf(row).split(' ') : ['none'];
    return [
      loginOf(who),
      total,
      adjust !== undefined && adjust >= 0 ? `+${adjust}` : adjust,
      'Seen',
      [was === 'as before' ? points : was, ...(codes === 'as before' ? proposed : []), codes && codeOfNothing]
        .filter((part) => part !== undefined)
        .join(' '),
    ];
  });
  return {
    ...(extensions.length > 0 && {
      'extensions.csv': table(
        ['who', 'due'],
        // Typed by hand: `SECTION  a`, with a no-break space.
        ...extensions.map(({ who, by }) => [typedBy(who), momentAt(rules, by)]),
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

/** Kept for all classes, so that each distinct text is read and graded only once. */
let grader: Graded['graded']['grader'] | undefined;

/** Grades a class once for each of its runs. */
export async function gradeDescribed(described: DescribedClass, isReversed?: boolean): Promise<Graded[]> {
  const { rules, handedIn, runs } = described;
  const course = courseOf(rules);
  const graded: Graded[] = [];
  for (const run of runs) {
    const inList = listedIn(described, run);
    const clones = handedIn
      .filter(({ from }) => from === 'GitHub')
      .map((repository) => [loginOf(repository.by), repositoryAt(repository, rules, run.at)]);
    const archives = archivesOf(described, run);
    const result = await gradeHistories(course, Object.fromEntries(clones), {
      roster: rosterOf(inList, run),
      isPart: true,
      archives,
      isReversed,
      tables: tablesOf(described, run, graded.at(-1)),
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

import type { Course } from '../../course/course';
import type { Deadline } from '../../rubric/file.schema';
import { momentForm, momentOf } from '../../rubric/moment';
import { conflicting } from '../decisions/decided';
import type { Decision } from '../decisions/decision.schema';
import { decisionsFile } from '../decisions/journal';
import { assertNoProblems, keptLine, readTable, type TableFile, type TableRow } from '../members/csv-table';
import { type NamedTogether, namedTogether, partsOf } from '../members/groups';
import { matchesColumns, matchesFile } from '../members/matches-table';
import { comparableIdentity, keysNow, type People, type Student } from '../members/people';
import { lineText, withDecided } from './decided-points';
import type { EarlierRun, GradedClass, OpenClass } from './graded-class';
import type { StudentResult } from './student-result.schema';

// The tables of a results folder that an instructor fills in. Every run reads them, and none writes them.

export const overridesFile = 'overrides.csv';
export const extensionsFile = 'extensions.csv';
export const commentsFile = 'comments.csv';

/** The form that a column's cells must have, as a pattern and in words. */
type TableColumn = readonly [pattern: RegExp, form: string];

const something: TableColumn = [/./, 'something'];

/** The columns of each table. The first names the student, by any fact. */
const columnsOf: Record<string, Readonly<Record<string, TableColumn>>> = {
  [overridesFile]: {
    login: something,
    total: [/^(?:\d{0,6}|EX)$/i, 'a whole number of points, or EX to excuse'],
    adjust: [/^(?:[+-]\d{1,6})?$/, 'a whole number with its sign, such as +2'],
    reason: something,
  },
  [commentsFile]: { login: something, text: something },
  [extensionsFile]: { who: something, due: [/^/, ''] },
};

/** The headings of every table that is filled in by hand. The first names the person or the submission. */
export const headingsByHand: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(columnsOf).map(([name, columns]) => [name, Object.keys(columns)])),
  [matchesFile]: matchesColumns,
};

/** A table that is filled in by hand, as far as it is about this run. */
interface ReadTable {
  /** The line of each student, by key. */
  readonly lines: ReadonlyMap<string, TableRow>;
  /** Lines about people not in this class. */
  readonly others: readonly TableRow[];
  /** A sentence for each of these lines, which stay in the table. */
  readonly kept: readonly string[];
}

/**
 * Reads a table that is filled in by hand, with one line per student. It may be missing.
 *
 * @param resolve finds whom the word of a line means, or says what to write instead; an empty text if nobody here.
 * @param faultIn says what else is wrong with a line, if anything is.
 * @throws {GraderError} that lists every line that cannot be used.
 */
function readByHand(
  tables: ReadonlyMap<string, TableFile>,
  name: string,
  resolve: (word: string, cells: TableRow['cells']) => Pick<Student, 'key'> | string,
  faultIn?: (cells: TableRow['cells']) => string | false,
): ReadTable {
  const file = tables.get(name);
  const columns = Object.entries(columnsOf[name] ?? {});
  const columnNames = columns.map(([column]) => column);
  const [who = ''] = columnNames;
  if (!file) return { lines: new Map(), others: [], kept: [] };
  const { headings, rows } = readTable(file, [who]);
  // A misspelled column would otherwise be ignored without a word.
  const problems = headings
    .filter((heading) => heading !== '' && !columnNames.includes(heading))
    .map((heading) =>
      heading === 'was'
        ? `line 1: the column was is no longer read. What was decided and looked at is in ${decisionsFile} now; remove the column, and every line that is only about a look.`
        : `line 1: unknown column ${heading}; the columns are ${columnNames.join(',')}.`,
    );
  const lines = new Map<string, TableRow>();
  const isAway = ({ cells }: TableRow) => cells[who] !== '' && resolve(cells[who] ?? '', cells) === '';
  for (const row of rows.filter((one) => !isAway(one))) {
    const { line, cells } = row;
    const word = cells[who] ?? '';
    const meant = resolve(word, cells);
    const key = typeof meant === 'string' ? word : meant.key;
    const earlier = lines.get(key);
    const faults = [
      ...columns.map(([column, form]) => faultOf(column, cells[column] ?? '', form)),
      typeof meant === 'string' && meant,
      earlier && `${word} is in line ${earlier.line} already.`,
      faultIn?.(cells),
    ];
    for (const fault of faults) if (fault) problems.push(`line ${line}: ${fault}`);
    lines.set(key, row);
  }
  assertNoProblems(file, problems);
  const others = rows.filter(isAway);
  const kept = others.map(({ line, cells }) => keptLine(file, line, nobodyHere(cells[who] ?? '')));
  return { lines, others, kept };
}

const nobodyHere = (word: string) =>
  `nobody in this class ${partsOf(word) ? 'is in' : 'has the login'} ${word}`;

function faultOf(column: string, cell: string, [pattern, form]: TableColumn) {
  return !pattern.test(cell) && `${column} is ${cell ? `“${cell}”` : 'empty'}; write ${form}.`;
}

/**
 * Reads when the work of some students is due, in milliseconds since 1970. Of several lines that fit a student their
 * own counts, then their group's, then their section's; of two sections, the later.
 *
 * @param decidedDues the decisions that stand about when a student's work is due. They count like a line of theirs.
 * @returns the times by the student's key; the lines by what each names, and their times; the times of lines about
 *   people not in this class, and what to say about these.
 */
export function readExtensions(
  tables: ReadonlyMap<string, TableFile>,
  policy: Deadline | undefined,
  people: People,
  decidedDues: (key: string) => readonly Decision[],
) {
  const timeOf = (due = '') => momentOf(due, policy?.timezone ?? 'UTC') ?? 0;
  const together = new Map<string, NamedTogether>();
  const resolve = (word: string) => {
    const student = people.resolve(word, '');
    const named = student === '' ? namedTogether(word, people.all) : student;
    if (typeof named !== 'string' && 'students' in named) together.set(named.key, named);
    return named;
  };
  const { lines, others, kept } = readByHand(tables, extensionsFile, resolve, ({ due }) => {
    if (!policy)
      return 'there is no deadline to extend: rubric.yaml has none, and none was given for this run.';
    return (
      timeOf(due) < timeOf(policy.due) &&
      `due is “${due}”; write ${momentForm}, not before the work is due (${policy.due}) or in an hour that clocks skip.`
    );
  });
  const ofLines = new Map([...lines].map(([key, { cells }]) => [key, timeOf(cells.due)]));
  for (const { key } of policy ? people.all : []) {
    const decisions = decidedDues(key);
    const row = lines.get(key);
    const isSeen = row === undefined || decisions.some(({ saw }) => saw?.line === lineText(row));
    const dues = decisions.flatMap(({ does }) => momentOf(does?.due ?? '', 'UTC') ?? []);
    // Until two that differ are one, nobody gets the answers before the later.
    if (isSeen && dues.length > 0) ofLines.set(key, Math.max(...dues));
    else if (isSeen && decisions.length > 0) ofLines.delete(key);
  }
  const latestOf = (wanted: NamedTogether['as'], student: Student) => {
    const fitting = [...together.values()].filter(
      ({ as, students }) => as === wanted && students.includes(student),
    );
    const times = fitting.flatMap(({ key }) => ofLines.get(key) ?? []);
    return times.length > 0 ? Math.max(...times) : undefined;
  };
  const written = new Map<string, number>();
  for (const student of people.all) {
    const due = ofLines.get(student.key) ?? latestOf('group', student) ?? latestOf('section', student);
    if (due !== undefined) written.set(student.key, due);
  }
  return {
    written,
    lines,
    ofLines,
    ofOthers: new Map(others.map(({ cells }) => [comparableIdentity(cells.who ?? ''), timeOf(cells.due)])),
    kept,
  };
}

/** The extensions that an earlier run knew, for people who have no line now, whether or not they are in this class. */
export function heldExtensions(
  earlier: EarlierRun | undefined,
  hasLine: (key: string) => boolean,
  people: People,
) {
  const extensionsBefore = Object.entries(earlier?.extensions ?? {});
  const before = earlier?.students.map(({ student }) => student) ?? [];
  const keys = keysNow(before, people.all);
  return new Map(
    extensionsBefore.flatMap(([keyBefore, until]) => {
      const key = keys.get(keyBefore) ?? keyBefore;
      return hasLine(key) ? [] : [[key, momentOf(until, 'UTC') ?? Number.POSITIVE_INFINITY] as const];
    }),
  );
}

/**
 * Adds what an instructor wrote or decided: comments, and points, either `total`, or `adjust` as `+n` or `-n`, with a
 * reason.
 *
 * @throws {GraderError} that lists every line of a table that cannot be used.
 */
export function withTables(
  { people, course, students, decidedAbout }: OpenClass & Pick<GradedClass, 'students'>,
  tables: ReadonlyMap<string, TableFile>,
): Pick<GradedClass, 'students' | 'notes' | 'comments' | 'lines'> {
  const resolve = (word: string) => people.resolve(word, '');
  const comments = readByHand(tables, commentsFile, resolve);
  const overrides = readByHand(tables, overridesFile, resolve, ({ total, adjust }) => {
    return Boolean(total) === Boolean(adjust) && 'write either total or adjust.';
  });
  const decided = students.map((result) => {
    const { key } = result;
    const others = (['due', 'comment'] as const).flatMap((aspect) => conflicting(decidedAbout(key, aspect)));
    return withDecided(result, decidedAbout(key, 'points'), overrides.lines.get(key), others);
  });
  const commentOf = ({ key }: StudentResult) => {
    const row = comments.lines.get(key);
    const decisions = decidedAbout(key, 'comment');
    const isSeen = row && decisions.some(({ saw }) => saw?.line === lineText(row));
    return row && !isSeen ? row.cells.text : decisions[0]?.does?.text;
  };
  const notes = [
    ...comments.kept,
    ...overrides.kept,
    ...decided.flatMap((row) => abovePossible(row, course)),
  ];
  return {
    students: decided,
    notes: notes.map((text) => ({ text, hasNames: true })),
    comments: new Map(
      students.flatMap((result) => {
        const text = commentOf(result);
        return text ? [[result.key, text] as const] : [];
      }),
    ),
    lines: { points: overrides.lines, comment: comments.lines },
  };
}

function abovePossible({ login, key, points, override }: StudentResult, { rubric: { possible } }: Course) {
  const by = override && 'line' in override ? overridesFile : 'A decision';
  return override && (points ?? 0) > possible
    ? [`${by} gives ${login || key} ${points} of ${possible} points.`]
    : [];
}

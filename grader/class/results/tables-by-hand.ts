import type { Course } from '../../course/course';
import type { Deadline } from '../../rubric/file.schema';
import { momentForm, momentOf } from '../../rubric/moment';
import {
  assertNoProblems,
  keptLine,
  layoutOf,
  readTable,
  type TableFile,
  type TableRow,
} from '../members/csv-table';
import { matchesColumns, matchesFile } from '../members/matches-table';
import { keysNow, type People } from '../members/people';
import { isInSection } from '../members/roster';
import type { EarlierRun, GradedClass, OpenClass } from './graded-class';
import type { StudentResult } from './student-result.schema';

// The tables of a results folder that an instructor fills in. Every run reads them and carries them over.

export const overridesFile = 'overrides.csv';
export const extensionsFile = 'extensions.csv';
export const commentsFile = 'comments.csv';

/** The form that the cells of a column must have, for a program and for people. */
type TableColumn = readonly [pattern: RegExp, form: string];

const something: TableColumn = [/./, 'something'];

/** The columns of each table. The first names the student, by any fact. */
const columnsOf: Record<string, Readonly<Record<string, TableColumn>>> = {
  [overridesFile]: {
    login: something,
    total: [/^\d{0,6}$/, 'a whole number of points'],
    adjust: [/^(?:[+-]\d{1,6})?$/, 'a whole number with its sign, such as +2'],
    reason: something,
    was: [/^(?:\d{1,6}|none)?$/, 'the points that the line was written for, or none'],
  },
  [commentsFile]: { login: something, text: something },
  [extensionsFile]: { who: something, due: [/^/, ''] },
};

/** The headings of every table that is filled in by hand. */
export const headingsByHand: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(columnsOf).map(([name, columns]) => [name, Object.keys(columns)])),
  [matchesFile]: matchesColumns,
};

/** The heading of the column that names the student. */
export const personColumn = (table: string) => headingsByHand[table]?.[0] ?? '';

/** The tables that are there, or else as a run writes them: the forms and the texts. */
function layoutsOf(tables: ReadonlyMap<string, TableFile>): GradedClass['layouts'] {
  // Excel takes a table for UTF-8 only where it begins with a byte order mark, so that stays there.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const givenTables = [...tables].map(
    ([name, file]) => [name, { ...layoutOf(file), text: decoder.decode(file.bytes) }] as const,
  );
  return new Map([
    ...Object.entries(headingsByHand).map(
      ([name, headings]) => [name, { headings, delimiter: ',', text: `${headings}\n` }] as const,
    ),
    ...givenTables,
  ]);
}

/** A table that is filled in by hand, as far as it is about this run. */
interface ReadTable {
  /** The line of each student, by key. */
  readonly lines: ReadonlyMap<string, TableRow>;
  /** Lines about whoever is not in this class. */
  readonly others: readonly TableRow[];
  /** What to say of these. */
  readonly kept: readonly string[];
}

/**
 * Reads a table that is filled in by hand, with one line per student. It may be missing.
 *
 * @param faultIn says what else is wrong with a line, if anything is.
 * @throws {GraderError} that lists every line that cannot be used.
 */
function readByHand(
  tables: ReadonlyMap<string, TableFile>,
  name: string,
  people: People,
  faultIn?: (cells: TableRow['cells']) => string | false,
): ReadTable {
  const file = tables.get(name);
  const columns = Object.entries(columnsOf[name] ?? {});
  const columnNames = columns.map(([column]) => column);
  const who = personColumn(name);
  if (!file) return { lines: new Map(), others: [], kept: [] };
  const { headings, rows } = readTable(file, [who]);
  // A column whose name is misspelled would be missed in silence.
  const problems = headings
    .filter((heading) => heading !== '' && !columnNames.includes(heading))
    .map((heading) => `line 1: unknown column ${heading}; the columns are ${columnNames.join(',')}.`);
  const lines = new Map<string, TableRow>();
  const isAway = ({ cells }: TableRow) => cells[who] !== '' && people.resolve(cells[who] ?? '', '') === '';
  for (const row of rows.filter((one) => !isAway(one))) {
    const { line, cells } = row;
    const word = cells[who] ?? '';
    const person = people.resolve(word, '');
    const key = typeof person === 'string' ? word : person.key;
    const earlier = lines.get(key);
    const faults = [
      ...columns.map(([column, form]) => faultOf(column, cells[column] ?? '', form)),
      typeof person === 'string' && person,
      earlier && `${word} is in line ${earlier.line} already.`,
      faultIn?.(cells),
    ];
    for (const fault of faults) if (fault) problems.push(`line ${line}: ${fault}`);
    lines.set(key, row);
  }
  assertNoProblems(file, problems);
  const others = rows.filter(isAway);
  const kept = others.map(({ line, cells }) =>
    keptLine(file, line, `nobody in this class has the login ${cells[who]}`),
  );
  return { lines, others, kept };
}

function faultOf(column: string, cell: string, [pattern, form]: TableColumn) {
  return !pattern.test(cell) && `${column} is ${cell ? `“${cell}”` : 'empty'}; write ${form}.`;
}

/**
 * Reads when the work of some students is due, in milliseconds since 1970.
 *
 * @returns by key; by the word of whoever is not in this class; and what to say of those lines.
 */
export function readExtensions(
  tables: ReadonlyMap<string, TableFile>,
  policy: Deadline | undefined,
  people: People,
) {
  const timeOf = (due = '') => momentOf(due, policy?.timezone ?? 'UTC') ?? 0;
  const { lines, others, kept } = readByHand(tables, extensionsFile, people, ({ due }) => {
    if (!policy)
      return 'there is no deadline to extend: rubric.yaml has none, and none was given for this run.';
    return (
      timeOf(due) < timeOf(policy.due) &&
      `due is “${due}”; write ${momentForm}, not before the work is due (${policy.due}) or in an hour that clocks skip.`
    );
  });
  return {
    written: new Map([...lines].map(([key, { cells }]) => [key, timeOf(cells.due)])),
    ofOthers: new Map(others.map(({ cells }) => [cells.who ?? '', timeOf(cells.due)])),
    kept,
  };
}

/** The extensions that an earlier run knew, of students without a line now. */
export function heldExtensions(
  earlier: EarlierRun | undefined,
  extensions: ReadonlyMap<string, number>,
  people: People,
) {
  const extensionsBefore = Object.entries(earlier?.extensions ?? {});
  const before = earlier?.students.map(({ student }) => student) ?? [];
  const keys = keysNow(before, people.all);
  return new Map(
    extensionsBefore.flatMap(([keyBefore, until]) => {
      const key = keys.get(keyBefore) ?? keyBefore;
      return extensions.has(key) || !people.get(key) ? [] : [[key, momentOf(until, 'UTC') ?? 0] as const];
    }),
  );
}

/**
 * Adds what an instructor wrote: comments, and points, either `total`, or `adjust` as `+n` or `-n`, with a reason. A line
 * with `was` counts only while the grader computes these points.
 *
 * @throws {GraderError} that lists every line of a table that cannot be used.
 */
export function withTables(
  { people, course, section, students }: OpenClass & Pick<GradedClass, 'students'>,
  { tables }: { readonly tables: ReadonlyMap<string, TableFile> },
): Pick<GradedClass, 'students' | 'notes' | 'comments' | 'layouts' | 'overridden'> {
  const comments = readByHand(tables, commentsFile, people);
  const overrides = readByHand(
    tables,
    overridesFile,
    people,
    ({ total, adjust }) => !total === !adjust && 'write either total or adjust.',
  );
  const decided = students.map((result) => withOverride(result, overrides.lines.get(result.key), course));
  const shown = decided.filter(({ result }) => isInSection(result.student, section));
  return {
    students: decided.map(({ result }) => result),
    notes: [...comments.kept, ...overrides.kept, ...shown.flatMap(({ notes }) => notes)].map((text) => ({
      text,
      hasNames: true,
    })),
    comments: new Map([...comments.lines].map(([key, { cells }]) => [key, cells.text ?? ''] as const)),
    layouts: layoutsOf(tables),
    overridden: new Set(overrides.lines.keys()),
  };
}

/** A result with the points that a line sets, and what to say of the line. */
function withOverride(
  result: StudentResult,
  row: TableRow | undefined,
  { rubric: { possible } }: Course,
): { readonly result: StudentResult; readonly notes: readonly string[] } {
  if (!row) return { result, notes: [] };
  const { points: before, adjustments } = result;
  const { line, cells } = row;
  const { login, total, adjust, reason = '', was } = cells;
  const isOutdated = was && was !== String(before ?? 'none');
  if (isOutdated || (before === null && adjust)) {
    const why = isOutdated ? `was written for ${was} points` : 'adjusts points';
    const lapsed = `${overridesFile}, line ${line}, does not count: it ${why} of ${login}, and now the grader computes ${before ?? 'none'}. Change it if it still holds, or remove it.`;
    return { result, notes: [lapsed] };
  }
  const after = total ? Number(total) : Math.max(0, (before ?? 0) + Number(adjust));
  const notes: string[] = [];
  if (after > possible) notes.push(`${overridesFile} gives ${login} ${after} of ${possible} points.`);
  if (after < (before ?? 0))
    notes.push(
      `${overridesFile}, line ${line}, gives ${login} ${after} points, and the grader computes ${before}.`,
    );
  const override: StudentResult = {
    ...result,
    // Advice to a student about a state ends with that state.
    advice: undefined,
    points: after,
    adjustments: [...adjustments, { kind: 'override', reason, before, after }],
    override: { line, closes: closedBy(cells) },
  };
  return { result: override, notes };
}

/**
 * Which notes a line closes: all that was open when somebody looked, which `was` says; of points that were set without
 * it those on work that is worth no more; none of a line that adjusts points.
 */
function closedBy({ total, was }: TableRow['cells']): NonNullable<StudentResult['override']>['closes'] {
  if (!total) return 'nothing';
  return was ? 'all' : 'less';
}

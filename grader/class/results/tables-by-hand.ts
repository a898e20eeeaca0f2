import type { Course } from '../../course/course';
import type { Deadline } from '../../rubric/file.schema';
import { momentForm, momentOf } from '../../rubric/moment';
import { bytesOf } from '../../system/platform';
import type { Decision } from '../decisions/decision.schema';
import {
  assertNoProblems,
  keptLine,
  layoutOf,
  readTable,
  type TableFile,
  type TableLayout,
  type TableRow,
} from '../members/csv-table';
import { type NamedTogether, namedTogether, partsOf } from '../members/groups';
import { matchesColumns, matchesFile } from '../members/matches-table';
import { comparableIdentity, keysNow, type People, rowsNow, type Student } from '../members/people';
import { computedPoints, worthByNote } from './corrections';
import {
  conflicting,
  lapsedNote,
  lineText,
  weighed,
  withConflict,
  withDecisions,
  withPoints,
} from './decided-points';
import type { EarlierRun, GradedClass, OpenClass } from './graded-class';
import { type Note, note } from './note';
import { codePattern, knownBy } from './note-code';
import type { StudentResult } from './student-result.schema';

// The tables of a results folder that an instructor fills in. Every run reads them and carries them over.

export const overridesFile = 'overrides.csv';
export const extensionsFile = 'extensions.csv';
export const commentsFile = 'comments.csv';

/** The form that a column's cells must have, as a pattern and in words. */
type TableColumn = readonly [pattern: RegExp, form: string];

const something: TableColumn = [/./, 'something'];

const wasForm = new RegExp(`^(?:(?:\\d{1,6}|none)(?: +${codePattern})*)?$`, 'i');

/** The columns of each table. The first names the student, by any fact. */
const columnsOf: Record<string, Readonly<Record<string, TableColumn>>> = {
  [overridesFile]: {
    login: something,
    total: [/^\d{0,6}$/, 'a whole number of points'],
    adjust: [/^(?:[+-]\d{1,6})?$/, 'a whole number with its sign, such as +2'],
    reason: something,
    was: [wasForm, 'the points that the line was written for, or none, and codes of what was looked at'],
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

/** The tables that exist, or else those that a run would write: their forms and texts. */
function layoutsOf(tables: ReadonlyMap<string, TableFile>): GradedClass['layouts'] {
  // Excel reads a table as UTF-8 only if it begins with a byte order mark, so keep that.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const givenTables = [...tables].map(([name, file]) => {
    const text = withColumns(name, decoder.decode(file.bytes));
    return [name, { ...layoutOf({ name, bytes: bytesOf(text) }), text }] as const;
  });
  return new Map([
    ...Object.entries(headingsByHand).map(
      ([name, headings]) => [name, { headings, delimiter: ',', text: `${headings}\n` }] as const,
    ),
    ...givenTables,
  ]);
}

/** The columns that every line proposed on a page needs. */
const proposedColumns: Readonly<Record<string, readonly string[]>> = {
  [overridesFile]: ['login', 'total', 'reason', 'was'],
};

/** The columns that a table lacks for the proposed lines. */
function missingColumns(name: string, { headings }: TableLayout): readonly string[] {
  return (proposedColumns[name] ?? []).filter((column) => !headings.includes(column));
}

/** The text of a table with a column for everything proposed, since a table that somebody wrote may have fewer. */
export function withColumns(name: string, text: string): string {
  const layout = layoutOf({ name, bytes: bytesOf(text) });
  const missing = missingColumns(name, layout);
  // Its lines may leave out cells at the end.
  return text.replace(/[^\r\n]+/, (head) => [head, ...missing].join(layout.delimiter));
}

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
  const who = personColumn(name);
  if (!file) return { lines: new Map(), others: [], kept: [] };
  const { headings, rows } = readTable(file, [who]);
  // A misspelled column would otherwise be ignored without a word.
  const problems = headings
    .filter((heading) => heading !== '' && !columnNames.includes(heading))
    .map((heading) => `line 1: unknown column ${heading}; the columns are ${columnNames.join(',')}.`);
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
 * @returns the times by the student's key; those of each line, by what it names; those of lines about people not in
 *   this class, and what to say about these.
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
 * Adds anything that an instructor wrote: comments, and points, either `total`, or `adjust` as `+n` or `-n`, with a
 * reason. A line with `was` counts only while the grader computes these points. It closes the notes whose codes it
 * has, and then may leave the points unchanged.
 *
 * @throws {GraderError} that lists every line of a table that cannot be used.
 */
export function withTables(
  { people, course, students, decidedAbout }: OpenClass & Pick<GradedClass, 'students'>,
  {
    tables,
    earlier,
  }: { readonly tables: ReadonlyMap<string, TableFile>; readonly earlier?: EarlierRun | undefined },
): Pick<GradedClass, 'students' | 'notes' | 'comments' | 'layouts' | 'overrides'> {
  const comments = readByHand(tables, commentsFile, (word) => people.resolve(word, ''));
  const before = rowsNow(earlier?.students ?? [], people.all);
  const results = new Map(
    students.map((computed) => [computed.key, withWorth(computed, before.get(computed.key))]),
  );
  const overrides = readByHand(
    tables,
    overridesFile,
    (word, { was = '' }) => people.resolve(word, '', ({ key }) => fitsWas(was, results.get(key))),
    ({ total, adjust, was = '' }) => {
      const decides = total || adjust || codesIn(was).length > 0;
      return (!decides || Boolean(total && adjust)) && 'write either total or adjust.';
    },
  );
  const decided = [...results.values()].map((result) => {
    const row = overrides.lines.get(result.key);
    const { counting, lapsed } = weighed(result, decidedAbout(result.key, 'points'));
    const noted = { ...result, notes: [...lapsed.map((one) => lapsedNote(one, result)), ...result.notes] };
    // A line comes before the decisions that did not see it.
    if (row && !counting.some(({ saw }) => saw?.line === lineText(row)))
      return withOverride(noted, row, course);
    const different = [
      ...conflicting(counting),
      ...(['due', 'comment'] as const).flatMap((aspect) => conflicting(decidedAbout(result.key, aspect))),
    ];
    const after = different.length > 0 ? withConflict(noted, different) : withDecisions(noted, counting);
    return { result: after, notes: [] };
  });
  const commentOf = ({ key }: StudentResult) => {
    const row = comments.lines.get(key);
    const decisions = decidedAbout(key, 'comment');
    const [decision] = decisions;
    const isSeen = row && decisions.some(({ saw }) => saw?.line === lineText(row));
    return row && !isSeen ? row.cells.text : decision?.does?.text;
  };
  return {
    students: decided.map(({ result }) => result),
    notes: [
      ...comments.kept,
      ...overrides.kept,
      ...lackOf(tables.get(overridesFile)),
      ...decided.flatMap(({ notes }) => notes),
    ].map((text) => ({
      text,
      hasNames: true,
    })),
    comments: new Map(
      students.flatMap((result) => {
        const text = commentOf(result);
        return text ? [[result.key, text] as const] : [];
      }),
    ),
    layouts: layoutsOf(tables),
    overrides: overrides.lines,
  };
}

/** Says which columns `overrides.csv` lacks, if any: without them, no decision made there could close a note. */
function lackOf(file: TableFile | undefined): string[] {
  const missing = file ? missingColumns(overridesFile, layoutOf(file)) : [];
  if (missing.length === 0) return [];
  return [
    `The first line of ${overridesFile} lacks ${missing.join(' and ')}, which the lines to copy have. Add that at the end.`,
  ];
}

/** The codes in a cell of the column `was`, after the points. */
const codesIn = (was: string) => was.toLowerCase().split(/ +/).slice(1);

/** Whether a cell of the column `was` fits a result: it has the result's points, and only codes of its notes. */
function fitsWas(was: string, result: StudentResult | undefined): boolean {
  if (!result || pointsIn(was) !== String(computedPoints(result) ?? 'none')) return false;
  const notes = [result, ...result.otherVersions].flatMap((work) => work.notes);
  return codesIn(was).every((code) => notes.some((entry) => entry.was === code));
}

/** The points in a cell of the column `was`. */
const pointsIn = (was: string) => was.toLowerCase().split(' ')[0];

/** A result with the decision of a line, and what to say about the line. */
function withOverride(
  result: StudentResult,
  { line, cells }: TableRow,
  { rubric: { possible } }: Course,
): { readonly result: StudentResult; readonly notes: readonly string[] } {
  const { points: before } = result;
  const { login, total, adjust, reason = '', was = '' } = cells;
  const computed = computedPoints(result) ?? 'none';
  const isOutdated = was !== '' && pointsIn(was) !== String(computed);
  if (isOutdated || (before === null && adjust)) {
    const why = isOutdated ? `was written for ${was.split(' ')[0]} points` : 'adjusts points';
    const text = `${overridesFile}, line ${line}, does not count: it ${why} of ${login}, but the grader now computes ${computed}. Change it if it still holds, or remove it.`;
    return {
      result: { ...result, notes: [lapsedLine(cells, why, computed), ...result.notes] },
      notes: [text],
    };
  }
  const lookedAt = { codes: codesIn(was), reason };
  const closed = { ...result, lookedAt };
  if (!total && !adjust) return { result: closed, notes: [] };
  const after = total ? Number(total) : Math.max(0, (before ?? 0) + Number(adjust));
  const notes: string[] = [];
  if (after > possible) notes.push(`${overridesFile} gives ${login} ${after} of ${possible} points.`);
  if (after < (before ?? 0))
    notes.push(
      `${overridesFile}, line ${line}, gives ${login} ${after} points, but the grader computes ${before}.`,
    );
  return { result: withPoints(closed, { override: { line }, reason, after }), notes };
}

/** Says that a line does not count. This note has no code: only another line can end it. */
function lapsedLine({ total, adjust }: TableRow['cells'], why: string, computed: number | 'none'): Note {
  const adjusts = adjust ? `adjusts by ${adjust}` : 'says that it was looked at';
  const does = total ? `gives ${total}` : adjusts;
  return note(
    'lapsed',
    'class/lapsed',
    `A line of ${overridesFile} ${does} and does not count: it ${why}, but the grader now computes ${computed}.`,
  );
}

/**
 * A result with a note if a correction or a choice is worth other points than in the earlier run: then nobody has
 * looked at what the same work could get now. The note stays until that changes again.
 */
function withWorth(result: StudentResult, before: StudentResult | undefined): StudentResult {
  if (!before) return result;
  const worthBefore = worthByNote(before);
  const worth = worthByNote(result);
  const isOther = [...worth].some(([was, points]) => (worthBefore.get(was) ?? points) !== points);
  const text = 'Once corrected or chosen, this work earns different points now than in the earlier run.';
  const said = knownBy(note('worth', 'class/other-worth', text), [...worth].sort());
  const isSaidBefore = before.notes.some(({ was }) => was === said.was);
  return isOther || isSaidBefore ? { ...result, notes: [...result.notes, said] } : result;
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { kinds } from '../kinds/registry';
import { GraderError } from '../message';
import type { AnswerFields, ColumnFile, Deadline, RowFile, RubricFile, TableFile } from './file.schema';
import { equationsOf } from './laws';
import { isTimeZone, momentOf } from './moment';
import { cellKind, type Rubric, rowsOf, rubricOf, tablesOf, wordingOf } from './rubric';
import schema from './rubric.schema.json';
import { type Fault, readYaml, suggestion } from './yaml-file';

/** Like `loadRubricFile`, but returns the rubric in the form in which the grader uses it. */
export function loadRubric(courseRoot: string): Rubric {
  return rubricOf(loadRubricFile(courseRoot));
}

/**
 * Reads the `rubric.yaml` of a course.
 *
 * @throws {GraderError} that lists all faults at once, each with its line and column, the line itself, the value found
 *   and how to correct it.
 */
export function loadRubricFile(courseRoot: string): RubricFile {
  return parseFile(readRubric(courseRoot));
}

/** Like `loadRubric`, for text that was already read. */
export function parseRubric(text: string): Rubric {
  return rubricOf(parseFile(text));
}

/**
 * Reads a rubric that a release wrote, in half the time: the release checked everything in it, and a sealed key opens
 * for no other rubric. Without such a key, checks the rubric again.
 *
 * @throws if it cannot be read. Loading the sealed key, or checking again, finds any other fault.
 */
export function loadReleasedRubric(courseRoot: string): Rubric {
  const text = readRubric(courseRoot);
  const rubric = rubricOf(parse(text, { maxAliasCount: -1 }));
  return rubric.selfCheck === 'scored' ? rubric : parseRubric(text);
}

const fileName = 'rubric.yaml';

function readRubric(courseRoot: string): string {
  const file = path.join(courseRoot, fileName);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const text = `${file} cannot be read: ${(error as Error).message}. It lists the assignment’s rows, points and questions.`;
    throw new GraderError('rubric', 'rubric-unreadable', text);
  }
}

function parseFile(text: string): RubricFile {
  return readYaml<RubricFile>(fileName, text, schema, (file) => {
    const faults = [...faultsOf(file)];
    // A law can only be read if all rows and columns are valid.
    return faults.length > 0 ? faults : checkLaws(file);
  });
}

/** Finds faults that a schema cannot express: duplicate names and invalid references. */
function* faultsOf(file: RubricFile): Iterable<Fault> {
  const { tables, reflection, deadline, solution } = file;
  yield* repeated(tables, 'export');
  yield* repeated(rowsOf(file), 'id');
  for (const { rows, columns, draw } of tables) {
    yield* repeated(rows, 'label');
    yield* repeated(columns, 'id');
    for (const column of columns) yield* checkCell(column, column);
    for (const row of rows) yield* checkRow(row, columns);
    if (draw) yield* checkDraw(draw, idsOf(columns), idsOf(rows));
  }
  if (reflection) yield* checkReflection(reflection, file.file);
  if (file.ask_again) yield* unknownNames(file.ask_again, Object.keys(file.given ?? {}), 'given');
  if (deadline) yield* checkDeadline(deadline);
  if (solution === 'after_due' && deadline && deadline.late?.until === undefined) {
    const text =
      'solution is after_due, but late work counts without end; write until under late, after which the answers may be told.';
    yield [text, file, 'solution'];
  }
}

/** Checks that each entry has a name of its own. `form` returns the part of a name that has to be unique. */
function* repeated<Key extends string>(
  items: readonly Readonly<Record<Key, string>>[],
  key: Key,
  form = (name: string) => name,
): Iterable<Fault> {
  const seen = new Set<string>();
  for (const item of items) {
    const name = form(item[key]);
    if (seen.has(name)) yield [`The ${key} "${item[key]}" is taken already; write other letters.`, item, key];
    seen.add(name);
  }
}

/** Checks that the names in a group exist. */
function* unknownNames(within: object, names: readonly string[], container: string): Iterable<Fault> {
  for (const name of Object.keys(within))
    if (!names.includes(name))
      yield [`There is no ${name} in ${container}; ${suggestion(name, names)}.`, within, name];
}

type Draw = NonNullable<TableFile['draw']>;

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

function* checkDraw(draw: Draw, columns: readonly string[], rows: readonly string[]): Iterable<Fault> {
  const { height, width, products = [] } = draw;
  yield* unknownIds({ height, width }, columns, 'columns', draw);
  if (height === width) yield ['Height and width are the same column; write two.', draw, 'width'];
  for (const product of products) {
    const { turned: _, ...named } = product;
    yield* unknownIds(named, rows, 'rows', product);
  }
}

function* unknownIds(
  named: Readonly<Record<string, string>>,
  ids: readonly string[],
  container: string,
  within: object,
): Iterable<Fault> {
  for (const [setting, id] of Object.entries(named))
    if (!ids.includes(id))
      yield [`There is no ${id} in ${container}; ${suggestion(id, ids)}.`, within, setting];
}

function* checkRow(row: RowFile, columns: readonly ColumnFile[]): Iterable<Fault> {
  const { cells = {} } = row;
  const ids = idsOf(columns);
  yield* unknownNames(cells, ids, 'columns');
  for (const column of columns) {
    const cell = cells[column.id];
    if (cell && !cell.void) yield* checkCell(cell, column);
  }
  if (ids.every((id) => cells[id]?.void))
    yield ['Every cell of this row is void; keep one, or remove the row.', row];
}

/** Checks the answer settings of a cell or a column. */
function* checkCell(cellFields: AnswerFields, column: AnswerFields): Iterable<Fault> {
  const { kind: id, settings } = cellKind(cellFields, column);
  const kind = kinds.find((candidate) => candidate.id === id);
  if (!kind) return;
  for (const key of Object.keys(cellFields)) {
    const kindWithKey = kinds.find((candidate) => key in candidate.settings);
    if (kindWithKey && !(key in kind.settings))
      yield [
        `${key} is not a setting of ${id}; write kind: ${kindWithKey.id} beside it, or remove it.`,
        cellFields,
        key,
      ];
  }
  const missing = kind.required.filter((name) => settings[name] === undefined);
  for (const name of missing)
    yield [`${id} needs ${name}: ${kind.settings[name]?.description}.`, cellFields, 'kind'];
  if (missing.length > 0) return;
  for (const { setting, text } of kind.faults?.(settings) ?? []) yield [text, cellFields, setting];
}

function* checkLaws(file: RubricFile): Iterable<Fault> {
  const rows = rowsOf({ tables: tablesOf(file) });
  for (const law of file.laws ?? []) {
    const equations = equationsOf(law.law, rows);
    if (typeof equations === 'string') yield [`This law is not understood: ${equations}.`, law, 'law'];
  }
}

function* checkReflection(
  reflection: NonNullable<RubricFile['reflection']>,
  answers: string,
): Iterable<Fault> {
  const { questions, choose, file, dispute = '' } = reflection;
  yield* repeated(questions, 'id');
  // In a student's file, only letters and digits tell questions apart.
  yield* repeated(questions, 'label', wordingOf);
  if (questions.some(({ label }) => wordingOf(label) === wordingOf(dispute)))
    yield [`"${dispute}" is a question already; write another heading.`, reflection, 'dispute'];
  if (choose > questions.length) {
    const text = `choose is ${choose}, but there are ${questions.length} questions; write at most that many.`;
    yield [text, reflection, 'choose'];
  }
  if (file === answers)
    yield ['The reflection needs a file of its own; the tables are in this one.', reflection, 'file'];
}

function* checkDeadline(deadline: Deadline): Iterable<Fault> {
  const { due, late = {}, timezone } = deadline;
  const { until = due } = late;
  if (!isTimeZone(timezone)) {
    const text = `${timezone} is not a time zone; write one of IANA's names, such as America/New_York.`;
    return yield [text, deadline, 'timezone'];
  }
  const moments = [
    ['due', due, deadline],
    ['until', until, late],
  ] as const;
  for (const [name, text, within] of moments) {
    if (momentOf(text, timezone) !== undefined) continue;
    const says = `${name} is ${text}, a date that the calendar does not have, or an hour that clocks skip there; write another.`;
    return yield [says, within, name];
  }
  if (Number(momentOf(until, timezone)) < Number(momentOf(due, timezone)))
    yield [`until is earlier than due; write a moment after ${due}.`, late, 'until'];
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ErrorObject } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import { isAlias, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { GraderError } from '../error';
import { kinds } from '../kinds/registry';
import { isValid, validationErrors } from '../validate';
import type { AnswerFields, RubricFile, TableFile } from './file.schema';
import { momentOf } from './moment';
import { cellKind, possiblePoints, type Rubric, rubricOf } from './rubric';
import schema from './rubric.schema.json';
import { wordingOf } from './wording';

/** As `loadRubricFile`, as the grader knows it. */
export function loadRubric(courseRoot: string): Rubric {
  return rubricOf(loadRubricFile(courseRoot));
}

/**
 * Reads `rubric.yaml` of a course.
 *
 * @throws {GraderError} that lists every fault at once, each with line and column, the line itself,
 *   what was found and what to write.
 */
export function loadRubricFile(courseRoot: string): RubricFile {
  const file = path.join(courseRoot, 'rubric.yaml');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : `cannot be read: ${error}`;
    throw new GraderError(
      'rubric',
      `${file} ${reason}. It lists the rows, points and questions of the assignment.`,
    );
  }
  return parseFile(text);
}

/** As `loadRubric`, for text already read. */
export function parseRubric(text: string): Rubric {
  return rubricOf(parseFile(text));
}

function parseFile(text: string): RubricFile {
  const source = new Source(text);
  const file = source.toValue();
  const isFitting = isValid<RubricFile>(schema, file);
  const errors = isFitting ? [] : validationErrors(schema, file);
  const faults = errors.map(faultOf);
  if (errors.every(({ keyword }) => keepsForm.has(keyword))) faults.push(...checkNames(file as RubricFile));
  if (faults.length === 0) faults.push(...checkSum(file as RubricFile));
  if (faults.length > 0) throw source.error(faults);
  return file as RubricFile;
}

/** Errors of a schema after which everything is still where it has to be: what else is wrong can be told too. */
const keepsForm = new Set([
  'additionalProperties',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
]);

/** The text of a rubric, and where in it everything stands. */
class Source {
  private readonly lines: string[];
  private readonly counter = new LineCounter();
  private readonly document;

  constructor(text: string) {
    this.lines = text.split(/\r?\n/);
    this.document = parseDocument(text, { lineCounter: this.counter, prettyErrors: false });
  }

  toValue(): unknown {
    const { errors } = this.document;
    if (errors.length > 0) {
      const advice =
        'If a text on this line or the one above has a colon, a comma, a # or a bracket in it, put the text between quotation marks.';
      throw this.report(
        errors.map(({ code, pos, message }) => ({
          offset: pos[0],
          text: code === 'DUPLICATE_KEY' ? `${message}.` : `${message}. ${advice}`,
        })),
      );
    }
    try {
      return this.document.toJS({ maxAliasCount: 20 });
    } catch {
      return this.refuseAliases();
    }
  }

  private refuseAliases(): never {
    let offset = 0;
    visit(this.document, {
      Alias: (_key, alias) => {
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    throw this.report([
      { offset, text: 'This alias (*) leads to others too many times; write the values out.' },
    ]);
  }

  error(faults: Fault[]): GraderError {
    return this.report(faults.map(({ at, text }) => ({ offset: this.offsetOf(at), text })));
  }

  /** Offset of what stands at a path; of its key, where the path ends in `{ key }`. */
  private offsetOf(at: FaultPath): number {
    let node: Node | null = this.document.contents;
    for (const step of at) {
      const map = isAlias(node) ? node.resolve(this.document) : node;
      if (typeof step === 'object') {
        const key = isMap(map)
          ? map.items.find(({ key }) => isScalar(key) && String(key.value) === step.key)?.key
          : null;
        return isNode(key) ? (key.range?.[0] ?? 0) : (node?.range?.[0] ?? 0);
      }
      const next: unknown = isNode(map) && 'get' in map ? map.get(step, true) : null;
      if (!isNode(next)) break;
      node = next;
    }
    return node?.range?.[0] ?? 0;
  }

  private report(faults: { offset: number; text: string }[]): GraderError {
    const shown = faults
      .map(({ offset, text }) => ({ ...this.counter.linePos(offset), text }))
      .sort((a, b) => a.line - b.line || a.col - b.col)
      .map(({ line, col, text }) => {
        const number = String(line).padStart(5);
        return [
          '',
          `rubric.yaml:${line}:${col}: ${text}`,
          `${number} | ${this.lines[line - 1] ?? ''}`,
          `      | ${' '.repeat(Math.max(col - 1, 0))}^`,
        ];
      });
    const count = shown.length === 1 ? 'a fault' : `${shown.length} faults`;
    return new GraderError('rubric', `rubric.yaml has ${count}:`, ...shown.flat());
  }
}

/** What a schema error means to the person who wrote the line. */
function faultOf(error: ErrorObject): Fault {
  const at: FaultPath = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const name = at.length > 0 ? nameOf(at) : 'rubric.yaml';
  if (error.keyword === 'required') {
    return { at, text: `${name} has no "${error.params.missingProperty}"; add it.` };
  }
  if (error.keyword === 'additionalProperties') {
    const found = String(error.params.additionalProperty);
    const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
    return { at: [...at, { key: found }], text: `${name} knows no "${found}"; ${suggestion(found, known)}.` };
  }
  if (error.keyword === 'enum' && typeof error.data === 'string') {
    const nearest = closest(error.data, error.schema as string[]);
    if (distance(error.data, nearest) <= 2)
      return { at, text: `${name} is ${shown(error.data)}; write ${shown(nearest)}.` };
  }
  return {
    at,
    text: `${name} is ${shown(error.data)}; write ${error.parentSchema?.description ?? error.message}.`,
  };
}

function suggestion(found: string, known: string[]): string {
  const nearest = closest(found, known);
  return distance(found, nearest) <= 2 ? `write "${nearest}"` : `it may hold ${known.join(', ')}`;
}

/** `reflection.points`, or `id of entry 3 in rows of entry 1 in tables` (counted from one, as a person counts). */
function nameOf(at: FaultPath): string {
  const index = at.findLastIndex((step) => typeof step === 'number');
  if (index < 0) return at.join('.');
  const entry = `entry ${Number(at[index]) + 1} in ${nameWithin(at.slice(0, index))}`;
  const rest = at.slice(index + 1).join('.');
  return rest ? `${rest} of ${entry}` : entry;
}

/** A list, and what it is of. */
function nameWithin(at: FaultPath): string {
  const index = at.findLastIndex((step) => typeof step === 'number');
  return index < 0 ? at.join('.') : `${at.slice(index + 1).join('.')} of ${nameOf(at.slice(0, index + 1))}`;
}

function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    return 'something that holds itself';
  }
}

/** Keys and list positions from the top of the file; a last `{ key }` means the key itself. */
export type FaultPath = (string | number | { key: string })[];

export interface Fault {
  at: FaultPath;
  text: string;
}

/** What a schema cannot say: names that occur twice, and references that do not hold. */
function checkNames(file: RubricFile): Fault[] {
  const { tables, reflection, deadline } = file;
  const faults: Fault[] = [
    ...repeated(tables.map((table, index) => ({ id: table.export, at: ['tables', index, 'export'] }))),
    ...repeated(
      tables.flatMap(({ rows }, index) =>
        rows.map(({ id }, row) => ({ id, at: ['tables', index, 'rows', row, 'id'] })),
      ),
    ),
    ...tables.flatMap((table, index) => checkTable(table, ['tables', index])),
    ...(reflection
      ? repeated(
          reflection.questions.map(({ id }, index) => ({ id, at: ['reflection', 'questions', index, 'id'] })),
        )
      : []),
    ...(reflection ? alike(reflection.questions) : []),
  ];
  if (reflection && reflection.choose > reflection.questions.length) {
    faults.push({
      at: ['reflection', 'choose'],
      text: `choose is ${reflection.choose}, but there are ${reflection.questions.length} questions; write at most that many.`,
    });
  }
  if (reflection?.file === file.file) {
    faults.push({
      at: ['reflection', 'file'],
      text: 'The reflection needs a file of its own; the tables are in this one.',
    });
  }
  if (deadline) faults.push(...unreal(deadline));
  return faults;
}

function checkSum(file: RubricFile): Fault[] {
  const sum = possiblePoints(file);
  if (file.possible === undefined || file.possible === sum) return [];
  return [
    {
      at: ['possible'],
      text: `possible is ${file.possible}, but all points add up to ${sum}; write ${sum}, or leave it out.`,
    },
  ];
}

function checkTable(table: TableFile, at: FaultPath): Fault[] {
  const { rows, columns, orientation } = table;
  const faults = repeated(columns.map(({ id }, index) => ({ id, at: [...at, 'columns', index, 'id'] })));
  for (const [index, column] of columns.entries())
    faults.push(...checkCell(column, column, [...at, 'columns', index]));
  for (const [index, row] of rows.entries()) faults.push(...checkRow(row, table, [...at, 'rows', index]));
  if (orientation === undefined) return faults;
  const isPair =
    columns.length === 2 &&
    columns.every(({ kind }) => kind === columns[0]?.kind) &&
    rows.every(({ cells = {} }) =>
      Object.values(cells).every((cell) => !cell.void && cell.kind === undefined),
    );
  if (!isPair) {
    faults.push({
      at: [...at, 'orientation'],
      text: 'An orientation makes sense for two columns of one kind that every row has; take it away.',
    });
  }
  return faults;
}

function checkRow({ cells = {} }: TableFile['rows'][number], { columns }: TableFile, at: FaultPath): Fault[] {
  const faults: Fault[] = [];
  const known = columns.map(({ id }) => id);
  for (const [id, cell] of Object.entries(cells)) {
    const column = columns.find((candidate) => candidate.id === id);
    const place = [...at, 'cells', id];
    if (!column) {
      const text = `cells has no column "${id}"; ${suggestion(id, known)}.`;
      faults.push({ at: [...at, 'cells', { key: id }], text });
    } else if (cell.void) {
      const others = Object.keys(cell).filter((name) => name !== 'void');
      const text = `${others.join(' and ')} beside void: this row does not have the cell. Take void or the rest away.`;
      if (others[0] !== undefined) faults.push({ at: [...place, { key: others[0] }], text });
    } else faults.push(...checkCell(cell, column, place));
  }
  if (known.every((id) => cells[id]?.void))
    faults.push({ at, text: 'Every cell of this row is void; keep one, or take the row away.' });
  return faults;
}

/** What is wrong with what a cell or a column says of its answers. */
function checkCell(
  own: AnswerFields & { readonly ask?: string },
  column: AnswerFields,
  at: FaultPath,
): Fault[] {
  const { kind: id, settings } = cellKind(own, column);
  const kind = kinds.find((candidate) => candidate.id === id);
  if (!kind) return [];
  const faults: Fault[] = [];
  if (own.ask !== undefined && /\p{N}/u.test(own.ask)) {
    faults.push({
      at: [...at, 'ask'],
      text: 'ask holds a number; students read it beside every wrong cell, so give a direction and no number.',
    });
  }
  for (const other of kinds.flatMap(({ id: of, settings: names }) =>
    Object.keys(names).map((name) => ({ of, name })),
  )) {
    if (own[other.name] !== undefined && !(other.name in kind.settings))
      faults.push({
        at: [...at, { key: other.name }],
        text: `${other.name} is not a setting of ${id}; write kind: ${other.of} beside it, or take it away.`,
      });
  }
  const missing = kind.required.filter((name) => settings[name] === undefined);
  for (const name of missing)
    faults.push({
      at: [...at, { key: 'kind' }],
      text: `${id} needs ${name}: ${kind.settings[name]?.description}.`,
    });
  if (missing.length > 0) return faults;
  const said = kind.faults?.(settings) ?? [];
  return [...faults, ...said.map(({ setting, text }) => ({ at: [...at, setting], text }))];
}

function unreal({ due, cutoff, submission, tags }: NonNullable<RubricFile['deadline']>): Fault[] {
  if (tags && submission !== 'tag')
    return [
      {
        at: ['deadline', { key: 'tags' }],
        text: 'tags counts only where tags hand in work; write submission: tag beside it, or take it away.',
      },
    ];
  const faults = Object.entries({ due, ...(cutoff !== undefined && { cutoff }) })
    .filter(([, moment]) => momentOf(moment) === undefined)
    .map(([name, moment]) => ({
      at: ['deadline', name],
      text: `${name} is ${moment}, a date that does not exist; write one that the calendar has.`,
    }));
  if (cutoff === undefined || Date.parse(cutoff) >= Date.parse(due) || faults.length > 0) return faults;
  return [{ at: ['deadline', 'cutoff'], text: `cutoff is earlier than due; write a moment after ${due}.` }];
}

/** Questions are told by their letters and digits, so each needs some, and others than the rest. */
function alike(questions: readonly { label: string }[]): Fault[] {
  const wordings = questions.map(({ label }) => wordingOf(label));
  return questions.flatMap(({ label }, index) => {
    const at = ['reflection', 'questions', index, 'label'];
    const earlier = wordings.indexOf(wordings[index] ?? '');
    if (wordings[index] === '')
      return [{ at, text: `"${label}" holds no letter; write the question in words.` }];
    if (earlier === index) return [];
    return [
      {
        at,
        text: `"${label}" has the same words as question ${earlier + 1}; responses to the two could not be told apart.`,
      },
    ];
  });
}

function repeated(items: readonly { readonly id: string; readonly at: FaultPath }[]): Fault[] {
  return items.flatMap(({ id, at }, index) =>
    items.findIndex((other) => other.id === id) < index
      ? [{ at, text: `The id "${id}" is taken already; give each its own.` }]
      : [],
  );
}

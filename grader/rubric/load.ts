import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ErrorObject } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import { isAlias, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { GraderError } from '../error';
import { isValid, validationErrors } from '../validate';
import type { RubricFile } from './file.schema';
import { momentOf } from './moment';
import { possiblePoints, type Rubric, rubricOf } from './rubric';
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
  if (!isValid<RubricFile>(schema, file)) throw source.error(validationErrors(schema, file).map(faultOf));
  const faults = checkSums(file);
  if (faults.length > 0) throw source.error(faults);
  return file;
}

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
  return {
    at,
    text: `${name} is ${shown(error.data)}; write ${error.parentSchema?.description ?? error.message}.`,
  };
}

function suggestion(found: string, known: string[]): string {
  const nearest = closest(found, known);
  return distance(found, nearest) <= 2 ? `write "${nearest}"` : `it may hold ${known.join(', ')}`;
}

/** `table.points`, or `id of entry 3 in table.rows` (counted from one, as a person counts). */
function nameOf(at: FaultPath): string {
  const index = at.findIndex((step) => typeof step === 'number');
  if (index < 0) return at.join('.');
  const entry = `entry ${Number(at[index]) + 1} in ${at.slice(0, index).join('.')}`;
  const rest = at.slice(index + 1).join('.');
  return rest ? `${rest} of ${entry}` : entry;
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

/** What a schema cannot say: names that occur twice, sums and references that do not hold. */
function checkSums(file: RubricFile): Fault[] {
  const { table, reflection, deadline } = file;
  const faults: Fault[] = [
    ...repeated(table.rows, ['table', 'rows']),
    ...repeated(table.columns, ['table', 'columns']),
    ...(reflection ? repeated(reflection.questions, ['reflection', 'questions']) : []),
    ...(reflection ? alike(reflection.questions) : []),
  ];
  for (const [index, { ask = '' }] of table.columns.entries()) {
    if (/\p{N}/u.test(ask)) {
      faults.push({
        at: ['table', 'columns', index, 'ask'],
        text: 'ask holds a number; students read it beside every wrong cell, so give a direction and no number.',
      });
    }
  }
  if (table.orientation !== undefined && table.columns.length !== 2) {
    faults.push({
      at: ['table', 'orientation'],
      text: `An orientation makes sense for two columns, and there are ${table.columns.length}; take it away.`,
    });
  }
  if (reflection && reflection.choose > reflection.questions.length) {
    faults.push({
      at: ['reflection', 'choose'],
      text: `choose is ${reflection.choose}, but there are ${reflection.questions.length} questions; write at most that many.`,
    });
  }
  if (reflection?.file === table.file) {
    faults.push({
      at: ['reflection', 'file'],
      text: 'The reflection needs a file of its own; the table is in this one.',
    });
  }
  if (deadline) faults.push(...unreal(deadline));
  const sum = possiblePoints(file);
  if (file.possible !== undefined && file.possible !== sum) {
    faults.push({
      at: ['possible'],
      text: `possible is ${file.possible}, but all points add up to ${sum}; write ${sum}, or leave it out.`,
    });
  }
  return faults;
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

function repeated(items: readonly { id: string }[], at: FaultPath): Fault[] {
  return items.flatMap(({ id }, index) =>
    items.findIndex((other) => other.id === id) < index
      ? [{ at: [...at, index, 'id'], text: `The id "${id}" is taken already; give each its own.` }]
      : [],
  );
}

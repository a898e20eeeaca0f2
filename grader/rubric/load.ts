import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ErrorObject } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import { isAlias, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { GraderError } from '../error';
import { fits, misfits } from '../fits';
import { checkSums, type Fault, type FaultPath } from './faults';
import type { RubricFile } from './file.schema';
import { type Rubric, rubricOf } from './rubric';
import schema from './rubric.schema.json';

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
  if (!fits<RubricFile>(schema, file)) throw source.error(misfits(schema, file).map(faultOf));
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
      throw this.report(errors.map(({ pos, message }) => ({ offset: pos[0], text: `${message}.` })));
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

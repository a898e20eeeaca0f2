import type { ErrorObject } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import { GraderError } from '../error';
import { isValid, validationErrors } from '../validate';

/** Schema errors that leave everything in its place, so that other faults can be reported too. */
const keepsForm = new Set([
  'additionalProperties',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
]);

/** Explains a YAML error to the person who wrote the line. */
function yamlAdvice({ code, message }: YAMLParseError): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `${message}.`;
    case 'TAB_AS_INDENT':
      return 'A tab stands at the beginning of this line. Use spaces.';
    default:
      return `${message}. Look whether this line and the one above begin below the lines that they belong with, whether a space follows each colon, and whether a text with a colon, a comma, a # or a bracket in it is between quotation marks.`;
  }
}

/** The text of an author's file, and the position of everything in it. */
export class YamlFile {
  private readonly name: string;
  private readonly lines: string[];
  private readonly counter = new LineCounter();
  private readonly document;

  /** @param name the path of the file in the course, for messages. */
  constructor(name: string, text: string) {
    this.name = name;
    this.lines = text.split(/\r?\n/);
    this.document = parseDocument(text, { lineCounter: this.counter, prettyErrors: false });
  }

  /**
   * Returns the content of the file.
   *
   * @throws {GraderError} if it is not valid YAML, or its aliases expand too far.
   */
  toValue(): unknown {
    // Errors after the first are mostly its consequences.
    const [first] = this.document.errors;
    if (first) throw this.report([{ offset: first.pos[0], text: yamlAdvice(first) }]);
    try {
      return this.document.toJS({ maxAliasCount: 20 });
    } catch {
      return this.refuseAliases();
    }
  }

  /** Checks a value against a schema. `keepsForm` tells whether everything is still in its place. */
  faultsOf(schema: object, value: unknown): { readonly faults: Fault[]; readonly keepsForm: boolean } {
    const all = isValid(schema, value) ? [] : validationErrors(schema, value);
    // A value of the wrong type is not in the enum either, which need not be reported as well.
    const errors = all.filter(
      ({ keyword, instancePath }) =>
        keyword !== 'enum' ||
        !all.some((other) => other.keyword === 'type' && other.instancePath === instancePath),
    );
    return {
      faults: errors.map((error) => faultOf(error, this.name)),
      keepsForm: errors.every(({ keyword }) => keepsForm.has(keyword)),
    };
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

  /** The offset of the node at a path, or of its key if the path ends in `{ key }`. */
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
    const faultLines = faults
      .map(({ offset, text }) => ({ ...this.counter.linePos(offset), text }))
      .sort((a, b) => a.line - b.line || a.col - b.col)
      .map(({ line, col, text }) => {
        const number = String(line).padStart(5);
        return [
          '',
          `${this.name}:${line}:${col}: ${text}`,
          `${number} | ${this.lines[line - 1] ?? ''}`,
          `      | ${' '.repeat(Math.max(col - 1, 0))}^`,
        ];
      });
    const count = faultLines.length === 1 ? 'a fault' : `${faultLines.length} faults`;
    return new GraderError('rubric', 'yaml-faults', `${this.name} has ${count}:`, ...faultLines.flat());
  }
}

/** Explains a schema error to the person who wrote the line. */
function faultOf(error: ErrorObject, file: string): Fault {
  const at: FaultPath = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const name = at.length > 0 ? placeNameOf(at) : file;
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
      return { at, text: `${name} is ${printNode(error.data)}; write ${printNode(nearest)}.` };
  }
  return {
    at,
    text: `${name} is ${printNode(error.data)}; write ${error.parentSchema?.description ?? error.message}.`,
  };
}

export function suggestion(found: string, known: string[]): string {
  const nearest = closest(found, known);
  return distance(found, nearest) <= 2 ? `write "${nearest}"` : `it may hold ${known.join(', ')}`;
}

/** `reflection.points`, or `id of entry 3 in rows of entry 1 in tables` (counted from one, as a person counts). */
function placeNameOf(at: FaultPath): string {
  const index = at.findLastIndex((step) => typeof step === 'number');
  if (index < 0) return at.join('.');
  const entry = `entry ${Number(at[index]) + 1} in ${nameWithin(at.slice(0, index))}`;
  const rest = at.slice(index + 1).join('.');
  return rest ? `${rest} of ${entry}` : entry;
}

/** The name of a list, and the entry that it belongs to. */
function nameWithin(at: FaultPath): string {
  const index = at.findLastIndex((step) => typeof step === 'number');
  return index < 0
    ? at.join('.')
    : `${at.slice(index + 1).join('.')} of ${placeNameOf(at.slice(0, index + 1))}`;
}

function printNode(value: unknown): string {
  const text = nodeTextOf(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function nodeTextOf(value: unknown): string {
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

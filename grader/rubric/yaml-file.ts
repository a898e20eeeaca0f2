import type { ErrorObject } from 'ajv';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import { GraderError } from '../message';
import { assertMerged } from '../system/files';
import { nearestName } from '../system/lists';
import { isValid, validationErrors } from '../validate';

/** A fault for an author to correct, and its place: a group or a list in the content, perhaps with one of its entries. */
export type Fault = readonly [text: string, within: unknown, at?: string | number];

/**
 * Reads a file that an author wrote.
 *
 * @param name the path of the file in the course, for messages.
 * @param check finds what a schema cannot express, once the schema finds nothing.
 * @throws {GraderError} that lists all faults at once, each with its line and column, the line itself, the value found
 *   and how to correct it.
 */
export function readYaml<Content>(
  name: string,
  text: string,
  schema: object,
  check: (content: Content) => Iterable<Fault> = () => [],
): Content {
  assertMerged(name, text);
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const nodes = new Map<unknown, Node>();
  const contentOf = (node: unknown): unknown => {
    const target = isAlias(node) ? node.resolve(document) : node;
    if (!isCollection(target)) return isScalar(target) ? target.value : null;
    const content = isMap(target)
      ? Object.fromEntries(target.items.map(({ key, value }) => [String(key), contentOf(value)]))
      : target.items.map(contentOf);
    nodes.set(content, target);
    return content;
  };
  const content = contentOf(document.contents);
  const faultsIn = () =>
    isValid<Content>(schema, content) ? [...check(content)] : schemaFaults(schema, content);
  // Later errors mostly follow from the first.
  const [broken] = document.errors;
  const placed = broken
    ? [brokenPlace(document, broken, text)]
    : faultsIn().map(([says, within, at]) => ({ offset: offsetOf(nodes.get(within), at), says }));
  if (placed.length === 0) return content as Content;
  const lines = text.split(/\r?\n/);
  const parts = placed
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, says }) => {
      const { line, col } = counter.linePos(offset);
      const number = String(line).padStart(5);
      return `\n${name}:${line}:${col}: ${says}\n${number} | ${lines[line - 1]}\n      | ${' '.repeat(col - 1)}^`;
    });
  // A value of the wrong type also fails the list of allowed words, with the same text.
  const each = [...new Set(parts)];
  const count = each.length === 1 ? 'a fault' : `${each.length} faults`;
  throw new GraderError('rubric', 'yaml-faults', `${name} has ${count}:`, ...each);
}

/** Where the YAML breaks off, and what to write. It may break far below a bracket or quotation mark that was left open. */
function brokenPlace(document: Document.Parsed, { pos: [end], message }: YAMLParseError, text: string) {
  const opened: number[] = [];
  if (/^(?:Flow|Missing closing)/.test(message))
    visit(document, {
      Node: (_, { range }) => {
        if (range?.[1] === end && Object.hasOwn(closers, text.charAt(range[0]))) opened.push(range[0]);
      },
    });
  if (/^(?:Nested mappings|Block collections)/.test(message) && /^[^\s"'{[].*?:\s/.test(text.slice(end)))
    return { offset: end, says: 'there is a colon in this text; put the text in quotes.' };
  // Blame the innermost open bracket.
  const offset = opened.at(-1);
  if (offset === undefined) return { offset: end, says: `${message}. ${yamlAdvice}` };
  const opener = text.charAt(offset);
  return { offset, says: `${opener} is not closed; write ${closers[opener]} where it ends.` };
}

const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"', "'": "'" };

/** The advice for a line that is not YAML. */
const yamlAdvice =
  'Check that this line and the one above are indented like the lines that they belong with, with spaces and not with a tab, that a space follows each colon, and that any text with a colon, a comma, a # or a bracket in it is in quotes.';

/** Explains only errors that do not follow from others: a misspelled setting is not also a missing one. */
function schemaFaults(schema: object, content: unknown): Fault[] {
  const errors = validationErrors(schema, content).filter(({ keyword }) => keyword !== 'if');
  const misspelt = errors.flatMap((one) => (one.keyword === 'additionalProperties' ? one.instancePath : []));
  return errors
    .filter(({ keyword, instancePath }) => keyword !== 'required' || !misspelt.includes(instancePath))
    .map((error) => schemaFault(error, content));
}

/** Explains a schema error to the person who wrote the line. */
function schemaFault(
  { keyword, instancePath, params, data, parentSchema, message }: ErrorObject,
  content: unknown,
): Fault {
  const path = instancePath.split('/').slice(1);
  const at = path.pop();
  const within = path.reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], content);
  const name = Array.isArray(within) ? `entry ${Number(at) + 1} of ${path.at(-1)}` : (at ?? 'this file');
  if (keyword === 'required') return [`${name} has no "${params.missingProperty}"; add it.`, within, at];
  if (keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    const group = data as Record<string, unknown>;
    const keys = Object.keys(group);
    // In `{ label: Crate, of wood }`, the text ends at the comma, and `of wood` is a key without a value.
    const cut = keys.slice(0, keys.indexOf(key)).findLast((earlier) => group[earlier] !== null);
    if (group[key] === null && cut) return [`${cut} ends at the comma; put the ${cut} in quotes.`, data, cut];
    return [
      `${name} does not know "${key}"; ${suggestion(key, Object.keys(parentSchema?.properties))}.`,
      data,
      key,
    ];
  }
  const json = JSON.stringify(data);
  const shown = json.length > 60 ? `${json.slice(0, 59)}…` : json;
  return [`${name} is ${shown}; write ${parentSchema?.description ?? message}.`, within, at];
}

/** Where the name of a group's entry begins, or a list's entry; without an entry, where the whole begins. */
function offsetOf(node: Node | undefined, at: Fault[2]): number {
  const pair = isMap(node) && node.items.find(({ key }) => String(key) === at);
  const entryNode = pair ? pair.key : isSeq(node) && node.get(at, true);
  return (isNode(entryNode) ? entryNode : node)?.range?.[0] ?? 0;
}

/** `write "title"`, or the full list of known names. */
export function suggestion(unknownName: string, known: readonly string[]): string {
  const meant = nearestName(unknownName, known);
  return meant === undefined ? `it may hold ${known.join(', ') || 'nothing'}` : `write "${meant}"`;
}

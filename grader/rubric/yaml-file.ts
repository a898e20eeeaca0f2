import type { ErrorObject } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { GraderError } from '../error';
import { isValid, validationErrors } from '../validate';

/**
 * What an author has to correct, and where: in a group or a list of the content, perhaps at one of its entries.
 * `{ key }` is the key itself and not what stands there.
 */
export type Fault = readonly [text: string, within: unknown, at?: string | number | { readonly key: string }];

/** An offset in the file, and what is wrong there. */
type PlacedFault = readonly [offset: number | undefined, text: string];

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
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const report = (faults: readonly PlacedFault[]) => {
    const lines = text.split(/\r?\n/);
    const parts = faults
      .map(([offset = 0, says]) => ({ ...counter.linePos(offset), says }))
      .sort((a, b) => a.line - b.line || a.col - b.col)
      .map(({ line, col, says }) => {
        const number = String(line).padStart(5);
        return `\n${name}:${line}:${col}: ${says}\n${number} | ${lines[line - 1]}\n      | ${' '.repeat(col - 1)}^`;
      });
    // A value of another type is not in the list of words either.
    const each = [...new Set(parts)];
    const count = each.length === 1 ? 'a fault' : `${each.length} faults`;
    return new GraderError('rubric', 'yaml-faults', `${name} has ${count}:`, ...each);
  };
  // Errors after the first are mostly its consequences.
  const [first] = document.errors;
  if (first) throw report([[first.pos[0], `${first.message}. ${yamlAdvice}`]]);
  const placed: PlacedFault[] = [];
  const nodes = new Map<unknown, Node>();
  const contentOf = (node: unknown): unknown => {
    const own = isAlias(node) ? node.resolve(document) : node;
    if (isAlias(node) && !own) placed.push([node.range?.[0], `There is no anchor &${node.source} above.`]);
    if (!isCollection(own)) return isScalar(own) ? own.value : null;
    const content = isMap(own)
      ? Object.fromEntries(uncut(own).map(({ key, value }) => [String(key), contentOf(value)]))
      : own.items.map(contentOf);
    nodes.set(content, own);
    return content;
  };
  // In `{ label: Crate, of wood }` the text ends at the comma, and what follows is a key without a value.
  const uncut = ({ items }: YAMLMap) =>
    items.filter(({ value }, index) => {
      const before = items.slice(0, index).findLast((pair) => pair.value !== null);
      const cut = before?.value;
      if (value !== null || !isScalar(cut) || cut.type !== 'PLAIN') return true;
      const says = `${before?.key} ends at the comma; put the ${before?.key} in quotes.`;
      placed.push([cut.range?.[0], says]);
      return false;
    });
  const content = contentOf(document.contents);
  const faults = isValid<Content>(schema, content)
    ? check(content)
    : schemaErrors(schema, content).map((error) => schemaFault(error, name, content));
  for (const [text, within, at] of faults) placed.push([offsetOf(nodes.get(within), at), text]);
  if (placed.length > 0) throw report(placed);
  return content as Content;
}

/** What to do about a line that is no YAML. */
const yamlAdvice =
  'Look whether this line and the one above begin below the lines that they belong with, with spaces and no tab, whether a space follows each colon, and whether a text with a colon, a comma, a # or a bracket in it is between quotation marks.';

/** The errors that do not follow from others: a setting that is misspelt is not missing too. */
function schemaErrors(schema: object, content: unknown): ErrorObject[] {
  const all = validationErrors(schema, content);
  const misspelt = all.flatMap((one) => (one.keyword === 'additionalProperties' ? one.instancePath : []));
  const missing = ({ keyword, instancePath }: ErrorObject) =>
    keyword === 'required' && misspelt.includes(instancePath);
  return all.filter((error) => error.keyword !== 'if' && !missing(error));
}

/** Explains a schema error to the person who wrote the line. */
function schemaFault(
  { keyword, instancePath, params, data, parentSchema, message }: ErrorObject,
  file: string,
  content: unknown,
): Fault {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const at = path.pop();
  const within = path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], content);
  const name = Array.isArray(within) ? `entry ${Number(at) + 1} of ${path.at(-1)}` : (at ?? file);
  if (keyword === 'required') return [`${name} has no "${params.missingProperty}"; add it.`, within, at];
  if (keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    const known = Object.keys(parentSchema?.properties);
    return [`${name} knows no "${key}"; ${suggestion(key, known)}.`, data, { key }];
  }
  const found = JSON.stringify(data);
  const shown = found.length > 60 ? `${found.slice(0, 59)}…` : found;
  return [`${name} is ${shown}; write ${parentSchema?.description ?? message}.`, within, at];
}

/** Where an entry of a group or a list stands, or its key; without it the whole begins. */
function offsetOf(node: Node | undefined, at: Fault[2]): number | undefined {
  const pair = isMap(node) && typeof at === 'object' && node.items.find(({ key }) => String(key) === at.key);
  const found = pair ? pair.key : isCollection(node) && node.get(at, true);
  return (isNode(found) ? found : node)?.range?.[0];
}

/** `write "title"`, or all that there are. */
export function suggestion(found: string, known: readonly string[]): string {
  const near = known.filter((name) => distance(found, name) <= 2);
  return near.length > 0 ? `write "${closest(found, near)}"` : `it may hold ${known.join(', ') || 'nothing'}`;
}

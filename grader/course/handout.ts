import { existsSync } from 'node:fs';
import path from 'node:path';
import { Liquid, LiquidError } from 'liquidjs';
import type { Quantity } from '../key/known-answers';
import type { SolvedRubric } from '../key/solution';
import { GraderError } from '../message';
import { escapeMarkdown } from '../render/escape/markdown';
import { noCell } from '../render/status';
import { cellsOf, possibleReflection, type RubricTable, rowsOf } from '../rubric/rubric';
import { suggestion } from '../rubric/yaml-file';
import { assertMerged, graderRoot, readText, resolvePath } from '../system/files';
import { packageIn } from '../system/packages';
import { cellNote, columnNote } from './stub';

/** The template of the handout. */
export const handoutTemplate = 'solution/handout.md';

/** The part of a course that its handout uses. */
type Stating = Pick<SolvedRubric, 'rubric' | 'solution'> & { readonly root: string };

/** The values that a template can refer to by name. */
export type Facts = Readonly<Record<string, unknown>>;

/** Created on first use: creating it takes longer than rendering any template. */
let engine: Liquid | undefined;

function liquid(): Liquid {
  if (engine) return engine;
  engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
    // Liquid would print a group of facts as `[object Object]`.
    outputEscape: (value: unknown) => {
      assertOneFact(value);
      return value as string;
    },
  });
  /** `{{ 32000 | thousands }}`: `32,000`. */
  engine.registerFilter('thousands', thousands);
  /** `{{ cells | count: "cell" }}`: `1 cell`, `14 cells`; `"matrix", "matrices"` for an irregular plural. */
  engine.registerFilter('count', (number: unknown, noun: unknown, plural?: unknown) => {
    if (typeof noun !== 'string') throw new TypeError("count needs a word: count: 'token'");
    return `${thousands(number)} ${number === 1 ? noun : (plural ?? pluralOf(noun))}`;
  });
  return engine;
}

function thousands(number: unknown): string {
  assertOneFact(number);
  if (typeof number !== 'number') throw new TypeError(`${JSON.stringify(number)} is not a number`);
  return number.toLocaleString('en');
}

const severalFacts = 'that is several facts, not one text or number';

/** @throws {TypeError} for a list, or a group such as `answers`. */
function assertOneFact(value: unknown): void {
  if (typeof value === 'object' && value !== null) throw new TypeError(severalFacts);
}

/** `classes`, `boxes`, `berries` and `cells`. */
function pluralOf(noun: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(noun)) return `${noun}es`;
  return `${noun.replace(/(?<![aeiou])y$/, 'ie')}s`;
}

/**
 * Fills in a template of the course, written in Liquid.
 *
 * @param file where the template is, for messages.
 * @throws {GraderError} if the template has a fault or refers to unknown facts; the message says where, and what to
 *   write.
 */
export function render(template: string, facts: Facts, file: string): string {
  try {
    return liquid().parseAndRenderSync(template, facts);
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const { message: ofLibrary } = error;
    const reason = ofLibrary
      .replace(/, (?:file|line):.*$/s, '')
      .replace('undefined filter:', 'there is no filter');
    const place = [file, ...error.token.getPosition()].join(':');
    throw new GraderError('folder', 'template-fault', `${place}: ${reason}.`, adviceFor(reason, facts));
  }
}

/** Says what to write instead of something that Liquid refuses, based on the wording of its errors. */
function adviceFor(reason: string, facts: Facts): string {
  if (reason === severalFacts)
    return 'Name one of them, as in {{ answers.path }}, or how many they are, as in {{ questions.size }}.';
  const [, block] = /^tag \{%-?\s*(\w+).* not closed$/s.exec(reason) ?? [];
  if (block !== undefined) return `Write {% end${block} %} below what it is about.`;
  const [, kind] = /^(output|tag) ".*" not closed$/s.exec(reason) ?? [];
  if (kind !== undefined) return `Write ${kind === 'output' ? '}}' : '%}'} at its end.`;
  const [, filter] = /^there is no filter (.*)$/.exec(reason) ?? [];
  if (filter !== undefined) return `Among filters, ${suggestion(filter, Object.keys(liquid().filters))}.`;
  const [, fact] = /^undefined variable: (.*)$/.exec(reason) ?? [];
  if (fact !== undefined) return adviceForFact(fact, facts);
  return 'Check that each {{ ends with }}, each {% with %} and each {% if %} with {% endif %}, and that each filter has a | before it and a colon after it.';
}

/** Says what to write instead of a fact that does not exist: `labels.aples`, or `due` if there is no deadline. */
function adviceForFact(name: string, facts: Facts): string {
  const [group = name] = name.split(/[.[]/);
  const inGroup = facts[group];
  if (Object.hasOwn(facts, group) && inGroup === undefined)
    return `This worksheet has none. Write {% if ${group} %} before it, and {% endif %} after it.`;
  const [where, known] =
    typeof inGroup === 'object' && inGroup !== null ? [` in ${group}`, inGroup] : ['', facts];
  return `Known facts${where}: ${Object.keys(known).sort().join(', ')}.`;
}

/** The numeric facts that the handout's template refers to, and so can be expected to state. */
export function numbersNamed(root: string, facts: Facts): Record<string, number> {
  // A class can be graded without a handout.
  if (!existsSync(resolvePath(root, handoutTemplate))) return {};
  const names = factsNamed(readText(root, handoutTemplate));
  const named = names.map((name) => [name, facts[name]] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/** Every fact that a template refers to; none if the template has a fault, which rendering it reports. */
function factsNamed(template: string): string[] {
  try {
    return liquid().globalVariablesSync(template, { partials: false });
  } catch (error) {
    if (LiquidError.is(error)) return [];
    throw error;
  }
}

/**
 * Finds numbers of two or more digits that somebody typed into a template, except in links, in names such as bfloat16,
 * and in Liquid code.
 *
 * @returns each with its line and column, such as `3:17: 100`.
 */
export function numbersByHand(template: string): string[] {
  return proseOf(template)
    .split('\n')
    .flatMap((prose, index) => {
      const numbers = prose.matchAll(/(?<![\p{L}\d])\d{2,}/gu);
      return Array.from(numbers, ({ 0: number, index: at }) => `${index + 1}:${at + 1}: ${number}`);
    });
}

/** A template with spaces in place of its Liquid code and its link targets. Line numbers stay the same. */
export function proseOf(template: string): string {
  return template.replaceAll(/\{\{.*?\}\}|\{%.*?%\}|\]\([^)\n]*\)/gs, (code) => code.replaceAll(/./g, ' '));
}

/**
 * Renders the handout.
 *
 * @param folder the folder of the repository that the handout is in; '' is the root.
 * @param medium where students read it: in a repository that grades itself, in one that a host grades, or above the
 *   fields of the page that needs no install.
 */
export function handoutOf(course: Stating, folder: string, medium: Medium = 'repository'): string {
  const template = readText(course.root, handoutTemplate);
  assertMerged(handoutTemplate, template);
  return render(template, factsOf(course, folder, medium), handoutTemplate);
}

type Medium = 'repository' | 'host' | 'page';

/** The facts that the course states, and those that describe its worksheet. */
function factsOf({ rubric, solution }: Stating, folder: string, medium: Medium): Facts {
  const { title, given, reflection, possible, due, handIn } = rubric;
  const isOnPage = medium === 'page';
  const rows = rowsOf(rubric);
  const responsePoints = reflection && possibleReflection(reflection);
  const linked = (file: string) => ({ path: file, link: path.posix.relative(folder, file) });
  return {
    title,
    ...given,
    ...solution.handoutFacts,
    isOnPage,
    answers: linked(rubric.file),
    cells: cellsOf({ rows }).length,
    cellPoints: possible - (responsePoints ?? 0),
    possible,
    // The page shows the due date elsewhere.
    due: isOnPage ? undefined : due?.join(' '),
    handIn: isOnPage ? undefined : handIn?.map((address) => `<${address}>`).join(' or '),
    table: rubric.tables
      .map((table) => `${table.label ? `**${table.label}**\n\n` : ''}${blankTable(table)}`)
      .join('\n\n'),
    labels: Object.fromEntries(rows.map(({ id, label }) => [id, label])),
    // Templates use `if` for facts that not every course has.
    reflection: reflection && linked(reflection.file),
    questions: reflection?.questions,
    responses: reflection?.choose,
    responsePoints,
    // On GitHub, files are below blob/<branch>/ of the repository, so its Actions tab is two levels above the root.
    // Null rather than undefined, because rendering refuses unknown facts.
    actions: medium === 'host' ? null : path.posix.join(path.posix.relative(folder, ''), '../../actions'),
    node: nodeVersions(),
  };
}

/** `20.19, 22, 24 or newer`, as package.json says. */
function nodeVersions(): string {
  const { engines } = packageIn(graderRoot);
  const versions = engines?.node.match(/(?<![\d.])\d+(?:\.[1-9]\d*)*/g) ?? [];
  return `${versions.join(', ')} or newer`;
}

/** A table of the worksheet in Markdown, to be filled in on paper. */
function blankTable(table: RubricTable): string {
  const { rows, columns } = table;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const escaped = (label: string) => label.replaceAll('|', '\\|');
  const heads = columns.map((column) => {
    const note = columnNote(column);
    return note === undefined ? escaped(column.label) : escapeMarkdown(note);
  });
  const lines = rows.flatMap(({ label, heading, cells }) => {
    const blanks = columns.map(({ id }) => {
      const cell = cells.find((one) => one.id === id);
      if (!cell) return noCell;
      const note = cellNote(cell, table);
      return note === undefined ? '' : `${escapeMarkdown(note)}: …`;
    });
    const above = heading === undefined ? [] : [[`**${escaped(heading)}**`, ...columns.map(() => '')]];
    return [...above, [escaped(label), ...blanks]];
  });
  return [['', ...heads], [':---', ...columns.map(() => '---:')], ...lines].map(line).join('\n');
}

/** The numbers that the handout states by name, for a solution at some sizes, each with a phrase for it. */
export function statedNumbers(
  { root, rubric, solution }: Stating,
  { handoutFacts, quantities }: SolvedRubric['solution'],
): Quantity[] {
  const named = Object.entries(numbersNamed(root, handoutFacts));
  const stated = named.filter(([name]) => !Object.hasOwn(rubric.given, name));
  return stated.flatMap(([name, value]) => {
    // Two quantities may be equal by chance; the intended one is also equal at the sizes of the worksheet.
    const here = solution.quantities.filter((one) => one.value === solution.handoutFacts[name]);
    const phrases = here.map(({ phrase }) => phrase);
    return quantities.find((one) => one.value === value && phrases.includes(one.phrase)) ?? [];
  });
}

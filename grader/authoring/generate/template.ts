import { existsSync } from 'node:fs';
import path from 'node:path';
import { Liquid, LiquidError } from 'liquidjs';
import { GraderError } from '../../error';
import { graderRoot, readText, resolvePath } from '../../files';
import type { SolvedRubric } from '../../key/solution';
import { escapeMarkdown } from '../../render/escape/markdown';
import { noCell } from '../../render/status';
import {
  againTable,
  askedTables,
  cellsOf,
  type RubricTable,
  rowsOf,
  sizesText,
  studentFiles,
} from '../../rubric/rubric';
import { cellNotes } from './worksheet';

/** The template of the handout. */
export const handoutTemplate = 'solution/handout.md';

/** The values that a template can refer to by name. */
export type Facts = Readonly<Record<string, unknown>>;

/** Created on first use: creating it takes longer than rendering any template. */
let engine: Liquid | undefined;

function liquid(): Liquid {
  if (engine) return engine;
  const made = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
  });

  /** `{{ cells | count: "cell" }}`: `1 cell`, `14 cells`. */
  made.registerFilter('count', (number: number, noun: string) =>
    number === 1 ? `1 ${noun}` : `${number.toLocaleString('en')} ${noun}s`,
  );
  /** `{{ 32000 | thousands }}`: `32,000`. */
  made.registerFilter('thousands', (number: number) => number.toLocaleString('en'));
  engine = made;
  return made;
}

/**
 * Fills in a template of the course, written in Liquid.
 *
 * @param file where the template is, for messages.
 * @throws {GraderError} if the template has a fault or refers to unknown facts; the message says where.
 */
export function render(template: string, facts: Facts, file: string): string {
  try {
    return liquid().parseAndRenderSync(template, facts);
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const known = `Known facts: ${Object.keys(facts).sort().join(', ')}.`;
    const [line = 1, column = 1] = error.token.getPosition();
    const { message: ofLibrary } = error;
    const reason = ofLibrary.replace(/, line:.*$/s, '');
    const name = /^undefined variable: (.*)/.exec(reason)?.[1];
    if (name === undefined)
      throw new GraderError('folder', 'template-fault', `${file}:${line}:${column}: ${reason}.`);
    const first = { line, column, name };
    const others = unknownFacts(template, facts).filter((one) => one.line !== line || one.column !== column);
    const all = [first, ...others].sort((a, b) => a.line - b.line || a.column - b.column);
    throw new GraderError(
      'folder',
      'unknown-fact',
      ...all.map((one) => `${file}:${one.line}:${one.column}: there is no fact called “${one.name}”.`),
      known,
    );
  }
}

/** Facts that not every course has; a template tests for them in an `if`. */
const optionalFacts = ['reflection', 'questions', 'responses', 'responsePoints', 'again'];

/** Every name in a template that is not a fact, as far as that can be told without rendering it. */
function unknownFacts(template: string, facts: Facts) {
  const { globals } = liquid().analyzeSync(liquid().parse(template));
  return Object.entries(globals)
    .filter(([name]) => !Object.hasOwn(facts, name) && !optionalFacts.includes(name))
    .flatMap(([name, uses]) => uses.map(({ location: { row, col } }) => ({ name, line: row, column: col })));
}

/** The numbers of a course that its template refers to: those that the handout can be expected to state. */
export function numbersNamed(
  template: string,
  { rubric, solution }: Pick<SolvedRubric, 'rubric' | 'solution'>,
): Record<string, number> {
  const named = Object.keys(liquid().analyzeSync(liquid().parse(template)).globals);
  const facts: Record<string, unknown> = { ...rubric.given, ...solution.handoutFacts };
  return Object.fromEntries(
    named.flatMap((name) => {
      const value = facts[name];
      return typeof value === 'number' ? [[name, value] as const] : [];
    }),
  );
}

/** A number that somebody typed into a template, and its position. */
export interface NumberByHand {
  readonly line: number;
  readonly column: number;
  readonly number: string;
}

/** Finds numbers of two or more digits, except in links, in names such as bfloat16, and in Liquid code. */
export function numbersByHand(template: string): NumberByHand[] {
  return template.split('\n').flatMap((text, index) => {
    const prose = text.replaceAll(/\{\{.*?\}\}|\{%.*?%\}|\]\([^)]*\)/g, (code) => ' '.repeat(code.length));
    return [...prose.matchAll(/(?<![\p{L}\d])\d{2,}/gu)].map(({ 0: number, index: at }) => ({
      line: index + 1,
      column: at + 1,
      number,
    }));
  });
}

/**
 * The facts that the course states, and those that describe its worksheet.
 *
 * @param folder the folder of the page that links to files, relative to the root of a repository; '' is the root.
 * @param isOnPage whether the text is shown above the fields, on the page that needs no install.
 */
export function factsOf(
  { rubric, solution }: Pick<SolvedRubric, 'rubric' | 'solution'>,
  folder: string,
  isOnPage = false,
): Facts {
  const { title, given, reflection, possible } = rubric;
  const tables = askedTables(rubric);
  const again = againTable(rubric);
  const rows = rowsOf(rubric);
  const cells = cellsOf({ rows });
  const link = (file: string) => path.posix.relative(folder, file);
  const [answers, notes] = studentFiles(rubric).map((file) => ({ path: file, link: link(file) }));
  return {
    title,
    ...given,
    ...solution.handoutFacts,
    isOnPage,
    answers,
    export: tables[0]?.export,
    cells: cells.length,
    cellPoints: cells.reduce((sum, { points }) => sum + points, 0),
    possible,
    // All tables with their labels, and each table by its export name.
    table: tables
      .map((table) => [...(table.label ? [`**${table.label}**`] : []), blankTable(table)].join('\n\n'))
      .join('\n\n'),
    tables: Object.fromEntries(tables.map((table) => [table.export, blankTable(table)])),
    rows,
    labels: Object.fromEntries(rows.map(({ id, label }) => [id, label])),
    ...(reflection && {
      reflection: notes,
      questions: reflection.questions,
      responses: reflection.choose,
      responsePoints: reflection.choose * reflection.points,
    }),
    ...(again && { again: { rows: again.rows.length, sizes: sizesText(again.given ?? given) } }),
    // On GitHub, files are below blob/<branch>/ of the repository, so two levels up from its root is its Actions tab.
    actions: `${path.posix.relative(folder, '')}${folder ? '/' : ''}../../actions`,
    node: nodeVersions(),
    here: folder === '' ? 'assignment/' : '',
  };
}

/** `20.19, 22, 24 or newer`, as package.json says. */
function nodeVersions(): string {
  const { engines } = JSON.parse(readText(graderRoot, 'package.json')) as { engines?: { node?: string } };
  const versions = [...(engines?.node ?? '').matchAll(/\d+(?:\.\d+)*/g)].map(([version]) =>
    version.replace(/(?:\.0)+$/, ''),
  );
  return `${versions.join(', ')} or newer`;
}

/** A table of the worksheet in Markdown, to be filled in on paper. */
function blankTable(table: RubricTable): string {
  const { rows, columns } = table;
  const notes = cellNotes(table);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const escaped = (label: string) => label.replaceAll('|', '\\|');
  const noted = (note: string) => escapeMarkdown(note);
  const heads = columns.map(({ id, label }) => {
    const note = notes.columns.get(id);
    return note === undefined ? escaped(label) : noted(note);
  });
  return [
    line(['', ...heads]),
    line([':---', ...columns.map(() => '---:')]),
    ...rows.flatMap(({ label, heading, cells }) => [
      ...(heading === undefined ? [] : [line([`**${escaped(heading)}**`, ...columns.map(() => '')])]),
      line([
        escaped(label),
        ...columns.map(({ id }) => {
          const cell = cells.find((one) => one.id === id);
          const note = cell && notes.of(cell);
          return cell ? (note === undefined ? '' : `${noted(note)}: …`) : noCell;
        }),
      ]),
    ]),
  ].join('\n');
}

/** The numbers that the handout states by name, at the sizes of a solution, each with a phrase for it. */
export function statedNumbers(
  { root, rubric, solution }: Pick<SolvedRubric, 'rubric' | 'solution'> & { readonly root: string },
  { handoutFacts, quantities }: SolvedRubric['solution'],
): { name: string; value: number; phrase: string }[] {
  if (!existsSync(resolvePath(root, handoutTemplate))) return [];
  const { globals } = liquid().analyzeSync(liquid().parse(readText(root, handoutTemplate)));
  return Object.keys(globals).flatMap((name) => {
    const value = handoutFacts[name];
    if (typeof value !== 'number' || Object.hasOwn(rubric.given, name)) return [];
    const alike = quantities.filter((quantity) => quantity.value === value);
    // Two quantities may be equal by chance; the intended one is also equal at the sizes of the worksheet.
    const isMeant = (phrase: string) =>
      solution.quantities.some((one) => one.phrase === phrase && one.value === solution.handoutFacts[name]);
    const phrase = (alike.find((quantity) => isMeant(quantity.phrase)) ?? alike[0])?.phrase;
    return phrase === undefined ? [] : [{ name, value, phrase }];
  });
}

import { Diagnostic } from '../answers/diagnostics';
import { evaluate, type Value } from '../answers/evaluate';
import { parseModule } from '../answers/parser';
import { reflectionOf } from '../authoring/generate/reflection';
import { quoted } from '../kinds/quoted';
import { kindOf } from '../kinds/registry';
import { type Rubric, type RubricCell, rowName, rowsAgain } from '../rubric/rubric';
import { wordingOf } from '../rubric/wording';
import { tableValue } from '../submission/cells';
import type { SubmissionTexts } from '../submission/submission';

// Converts typed work to the two files that every host grades.

/** A worksheet as the page knows it. */
export interface Sheet {
  readonly rubric: Rubric;
  /** The file of the answers as it is handed out, without answers. */
  readonly stub: string;
  /** Numbers of the handout that a cell may refer to by name. */
  readonly facts: Readonly<Record<string, number>>;
}

/** The typed text by field. A missing field is empty. */
export type TypedWork = ReadonlyMap<string, string>;

/** The name of the field for a cell, a response or the dispute. */
export const fieldOf = {
  cell: (row: string, column: string) => `cell.${row}.${column}`,
  response: (question: string) => `response.${question}`,
  dispute: 'dispute',
} as const;

/** The ids of the elements that belong to a field or a row. */
export const partOf = {
  state: (field: string) => `${field}.state`,
  reason: (field: string) => `${field}.reason`,
  ask: (field: string) => `${field}.ask`,
  row: (row: string) => `row.${row}`,
  said: (row: string) => `row.${row}.said`,
} as const;

/** The name of a file without its folder. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** The files of a submission, and the fields whose text the page, not the student, put in quotes. */
export interface WorkFiles extends SubmissionTexts {
  readonly quoted: ReadonlySet<string>;
}

/** Returns the files of the typed work: the stub and the template, with the fields filled in. */
export function workFilesOf(work: TypedWork, sheet: Sheet): WorkFiles {
  const { reflection } = sheet.rubric;
  return {
    ...answersOf(work, sheet),
    ...(reflection && { reflection: reflectionFile(work, reflection) }),
  };
}

/** Caches the positions of the cells in a sheet's stub, which never changes. */
const cellsOfStub = new WeakMap<Sheet, readonly FoundCell[]>();

function answersOf(work: TypedWork, sheet: Sheet): Pick<WorkFiles, 'answers' | 'quoted'> {
  const { rubric, stub, facts } = sheet;
  const cells = cellsOfStub.get(sheet) ?? typedCells(stub, rubric);
  cellsOfStub.set(sheet, cells);
  const typed = cells.map(({ row, cell, value }) => {
    const field = fieldOf.cell(row, cell.id);
    const entered = work.get(field) ?? '';
    const text = writtenIn(cell, entered, { facts: factsIn(row, sheet) });
    return { ...value, row, field, entered, text, isNumber: !takesText(cell) };
  });
  const quoted = typed.flatMap(({ field, entered, text, isNumber }) =>
    isNumber && !['', text].includes(plainArithmetic(entered)) ? field : [],
  );
  let text = stub;
  for (const { start, end, text: written } of [...typed].sort((one, other) => other.start - one.start))
    text = text.slice(0, start) + written + text.slice(end);
  const used = Object.entries(facts).filter(([name]) =>
    typed.some(
      ({ row, isNumber, text: written }) =>
        isNumber && Object.hasOwn(factsIn(row, sheet), name) && refersTo(written, name),
    ),
  );
  const constants = used.map(([name, value]) => `const ${name} = ${value};\n`).join('');
  const [first = ''] = /^.*\n/.exec(text) ?? [];
  return {
    answers: constants === '' ? text : `${first}\n${constants}${text.slice(first.length)}`,
    quoted: new Set(quoted),
  };
}

/** Returns the names that a row may use: none if it is asked again, as they stand for numbers of the first table. */
export function factsIn(row: string, { rubric, facts }: Pick<Sheet, 'rubric' | 'facts'>): Sheet['facts'] {
  const asked = rowsAgain(rubric);
  return asked.some(({ id }) => id === row) ? {} : facts;
}

/** A cell of the rubric, and its value in a file. */
interface FoundCell {
  readonly row: string;
  readonly cell: RubricCell;
  readonly value: Value;
}

/** Finds the cells of a worksheet in a text, as far as it has them. */
function typedCells(source: string, rubric: Pick<Rubric, 'tables'>): FoundCell[] {
  const evaluated = evaluate(parseModule(source));
  return rubric.tables.flatMap((table) => {
    const value = tableValue(evaluated, table, rubric.tables);
    if (value?.kind !== 'object') return [];
    return table.rows.flatMap((row) => {
      const inRow = value.fields.get(rowName(row))?.value;
      return row.cells.flatMap((cell) => {
        const found = inRow?.kind === 'object' ? inRow.fields.get(cell.id)?.value : undefined;
        return found ? [{ row: row.id, cell, value: found }] : [];
      });
    });
  });
}

function takesText(cell: RubricCell): boolean {
  return kindOf(cell).valueKind === 'string';
}

function refersTo(expression: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(expression);
}

/** Returns the text that a field puts into its cell: `null`, TypeScript as typed, or a text in quotes. */
export function writtenIn(cell: RubricCell, typed: string, sheet: Pick<Sheet, 'facts'>): string {
  const text = takesText(cell) ? withoutCurlyQuotes(typed.trim()) : plainArithmetic(typed);
  if (text === '') return 'null';
  const value = soleValue(text, sheet);
  const isInQuotes = /^(['"`])[\s\S]*\1$/.test(text);
  // Text that is not a complete value could swallow the cells around it, and a comment is not part of a value.
  const isItself = takesText(cell)
    ? value?.kind === 'string' && isInQuotes
    : value !== undefined && !text.includes('/*');
  return isItself ? text : quoted(text);
}

/** Removes the curly quotes that a phone puts around a text in place of plain ones. */
function withoutCurlyQuotes(text: string): string {
  return text.replace(/^[\u201c-\u201f]([^\u201c-\u201f]+)[\u201c-\u201f]$/, '$1');
}

/**
 * Replaces the characters of a word processor or a phone with those of a keyboard: signs of arithmetic, powers such as
 * `2¹²`, fractions such as `1½`, digits, invisible spaces.
 */
function plainArithmetic(typed: string): string {
  return (
    typed
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      // Superscript and circled digits stay: as plain digits they would make another number.
      .replace(/[^\p{No}\p{Lm}⁺⁻]+/gu, (text) => text.normalize('NFKC'))
      .replace(/([\w$.]+|\))([⁺⁻]?[⁰¹²³⁴-⁹]+)/g, (_, base: string, power: string) => {
        const raised = `${base}**${power.normalize('NFKC')}`;
        return base === ')' ? raised : `(${raised})`;
      })
      .replace(/(?:(\d+)\s*)?([¼-¾⅐-⅞])/g, (_, whole: string | undefined, part: string) => {
        const fraction = part.normalize('NFKC');
        return whole === undefined ? `(${fraction})` : `(${whole}+${fraction})`;
      })
      .replace(/[\u2010-\u2015\u2212]/g, '-')
      .replace(/[÷\u2215\u2044]/g, '/')
      .replace(/[“”„]/g, '"')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

/** Returns the value of a text in a cell, or undefined if it is no value or more than one. */
function soleValue(text: string, { facts }: Pick<Sheet, 'facts'>): Value | undefined {
  const constants = Object.entries(facts).map(([name, value]) => `const ${name} = ${value}; `);
  const before = `${constants.join('')}export const it = { one: `;
  const after = ', two: 0 };';
  try {
    const module = parseModule(before + text + after);
    const it = evaluate(module).exported('it');
    if (it?.kind !== 'object' || module.statements.length !== constants.length + 1) return undefined;
    const [one, two] = [it.fields.get('one'), it.fields.get('two')];
    const isAlone = it.fields.size === 2 && two?.keyStart === before.length + text.length + ', '.length;
    return isAlone ? one?.value : undefined;
  } catch (error) {
    if (error instanceof Diagnostic) return undefined;
    throw error;
  }
}

function reflectionFile(work: TypedWork, rubric: NonNullable<Rubric['reflection']>): string {
  const inFile = (field: string) => {
    const text = work.get(field)?.trim() ?? '';
    return text === '' ? undefined : asMarkdown(text, rubric);
  };
  const responses = rubric.questions.flatMap(({ id }) => {
    const text = inFile(fieldOf.response(id));
    return text === undefined ? [] : [[id, text] as const];
  });
  return reflectionOf(rubric, Object.fromEntries(responses), inFile(fieldOf.dispute));
}

/**
 * The start of a line that Markdown would not read as plain text, and that would affect more than the response: a
 * heading, a fence, HTML, or the line below a heading.
 */
const marked = /^([^\S\n]*\\*)(?=#|```|~~~|<|(?:=+|-+)[^\S\n]*$)/gm;

/** Converts a response to the Markdown of the file. */
function asMarkdown(text: string, rubric: NonNullable<Rubric['reflection']>): string {
  const isQuestion = questionTest(rubric);
  return oneLineEnd(text)
    .replace(marked, '$1\\')
    .split('\n')
    .map((line) => (isQuestion(line) ? `${fence}\n${line}\n${fence}` : line))
    .join('\n');
}

/** Encloses a line that repeats a question, which would otherwise begin another response. */
const fence = '```';

function questionTest({ questions, dispute }: NonNullable<Rubric['reflection']>): (line: string) => boolean {
  const labels = [...questions.map(({ label }) => label), ...(dispute === undefined ? [] : [dispute])];
  const wordings = new Set(labels.map(wordingOf));
  return (line) => wordings.has(wordingOf(line));
}

/** Normalizes line ends to those of a file, including the special ones of a word processor. */
function oneLineEnd(text: string): string {
  return text.replaceAll(/\r\n?|[\v\f\u2028\u2029]/g, '\n');
}

import type { Value } from '../answers/evaluate';
import { parseModule } from '../answers/parser';
import { quoted } from '../kinds/quoted';
import { kindOf } from '../kinds/registry';
import {
  allRowsOf,
  type Rubric,
  type RubricCell,
  type RubricRow,
  rowName,
  rowsAgain,
} from '../rubric/rubric';
import { tableValue } from '../submission/cells';
import { reflectionOf } from '../submission/reflection';
import type { SubmissionTexts } from '../submission/submission';

// Converts typed work to the two files that every host grades.

/** A worksheet as the page knows it. */
export interface Sheet {
  readonly rubric: Rubric;
  /** The file of the answers as it is handed out, without answers. */
  readonly stub: string;
  /** Numbers of the handout that a cell may refer to by name. */
  readonly constants: Readonly<Record<string, number>>;
  /** The tables whose rows are drawn in the diagram, and the columns that give their height and width. */
  readonly draw?: Readonly<Record<string, { readonly height: string; readonly width: string }>>;
}

/** The typed text by field. A missing field is empty. */
export type TypedWork = Readonly<Record<string, string>>;

/** The name of the field for a cell, a response or the dispute. */
export const fieldOf = {
  cell: (row: string, column: string) => `cell.${row}.${column}`,
  response: (question: string) => `response.${question}`,
  dispute: 'dispute',
} as const;

/** The row of a field, if the field is a cell. */
export function rowOfField(rubric: Rubric, field: string): RubricRow | undefined {
  return allRowsOf(rubric).find(({ id, cells }) => cells.some((cell) => fieldOf.cell(id, cell.id) === field));
}

/** Whether something on the page is typed into a field of this name. */
export function isField({ tables, reflection }: Rubric, field: string): boolean {
  const cells = allRowsOf({ tables }).flatMap(({ id, cells }) =>
    cells.map((cell) => fieldOf.cell(id, cell.id)),
  );
  const responses = (reflection?.questions ?? []).map(({ id }) => fieldOf.response(id));
  return [...cells, ...responses, fieldOf.dispute].includes(field);
}

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

function answersOf(work: TypedWork, sheet: Sheet): Pick<WorkFiles, 'answers' | 'quoted'> {
  const { rubric, stub, constants } = sheet;
  const again = rowsAgain(rubric).map(({ id }) => id);
  const quotedFields = new Set<string>();
  const used = new Set<string>();
  let text = stub;
  // From the end of the file, so that the positions before stay true.
  for (const { row, cell, value } of cellsOfStub(stub, rubric).reverse()) {
    const field = fieldOf.cell(row, cell.id);
    const typed = (work[field] ?? '').trim();
    // The names stand for numbers of the first table.
    const names = again.includes(row) ? {} : constants;
    const written = writtenIn(cell, typed, names);
    if (!takesText(cell)) {
      if (typed !== '' && written !== typed) quotedFields.add(field);
      else for (const name of Object.keys(names)) if (refersTo(written, name)) used.add(name);
    }
    text = text.slice(0, value.start) + written + text.slice(value.end);
  }
  const lines = Object.entries(constants)
    .filter(([name]) => used.has(name))
    .map(([name, value]) => `const ${name} = ${value};\n`);
  const first = text.slice(0, text.indexOf('\n') + 1);
  return {
    answers: used.size === 0 ? text : `${first}\n${lines.join('')}${text.slice(first.length)}`,
    quoted: quotedFields,
  };
}

/** Finds the cells of a worksheet in its stub, in the order of the file. */
function cellsOfStub(stub: string, { tables }: Rubric) {
  const module = parseModule(stub);
  const stubCells = tables.flatMap((table) => {
    const value = tableValue(module, table, tables);
    if (value?.kind !== 'object') return [];
    return table.rows.flatMap((row) => {
      const inRow = value.fields.get(rowName(row))?.value;
      return row.cells.flatMap((cell) => {
        const inCell = inRow?.kind === 'object' ? inRow.fields.get(cell.id)?.value : undefined;
        return inCell ? [{ row: row.id, cell, value: inCell }] : [];
      });
    });
  });
  return stubCells.sort((one, other) => one.value.start - other.value.start);
}

function takesText(cell: RubricCell): boolean {
  return kindOf(cell).valueKind === 'string';
}

/** Whether a name is used, in any letter case: the grader tells which one is right. */
function refersTo(expression: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, 'i').test(expression);
}

/** Returns the text that a field puts into its cell: `null`, TypeScript as typed, or a text in quotes. */
function writtenIn(cell: RubricCell, typed: string, constants: Sheet['constants']): string {
  if (typed === '') return 'null';
  const value = soleValue(typed, constants);
  // Text that is not a complete value could swallow the cells around it, and a comment is not part of a value.
  const isItself = takesText(cell)
    ? value?.kind === 'string' && /^(['"`])[\s\S]*\1$/.test(typed)
    : value !== undefined && !typed.includes('/*');
  return isItself ? typed : quoted(typed);
}

/** Returns the value of a text in a cell, or undefined if it is no value or more than one. */
function soleValue(text: string, constants: Sheet['constants']): Value | undefined {
  const declared = Object.entries(constants).map(([name, value]) => `const ${name} = ${value}; `);
  const before = `${declared.join('')}export const it = { one: `;
  const after = ', two: 0 };';
  const { exports, fault } = parseModule(before + text + after);
  const it = exports.get('it')?.value;
  if (fault || it?.kind !== 'object') return undefined;
  const [one, two] = [it.fields.get('one'), it.fields.get('two')];
  const isAlone = it.fields.size === 2 && two?.keyStart === before.length + text.length + ', '.length;
  return isAlone ? one?.value : undefined;
}

function reflectionFile(work: TypedWork, rubric: NonNullable<Rubric['reflection']>): string {
  const inFile = (field: string) => asMarkdown(work[field] ?? '');
  const responses = rubric.questions.map(({ id }) => [id, inFile(fieldOf.response(id))] as const);
  return reflectionOf(rubric, Object.fromEntries(responses), inFile(fieldOf.dispute));
}

/**
 * Converts a response to the Markdown of the file: escapes the start of a line that would affect more than the response,
 * which is a heading, a fence, HTML, or the line below a heading.
 */
function asMarkdown(text: string): string {
  return text
    .trim()
    .replaceAll(/\r\n?|[\v\f\u2028\u2029]/g, '\n')
    .replaceAll(/^([^\S\n]*\\*)(?=#|```|~~~|<|(?:=+|-+)[^\S\n]*$)/gm, '$1\\');
}

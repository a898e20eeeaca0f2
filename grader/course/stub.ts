import { expectedIn } from '../key/judge';
import type { KeyContent } from '../key/known-answers';
import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { GraderError } from '../message';
import {
  cellsOf,
  type Rubric,
  type RubricCell,
  type RubricColumn,
  type RubricItem,
  type RubricTable,
  rowsOf,
  studentFiles,
} from '../rubric/rubric';
import { reflectionOf } from '../submission/reflection';

const typesName = 'worksheet';

/** The path of the types file beside a stub. */
function typesBeside(stub: string): string {
  return stub.replace(/[^/]*$/, `${typesName}.ts`);
}

/** Whether a file is the types file of a stub, which students read but do not edit. */
export function isTypes(file: string): boolean {
  return file === typesBeside(file);
}

/** The files that students start from, by path: the stub, its types file, and the template of the reflection. */
export function worksheetFiles(rubric: Rubric): Record<string, string> {
  const { file, reflection } = rubric;
  const taken = studentFiles(rubric).find(isTypes);
  if (taken)
    throw new GraderError(
      'rubric',
      'stub-name-taken',
      `rubric.yaml: ${taken} is where the types of the stub go. Choose another name for that file.`,
    );
  const files = { [file]: stubOf(rubric), [typesBeside(file)]: typesOf(rubric) };
  if (reflection) files[reflection.file] = reflectionOf(reflection);
  return files;
}

/** The name of the type of a table: `Worksheet` if it is the only one, otherwise its own, such as `Planets`. */
function typeName({ export: name }: RubricTable, { tables }: Rubric): string {
  return tables.length === 1 ? 'Worksheet' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The name of a column, with a note on what its kind of answer asks for, if there is more to say than the label. */
export function columnNote({ label, note }: RubricColumn): string | undefined {
  return note === undefined ? undefined : `${label}, ${note}`;
}

/** The name of a cell, with a note on what its kind of answer asks for, if either differs from its column's. */
export function cellNote({ id, name, ...kind }: RubricCell, { columns }: RubricTable): string | undefined {
  const column = columns.find((one) => one.id === id);
  const { note } = kindOf(kind);
  if (name === undefined && note === column?.note) return undefined;
  return [name ?? column?.label, note].filter(Boolean).join(', ');
}

/** Texts as comments, one per line. */
function commented(texts: readonly (string | undefined)[], indent = ''): string {
  const lines = texts.filter((text) => text !== undefined).map((text) => text.replace(/\s+/g, ' '));
  return lines.map((line) => `${indent}// ${line}\n`).join('');
}

/** `columns: at most 3`, for each part that has a note. */
function noted<Part extends RubricItem>(parts: readonly Part[], noteOf: (part: Part) => string | undefined) {
  return parts.map((part) => noteOf(part) && `${part.id}: ${noteOf(part)}`);
}

/**
 * The file that students start from.
 *
 * @param textOf gives the text to put in a cell instead of `null`.
 */
export function stubOf(rubric: Rubric, textOf: (cell: RubricCell) => string = () => 'null'): string {
  const rows = rowsOf(rubric);
  const [first] = rows;
  const asked = new Set(cellsOf({ rows }).map((cell) => kindOf(cell).valueKind));
  const advice = [
    'TODO: replace each `null` below with your answer.',
    `Leave the names (${first?.id}, ${first?.cells[0]?.id}, ...), the braces and the commas: the grader needs them to find your answers.`,
    ...[...asked].map((valueKind) => hints[valueKind]),
  ];
  const tables = rubric.tables.map((table) => {
    const { label, export: name } = table;
    const above = [label, ...noted(table.columns, columnNote)];
    const lines = table.rows.map((row) => {
      const heading = row.heading === undefined ? '' : `${commented([row.heading], '  ')}\n`;
      const cellNotes = noted(row.cells, (cell) => cellNote(cell, table));
      const cells = row.cells.map((cell) => `${cell.id}: ${textOf(cell)}`).join(', ');
      return `${heading}${commented([row.label, ...cellNotes], '  ')}  ${row.id}: { ${cells} },\n`;
    });
    return `${commented(above)}export const ${name}: ${typeName(table, rubric)} = {\n${lines.join('\n')}};\n`;
  });
  const types = rubric.tables.map((table) => typeName(table, rubric)).sort();
  const imported = `import type { ${types.join(', ')} } from './${typesName}';\n`;
  return [imported, commented(advice), ...tables].join('\n');
}

type Tables = Pick<Rubric, 'tables'>;

/** The text of an answers file with something in each cell, in the shortest form. */
export function answersText({ tables }: Tables, textOf: (row: string, cell: RubricCell) => string): string {
  const texts = tables.map(({ export: name, rows }) => {
    const lines = rows.map((row) => {
      const entries = row.cells.map((cell) => `${cell.id}: ${textOf(row.id, cell)}`);
      return `  ${row.id}: { ${entries.join(', ')} },\n`;
    });
    return `export const ${name} = {\n${lines.join('')}};\n`;
  });
  return texts.join('\n');
}

/**
 * The text of an answers file with the right answer in each cell.
 *
 * @param instead gives the text for a cell that should have something else, or undefined.
 */
export function solvedText(
  tables: Tables,
  solution: KeyContent,
  instead: (row: string, column: string) => Answer | undefined = () => undefined,
): string {
  return answersText(tables, (row, cell) => {
    const value = instead(row, cell.id) ?? expectedIn(solution, row, cell.id)?.value;
    return value === undefined ? 'null' : kindOf(cell).sourceText(value);
  });
}

/** Advice on filling in a cell, for each kind of value. */
const hints: Readonly<Record<Kind['valueKind'], string>> = {
  number: 'Where a number is asked: a number, arithmetic such as 2 * 3, or the name of a const.',
  string: "Where a text is asked: a text in quotes, such as 'this'.",
};

/** The comments in the stub say what each row is; the types only say what fits a cell. */
function typesOf(rubric: Rubric): string {
  const types = rubric.tables.map((table) => {
    const rows = table.rows.map((row) => {
      const cells = row.cells.map((cell) => `${cell.id}: ${kindOf(cell).type}`);
      return `  ${row.id}: { ${cells.join('; ')} };\n`;
    });
    return `export interface ${typeName(table, rubric)} {\n${rows.join('')}}\n`;
  });
  const begin = '// The types of the answers, for your editor. There is nothing to fill in here.\n';
  return [begin, ...types].join('\n');
}

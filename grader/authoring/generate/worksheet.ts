import path from 'node:path';
import { GraderError } from '../../error';
import type { Kind } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { byYourself } from '../../render/status';
import {
  askedTables,
  cellsOf,
  type Rubric,
  type RubricCell,
  type RubricRow,
  type RubricTable,
  rowName,
  rowsOf,
  studentFiles,
} from '../../rubric/rubric';
import { reflectionOf } from './reflection';

const typesName = 'worksheet';

/** The path of the types file beside a stub. */
export function typesBeside(stub: string): string {
  return path.posix.join(path.posix.dirname(stub), `${typesName}.ts`);
}

/** Whether a file is the types file of a stub: students read it, but do not edit it. */
export function isTypes(file: string): boolean {
  return file === typesBeside(file);
}

/** The first line of every types file. */
export const typesBegin = '// The types of the answers, for your editor. There is nothing to fill in here.\n';

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
  return {
    [file]: stubOf(rubric),
    [typesBeside(file)]: typesOf(rubric),
    ...(reflection && { [reflection.file]: reflectionOf(reflection) }),
  };
}

/** The first line of an answers file. */
export function typesImport({ tables }: Pick<Rubric, 'tables'>): string {
  const types = [...tables.flatMap((table) => ownType(table) ?? []), 'Worksheet'];
  return `import type { ${types.sort().join(', ')} } from './${typesName}';`;
}

/** The name of the type of a table that repeats another, such as `Again`. */
function ownType({ export: name, marks }: RubricTable): string | undefined {
  return marks && `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** `export const shapes: Worksheet = {`; where the worksheet has several tables, each has its part of the type. */
export function tableBegin(table: RubricTable, rubric: Pick<Rubric, 'tables'>): string {
  const { export: name } = table;
  const isOnly = askedTables(rubric).length === 1;
  return `export const ${name}: ${ownType(table) ?? `Worksheet${isOnly ? '' : `['${name}']`}`} = {`;
}

/** Notes about the cells of a table, in addition to their names. */
export interface CellNotes {
  /** By column: the note that most of its cells share, if it says more than the label. */
  readonly columns: ReadonlyMap<string, string>;
  /** The note of a cell, if it differs from that of most cells in its column. */
  of(cell: RubricCell): string | undefined;
}

export function cellNotes({ columns, rows }: RubricTable): CellNotes {
  const label = (id: string) => columns.find((column) => column.id === id)?.label ?? id;
  const noteOf = (cell: RubricCell) =>
    [cell.name ?? label(cell.id), kindOf(cell).note].filter((part) => part !== undefined).join(', ');
  // A note that most cells of a column share becomes the note of the column.
  const usual = new Map(
    columns.map(({ id }) => {
      const notes = cellsOf({ rows }).flatMap((cell) => (cell.id === id ? noteOf(cell) : []));
      const isUsual = (note: string) => notes.filter((other) => other === note).length > notes.length / 2;
      return [id, notes.find(isUsual) ?? label(id)];
    }),
  );
  return {
    columns: new Map([...usual].filter(([id, note]) => note !== label(id))),
    of: (cell) => (noteOf(cell) === usual.get(cell.id) ? undefined : noteOf(cell)),
  };
}

/** The comment above a table: its label, its own sizes, and how to work on it or the notes on its columns. */
export function tableComment(table: RubricTable): string {
  const { label, stated = [], marks } = table;
  const notes = [...cellNotes(table).columns].map(([id, note]) => `${id}: ${note}`);
  return [...(label === undefined ? [] : [label]), ...stated, ...(marks ? byYourself : notes)]
    .map((text) => `// ${oneLine(text)}\n`)
    .join('');
}

/** The comment above a row: its heading, its label, and notes on the cells that differ from their columns. */
export function rowComment({ label, heading, cells }: RubricRow, notes: CellNotes): string {
  const own = cells.flatMap((cell) => {
    const note = notes.of(cell);
    return note === undefined ? [] : [`  // ${cell.id}: ${oneLine(note)}`];
  });
  const begin = heading === undefined ? [] : [`  // ${oneLine(heading)}`, ''];
  return [...begin, `  // ${oneLine(label)}`, ...own].join('\n');
}

/** The longest stub, in characters. No stub comes near it; the grader reads no file larger than 64 KiB. */
const maxStub = 32 * 1024;

function stubOf(rubric: Rubric): string {
  const [first] = rowsOf(rubric);
  const [hint, ...advice] = hintsFor(rubric);
  const row = (one: RubricRow, notes: CellNotes) => {
    const cells = one.cells.map(({ id }) => `${id}: null`);
    const isExample = one === first && advice.length === 0;
    return [
      rowComment(one, notes),
      ...(isExample
        ? [
            `  ${rowName(one)}: {`,
            ...cells.map((cell, index) => `    ${cell},${index === 0 ? ` // in any cell: ${hint}` : ''}`),
            '  },',
          ]
        : [`  ${rowName(one)}: { ${cells.join(', ')} },`]),
    ].join('\n');
  };
  const blanks = rubric.tables.map((table) => {
    const notes = cellNotes(table);
    const rows = table.rows.map((one) => row(one, notes));
    return `${tableComment(table)}${tableBegin(table, rubric)}\n${rows.join('\n\n')}\n};\n`;
  });
  const stub = `${typesImport(rubric)}

// TODO: replace each \`null\` below with your answer.
// Leave the names (${first?.id}, ${first?.cells[0]?.id}, ...), the braces and the commas: the grader needs them to find your answers.
${advice.length > 0 ? [hint, ...advice].map((line) => `// ${line}\n`).join('') : ''}
${blanks.join('\n')}`;
  if (stub.length > maxStub)
    throw new GraderError(
      'rubric',
      'stub-too-long',
      `rubric.yaml: the stub would have ${stub.length} characters, and ${maxStub} is the most. Write shorter labels and options, or fewer rows.`,
    );
  return stub;
}

/** The text of an answers file with something in each cell, as short as possible. */
export function answersText(
  rubric: Pick<Rubric, 'tables'>,
  textOf: (row: string, cell: RubricCell) => string,
): string {
  const texts = rubric.tables.map((table) => {
    const rows = table.rows.map((row) => {
      const entries = row.cells.map((cell) => `${cell.id}: ${textOf(row.id, cell)}`);
      return `  ${rowName(row)}: { ${entries.join(', ')} },\n`;
    });
    return `export const ${table.export} = {\n${rows.join('')}};\n`;
  });
  return texts.join('\n');
}

/** Hints on what a cell takes: one if all cells take the same kind of value, else one for each kind. */
function hintsFor(rubric: Rubric): string[] {
  const asked = new Set(cellsOf({ rows: rowsOf(rubric) }).map((cell) => kindOf(cell).valueKind));
  const all = valueHints.filter(({ valueKind }) => asked.has(valueKind));
  return all.map(({ name, takes }) => (all.length === 1 ? takes : `Where ${name} is asked: ${takes}.`));
}

const valueHints: readonly (Pick<Kind, 'valueKind' | 'takes'> & { readonly name: string })[] = [
  {
    valueKind: 'number',
    name: 'a number',
    takes: 'a number, arithmetic such as 2 * 3, or the name of a const',
  },
  { valueKind: 'string', name: 'a text', takes: "a text in quotes, such as 'this'" },
  { valueKind: 'boolean', name: 'yes or no', takes: 'true or false' },
];

function typesOf(rubric: Rubric): string {
  const { title } = rubric;
  const tables = askedTables(rubric);
  const named = new Map(
    cellsOf({ rows: rowsOf(rubric) }).flatMap((cell) => {
      const { name, definition, comment } = kindOf(cell).type;
      return name === undefined
        ? []
        : [[name, `/** ${inComment(comment)}. */\nexport type ${name} = ${definition};\n`] as const];
    }),
  );
  const uniform = tables.length === 1 && tables[0] && isUniform(tables[0]) ? tables[0].rows[0] : undefined;
  const fields = (table: RubricTable, indent: string) =>
    table.rows
      .map(({ cells, ...row }) => {
        const type = uniform ? 'Row' : `{ ${cells.map(cellField).join('; ')} }`;
        return field({ id: rowName(row), label: row.label }, type, indent);
      })
      .join('\n');
  const [only] = tables;
  const body =
    tables.length === 1 && only
      ? fields(only, '  ')
      : tables
          .map(
            (table) =>
              `  /** ${inComment(table.label ?? table.export)}. */\n  ${table.export}: {\n${fields(table, '    ')}\n  };`,
          )
          .join('\n\n');
  const row = uniform
    ? [
        `/** One row of the worksheet. */\nexport interface Row {\n${uniform.cells.map((cell) => field({ id: cell.id, label: columnLabel(only, cell.id) }, typeOf(cell), '  ')).join('\n')}\n}\n`,
      ]
    : [];
  return [
    typesBegin,
    ...named.values(),
    ...row,
    `/** ${inComment(title)}. */\nexport interface Worksheet {\n${body}\n}\n`,
    ...rubric.tables.flatMap((table) => {
      const name = ownType(table);
      return name === undefined
        ? []
        : `/** ${inComment(table.label ?? name)}. */\nexport interface ${name} {\n${fields(table, '  ')}\n}\n`;
    }),
  ].join('\n');
}

/** Whether all rows have the same cells. */
function isUniform({ rows }: RubricTable): boolean {
  return new Set(rows.map(({ cells }) => cells.map(cellField).join())).size === 1;
}

function field({ id, label }: { id: string; label: string }, type: string, indent: string): string {
  return `${indent}/** ${inComment(label)}. */\n${indent}${id}: ${type};`;
}

function cellField(cell: RubricCell): string {
  return `${cell.id}: ${typeOf(cell)}`;
}

function typeOf(cell: RubricCell): string {
  const { name, definition } = kindOf(cell).type;
  return name ?? definition;
}

function columnLabel(table: RubricTable | undefined, id: string): string {
  return table?.columns.find((column) => column.id === id)?.label ?? id;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Makes a label safe for a comment, which it might otherwise end. */
function inComment(text: string): string {
  return oneLine(text).replaceAll('*/', '* /').replace(/\.$/, '');
}

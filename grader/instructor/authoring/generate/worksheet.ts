import path from 'node:path';
import { GraderError } from '../../../error';
import { kindOf } from '../../../kinds/registry';
import {
  cellsOf,
  type Rubric,
  type RubricCell,
  type RubricRow,
  type RubricTable,
  rowsOf,
  studentFiles,
} from '../../../rubric/rubric';

const typesName = 'worksheet';

/** The file with the types of a stub, beside it. */
export function typesBeside(stub: string): string {
  return path.posix.join(path.posix.dirname(stub), `${typesName}.ts`);
}

/** Whether a file has the types of a stub: students read it, and change nothing in it. */
export function isTypes(file: string): boolean {
  return file === typesBeside(file);
}

/** How every file of types begins. */
export const typesBegin =
  '// What each cell takes. Your editor reads it; there is nothing to fill in here.\n';

/** What students start from, by path: the stub with its types, and the template of the reflection. */
export function worksheetFiles(rubric: Rubric): Record<string, string> {
  const { file, reflection } = rubric;
  const taken = studentFiles(rubric).find(isTypes);
  if (taken)
    throw new GraderError(
      'rubric',
      `rubric.yaml: ${taken} is where the types of the stub go. Choose another name for that file.`,
    );
  return {
    [file]: stubOf(rubric),
    [typesBeside(file)]: typesOf(rubric),
    ...(reflection && { [reflection.file]: reflectionOf(reflection) }),
  };
}

/** The first line of an answers' file. */
export const typesImport = `import type { Worksheet } from './${typesName}';`;

/** `export const shapes: Worksheet = {`; a table of several has a part of the type. */
export function tableBegin({ export: name }: RubricTable, { tables }: Pick<Rubric, 'tables'>): string {
  return `export const ${name}: Worksheet${tables.length > 1 ? `['${name}']` : ''} = {`;
}

/** What stands above a row: its label, and what its cells do not say by their names. */
export function rowComment({ label, heading, cells }: RubricRow): string {
  const notes = cells.flatMap((cell) => {
    const note = cellNote(cell);
    return note === undefined ? [] : [`  // ${cell.id}: ${oneLine(note)}`];
  });
  const begin = heading === undefined ? [] : [`  // ${oneLine(heading)}`, ''];
  return [...begin, `  // ${oneLine(label)}`, ...notes].join('\n');
}

/** What to know of a cell beside its column: its own name, unit or options. */
export function cellNote(cell: RubricCell): string | undefined {
  return [cell.name, kindOf(cell).note].filter((part) => part !== undefined).join(', ') || undefined;
}

function stubOf(rubric: Rubric): string {
  const { tables } = rubric;
  const [first] = rowsOf(rubric);
  const row = (one: RubricRow) => {
    const cells = one.cells.map(({ id }) => `${id}: null`);
    return [
      rowComment(one),
      ...(one === first
        ? [
            `  ${one.id}: {`,
            ...cells.map((cell, index) => `    ${cell},${index === 0 ? ` // ${hintFor(rubric)}` : ''}`),
            '  },',
          ]
        : [`  ${one.id}: { ${cells.join(', ')} },`]),
    ].join('\n');
  };
  const blanks = tables.map((table) => {
    const title = table.label === undefined ? '' : `// ${oneLine(table.label)}\n`;
    return `${title}${tableBegin(table, rubric)}\n${table.rows.map(row).join('\n\n')}\n};\n`;
  });
  return `${typesImport}

// TODO: replace each \`null\` below by your answer.
// Leave the names (${first?.id}, ${first?.cells[0]?.id}, ...), the braces and the commas: they are how your answers are found.

${blanks.join('\n')}`;
}

/** The text of an answers' file with something in each cell, as short as it can be. */
export function answersText(
  { tables }: Pick<Rubric, 'tables'>,
  textOf: (row: string, cell: RubricCell) => string,
): string {
  const texts = tables.map((table) => {
    const rows = table.rows.map(({ id: row, cells }) => {
      const entries = cells.map((cell) => `${cell.id}: ${textOf(row, cell)}`);
      return `  ${row}: { ${entries.join(', ')} },\n`;
    });
    return `export const ${table.export} = {\n${rows.join('')}};\n`;
  });
  return texts.join('\n');
}

/** What may stand in a cell, as far as it is the same for all. */
function hintFor(rubric: Rubric): string {
  const samples = new Set(
    cellsOf({ rows: rowsOf(rubric) }).map((cell) => kindOf(cell).type.definition === 'number | null'),
  );
  const number = 'a number, arithmetic such as 2 * 3, or the name of a const';
  if (samples.size > 1) return `in any cell: ${number}; or where a text is asked, a text in quotes`;
  return samples.has(true) ? `in any cell: ${number}` : 'in any cell: a text in quotes';
}

function typesOf(rubric: Rubric): string {
  const { title, tables } = rubric;
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
      .map((row) => field(row, uniform ? 'Row' : `{ ${row.cells.map(cellField).join('; ')} }`, indent))
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

/** The text of a reflection's file, with responses under the questions that have one, by question. */
export function reflectionOf(
  { intro = '', questions, placeholder = 'Write your response here.' }: NonNullable<Rubric['reflection']>,
  responses: Readonly<Record<string, string>> = {},
): string {
  const [title, ...paragraphs] = intro.split('\n').filter((line) => line.trim() !== '');
  const sections = questions.map(
    ({ id, label }, index) => `## ${index + 1}. ${label}\n\n${responses[id] ?? `<!-- ${placeholder} -->`}`,
  );
  return `${[...(title ? [`# ${title}`] : []), ...paragraphs, ...sections].join('\n\n')}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** A label may hold what would end a comment. */
function inComment(text: string): string {
  return oneLine(text).replaceAll('*/', '* /').replace(/\.$/, '');
}

import path from 'node:path';
import { GraderError } from '../../../error';
import { count } from '../../../kinds/count';
import type { Rubric } from '../../../rubric/rubric';

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
export const typesBegin = `/** ${count.type.comment} */\nexport type ${count.type.name} = `;

/** What students start from, by path: the stub with its types, and the template of the reflection. */
export function worksheetFiles({ title, table, reflection }: Rubric): Record<string, string> {
  const taken = [table.file, reflection?.file ?? ''].find(isTypes);
  if (taken)
    throw new GraderError(
      'rubric',
      `rubric.yaml: ${taken} is where the types of the stub go. Choose another name for that file.`,
    );
  return {
    [table.file]: stubOf(table),
    [typesBeside(table.file)]: typesOf(title, table),
    ...(reflection && { [reflection.file]: reflectionOf(reflection) }),
  };
}

function stubOf({ export: name, rows }: Rubric['table']): string {
  const [first] = rows;
  const body = rows.map((row) => {
    const cells = row.cells.map(({ id }) => `${id}: null`);
    return [
      `  // ${oneLine(row.label)}`,
      ...(row === first
        ? [
            `  ${row.id}: {`,
            ...cells.map((cell, index) => `    ${cell},${index === 0 ? ` // ${hint}` : ''}`),
            '  },',
          ]
        : [`  ${row.id}: { ${cells.join(', ')} },`]),
    ].join('\n');
  });
  return `import type { Worksheet } from './${typesName}';

// TODO: replace each \`null\` below by your answer.
// Leave the names (${first?.id}, ${first?.cells[0]?.id}, ...), the braces and the commas: they are how your answers are found.

export const ${name}: Worksheet = {
${body.join('\n\n')}
};
`;
}

const hint = 'in any cell: a number, arithmetic such as 2 * 3, or the name of a const';

function typesOf(title: string, { rows, columns }: Rubric['table']): string {
  const { name, definition } = count.type;
  const field = ({ id, label }: { id: string; label: string }, type: string) =>
    `  /** ${inComment(label)}. */\n  ${id}: ${type};`;
  return `${typesBegin}${definition};

/** One row of the worksheet. */
export interface Row {
${columns.map((column) => field(column, name)).join('\n')}
}

/** ${inComment(title)}. */
export interface Worksheet {
${rows.map((row) => field(row, 'Row')).join('\n')}
}
`;
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

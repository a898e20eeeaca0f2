import { soleValue } from '../answers/parser';
import { stubOf } from '../course/stub';
import { takesText } from '../kinds/registry';
import { quoted } from '../kinds/text';
import { type Rubric, type RubricCell, type RubricRow, rowsOf } from '../rubric/rubric';
import { reflectionOf } from '../submission/reflection';
import type { SubmissionTexts } from '../submission/submission';

// Converts typed work to the two files that every host grades.

/** A worksheet as the page knows it. */
export interface PageSheet {
  readonly rubric: Rubric;
  /** Numbers of the handout that a cell may refer to by name. */
  readonly constants: Readonly<Record<string, number>>;
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
  return rowsOf(rubric).find(({ id, cells }) => cells.some((cell) => fieldOf.cell(id, cell.id) === field));
}

/** Whether a text may be the name of a field. */
export function isField(text: string): boolean {
  return /^(?:(?:cell|response)\..|dispute$)/.test(text);
}

/** The files of a submission, and the fields whose text was put in quotes by the page, not by the student. */
export interface WorkFiles extends SubmissionTexts {
  readonly quoted: ReadonlySet<string>;
}

/** Returns the files of the typed work: the stub and the template, with the fields filled in. */
export function workFilesOf(work: TypedWork, { rubric, constants }: PageSheet): WorkFiles {
  const { reflection } = rubric;
  const written = rowsOf(rubric).flatMap((row) =>
    row.cells.map((cell) => {
      const field = fieldOf.cell(row.id, cell.id);
      const typed = (work[field] ?? '').trim();
      return { cell, field, typed, text: sourceIn(cell, typed, constants) };
    }),
  );
  const texts = new Map(written.map(({ cell, text }) => [cell, text]));
  const ofNumbers = written.filter(({ cell, typed }) => !takesText(cell) && typed !== '');
  const putInQuotes = ofNumbers.filter(({ text, typed }) => text !== typed);
  const asTyped = ofNumbers.filter((one) => !putInQuotes.includes(one));
  const names = new Set(asTyped.flatMap(({ typed }) => typed.match(/(?<![\w$.])[a-z_$][\w$]*/gi) ?? []));
  // If some name is unknown, include all constants, so that the grader can suggest the one that was meant.
  const areAllKnown = [...names].every((name) => Object.hasOwn(constants, name));
  const stub = stubOf(rubric, (cell) => texts.get(cell) ?? 'null');
  const lines = Object.entries(constants).flatMap(([name, value]) =>
    !areAllKnown || names.has(name) ? `const ${name} = ${value};\n` : [],
  );
  return {
    answers: lines.length === 0 ? stub : stub.replace('\n', `\n\n${lines.join('')}`),
    reflection: reflection && reflectionFile(work, reflection),
    quoted: new Set(putInQuotes.map(({ field }) => field)),
  };
}

/** Returns the text that a field puts into its cell: `null`, TypeScript as typed, or a text in quotes. */
function sourceIn(cell: RubricCell, typed: string, constants: PageSheet['constants']): string {
  if (typed === '') return 'null';
  const declared = Object.entries(constants).map(([name, value]) => `const ${name} = ${value}; `);
  const value = soleValue(typed, declared.join(''));
  // Text that is not a complete value could swallow the cells around it, and a comment is not part of a value.
  const isItself = takesText(cell)
    ? value?.kind === 'string' && /^(['"`])[\s\S]*\1$/.test(typed)
    : value !== undefined && !typed.includes('/*');
  return isItself ? typed : quoted(typed);
}

function reflectionFile(work: TypedWork, rubric: NonNullable<Rubric['reflection']>): string {
  const inFile = (field: string) => asMarkdown(work[field] ?? '');
  const responses = rubric.questions.map(({ id }) => [id, inFile(fieldOf.response(id))] as const);
  return reflectionOf(rubric, Object.fromEntries(responses), inFile(fieldOf.dispute));
}

/**
 * Converts a response to the Markdown of the file. Escapes the start of a line that would affect more than the
 * response: a heading, a fence, HTML, or the line below a heading.
 */
function asMarkdown(text: string): string {
  return text
    .trim()
    .replaceAll(/\r\n?|[\v\f\u2028\u2029]/g, '\n')
    .replaceAll(/^([^\S\n]*\\*)(?=#|```|~~~|<|(?:=+|-+)[^\S\n]*$)/gm, '$1\\');
}

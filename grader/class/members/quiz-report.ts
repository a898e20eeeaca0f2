import { parse } from 'csv-parse/sync';
import type { QuizQuestion } from '../../course/quiz';
import { answersText } from '../../course/stub';
import { quoted } from '../../kinds/quoted';
import { kindOf } from '../../kinds/registry';
import { GraderError, messageOf } from '../../message';
import type { Rubric, RubricCell } from '../../rubric/rubric';
import type { ListedFile } from '../../submission/find';
import { reflectionOf } from '../../submission/reflection';
import { groupBy } from '../../system/lists';
import { bytesOf } from '../../system/platform';
import type { TableFile } from './csv-table';

/** A student's attempts at a quiz, the first one first: the files that they come to, and what Moodle gave for each. */
export interface Attempts {
  readonly files: readonly (readonly ListedFile[])[];
  /** Parts of all marks, from 0 to 1. */
  readonly marks: readonly number[];
}

/**
 * Reads the report “Responses” of a Moodle quiz, in any language: its columns are known by what they hold, and by the
 * numbers in their headings (`mod/quiz/report/responses` of Moodle 4.5.5).
 *
 * @param parts the questions in the order of the quiz, each category by itself; the report may lack the last ones.
 * @returns a submission for each student, named by the address.
 * @throws {GraderError} if it is another table, or lacks a question.
 */
export function readQuizReport(
  { name: place, bytes }: TableFile,
  rubric: Rubric,
  parts: readonly (readonly QuizQuestion[])[],
) {
  const refused = (text: string) =>
    new GraderError('folder', 'quiz-report', `${place}: ${text} Nothing was graded.`);
  const records = recordsOf(bytes, refused);
  const [heads = [], ...rows] = records;
  const emailAt = heads.findIndex((_, column) => rows.some((row) => isAddress(row[column])));
  if (emailAt < 0)
    throw refused(
      'no column holds addresses, so nobody can be told from another. Show the e-mail addresses of users in the site’s settings, and download the report again.',
    );
  const gradeAt = heads.findIndex((head, column) => column > emailAt && isMark(head));
  const asked = heads.slice(gradeAt + 1);
  if (gradeAt < 0 || asked.length === 0)
    throw refused('this is no report of a quiz. Download “Responses” of the quiz, as CSV.');
  if (asked.some(isMark)) throw refused('this is the report “Grades”. Download “Responses” in place of it.');
  // Each question has a column, or two or three: its text, the response, what is right.
  const width = asked.filter((head) => /(?:^|\D)1$/.test(head.trim())).length || 1;
  const known = parts.flat();
  const counts = parts.map((_, index) => parts.slice(0, index + 1).flat().length);
  const count = asked.length / width;
  if (!counts.includes(count))
    throw refused(
      `it has ${count} responses, and the quiz of this release asks ${new Intl.ListFormat('en', { type: 'disjunction' }).format(counts.map(String))}. A question is missing, or it is of another quiz.`,
    );
  const students = rows.filter((row) => isAddress(row[emailAt]));
  // Without an attempt there is no text of a question either.
  const first = students.find((row) => /\p{L}/u.test(row[gradeAt + 1] ?? '')) ?? students[0];
  const hasText = width > 1 && isTextOf(known[0], first?.[gradeAt + 1]);
  if (width === 3 && !hasText && first) throw refused('its questions are those of another quiz.');
  const responseAt = gradeAt + 1 + (hasText ? 1 : 0);
  return [...groupBy(students, (row) => (row[emailAt] ?? '').toLowerCase())].map(([email, attempts]) => {
    const [{ 0: last = '', 1: given = '' } = []] = attempts;
    // An attempt in progress has no grade yet.
    const finished = attempts.filter((row) => Number.isFinite(numberIn(row[gradeAt])));
    const files = finished.map((row) => {
      const responses = known
        .slice(0, count)
        .map(({ id }, index) => [id, row[responseAt + index * width] ?? ''] as const);
      return filesOf(rubric, Object.fromEntries(responses));
    });
    const most = numberIn(/[^/]*$/.exec(heads[gradeAt] ?? '')?.[0]);
    return {
      name: email,
      owners: [{ email, name: `${given} ${last}`.trim() }],
      attempts: { files, marks: finished.map((row) => numberIn(row[gradeAt]) / most) } satisfies Attempts,
    };
  });
}

function recordsOf(bytes: Uint8Array, refused: (text: string) => GraderError): string[][] {
  try {
    return parse(new TextDecoder().decode(bytes), {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    throw refused(`it cannot be read as CSV (${messageOf(error)}).`);
  }
}

const isAddress = (text = '') => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

/** Whether a heading ends in the most that can be had: `Grade/14.00`, `Bewertung/14,00`. */
const isMark = (head: string) => /\/\d+(?:[.,]\d+)?$/.test(head.trim());

function numberIn(text = ''): number {
  return /\d/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
}

/** Whether a text is that of a question. Moodle writes what is bold in capitals. */
function isTextOf(question: QuizQuestion | undefined, text = ''): boolean {
  const label = question && 'row' in question ? question.row.label : question?.label;
  return label !== undefined && text.toLowerCase().includes(label.toLowerCase());
}

/** The files that hold what was typed into the questions. */
function filesOf(rubric: Rubric, responses: Readonly<Record<string, string>>): ListedFile[] {
  // Moodle writes a hyphen where nothing was answered.
  const typed = (id: string) => (responses[id] === '-' ? '' : (responses[id] ?? '').trim());
  const answers = answersText(rubric, (row, cell) => writtenIn(cell, typed(`${row}.${cell.id}`)));
  const { reflection } = rubric;
  const texts = reflection?.questions.map(({ id }) => [id, typed(`response.${id}`)]) ?? [];
  const written = [[rubric.file, answers] as const];
  if (reflection) written.push([reflection.file, reflectionOf(reflection, Object.fromEntries(texts))]);
  return written.map(([file, text]) => ({ path: file, read: () => bytesOf(text) }));
}

/** A plain number as it is; anything else in quotes, so that its kind says what it takes. */
function writtenIn(cell: RubricCell, text: string): string {
  if (text === '') return 'null';
  const isNumber = kindOf(cell).valueKind === 'number' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
  return isNumber ? text : quoted(text);
}

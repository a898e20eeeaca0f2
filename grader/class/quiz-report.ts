import type { QuizQuestion } from '../course/released';
import { GraderError } from '../message';
import { inSentence, labelInRow } from '../rubric/rubric';
import { groupBy } from '../system/lists';
import { decimalIn, recordsOf, type TableFile } from './members/csv-table';

/** The first attempt that somebody finished. */
export interface Attempt {
  /** The e-mail address, or else the name with what the report says beside it. */
  readonly key: string;
  readonly name: string;
  /** The answers as they were typed, by the id of a question; empty where there is none. */
  readonly responses: ReadonlyMap<string, string>;
  /** The part of all marks that Moodle gave for these answers, from 0 to 1; undefined where the report does not say. */
  readonly mark: number | undefined;
}

export interface QuizReport {
  readonly attempts: readonly Attempt[];
  /** How many have not finished an attempt. */
  readonly inProgress: number;
  /** How many have finished one that is not yet marked. */
  readonly unmarked: number;
  /** Whether the report has a row for each try, so that answers before a hint are there. */
  readonly hasTries: boolean;
  /** Whether it has the texts of the questions, so that each column is known to be that of its question. */
  readonly hasTexts: boolean;
}

/**
 * Reads the report “Responses” of a Moodle quiz, in any language: its columns are known by what they hold, and by the
 * numbers in their headings (`mod/quiz/report/responses` of Moodle 4.5.5).
 *
 * @param parts the questions in the order of the quiz, each category by itself. The report may lack the last ones, and
 *   those without marks are read only where it has the texts of the questions.
 * @throws {GraderError} if it is another table, lacks a question, or has those of another quiz.
 */
export function readQuizReport(file: TableFile, parts: readonly (readonly QuizQuestion[])[]): QuizReport {
  const refused = (text: string) =>
    new GraderError('folder', 'quiz-report', `${file.name}: ${text} Nothing was made.`);
  const [heads = [], ...rows] = recordsOf(file).map(({ record }) => record);
  const gradeAt = heads.findIndex((head, column) => column > 1 && isMark(head));
  const asked = heads.slice(gradeAt + 1);
  if (gradeAt < 0 || asked.length === 0)
    throw refused('this is no report of a quiz. Download “Responses” of the quiz, as CSV.');
  if (asked.some(isMark)) throw refused('this is the report “Grades”. Download “Responses” in place of it.');
  // Each question has a column, or two or three: its text, the response, what is right.
  const width = asked.filter((head) => /(?:^|\D)1$/.test(head.trim())).length || 1;
  const quizQuestions = parts.flat();
  const counts = parts.map((_, index) => parts.slice(0, index + 1).flat().length);
  const count = asked.length / width;
  const asks = new Intl.ListFormat('en', { type: 'disjunction' }).format(counts.map(String));
  if (!counts.includes(count))
    throw refused(
      `it has ${count} responses, and the quiz of this release asks ${asks}. A question is missing, or it is of another quiz.`,
    );
  const textOf = (index: number) =>
    rows.map((row) => row[gradeAt + 1 + index * width] ?? '').find((text) => /\p{L}/u.test(text)) ?? '';
  const hasTexts = width > 1 && quizQuestions.some((question) => isTextOf(question, textOf(0)));
  if (width === 3 && !hasTexts) throw refused('its questions are those of another quiz.');
  const others = hasTexts ? otherTexts(quizQuestions.slice(0, count), textOf) : [];
  if (others.length > 0)
    throw refused(
      `its questions are those of another quiz, or in another order: ${others.slice(0, 3).join('; ')}.`,
    );
  const responseAt = gradeAt + 1 + (hasTexts ? 1 : 0);
  const read = hasTexts ? quizQuestions.slice(0, count) : (parts[0] ?? []);
  const most = decimalIn(/[^/]*$/.exec(heads[gradeAt] ?? '')?.[0]) ?? 0;
  const { tries, people } = triesIn(rows, heads, gradeAt);
  const finished = [...people].flatMap(([key, ownTries]) => {
    // An attempt in progress, or none, has a hyphen in place of a mark.
    const row = ownTries.find((one) => one[gradeAt] !== '-');
    if (!row) return [];
    const responses = read.map(({ id }, index) => [id, responseIn(row[responseAt + index * width])] as const);
    const given = decimalIn(row[gradeAt]);
    const attempt = { key, name: `${row[1]} ${row[0]}`.trim(), responses: new Map(responses) };
    return [
      { mark: row[gradeAt], attempt: { ...attempt, mark: given === undefined ? undefined : given / most } },
    ];
  });
  return {
    attempts: finished.map(({ attempt }) => attempt),
    inProgress: people.size - finished.length,
    unmarked: finished.filter(({ mark, attempt }) => mark !== '' && attempt.mark === undefined).length,
    hasTries: tries.some((row) => row[gradeAt] === ''),
    hasTexts,
  };
}

/** The rows that are tries, and those of each person. */
function triesIn(rows: readonly string[][], heads: readonly string[], gradeAt: number) {
  const emailAt = heads.findIndex(
    (_, column) => column < gradeAt && rows.some((row) => isAddress(row[column])),
  );
  // A later try has no address; the row of averages has nothing else of a person either.
  const tries = rows.filter((row) => (emailAt < 0 ? row[1] : isAddress(row[emailAt])));
  // Between who it is and the mark are the state, when it began and ended, and how long it took.
  const identityEnd = Math.max(2, gradeAt - 4);
  const people = groupBy(tries, (row) => (row[emailAt] ?? row.slice(0, identityEnd).join(' ')).toLowerCase());
  return { tries, people };
}

/** A response as it was typed; a hyphen stands for none. */
const responseIn = (cell = '') => (cell === '-' ? '' : cell.trim());

/** The texts of a report that are not those of the questions in their place. */
function otherTexts(quizQuestions: readonly QuizQuestion[], textOf: (index: number) => string): string[] {
  return quizQuestions.flatMap((question, index) => {
    const text = textOf(index);
    return isTextOf(question, text) ? [] : `“${text}” in place of ${questionLabel(question)}`;
  });
}

const isAddress = (text = '') => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

/** Whether a heading ends in the most that can be had: `Grade/14.00`, `Bewertung/14,00`. */
const isMark = (head: string) => /\/\d+(?:[.,]\d+)?$/.test(head.trim());

/** `Crate: down`, as the text of a question begins. */
function questionLabel(question: QuizQuestion): string {
  if (!('row' in question)) return question.label;
  return `${question.row.label}: ${inSentence(labelInRow(question.cell, question.row))}`;
}

/** Whether a text is that of a question. Moodle writes what is bold in capitals, and breaks lines. */
function isTextOf(question: QuizQuestion, text: string): boolean {
  const plain = (words: string) => words.toLowerCase().replace(/\s+/g, ' ');
  return plain(text).includes(plain(questionLabel(question)));
}

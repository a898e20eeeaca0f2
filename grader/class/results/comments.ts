import { readByLogin } from '../members/by-login';
import { assertNoProblems } from '../members/csv-table';
import type { People } from '../members/people';

/** The instructor's comments on individual students, added to their feedback. Every run carries the file over. */
export const commentsFile = 'comments.csv';

const columns = ['login', 'text'] as const;

/** The contents of the file that the first run leaves for the instructor to fill in. */
export const emptyComments = `${columns.join(',')}\n`;

/**
 * Reads the comments on students, by key. The file may be missing.
 *
 * @param people everyone in the class.
 * @throws {GraderError} listing every line that cannot be used.
 */
export function readComments(file: string, people: People): ReadonlyMap<string, string> {
  const { rows, problems } = readByLogin(file, columns, people);
  const comments = new Map<string, string>();
  for (const [key, { line, cells }] of rows) {
    const { login = '', text = '' } = cells;
    if (text === '') problems.push({ line, text: `there is no text${login ? ` for ${login}` : ''}.` });
    comments.set(key, text);
  }
  assertNoProblems(file, problems);
  return comments;
}

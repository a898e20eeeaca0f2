import { readByLogin } from '../members/by-login';
import { assertNoProblems } from '../members/csv-table';
import type { People } from '../members/people';

/** What an instructor adds to the feedback of single students. The file goes along with every run. */
export const commentsFile = 'comments.csv';

const columns = ['login', 'text'] as const;

/** What the first run leaves for the instructor to fill in. */
export const emptyComments = `${columns.join(',')}\n`;

/**
 * Reads the comments on students, by key; the file need not be there.
 *
 * @param people everybody in the class.
 * @throws {GraderError} that lists every line that cannot be used.
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

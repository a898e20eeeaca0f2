import { interpolate } from '../message';
import { cellsOf } from '../rubric/rubric';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { blankAnswers, notesOf, rightAnswers, rubric } from '../testing/worksheet';
import { findInFolder } from './folder';
import { readSubmission } from './submission';

afterAll(removeFolders);

const answers = 'work/boxes.ts';
const notes = 'work/notes.md';

async function read(files: Record<string, string | Buffer>) {
  const root = newFolder();
  writeFiles(root, files);
  return readSubmission(await findInFolder(root, rubric), rubric);
}

/** The code and text of the first problem with the answers, with its quotes filled in. */
async function problemOf(files: Record<string, string | Buffer>): Promise<string> {
  const why = (await read(files)).answers.problems[0]?.reason;
  return why ? `${why.code}: ${interpolate(why, String)}` : '';
}

test('both files are read, with a byte order mark and Windows line ends too', async () => {
  const { answers: table, reflection } = await read({
    [answers]: `\ufeff${rightAnswers.replaceAll('\n', '\r\n')}`,
    [notes]: `\ufeff${notesOf('Pears', 'Lemons').replaceAll('\n', '\r\n')}`,
  });
  expect(cellsOf(table).map((cell) => cell.kind === 'value' && cell.value)).toEqual([7, 11, 7, 13]);
  expect([...(reflection?.responses.keys() ?? [])]).toEqual(['sweetest', 'sourest']);
});

test('missing files are problems with a reason, and every cell is there all the same', async () => {
  const { answers: table, reflection } = await read({});
  expect(cellsOf(table)).toHaveLength(4);
  expect(table.problems[0]?.reason).toMatchObject({
    code: 'file/missing',
    text: expect.stringContaining(`${answers} is missing`),
  });
  expect(reflection?.reason).toMatchObject({
    code: 'file/missing',
    text: expect.stringContaining(`${notes} is missing`),
  });
});

test.each([
  ['UTF-16', Buffer.from(`\ufeff${rightAnswers}`, 'utf16le'), 'file/utf-16'],
  ['UTF-16 without a mark', Buffer.from(rightAnswers, 'utf16le'), 'file/utf-16'],
  ['a Windows code page', Buffer.from('const größe = 7;', 'latin1'), 'file/encoding'],
])('%s is refused with what to save as', async (_name, bytes, code) => {
  expect(await problemOf({ [answers]: bytes })).toMatch(
    new RegExp(`^${code}: .*Save (?:the file|it as plain text) (?:as|in) UTF-8\\.`),
  );
});

test('a document is named where the right file is missing or untouched, and never graded', async () => {
  const files = { 'work/boxes.docx': 'PK' };
  expect(await problemOf(files)).toBe(
    `file/misplaced: ${answers} is missing. There is a file work/boxes.docx. If it is yours, copy its text into ${answers}.`,
  );
  expect(cellsOf((await read(files)).answers).every(({ kind }) => kind === 'invalid')).toBe(true);
  expect(await problemOf({ ...files, [answers]: blankAnswers })).toContain(
    'There is a file work/boxes.docx.',
  );
  expect(await problemOf({ ...files, [answers]: rightAnswers })).toBe('');
});

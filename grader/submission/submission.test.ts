import { interpolate } from '../message';
import { cellsOf } from '../rubric/rubric';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { blankAnswers, notesOf, rightAnswers, rubric } from '../testing/worksheet';
import { folderSource } from './source';
import { readSubmission } from './submission';

afterAll(removeFolders);

const answers = 'work/boxes.ts';
const notes = 'work/notes.md';

function read(files: Record<string, string | Buffer>) {
  const root = newFolder();
  writeFiles(root, files);
  return readSubmission(folderSource(root), rubric);
}

/** Code and text of the first problem with the answers, its quotes in place. */
function problemOf(files: Record<string, string | Buffer>): string {
  const why = read(files).answers.problems[0]?.reason;
  return why ? `${why.code}: ${interpolate(why, String)}` : '';
}

test('both files are read, with a byte order mark and Windows line ends too', () => {
  const { answers: table, reflection } = read({
    [answers]: `\ufeff${rightAnswers.replaceAll('\n', '\r\n')}`,
    [notes]: `\ufeff${notesOf('Pears', 'Lemons').replaceAll('\n', '\r\n')}`,
  });
  expect(cellsOf(table).map((cell) => cell.kind === 'value' && cell.value)).toEqual([7, 11, 7, 13]);
  expect([...(reflection?.responses.keys() ?? [])]).toEqual(['sweetest', 'sourest']);
});

test('missing files are problems with a reason, and every cell is there all the same', () => {
  const { answers: table, reflection } = read({});
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
])('%s is refused with what to save as', (_name, bytes, code) => {
  expect(problemOf({ [answers]: bytes })).toMatch(new RegExp(`^${code}: .*Save the file as UTF-8\\.`));
});

test.each([
  'work/boxes.ts.txt',
  'work/Boxes.ts',
  'work/boxes (1).ts',
  'work/boxes - Copy.ts',
  'work/Copy of boxes.ts',
  'work/boxes_2.ts',
  'work/boxes.js',
  'boxes.ts',
  'Work/boxes.ts',
])('%s is named where the right file is missing, and never graded', (misplaced) => {
  const files = { [misplaced]: rightAnswers };
  expect(problemOf(files)).toBe(
    `file/misplaced: ${answers} is missing. There is a file ${misplaced}. If it is yours, move or rename it to ${answers}.`,
  );
  expect(cellsOf(read(files).answers).every(({ kind }) => kind === 'invalid')).toBe(true);
});

test('a misplaced file is named where the right one is untouched, too', () => {
  const { answers: table, reflection } = read({
    [answers]: blankAnswers,
    'work/boxes (1).ts': rightAnswers,
    [notes]: notesOf(),
    'notes.md': notesOf('Pears'),
  });
  expect(table.problems[0]?.reason).toMatchObject({
    code: 'file/misplaced',
    quotes: { found: 'work/boxes (1).ts' },
  });
  expect(reflection?.reason).toMatchObject({ code: 'file/misplaced', quotes: { found: 'notes.md' } });
});

test('a misplaced file is of no account once the right one is filled in', () => {
  expect(problemOf({ [answers]: rightAnswers, 'work/boxes (1).ts': 'x' })).toBe('');
});

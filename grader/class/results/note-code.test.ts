import { listFiles, readText } from '../../system/files';
import { classOf, gradeClass, releasedCourse, rosterOf, work } from '../../testing/classes';
import { zip } from '../../testing/downloads';
import { fileOf, packageRoot } from '../../testing/folders';
import { gradeHistories } from '../../testing/grade-histories';
import { disputableYaml, disputing, partly, rightAnswers } from '../../testing/worksheet';
import { codePattern } from './note-code';
import type { StudentResult } from './student-result.schema';
import { notesIn } from './to-decide';

const course = releasedCourse({}, { 'rubric.yaml': disputableYaml });
const full = work(rightAnswers, 'a', 'b');
const slip = rightAnswers.replace('across: 13', 'across 13');

/** `class/slip k4fxwp`, for each note about a student. */
const codesIn = (row: StudentResult) =>
  notesIn(row).map(({ note: { code, was } }) => [code, was].join(' ').trim());

/** Students with a note of each kind that a folder can lead to. */
const students = {
  asks: { ...full, 'work/notes.md': disputing('24 is right.', 'a', 'b') },
  slipped: { ...full, 'work/boxes.ts': slip },
  several: { ...full, 'boxes (1).ts': partly },
  photo: { 'photo.jpg': 'a photo' },
  half: { 'work/boxes.ts': rightAnswers, 'notes.pdf': '%PDF' },
  beside: { ...full, 'sheet.pdf': '%PDF' },
  elsewhere: { 'drafts/boxes.ts': rightAnswers, 'drafts/notes.md': full['work/notes.md'] },
};

const codesOfAll = async (made: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>>) => {
  const { students: rows } = await gradeClass(course, classOf(made));
  return Object.fromEntries(rows.map((row) => [row.key, codesIn(row)]));
};

test('the code of a note stays what it is: a line that somebody saved has it', async () => {
  expect(await codesOfAll(students)).toEqual({
    asks: ['class/dispute m48kkg'],
    slipped: ['class/slip m26bc2'],
    several: ['class/versions j4n3bx'],
    photo: ['class/instead t4g55j', 'file/missing x73975', 'file/missing x73975'],
    half: ['class/instead g9qrh6'],
    beside: ['found/beside p4f6cj'],
    elsewhere: ['found/elsewhere', 'found/elsewhere'],
  });
  const deadline = { due: '2026-10-01T12:00', timezone: 'UTC', late: { until: '2026-10-02T12:00' } };
  const { row } = await gradeHistories(
    { ...course, file: { ...course.file, deadline } },
    {
      late: { commits: { a: { time: Date.parse('2026-10-03T12:00Z'), files: full } } },
      ahead: { commits: { a: { time: Date.parse('2120-10-03T12:00Z'), files: full } } },
    },
    { started: new Date('2026-11-01T12:00Z') },
  );
  expect({ late: codesIn(row('late')), ahead: codesIn(row('ahead')) }).toEqual({
    late: ['class/after-cutoff b4627v'],
    ahead: ['history/future k2f746'],
  });
});

test('a code is no number and no date, in any program', () => {
  for (const word of ['1e1234', 'e12345', '2026-1', 'march1', 'a1b2c3', '4kfxwp'])
    expect(word).not.toMatch(new RegExp(`^${codePattern}$`));
  for (const word of ['k4fxwp', 'p7dmqh']) expect(word).toMatch(new RegExp(`^${codePattern}$`));
});

test('names, line ends, a byte order mark, the host and the words of the grader make no other code', async () => {
  const windows = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`;
  const rewritten = Object.fromEntries(
    Object.entries(students).map(([login, files]) => [
      `other-${login}`,
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, /ts$|md$/.test(name) ? windows(text) : text]),
      ),
    ]),
  );
  const before = await codesOfAll(students);
  const after = await codesOfAll(rewritten);
  for (const login of Object.keys(students)) expect(after[`other-${login}`]).toEqual(before[login]);
  // The order of versions does not matter.
  const swapped = { ...full, 'work/boxes.ts': partly, 'boxes (1).ts': rightAnswers };
  expect((await codesOfAll({ several: swapped })).several).toEqual(before.several);
});

test.each<[what: string, before: object, after: object]>([
  ['the words of a dispute', students.asks, { 'work/notes.md': disputing('23 is right.', 'a', 'b') }],
  ['an answer beside a dispute', students.asks, { 'work/boxes.ts': partly }],
  ['the line with a typo', students.slipped, { 'work/boxes.ts': slip.replace('11', '12') }],
  ['one of several versions', students.several, { 'boxes (1).ts': partly.replace('24', '25') }],
  ['a photo that was handed in', students.photo, { 'photo.jpg': 'another photo' }],
  ['a PDF beside the worksheet', students.beside, { 'sheet.pdf': '%PDF-1.7' }],
])('%s has another code once it changes', async (_what, before, after) => {
  const codes = await codesOfAll({
    ada: before as typeof full,
    bob: { ...before, ...after } as typeof full,
    cyd: full,
  });
  expect(codes.ada?.map((code) => code.split(' ')[0])).toEqual(codes.bob?.map((code) => code.split(' ')[0]));
  expect(codes.ada).not.toEqual(codes.bob);
});

test('in a repository, a PDF that is handed in anew is another one, though the worksheet is not', async () => {
  const pdf = (text: string) => ({ 'work/boxes.ts': rightAnswers, 'notes.pdf': text });
  const a = { time: Date.parse('2026-10-03T12:00Z'), files: pdf('one') };
  const b = { time: Date.parse('2026-10-04T12:00Z'), files: pdf('two') };
  const { row } = await gradeHistories(course, { ada: { commits: { a } }, bob: { commits: { a, b } } });
  const [ada, bob] = ['ada', 'bob'].map((login) => codesIn(row(login)));
  expect(ada).toEqual([expect.stringMatching(/^class\/instead /)]);
  expect(bob).toEqual([expect.stringMatching(/^class\/instead /)]);
  expect(ada).not.toEqual(bob);
});

test('in an archive, a photo of the same length with another content is another one', async () => {
  const codesWith = async (photo: string) => {
    const download = fileOf('c.zip', zip({ 'lovelaceada_1_9_photo.jpg': photo }));
    const { students: rows } = await gradeClass(course, download, {
      roster: rosterOf('name,id', 'Ada Lovelace,1'),
    });
    return rows.map(codesIn);
  };
  expect(await codesWith('one')).toEqual(await codesWith('one'));
  expect(await codesWith('one')).not.toEqual(await codesWith('two'));
});

/** The messages of notes that were released. */
const released = readText(__dirname, 'fixtures/released-notes.txt').split('\n').filter(Boolean);

test('a message keeps the code by which notes with it are known', () => {
  const grader = `${packageRoot}/grader`;
  const sources = listFiles(grader).filter((file) => /^(?:class|submission)\/.*(?<!test)\.ts$/.test(file));
  const said = sources.map((file) => readText(grader, file)).join('\n');
  const lost = released.filter((code) => !said.includes(`'${code}'`));
  // A note is recognized by the code of its message, and saved lines of overrides.csv contain a hash of that. If a code
  // in that file is renamed, every student with such a note is asked about again. So make the codes of its notes from
  // the old name, as an alias in note-code.ts, and keep the old name in the file. Add the messages of new notes.
  expect(lost).toEqual([]);
  const inClass = sources
    .filter((file) => file.startsWith('class/results/'))
    .map((file) => readText(grader, file));
  const noted = [...inClass.join('\n').matchAll(/\bnote\(\s*'(?:\w+)',\s*'([\w/-]+)'/g)].map(
    ([, code]) => code,
  );
  const unmatchedOrSettled = [
    'class/unknown',
    'class/ambiguous',
    'history/earlier',
    'class/lapsed',
    'class/conflict',
  ];
  expect(noted.filter((code = '') => ![...released, ...unmatchedOrSettled].includes(code))).toEqual([]);
});

import path from 'node:path';
import { readText } from '../system/files';
import { classOf, gradeClass, releasedCourse, rosterOf, toldOf, work } from '../testing/classes';
import { newFolder } from '../testing/folders';
import { gradeHistories } from '../testing/grade-histories';
import { committed, deadline, full, started } from '../testing/history-cases';
import { partly } from '../testing/worksheet';
import type { Posts } from './downloads/github';

// A section is a view: it shows the same results as a run of the whole class, and changes nothing else.

const course = releasedCourse({ no_submission: 'zero', deadline });
const roster = rosterOf('login,section,group', 'ada,A,Red', 'amy,A,', 'bob,B,Red', 'ben,B,', 'cyd,"A, B",');
/** The download for section A, with the work of a team that has members in both sections. */
const ofA = { red: full, amy: work(partly), cyd: full };
const everybody = { ...ofA, ben: full };
const tables = { 'matches.csv': 'submission,login\nred,ada\nred,bob\n' };

test('with the download of one section, nobody is told of the others, who keep what they had', async () => {
  const out = path.join(newFolder(), 'out');
  const whole = await gradeClass(course, classOf(everybody), { roster, out, tables });
  const given = { roster, out, section: 'A', apply: true };
  const { stdout, row, table, run } = await gradeClass(course, classOf(ofA), given);
  expect(row('bob')).toEqual(whole.row('bob'));
  expect(row('ben')).toEqual(whole.row('ben'));
  expect(stdout).toContain('Grades that differ from the earlier run: none.');
  expect(stdout).not.toMatch(/bob|ben/);
  expect(run).toMatchObject({ students: 5, section: { students: 3, statuses: { graded: 3 } } });
  expect(table('grades.csv').map(([login]) => login)).toEqual(['login', 'ada', 'amy', 'cyd']);
  // Without an earlier run, there is nothing to keep, and nothing is invented.
  const alone = await gradeClass(course, classOf({ ada: full, amy: full }), { roster, section: 'A' });
  expect(Object.keys(toldOf(alone.rows))).toEqual(['ada', 'amy', 'cyd']);
  // If a section is given, its students who handed in nothing have a row, too.
  const both = await gradeClass(course, classOf({ ada: full, bob: full }), { roster, section: 'A' });
  expect(Object.keys(toldOf(both.rows))).toEqual(['ada', 'amy', 'ben', 'bob', 'cyd']);
});

test('whose grade changed in another section is not shown with one section', async () => {
  const out = path.join(newFolder(), 'out');
  await gradeClass(course, classOf(everybody), { roster, out, tables });
  const changed = classOf({ ...everybody, amy: full, ben: work(partly) });
  const { stdout } = await gradeClass(course, changed, { roster, out, section: 'A', apply: true });
  expect(stdout).toContain('Grades that differ from the earlier run: 1.');
  expect(stdout).toContain('amy (login amy)');
  expect(stdout).not.toContain('ben');
});

test('a zero waits for work that may be anybody’s, and the run says so where another section lists it', async () => {
  const root = classOf({ ada: full, bob: full, cyd: full, 'b. moe': full });
  const names = rosterOf(
    'login,name,section',
    'ada,,A',
    'amy,,A',
    'bob,,B',
    ',Bea Moe,B',
    ',Ben Moe,B',
    'cyd,,A',
  );
  const { stdout, row, unmatched, table } = await gradeClass(course, root, { roster: names, section: 'A' });
  expect(row('amy')).toMatchObject({ points: null, zeroWaits: 'a submission is not matched to a student' });
  expect(unmatched).toMatchObject([{ login: 'b. moe' }]);
  expect(stdout).toContain(
    'No zero yet for 1 student without work that counts, while a submission is not matched to a student. Some of these can only belong to another section, and are listed there.',
  );
  expect(stdout).not.toContain('moe');
  expect(table('grades.csv').flat()).not.toContain('b. moe');
});

test('no student of another section counts as staff, or gets a page of this one', async () => {
  const clones = Object.fromEntries(
    ['amy', 'ben', 'red'].map((name) => [name, { ...committed(-2), origin: `https://github.com/o/${name}` }]),
  );
  const { text } = await gradeHistories(course, clones, {
    roster: readText(path.dirname(roster), path.basename(roster)),
    tables: { 'matches.csv': 'submission,login\nfruit-red,ada\nfruit-red,bob\n' },
    section: 'A',
    feedback: true,
    started,
  });
  const { enrolled, posts }: Posts = JSON.parse(text('feedback/github.json'));
  expect(enrolled).toEqual(['ada', 'amy', 'ben', 'bob', 'cyd']);
  expect(posts.map(({ logins }) => logins)).toEqual([['ada', 'bob'], ['amy']]);
  expect(text('feedback/bob.html')).toBe('');
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { withDeadline } from '../../course/course';
import type { Deadline } from '../../rubric/file.schema';
import { readText } from '../../system/files';
import { classOf, gradeClass, releasedCourse, rosterOf } from '../../testing/classes';
import { type Files, zip } from '../../testing/downloads';
import { fileOf, writeFiles } from '../../testing/folders';
import { gradeHistories } from '../../testing/grade-histories';
import { at, deadline, full, half, start } from '../../testing/history-cases';
import { disputableYaml, disputing, notesOf, partly, rightAnswers } from '../../testing/worksheet';
import { wasOf } from '../results/to-decide';

// A team reads what is true for all of its members, and a list names everybody whom no host reaches.

const course = releasedCourse();
const textIn = (out: string, login: string) => readText(out, `feedback/${login}.txt`);

/** The files that go back to Canvas, by their names. */
const pagesIn = (out: string) => unzipSync(readFileSync(path.join(out, 'feedback', 'canvas-feedback.zip')));

test('a team reads a common grade whenever all have the same, set by hand or not, with the reason where that is the same', async () => {
  const same = await teamPage(['8103,9,,Typo corrected', '8104,9,,Typo corrected']);
  expect(same.headline).toEqual(['9 of 10 points', 'Typo corrected (6 to 9).']);
  expect(same.stdout).not.toMatch(/No host gives|yourself/);
  const reasons = await teamPage(['8103,9,,Typo corrected', '8104,9,,Seen on paper']);
  expect(reasons.headline).toEqual(['9 of 10 points', '']);
  expect((await teamPage([])).headline).toEqual(['6 of 10 points', '']);
});

test('whose headline is hidden from a team, and whose work came by a way that returns nothing, are listed, each of them', async () => {
  const other = await teamPage(['8103,9,,Typo corrected']);
  expect(other.headline).toEqual(['Your grade: see your own', '']);
  expect(other.stdout).toMatch(/Tell 2 students yourself: their pages are in .*: Lee, Ada; Ross, Bob\.$/m);
  const mailed = classOf({ 8105: full }, 'mailed');
  const { stdout } = await gradeClass(course, [canvas, mailed], { roster: pair, feedback: true });
  expect(stdout).toMatch(/Tell 1 student yourself: their page is in .*: Moe, Cyd\.$/m);
});

describe('where the answers are told after the last extension', () => {
  const past: Deadline = { due: '2020-01-01T12:00Z', timezone: 'UTC', late: { until: '2020-01-02T12:00Z' } };
  const told = withDeadline({ ...course, file: { ...course.file, solution: 'after_due' as const } }, past);

  test('the extension of the only one of a team who is known is not taken for that of all', async () => {
    const roster = rosterOf('name,id,group', '"Lee, Ada",8103,Team 5');
    const tables = { 'extensions.csv': 'who,due\n8103,2020-01-02T12:00Z\n' };
    const { out } = await gradeClass(told, canvas, { roster, feedback: true, tables });
    expect(pageOfTeam(out)).toContain('Your grade: see your own');
  });

  test('a team reads no answer while one of it still asks, and what is so for one alone is not told', async () => {
    const team = { roster: pair, feedback: true };
    const unread = fileOf(
      'u.zip',
      zip({
        'team5_8103_11_work.zip': zip({ 'boxes.pdf': '%PDF' }),
        'moecyd_8105_13_boxes.ts': rightAnswers,
      }),
    );
    const page = async (lines: string) => {
      const tables = {
        'overrides.csv': `login,total,adjust,reason,was\n${lines}`,
        'extensions.csv': 'who,due\n8103,2020-01-02T12:00Z\n',
      };
      const { out } = await gradeClass(told, unread, { ...team, tables });
      return pageOfTeam(out);
    };
    for (const lines of ['', '8103,4,,Read by hand\n'])
      expect(await page(lines)).not.toMatch(/Why the answers are right|Due /);
    expect(await page('8103,4,,Read by hand\n8104,4,,Read by hand\n')).toContain('Why the answers are right');
  });

  test('whoever has no grade yet does not get them with the request to hand in again', async () => {
    const root = classOf({
      ada: full,
      pdf: { 'work/boxes.pdf': '%PDF' },
      two: { ...full, 'boxes (1).ts': partly },
    });
    writeFiles(root, { 'not-fetched.json': '["gone"]' });
    const { out } = await gradeClass(told, root, { feedback: true });
    expect(textIn(out, 'ada')).toContain('Why the answers are right');
    for (const login of ['gone', 'pdf', 'two']) {
      expect(textIn(out, login)).toContain('No points yet');
      expect(textIn(out, login)).not.toContain('Why the answers are right');
    }
    // Once a person has decided, the feedback asks for nothing more and gives the answers.
    const tables = {
      'overrides.csv': 'login,total,adjust,reason\npdf,7,,Read by hand\ntwo,10,,The newer counts\n',
    };
    const decided = await gradeClass(told, root, { feedback: true, tables });
    for (const login of ['pdf', 'two']) {
      expect(textIn(decided.out, login)).toContain('Why the answers are right');
      expect(textIn(decided.out, login)).not.toMatch(/cannot be read|Keep the one you mean/);
    }
  });
});

const disputable = releasedCourse({}, { 'rubric.yaml': disputableYaml });
const disputed = { 'boxes.ts': partly, 'notes.md': disputing('24 is right.', 'a', 'b') };

test('a dispute that was decided says what was decided, and no longer that somebody will read it', async () => {
  const root = classOf({ ada: disputed });
  const open = await gradeClass(disputable, root, { feedback: true });
  expect(textIn(open.out, 'ada')).toContain('will read this and check the mark');
  const was = wasOf(open.row('ada'));
  const tables = { 'overrides.csv': `login,total,adjust,reason,was\nada,9,,The mark stays,${was}\n` };
  const decided = await gradeClass(disputable, root, { feedback: true, tables });
  expect(textIn(decided.out, 'ada')).not.toContain('will read this');
  expect(textIn(decided.out, 'ada')).toContain(
    'have decided about the mark that you asked about: The mark stays.',
  );
  // Nobody else in a team reads about a decision on one member.
  const pageFor = (...lines: readonly string[]) => pageAfter(lines, disputed, disputable);
  const ofOne = await pageFor(`8103,9,,It stays,${was}`);
  expect(ofOne).toContain('will read this');
  expect(ofOne).not.toMatch(/have decided|It stays/);
  for (const total of ['9', ''])
    expect(await pageFor(`8103,${total},,It stays,${was}`, `8104,${total},,It stays,${was}`)).toMatch(
      /have decided .*It stays/s,
    );
});

test('a team reads nothing that a decision about one of it made of their work', async () => {
  const [ada, bob] = ['8103,9,,Looked at,', '8104,9,,Looked at,'];
  const both = { 'boxes.ts': rightAnswers, 'notes.md': notesOf('a', 'b') };
  const versions = { ...both, 'boxes (1).ts': partly };
  expect(await pageAfter([ada, bob], versions)).toContain('What you wrote');
  expect(await pageAfter([ada], versions)).not.toContain('What you wrote');
  const slip = { ...both, 'boxes.ts': rightAnswers.replace('across: 13', 'across 13') };
  expect(await pageAfter([ada, bob], slip)).not.toContain('Nothing you wrote is lost');
  expect(await pageAfter([ada], slip)).toMatch(/counts yet.*Nothing you wrote is lost/s);
  const document = { 'boxes.pdf': '%PDF' };
  expect(await pageAfter([], document)).toContain('cannot be read');
  expect(await pageAfter([bob], document)).not.toContain('cannot be read');
});

test('a team reads that work came too late only where it did for all of it', async () => {
  const red = {
    commits: { start, early: at(-30, half), last: at(60, full) },
    origin: 'https://github.com/o/red',
  };
  const postsWith = async (extensions: string) => {
    const { text } = await gradeHistories(
      withDeadline(course, deadline),
      { red },
      {
        roster: 'login\nada\nbob\n',
        tables: {
          'matches.csv': 'submission,login\nfruit-red,ada\nfruit-red,bob\n',
          'extensions.csv': `who,due\n${extensions}`,
        },
        feedback: true,
      },
    );
    return text('feedback/github.json');
  };
  expect(await postsWith('')).toContain('came after the cutoff');
  expect(await postsWith('bob,2026-10-04T12:00Z\n')).not.toContain('came after the cutoff');
});

const pair = rosterOf(
  'name,id,group',
  '"Lee, Ada",8103,Team 5',
  '"Ross, Bob",8104,Team 5',
  '"Moe, Cyd",8105,',
);

const canvas = fileOf(
  'c.zip',
  zip({
    'team5_8103_11_work.zip': zip({ 'boxes.ts': partly, 'notes.md': notesOf('Pears') }),
    'moecyd_8105_13_boxes.ts': partly,
    'moecyd_8105_14_notes.md': notesOf('Pears'),
  }),
);

/** The page of the team. It comes back in the form in which the team handed in: a zip. */
const pageOfTeam = (out: string) => {
  const packed = pagesIn(out)['team5_8103_11_work.zip'];
  return packed ? Buffer.from(unzipSync(packed)['feedback.html'] ?? '').toString() : '';
};

/** The page of a team after these decisions. */
async function pageAfter(lines: readonly string[], files: Files, of = course) {
  const download = fileOf('t.zip', zip({ 'team5_8103_11_work.zip': zip(files) }));
  const tables = { 'overrides.csv': ['login,total,adjust,reason,was', ...lines, ''].join('\n') };
  const { out } = await gradeClass(of, download, { roster: pair, feedback: true, tables });
  return pageOfTeam(out);
}

/** The page that a team's members read together, and the end of the run's output. */
async function teamPage(overrides: readonly string[], given: Parameters<typeof gradeClass>[2] = {}) {
  const tables = { 'overrides.csv': ['login,total,adjust,reason', ...overrides, ''].join('\n') };
  const { out, stdout } = await gradeClass(course, canvas, {
    roster: pair,
    feedback: true,
    tables,
    ...given,
  });
  const page = pageOfTeam(out);
  const [, grade, how = ''] =
    /<p class="grade">(.*?)<\/p>\n(?:<p><span class="strong">(.*?)<\/span>)?/.exec(page) ?? [];
  return { headline: [grade, how], stdout, out };
}

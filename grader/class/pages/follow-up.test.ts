/** @jest-environment ./grader/testing/page-environment.js */
import { entriesIn } from '../../grading-page/steps';
import { readText } from '../../system/files';
import { classOf, gradeClass, releasedCourse, rosterOf, work } from '../../testing/classes';
import { openPage } from '../../testing/opened-page';
import { partly, rightAnswers } from '../../testing/worksheet';
import { questionsIn } from '../results/to-decide';

const course = releasedCourse();
const full = work(rightAnswers, 'a', 'b');
const beside = { ...full, 'sheet.pdf': '%PDF' };
const root = classOf({
  ada: beside,
  bob: beside,
  cyd: { ...full, 'work/boxes.ts': rightAnswers.replace('across: 13', 'across 13') },
  dan: full,
});

test('a table that is saved has new lines in place of those that these people had, and the next run takes it', async () => {
  const before =
    '\ufefflogin;total;reason\r\nADA;9;"Spoke;\r\nfor long"\r\n\r\ndan;7;Late on paper\r\nbob;8;Seen';
  const { out } = await gradeClass(course, root, { tables: { 'overrides.csv': before } });
  const page = openPage(readText(out, 'follow-up.html'));
  const saved = async (lines: string) => {
    await page.press(`Save overrides.csv with ${lines}`);
    return Buffer.from((await page.saved.at(-1)?.content?.arrayBuffer()) ?? new ArrayBuffer()).toString();
  };
  await page.press('Give 10 for cyd');
  expect((await saved('1 new line')).split('\n').slice(0, 6).join('\n')).toBe(
    before.replace('reason', 'reason;was'),
  );
  await page.press('Looked at each');
  // A person who is decided on twice has one line.
  await page.press('Looked at for bob');
  const text = await saved('3 new lines');
  expect(text.startsWith('\ufefflogin;total;reason;was\r\n')).toBe(true);
  const decided = entriesIn({ 'overrides.csv': text });
  expect(decided.flatMap(({ about }) => about)).toEqual(['dan', 'ada', 'bob', 'cyd']);
  const { students } = await gradeClass(course, root, { tables: { 'overrides.csv': text } });
  expect(students.map((row) => [row.key, row.points, questionsIn(row)])).toEqual([
    ['ada', 9, []],
    ['bob', 8, []],
    ['cyd', 10, []],
    ['dan', 7, []],
  ]);
});

test('several of whom one thing is said are decided by one button below their names', async () => {
  const odd = { ...work(partly, 'a', 'b'), 'sheet.pdf': '%PDF' };
  const root = classOf({ ada: odd, bob: odd, cyd: odd });
  const { out } = await gradeClass(course, root);
  const page = openPage(readText(out, 'follow-up.html'));
  expect(page.readIn('.together')).toContain('ada\nbob\ncyd\n[Keep 9 for all 3]');
  await page.press('Keep 9 for all 3');
  // So has a person who is decided on alone.
  await page.press('Keep 9 for bob');
  await page.press('Save overrides.csv with 3 new lines');
  const text = Buffer.from((await page.saved[0]?.content?.arrayBuffer()) ?? new ArrayBuffer()).toString();
  const { students } = await gradeClass(course, root, { tables: { 'overrides.csv': text } });
  expect(students.map((row) => [row.key, row.points, questionsIn(row)])).toEqual([
    ['ada', 9, []],
    ['bob', 9, []],
    ['cyd', 9, []],
  ]);
});

test('a section is shown by itself, with what is left there and in all', async () => {
  const slip = { ...full, 'work/boxes.ts': rightAnswers.replace('across: 13', 'across 13') };
  const roster = rosterOf('login,section', 'ada,Monday', 'bob,Monday', 'cyd,Thursday', 'dan,Thursday');
  const sections = classOf({ ada: slip, bob: full, cyd: slip, dan: { ...full, 'work/boxes.ts': partly } });
  const { out } = await gradeClass(course, sections, { roster });
  const page = openPage(readText(out, 'follow-up.html'));
  const shown = () =>
    page.all('[data-in]').flatMap((name) => (name.closest('[hidden]') ? [] : [name.textContent]));
  expect(shown()).toEqual(['ada', 'cyd']);
  await page.press('Monday');
  expect(shown()).toEqual(['ada']);
  expect(page.readIn('#left')).toBe('1 of 2 in Monday; 2 in all: 2 people to decide.');
  await page.press('All');
  expect(shown()).toEqual(['ada', 'cyd']);
  expect(page.readIn('#left')).toBe('2 people to decide.');
});

/** @jest-environment ./grader/testing/page-environment.js */
import { readText } from '../../system/files';
import { classOf, gradeClass, releasedCourse, rosterOf, work } from '../../testing/classes';
import { writeFiles } from '../../testing/folders';
import { type OpenedPage, openPage } from '../../testing/opened-page';
import { partly, rightAnswers } from '../../testing/worksheet';
import { questionsIn } from '../results/to-decide';

const course = releasedCourse();
const full = work(rightAnswers, 'a', 'b');
const beside = { ...work(partly, 'a', 'b'), 'sheet.pdf': '%PDF' };
const root = classOf({
  ada: beside,
  bob: beside,
  cyd: { ...full, 'work/boxes.ts': rightAnswers.replace('across: 13', 'across 13') },
  dan: full,
});

/** The follow-up page of a run. */
const pageIn = (out: string) => openPage(readText(out, 'follow-up.html'));

/** Answers the question of who decides. */
async function nameOn(page: OpenedPage, name: string): Promise<void> {
  for (const field of page.all('dialog [name=by]')) Object.assign(field, { value: name });
  await page.press('Go on');
}

/** Saves what was decided on a page, and returns it as a file. */
async function savedOn(page: OpenedPage, out: string): Promise<string> {
  await page.press('Save');
  const { name, content } = page.saved.at(-1) ?? {};
  writeFiles(out, { [name ?? '']: Buffer.from((await content?.arrayBuffer()) ?? new ArrayBuffer()) });
  return name ?? '';
}

test('what is decided is saved in a file that the next run takes, with the name that was asked for once', async () => {
  const { out } = await gradeClass(course, root);
  const page = pageIn(out);
  await page.press('1Give 10');
  await nameOn(page, 'Grace H.');
  await page.press('Keep 9 for all 2');
  await page.press('Keep 9 for all 2');
  expect(await savedOn(page, out)).toMatch(/^decisions-grace-h-\d{4}-\d\d-\d\d\.jsonl$/);
  const { students } = await gradeClass(course, root, { out, apply: true });
  expect(students.map((row) => [row.key, row.points, questionsIn(row)])).toEqual([
    ['ada', 9, []],
    ['bob', 9, []],
    ['cyd', 10, []],
    ['dan', 10, []],
  ]);
  expect(students[2]?.override).toMatchObject({ by: 'Grace H.', does: { total: 10 } });
});

test('a section is shown by itself, with what is left there and in all', async () => {
  const slip = { ...full, 'work/boxes.ts': rightAnswers.replace('across: 13', 'across 13') };
  const roster = rosterOf('login,section', 'ada,Monday', 'bob,Monday', 'cyd,Thursday', 'dan,Thursday');
  const sections = classOf({ ada: slip, bob: full, cyd: slip, dan: { ...full, 'work/boxes.ts': partly } });
  const { out } = await gradeClass(course, sections, { roster });
  const page = pageIn(out);
  const shown = () => page.all('.case h3 .file').map((name) => name.textContent);
  expect(shown()).toEqual(['ada', 'cyd']);
  await page.press('Monday');
  expect(shown()).toEqual(['ada']);
  expect(page.readIn('.todo')).toContain('1 of 2 in Monday; 2 in all');
  await page.press('All');
  expect(shown()).toEqual(['ada', 'cyd']);
  expect(page.readIn('.todo')).toContain('2 people to decide');
});

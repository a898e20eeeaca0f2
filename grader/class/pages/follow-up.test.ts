import { readFileSync } from 'node:fs';
import path from 'node:path';
import { classOf, graded, outputsIn, runClass, work } from '../../testing/classes';
import { newCourse, removeFolders, writeFiles } from '../../testing/folders';
import { answersOf, blankAnswers, courseFiles, rightAnswers } from '../../testing/worksheet';
import { owedForLateness } from './carried';

afterAll(removeFolders);

const course = newCourse(courseFiles);

/** The text of the page in reading order, without tags. */
function followUpOf(out: string): string {
  const page = readFileSync(path.join(out, 'follow-up.html'), 'utf8');
  const body = page.slice(page.indexOf('<body>'));
  return body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

/** Writes lines to overrides.csv and grades again. */
async function withOverrides(root: string, out: string, ...lines: string[]) {
  writeFiles(out, { 'overrides.csv': ['login,total,adjust,reason,was', ...lines, ''].join('\n') });
  return await runClass(course, root, '--out', out, '--apply');
}

test('a typo is shown with what the answers earn once it is corrected, and the line of overrides.csv gives just that', async () => {
  const typo = rightAnswers.replace('7, across: 13', '7; across: 13');
  const root = classOf({ ada: work(typo, 'a', 'b'), ben: work(rightAnswers, 'a', 'b') });
  const { out, row } = await graded(course, root);
  expect(row('ada')).toMatchObject({ points: 6, corrected: { line: 3, points: 10 } });
  expect(row('ben')).not.toHaveProperty('corrected');
  const page = followUpOf(out);
  expect(page).toContain('6 of 10 now, and 10 with line 3 corrected.');
  expect(page).toContain('crate: { down: 7; across: 13 }, crate: { down: 7, across: 13 },');
  const [line = ''] = /ada,10,,[^<]*?corrected,6/.exec(page) ?? [];
  expect((await withOverrides(root, out, line)).stderr).toBe('');
  expect(outputsIn(out).row('ada').points).toBe(10);
  // The page does not ask again for a decision already made.
  expect(followUpOf(out)).not.toContain('with line 3 corrected');
});

test('what a typo hides is compared with what counts now, lateness and all, and told only where it is more', async () => {
  const wrong = answersOf('{ down: 1; across: 1 }', '{ down: 1, across: 1 }');
  const { row } = await graded(course, classOf({ ada: work(wrong, 'a', 'b') }));
  expect(row('ada')).not.toHaveProperty('corrected');
});

test('one error that costs several cells is told beside the score, with lines that give it to everybody who made it', async () => {
  const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
  const root = classOf({
    ada: work(turned, 'a', 'b'),
    ben: work(turned),
    cyd: work(answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }')),
  });
  const { out } = await graded(course, root);
  const page = followUpOf(out);
  expect(page).toContain('6 of 10 (9 with error carried forward): ada');
  expect(page).toContain(
    'ben: 0 of 10 (3 with error carried forward); 4 wrong cells, among them: transposed',
  );
  expect(page).toContain('cyd: 3 of 10; 1 wrong cell, among them: all-fruit');
  const [, block = ''] =
    /<pre>([^<]*carried forward[^<]*)<\/pre>/.exec(readFileSync(path.join(out, 'follow-up.html'), 'utf8')) ??
    [];
  const lines = block.trim().split('\n');
  expect((await withOverrides(root, out, ...lines)).stderr).toBe('');
  const { row } = outputsIn(out);
  expect(['ada', 'ben', 'cyd'].map((key) => row(key).points)).toEqual([9, 3, 3]);
});

test('what is carried forward first makes up for lateness that cost more than there was', () => {
  const late = (cost: number, before: number) =>
    owedForLateness({
      adjustments: [{ kind: 'late', reason: '', before, after: Math.max(0, before - cost), cost }],
    });
  expect([late(2, 5), late(5, 5), late(7, 5), late(3, 0)]).toEqual([0, 0, 2, 3]);
  expect(owedForLateness({ adjustments: [] })).toBe(0);
});

test('without histories it is told who holds which idea in the end, and who has fewest points', async () => {
  const root = classOf({
    ada: work(answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }'), 'a', 'b'),
    ben: work(answersOf('{ down: 1, across: 2 }', '{ down: 3, across: 4 }')),
    cyd: work(rightAnswers, 'a', 'b'),
    dan: work(blankAnswers),
  });
  const { out } = await graded(course, root);
  const page = followUpOf(out);
  expect(page).toMatch(/Fewest points \(1\) .* ben: 0 of 10; 4 wrong cells/);
  expect(page).toMatch(/all-fruit \(1\) .* ada/);
  expect(page).toMatch(/Not started \(1\) .* dan/);
});

test('whose work lies elsewhere, or was handed in as something else, is not asked for a start', async () => {
  const pdf = { 'sheet.pdf': '%PDF-1.4\n' };
  const root = classOf({ ada: pdf, ben: work(blankAnswers), cyd: work(rightAnswers, 'a', 'b') });
  const { out } = await graded(course, root);
  const page = followUpOf(out);
  expect(page).toMatch(/Not started \(1\) .* ben/);
  expect(page).toMatch(
    /Handed in instead \(1\) .* ada : Handed in instead of work\/boxes\.ts and work\/notes\.md: “sheet\.pdf”\./,
  );
});

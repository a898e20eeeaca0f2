import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { againYaml, twoTables } from '../../testing/again';
import { classOf, graded, linesIn, outputsIn, partly, roster, runClass, work } from '../../testing/classes';
import { newCourse, removeFolders } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { answersOf, blankAnswers, courseFiles, rightAnswers, rubricYaml } from '../../testing/worksheet';
import { carriedForward } from './follow-up';

afterAll(removeFolders);

const label = 'Is something marked wrong that you think is right?';
const course = newCourse({
  ...courseFiles,
  'rubric.yaml': rubricYaml.replace('  choose: 2', `  dispute: ${label}\n  choose: 2`),
});

/** A solution that knows the idea of the basket at all sizes. */
const solutionAgain = {
  'solution/index.ts': `
    export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
    export const measure = derive;
    export const misconceptions = ({ apples }) => [
      { id: 'all-fruit', row: 'basket', values: { down: apples, across: apples === 7 ? 24 : 40 }, text: 'Only one kind lies in a basket.' },
    ];
    export const quantities = () => [];
  `,
};

/** The text of the page in reading order, without tags. */
function followUpOf(out: string): string {
  const page = readFileSync(path.join(out, 'follow-up.html'), 'utf8');
  const body = page.slice(page.indexOf('<body>'));
  return body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

/** Pastes every line of every block into the table it is for, and grades again. */
async function pasteAll(root: string, out: string, ...args: string[]) {
  const blocks = linesIn(readFileSync(path.join(out, 'follow-up.html'), 'utf8'));
  for (const { file, lines } of blocks) appendFileSync(path.join(out, file), `${lines.join('\n')}\n`);
  const done = await runClass(course, root, '--out', out, '--apply', ...args);
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
  return { blocks, ...done };
}

test('a typo is shown with what the answers earn once it is corrected, and its line gives just that', async () => {
  const typo = rightAnswers.replace('7, across: 13', '7; across: 13');
  const root = classOf({ ada: work(typo, 'a', 'b'), ben: work(rightAnswers, 'a', 'b') });
  const { out, row } = await graded(course, root);
  expect(row('ada')).toMatchObject({ points: 6, corrected: { line: 3, points: 10 } });
  expect(row('ben')).not.toHaveProperty('corrected');
  const page = followUpOf(out);
  expect(page).toContain('6 of 10 now, and 10 with line 3 corrected.');
  expect(page).toContain('crate: { down: 7; across: 13 }, crate: { down: 7, across: 13 },');
  const { blocks } = await pasteAll(root, out);
  expect(blocks).toEqual([{ file: 'overrides.csv', lines: ['ada,10,,Typo in line 3 corrected,6'] }]);
  expect(outputsIn(out).row('ada').points).toBe(10);
  // The page does not ask again for a decision already made.
  expect(followUpOf(out)).toContain('No grade needs a decision.');
});

test('what a typo hides is compared with what counts now, lateness and all, and told only where it is more', async () => {
  const wrong = answersOf('{ down: 1; across: 1 }', '{ down: 1, across: 1 }');
  const { row } = await graded(course, classOf({ ada: work(wrong, 'a', 'b') }));
  expect(row('ada')).not.toHaveProperty('corrected');
});

test('one error that costs several cells has one block of lines, which give the points to everybody who made it', async () => {
  const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
  const root = classOf({
    ada: work(turned, 'a', 'b'),
    ben: work(turned),
    cyd: work(answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }')),
  });
  const { out } = await graded(course, root);
  const page = followUpOf(out);
  expect(page).toContain(
    'ada : 6 of 10, or 9: transposed. Basket of fruit · across; Crate · down; Crate · across',
  );
  expect(page).toMatch(
    /Fewest points \(2\) .* ben : 0 of 10; 4 wrong cells; transposed cyd : 3 of 10; 1 wrong cell; all-fruit/,
  );
  const { blocks } = await pasteAll(root, out);
  expect(blocks).toHaveLength(1);
  const { row } = outputsIn(out);
  expect(['ada', 'ben', 'cyd'].map((key) => row(key).points)).toEqual([9, 3, 3]);
});

test.each([
  [2, 5, 3],
  [5, 5, 3],
  [7, 5, 1],
  [3, 0, undefined],
])(
  'lateness of %i points after %i earned leaves %j of what is carried forward',
  async (cost, before, more) => {
    const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
    const report = await gradeTexts(turned);
    const after = Math.max(0, before - cost);
    const adjustments = [{ kind: 'late' as const, reason: '', before, after, cost }];
    const carried = carriedForward({
      ...{ key: 'ada', login: 'ada', status: 'graded', enrolled: true, responses: [], warnings: [] },
      ...{ points: after, adjustments, report },
    });
    expect(carried?.points).toBe(more === undefined ? undefined : after + more);
  },
);

test('every line of every block is accepted by the next run, at once', async () => {
  const typo = answersOf('{ down: 11; across: 7 }', '{ down: 13, across: 7 }');
  const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
  const disputing = { ...work(turned, 'a', 'b') };
  disputing['work/notes.md'] += `\n## ${label}\n\nIt is right.\n`;
  const root = classOf({
    ada: work(typo, 'a', 'b'),
    ben: disputing,
    'cyd-x': { ...work(rightAnswers, 'a', 'b'), 'work/boxes (1).ts': partly },
    dan: work(turned),
    eve: { 'sheet.pdf': '%PDF-1.4\n' },
    fay: work(blankAnswers),
    stranger: work(rightAnswers),
    '=odd,name': work(rightAnswers),
  });
  const list = roster(
    ...['ada', 'ben', 'cyd-x', 'dan', 'eve', 'fay', 'gil'].map((login) => `${login},${login},`),
  );
  const { out, stdout } = await graded(course, root, '--roster', list);
  expect(stdout).toContain('\n3 of 9 have no grade yet.\n');
  expect(followUpOf(out)).toMatch(/^ 3 of 9 have no grade yet\. /);
  const { blocks, stdout: after } = await pasteAll(root, out, '--roster', list);
  expect(blocks.map(({ file, lines }) => [file, lines.length])).toEqual([
    ['overrides.csv', 1],
    ['overrides.csv', 1],
    ['overrides.csv', 1],
    ['matches.csv', 2],
    ['overrides.csv', 1],
  ]);
  expect(after).not.toMatch(/does not count: it/);
  const { row } = outputsIn(out);
  const points = ['ada', 'ben', 'cyd-x', 'dan', 'eve', 'fay', 'gil'].map((key) => row(key).points);
  expect(points).toEqual([6, 6, 10, 3, null, 0, null]);
});

test('it says who has not started, who has fewest points, and who shows the same idea in both tables', async () => {
  const again = newCourse({ ...courseFiles, 'rubric.yaml': againYaml, ...solutionAgain });
  const fruit = { basket: [7, 24], crate: [7, 13] } as const;
  const root = classOf({
    ada: work(twoTables(fruit, { basket: [12, 40], crate: [12, 18] }), 'a', 'b'),
    ben: work(twoTables({ basket: [1, 2], crate: [3, 4] })),
    cyd: work(twoTables(fruit, { basket: [12, 16], crate: [1, 2] }), 'a', 'b'),
    dan: work(twoTables({})),
    eve: { 'sheet.pdf': '%PDF-1.4\n' },
  });
  const { out } = await graded(again, root);
  const page = followUpOf(out);
  expect(page).toMatch(/Fewest points \(1\) .* ben : 0 of 10; 4 wrong cells/);
  expect(page).toContain(
    'The same idea in both tables (1) ada : all-fruit. Basket of fruit: down 7, across 24; at other sizes Basket of fruit: down 12, across 40',
  );
  // Whose work lies elsewhere, or was handed in as something else, is not asked for a start.
  expect(page).toContain('Not started (1) dan : not started');
  expect(page).toMatch(
    /Not fetched or not read \(1\) .* eve : Handed in instead of work\/boxes\.ts and work\/notes\.md: “sheet\.pdf”\./,
  );
});

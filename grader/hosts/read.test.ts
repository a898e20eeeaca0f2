import fc from 'fast-check';
import { loadCourse } from '../course/course';
import { noKey, plainKey } from '../key/judge';
import { renderMarkdown } from '../render/view-markdown';
import { renderPlain } from '../render/view-plain';
import { renderTerminal } from '../render/view-terminal';
import { courseWith } from '../testing/classes';
import { gradeTexts } from '../testing/grade';
import { manyKinds } from '../testing/many-kinds';
import { twoTables, twoTablesSolution, twoTablesYaml, type WrittenRow } from '../testing/two-tables';
import { disputable, disputing, notesOf, rubricIn } from '../testing/worksheet';
import { renderClassroom50 } from './classroom50/host';
import { renderAnnotations, renderComment, renderPoints } from './github/host';
import { renderGradescope } from './gradescope/host';
import { renderProblems } from './vscode/host';

// One worksheet as a student reads it at each place that grades it. To update: npx jest hosts/read -u

const rubric = rubricIn(disputable(twoTablesYaml));
const key = plainKey(rubric, twoTablesSolution);

const now = new Date('2026-12-01T12:00Z');

/** The variables that Classroom 50 sets. */
const variables = Object.fromEntries(
  ['CLASSROOM', 'ASSIGNMENT', 'OWNER', 'SUBMISSION_TAG', 'COMMIT_URL', 'RELEASE_URL'].map((name) => [
    name,
    `the ${name}`,
  ]),
);

describe('a worksheet with a row that is right, one of a known idea, a cell that cannot be read, and a dispute', () => {
  const boxes = { basket: [8, 11], crate: [7, 13] } as const;
  const bags = { sack: ['"12 cm"', 'null'], pouch: [10, 29] } as const;
  const graded = async () => {
    const report = await gradeTexts(twoTables(boxes, bags), disputing('8 is right.', 'Pears'), key, rubric);
    return { ...report, points: report.points ?? 0 };
  };
  type Graded = Awaited<ReturnType<typeof graded>>;

  test.each<[place: string, render: (report: Graded) => string]>([
    ['in a terminal', (report) => renderTerminal(report, { hasColors: false })],
    ['to a screen reader', (report) => renderPlain(report, {})],
    ['on the page of a run', (report) => renderMarkdown(report, ['A note.'])],
    ['in a log of GitHub', (report) => [...renderPoints(report), ...renderAnnotations(report)].join('\n')],
    ['in VS Code', renderProblems],
    [
      'in Gradescope',
      (report) => {
        const { output, tests } = JSON.parse(renderGradescope(report));
        return [output, ...tests.map((test: object) => JSON.stringify(test))].join('\n');
      },
    ],
  ])('what a student reads %s', async (_place, render) => {
    expect(`\n${render(await graded())}\n`).toMatchSnapshot();
  });

  test('a comment is the page of the run, and says which run of which commit that was', async () => {
    const report = await graded();
    const run = 'https://example.org/run';
    const comment = renderComment(report, [], { commit: '0123456789ab', run });
    const page = renderMarkdown(report, ['A note.']).replace(/A note.*/s, '');
    expect(comment.trim()).toBe(`${page}Commit 0123456, graded by [this run](<${run}>)`);
  });

  test('Classroom 50 has the tests of Gradescope, by their names, points and reasons', async () => {
    const report = await graded();
    const { tests } = JSON.parse(renderGradescope(report));
    const record = JSON.parse(renderClassroom50(report, variables, now));
    expect(record).toMatchObject({ score: report.points, 'max-score': report.possible });
    expect(record.tests).toEqual(
      tests.map(({ name, status, score, max_score, output }: Record<string, unknown>) => ({
        'test-name': name,
        passed: status === 'passed',
        score,
        'max-score': max_score,
        message: output || undefined,
      })),
    );
  });
});

// The next step in each state of a sheet is in render.test.ts.

const begun = twoTables({ basket: [7, 24], crate: [8, 99] }, { sack: [12, "'x'"] });

test('a slip comes first, and of two reasons in a row the more helpful one alone', async () => {
  const text = renderPlain(await gradeTexts(begun, notesOf('Pears'), key, rubric), {});
  expect(text).toMatch(
    /^Sack, across: “x” is a word.*\nFrom .*\nBasket of fruit: Only one kind.*\nCrate, across: Nothing was peeled\. .*\n(?:.*\n)*Next: Fix Sack.*$/m,
  );
});

test('of two tables that are turned throughout, each has its hint', async () => {
  const turned = twoTables({ basket: [11, 7], crate: [13, 7] }, { sack: [16, 12], pouch: [18, 12] });
  const text = renderPlain(await gradeTexts(turned, notesOf(), key, rubric), {});
  for (const table of ['boxes', 'Bags'])
    expect(text).toContain(`Hint for the whole table ${table}: Turn it round.`);
  expect(text).toContain('Next: Use the hint to rethink the whole table boxes.');
});

test('a sheet that is checked for form only is told what does not fit, and nothing of what is right', async () => {
  const form = rubricIn(`${disputable(twoTablesYaml)}self_check: form\n`);
  const text = renderPlain(await gradeTexts(begun, notesOf('Pears'), noKey, form), {});
  for (const part of [
    'Checked for form only: 5 of 8 cells are filled in and well-formed.',
    'Row 1 of 2, Basket of fruit: Down 7, filled in; Across 24, filled in.',
    'Crate, down: “8” does not fit Basket of fruit, down (7). Both hold every apple.',
    'Reflection (work/notes.md): 1 of 2 responses.',
  ])
    expect(text).toContain(part);
  expect(text).not.toMatch(/correct|wrong|\d points/);
});

test('a table that is too wide for a terminal is a list there, and --all adds the reasons that are left out', async () => {
  const course = loadCourse(courseWith({}, manyKinds), false);
  const answers = `export const boxes = {
  basket: { down: 7, across: 7, color: 'red', weight: 3.2, sort: ' old-time  pippin*' },
  crate: { down: 14, across: 13, color: 'blue', weight: '7 kg', sort: 7 },
};\n`;
  const report = await gradeTexts(answers, notesOf('Pears'), course.key, course.rubric);
  const text = renderTerminal(report, { hasColors: false });
  expect(`\n${text}\n`).toMatchSnapshot();
  expect(renderTerminal(report, { hasColors: false, showsAll: true })).toBe(
    text.replace('1 more to look at after these.', 'Basket of fruit: Not a square. (work/boxes.ts:2:30)'),
  );
});

test('a record of Classroom 50 has the names that it gives, and none where one is missing', async () => {
  const report = { ...(await gradeTexts(twoTables({}), notesOf(), key, rubric)), points: 0 };
  const more = { ASSIGNMENT_TYPE: 'group', USERNAME: 'ada', REVIEW_URL: 'the review' };
  expect(JSON.parse(renderClassroom50(report, { ...variables, ...more }, now))).toMatchObject({
    ...{ assignment_type: 'group', owner: 'ada', review: 'the review' },
    ...{ commit: 'the COMMIT_URL', release: 'the RELEASE_URL', submission: 'the SUBMISSION_TAG' },
  });
  const { COMMIT_URL: _, ...others } = variables;
  expect(() => renderClassroom50(report, others, now)).toThrow(
    expect.objectContaining({ code: 'variable-missing' }),
  );
});

// Worksheets with numbers that have a meaning: right answers, known wrong answers, and any others.

const { expected, misconceptions } = twoTablesSolution;
const right = new Map(expected.map(({ id, cells }) => [id, cells.map(({ value }) => value)]));
const number = fc.constantFrom(7, 11, 13, 24, 5, 70, 99, 12, 16, 18, 40, 10, 29);

/** The two numbers of a row: the right ones, those of a known wrong answer, or any. */
function anyRow(id: string): fc.Arbitrary<readonly unknown[]> {
  const known = misconceptions.flatMap(({ row, values: { down, across } }) =>
    row === id && down !== undefined ? [[down, across]] : [],
  );
  return fc.oneof(fc.tuple(number, number), fc.constantFrom(right.get(id) ?? [], ...known));
}

const anySheet = fc.record({
  ...{ basket: anyRow('basket'), crate: anyRow('crate') },
  ...{ sack: anyRow('sack'), pouch: anyRow('pouch') },
}) as fc.Arbitrary<Record<'basket' | 'crate' | 'sack' | 'pouch', WrittenRow>>;

test('a row of a known wrong answer is told its idea, and nobody a right number that is not written there', async () => {
  await fc.assert(
    fc.asyncProperty(anySheet, async (rows) => {
      const report = await gradeTexts(twoTables(rows, rows), notesOf('Pears', 'Lemons'), key, rubric);
      const text = renderPlain(report, { showsAll: true });
      for (const { id, cells } of report.rows) {
        const written = rows[id as keyof typeof rows];
        const marks = right
          .get(id)
          ?.map((value, column) => (value === written[column] ? 'correct' : 'wrong'));
        expect(cells.map(({ outcome }) => outcome)).toEqual(marks);
        const idea = misconceptions.find(
          ({ row, values }) => row === id && values.down === written[0] && values.across === written[1],
        );
        if (idea) expect(text).toContain(idea.text.replace(/\.$/, ''));
      }
      const reasons = text.replace(/^Row .*$|^\d+ of .*$|\(work.*?\)/gm, '');
      const unwritten = [11, 13, 16, 18].filter((value) => !Object.values(rows).flat().includes(value));
      for (const value of unwritten) expect(reasons).not.toMatch(new RegExp(`\\b${value}\\b`));
      expect(text.includes('There is nothing left to do.')).toBe(report.points === report.possible);
    }),
  );
});

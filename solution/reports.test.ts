import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { People } from '../grader/class/members/people';
import { readSource } from '../grader/class/members/source';
import { gradeMember } from '../grader/class/results/grade';
import { graderOf } from '../grader/class/results/run';
import rowSchema from '../grader/class/results/student-result.schema.json';
import { loadCourse } from '../grader/course';
import { gradeFolder } from '../grader/grading/context';
import reportSchema from '../grader/grading/report.schema.json';
import { watchBegins, watchEnds } from '../grader/hosts/vscode/host';
import { plainKey } from '../grader/key/key';
import { changesSince, renderTerminal } from '../grader/render/terminal';
import { newFolder, packageRoot, removeFolders, writeFiles } from '../grader/testing/folders';
import { tries } from '../grader/testing/long';
import { anyText } from '../grader/testing/texts';

afterAll(removeFolders);

const course = loadCourse(packageRoot, false);
const { rubric, solution } = course;
const ajv = new Ajv({ strict: true });
const [isReport, isRow] = [ajv.compile(reportSchema), ajv.compile(rowSchema)];

/** Grades every folder in a root as for a class, and checks each row and report against its schema. */
async function assertFitting(root: string): Promise<void> {
  const facts = {
    course,
    people: new People([]),
    roster: undefined,
    digest: '',
    openUntil: undefined,
    notes: [],
  };
  const options = { extensions: new Map(), hasGit: false, started: new Date() };
  const run = { ...facts, ...options, grader: graderOf(course) };
  for (const submission of await readSource(root, rubric)) {
    const work = [{ submission, isShared: false, remarks: [] }];
    const row = JSON.parse(JSON.stringify(await gradeMember({ key: submission.name, login: '', work }, run)));
    isRow(row);
    expect({ key: row.key, errors: isRow.errors }).toEqual({ key: row.key, errors: null });
    if (row.report === undefined) continue;
    isReport(row.report);
    expect({ key: row.key, errors: isReport.errors }).toEqual({ key: row.key, errors: null });
  }
}

test('every fixture’s Report and row are what their schemas say', () =>
  assertFitting(path.join(packageRoot, 'solution', 'fixtures')));

test('a half-done worksheet fits a terminal of 24 lines in npm run watch, also with a row that is right now', async () => {
  const key = plainKey(rubric, solution);
  const report = await gradeFolder(path.join(packageRoot, 'solution', 'fixtures', 'half-done'), rubric, key);
  const [first, ...others] = report.rows;
  if (!first) throw new Error('There is no row.');
  const cells = first.cells.map((cell) => ({ ...cell, outcome: 'blank', points: 0 }) as const);
  const earlier = { ...report, points: 4, rows: [{ ...first, cells }, ...others] };
  for (const changes of [changesSince(undefined, report), changesSince(earlier, report)]) {
    const text = renderTerminal(report, { hasColors: false, changes });
    const shown = [watchBegins, text, watchEnds].join('\n').split('\n');
    expect(shown.length).toBeLessThanOrEqual(24);
  }
});

/** Text that sometimes resembles a submission. */
const piece = fc.oneof(
  fc.constantFrom(
    ...['export const shapes = {', '};', 'queries: { rows: 100, columns: 128 },', 'rows:', '{', '}', ','],
    ...[
      'null',
      '1e308 * 10',
      '-0',
      '0.5',
      '"x"',
      '[1, 2]',
      '// note\n',
      '\n',
      '0x1f',
      '1_000',
      'Math.max(1, 2)',
    ],
    ...['## 1. What was the most important concept from today for you?\n', '## 2.\n', '# Title\n', '---\n'],
    ...[
      '<!-- ',
      ' -->',
      '<h2>',
      '</h2>',
      '> ',
      '- ',
      '\u3164',
      'asdf asdf asdf',
      '\ud800',
      '\u0000',
      '::error::',
    ],
  ),
  anyText(20),
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const content = fc.oneof(
  text.map((written) => Buffer.from(written)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

test('whatever the two files hold, Report and row are what their schemas say', async () => {
  await fc.assert(
    fc.asyncProperty(content, content, async (answers, reflection) => {
      const root = newFolder();
      writeFiles(root, { [`ada/${rubric.file}`]: answers, [`ada/${rubric.reflection?.file}`]: reflection });
      await assertFitting(root);
    }),
    { numRuns: tries(400) },
  );
});

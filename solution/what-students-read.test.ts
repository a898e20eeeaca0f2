import fc from 'fast-check';
import { answersText } from '../grader/authoring/generate/worksheet';
import { loadCourse } from '../grader/course';
import { score } from '../grader/grading/score';
import { expectedIn } from '../grader/key/key';
import { renderPlain } from '../grader/render/plain';
import { renderTerminal } from '../grader/render/terminal';
import { viewOf } from '../grader/render/view';
import { allRowsOf } from '../grader/rubric/rubric';
import { readSubmission } from '../grader/submission/submission';
import { packageRoot } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { tries } from '../grader/testing/long';

const { rubric, solution, key } = loadCourse(packageRoot, false);
const due = [
  'Due Tuesday 1 December 2026, 23:59 (America/New_York).',
  'Late work loses 10% of the points for each day begun, 30% at most; nothing counts after Tuesday 8 December 2026, 23:59.',
];
const places = allRowsOf(rubric).flatMap((row) => row.cells.map((cell) => ({ row: row.id, cell: cell.id })));

/** Values that students wrote, known mistakes among them; undefined stands for the right one. */
const typed = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...solution.misconceptions.flatMap(({ values }) => Object.values(values).map(String)),
      ...solution.quantities.map(({ value }) => String(value)),
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('null', '"128"', "'a hundred'", '100 x 128', 'seqLen', '1.5') },
);
const notes = fc.constantFrom('', 'The mask.', '## Something else\n\nA.\n\nB.\n');
const slip = fc.constantFrom('', ',', '}', 'const x = ;', 'queries');

test('of any sheet a student reads at most 40 lines, three reasons and one next step', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(typed, { minLength: places.length, maxLength: places.length }),
      notes,
      slip,
      async (values, reflection, end) => {
        const text = answersText(rubric, (row, { id }) => {
          const index = places.findIndex((place) => place.row === row && place.cell === id);
          return values[index] ?? String(expectedIn(solution, row, id)?.value);
        });
        const files = { [rubric.file]: `${text}${end}`, [rubric.reflection?.file ?? '']: reflection };
        const submission = readSubmission(asFoundFiles(files), rubric);
        const report = await score({ ...rubric, due }, submission, key);
        const terminal = renderTerminal(report, { hasColors: false });
        expect(terminal.split('\n').length).toBeLessThanOrEqual(40);
        expect(renderPlain(report, {}).split('\n').length).toBeLessThanOrEqual(40);
        expect((terminal.match(/^Next:/gm) ?? []).length).toBe(report.unreadable ? 0 : 1);
        const lists = viewOf(report, { explanations: 'none' }).flat();
        const [reasons] = lists.flatMap((block) =>
          block.kind === 'list' && block.title === 'What to look at' ? [block.items] : [],
        );
        expect((reasons ?? []).filter(({ pieces }) => pieces.length > 1).length).toBeLessThanOrEqual(3);
      },
    ),
    { numRuns: tries(60) },
  );
});

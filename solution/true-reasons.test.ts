import fc from 'fast-check';
import { score } from '../grader/grading/score';
import { plainKey } from '../grader/key/key';
import { loadSolution } from '../grader/key/solution';
import { renderMarkdown } from '../grader/render/markdown';
import { gradedCells } from '../grader/render/status';
import { renderTerminal } from '../grader/render/terminal';
import { loadRubric } from '../grader/rubric/load';
import { rowsOf } from '../grader/rubric/rubric';
import { readSubmission } from '../grader/submission/submission';
import { packageRoot } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { tries } from '../grader/testing/long';
import { modelCards } from './model';

const asked = loadRubric(packageRoot);
// Independent of the current sizes. There are more tokens than a file has lines or a report has points.
const givens = fc.record({
  model: fc.constantFrom(...Object.keys(modelCards)),
  tokens: fc.integer({ min: 101, max: 1024 }),
});

test('at any sizes a number is called what it is, a right cell has no reason, and no number is told', async () => {
  await fc.assert(
    fc.asyncProperty(givens, fc.infiniteStream(fc.nat()), async (given, stream) => {
      const rubric = { ...asked, given };
      const solution = loadSolution(packageRoot, rubric, false);
      const right = solution.expected.flatMap(({ cells }) => cells.map(({ value }) => Number(value)));
      const numbers = [...right, ...solution.quantities.map(({ value }) => value)].filter(
        (value) => Number.isSafeInteger(value) && value > 0,
      );
      const pick = () => numbers[Number(stream.next().value) % numbers.length] ?? 1;
      const typed: number[] = [];
      const lines = rowsOf(rubric).map(({ id, cells }) => {
        const values = cells.map((cell) => {
          typed.push(pick());
          return `${cell.id}: ${typed.at(-1)}`;
        });
        return `  ${id}: { ${values.join(', ')} },`;
      });
      const text = `export const ${rubric.tables[0]?.export} = {\n${lines.join('\n')}\n};\n`;
      const report = await score(
        rubric,
        readSubmission(asFoundFiles({ [rubric.file]: text }), rubric),
        plainKey(rubric, solution),
      );
      for (const { outcome, cause, reason, value } of gradedCells(report)) {
        expect(reason === undefined).toBe(outcome === 'correct');
        if (cause?.kind !== 'quantity') continue;
        for (const phrase of cause.name.split(', or: '))
          expect(solution.quantities).toContainEqual({ value, phrase });
      }
      const shown = [
        renderTerminal(report, { hasColors: false, isWhole: true }),
        renderMarkdown(report, { notes: [] }),
      ].flatMap((output) => output.match(/\b\d{3,}\b/g) ?? []);
      expect(shown.map(Number).filter((found) => found > 100 && !typed.includes(found))).toEqual([]);
    }),
    { numRuns: tries(150) },
  );
});

import fc from 'fast-check';
import { interpolate } from '../message';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import { answersOf, blankAnswers, notesOf } from '../testing/worksheet';
import { renderPlain } from './plain';
import { reasonsOf } from './reasons';
import { outcomes } from './status';

const value = fc.constantFrom('7', '11', '13', '24', '5', '99', 'null', '"7"', '4 MiB', '1e-3');

test('read aloud, the worksheet has each row and cell in order, with its value, its mark and its reason', async () => {
  await fc.assert(
    fc.asyncProperty(value, value, value, value, async (a, b, c, d) => {
      const answers = answersOf(`{ down: ${a}, across: ${b} }`, `{ down: ${c}, across: ${d} }`);
      const report = await gradeTexts(answers, notesOf('Pears'));
      const lines = renderPlain(report, { isWhole: true }).split('\n');
      const rows = lines.filter((line) => line.startsWith('Row '));
      if (!report.started) return;
      expect(rows.map((line) => line.slice(0, line.indexOf(':')))).toEqual(
        report.rows.map(({ label }, index) => `Row ${index + 1} of ${report.rows.length}, ${label}`),
      );
      for (const [index, { cells }] of report.rows.entries()) {
        const cellTexts = cells.map(({ value: typed, shown, outcome }, column) => {
          const text = shown ?? typed;
          const { word } = outcomes[outcome];
          return `${['Down', 'Across'][column]} ${text === undefined ? word : `${text}, ${word}`}`;
        });
        const points = cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0);
        const possible = cells.reduce((sum, cell) => sum + cell.possible, 0);
        const score = `${points} of ${possible} points`;
        expect(rows[index]?.split(': ')[1]).toBe(`${[...cellTexts, score].join('; ')}.`);
      }
      const spoken = lines.join(' ');
      let from = 0;
      for (const { reason } of reasonsOf(report)) {
        const words = interpolate(reason, (quote) => `“${quote}”`).replaceAll(' · ', ', ');
        const at = spoken.indexOf(words, from);
        expect({ words, isTold: at >= 0 }).toEqual({ words, isTold: true });
        from = at;
      }
    }),
    { numRuns: tries(200) },
  );
});

test('each line is a sentence or announces the next ones, and none holds a sign, a rule or a run of spaces', async () => {
  for (const answers of [
    blankAnswers,
    answersOf('{ down: 7, across: 24 }', '{ down: "7", across: null }'),
    'x',
  ]) {
    const text = renderPlain(await gradeTexts(answers, notesOf('Pears')), {});
    for (const line of text.trimEnd().split('\n')) {
      if (/^From character|^The same line/.test(line)) continue;
      expect(line).toMatch(/[.!?:]$/);
      expect(line).not.toMatch(/ {2}|--|[·✓✗↺^]/);
    }
  }
});

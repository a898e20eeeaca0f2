import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { gradeFolder } from '../../grade';
import { plainKey } from '../../key/plain';
import { loadSolution } from '../../key/solution';
import reportSchema from '../../report/report.schema.json';
import { renderTerminal } from '../../report/terminal';
import { loadRubric } from '../../rubric/load';
import { score } from '../../score';
import { readAnswers } from '../../submission/answers/read';
import { packageRoot } from '../../testing/folders';

/**
 * Proves this package's own worksheet, whatever it is about: rubric, stub, answer key, misconceptions
 * and fixtures fit each other. Names of rows and columns come from the rubric alone.
 */
const rubric = loadRubric(packageRoot);
const solution = loadSolution(packageRoot, rubric, true);
const key = plainKey(solution);
const { rows, columns } = rubric.table;
const inSolution = (...parts: string[]) => path.join(packageRoot, 'solution', ...parts);

/** A table's values by row and column, and their text as an answers' file. */
type Values = Record<string, Record<string, number>>;
const rightValues = (): Values =>
  Object.fromEntries([...solution.expected].map(([row, cells]) => [row, Object.fromEntries(cells)]));
const grade = (values: Values) =>
  score(
    rubric,
    {
      answers: readAnswers(`export const ${rubric.table.export} = ${JSON.stringify(values)};`, rubric.table),
    },
    key,
  );

const cellPoints = rubric.table.cells.reduce((sum, { points }) => sum + points, 0);

test('the reference earns every point', async () => {
  expect(await gradeFolder(inSolution('reference'), rubric, key)).toMatchObject({
    points: rubric.possible,
    possible: rubric.possible,
    problems: [],
  });
});

test('the stub is not started and earns nothing', async () => {
  expect(await gradeFolder(inSolution('fixtures', 'blank'), rubric, key)).toMatchObject({
    points: 0,
    started: false,
    problems: [],
  });
});

test('every single wrong cell of a right table loses exactly its own point', async () => {
  for (const { row, column, points } of rubric.table.cells) {
    const right = rightValues()[row]?.[column] ?? 0;
    for (const wrong of [right + 1, right - 1, right * 2, 1, 3, 77_777].filter(
      (value) => value !== right && value > 0,
    )) {
      const values = rightValues();
      values[row] = { ...values[row], [column]: wrong };
      const report = await grade(values);
      expect(report.points).toBe(cellPoints - points);
      expect(
        report.cells.filter(({ outcome }) => outcome === 'wrong').map((cell) => [cell.row, cell.column]),
      ).toEqual([[row, column]]);
    }
  }
});

test('the right table gives no hint', async () => {
  const report = await grade(rightValues());
  expect(report.hint).toBeUndefined();
  expect(report.cells.filter(({ hint, why }) => hint || why)).toEqual([]);
});

/** A row of the right table with a known wrong answer put in. */
const withShape = (row: string, shape: Readonly<Record<string, number>>) => ({
  ...rightValues()[row],
  ...shape,
});
const isRight = (row: string, values: Record<string, number>) =>
  columns.every(({ id }) => values[id] === solution.expected.get(row)?.get(id));
const isWhole = (shape: Readonly<Record<string, number>>) => Object.keys(shape).length === columns.length;

// At some sizes a known wrong answer is right, or a lone number makes a whole shape that is known itself.
const misconceptions = solution.misconceptions.filter(({ id, row, shape }) => {
  const values = withShape(row, shape);
  const isKnownWhole = solution.misconceptions.some(
    (other) =>
      other.row === row &&
      isWhole(other.shape) &&
      columns.every((column) => other.shape[column.id] === values[column.id]),
  );
  const hasOtherCause = solution.misconceptions.some(
    (other) => other.row === row && other.id !== id && JSON.stringify(other.shape) === JSON.stringify(shape),
  );
  return !isRight(row, values) && (isWhole(shape) || !(isKnownWhole || hasOtherCause));
});

test('each known wrong answer gives its hint to the cells that are wrong, and to no others', async () => {
  for (const { id, row, shape, text } of misconceptions) {
    const values = { ...rightValues(), [row]: withShape(row, shape) };
    const report = await grade(values);
    const hinted = report.cells.filter(({ hint }) => hint);
    const wrong = report.cells.filter(({ outcome }) => outcome === 'wrong');
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.every((cell) => cell.row === row)).toBe(true);
    const told = hinted.filter(
      ({ hint }) => hint?.misconception.split('+').includes(id) && hint.text.includes(text),
    );
    expect({ id, row, shape, told: told.length > 0 }).toEqual({ id, row, shape, told: true });
    if (isWhole(shape)) expect(hinted).toEqual(wrong);
  }
});

if (!rubric.table.eitherOrientation && misconceptions.some(({ id }) => id === 'transposed')) {
  test('a table that is transposed throughout gives one hint and none a row', async () => {
    expect(columns).toHaveLength(2);
    const [first, second] = columns as unknown as [{ id: string }, { id: string }];
    const values = Object.fromEntries(
      Object.entries(rightValues()).map(([row, cells]) => [
        row,
        { [first.id]: cells[second.id] ?? 0, [second.id]: cells[first.id] ?? 0 },
      ]),
    );
    const report = await grade(values);
    expect(report.hint?.misconception).toBe('transposed');
    expect(report.cells.filter(({ hint }) => hint)).toEqual([]);
  });
}

interface Expectation {
  points: number;
  started: boolean;
  problems?: string[];
  cells: Record<string, string[]>;
  hints?: Record<string, string>;
  hint?: string;
  responses: string[];
}

describe('fixtures', () => {
  const names = readdirSync(inSolution('fixtures'));
  const validate = new Ajv().compile(reportSchema);

  test.each(names)('%s gets the points, outcomes and hints that stand beside it', async (name) => {
    const expected = parse(
      readFileSync(inSolution('fixtures', name, 'expected.yaml'), 'utf8'),
    ) as Expectation;
    const report = await gradeFolder(inSolution('fixtures', name), rubric, key);
    const hints = rows.flatMap(({ id }) => {
      const ofRow = new Set(
        report.cells.filter(({ row, hint }) => row === id && hint).map(({ hint }) => hint?.misconception),
      );
      return ofRow.size > 0 ? [[id, [...ofRow].join(', ')]] : [];
    });
    expect({
      points: report.points,
      started: report.started,
      problems: report.problems.map(({ why }) => why.code),
      cells: Object.fromEntries(
        rows.map(({ id }) => [
          id,
          report.cells.filter(({ row }) => row === id).map(({ outcome }) => outcome),
        ]),
      ),
      hints: Object.fromEntries(hints),
      hint: report.hint?.misconception,
      responses: report.reflection?.responses
        .filter(({ answered }) => answered)
        .map(({ question }) => question),
    }).toEqual({ problems: [], hints: {}, hint: undefined, ...expected });
  });

  test.each([...names.map((name) => path.join('fixtures', name)), 'reference'])(
    'the report of %s fits the published schema, every lost point has its reason, and it prints within 80 columns',
    async (name) => {
      const report = await gradeFolder(inSolution(name), rubric, key);
      expect(validate(JSON.parse(JSON.stringify(report)))).toBe(true);
      for (const cell of report.cells)
        expect(cell.points === cell.possible || cell.why !== undefined).toBe(true);
      const lines = renderTerminal(report, rubric, { colour: false }).split('\n');
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    },
  );
});

import { changeOf, type PairedCounts, pairedText, studentsIn } from './paired';

const counts = (
  rightRight: number,
  wrongRight: number,
  rightWrong: number,
  wrongWrong: number,
): PairedCounts => ({
  rightRight,
  wrongRight,
  rightWrong,
  wrongWrong,
});

test('gives the interval that its paper gives for an example', () => {
  const { low, high } = changeOf(counts(36, 12, 2, 0));
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.0569', '0.3404']);
});

test('a class that is turned round has the change turned round', () => {
  const one = changeOf(counts(10, 14, 2, 5));
  const other = changeOf(counts(10, 2, 14, 5));
  expect([other.change, other.low, other.high]).toEqual([-one.change, -one.high, -one.low]);
});

test('the sentence says who did both, and how sure the change is', () => {
  expect(pairedText(counts(10, 14, 2, 5), 'at first', 'at other sizes')).toBe(
    'Right at first: 12. Right at other sizes: 24. 14 became right, 2 became wrong. Change: +39 percentage points, between +15 and +57.',
  );
});

test('of fewer than ten only counts are told', () => {
  const text = pairedText(counts(1, 5, 0, 3), 'at first', 'at other sizes');
  expect(text).toContain('5 became right');
  expect(text).not.toContain('percentage points');
});

/** Shares of students who are right both times, become right, become wrong, and are wrong both times. */
const classes = [
  [0.4, 0.4, 0.05, 0.15],
  [0.25, 0.25, 0.25, 0.25],
  [0.5, 0.2, 0.15, 0.15],
  [0.1, 0.3, 0.1, 0.5],
  [0.45, 0.3, 0.15, 0.1],
] as const;

test.each([10, 20, 31].flatMap((students) => classes.map((shares) => [students, shares] as const)))(
  'of %i students with shares %p, the interval holds the true change in 93 to 98 of 100 classes',
  (students, shares) => {
    const change = shares[1] - shares[2];
    let [covered, all] = [0, 0];
    for (const table of tablesOf(students)) {
      const probability = probabilityOf(table, shares);
      all += probability;
      const { low, high } = changeOf(table);
      if (low <= change && change <= high) covered += probability;
    }
    expect(all).toBeCloseTo(1, 9);
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.98);
  },
);

/** Every way to divide this many students into four groups. */
function* tablesOf(students: number): Generator<PairedCounts> {
  for (let a = 0; a <= students; a++)
    for (let b = 0; a + b <= students; b++)
      for (let c = 0; a + b + c <= students; c++) yield counts(a, b, c, students - a - b - c);
}

/** The probability of a table under the multinomial distribution, computed from log factorials. */
function probabilityOf(table: PairedCounts, shares: readonly number[]): number {
  const groups = [table.rightRight, table.wrongRight, table.rightWrong, table.wrongWrong];
  const logs = groups.map((count, index) => count * Math.log(shares[index] ?? 0) - logFactorial(count));
  return Math.exp(logs.reduce((sum, log) => sum + log, logFactorial(studentsIn(table))));
}

function logFactorial(count: number): number {
  let sum = 0;
  for (let factor = 2; factor <= count; factor++) sum += Math.log(factor);
  return sum;
}

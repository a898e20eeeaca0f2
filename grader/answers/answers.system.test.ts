import { worksheetFiles } from '../course/stub';
import { cellsOf } from '../rubric/rubric';
import { readAnswers } from '../submission/cells';
import { casesIn } from '../testing/cases';
import { type FuzzResult, fuzz } from '../testing/fuzz/command';
import { compare } from '../testing/fuzz/compare';
import { kinds } from '../testing/fuzz/files';
import { tries } from '../testing/long';
import { twoTablesRubric } from '../testing/two-tables';
import { withCell } from '../testing/worksheet';

// `npm run fuzz` does this for as long as you ask it to.
const size = tries(1000, 2);

test.each(kinds)('every one of many %s files is rejected, or read as it really runs', (kind) => {
  const result: FuzzResult = { counts: new Map(), mismatches: [] };
  fuzz(kind, 1, size, result);
  expect(result.mismatches).toEqual([]);
  const { 'read as it runs': read = 0, rejected = 0 } = Object.fromEntries(result.counts);
  expect(read).toBeGreaterThan(0);
  // A generated file can be read unless it exceeds a limit, declares a name twice or has a table without rows.
  if (kind === 'generated') expect(rejected).toBeLessThan(0.16 * size);
  expect([...result.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(size);
});

test('every case in which only numbers are read is read as it really runs', () => {
  const cells = casesIn('cells.txt').map((one) => ({ ...one, input: withCell(one.input) }));
  const numbers = [...cells, ...casesIn('files.txt')].filter(({ outcome }) =>
    /^[\d ]+$/.test(outcome.result),
  );
  for (const { name, input } of numbers)
    expect([name, compare(input)]).toEqual([name, { kind: 'read as it runs' }]);
  expect(numbers.length).toBeGreaterThan(kinds.length);
});

/** The stub of the invented worksheet with both tables filled in. */
const filledIn = (() => {
  const numbers = ['7', '11', '7', '13', '12', '16', '12', '18'];
  const stub = worksheetFiles(twoTablesRubric)[twoTablesRubric.file] ?? '';
  return stub.replaceAll(/null(?=[, ])/g, () => numbers.shift() ?? '');
})();

const valuesIn = (source: string) =>
  cellsOf(readAnswers(source, twoTablesRubric)).map((cell) =>
    cell.kind === 'value' ? cell.value : cell.kind,
  );

/** The file after a student follows all of its advice: the fix of a slip, and the corrected lines shown for cells. */
function followed(source: string): string | undefined {
  const { problems, rows, corrected } = readAnswers(source, twoTablesRubric);
  const whole = corrected?.source;
  const shown = [...problems, ...cellsOf({ rows })].flatMap((part) => {
    const { location, excerpt } = 'excerpt' in part ? part : {};
    return location && excerpt?.corrected !== undefined ? [{ ...excerpt, row: location.line - 1 }] : [];
  });
  const lines = source.split('\n');
  for (const { row, line, corrected: instead } of shown)
    lines[row] = lines[row]?.replace(line, () => instead ?? '') ?? '';
  const typed = shown.length > 0 ? lines.join('\n') : undefined;
  // Typing the corrected line has to make exactly the change of the fix.
  const isOfShown = corrected?.lines.every((line) => shown.some(({ row }) => row === line - 1));
  if (whole !== undefined && isOfShown && problems.some(({ excerpt }) => excerpt?.corrected !== undefined))
    expect(typed?.replaceAll(/\s/g, '')).toBe(whole.replaceAll(/\s/g, ''));
  return whole ?? typed;
}

/** Each file with one character deleted, inserted, replaced, or swapped with the next. */
function* editedFiles(): Generator<string> {
  const isDigit = (index: number) => /\d/.test(filledIn.charAt(index));
  for (let index = 0; index < filledIn.length; index++) {
    const before = filledIn.slice(0, index);
    const here = filledIn.charAt(index);
    const after = filledIn.slice(index + 1);
    const isInNumber = isDigit(index) && isDigit(index - 1);
    if (!isDigit(index)) yield before + after;
    if (!isDigit(index) && !isDigit(index + 1)) yield before + after.charAt(0) + here + after.slice(1);
    for (const put of ' ,:;{}()[]=/.\'"`x-+*#\n_<é') {
      if (!isInNumber) yield before + put + here + after;
      if (!isDigit(index)) yield before + put + after;
    }
  }
}

test('a correction that is shown gives back the answers of a file with one slip, and never others', () => {
  const right = valuesIn(filledIn);
  expect(right).toEqual([7, 11, 7, 13, 12, 16, 12, 18]);
  let [edited, restored] = [0, 0];
  const failed: string[] = [];
  const others: string[] = [];
  const files = [...editedFiles()];
  const step = Math.round(files.length / tries(files.length, 2));
  for (const source of files.filter((_, index) => index % step === 0)) {
    const first = followed(source);
    if (first === undefined) continue;
    edited++;
    const values = [first, followed(first) ?? first].map(valuesIn);
    const isRestored = values.some((one) => right.every((value, index) => one[index] === value));
    if (isRestored) restored++;
    else failed.push(source);
    const isOther = values.some((one) =>
      one.some((value, index) => typeof value === 'number' && value !== right[index]),
    );
    if (isOther || (!isRestored && values[1]?.includes('blank'))) others.push(source);
  }
  expect(others).toEqual([]);
  expect(edited).toBeGreaterThan(tries(1000, 2));
  expect({ isMost: restored >= 0.99 * edited, failed: failed.slice(0, 3) }).toMatchObject({ isMost: true });
});

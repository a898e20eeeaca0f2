import { readAnswers } from '../../answers/cells';
import type { Misconception } from '../../key/hints';
import { transposed } from '../../key/key';
import { labelsOf } from '../../report/labels';
import type { Report } from '../../report/report.schema';
import { score } from '../../score';
import type { Course } from '../course';
import { broken, bug, type Check, type Finding, note } from './check';

/** Values by row and column. */
export type Values = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function rightValues({ solution }: Course): Values {
  return Object.fromEntries([...solution.expected].map(([row, cells]) => [row, Object.fromEntries(cells)]));
}

/** Grades a table of values as a student would have typed it, and no reflection. */
function grade({ rubric, key }: Course, values: Values): Promise<Report> {
  const source = `export const ${rubric.table.export} = ${JSON.stringify(values)};`;
  return score(rubric, { answers: readAnswers(source, rubric.table) }, key);
}

export const singleCells: Check = {
  promise: 'Any one wrong cell loses exactly its own points',
  async find(course) {
    const right = rightValues(course);
    const full = (await grade(course, right)).points;
    const found: Finding[] = [];
    for (const { row, column, points } of course.rubric.table.cells) {
      for (const wrong of wrongValues(right[row]?.[column] ?? 0)) {
        const report = await grade(course, { ...right, [row]: { ...right[row], [column]: wrong } });
        const lost = report.cells.filter(({ outcome }) => outcome !== 'correct');
        const isItself = lost.length === 1 && lost[0]?.row === row && lost[0].column === column;
        if (isItself && report.points === (full ?? 0) - points) continue;
        const cell = labelsOf(course.rubric).cell({ row, column });
        const others = lost.map((other) => labelsOf(course.rubric).cell(other)).join(', ') || 'no cell';
        found.push(bug(`With only ${cell} changed to ${wrong}, what counts as wrong is: ${others}.`));
      }
    }
    return found;
  },
};

/** Values near a right one and far from it. */
function wrongValues(right: number): number[] {
  const near = [right + 1, right - 1, right * 2, 1, 3, 77_777];
  return [...new Set(near)].filter((value) => value !== right && value > 0);
}

export const hints: Check = {
  promise: 'Each known wrong answer gives its hint, and the right table none',
  async find(course) {
    const right = rightValues(course);
    const report = await grade(course, right);
    const found = report.cells
      .filter(({ hint, why }) => hint || why)
      .map((cell) =>
        broken(`The right table gets a hint at ${labelsOf(course.rubric).cell(cell)}. Correct solution/.`),
      );
    for (const entry of course.solution.misconceptions) found.push(...(await misconception(course, entry)));
    return [...found, ...(await wholeTable(course))];
  },
};

async function misconception(course: Course, entry: Misconception): Promise<Finding[]> {
  const { id, row, shape, text } = entry;
  const right = rightValues(course);
  const values = { ...right[row], ...shape };
  const named = `${id} for ${row} (${Object.entries(shape)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ')})`;
  if (isSame(values, right[row] ?? {}))
    return [note(`${named} is right at these sizes, so it gives no hint.`)];

  const others = course.solution.misconceptions.filter((other) => other.row === row);
  const columns = course.rubric.table.columns.length;
  const isWhole = Object.keys(shape).length === columns;
  const causes = new Set(others.filter((other) => isSame(other.shape, shape)).map((other) => other.id));
  if (!isWhole && causes.size > 1) {
    return [note(`${named} has more than one cause, and a number alone gives a hint only for one.`)];
  }
  const asWhole = others.filter((other) => isSame(other.shape, values)).map((other) => other.id);
  const expected = new Set(asWhole.length > 0 ? asWhole : causes);

  const { cells } = await grade(course, { ...right, [row]: values });
  const hinted = cells.filter(({ hint }) => hint);
  const wrong = cells.filter(({ outcome }) => outcome === 'wrong');
  const told = new Set(hinted.flatMap(({ hint }) => hint?.misconception.split('+') ?? []));
  const isTold = hinted.length > 0 && hinted.every((cell) => wrong.includes(cell) && cell.row === row);
  const says = asWhole.length > 0 || hinted.some(({ hint }) => hint?.text.includes(text));
  if (isTold && says && isSame([...told].sort(), [...expected].sort())) return [];
  return [
    broken(
      `${named} should give the hint ${[...expected].join('+')}, and gives ${[...told].join(', ') || 'none'}. Correct solution/misconceptions.`,
    ),
  ];
}

/** Where rows know that they are transposed, a table of such rows is one mistake. */
async function wholeTable(course: Course): Promise<Finding[]> {
  const { rubric, solution } = course;
  const [first, second] = rubric.table.columns;
  const isKnown = solution.misconceptions.some(({ id }) => id === transposed);
  if (!isKnown || rubric.table.eitherOrientation || !first || !second) return [];
  const turned = Object.entries(rightValues(course)).map(([row, cells]) => [
    row,
    { [first.id]: cells[second.id] ?? 0, [second.id]: cells[first.id] ?? 0 },
  ]);
  const { hint, cells } = await grade(course, Object.fromEntries(turned));
  if (hint?.misconception === transposed && cells.every((cell) => !cell.hint)) return [];
  return [
    broken(
      `A table that is ${transposed} throughout should give one hint for the whole. Give every row whose columns differ a misconception ${transposed}.`,
    ),
  ];
}

/** Whether two plain values say the same, whatever the order of their names. */
function isSame(one: object, other: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort());
  return sorted(one) === sorted(other);
}

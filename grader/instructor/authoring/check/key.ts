import type { GradedCell, Report } from '../../../grading/report.schema';
import { score } from '../../../grading/score';
import type { ExpectedRow, Misconception } from '../../../key/hints';
import { transposed } from '../../../key/key';
import { count } from '../../../kinds/count';
import { gradedCells } from '../../../render/status';
import { ownSource, readSubmission } from '../../../submission/submission';
import type { Course } from '../../course';
import { bug, type Check, type Finding, failed, note } from './finding';

/** A row with other values in some of its cells. */
export function changedRow(
  { id, cells }: ExpectedRow,
  values: Readonly<Record<string, number>>,
): ExpectedRow {
  return { id, cells: cells.map((cell) => ({ id: cell.id, value: values[cell.id] ?? cell.value })) };
}

/** Grades a table of values as a student would write it, and no reflection. */
function grade({ rubric, key }: Course, rows: readonly ExpectedRow[]): Promise<Report> {
  const values = Object.fromEntries(
    rows.map(({ id, cells }) => [id, Object.fromEntries(cells.map((cell) => [cell.id, cell.value]))]),
  );
  const text = `export const ${rubric.table.export} = ${JSON.stringify(values)};`;
  return score(rubric, readSubmission(ownSource({ [rubric.table.file]: text }), rubric), key);
}

/** Grades the right table with other values in one row. */
function gradeChanged(
  course: Course,
  row: string,
  values: Readonly<Record<string, number>>,
): Promise<Report> {
  const rows = course.solution.expected.map((right) =>
    right.id === row ? changedRow(right, values) : right,
  );
  return grade(course, rows);
}

export const singleCells: Check = {
  promise: 'Any one wrong cell loses exactly its own points',
  async find(course) {
    const { expected } = course.solution;
    const full = (await grade(course, expected)).points ?? 0;
    const found: Finding[] = [];
    for (const row of expected) {
      for (const { id, value } of row.cells) {
        for (const wrong of count.wrongValues(value)) {
          const report = await gradeChanged(course, row.id, { [id]: wrong });
          const cell = report.rows.find((graded) => graded.id === row.id)?.cells.find((one) => one.id === id);
          const lost = gradedCells(report).filter(({ outcome }) => outcome !== 'correct');
          const isItself = lost.length === 1 && lost[0] === cell;
          if (isItself && report.points === full - (cell?.possible ?? 0)) continue;
          const others = lost.map(({ label }) => label).join(', ') || 'no cell';
          found.push(
            bug(`With only ${cell?.label} changed to ${wrong}, what counts as wrong is: ${others}.`),
          );
        }
      }
    }
    return found;
  },
};

export const hints: Check = {
  promise: 'Each known wrong answer gives its hint, and the right table none',
  async find(course) {
    const { expected, misconceptions, skipped } = course.solution;
    const found: Finding[] = gradedCells(await grade(course, expected))
      .filter(({ hint, reason }) => hint || reason)
      .map(({ label }) => failed(`The right table gets a hint at ${label}. Correct solution/.`));
    for (const entry of misconceptions) found.push(...(await misconception(course, entry)));
    for (const [what, rows] of skipped)
      if (rows.length > 0)
        found.push(
          note(
            `What ${what} in solution/ gives for ${rows.join(', ')} is skipped: rubric.yaml has no such row.`,
          ),
        );
    return [...found, ...(await wholeTable(course))];
  },
};

async function misconception(course: Course, entry: Misconception): Promise<Finding[]> {
  const { id, row, shape, text } = entry;
  const right = course.solution.expected.find((expected) => expected.id === row);
  if (!right) return [];
  const shapeOf = ({ cells }: ExpectedRow) => Object.fromEntries(cells.map((cell) => [cell.id, cell.value]));
  const values = shapeOf(changedRow(right, shape));
  const shown = Object.entries(shape).map(([column, value]) => `${column} ${value}`);
  const named = `${id} for ${row} (${shown.join(', ')})`;
  if (isSame(values, shapeOf(right))) return [note(`${named} is right at these sizes, so it gives no hint.`)];

  const others = course.solution.misconceptions.filter((other) => other.row === row);
  const isWhole = Object.keys(shape).length === right.cells.length;
  const causes = new Set(others.filter((other) => isSame(other.shape, shape)).map((other) => other.id));
  if (!isWhole && causes.size > 1)
    return [note(`${named} has more than one cause, and a number alone gives a hint only for one.`)];
  const asWhole = others.filter((other) => isSame(other.shape, values)).map((other) => other.id);
  const expected = new Set(asWhole.length > 0 ? asWhole : causes);

  const { rows } = await gradeChanged(course, row, shape);
  const hinted = rows.flatMap((graded) =>
    graded.cells.filter(({ hint }) => hint).map((cell): [string, GradedCell] => [graded.id, cell]),
  );
  const given = new Set(hinted.flatMap(([, { hint }]) => hint?.misconception.split('+') ?? []));
  const isGiven =
    hinted.length > 0 && hinted.every(([where, { outcome }]) => where === row && outcome === 'wrong');
  const says = asWhole.length > 0 || hinted.some(([, { hint }]) => hint?.text.includes(text));
  if (isGiven && says && isSame([...given].sort(), [...expected].sort())) return [];
  return [
    failed(
      `${named} should give the hint ${[...expected].join('+')}, and gives ${[...given].join(', ') || 'none'}. Correct solution/misconceptions.`,
    ),
  ];
}

/** Where rows know that they are transposed, a table of such rows is one mistake. */
async function wholeTable(course: Course): Promise<Finding[]> {
  const { rubric, solution } = course;
  const isKnown = solution.misconceptions.some(({ id }) => id === transposed);
  if (!isKnown || rubric.table.eitherOrientation || rubric.table.columns.length !== 2) return [];
  const turned = solution.expected.map(({ id, cells: [first, second] }) => ({
    id,
    cells:
      first && second
        ? [
            { ...second, id: first.id },
            { ...first, id: second.id },
          ]
        : [],
  }));
  const report = await grade(course, turned);
  if (report.hint?.misconception === transposed && gradedCells(report).every(({ hint }) => !hint)) return [];
  return [
    failed(
      `A table that is ${transposed} throughout should give one hint for the whole. Give every row whose columns differ a misconception ${transposed}.`,
    ),
  ];
}

/** Whether two plain values say the same, whatever the order of their names. */
function isSame(one: object, other: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort());
  return sorted(one) === sorted(other);
}

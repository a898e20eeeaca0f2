import type { Course } from '../../course';
import { GraderError } from '../../error';
import { expectedIn, type KeyContent } from '../../key/plain';
import { loadSolution } from '../../key/solution';
import { type CellName, type Equation, holds, sideOf } from '../../rubric/laws';
import { cellsOf, givenText, type Rubric, rowsOf } from '../../rubric/rubric';
import { type Check, type Finding, failed, note } from './finding';

/** The number of other sizes at which each law is tried. */
const wantedLaws = 20;

export const lawsCheck: Check = {
  claim: 'Each law holds for the answer key, also at other sizes',
  find(course) {
    const { rubric } = course;
    if (rubric.laws.length === 0) return [];
    const found: Finding[] = [];
    const sizes = [{ given: rubric.given, solution: course.solution }, ...otherSizes(course)];
    for (const { given, solution } of sizes) {
      const numberIn = ({ row, column }: CellName) => {
        const value = expectedIn(solution, row, column)?.value;
        return typeof value === 'number' ? value : undefined;
      };
      for (const { law, equations } of rubric.laws) {
        const broken = equations.find((equation) => holds(equation, numberIn) === false);
        if (!broken) continue;
        const [left, right] = [broken.left, broken.right].map((term) => sideOf(term, numberIn));
        const where = given === rubric.given ? '' : ` where ${sizesText(given)}`;
        found.push(
          failed(
            'law-broken',
            `rubric.yaml: the law ${law} does not hold${where}: its sides are ${left} and ${right}. Correct it, or remove it.`,
          ),
        );
      }
      if (found.length > 0) return found;
    }
    const tried = sizes.length - 1;
    return [
      ...(tried < wantedLaws
        ? [note('laws-few-sizes', `The laws were tried at ${tried} other sizes; solution/ accepts no more.`)]
        : []),
      note('laws-copied', copied(rubric)),
    ];
  },
};

function sizesText(given: Rubric['given']): string {
  return Object.entries(given)
    .map(([name, value]) => `${name} is ${givenText(value)}`)
    .join(' and ');
}

interface Size {
  readonly given: Rubric['given'];
  readonly solution: Pick<KeyContent, 'expected'>;
}

/** The given values of rubric.yaml with other numbers, as far as solution/ accepts them. */
function otherSizes({ root, rubric }: Course): Size[] {
  const names = Object.entries(rubric.given).filter(([, value]) => typeof value === 'number');
  const found: Size[] = [];
  for (let step = 1; step <= 5 * wantedLaws && found.length < wantedLaws && names.length > 0; step++) {
    const changed = names.map(([name, value], index) => [name, Number(value) + step * (index + 1)]);
    const given = { ...rubric.given, ...Object.fromEntries(changed) };
    try {
      found.push({ given, solution: loadSolution(root, { ...rubric, given }, false) });
    } catch (error) {
      if (!(error instanceof GraderError)) throw error;
    }
  }
  return found;
}

/** The number of cells of a student who knows one row, and only copies across laws. */
function copied(rubric: Rubric): string {
  const equalities = rubric.laws.flatMap(({ equations }) => equations).filter(isEquality);
  const reach = rowsOf(rubric).map((row) => {
    const known = new Set(row.cells.map(({ id }) => JSON.stringify({ row: row.id, column: id })));
    for (let before = -1; before < known.size; ) {
      before = known.size;
      for (const { cells } of equalities) {
        const names = cells.map((cell) => JSON.stringify(cell));
        if (names.some((name) => known.has(name))) for (const name of names) known.add(name);
      }
    }
    return { label: row.label, count: known.size };
  });
  const most = reach.reduce((best, one) => (one.count > best.count ? one : best));
  const all = cellsOf({ rows: rowsOf(rubric) }).length;
  return `A student with only ${most.label} right who copies across the laws gets ${most.count} of ${all} cells.`;
}

function isEquality({ left, right }: Equation): boolean {
  return left.kind === 'cell' && right.kind === 'cell';
}

import { type AgainCell, againCells, answersIn, matches, type OtherSizes, otherSizes } from '../../again';
import type { Course } from '../../course';
import { groupBy } from '../../key/group-by';
import { titleOf } from '../../key/hints';
import type { KeyContent } from '../../key/plain';
import { kindOf } from '../../kinds/registry';
import { type Rubric, rowName, rowsAgain, rowsOf } from '../../rubric/rubric';
import { isComparable } from './example';
import { type Check, type Finding, failed, note } from './finding';

/** Checks that a table at other sizes makes students think again. */
export const againCheck: Check = {
  claim: 'The second table has answers that occur nowhere else, and tells every idea in its rows apart',
  find(course) {
    const { rubric, solution } = course;
    if (!rubric.again || !solution.again) return [];
    return [...chosen(course), ...unfair(course, otherSizes(course))];
  },
};

/** @param others sizes whose right answers must not occur again. */
export function unfair(course: Course, others: readonly OtherSizes[]): Finding[] {
  const { rubric, solution } = course;
  const cells = againCells(course, others);
  const counted = cells.filter(({ counts }) => counts);
  return [
    ...(counted.length > 0
      ? uncounted(cells)
      : [
          failed(
            'again-counts-nothing',
            'again in rubric.yaml: no cell of it has an answer that depends on the sizes. Choose other rows.',
          ),
        ]),
    ...onceEach(counted.flatMap((cell) => repeated(cell, rubric, others))),
    ...(solution.again ? ideas(course, solution.again) : []),
  ];
}

/** Notes which rows the table asks for, if rubric.yaml names none. */
function chosen({ rubric, hasChosenRows }: Course): Finding[] {
  if (!hasChosenRows) return [];
  const labels = rowsAgain(rubric).map(({ label }) => label);
  return [
    note(
      'again-rows-chosen',
      `again asks for the fewest rows in which every known idea shows: ${labels.join(', ')}.`,
    ),
  ];
}

/** One finding for each value; a value may be right in several cells. */
function onceEach(found: readonly { readonly value: string; readonly finding: Finding }[]): Finding[] {
  return [...groupBy(found, ({ value }) => value).values()].flatMap(([first]) => first?.finding ?? []);
}

function uncounted(cells: readonly AgainCell[]): Finding[] {
  const left = cells.filter(({ counts }) => !counts).map(({ cell }) => cell.label);
  if (left.length === 0) return [];
  return [
    note(
      'again-uncounted',
      `again in rubric.yaml: at any sizes, the answer is the same or one of a few options at ${left.join(', ')}. It is asked again but not counted.`,
    ),
  ];
}

/** Finds a right answer that is also right in the worksheet, in its example or in a vote, in any cell. */
function repeated(
  { cell, right }: AgainCell,
  rubric: Rubric,
  others: readonly OtherSizes[],
): { readonly value: string; readonly finding: Finding }[] {
  for (const { name, solution } of others)
    for (const row of rowsOf(rubric))
      for (const other of row.cells) {
        const same = isComparable(cell, other)
          ? answersIn(solution, row.id, other).find((answer) => matches(cell, right, answer))
          : undefined;
        if (same === undefined) continue;
        const printed = kindOf(other).print(same);
        const finding = failed(
          'again-answer-elsewhere',
          `again in rubric.yaml: ${printed}, right at ${cell.label}, is right in ${name} too, at ${other.label}. Choose other sizes.`,
        );
        return [{ value: printed, finding }];
      }
  return [];
}

/** Finds ideas that cannot be told from the right answer, or from one another, at these sizes. */
function ideas({ rubric, solution }: Course, content: KeyContent): Finding[] {
  return rowsAgain(rubric).flatMap((row) => {
    const at = (part: KeyContent, name: string) =>
      part.misconceptions.filter((idea) => idea.row === name).map(({ id, values }) => ({ id, values }));
    const there = at(content, row.id);
    const here = at(solution, rowName(row));
    const lost = there.filter(({ values }) =>
      row.cells.every((cell) => {
        const value = values[cell.id];
        return value === undefined || matches(cell, answersIn(content, row.id, cell), value);
      }),
    );
    const ids = [...new Set(there.map(({ id }) => id))];
    const shared = (all: typeof there, one: string, other: string) => {
      const texts = (id: string) =>
        new Set(all.flatMap((idea) => (idea.id === id ? textOf(idea.values) : [])));
      const known = texts(other);
      return [...texts(one)].filter((text) => known.has(text)).length;
    };
    const merged = ids.flatMap((one, index) =>
      ids
        .slice(index + 1)
        .filter((other) => shared(there, one, other) > shared(here, one, other))
        .map(
          (other) =>
            `${titleOf(solution.misconceptions, one)} and ${titleOf(solution.misconceptions, other)}`,
        ),
    );
    return [
      ...(lost.length > 0
        ? [
            failed(
              'again-idea-right',
              `again in rubric.yaml: in the row ${row.label} these ideas give the right answer at its sizes: ${[...new Set(lost.map(({ id }) => titleOf(solution.misconceptions, id)))].join(', ')}. Choose other sizes.`,
            ),
          ]
        : []),
      ...(merged.length > 0
        ? [
            failed(
              'again-ideas-merged',
              `again in rubric.yaml: in the row ${row.label} these ideas give the same answer at its sizes, but differ in the worksheet: ${merged.join('; ')}. Choose other sizes.`,
            ),
          ]
        : []),
    ];
  });
}

function textOf(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}

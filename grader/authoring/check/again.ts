import { isDeepStrictEqual } from 'node:util';
import { voteSizes } from '../../class/pages/vote';
import type { Course } from '../../course';
import { groupBy } from '../../key/group-by';
import { rightAnswers, titleOf } from '../../key/hints';
import { expectedIn, type KeyContent } from '../../key/plain';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import {
  type Given,
  type RubricCell,
  type RubricTable,
  rowName,
  rowsOf,
  sizesText,
} from '../../rubric/rubric';
import { type Check, type Finding, failed } from './finding';

/** Sizes other than those of a table: those of the worksheet, or of the vote. */
interface OtherSizes {
  /** `the vote (apples 20)` */
  readonly name: string;
  readonly given: Given;
  readonly solution: KeyContent;
}

/** Checks that each table at other sizes makes students think again. */
export const againCheck: Check = {
  claim: 'The second table has answers that occur nowhere else, and tells every idea in its rows apart',
  find(course) {
    const sizes = voteSizes(course);
    const others = [
      { name: 'the worksheet', given: course.rubric.given, solution: course.solution },
      ...(sizes ? [{ ...sizes, name: `the vote (${sizesText(sizes.given)})` }] : []),
    ];
    return course.rubric.tables.flatMap((table) => unfair(course, table, others));
  },
};

/** @param others sizes whose right answers must not occur again. */
function unfair(course: Course, table: RubricTable, others: readonly OtherSizes[]): Finding[] {
  const content = course.atOtherSizes.get(table.export);
  if (!content) return [];
  const { given = {} } = course.file.tables.find((one) => one.export === table.export) ?? {};
  const areApart =
    others.length > 1 &&
    others.every((other) =>
      Object.entries(given).every(([name, value]) => !isDeepStrictEqual(other.given[name], value)),
    );
  const cells = table.rows.flatMap((row) =>
    row.cells.flatMap((cell) => {
      const right = answersIn(content, rowName(row), cell);
      // One of a few options may be right again, and so may an answer that is the same although nothing else is.
      const isFixed =
        areApart &&
        others.every(({ solution }) =>
          answersIn(solution, rowName(row), cell).some((answer) => matches(cell, right, answer)),
        );
      return kindOf(cell).options || isFixed ? [] : { cell, right };
    }),
  );
  const twice = cells.flatMap(({ cell, right }) => repeated(cell, right, course, others));
  return [
    ...(cells.length > 0
      ? []
      : [
          finding(
            table,
            'again-counts-nothing',
            'has no cell whose answer depends on the sizes. Choose other rows.',
          ),
        ]),
    // A value may be right in several cells.
    ...[...groupBy(twice, ({ value }) => value).values()].flatMap(([first]) =>
      first ? finding(table, 'again-answer-elsewhere', first.text) : [],
    ),
    ...ideas(course, table, content),
  ];
}

function finding({ export: name }: RubricTable, code: string, text: string): Finding {
  return failed(code, `rubric.yaml: the table ${name} ${text}`);
}

function answersIn(content: KeyContent, row: string, cell: RubricCell): Answer[] {
  const expected = expectedIn(content, row, cell.id);
  return expected ? rightAnswers(expected) : [];
}

/** Whether a value matches one of the right answers. */
function matches(cell: RubricCell, right: readonly Answer[], value: Answer): boolean {
  return right.some((answer) => kindOf(cell).matches(value, answer));
}

/** Finds a right answer that is also right in the worksheet or in the vote, in any cell that takes such values. */
function repeated(
  cell: RubricCell,
  right: readonly Answer[],
  { rubric }: Course,
  others: readonly OtherSizes[],
): { readonly value: string; readonly text: string }[] {
  for (const { name, solution } of others)
    for (const row of rowsOf(rubric))
      for (const other of row.cells) {
        if (kindOf(other).options || kindOf(other).unit !== kindOf(cell).unit) continue;
        const same = answersIn(solution, row.id, other).find((answer) => matches(cell, right, answer));
        if (same === undefined) continue;
        const value = kindOf(other).print(same);
        const text = `asks for ${value} at ${cell.label}, which is right in ${name} too, at ${other.label}. Choose other sizes.`;
        return [{ value, text }];
      }
  return [];
}

/** Finds ideas that cannot be told from the right answer, or from one another, at the sizes of a table. */
function ideas({ solution }: Course, table: RubricTable, content: KeyContent): Finding[] {
  return table.rows.flatMap((row) => {
    const at = (part: KeyContent, name: string) =>
      part.misconceptions.filter((idea) => idea.row === name).map(({ id, values }) => ({ id, values }));
    const there = at(content, rowName(row));
    const here = at(solution, rowName(row));
    const title = (id: string) => titleOf(solution.misconceptions, id);
    const lost = there.filter(({ values }) =>
      row.cells.every((cell) => {
        const value = values[cell.id];
        return value === undefined || matches(cell, answersIn(content, rowName(row), cell), value);
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
        .map((other) => `${title(one)} and ${title(other)}`),
    );
    const found = (code: string, text: string) => finding(table, code, `${text}. Choose other sizes.`);
    return [
      ...(lost.length > 0
        ? [
            found(
              'again-idea-right',
              `gives the right answer in the row ${row.label} for these ideas: ${[...new Set(lost.map(({ id }) => title(id)))].join(', ')}`,
            ),
          ]
        : []),
      ...(merged.length > 0
        ? [
            found(
              'again-ideas-merged',
              `gives the same answer in the row ${row.label} for ideas that differ in the worksheet: ${merged.join('; ')}`,
            ),
          ]
        : []),
    ];
  });
}

function textOf(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}

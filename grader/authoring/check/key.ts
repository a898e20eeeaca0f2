import { nearest } from '../../answers/diagnostics';
import type { Course } from '../../course';
import { transpose } from '../../grading/judge';
import type { GradedCell, Report } from '../../grading/report.schema';
import { score } from '../../grading/score';
import {
  type ExpectedCell,
  type ExpectedRow,
  knownRow,
  type Misconception,
  recognize,
  rightAnswers,
} from '../../key/hints';
import { transposed } from '../../key/key';
import { expectedIn, expectedRows } from '../../key/plain';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { gradedCells, misconceptionIn } from '../../render/status';
import { type RubricCell, rowsOf } from '../../rubric/rubric';
import { findFiles } from '../../submission/find';
import { readSubmission } from '../../submission/submission';
import { answersText } from '../generate/worksheet';
import { bug, type Check, type Finding, failed, note } from './finding';

/** A row with other values in some of its cells. */
export function changedRow(
  { id, cells }: ExpectedRow,
  values: Readonly<Record<string, Answer>>,
): ExpectedRow {
  return { id, cells: cells.map((cell) => ({ id: cell.id, value: values[cell.id] ?? cell.value })) };
}

/** Grades a worksheet of values as a student would write it, without a reflection. */
function grade({ rubric, key }: Course, rows: readonly ExpectedRow[]): Promise<Report> {
  const text = answersText(rubric, (row, cell) => {
    const value = rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === cell.id)?.value;
    return value === undefined ? 'null' : kindOf(cell).sourceText(value);
  });
  const content = new TextEncoder().encode(text);
  return score(rubric, readSubmission(findFiles([{ path: rubric.file, content }], rubric), rubric), key);
}

/** Grades the right table with other values in one row. */
export function gradeChanged(
  course: Course,
  row: string,
  values: Readonly<Record<string, Answer>>,
): Promise<Report> {
  const rows = expectedRows(course.solution).map((right) =>
    right.id === row ? changedRow(right, values) : right,
  );
  return grade(course, rows);
}

export const singleCellsCheck: Check = {
  claim: 'Any one wrong cell loses exactly its own points, and every right answer earns them',
  async find(course) {
    const expected = expectedRows(course.solution);
    const full = (await grade(course, expected)).points ?? 0;
    const found: Finding[] = [];
    for (const { id: row, cells } of rowsOf(course.rubric)) {
      for (const cell of cells) {
        const right = expectedIn({ expected }, row, cell.id);
        if (!right) continue;
        for (const answer of rightAnswers(right).flatMap((one) => kindOf(cell).rightAnswers(one))) {
          const { points } = await gradeChanged(course, row, { [cell.id]: answer });
          if (points !== full)
            found.push(
              bug('right-answer-refused', `${cell.label} does not take ${answer}, which is right there.`),
            );
        }
        for (const wrong of wrongAnswers(cell, right)) {
          const report = await gradeChanged(course, row, { [cell.id]: wrong });
          const lost = gradedCells(report).filter(({ outcome }) => outcome !== 'correct');
          const isItself = lost.length === 1 && lost[0]?.label === cell.label;
          if (isItself && report.points === full - cell.points) continue;
          const others = lost.map(({ label }) => label).join(', ') || 'no cell';
          found.push(
            bug(
              'wrong-cell-not-alone',
              `With only ${cell.label} changed to ${wrong}, what counts as wrong is: ${others}.`,
            ),
          );
        }
      }
    }
    return found;
  },
};

/** Wrong answers for a cell, of its kind. */
export function wrongAnswers(cell: RubricCell, right: ExpectedCell): Answer[] {
  const kind = kindOf(cell);
  const answers = rightAnswers(right);
  return kind
    .wrongAnswers(right.value)
    .filter((wrong) => !answers.some((answer) => kind.matches(wrong, answer)));
}

/**
 * Checks for texts and options that reveal an answer, options that are never right, and tolerances that are
 * too wide.
 */
export const kindsOfAnswersCheck: Check = {
  claim: 'Labels, questions and hints tell no text that is right, and every kind of answer can be judged',
  find({ rubric, solution }) {
    const found: Finding[] = tellingTexts({ rubric, solution });
    // A table that repeats another takes the same kinds of answers.
    for (const { columns, rows } of rubric.tables.filter(({ rows: [row] }) => row?.repeats === undefined)) {
      for (const column of columns) {
        const cells = rows.flatMap((row) =>
          row.cells
            .filter(({ id }) => id === column.id)
            .map((cell) => ({ cell, right: expectedIn(solution, row.id, cell.id) })),
        );
        const few = cells.flatMap(({ cell }) => {
          const { options } = kindOf(cell);
          const why = 'and a student who tries them all finds the right one';
          return options ? [`${cell.label}: it has ${options.length} options, ${why}`] : [];
        });
        if (rubric.selfCheck === 'scored' && few[0] !== undefined)
          found.push(
            note(
              'options-guessable',
              `${few[0]}${few.length > 1 ? ` (and ${few.length - 1} more cell${few.length > 2 ? 's' : ''} like it)` : ''}. No sealed key can protect that. If it matters, write self_check: form in rubric.yaml: then only you mark answers.`,
            ),
          );
        found.push(...neverRight(cells), ...wideTolerances(cells));
      }
    }
    return found;
  },
};

type CellWithRight = { readonly cell: RubricCell; readonly right: ExpectedCell | undefined };

/** Finds tolerances that accept the right answer of another row. */
function wideTolerances(cells: readonly CellWithRight[]): Finding[] {
  return cells.flatMap(({ cell, right }) => {
    if (!right || kindOf(cell).isExact) return [];
    const other = cells.find(
      (one) =>
        one.right !== undefined &&
        one.cell.kind === cell.kind &&
        one.right.value !== right.value &&
        kindOf(cell).matches(one.right.value, right.value),
    );
    return other
      ? [
          note(
            'tolerance-too-wide',
            `The tolerance of ${cell.label} also takes what is right for ${other.cell.label}. Write a smaller one if that is not meant.`,
          ),
        ]
      : [];
  });
}

/** Finds right answers in texts that students read. */
function tellingTexts({ rubric, solution }: Pick<Course, 'rubric' | 'solution'>): Finding[] {
  return rubric.tables.flatMap(({ label = '', columns, rows }) =>
    rows.flatMap((row) =>
      row.cells.flatMap((cell) => {
        const right = expectedIn(solution, row.id, cell.id);
        if (!right || typeof right.value !== 'string' || kindOf(cell).options) return [];
        const hintTexts = solution.misconceptions
          .filter((entry) => entry.row === row.id)
          .map(({ text }) => text);
        const read = [
          label,
          row.label,
          row.heading,
          cell.guidingQuestion,
          ...columns.map((column) => column.label),
        ];
        const texts = [...read, ...hintTexts].map((text = '') => words(text));
        const revealed = rightAnswers(right).find(
          (answer) =>
            /[\p{L}\p{N}]/u.test(String(answer)) &&
            texts.some((text) => text.includes(words(String(answer)))),
        );
        return revealed === undefined
          ? []
          : [
              failed(
                'answer-in-text',
                `${cell.label}: “${revealed}” is the right answer, but students can read it in a label, a question or a hint. Reword that.`,
              ),
            ];
      }),
    ),
  );
}

/** The words of a text, in lower case and with a space on either side of each. */
function words(text: string): string {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;
}

/** Finds options that several cells share, and that are right in none of them. */
function neverRight(cells: readonly CellWithRight[]): Finding[] {
  const choices = cells.filter(({ cell }) => kindOf(cell).options);
  const [first] = choices;
  const isShared = new Set(choices.map(({ cell }) => JSON.stringify(cell.settings))).size === 1;
  if (!first || !isShared) return [];
  const rights = new Set(choices.flatMap(({ right }) => (right ? rightAnswers(right) : [])));
  const never = (kindOf(first.cell).options ?? []).filter((option) => !rights.has(option));
  // With fewer cells than options, some options are never right, as intended.
  if (never.length === 0 || choices.length < never.length + rights.size) return [];
  const what = never.length === 1 ? `The option ${never[0]} is` : `The options ${never.join(', ')} are`;
  return [
    note(
      'option-never-right',
      `${what} right in none of the ${choices.length} cells that have them. Take out what is not meant.`,
    ),
  ];
}

export const hintsCheck: Check = {
  claim: 'Each known wrong answer gives its hint, and the right table none',
  async find(course) {
    const { expected, misconceptions, skipped } = course.solution;
    const found: Finding[] = gradedCells(await grade(course, expected))
      .filter(({ reason }) => reason)
      .map(({ label }) =>
        failed('right-table-hinted', `The right table gets a hint at ${label}. Correct solution/.`),
      );
    for (const entry of misconceptions) found.push(...(await misconception(course, entry)));
    const ids = rowsOf(course.rubric).map(({ id }) => id);
    for (const [what, rows] of skipped) {
      for (const row of rows) {
        const meant = row.includes('.') ? undefined : nearest(row, ids);
        const skippedText = `What ${what} in solution/ gives for ${row} is skipped: rubric.yaml has no such row or cell.`;
        found.push(
          meant === undefined
            ? note('skipped-row', skippedText)
            : failed('skipped-misspelled-row', `${skippedText} Write ${meant} if that is meant.`),
        );
      }
    }
    return [...found, ...(await wholeTables(course))];
  },
};

async function misconception(course: Course, entry: Misconception): Promise<Finding[]> {
  const { id, row, values: wrong } = entry;
  const right = course.solution.expected.find((expected) => expected.id === row);
  if (!right) return [];
  const valuesOf = ({ cells }: ExpectedRow) => Object.fromEntries(cells.map((cell) => [cell.id, cell.value]));
  const values = valuesOf(changedRow(right, wrong));
  const valueTexts = Object.entries(wrong).map(([column, value]) => `${column} ${value}`);
  const named = `${id} for ${row} (${valueTexts.join(', ')})`;
  if (isRight(values, right))
    return [note('misconception-right', `${named} is right at these sizes, so it gives no hint.`)];

  const others = course.solution.misconceptions.filter((other) => other.row === row);
  const isWhole = Object.keys(wrong).length === right.cells.length;
  const known = knownRow(right, cellsOfRow(course, row), others, []);
  // Values that a key treats as equal are equal here: a tolerance may make them so.
  const asKnown = (shape: Readonly<Record<string, Answer>>) =>
    Object.fromEntries(
      known.cells.flatMap((cell) => {
        const value = shape[cell.id];
        return value === undefined ? [] : [[cell.id, recognize(value, cell)]];
      }),
    );
  const causes = new Set(
    others.filter((other) => isSameValue(asKnown(other.values), asKnown(wrong))).map((other) => other.id),
  );
  if (!isWhole && causes.size > 1)
    return [
      note(
        'misconception-ambiguous',
        `${named} has more than one cause, and a number alone gives a hint only for one.`,
      ),
    ];
  const asWhole = others
    .filter((other) => isSameValue(asKnown(other.values), asKnown(values)))
    .map((other) => other.id);
  const expected = new Set(asWhole.length > 0 ? asWhole : causes);

  const { rows } = await gradeChanged(course, row, wrong);
  const hinted = rows.flatMap((graded) =>
    graded.cells.filter(misconceptionIn).map((cell): [string, GradedCell] => [graded.id, cell]),
  );
  const given = new Set(hinted.flatMap(([, cell]) => misconceptionIn(cell)?.split('+') ?? []));
  const isGiven =
    hinted.length > 0 && hinted.every(([where, { outcome }]) => where === row && outcome === 'wrong');
  if (isGiven && isSameValue([...given].sort(), [...expected].sort())) return [];
  return [
    failed(
      'misconception-not-hinted',
      `${named} should give the hint ${[...expected].join('+')}, but gives ${[...given].join(', ') || 'none'}. Correct solution/misconceptions.`,
    ),
  ];
}

/** Checks that a table of transposed rows is one mistake, if its rows have that misconception. */
async function wholeTables(course: Course): Promise<Finding[]> {
  const { rubric, solution } = course;
  const found: Finding[] = [];
  for (const { columns, rows, export: name, label } of rubric.tables) {
    const ids = rows.map(({ id }) => id);
    const isKnown = solution.misconceptions.some(({ id, row }) => id === transposed && ids.includes(row));
    if (!isKnown || columns.length !== 2) continue;
    const turned = solution.expected.map((row) => (ids.includes(row.id) ? transpose(row) : row));
    const report = await grade(course, turned);
    const hint = report.tables.find((table) => table.export === name)?.hint?.misconception;
    if (hint === transposed && !gradedCells(report).some(misconceptionIn)) continue;
    const which = rubric.tables.length > 1 ? `The table ${label ?? name}` : 'A table';
    found.push(
      failed(
        'transposed-table-not-whole',
        `${which} that is ${transposed} throughout should give one hint for the whole. Give every row whose columns differ a misconception ${transposed}.`,
      ),
    );
  }
  return found;
}

function isRight(values: Readonly<Record<string, Answer>>, { cells }: ExpectedRow): boolean {
  return cells.every((cell) => rightAnswers(cell).some((answer) => answer === values[cell.id]));
}

function cellsOfRow({ rubric }: Course, row: string): readonly RubricCell[] {
  return rowsOf(rubric).find(({ id }) => id === row)?.cells ?? [];
}

/** Whether two plain values are equal, regardless of the order of their names. */
function isSameValue(one: object, other: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort());
  return sorted(one) === sorted(other);
}

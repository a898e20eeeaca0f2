import type { Course } from '../../course';
import { type ExpectedRow, rightAnswers } from '../../key/hints';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { sentencesOf } from '../../message';
import { type RubricCell, rowsOf } from '../../rubric/rubric';
import { type Check, type Finding, failed, note } from './finding';
import { changedRow, gradeChanged } from './key';

/** Checks the length of reasons, and notes the share of wrong answers that get one. */
export const reasonsCheck: Check = {
  claim: 'A student reads one reason at a time, in at most two sentences',
  async find(course) {
    return [...tooLong(course), note('reasons-explained', shareText(await shareExplained(course)))];
  },
};

/** Finds texts with more sentences than fit beside the grader's own. */
function tooLong({ rubric, solution }: Course): Finding[] {
  const texts: readonly (readonly [what: string, text: string, most: number])[] = [
    ...solution.misconceptions.map(
      ({ id, row, text }) => [`the hint of misconception ${id} of row ${row}`, text, 2] as const,
    ),
    ...rubric.laws.map(({ law, because }) => [`because of the law ${law}`, because, 1] as const),
    ...rowsOf(rubric).flatMap(({ cells }) =>
      cells.map(({ label, guidingQuestion = '' }) => [`ask of ${label}`, guidingQuestion, 1] as const),
    ),
  ];
  return texts.flatMap(([what, text, most]) => {
    const count = sentencesOf(text).length;
    const allowed = most === 1 ? 'one sentence' : `at most ${most}`;
    return count > most
      ? failed('reason-too-long', `There are ${count} sentences in ${what}: “${text}” Write ${allowed}.`)
      : [];
  });
}

/** The number of plausible wrong rows, and of those that get a reason of their own. */
export interface Share {
  readonly all: number;
  readonly explained: number;
  /** Cells of the rows without a reason, and the number of these rows: the most first. */
  readonly without: readonly (readonly [label: string, count: number])[];
}

/**
 * Tries each row with every pair of numbers that are quantities or right somewhere, and with each option of a
 * choice. Takes what a student reads from a Report, and nothing of how it came about.
 */
export async function shareExplained(course: Course): Promise<Share> {
  const { rubric, solution, key } = course;
  const candidates = new Set<unknown>([
    ...solution.quantities.map(({ value }) => value),
    ...solution.expected.flatMap(({ cells }) => cells.flatMap(rightAnswers)),
  ]);
  let [all, explained] = [0, 0];
  const without = new Map<string, number>();
  for (const { id: row, cells } of rowsOf(rubric)) {
    const right = solution.expected.find((expected) => expected.id === row);
    if (!right) continue;
    for (const values of wrongRows(right, cells, candidates)) {
      all++;
      const judged = await key.judge(changedRow(right, values));
      const wrong = judged.filter(({ verdict }) => verdict === 'wrong');
      if (wrong.some(({ hint, quantity }) => hint ?? quantity) || (await isExplained(course, row, values))) {
        explained++;
        continue;
      }
      for (const { id } of wrong) {
        const label = cells.find((cell) => cell.id === id)?.label ?? id;
        without.set(label, (without.get(label) ?? 0) + 1);
      }
    }
  }
  return { all, explained, without: [...without].sort(([, many], [, few]) => few - many) };
}

/** Whether a law or a place explains a wrong row, beside others that are right. */
async function isExplained(
  course: Course,
  row: string,
  values: Readonly<Record<string, Answer>>,
): Promise<boolean> {
  const { rows } = await gradeChanged(course, row, values);
  return rows.find(({ id }) => id === row)?.cells.some(({ cause }) => cause !== undefined) ?? false;
}

/** The most variants tried of one row, spread evenly over all of them. */
const maxTried = 2000;

/** Rows that differ from the right one in one cell or in two. */
function* wrongRows(
  right: ExpectedRow,
  cells: readonly RubricCell[],
  candidates: ReadonlySet<unknown>,
): Generator<Readonly<Record<string, Answer>>> {
  const wrongIn = right.cells.map((expected) => {
    const cell = cells.find(({ id }) => id === expected.id);
    if (!cell) return [];
    const kind = kindOf(cell);
    const isRight = (value: Answer) => rightAnswers(expected).some((answer) => kind.matches(value, answer));
    const answers = [...candidates].flatMap((candidate) => kind.answerOf(candidate) ?? []);
    return [...new Set([...answers, ...(kind.options ?? [])])]
      .filter((value) => !isRight(value))
      .map((value) => ({ [expected.id]: value }));
  });
  // Nothing else, or a wrong answer in a later cell.
  const beside = (index: number) => [{}, ...wrongIn.slice(index + 1).flat()];
  const all = wrongIn.reduce((sum, own, index) => sum + own.length * beside(index).length, 0);
  const step = Math.ceil(all / maxTried);
  let count = 0;
  for (const [index, own] of wrongIn.entries()) {
    const others = beside(index);
    for (const one of own) for (const other of others) if (count++ % step === 0) yield { ...one, ...other };
  }
}

/** The percentage of wrong rows that should get a reason. */
export const wantedShare = 97;

const maxNamed = 3;

function shareText({ all, explained, without }: Share): string {
  if (all === 0) return 'There are no quantities, so we cannot tell which wrong answers get a reason.';
  // Rounded down, so that it does not promise too much.
  const percent = Math.floor((1000 * explained) / all) / 10;
  const worst = without.slice(0, maxNamed).map(([label, count]) => `${label} (${count})`);
  const shareText = `Of ${all} plausible wrong rows, ${percent} % get a reason of their own.`;
  const named = worst.length > 0 ? ` Most without one: ${worst.join(', ')}.` : '';
  return `${shareText}${named}${percent < wantedShare ? ' Add quantities, misconceptions or laws.' : ''}`;
}

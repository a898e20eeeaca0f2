import { statedNumbers } from '../../authoring/generate/template';
import type { Course } from '../../course';
import { rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/plain';
import { loadSolution, type Solution } from '../../key/solution';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { sha256 } from '../../platform';
import { shortLabelIn } from '../../render/status';
import { labelInRow, type RubricRow, rowName, rowsOf, sizesText } from '../../rubric/rubric';
import { type ClassStats, type Idea, ideaOfTheDay } from './statistics';

/** One of the answers that a class votes on. */
export interface PollOption {
  readonly text: string;
  readonly isRight: boolean;
  /** The explanation that is shown in the end. */
  readonly why: string;
}

/** One question for a vote, at other sizes than the worksheet's, so that nobody's answer is shown. */
export interface Poll {
  /** `Basket: down, across?` */
  readonly asked: string;
  /** What is stated at these sizes: the given values, and the numbers of the handout with their meanings. */
  readonly facts: readonly string[];
  /** Three to five, one of them right. */
  readonly options: readonly PollOption[];
}

/** The fewest and the most wrong options. */
const wrongCount = { least: 2, most: 4 };

/**
 * Makes a question about the idea of the day, at the sizes of `vote`. Each wrong option shows an idea that the class holds.
 *
 * @returns the reason if there is no question.
 */
export function pollOf(course: Course, stats: ClassStats): Poll | { readonly reason: string } {
  const { root, rubric, file } = course;
  const idea = ideaOfTheDay(stats);
  if (!idea?.example) return { reason: 'no idea is shared by many.' };
  if (!file.vote) return { reason: 'rubric.yaml states no other sizes under vote.' };
  const given = { ...rubric.given, ...file.vote };
  const solution = loadSolution(root, { ...rubric, given }, false);
  const rows = rowsOf(rubric);
  const own = rowName(idea.example.row);
  const all = rows
    .map((row) => ({ row, wrong: wrongOptions(row, solution, idea, stats.ideas) }))
    .filter(({ wrong }) => wrong.length > 0)
    // The row where most show it comes first.
    .sort((a, b) => Number(b.row.id === own) - Number(a.row.id === own));
  if (all.length === 0) return { reason: 'at the sizes of the vote, this idea gives no wrong answer.' };
  const asked = all.find(({ wrong }) => wrong.length >= wrongCount.least);
  if (!asked)
    return {
      reason: 'the ideas of this class give only one wrong answer at those sizes, and a vote needs two.',
    };
  const { row, wrong } = asked;
  const right = {
    text: optionText(row, solution, {}),
    isRight: true,
    why: solution.explanations[row.id] ?? '',
  };
  const seed = JSON.stringify([rubric.title, row.id, given]);
  const place = placeOf(seed, wrong.length + 1);
  const others = shuffled(wrong, seed);
  return {
    asked: `${shortLabelIn(rows, row)}: ${row.cells.map((cell) => labelInRow(cell, row)).join(', ')}?`,
    facts: [
      sizesText(given),
      ...statedNumbers(course, solution).map(
        ({ value, phrase }) => `${value.toLocaleString('en')}: ${phrase}`,
      ),
    ],
    options: [...others.slice(0, place), right, ...others.slice(place)],
  };
}

/** Returns the place of the right option: by chance over worksheets, rows and sizes, and always the same for one of each. */
export function placeOf(seed: string, count: number): number {
  return Number.parseInt(sha256(seed).slice(-8), 16) % count;
}

/** Returns wrong answers that show ideas which the class holds, that of the day first: of each idea one, or more if they are too few. */
function wrongOptions(
  row: RubricRow,
  solution: Solution,
  { id: wanted }: Idea,
  held: readonly Idea[],
): PollOption[] {
  const ids = [wanted, ...held.map(({ id }) => id)].flatMap(idsIn);
  const rightText = optionText(row, solution, {});
  const options = new Map<string, PollOption & { readonly id: string }>();
  for (const id of new Set(ids))
    for (const one of solution.misconceptions.filter((known) => known.row === row.id && known.id === id)) {
      const text = optionText(row, solution, one.values);
      if (text === rightText || isRight(row, solution, one.values) || options.has(text)) continue;
      options.set(text, { text, isRight: false, why: one.text, id });
    }
  const all = [...options.values()];
  if (!all.some(({ id }) => idsIn(wanted).includes(id))) return [];
  const isFirst = ({ id }: (typeof all)[number], at: number) => all.findIndex((one) => one.id === id) === at;
  const ofOneEach = all.filter(isFirst);
  const chosen = ofOneEach.length >= wrongCount.least ? ofOneEach : all.slice(0, wrongCount.least);
  return chosen.slice(0, wrongCount.most).map(({ id: _, ...option }) => option);
}

/** Returns the ideas of a cause that fits several equally well. */
function idsIn(id: string): string[] {
  return id.split('+');
}

/** `48 and 80`: the right answer, in the order of the question, with some values in place of its own. */
function optionText(row: RubricRow, solution: Solution, values: Readonly<Record<string, Answer>>): string {
  return row.cells
    .map((cell) => kindOf(cell).print(values[cell.id] ?? expectedIn(solution, row.id, cell.id)?.value ?? ''))
    .join(' and ');
}

function isRight({ id }: RubricRow, solution: Solution, values: Readonly<Record<string, Answer>>): boolean {
  return Object.entries(values).every(([column, value]) => {
    const expected = expectedIn(solution, id, column);
    return expected !== undefined && rightAnswers(expected).includes(value);
  });
}

/** Sorts texts in an order that reveals nothing about them, and is the same each time. */
export function shuffled<Item extends { readonly text: string }>(items: readonly Item[], seed = ''): Item[] {
  return items
    .map((item) => [sha256(seed + item.text), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

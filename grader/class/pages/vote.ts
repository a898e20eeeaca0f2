import { statedNumbers } from '../../authoring/generate/template';
import type { Course } from '../../course';
import { GraderError } from '../../error';
import { rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/plain';
import { loadSolution, type Solution } from '../../key/solution';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { sha256 } from '../../platform';
import { givenText, labelInRow, type RubricRow, rowsOf } from '../../rubric/rubric';
import type { MisconceptionStats } from './idea-stats';
import type { ClassStats } from './statistics';
import { mostFrequent } from './worksheet-stats';

/** An idea that is worth time in class, and the row where most students gave the same answer because of it. */
export interface Idea {
  readonly id: string;
  readonly title: string;
  readonly stats: MisconceptionStats;
  readonly row: RubricRow;
}

/**
 * Returns ideas that students hold in the end, the one most worth time in class first: by how many hold it, and by
 * how much of the worksheet it is about.
 */
export function openIdeas(stats: ClassStats): Idea[] {
  const rows = rowsOf(stats.rubric);
  const weight = ({ still, rows: about }: MisconceptionStats) => still * (1 + about.size / rows.length);
  return [...stats.ideas.misconceptions]
    .filter(([, { still }]) => still > 0)
    .sort(([a, one], [b, other]) => weight(other) - weight(one) || (a < b ? -1 : 1))
    .flatMap(([id, known]) => {
      const alike = (row: string) => mostFrequent(known.written.get(row) ?? new Map())?.[1] ?? 0;
      const [most] = [...known.held].sort(([a, many], [b, few]) => alike(b) - alike(a) || few - many);
      const row = rows.find((candidate) => candidate.id === most?.[0]);
      return row ? { id, title: stats.ideas.titleOf(id), stats: known, row } : [];
    });
}

/** One of the answers that a class votes on. */
export interface PollOption {
  readonly text: string;
  readonly isRight: boolean;
  /** The explanation that is shown in the end. */
  readonly why: string;
  /** Where the option comes from: `class` if students had the idea. The page does not show it. */
  readonly source: 'right' | 'class' | 'filler';
}

/** One question for a vote, at other sizes than the worksheet's, so that nobody's answer is shown. */
export interface PollQuestion {
  /** `Basket: which down and across?` */
  readonly asked: string;
  /** The stated sizes, such as `apples: 12`. */
  readonly given: readonly string[];
  /** Numbers that the handout states at these sizes, with their meanings. */
  readonly stated: readonly { readonly value: number; readonly phrase: string }[];
  readonly options: readonly PollOption[];
  readonly explanation: string | undefined;
}

/** A question about an idea. */
export interface Poll extends PollQuestion {
  readonly idea: Idea;
}

/** The fewest students who must hold an idea: an idea of one student would identify that student. */
export const minHolders = 2;

/**
 * Makes a question about the first idea that can be asked.
 *
 * @returns the reason if there is no question.
 */
export function pollOf(course: Course, stats: ClassStats): Poll | { readonly reason: string } {
  const ideas = openIdeas(stats).filter(({ stats: { still } }) => still >= minHolders);
  if (ideas.length === 0)
    return { reason: 'No known idea is shared by two or more students in their final answers.' };
  const sizes = voteSizes(course);
  if (!sizes) return { reason: 'There are no other sizes to ask at. Add some under vote in rubric.yaml.' };
  const holders = new Map<string, number>();
  for (const [id, { students }] of stats.ideas.misconceptions)
    for (const one of ideaIds(id)) holders.set(one, (holders.get(one) ?? 0) + students);
  for (const idea of ideas) {
    const options = optionsFor(idea.row, sizes, holders, ideaIds(idea.id));
    if (options) return { ...ask(course, idea.row, sizes, options), idea };
  }
  return { reason: 'At the other sizes, the students’ ideas give the right answer.' };
}

/** Returns the ideas of a cause that fits several equally well. */
function ideaIds(id: string): string[] {
  return id.split('+');
}

export interface Sizes {
  readonly given: Course['rubric']['given'];
  readonly solution: Solution;
}

/**
 * Returns the sizes for the vote: those that `rubric.yaml` names, or else the first larger ones that solution/ accepts,
 * if the worksheet states no names.
 */
export function voteSizes({
  root,
  rubric,
  file,
}: Pick<Course, 'root' | 'rubric' | 'file'>): Sizes | undefined {
  const sizesOf = (sizes: Course['rubric']['given']): Sizes => {
    const given = { ...rubric.given, ...sizes };
    return { given, solution: loadSolution(root, { ...rubric, given }, false) };
  };
  if (file.vote) return sizesOf(file.vote);
  const numbers = Object.entries(rubric.given).filter(([, value]) => typeof value === 'number');
  const hasNames = numbers.length < Object.keys(rubric.given).length;
  for (const factor of hasNames || numbers.length === 0 ? [] : [2, 3, 4, 1.5]) {
    try {
      return sizesOf(
        Object.fromEntries(numbers.map(([name, value]) => [name, Math.ceil(Number(value) * factor)])),
      );
    } catch (error) {
      // Another may fit.
      if (!(error instanceof GraderError)) throw error;
    }
  }
  return undefined;
}

/** How many wrong options to try beside the right one, in this order. */
const wrongCounts = [4, 3, 2];
/** The most known wrong answers of one row that are considered. */
const maxCandidates = 12;

interface Candidate extends PollOption {
  readonly ids: readonly string[];
  readonly values: readonly Answer[];
}

/**
 * Returns the answers to choose from, in an order that reveals nothing: the right one, and wrong ones that each
 * show a different idea, preferring ideas that more of the class had. Each part of the right answer is in a wrong
 * one too, so that it cannot be recognized by its parts.
 *
 * @param holders how many students had each idea.
 * @param wanted at least one of these ideas must be among the options.
 * @returns undefined if no set of known wrong answers allows that.
 */
export function optionsFor(
  row: RubricRow,
  { solution }: Sizes,
  holders: ReadonlyMap<string, number>,
  wanted: readonly string[],
): PollOption[] | undefined {
  const expected = new Map(
    row.cells.map((cell) => [cell.id, expectedIn(solution, row.id, cell.id)] as const),
  );
  const valuesOf = (values: Readonly<Record<string, Answer>>) =>
    row.cells.flatMap((cell) => values[cell.id] ?? expected.get(cell.id)?.value ?? []);
  const isRight = (values: Readonly<Record<string, Answer>>) =>
    Object.entries(values).every(([column, value]) => {
      const right = expected.get(column);
      return right !== undefined && rightAnswers(right).includes(value);
    });
  const textOf = (values: readonly Answer[]) =>
    row.cells
      .map((cell, index) => `${labelInRow(cell, row)} ${kindOf(cell).print(values[index] ?? '')}`)
      .join(', ');
  const right = valuesOf({});
  if (right.length < row.cells.length) return undefined;
  const rightText = textOf(right);
  const byText = new Map<string, Candidate>();
  for (const { id, row: about, values, text } of solution.misconceptions) {
    if (about !== row.id || isRight(values)) continue;
    const all = valuesOf(values);
    const optionText = textOf(all);
    const known = byText.get(optionText);
    if (optionText === rightText) continue;
    const ids = [...(known?.ids ?? []), id];
    const held = ids.some((one) => (holders.get(one) ?? 0) >= minHolders);
    byText.set(optionText, {
      text: optionText,
      isRight: false,
      why: known?.why ?? text,
      source: held ? 'class' : 'filler',
      ids,
      values: all,
    });
  }
  const most = ({ ids }: Candidate) => Math.max(...ids.map((id) => holders.get(id) ?? 0));
  const candidates = [...byText.values()]
    .sort((one, other) => most(other) - most(one))
    .slice(0, maxCandidates);
  for (const count of wrongCounts) {
    const chosen = combinations(candidates, count).find(
      (wrong) =>
        wrong.some(({ ids }) => ids.some((id) => wanted.includes(id))) &&
        areOfOneIdeaEach(wrong) &&
        right.every((value) => wrong.some(({ values }) => values.includes(value))),
    );
    if (chosen)
      return shuffled([
        { text: rightText, isRight: true, why: solution.explanations[row.id] ?? '', source: 'right' },
        ...chosen.map(({ ids: _ids, values: _values, ...option }) => option),
      ]);
  }
  return undefined;
}

function areOfOneIdeaEach(options: readonly Candidate[]): boolean {
  const all = options.flatMap(({ ids }) => ids);
  return new Set(all).size === all.length;
}

/** Returns every choice of `count` items, starting with those that have the first items. */
function combinations<Item>(items: readonly Item[], count: number): Item[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) =>
    combinations(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]),
  );
}

function ask(
  course: Course,
  row: RubricRow,
  { given, solution }: Sizes,
  options: readonly PollOption[],
): PollQuestion {
  return {
    asked: `${row.label}: which ${inWords.format(row.cells.map((cell) => labelInRow(cell, row)))}?`,
    given: Object.entries(given).map(([name, value]) => `${name}: ${givenText(value)}`),
    stated: statedNumbers(course, solution),
    options,
    explanation: solution.explanations[row.id],
  };
}

/** Sorts texts in an order that does not reveal whose they are or which is right, and is the same each time. */
export function shuffled<Item extends { readonly text: string }>(items: readonly Item[]): Item[] {
  return items
    .map((item) => [sha256(item.text), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

/** `rows and columns` */
export const inWords = new Intl.ListFormat('en');

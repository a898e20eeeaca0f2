import { GraderError } from '../../../error';
import { rightAnswers } from '../../../key/hints';
import { expectedIn } from '../../../key/plain';
import { loadSolution, type Solution } from '../../../key/solution';
import type { Answer } from '../../../kinds/kind';
import { kindOf } from '../../../kinds/registry';
import { labelInRow, type RubricRow, rowsOf } from '../../../rubric/rubric';
import { statedNumbers } from '../../authoring/generate/template';
import type { Course } from '../../course';
import { shuffled } from './figures';
import type { MisconceptionStats } from './idea-stats';
import type { ClassStats } from './statistics';

/** An idea that is worth time in class, and the row in which most hold it. */
export interface Idea {
  readonly id: string;
  readonly title: string;
  readonly stats: MisconceptionStats;
  readonly row: RubricRow;
}

/**
 * Ideas that students hold in the end, the one most worth time in class first: by how many hold it, and
 * by how much of the worksheet it is about.
 */
export function openIdeas(stats: ClassStats): Idea[] {
  const rows = rowsOf(stats.rubric);
  const weight = ({ still, rows: about }: MisconceptionStats) => still * (1 + about.size / rows.length);
  return [...stats.ideas.misconceptions]
    .filter(([, { still }]) => still > 0)
    .sort(([a, one], [b, other]) => weight(other) - weight(one) || (a < b ? -1 : 1))
    .flatMap(([id, known]) => {
      const [most] = [...known.held].sort(([, many], [, few]) => few - many);
      const row = rows.find((candidate) => candidate.id === most?.[0]);
      return row ? { id, title: stats.ideas.titleOf(id), stats: known, row } : [];
    });
}

/** One of the answers that a class votes on. */
export interface PollOption {
  readonly text: string;
  readonly isRight: boolean;
  /** What is said of it in the end. */
  readonly why: string;
}

/** One question for a vote, at other sizes than those of the worksheet: nobody's answer stands there. */
export interface Poll {
  readonly idea: Idea;
  /** `Basket: which down and across?` */
  readonly asked: string;
  /** What is stated, as `apples: 12`. */
  readonly given: readonly string[];
  /** Numbers that the handout states at these sizes, and what they are. */
  readonly stated: readonly { readonly value: number; readonly phrase: string }[];
  readonly options: readonly PollOption[];
  readonly explanation: string | undefined;
}

/** Of fewer, somebody may know whose answer it is. */
const minCount = 5;

/**
 * A question on the first idea that can be asked.
 *
 * @returns why there is none, where that is so.
 */
export function pollOf(course: Course, stats: ClassStats): Poll | { readonly reason: string } {
  const ideas = openIdeas(stats).filter((idea) => idea.stats.still >= minCount);
  if (ideas.length === 0)
    return { reason: `No known misconception is left that ${minCount} students or more hold.` };
  const sizes = otherSizes(course);
  if (!sizes)
    return {
      reason:
        'solution/ takes no other sizes, at which nobody’s answer would be shown. State some under example in rubric.yaml.',
    };
  const held = new Set(ideas.map(({ id }) => id));
  for (const idea of ideas) {
    const poll = ask(course, idea, held, sizes);
    if (poll) return poll;
  }
  return { reason: 'At other sizes, what students hold cannot be told from what is right.' };
}

interface Sizes {
  readonly given: Course['rubric']['given'];
  readonly solution: Solution;
}

/** What `rubric.yaml` has as an example, or else the first larger numbers that solution/ takes. */
function otherSizes({ root, rubric }: Course): Sizes | undefined {
  const numbers = Object.entries(rubric.given).filter(([, value]) => typeof value === 'number');
  const larger = [2, 3, 4, 1.5].map((factor) => ({
    ...rubric.given,
    ...Object.fromEntries(numbers.map(([name, value]) => [name, Math.ceil(Number(value) * factor)])),
  }));
  for (const given of rubric.example ? [rubric.example] : numbers.length > 0 ? larger : []) {
    try {
      return { given, solution: loadSolution(root, { ...rubric, given }, false) };
    } catch (error) {
      if (!(error instanceof GraderError)) throw error;
    }
  }
  return undefined;
}

function ask(
  course: Course,
  idea: Idea,
  held: ReadonlySet<string>,
  { given, solution }: Sizes,
): Poll | undefined {
  const { row } = idea;
  const right = new Map(row.cells.map((cell) => [cell.id, expectedIn(solution, row.id, cell.id)] as const));
  const textOf = (values: Readonly<Record<string, Answer>>) =>
    row.cells
      .map((cell) => {
        const value = values[cell.id] ?? right.get(cell.id)?.value;
        return `${labelInRow(cell, row)} ${value === undefined ? '' : kindOf(cell).print(value)}`;
      })
      .join(', ');
  const isRight = (values: Readonly<Record<string, Answer>>) =>
    Object.entries(values).every(([column, value]) => {
      const expected = right.get(column);
      return expected !== undefined && rightAnswers(expected).includes(value);
    });
  const options = new Map<string, PollOption>();
  const wrong: Answer[] = [];
  const rightText = textOf({});
  const ids = (joined: string) => joined.split('+');
  const wanted = new Set([...held].flatMap(ids));
  for (const { id, row: about, values, text } of solution.misconceptions) {
    if (about !== row.id || !wanted.has(id) || isRight(values)) continue;
    const optionText = textOf(values);
    wrong.push(...Object.values(values));
    if (optionText !== rightText && !options.has(optionText))
      options.set(optionText, { text: optionText, isRight: false, why: text });
  }
  const asksIdea = solution.misconceptions.some(
    ({ id, row: about, values }) =>
      about === row.id && ids(idea.id).includes(id) && options.has(textOf(values)),
  );
  if (!asksIdea) return undefined;
  const explanation = solution.explanations[row.id];
  const isGivenAway = (value: number) =>
    [...right.values()].some((cell) => cell && rightAnswers(cell).includes(value)) &&
    !wrong.includes(value) &&
    !Object.values(given).includes(value);
  const all = [
    ...[...options.values()].slice(0, maxWrong),
    { text: rightText, isRight: true, why: explanation ?? '' },
  ];
  return {
    idea,
    asked: `${row.label}: which ${inWords.format(row.cells.map((cell) => labelInRow(cell, row)))}?`,
    given: Object.entries(given).map(([name, value]) => `${name}: ${value}`),
    // What is right is not to be read off: it follows from the rest.
    stated: statedNumbers(course, solution).filter(({ value }) => !isGivenAway(value)),
    options: shuffled(all),
    explanation,
  };
}

const maxWrong = 5;

/** `rows and columns` */
export const inWords = new Intl.ListFormat('en');

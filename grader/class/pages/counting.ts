// Evaluates the numbers that an instructor types for a vote. The script of the vote page uses this module too.

/** How the numbers of a vote were obtained. */
export const countedAs = ['counted', 'percent', 'counted in one part of the room'] as const;

/** The votes that can be counted, in order. */
export const votes = ['first', 'last', 'third'] as const;
export type VoteName = (typeof votes)[number];

/** One counted vote; an option left blank has 0 votes. */
export interface CountedVote {
  readonly vote: VoteName;
  /** One of `countedAs`. */
  readonly how: string;
  readonly numbers: readonly number[];
}

/** The data about a question that the page passes to its script. */
export interface CountedQuestion {
  /** Index of the right option. */
  readonly right: number;
  /** The start of each option's row in the saved table: question, sizes, letter, text and whether it is right. */
  readonly rows: readonly string[];
}

/** Columns of the saved table. */
export const countColumns = [
  'question',
  'sizes',
  'option',
  'text',
  'right',
  'vote',
  'how',
  'number',
  'percent',
];

/** The rows of a vote in the saved table. The values appended to each row start need no quotes. */
export function countRows({ rows }: CountedQuestion, counted: CountedVote): string[] {
  const { vote, how, numbers } = counted;
  return rows.map((start, index) => {
    const number = how === 'percent' ? '' : (numbers[index] ?? 0);
    const percent = how === 'percent' ? (numbers[index] ?? 0) : Math.round(100 * shareOf(counted, index));
    return [start, vote, how, number, percent].join(',');
  });
}

/** Parses `12`, `40 %` or `12,5`; returns undefined for anything else, such as a comma before three digits. */
export function numberTyped(typed: string): number | undefined {
  const match = /^\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*%?\s*$/.exec(typed);
  return match?.[1] === undefined ? undefined : Number(match[1].replace(',', '.'));
}

/** An option's share of all votes, from 0 to 1; percentages are shares of 100. */
export function shareOf({ how, numbers }: Pick<CountedVote, 'how' | 'numbers'>, index: number): number {
  const all = how === 'percent' ? 100 : numbers.reduce((sum, number) => sum + number, 0);
  return all === 0 ? 0 : Math.min(1, (numbers[index] ?? 0) / all);
}

/** The total as text, and whether it is possible: percentages may add up to a little more than 100. */
export function totalOf({ how, numbers }: CountedVote): {
  readonly text: string;
  readonly isPossible: boolean;
} {
  const sum = Number(numbers.reduce((before, number) => before + number, 0).toFixed(2));
  if (sum === 0) return { text: 'Type a number for each option.', isPossible: false };
  if (how !== 'percent') return { text: `${sum} vote${sum === 1 ? '' : 's'}.`, isPossible: true };
  const isPossible = sum <= 102;
  return { text: `${sum} % in all${isPossible ? '.' : ', which cannot be.'}`, isPossible };
}

export const ways = ['Discuss', 'Explain', 'Explain first, then vote again'] as const;

/**
 * Advises on the step after the first vote: discussion with a neighbor helps most when some are right and many are not.
 * The limits are a rule of thumb, after Crouch and Mazur (2001), https://doi.org/10.1119/1.1374249.
 *
 * @param right the share of right votes, from 0 to 1.
 */
export function wayAfter(right: number): (typeof ways)[number] {
  if (right > 0.7) return 'Explain';
  return right < 1 / 3 ? 'Explain first, then vote again' : 'Discuss';
}

/** Formats a count as `12 (44 %)`, or as `44 %` if percentages were typed. */
export function countText(counted: CountedVote, index: number): string {
  const { how, numbers } = counted;
  const share = `${Math.round(100 * shareOf(counted, index))}\u00a0%`;
  return how === 'percent' ? share : `${numbers[index] ?? 0} (${share})`;
}

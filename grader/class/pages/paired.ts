// Compares two answers of the same students, before and after: how many were right, and how sure a change is.

/** Numbers of students, by whether they were right before and after. */
export interface PairedCounts {
  readonly rightRight: number;
  readonly wrongRight: number;
  readonly rightWrong: number;
  readonly wrongWrong: number;
}

/** A share that changed, in fractions of 1: positive where more are right after. */
export interface Change {
  readonly change: number;
  /** The 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** With fewer students, only counts are shown. */
export const minPaired = 10;

export function studentsIn({ rightRight, wrongRight, rightWrong, wrongWrong }: PairedCounts): number {
  return rightRight + wrongRight + rightWrong + wrongWrong;
}

/** How many were wrong before; of an idea, how many had it. */
export function wrongBefore({ wrongRight, wrongWrong }: PairedCounts): number {
  return wrongRight + wrongWrong;
}

/** How often an idea was shown, before and after together. */
export function timesShown({ wrongRight, rightWrong, wrongWrong }: PairedCounts): number {
  return wrongRight + rightWrong + 2 * wrongWrong;
}

/** The count that a student belongs to. */
export function pairOf(isRightBefore: boolean, isRightAfter: boolean): keyof PairedCounts {
  if (isRightBefore) return isRightAfter ? 'rightRight' : 'rightWrong';
  return isRightAfter ? 'wrongRight' : 'wrongWrong';
}

export function addPaired(one: PairedCounts, other: PairedCounts): PairedCounts {
  return {
    rightRight: one.rightRight + other.rightRight,
    wrongRight: one.wrongRight + other.wrongRight,
    rightWrong: one.rightWrong + other.rightWrong,
    wrongWrong: one.wrongWrong + other.wrongWrong,
  };
}

/** The 0.975 quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * The difference between two paired shares with its 95 % interval: method 10 of R. G. Newcombe, Improved confidence
 * intervals for the difference between binomial proportions based on paired data, Statistics in Medicine 17 (1998),
 * 2635-2650. It joins the score intervals of the two shares, with a correction for continuity of their correlation.
 */
export function changeOf(counts: PairedCounts): Change {
  const { rightRight, wrongRight, rightWrong } = counts;
  const all = studentsIn(counts);
  const before = scoreInterval(rightRight + rightWrong, all);
  const after = scoreInterval(rightRight + wrongRight, all);
  const phi = correlation(counts);
  const change = after.share - before.share;
  const lower = distance(after.share - after.low, before.high - before.share, phi);
  const upper = distance(after.high - after.share, before.share - before.low, phi);
  return { change, low: change - lower, high: change + upper };

  function correlation({ rightRight: a, rightWrong: b, wrongRight: c, wrongWrong: d }: PairedCounts): number {
    const product = (a + b) * (c + d) * (a + c) * (b + d);
    if (product === 0) return 0;
    const agreement = a * d - b * c;
    const corrected = agreement > 0 ? Math.max(agreement - all / 2, 0) : agreement;
    return corrected / Math.sqrt(product);
  }
}

function distance(one: number, other: number, phi: number): number {
  return Math.sqrt(Math.max(0, one ** 2 - 2 * phi * one * other + other ** 2));
}

/** Wilson's interval of one share. */
function scoreInterval(count: number, all: number): { share: number; low: number; high: number } {
  const share = count / all;
  const middle = 2 * count + z ** 2;
  const half = z * Math.sqrt(z ** 2 + 4 * count * (1 - share));
  const scale = 2 * (all + z ** 2);
  return { share, low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}

/** The kind of thing that is compared: a row that is right or wrong, or an idea that shows or does not. */
export type PairedKind = 'row' | 'idea';

/**
 * Returns `Right at first: 12. Right at other sizes: 24. 14 became right, 2 became wrong. Change: +39 percentage
 * points, between +15 and +57.`, without the change if too few did both.
 */
export function pairedText(
  counts: PairedCounts,
  before: string,
  after: string,
  kind: PairedKind = 'row',
): string {
  const { rightRight, wrongRight, rightWrong } = counts;
  const right = kind === 'row' ? 'Right' : 'Not shown';
  const became =
    kind === 'row'
      ? `${wrongRight} became right, ${rightWrong} became wrong.`
      : `${wrongRight} no longer show it, ${rightWrong} show it now.`;
  const text = `${right} ${before}: ${rightRight + rightWrong}. ${right} ${after}: ${rightRight + wrongRight}. ${became}`;
  if (studentsIn(counts) < minPaired)
    return `${text} Fewer than ${minPaired} students are too few to judge a change.`;
  const { change, low, high } = changeOf(counts);
  return `${text} Change: ${points(change)} percentage points, between ${points(low)} and ${points(high)}.`;
}

/** Returns `+39 (+15 to +57)`, in percentage points; undefined if too few did both. */
export function changeText(counts: PairedCounts): string | undefined {
  if (studentsIn(counts) < minPaired) return undefined;
  const { change, low, high } = changeOf(counts);
  return `${points(change)} (${points(low)} to ${points(high)})`;
}

function points(share: number): string {
  const rounded = Math.round(100 * Math.abs(share));
  return rounded === 0 ? '0' : `${share > 0 ? '+' : '−'}${rounded}`;
}

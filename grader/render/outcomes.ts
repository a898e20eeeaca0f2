import type { Outcome } from '../grading/report.schema';

/** How an outcome is shown: a sign for those who see no colors, a word, and its color in a terminal. */
export const outcomes: Readonly<
  Record<Outcome, { readonly sign: string; readonly word: string; readonly color?: 'good' | 'bad' }>
> = {
  correct: { sign: '✓', word: 'correct', color: 'good' },
  wrong: { sign: '✗', word: 'wrong', color: 'bad' },
  ungraded: { sign: '·', word: 'filled in' },
  blank: { sign: '○', word: 'blank', color: 'bad' },
  invalid: { sign: '!', word: 'not read', color: 'bad' },
};

import type { Outcome } from '../grading/report.schema';

/** How an outcome is shown: a sign for those who see no colors, and a word. */
export const outcomes: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  correct: { sign: '✓', word: 'correct' },
  wrong: { sign: '✗', word: 'wrong' },
  ungraded: { sign: '·', word: 'filled in' },
  blank: { sign: '○', word: 'blank' },
  invalid: { sign: '!', word: 'not read' },
};

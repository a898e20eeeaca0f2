import type { Report } from '../../../grading/report.schema';
import type { Untrusted } from '../../../message';
import { gradedCells, valueText } from '../../../render/status';
import { type Rubric, rowsOf } from '../../../rubric/rubric';

/**
 * The cells that a dispute may be about: of those that are not right, the ones whose row or answer it
 * names, or all where it names none.
 *
 * @returns labels, with what was typed in each.
 */
export function disputedCells(text: Untrusted, report: Report, rubric: Rubric): string[] {
  const said = wordsOf(text);
  const missed = gradedCells(report).filter(({ outcome }) => outcome === 'wrong' || outcome === 'invalid');
  const labels = new Map(rowsOf(rubric).flatMap((row) => row.cells.map((cell) => [cell.label, row.label])));
  const named = missed.filter((cell) => {
    const typed = valueText(cell) ?? cell.sourceText ?? '';
    const row = wordsOf(labels.get(cell.label) ?? '').filter((word) => word.length > 3);
    return said.includes(typed.toLowerCase()) || row.some((word) => said.includes(word));
  });
  return (named.length > 0 ? named : missed).map((cell) => {
    const typed = valueText(cell) ?? cell.sourceText;
    return typed === undefined ? cell.label : `${cell.label} (${typed})`;
  });
}

/** Words and numbers, in lower case. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+|\d[\d.]*\d|\d/gu) ?? [];
}

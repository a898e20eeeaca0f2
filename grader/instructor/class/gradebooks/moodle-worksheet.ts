import { type CsvCell, gradebookKey, own, untrusted } from '../../../render/escape/csv';
import { textLines } from '../../../render/escape/html';
import type { Entry, Gradebook, GradebookOptions } from './gradebook';
import { adjustmentsOf } from './grades';

/**
 * Moodle's offline grading worksheet, filled in: it takes grades and comments, and cannot name a user whom
 * Moodle does not know. Its headings stay as they were, in whichever language.
 */
export function moodleWorksheet({ worksheet }: GradebookOptions): Gradebook | undefined {
  if (!worksheet) return undefined;
  const { headings, rows, identifier, grade, comments } = worksheet;
  const before = ({ student }: Entry, index: number) => rows.get(student?.participant ?? '')?.[index] ?? '';
  const cellOf = (entry: Entry, index: number): CsvCell => {
    if (index === identifier) return gradebookKey(before(entry, index));
    // What has no points keeps the grade that it has there.
    if (index === grade) return entry.result.points ?? untrusted(before(entry, index));
    // What was written there before is not to be lost.
    if (index === comments) return untrusted(commentOf(entry) || before(entry, index));
    const text = before(entry, index);
    return text === '-' ? own(text) : untrusted(text);
  };
  return {
    file: 'moodle-worksheet.csv',
    knows: ({ student }) => rows.has(student?.participant ?? ''),
    columns: headings.map((heading, index) => [heading, (entry) => cellOf(entry, index)]),
  };
}

/** Moodle takes HTML there. */
function commentOf({ result, comment, feedback }: Entry): string {
  const short = [adjustmentsOf(result), comment ?? ''].filter((text) => text !== '').join('\n');
  return textLines((feedback ?? short).trim());
}

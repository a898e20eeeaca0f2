import { type CsvCell, gradebookKey, keptAbove, own, untrusted } from '../../../render/escape/csv';
import { textLines } from '../../../render/escape/html';
import { headlineOf } from '../feedback/headline';
import type { Gradebook, GradebookEntry, GradebookOptions } from './gradebook';

export const moodleWorksheetFile = 'moodle-worksheet.csv';

/**
 * Fills in Moodle's offline grading worksheet. It takes grades and comments, and cannot name a user whom Moodle does
 * not know. Its headings stay as they were, in any language.
 */
export function moodleWorksheet({ worksheet }: GradebookOptions): Gradebook | undefined {
  if (!worksheet) return undefined;
  const { headings, rows, identifier, grade, comments } = worksheet;
  const before = ({ student }: GradebookEntry, index: number) =>
    rows.get(student?.participant ?? '')?.[index] ?? '';
  const cellOf = (entry: GradebookEntry, index: number): CsvCell => {
    if (index === identifier) return gradebookKey(before(entry, index));
    // A student without points keeps the grade in the worksheet.
    if (index === grade) return entry.result.points ?? untrusted(before(entry, index));
    if (index === comments) return commentCell(before(entry, index), commentOf(entry));
    const text = before(entry, index);
    return text === '-' ? own(text) : untrusted(text);
  };
  return {
    file: moodleWorksheetFile,
    knows: ({ student }) => rows.has(student?.participant ?? ''),
    columns: headings.map((heading, index) => [heading, (entry) => cellOf(entry, index)]),
  };
}

/**
 * The lines around our part of a comment, by which the next run recognizes it. They are plain words, because Moodle's
 * editor drops HTML comments and rewrites tags.
 */
const begins = 'Automatic feedback, replaced whenever the work is graded again:';
const ends = 'End of the automatic feedback.';

/** From the first such line to the last, because a student may have typed one, with the line breaks before it. */
const earlier = new RegExp(String.raw`(?:\s*<br\s*/?>)*\s*${begins}.*${ends}`, 'isu');

/** Keeps the teacher's text on either side of our part of the comment, and puts our part below it. */
function commentCell(before: string, ours: string): CsvCell {
  if (ours === '') return gradebookKey(before);
  const kept = before.replace(earlier, '');
  return keptAbove(kept, `${kept === '' ? '' : '<br>'}${begins}<br>${ours}<br>${ends}`);
}

/** The comment as HTML, which Moodle takes. It is short, because the full page goes along. */
function commentOf({ result, rubric, comment, feedback }: GradebookEntry): string {
  const isChanged = result.adjustments.length > 0;
  const headline = headlineOf(result, rubric).replace(/\.?$/, '.');
  const lines = [
    ...(feedback !== undefined || isChanged ? [headline] : []),
    ...(comment === undefined ? [] : [comment]),
    ...(feedback === undefined ? [] : ['feedback.html says why.']),
  ];
  return textLines(lines.join('\n'));
}

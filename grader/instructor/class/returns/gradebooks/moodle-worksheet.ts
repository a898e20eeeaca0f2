import { type CsvCell, gradebookKey, keptAbove, own, untrusted } from '../../../../render/escape/csv';
import { textLines } from '../../../../render/escape/html';
import { headlineOf } from '../feedback/headline';
import type { Gradebook, GradebookEntry, GradebookOptions } from './gradebook';

/**
 * Moodle's offline grading worksheet, filled in: it takes grades and comments, and cannot name a user whom
 * Moodle does not know. Its headings stay as they were, in whichever language.
 */
export function moodleWorksheet({ worksheet }: GradebookOptions): Gradebook | undefined {
  if (!worksheet) return undefined;
  const { headings, rows, identifier, grade, comments } = worksheet;
  const before = ({ student }: GradebookEntry, index: number) =>
    rows.get(student?.participant ?? '')?.[index] ?? '';
  const cellOf = (entry: GradebookEntry, index: number): CsvCell => {
    if (index === identifier) return gradebookKey(before(entry, index));
    // What has no points keeps the grade that it has there.
    if (index === grade) return entry.result.points ?? untrusted(before(entry, index));
    if (index === comments) return commentCell(before(entry, index), commentOf(entry));
    const text = before(entry, index);
    return text === '-' ? own(text) : untrusted(text);
  };
  return {
    file: 'moodle-worksheet.csv',
    knows: ({ student }) => rows.has(student?.participant ?? ''),
    columns: headings.map((heading, index) => [heading, (entry) => cellOf(entry, index)]),
  };
}

/**
 * Lines around what is ours in a comment, by which the next run knows it again. They are plain words, for Moodle's editor
 * drops comments of HTML and writes its tags anew.
 */
const begins = 'Automatic feedback, replaced whenever the work is graded again:';
const ends = 'End of the automatic feedback.';

/** From the first such line to the last one, for a student may have typed one, with the breaks that set it off. */
const earlier = new RegExp(String.raw`(?:\s*<br\s*/?>)*\s*${begins}.*${ends}`, 'isu');

/** What a teacher wrote into the comment, on either side of ours, stays as it is, and ours goes below it. */
function commentCell(before: string, ours: string): CsvCell {
  if (ours === '') return gradebookKey(before);
  const kept = before.replace(earlier, '');
  return keptAbove(kept, `${kept === '' ? '' : '<br>'}${begins}<br>${ours}<br>${ends}`);
}

/** Moodle takes HTML there. It is short, for the page with all of it goes along. */
function commentOf({ result, rubric, comment, feedback }: GradebookEntry): string {
  const isChanged = result.adjustments.length > 0;
  const lines = [
    ...(feedback !== undefined || isChanged ? [`${headlineOf(result, rubric)}.`] : []),
    ...(comment === undefined ? [] : [comment]),
    ...(feedback === undefined ? [] : ['feedback.html says why.']),
  ];
  return textLines(lines.join('\n'));
}

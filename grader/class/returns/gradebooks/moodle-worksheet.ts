import { type CsvCell, gradebookKey, keptAbove, own, untrusted } from '../../../render/escape/csv';
import { textLines } from '../../../render/escape/html';
import type { GradedClass } from '../../results/run';
import type { StudentResult } from '../../results/student-result.schema';
import { headlineOf } from '../feedback/headline';
import type { Gradebook } from './gradebook';

/**
 * Fills in Moodle's offline grading worksheet. It takes grades and comments, and cannot name a user whom Moodle does
 * not know. Its headings stay as they were, in any language.
 */
export function moodleWorksheet(graded: GradedClass): Gradebook | undefined {
  const { worksheet } = graded.roster ?? {};
  if (!worksheet) return undefined;
  const { headings, rows, identifier, grade, comments } = worksheet;
  const cellOf = (row: StudentResult, index: number): CsvCell => {
    const before = rows.get(row.student?.participant ?? '')?.[index] ?? '';
    if (index === identifier) return gradebookKey(before);
    // A hyphen stands for no grade, also where there was one.
    if (index === grade) return row.points ?? own('-');
    if (index === comments) return commentCell(before, commentOf(row, graded));
    return before === '-' ? own(before) : untrusted(before);
  };
  return {
    knows: ({ student }) => rows.has(student?.participant ?? ''),
    columns: headings.map((heading, index) => [heading, (row) => cellOf(row, index)]),
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
function commentOf(row: StudentResult, { course, comments, feedback }: GradedClass): string {
  const comment = comments.get(row.key);
  const headline = headlineOf(row, course.rubric).replace(/\.?$/, '.');
  const lines = [
    ...(feedback || row.adjustments.length > 0 ? [headline] : []),
    ...(comment === undefined ? [] : [comment]),
    ...(feedback ? ['feedback.html says why.'] : []),
  ];
  return textLines(lines.join('\n'));
}

import { own, untrusted } from '../../../render/escape/csv';
import type { GradedClass } from '../../results/run';
import { isSetByHand } from '../../results/student-result.schema';
import { type Gradebook, keyCell } from './gradebook';

/** The columns of Classroom 50's grades. */
export const classroom50Gradebook = (graded: GradedClass): Gradebook => ({
  columns: [
    // A login known only from a folder's name is untrusted text.
    ['username', ({ student, login }) => (student ? keyCell(graded, login) : untrusted(login))],
    ['first_name', ({ student }) => untrusted(student?.firstName ?? '')],
    ['last_name', ({ student }) => untrusted(student?.lastName ?? '')],
    ['email', ({ student }) => untrusted(student?.email ?? '')],
    ['section', ({ student }) => untrusted(student?.section ?? '')],
    ['score', ({ points }) => points],
    ['max_score', () => graded.course.rubric.possible],
    ['datetime', ({ submitted }) => own(submitted ?? '')],
    ['submission_tag', () => null],
    ['submitted_by', () => null],
    ['review_url', ({ repository }) => untrusted(repository ?? '')],
    ['late', ({ adjustments }) => own(String(adjustments.some(({ kind }) => kind === 'late')))],
    ['override', (row) => (isSetByHand(row) ? row.points : null)],
  ],
});

import { own, untrusted } from '../../../render/escape/csv';
import { isSetByHand } from '../../results/student-result.schema';
import type { Gradebook, GradebookOptions } from './gradebook';

export const classroom50File = 'classroom50.csv';

/** The columns of Classroom 50's grades. */
export const classroom50Gradebook = (options: GradebookOptions): Gradebook => ({
  file: classroom50File,
  columns: [
    // A login known only from a folder's name is untrusted text.
    ['username', ({ result, student }) => (student ? options.key(result.login) : untrusted(result.login))],
    ['first_name', ({ student }) => untrusted(student?.firstName ?? '')],
    ['last_name', ({ student }) => untrusted(student?.lastName ?? '')],
    ['email', ({ student }) => untrusted(student?.email ?? '')],
    ['section', ({ student }) => untrusted(student?.section ?? '')],
    ['score', ({ result }) => result.points],
    ['max_score', ({ rubric }) => rubric.possible],
    ['datetime', ({ result }) => own(result.submitted ?? '')],
    ['submission_tag', () => null],
    ['submitted_by', () => null],
    ['review_url', ({ result }) => untrusted(result.repository ?? '')],
    ['late', ({ result }) => own(String(result.adjustments.some(({ kind }) => kind === 'late')))],
    ['override', ({ result }) => (isSetByHand(result) ? result.points : null)],
  ],
});

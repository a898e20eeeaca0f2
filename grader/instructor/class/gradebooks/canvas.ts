import { gradebookKey, own, untrusted } from '../../../render/escape/csv';
import type { Gradebook, GradebookOptions } from './gradebook';

/**
 * Canvas finds students by its own id or their SIS ids, so it needs a roster that has them: one
 * exported from Canvas with a column for the login added. `Section` is the last of the student columns.
 */
export function canvas({ canvasColumn }: GradebookOptions): Gradebook {
  return {
    file: 'canvas.csv',
    knows: ({ student }) => student !== undefined,
    columns: [
      ['Student', ({ student }) => untrusted(student?.name || student?.login || '')],
      ['ID', ({ student }) => gradebookKey(student?.columns.id ?? '')],
      [
        'SIS User ID',
        ({ student }) =>
          gradebookKey(
            student?.columns.sis_user_id ?? (student?.columns.id ? '' : (student?.identifier ?? '')),
          ),
      ],
      ['SIS Login ID', ({ student }) => gradebookKey(student?.columns.sis_login_id || student?.email || '')],
      ['Section', ({ student }) => untrusted(student?.section ?? '')],
      [canvasColumn, ({ result }) => result.points],
    ],
    firstRow: ({ possible }) => ({ Student: own('    Points Possible'), [canvasColumn]: possible }),
  };
}

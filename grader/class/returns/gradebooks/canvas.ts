import { own, untrusted } from '../../../render/escape/csv';
import type { Student } from '../../members/people';
import type { GradedClass } from '../../results/run';
import { type Column, type Gradebook, keyCell } from './gradebook';

/** Canvas finds students by its own id or their SIS ids, in this order. */
const findsBy = [
  ['ID', ({ columns }: Student) => columns.id ?? ''],
  [
    'SIS User ID',
    ({ columns, identifier }: Student) => columns.sis_user_id ?? (columns.id ? '' : identifier),
  ],
  ['SIS Login ID', ({ columns, email }: Student) => columns.sis_login_id || email],
] as const;

/**
 * Requires a roster that has these ids: one exported from Canvas with a column for the login added.
 * `Section` is the last of the student columns.
 */
export function canvasGradebook(graded: GradedClass): Gradebook {
  const { canvasColumn, course } = graded;
  return {
    knows: ({ student }) => student !== undefined,
    findsBy: findsBy.map(([, of]) => of),
    columns: [
      ['Student', ({ student }) => untrusted(student?.name || student?.login || '')],
      ...findsBy.map(
        ([heading, of]): Column => [heading, ({ student }) => keyCell(graded, student ? of(student) : '')],
      ),
      ['Section', ({ student }) => untrusted(student?.section ?? '')],
      [canvasColumn, ({ points }) => points],
    ],
    top: { Student: own('    Points Possible'), [canvasColumn]: course.rubric.possible },
  };
}

import { gradebookKey, own, untrusted } from '../../../report/escape/csv';
import type { Rubric } from '../../../rubric/rubric';
import type { Gradebook } from './gradebook';

/**
 * Canvas finds students by its own id or their SIS ids, so it needs a roster that has them: one
 * exported from Canvas with a column for the login added. `Section` is the last of the student columns.
 *
 * @param title heading of the grades' column; `Title (123)` names an assignment that is there already.
 */
export function canvas(title: string): Gradebook {
  return {
    file: 'canvas.csv',
    columns: ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', title],
    before: ({ possible }: Rubric) => [[own('    Points Possible'), null, null, null, null, possible]],
    cells: ({ row, student }) => {
      if (!student) return undefined;
      const { columns, name, login, identifier, email, section } = student;
      const sisLogin = columns.sis_login_id || email || '';
      const sisUser = columns.sis_user_id ?? (columns.id ? '' : identifier);
      const keys = [columns.id ?? '', sisUser, sisLogin].map(gradebookKey);
      return [untrusted(name || login), ...keys, untrusted(section), row.points];
    },
  };
}

import type { Student } from '../roster';
import { as, type Gradebook, quoted, reasons } from './gradebook';

/** The columns by which Moodle can find users. One of them has to be filled in for everybody. */
const users = [
  ['useremail', (student: Student) => student.email],
  ['useridnumber', (student: Student) => student.identifier],
  ['username', (student: Student) => student.login.toLowerCase()],
] as const;

/**
 * Moodle imports nothing where it does not know one single user, so only those go in who have what
 * the rest is found by.
 */
export function moodle(students: readonly Student[]): Gradebook {
  const filled = users.map(([column, of]) => ({
    column,
    of,
    count: students.filter((one) => of(one) !== '').length,
  }));
  const best = filled.reduce((one, other) => (other.count > one.count ? other : one));
  return {
    file: 'moodle.csv',
    columns: [best.column, 'grade', 'feedback'],
    cells: ({ row, student }) => {
      const user = student && best.of(student);
      // A hyphen stands for no grade.
      return user ? [as(user), row.points ?? as('-'), quoted(reasons(row))] : undefined;
    },
  };
}

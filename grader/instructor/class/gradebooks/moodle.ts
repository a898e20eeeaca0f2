import { gradebookKey, own, untrusted } from '../../../report/escape/csv';
import type { Student } from '../roster';
import { adjustmentsOf, type Gradebook } from './gradebook';

/**
 * The columns by which Moodle can find users, best first. A GitHub login is hardly ever a user name
 * there, so that is only what is left.
 */
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
  const [column, user] = users.find(([, of]) => students.some((student) => of(student) !== '')) ?? users[0];
  return {
    file: 'moodle.csv',
    columns: [column, 'grade', 'feedback'],
    cells: ({ row, student }) => {
      const found = student && user(student);
      // A hyphen stands for no grade.
      return found ? [gradebookKey(found), row.points ?? own('-'), untrusted(adjustmentsOf(row))] : undefined;
    },
  };
}

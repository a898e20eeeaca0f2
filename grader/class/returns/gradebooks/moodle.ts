import { own, untrusted } from '../../../render/escape/csv';
import type { Student } from '../../members/people';
import type { GradedClass } from '../../results/run';
import type { StudentResult } from '../../results/student-result.schema';
import { type Gradebook, keyCell } from './gradebook';
import { adjustmentsOf } from './grades';

/**
 * The columns by which Moodle can find users, best first. A GitHub login is rarely a Moodle user name,
 * so it is the last resort.
 */
const users = [
  ['useremail', (student: Student) => student.email],
  ['useridnumber', (student: Student) => student.studentId],
  ['username', (student: Student) => student.login.toLowerCase()],
] as const;

/**
 * Moodle imports nothing if it cannot find a single one of the users, so the file leaves out students
 * without a value in the column by which the others are found.
 */
export function moodleGradebook(graded: GradedClass): Gradebook | undefined {
  // Moodle's own worksheet, filled in, has the same grades and cannot miss a user.
  if (graded.roster?.worksheet) return undefined;
  const has = (of: (student: Student) => string) => graded.rows.some(({ student }) => student && of(student));
  const [heading, userOf] = users.find(([, of]) => has(of)) ?? users[0];
  const user = ({ student }: StudentResult) => (student ? userOf(student) : '');
  return {
    knows: (row) => user(row) !== '',
    findsBy: [userOf],
    columns: [
      [heading, (row) => keyCell(graded, user(row))],
      // A hyphen stands for no grade.
      ['grade', ({ points }) => points ?? own('-')],
      ['feedback', (row) => untrusted(adjustmentsOf(row))],
    ],
  };
}

import { own, untrusted } from '../../../../render/escape/csv';
import type { Student } from '../../members/people';
import type { Gradebook, GradebookOptions } from './gradebook';
import { adjustmentsOf } from './grades';

/**
 * The columns by which Moodle can find users, best first. A GitHub login is hardly ever a user name
 * there, so that is only what is left.
 */
const users = [
  ['useremail', (student: Student) => student.email],
  ['useridnumber', (student: Student) => student.studentId],
  ['username', (student: Student) => student.login.toLowerCase()],
] as const;

/**
 * Moodle imports nothing where it does not know one single user, so only those go in who have what
 * the rest is found by.
 */
export function moodleGradebook({ students, worksheet, key }: GradebookOptions): Gradebook | undefined {
  // Moodle's own worksheet, filled in, says the same and cannot miss a user.
  if (worksheet) return undefined;
  const [heading, userOf] =
    users.find(([, of]) => students.some((student) => of(student) !== '')) ?? users[0];
  const user = (student: Student | undefined) => (student ? userOf(student) : '');
  return {
    file: 'moodle.csv',
    knows: ({ student }) => user(student) !== '',
    findsBy: [userOf],
    columns: [
      [heading, ({ student }) => key(user(student))],
      // A hyphen stands for no grade.
      ['grade', ({ result }) => result.points ?? own('-')],
      ['feedback', ({ result }) => untrusted(adjustmentsOf(result))],
    ],
  };
}

import { own, untrusted } from '../../../render/escape/csv';
import type { Student } from '../../members/people';
import type { Gradebook, GradebookOptions } from './gradebook';
import { adjustmentsOf } from './grades';

export const moodleFile = 'moodle.csv';

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
export function moodleGradebook({ students, worksheet, key }: GradebookOptions): Gradebook | undefined {
  // Moodle's own worksheet, filled in, has the same grades and cannot miss a user.
  if (worksheet) return undefined;
  const [heading, userOf] =
    users.find(([, of]) => students.some((student) => of(student) !== '')) ?? users[0];
  const user = (student: Student | undefined) => (student ? userOf(student) : '');
  return {
    file: moodleFile,
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

import { own, untrusted } from '../../../render/escape/csv';
import type { Column, Gradebook, GradebookOptions } from './gradebook';

/** The login by which a host finds a student; a login known only from a folder's name is untrusted text. */
export const loginColumnText =
  ({ key }: GradebookOptions): Column[1] =>
  ({ result, student }) =>
    student ? key(result.login) : untrusted(result.login);

/** The columns of GitHub Classroom's own grade export, for programs that read it. */
export const githubClassroomGradebook = (options: GradebookOptions): Gradebook => ({
  file: 'github-classroom.csv',
  columns: [
    ['assignment_name', ({ rubric }) => own(rubric.title)],
    ['assignment_url', () => null],
    ['starter_code_url', () => null],
    ['github_username', loginColumnText(options)],
    ['roster_identifier', ({ student }) => options.key(student?.identifier ?? '')],
    ['student_repository_name', ({ result }) => untrusted(result.folder ?? '')],
    ['student_repository_url', ({ result }) => untrusted(result.repository ?? '')],
    ['submission_timestamp', ({ result }) => own(result.submitted ?? '')],
    ['points_awarded', ({ result }) => result.points],
    ['points_available', ({ rubric }) => rubric.possible],
  ],
});

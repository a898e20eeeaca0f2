import type { Host } from '../registry';

/** GitHub Classroom, and every repository with the workflow of a students' copy: there it grades itself. */
export const githubClassroom: Host = { id: 'github-classroom', title: 'GitHub Classroom' };

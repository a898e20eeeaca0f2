import path from 'node:path';
import type { Course } from '../course';
import { bundleGrader } from './bundle';
import { writeClassroom50 } from './classroom50';
import { writeGradescope } from './gradescope';
import { parts } from './place';

/**
 * Writes what the hosts get that grade with a bundle, a folder each.
 *
 * @param copy the students' copy.
 * @throws {GraderError} where the grader cannot be bundled.
 */
export async function writeHosts(course: Course, copy: string, folder: string): Promise<void> {
  const bundle = bundleGrader(course.root);
  await writeClassroom50(course, path.join(folder, parts.classroom50), copy, bundle);
  writeGradescope(course, path.join(folder, parts.gradescope), bundle);
}

import path from 'node:path';
import { plainKeyFileOf } from '../../hosts/plain-key';
import { sealedKeyFile } from '../../key/sealed-file';
import type { Course } from '../course';
import { jsonFile, readFile } from '../files';
import { bundleGrader } from './bundle';
import { writeClassroom50 } from './classroom50';
import { writeGradescope } from './gradescope';
import { parts } from './place';
import { seal } from './seal';

/**
 * Writes what the hosts get that grade with a bundle, a folder each.
 *
 * @param copy the students' copy.
 * @throws {GraderError} where the grader cannot be bundled.
 */
export async function writeHosts(course: Course, copy: string, folder: string): Promise<void> {
  const { root, rubric, solution } = course;
  const bundle = bundleGrader(root);
  const sealed =
    rubric.selfCheck === 'scored' ? readFile(copy, sealedKeyFile) : jsonFile(await seal(rubric, solution));
  writeClassroom50(course, path.join(folder, parts.classroom50), copy, sealed, bundle);
  const plain = jsonFile(plainKeyFileOf(rubric, solution));
  writeGradescope(course, path.join(folder, parts.gradescope), plain, bundle);
}

import path from 'node:path';
import type { Course } from '../../course';
import { copyFile, listFiles, writeFile } from '../../files';
import type { Files } from '../../hosts/host';
import { bundledHosts } from '../../hosts/registry';
import { sealedKeyFile } from '../../key/sealed';
import { seal, sealedKeyText } from './seal';
import { graderParts } from './students-copy';

/**
 * Returns the bundle of each host that grades with one, by host id.
 *
 * @param copy the students' copy.
 */
export async function bundlesFor(course: Course, copy: string): Promise<ReadonlyMap<string, Files>> {
  const { rubric, solution } = course;
  const common = graderParts(course, copy);
  // A host needs points even if the students' copy shows none.
  common[sealedKeyFile] ??= sealedKeyText(await seal(rubric, solution));
  return new Map(bundledHosts.map(({ id, bundled }) => [id, { ...bundled.parts, ...common }]));
}

/** Writes the release files of each bundled host, each into its own folder. */
export async function writeHosts(course: Course, copy: string, folder: string): Promise<void> {
  const bundles = await bundlesFor(course, copy);
  for (const { id, bundled } of bundledHosts) {
    const place = path.join(folder, id);
    const contents = { rubric: course.rubric, bundle: bundles.get(id) ?? {} };
    for (const [file, content] of Object.entries(bundled.release(contents))) writeFile(place, file, content);
    const { template } = bundled;
    if (template !== undefined)
      for (const file of listFiles(copy)) copyFile(copy, path.join(place, template), file);
  }
}

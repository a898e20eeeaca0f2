import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { gradeFolder } from '../../../grading/context';
import { bundledHosts } from '../../../hosts/registry';
import { readText, resolvePath, writeFile } from '../../files';
import { runScript } from '../../program';
import { withTempDir } from '../../temp-dir';
import { bundlesFor } from '../release/hosts';
import { bug, type Check } from './finding';
import { leaks } from './leaks';

const reference = 'solution/reference';

export const hosts: Check = {
  promise: 'The bundles for other hosts grade by themselves, and hold no answer where anybody can read',
  find: (course, copy) =>
    withTempDir(async (folder) => {
      const { root, rubric, key } = course;
      const { points } = await gradeFolder(resolvePath(root, reference), rubric, key);
      const bundles = await bundlesFor(course, copy);
      const findings = bundledHosts.map(async ({ id, title, bundled }) => {
        const { bundle, submission, workingFolder, variables, result } = bundled.layout;
        const place = path.join(folder, id);
        const files = bundles.get(id) ?? {};
        for (const [file, text] of Object.entries(files)) writeFile(place, `${bundle}/${file}`, text);
        cpSync(resolvePath(root, reference), path.join(place, submission), { recursive: true });
        mkdirSync(path.dirname(path.join(place, result)), { recursive: true });
        await grade(path.join(place, bundle), id, path.join(place, workingFolder), variables);
        const { score } = JSON.parse(readText(place, result)) as { score: unknown };
        // Whether the reference is right is another check's business.
        const other = `On ${title} ${reference} would earn ${score} of ${rubric.possible}, and here it earns ${points}.`;
        return [
          ...(bundled.isPublic ? leaks(course, path.join(place, bundle), Object.keys(files)) : []),
          ...(score === points ? [] : [bug(other)]),
        ];
      });
      return (await Promise.all(findings)).flat();
    }),
};

/** @throws {GraderError} where the bundle does not grade. */
async function grade(bundle: string, host: string, cwd: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const env = { ...process.env, ...variables };
  const { status, stderr } = await runScript([path.join(bundle, 'grade.js'), host], { cwd, env });
  if (status === 0) return;
  throw new GraderError(
    'folder',
    `The bundle for ${host} does not grade: ${stderr.trim().split('\n')[0]}`,
    'If nothing in it is of this course, that is a bug of the grader: report it with this line.',
  );
}

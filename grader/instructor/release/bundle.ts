import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '../bundle';
import { at, readFile } from '../files';

/** The grader as one file that needs Node.js and nothing else. */
export interface Bundle {
  readonly code: string;
  /** What the packages in it ask everybody to pass on with them. */
  readonly licences: string;
}

const entry = 'grader/hosts/bundled.ts';

/**
 * Puts the grader and the packages that it uses into one file.
 *
 * @throws {GraderError} where it does not compile.
 */
export function bundleGrader(courseRoot: string): Bundle {
  const { code, inputs } = bundle(courseRoot, entry);
  return { code, licences: licencesOf(courseRoot, inputs) };
}

function licencesOf(courseRoot: string, inputs: readonly string[]): string {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFile(courseRoot, `${folder}/package.json`)) as Package;
    const file = readdirSync(at(courseRoot, folder)).find((entry) =>
      /^(?:licen[cs]e|copying)\b/i.test(entry),
    );
    const text = file ? readFile(courseRoot, `${folder}/${file}`).trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  const own = existsSync(path.join(courseRoot, 'LICENSE'))
    ? [`grade.js\n\n${readFile(courseRoot, 'LICENSE')}`]
    : [];
  return [...own, ...texts].join(`\n${'-'.repeat(72)}\n\n`);
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type BuildFailure, buildSync } from 'esbuild';
import { GraderError } from '../../error';
import { at, readFile } from '../files';

/** The grader as one file that needs Node.js and nothing else. */
export interface Bundle {
  readonly code: string;
  /** What the packages in it ask everybody to pass on with them. */
  readonly licences: string;
}

const entry = 'grader/hosts/bundled.ts';

/**
 * Puts the grader and the packages that it uses into one file. The same sources give the same file.
 *
 * @throws {GraderError} where it does not compile.
 */
export function bundleGrader(courseRoot: string): Bundle {
  try {
    const { outputFiles, metafile } = buildSync({
      absWorkingDir: courseRoot,
      entryPoints: [entry],
      outfile: 'grade.js',
      bundle: true,
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      metafile: true,
      write: false,
    });
    return {
      code: outputFiles[0]?.text ?? '',
      licences: licencesOf(courseRoot, Object.keys(metafile.inputs)),
    };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    throw new GraderError(
      'folder',
      `The grader cannot be put into one file: ${first?.text ?? error}. Run npm ci and npm run types, and try again.`,
    );
  }
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

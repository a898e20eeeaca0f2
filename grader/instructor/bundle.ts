import { type BuildFailure, buildSync } from 'esbuild';
import { GraderError } from '../error';

/** Files of TypeScript, and the packages that they use, as one file that Node.js runs. */
export interface BundledCode {
  readonly code: string;
  /** What it was made of, as paths from the course's root. */
  readonly inputs: readonly string[];
}

/**
 * Puts a file and all that it imports into one. The same sources give the same code.
 *
 * @param entry path from the course's root.
 * @throws {GraderError} where something does not compile.
 */
export function bundle(courseRoot: string, entry: string): BundledCode {
  try {
    const { outputFiles, metafile } = buildSync({
      absWorkingDir: courseRoot,
      entryPoints: [entry],
      outfile: 'bundle.js',
      bundle: true,
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      metafile: true,
      write: false,
    });
    return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    throw new GraderError(
      'folder',
      `The grader cannot be put into one file: ${first?.text ?? error}. Run npm ci and npm run types, and try again.`,
    );
  }
}

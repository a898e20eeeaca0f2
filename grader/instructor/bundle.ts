import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BuildFailure } from 'esbuild';
import { GraderError } from '../error';
import { groupBy } from '../key/group-by';
import { build } from './build';
import { readText, resolvePath } from './files';

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
    return build(courseRoot, entry);
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    throw new GraderError(
      'folder',
      `The grader cannot be put into one file: ${first?.text ?? error}. Run npm ci and npm run types, and try again.`,
    );
  }
}

/** The grader as one file that needs Node.js and nothing else. */
export interface Bundle {
  readonly code: string;
  /** What the packages in it ask everybody to pass on with them. */
  readonly licenses: string;
}

const entry = 'grader/hosts/bundled.ts';

/**
 * Puts the grader and the packages that it uses into one file.
 *
 * @throws {GraderError} where it does not compile.
 */
export function bundleGrader(courseRoot: string): Bundle {
  const { code, inputs } = bundle(courseRoot, entry);
  return { code, licenses: licensesOf(courseRoot, inputs) };
}

function licensesOf(courseRoot: string, inputs: readonly string[]): string {
  const texts = packagesIn(courseRoot, inputs).map(({ title, license }) => `${title}\n\n${license}\n`);
  const own = existsSync(path.join(courseRoot, 'LICENSE'))
    ? [`grade.js\n\n${readText(courseRoot, 'LICENSE')}`]
    : [];
  return [...own, ...texts].join(`\n${'-'.repeat(72)}\n\n`);
}

/**
 * The same in few words, for a file that people pass on alone: who holds the rights in each package, and each text
 * of a license once.
 */
export function noticesOf(courseRoot: string, inputs: readonly string[]): string {
  const parts = packagesIn(courseRoot, inputs).map(({ title, license }) => {
    const lines = license.split(/\r?\n/).map((line) => line.trim());
    const isRight = (line: string) => /^\(?(?:copyright|©)/i.test(line);
    const isTitle = (line: string) => /^(?:the )?mit license(?: \(mit\))?$/i.test(line);
    const text = lines.filter((line) => !isRight(line) && !isTitle(line)).join(' ');
    return { who: [title, ...lines.filter(isRight)].join(': '), text: text.replace(/\s+/g, ' ').trim() };
  });
  return [...groupBy(parts, ({ text }) => text)]
    .map(([text, of]) => [...of.map(({ who }) => who), text].join('\n'))
    .join('\n\n');
}

/** The packages that something was made of, with their licenses. */
function packagesIn(courseRoot: string, inputs: readonly string[]) {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readText(courseRoot, `${folder}/package.json`)) as Package;
    const file = readdirSync(resolvePath(courseRoot, folder)).find((entry) =>
      /^(?:licen[cs]e|copying)\b/i.test(entry),
    );
    const text = file ? readText(courseRoot, `${folder}/${file}`).trim() : `License: ${license}`;
    return { title: `${name} ${version}`, license: text };
  });
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

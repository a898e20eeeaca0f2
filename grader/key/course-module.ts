import { createRequire, SourceMap } from 'node:module';
import path from 'node:path';
import type { BuildFailure } from 'esbuild';
import { GraderError } from '../error';

/** A loaded module of a course. It is TypeScript and may import anything. */
export interface CourseModule {
  readonly exports: Record<string, unknown>;
  /** Says what was thrown, after its place in a file of the course: `solution/derive.ts:18:17: …`. */
  describe(thrown: unknown, what: string): string;
}

/**
 * Bundles a module of a course with the files that it imports, and runs it.
 *
 * @param file path from the course's root.
 * @throws {GraderError} if it does not compile, or throws.
 */
export function loadModule(root: string, file: string): CourseModule {
  const { code, map } = compile(root, file);
  const place = path.join(root, ...file.split('/'));
  const module = { exports: {} };
  const describe = (thrown: unknown, what: string) =>
    `${placeOf(thrown, map) ?? file}: ${what}: ${reasonOf(thrown)}`;
  try {
    // As Node.js runs a file, but in the current globals, because a test has its own.
    const run = new Function('exports', 'require', 'module', '__filename', '__dirname', code);
    run(module.exports, createRequire(place), module, place, path.dirname(place));
  } catch (error) {
    throw notLoaded(describe(error, failure));
  }
  return { exports: module.exports, describe };
}

const failure = 'it cannot be loaded';

function notLoaded(text: string): GraderError {
  return new GraderError('key', 'solution-not-loaded', text);
}

function compile(root: string, file: string): { readonly code: string; readonly map: SourceMap } {
  // Loaded here because students have neither esbuild nor a solution.
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  try {
    const [map, code] = buildSync({
      absWorkingDir: root,
      entryPoints: [file],
      outdir: root,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      sourcemap: 'external',
      write: false,
    }).outputFiles;
    return { code: `${code?.text}\n//# sourceURL=${label}`, map: new SourceMap(JSON.parse(map?.text ?? '')) };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (!first) throw error;
    const { location } = first;
    const place = location ? `${location.file}:${location.line}:${location.column + 1}` : file;
    throw notLoaded(`${place}: ${failure}: ${first.text}`);
  }
}

/** The file name that stands for the bundle in a stack trace. */
const label = 'course-module.js';
const places = /\bcourse-module\.js:(\d+):(\d+)/g;

/** The first place in an error's stack that is in a course file, not in a package. */
function placeOf(thrown: unknown, map: SourceMap): string | undefined {
  const { stack = '' } = (thrown ?? {}) as Partial<Error>;
  for (const [, line, column] of stack.matchAll(places)) {
    // A function that is made of a text begins with two lines of its own.
    const found = map.findEntry(Number(line) - 3, Number(column) - 1);
    if ('originalSource' in found && !/(?:^\.\.|\bnode_modules)\//.test(found.originalSource))
      return `${found.originalSource}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  }
  return undefined;
}

/** The words of what was thrown, without the modules that Node.js lists below a missing one. */
function reasonOf(thrown: unknown): string {
  // A test's errors are not those of Node.js, so `instanceof` does not know them.
  const text = (thrown as Partial<Error> | undefined)?.message ?? String(thrown);
  const [reason = ''] = text.split('\nRequire stack:');
  return reason;
}

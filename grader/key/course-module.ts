import { createHook } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import path from 'node:path';
import { type Context, createContext, runInContext } from 'node:vm';
import type { BuildFailure, Metafile } from 'esbuild';
import { GraderError } from '../message';
import { placeIn, resolvePath } from '../system/files';
import { escapeRegExp } from '../system/lists';

/** A loaded module of a course, written in TypeScript. It may import anything. */
export interface CourseModule {
  readonly exports: Record<string, unknown>;
  /**
   * Calls one of its functions.
   *
   * @throws whatever the function throws; and an error if the function had to be stopped.
   */
  call(name: string, argument: unknown): unknown;
  /** Says where one of its functions threw, and then what: `solution/derive.ts:18:17: derive: …`. */
  describe(thrown: unknown, name: string): string;
  /** The place of the first of these texts that occurs in its files: `solution/misconceptions.ts:41`. */
  find(...texts: readonly unknown[]): string | undefined;
  /** The place of one of its functions, or of a row in the file of that function. */
  placeOf(name: string, row?: string): string;
}

/**
 * Bundles a module of a course with the files that it imports, and runs it.
 *
 * @param file path from the course's root.
 * @throws {GraderError} if it does not compile, throws, or does not end.
 */
export function loadModule(root: string, file: string): CourseModule {
  const absolutePath = resolvePath(root, file);
  if (!existsSync(absolutePath))
    throw notLoaded(`${file} is missing. Put it back; docs/write-a-worksheet.md says what it exports.`);
  const { code, map } = compile(root, file);
  const load = () => {
    const module = { exports: {} as CourseModule['exports'] };
    // Run it as Node.js runs a file, but with the current globals, because Jest gives each test its own.
    const run = new Function('exports', 'require', 'module', '__filename', '__dirname', code);
    run(module.exports, createRequire(absolutePath), module, absolutePath, path.dirname(absolutePath));
    return module.exports;
  };
  const placeAt = (thrown: unknown) => placeOf(thrown, map) ?? `${file}:1`;
  let exports: CourseModule['exports'];
  try {
    exports = guarded(load, placeAt);
  } catch (error) {
    if (error instanceof GraderError) throw error;
    throw notLoaded(`${placeAt(error)}: ${cannotBeLoaded}: ${reasonOf(error)}`);
  }
  const placeOfFunction = (name: string, row?: string) => placeOfName(map, name, row) ?? `${file}:1`;
  return {
    exports,
    call: (name, argument) =>
      guarded(() => (exports[name] as (argument: unknown) => unknown)(argument), placeAt),
    describe: (thrown, name) =>
      `${placeOf(thrown, map) ?? placeOfFunction(name)}: ${name}: ${reasonOf(thrown)}`,
    find: (...texts) => {
      const [place] = texts.flatMap((text) =>
        typeof text === 'string' && text !== '' ? (findIn(map, text) ?? []) : [],
      );
      return place;
    },
    placeOf: placeOfFunction,
  };
}

/** A head with the sizes of a published model takes a second or two. */
const maxSeconds = 10;

/** A context whose code can be stopped. Made on first use, because students' copies have no solution. */
let endable: Context | undefined;

/**
 * Runs an author's function so that it cannot end the program, print into output that another program reads, or keep
 * running after it returns. It is stopped after `maxSeconds`, and on Ctrl-C.
 *
 * @param placeAt returns the place in the course where an error was thrown.
 */
function guarded<Result>(run: () => Result, placeAt: (error: Error) => string): Result {
  const { exit, stdout } = process;
  const { write } = stdout;
  const timers: NodeJS.Timeout[] = [];
  const hook = createHook({
    init: (_id, type, _trigger, resource) => {
      if (type === 'Timeout') timers.push(resource as NodeJS.Timeout);
    },
  }).enable();
  process.exit = () => {
    throw new Error(endsProgram);
  };
  stdout.write = (text: string | Uint8Array) =>
    process.stderr.write(`${placeAt(new Error())}: prints ${text}`);
  try {
    endable ??= createContext({});
    endable.run = run;
    return runInContext('run()', endable, { timeout: maxSeconds * 1000, breakOnSigint: true });
  } catch (error) {
    const { code } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new Error(runsOn);
    if (code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    // Make Ctrl-C end the command as it does at any other time.
    process.kill(process.pid, 'SIGINT');
    throw new GraderError('usage', 'interrupted', 'Interrupted.');
  } finally {
    hook.disable();
    for (const timer of timers) clearTimeout(timer);
    Object.assign(process, { exit });
    Object.assign(stdout, { write });
  }
}

const endsProgram =
  'process.exit would end the command. Give a result, or throw an error that says what is wrong.';
const runsOn = `it still ran after ${maxSeconds} seconds. Look for a loop that does not end, or try smaller sizes.`;

const cannotBeLoaded = 'it cannot be loaded';

function notLoaded(text: string): GraderError {
  return new GraderError('key', 'solution-not-loaded', text);
}

function compile(root: string, file: string): { readonly code: string; readonly map: SourceMap } {
  // Loaded here because students have neither esbuild nor a solution.
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  try {
    const { outputFiles, metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: [file],
      outdir: root,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      sourcemap: 'external',
      metafile: true,
      write: false,
    });
    const [map, code] = outputFiles;
    const cycle = cycleIn(metafile.inputs, file);
    if (cycle)
      throw notLoaded(
        `${importLine(root, cycle)}: ${cannotBeLoaded}: ${cycle.join(' imports ')}. ${noCycle}`,
      );
    return { code: `${code?.text}\n//# sourceURL=${label}`, map: new SourceMap(JSON.parse(map?.text ?? '')) };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (!first) throw error;
    const { location } = first;
    const place = location ? `${location.file}:${location.line}:${location.column + 1}` : file;
    throw notLoaded(`${place}: ${cannotBeLoaded}: ${first.text}`);
  }
}

const noCycle =
  'Move what both need into a file of its own, because which of them runs first depends on where they are imported.';

/**
 * Files that import each other, directly or not: the first is repeated at the end.
 *
 * @param visited files whose imports were already followed and lead to no cycle.
 */
function cycleIn(
  inputs: Metafile['inputs'],
  file: string,
  above: readonly string[] = [],
  visited = new Set<string>(),
): string[] | undefined {
  if (above.includes(file)) return [...above.slice(above.indexOf(file)), file];
  if (visited.has(file)) return undefined;
  visited.add(file);
  for (const { path: imported, external } of inputs[file]?.imports ?? []) {
    const cycle = external ? undefined : cycleIn(inputs, imported, [...above, file], visited);
    if (cycle) return cycle;
  }
  return undefined;
}

/** The line in which the first file of a cycle imports the next. */
function importLine(root: string, [file = '', next = '']: readonly string[]): string {
  const name = path.basename(next).replace(/\.\w+$/, '');
  return placeIn(root, file, (line) => /\b(?:from|require|import)\b/.test(line) && line.includes(`/${name}`));
}

/** The file name of the bundle in a stack trace. */
const label = 'course-module.js';
const places = /\bcourse-module\.js:(\d+):(\d+)/g;

/** The first place in an error's stack that is in a course file and not in a package. */
function placeOf(thrown: unknown, map: SourceMap): string | undefined {
  const { stack = '' } = (thrown ?? {}) as Partial<Error>;
  for (const [, line, column] of stack.matchAll(places)) {
    // `new Function` puts two lines of its own above the code.
    const entry = map.findEntry(Number(line) - 3, Number(column) - 1);
    if ('originalSource' in entry && !/(?:^\.\.|\bnode_modules)\//.test(entry.originalSource))
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  }
  return undefined;
}

/** The first place where a text occurs in the files of a bundle, or in one of them only. */
function findIn({ payload }: SourceMap, text: string | RegExp, only?: string): string | undefined {
  const { sources, sourcesContent = [] } = payload as { sources: string[]; sourcesContent?: string[] };
  for (const [index, file] of sources.entries()) {
    const content = sourcesContent[index] ?? '';
    const at = typeof text === 'string' ? content.indexOf(text) : content.search(text);
    if (at >= 0 && (only === undefined || file === only))
      return `${file}:${content.slice(0, at).split('\n').length}`;
  }
  return undefined;
}

function placeOfName(map: SourceMap, name: string, row?: string): string | undefined {
  const place =
    findIn(map, new RegExp(`\\b(?:function|const|let|var)\\s+${name}\\b`)) ??
    findIn(map, new RegExp(`\\bas\\s+${name}\\b`));
  if (row === undefined) return place;
  // A row is a property of an object, perhaps in quotation marks.
  const property = new RegExp(`(?<![\\w$.])${escapeRegExp(row)}['"]?\\s*:`);
  return findIn(map, property, place?.replace(/:\d+$/, '')) ?? place;
}

/** The message of an error, without the list of modules that Node.js puts below a missing one. */
function reasonOf(thrown: unknown): string {
  // Errors in a Jest test have another prototype, so `instanceof` does not recognize them.
  const text = (thrown as Partial<Error> | undefined)?.message ?? String(thrown);
  const [reason = ''] = text.split('\nRequire stack:');
  return reason;
}

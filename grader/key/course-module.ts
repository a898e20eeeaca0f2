import { statSync } from 'node:fs';
import { createRequire, isBuiltin, SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure } from 'esbuild';

/** A loaded module of a course. It is TypeScript and may import anything. */
export interface CourseModule {
  readonly exports: Record<string, unknown>;
  /** All files that it came from or has read so far: full paths, each with its state. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether it may depend on more than these states: another process, or a file that changed during loading. */
  isOpen(): boolean;
  /** The place in a course file where an error was thrown: `solution/derive.ts:18:17`. */
  placeOf(error: unknown): string | undefined;
}

/** A module that cannot be loaded. */
export class ModuleError extends Error {
  /** In the form that `placeOf` returns. */
  readonly place: string | undefined;

  constructor(cause: unknown, place: string | undefined) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.place = place;
  }
}

const quiet = { throwIfNoEntry: false } as const;

/** The state of a file: its size, modification time and change time, or `missing`. */
export function stateOf(file: string): string {
  const stats = statSync(file, quiet);
  return stats ? `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` : 'missing';
}

/** Whether files are unchanged: full paths, each with its earlier state. */
export function isCurrent(files: Iterable<readonly [file: string, state: string]>): boolean {
  return [...files].every(([file, state]) => stateOf(file) === state);
}

/** Modules that this process has loaded, by full path. */
const loaded = new Map<string, CourseModule>();

/** A module that this process has loaded, if none of its files has changed. */
export function loadedModule(root: string, file: string): CourseModule | undefined {
  const known = loaded.get(path.join(root, file));
  return known && isCurrent(known.files) ? known : undefined;
}

/**
 * Bundles a module of a course with the files that it imports, and runs it.
 *
 * @param file path from the course's root.
 * @param limit runs the module, with a time limit.
 * @throws {ModuleError} if it does not compile, or throws.
 */
export function loadModule(root: string, file: string, limit: (run: () => void) => void): CourseModule {
  const known = loadedModule(root, file);
  if (known) return known;
  const started = Date.now();
  const { code, map, inputs } = compile(root, file);
  const place = path.join(root, ...file.split('/'));
  const files = new Map(inputs.map((input) => [input, stateOf(input)]));
  const see = (seen: string) => {
    if (!files.has(seen)) files.set(seen, stateOf(seen));
  };
  const requireFrom = createRequire(place);
  let isOpen = inputs.some((input) => (statSync(input, quiet)?.ctimeMs ?? 0) > started - 100);
  const require = (name: string): unknown => {
    const [builtin = ''] = name.replace(/^node:/, '').split('/');
    if (builtin === 'fs') return watched(requireFrom(name), see);
    if (isBuiltin(name)) isOpen ||= !harmless.has(builtin);
    else packages.push(requireFrom.resolve(name));
    return requireFrom(name);
  };
  const packages: string[] = [];
  const module = { exports: {} };
  const placeOf = (error: unknown) => placeInModule(error, map);
  try {
    limit(() => runModule(code)(module.exports, require, module, place, path.dirname(place)));
  } catch (error) {
    throw new ModuleError(error, placeOf(error));
  }
  for (const seen of moduleFilesOf(packages, requireFrom.cache)) {
    see(seen);
    // A package that npm has installed reads only its own files; a linked one may read anything.
    isOpen ||= !seen.split(path.sep).includes('node_modules');
  }
  const result: CourseModule = { exports: module.exports, files, isOpen: () => isOpen, placeOf };
  loaded.set(place, result);
  return result;
}

/** The files of some modules that Node.js has loaded, and of all modules that these have loaded. */
function moduleFilesOf(modules: readonly string[], cache: NodeJS.Dict<NodeJS.Module>): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const { filename } of cache[file]?.children ?? []) add(filename);
  };
  for (const file of modules) add(file);
  return found;
}

/** Node.js modules that read nothing and start nothing. */
const harmless = new Set(
  'assert buffer crypto events fs path perf_hooks querystring string_decoder timers url util zlib'.split(' '),
);

/** Wraps the module `fs` to report each file that it reads. */
function watched<Module extends object>(fs: Module, see: (file: string) => void): Module {
  return new Proxy(fs, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === 'promises') return watched(value as object, see);
      if (typeof value !== 'function') return value;
      return new Proxy(value, {
        apply(called, self, [file, ...more]) {
          if (typeof file === 'string' || Buffer.isBuffer(file)) see(path.resolve(String(file)));
          if (file instanceof URL) see(fileURLToPath(file));
          return Reflect.apply(called, self, [file, ...more]);
        },
      });
    },
  });
}

/** The file name that stands for the bundle in a stack trace. */
const label = 'course-module.js';
const places = /\bcourse-module\.js:(\d+):(\d+)/g;

type Wrapper = (exports: object, require: unknown, module: object, file: string, folder: string) => void;

/** Evaluates code as Node.js does for a file, but in the current globals, because a test has its own. */
function runModule(code: string): Wrapper {
  const source = `(function (exports, require, module, __filename, __dirname) {${code}\n})\n//# sourceURL=${label}`;
  // biome-ignore lint/security/noGlobalEval: it is the instructor's own code, as in a file that is required.
  return globalThis.eval(source) as Wrapper;
}

interface Compiled {
  readonly code: string;
  readonly map: SourceMap;
  /** Full paths. */
  readonly inputs: readonly string[];
}

function compile(root: string, file: string): Compiled {
  // Loaded here because students have neither esbuild nor a solution.
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  try {
    const { outputFiles, metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: [file],
      outdir: root,
      entryNames: label.replace(/\.js$/, ''),
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      logLevel: 'silent',
      sourcemap: 'external',
      sourcesContent: false,
      metafile: true,
      write: false,
    });
    const textOf = (end: string) => outputFiles.find((output) => output.path.endsWith(end))?.text ?? '';
    // The compiler's list of inputs leaves out its settings.
    const inputs = [...Object.keys(metafile.inputs), 'tsconfig.json'].map((input) =>
      path.resolve(root, input),
    );
    return { code: textOf('.js'), map: new SourceMap(JSON.parse(textOf('.map'))), inputs };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (!first) throw error;
    const { location } = first;
    const place = location ? `${location.file}:${location.line}:${location.column + 1}` : undefined;
    throw new ModuleError(first.text, place);
  }
}

/** The first place in an error's stack that is in a course file, not in a package. */
function placeInModule(error: unknown, map: SourceMap): string | undefined {
  const { stack = '' } = (error ?? {}) as Partial<Error>;
  for (const [, line, column] of stack.matchAll(places)) {
    const found = map.findEntry(Number(line) - 1, Number(column) - 1);
    if ('originalSource' in found && !/(?:^\.\.|\bnode_modules)\//.test(found.originalSource))
      return `${found.originalSource}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  }
  return undefined;
}

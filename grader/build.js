// JavaScript, because it runs before anything can read TypeScript.
require('./supported-path');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');
const vm = require('node:vm');

const root = path.join(__dirname, '..');

/** @type {import('esbuild').BuildOptions} */
const forBrowsers = {
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  sourcemap: false,
  footer: {},
};

/** Reflections are parsed without links, so students' programs omit the packages that find and write URLs. */
const noLinks = './grader/page/client/linkify-stub.ts';
const withoutLinks = { 'linkify-it': noLinks, mdurl: noLinks, 'punycode.js': noLinks };

/**
 * Every program that is built, and its entry point. Programs that Node.js can start with export `main`.
 *
 * @satisfies {Record<string, import('esbuild').BuildOptions>}
 */
const programs = {
  /** For students and hosts. Needs only Node.js, and Jest if each cell is to be a test. */
  grade: { entryPoints: ['grader/cli.ts'], alias: withoutLinks },
  instructor: { entryPoints: ['grader/instructor.ts'] },
  tools: { entryPoints: ['grader/testing/cli.ts'] },
  /** The page that needs no install. package.json names the browser version of the Node.js code. */
  page: {
    ...forBrowsers,
    entryPoints: ['grader/page/client/main.ts'],
    alias: withoutLinks,
  },
  style: { ...forBrowsers, entryPoints: ['grader/page/style.css'] },
};

/** Separate programs, and packages that may not be installed everywhere a program runs. */
const external = ['esbuild', 'jest', 'playwright-core', 'typescript'];

const common = /** @type {const} */ ({
  absWorkingDir: root,
  outdir: 'out',
  // Keeps a program identical when packages are linked from elsewhere.
  preserveSymlinks: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  sourcemap: 'external',
  // Runs the program if Node.js was started with it.
  footer: { js: 'if (require.main === module) module.exports.main();' },
  metafile: true,
  write: false,
});

/** Files that every program depends on, besides its own sources. */
const settings = ['grader/build.js', 'package.json', 'tsconfig.json', 'node_modules/.package-lock.json'];

/** Starts the trailer of a cached program: its length, and the state of each of its inputs. */
const mark = '\n// Made of ';

/** A message for the person who changed the sources. */
class BuildError extends Error {
  /** @override */
  name = 'BuildError';
}

/**
 * @typedef {object} Program
 * @property {string} code
 * @property {readonly string[]} inputs the files it was built from, as paths from the root of this repository.
 * @property {string} file its path in the cache, with its source map beside it.
 * @property {string} [id] identifies exactly this code; absent if the program is not cached.
 */

/**
 * Returns a program, rebuilt if any of its inputs has changed.
 *
 * @param {keyof typeof programs} name
 * @param {string} [folder] the cache folder; if it is not writable, a temporary folder is used instead.
 * @returns {Program}
 * @throws {BuildError} that says where and why it does not compile, or that packages are not installed.
 */
function program(name, folder = path.join(root, '.graded', 'build')) {
  const known = kept(name, folder);
  if (known) return known;
  const place = isWritable(folder) ? folder : temporaryFolder();
  return (place === folder ? undefined : kept(name, place)) ?? build(name, place);
}

/** @param {string} name @param {string} folder @returns {Program | undefined} */
function kept(name, folder) {
  try {
    const file = path.join(folder, `${name}.js`);
    const text = fs.readFileSync(file, 'utf8');
    const end = text.lastIndexOf(mark);
    const { length, states } = JSON.parse(text.slice(end + mark.length));
    const inputs = Object.keys(states);
    const isCurrent = length === end && inputs.every((input) => stateOf(input) === states[input]);
    return isCurrent ? { code: text.slice(0, end), inputs, file, id: idOf(text.slice(end)) } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {keyof typeof programs} name @param {string} folder @returns {Program} */
function build(name, folder) {
  const started = Date.now();
  const { outputFiles, inputs: sources } = bundle(name);
  const textOf = (/** @type {RegExp} */ kind) => outputFiles.find((output) => kind.test(output.path))?.text;
  const [code = '', map] = [textOf(/\.(?:js|css)$/), textOf(/\.map$/)];
  const inputs = [...sources, ...settings];
  const file = path.join(folder, `${name}.js`);
  const built = { code, inputs, file };
  try {
    const states = Object.fromEntries(inputs.map((input) => [input, stateOf(input)]));
    // A very recent change may or may not have been read, so the next run rebuilds.
    const isSettled = inputs.every((input) => fs.statSync(path.join(root, input)).ctimeMs < started - 100);
    for (const other of fs
      .readdirSync(folder)
      .filter((entry) => entry.startsWith(`${name}.js.`) && entry.endsWith('.cache')))
      fs.rmSync(path.join(folder, other), { force: true });
    if (map !== undefined) replaceFile(`${file}.map`, map);
    if (!isSettled) return built;
    const record = `${mark}${JSON.stringify({ length: code.length, states })}`;
    replaceFile(file, `${code}${record}`);
    return { ...built, id: idOf(record) };
  } catch {
    // The program is built on every run.
    return built;
  }
}

/** Identifies a program by the record of its inputs. @param {string} record */
function idOf(record) {
  return createHash('sha1').update(record).digest('hex').slice(0, 16);
}

/** @param {keyof typeof programs} name */
function bundle(name) {
  try {
    /** @type {typeof import('esbuild')} */
    const { buildSync } = require('esbuild');
    const { outputFiles = [], metafile } = buildSync({ ...common, ...programs[name] });
    return { outputFiles, inputs: Object.keys(metafile?.inputs ?? {}) };
  } catch (error) {
    const { code, errors } = /** @type {NodeJS.ErrnoException & Partial<import('esbuild').BuildFailure>} */ (
      error
    );
    if (code === 'MODULE_NOT_FOUND')
      throw new BuildError('Some packages are not installed. Run npm ci, and then run this again.');
    const lines = errors?.map(({ location, text }) => {
      const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : '';
      return `${place}${text}`;
    });
    throw lines ? new BuildError(lines.join('\n')) : error;
  }
}

/** The size and modification times of a file, to detect changes. @param {string} input path from the root. */
function stateOf(input) {
  const { size, mtimeMs, ctimeMs } = fs.statSync(path.join(root, input));
  return `${size} ${mtimeMs} ${ctimeMs}`;
}

/**
 * Writes a file atomically, so that other processes can read or write it safely.
 *
 * @param {string} file
 * @param {string | Buffer} content
 */
function replaceFile(file, content) {
  const beside = `${file}.${process.pid}`;
  fs.writeFileSync(beside, content);
  fs.renameSync(beside, file);
}

/** @param {string} folder is created if it does not exist. */
function isWritable(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A temporary folder that nobody else can write to, because programs are run from it. */
function temporaryFolder() {
  const uid = process.getuid?.();
  const folder = path.join(os.tmpdir(), `graded-${uid ?? 'programs'}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = fs.lstatSync(folder);
  const isOwn = uid === undefined || (stats.uid === uid && (stats.mode & 0o022) === 0);
  if (!stats.isDirectory() || !isOwn) return fs.mkdtempSync(path.join(os.tmpdir(), 'graded-'));
  const place = path.join(folder, Buffer.from(root).toString('base64url').slice(-100));
  fs.mkdirSync(place, { recursive: true });
  return place;
}

/**
 * Runs a program as if it were the module's own file, so the module exports what the program does. If Node.js was
 * started with this module, the program's `main` runs too.
 *
 * @param {'grade' | 'instructor' | 'tools'} name
 * @param {NodeJS.Module} module
 */
function load(name, module) {
  /** @type {Program} */
  let built;
  try {
    built = program(name);
  } catch (error) {
    if (require.main !== module) throw error;
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
    return;
  }
  if (process.env.DEBUG) runTraced(built, module);
  else runCompiled(built, module);
}

/**
 * Runs a program with source maps, so that stack traces point into its sources.
 *
 * @param {Program} program
 * @param {NodeJS.Module} module
 */
function runTraced({ code, file }, module) {
  const steps = path.relative(path.dirname(module.filename), `${file}.map`).split(path.sep);
  process.setSourceMapsEnabled(true);
  // @ts-expect-error: what Node.js does with a file, and what each compiler that hooks into it uses.
  module._compile(
    `${code}\n//# sourceMappingURL=${steps.map(encodeURIComponent).join('/')}\n`,
    module.filename,
  );
}

/**
 * Runs a program as Node.js does, with V8's code cache from an earlier run. This saves a fifth of the time of a short
 * command.
 *
 * @param {Program} program
 * @param {NodeJS.Module} module
 */
function runCompiled({ code, file, id }, module) {
  const { filename } = module;
  // V8 tells programs apart only by length, and crashes on a cache from another version of Node.js.
  const cache = id && `${file}.${id}.${process.version}-${process.arch}.cache`;
  const script = new vm.Script(Module.wrap(code), {
    filename,
    cachedData: cache ? readCache(cache) : undefined,
  });
  script.runInThisContext()(
    module.exports,
    Module.createRequire(filename),
    module,
    filename,
    path.dirname(filename),
  );
  // At exit, everything that such a command needs has been compiled.
  if (cache && script.cachedDataRejected !== false)
    process.once('exit', () => {
      try {
        replaceFile(cache, script.createCachedData());
      } catch {
        // The program is compiled on every run.
      }
    });
}

/** @param {string} cache */
function readCache(cache) {
  try {
    return fs.readFileSync(cache);
  } catch {
    return undefined;
  }
}

module.exports = { load, program };

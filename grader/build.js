// JavaScript, for it runs before anything can read TypeScript.
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

/** Reflections are read without links, so students' programs do without the packages that find and write addresses. */
const noLinks = './grader/instructor/page/client/linkify-stub.ts';
const withoutLinks = { 'linkify-it': noLinks, mdurl: noLinks, 'punycode.js': noLinks };

/**
 * Everything that is built, and where each begins. What Node.js can be started with exports `main`.
 *
 * @satisfies {Record<string, import('esbuild').BuildOptions>}
 */
const programs = {
  /** For students and hosts: it needs nothing but Node.js, and Jest where each cell is to be a test. */
  grade: { entryPoints: ['grader/cli.ts'], alias: withoutLinks },
  instructor: { entryPoints: ['grader/instructor/cli.ts'] },
  /** A thread that grades a part of a class. */
  worker: { entryPoints: ['grader/instructor/class/results/worker.ts'], footer: {}, sourcemap: false },
  tools: { entryPoints: ['grader/testing/cli.ts'] },
  /** The page that needs no install; package.json says what a browser has in the place of Node.js. */
  page: {
    ...forBrowsers,
    entryPoints: ['grader/instructor/page/client/main.ts'],
    alias: withoutLinks,
  },
  /** Counts a vote in class. */
  poll: { ...forBrowsers, entryPoints: ['grader/instructor/class/pages/client/poll.ts'] },
  style: { ...forBrowsers, entryPoints: ['grader/instructor/page/style.css'] },
};

/** Programs of their own, and what not every program that runs has installed. */
const external = ['esbuild', 'jest', 'playwright-core', 'typescript'];

const common = /** @type {const} */ ({
  absWorkingDir: root,
  outdir: 'out',
  // Where packages are linked from elsewhere, a program is the same.
  preserveSymlinks: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  sourcemap: 'external',
  // Where a program is what Node.js was started with.
  footer: { js: 'if (require.main === module) module.exports.main();' },
  metafile: true,
  write: false,
});

/** Files that every program depends on, beside its own sources. */
const settings = ['grader/build.js', 'package.json', 'tsconfig.json', 'node_modules/.package-lock.json'];

/** Begins the end of a kept program: its length, and the state of all that it was made of. */
const mark = '\n// Made of ';

/** A message for the person who changed the sources. */
class BuildError extends Error {
  /** @override */
  name = 'BuildError';
}

/**
 * @typedef {object} Program
 * @property {string} code
 * @property {readonly string[]} inputs what it was made of, as paths from the root of this repository.
 * @property {string} file where it is kept, with its source map beside it.
 * @property {string} [id] of just this code; without one it is not kept.
 */

/**
 * A program, built anew where something that it was made of has changed.
 *
 * @param {keyof typeof programs} name
 * @param {string} [folder] where it is kept; if that cannot be written, it is kept among the temporary files.
 * @returns {Program}
 * @throws {BuildError} that says where and why it does not compile, or what is not installed.
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
    // A change just now may have been read or not, so the next run builds anew.
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
    // It is built each time.
    return built;
  }
}

/** Tells a program from all others: what it was made of does. @param {string} record */
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

/** How the system last saw a file change. @param {string} input path from the root. */
function stateOf(input) {
  const { size, mtimeMs, ctimeMs } = fs.statSync(path.join(root, input));
  return `${size} ${mtimeMs} ${ctimeMs}`;
}

/** Writes a file in one step, safe against others that read or write it. @param {string} file @param {string | Buffer} content */
function replaceFile(file, content) {
  const beside = `${file}.${process.pid}`;
  fs.writeFileSync(beside, content);
  fs.renameSync(beside, file);
}

/** @param {string} folder is made where it is not there. */
function isWritable(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A folder that nobody else can write to: programs are run from it. */
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
 * Makes a module what a program exports, as if the program lay in its file. Started with it, Node.js runs the program.
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

/** Runs a program so that stacks tell places in its sources. @param {Program} program @param {NodeJS.Module} module */
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
 * Runs a program as Node.js does, with what V8 made of it the last time, which saves a fifth of a short command.
 *
 * @param {Program} program
 * @param {NodeJS.Module} module
 */
function runCompiled({ code, file, id }, module) {
  const { filename } = module;
  // V8 tells programs apart by their length alone, and crashes with what another version of Node.js has kept.
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
  // By then all has been compiled that such a command takes.
  if (cache && script.cachedDataRejected !== false)
    process.once('exit', () => {
      try {
        replaceFile(cache, script.createCachedData());
      } catch {
        // It is compiled each time.
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

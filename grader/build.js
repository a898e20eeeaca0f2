// JavaScript, because it runs before anything can read TypeScript.
const fs = require('node:fs');
const path = require('node:path');
const { noticesOf } = require('./notices');

const root = path.join(__dirname, '..');

/** @type {import('esbuild').BuildOptions} */
const forBrowsers = {
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  footer: {},
};

/** Reflections are parsed without links, so students' programs leave out the packages that find and write URLs. */
const noLinks = './grader/page/client/linkify-stub.ts';

/** Only the part of the archive library that reads. */
const readingZips = { '@zip.js/zip.js': '@zip.js/zip.js/lib/zip-core-custom.js' };

const forStudents = { ...readingZips, 'linkify-it': noLinks, mdurl: noLinks, 'punycode.js': noLinks };

/** In a browser, tables are read and written without Node.js's buffers. */
const tablesInBrowsers = {
  'csv-parse/sync': 'csv-parse/browser/esm/sync',
  'csv-stringify/sync': 'csv-stringify/browser/esm/sync',
};

/**
 * Every program that is built, and its entry point. Programs that Node.js can start with export `main`.
 *
 * @satisfies {Record<string, import('esbuild').BuildOptions>}
 */
const programs = {
  /** For students and hosts. Needs only Node.js, and Jest to make each cell a test. */
  grade: { entryPoints: ['grader/cli.ts'], alias: forStudents },
  instructor: { entryPoints: ['grader/instructor.ts'] },
  tools: { entryPoints: ['bench/cli.ts'] },
  /** The page that needs no install. package.json maps the Node.js code to its browser version. */
  page: {
    ...forBrowsers,
    entryPoints: ['grader/page/client/worksheet.ts'],
    alias: forStudents,
  },
  style: { ...forBrowsers, entryPoints: ['grader/page/style.css'] },
  /** The page in which staff grade a class. */
  gradingPage: {
    ...forBrowsers,
    entryPoints: ['grader/grading-page/client/grading.ts'],
    alias: { ...forStudents, ...tablesInBrowsers },
  },
};

/** Separate programs, and packages that may be missing where a program runs. */
const external = ['esbuild', 'jest', 'playwright-core', 'typescript'];

const common = /** @type {const} */ ({
  absWorkingDir: root,
  outdir: 'out',
  alias: readingZips,
  // Keeps a program the same when packages are linked from elsewhere.
  preserveSymlinks: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  // Runs the program if it was started directly by Node.js.
  footer: { js: 'if (require.main === module) module.exports.main();' },
  metafile: true,
  write: false,
});

/** Files that every program depends on, besides its own sources. */
const settings = ['grader/build.js', 'package.json', 'tsconfig.json', 'node_modules/.package-lock.json'];

/** The programs of a grader that was installed as a package, without its sources. */
const programsFolder = path.join(__dirname, 'programs');
const isPacked = fs.existsSync(programsFolder);

/** Begins the last line of a kept program, which contains everything about it except the code. */
const mark = '\n// Made of ';

/**
 * @typedef {object} Program
 * @property {string} code
 * @property {readonly string[]} inputs the files it was built from, as paths from the root of this repository.
 * @property {string} notices the owners and licenses of the code in it.
 */

/**
 * Returns a program: the kept one if it is newer than all of its inputs, otherwise a new one.
 *
 * @param {keyof typeof programs} name
 * @returns {Program}
 * @throws {Error} called `BuildError`, whose message says where and why it does not compile, or that packages are not
 *   installed.
 */
function program(name, folder = isPacked ? programsFolder : path.join(root, '.graded', 'build')) {
  const file = path.join(folder, `${name}.js`);
  try {
    const text = fs.readFileSync(file, 'utf8');
    const end = text.lastIndexOf(mark);
    /** @type {Omit<Program, 'code'>} */
    const { inputs, notices } = JSON.parse(text.slice(end + mark.length));
    const { mtimeMs } = fs.statSync(file);
    // Compare ctime: unlike mtime, nothing can set it, such as an archive that unpacks old files.
    if (isPacked || inputs.every((input) => fs.statSync(path.join(root, input)).ctimeMs < mtimeMs))
      return { code: text.slice(0, end), inputs, notices };
  } catch {
    // No program was kept, or one of its inputs is gone.
  }
  const started = Date.now();
  const { code, ...made } = build(name);
  try {
    fs.mkdirSync(folder, { recursive: true });
    const beside = `${file}.${process.pid}`;
    fs.writeFileSync(beside, `${code}${mark}${JSON.stringify(made)}`);
    // An input that changes during the build has to count as newer. File system clocks lag by some milliseconds.
    const madeAt = new Date(started - 100);
    fs.utimesSync(beside, madeAt, madeAt);
    // Replace it in one step, because other processes may be reading or writing it.
    fs.renameSync(beside, file);
  } catch {
    // If nothing can be written, every run builds the program.
  }
  return { code, ...made };
}

/**
 * @param {keyof typeof programs} name
 * @param {import('esbuild').BuildOptions} [more]
 * @returns {Program}
 */
function build(name, more) {
  try {
    /** @type {typeof import('esbuild')} */
    const { buildSync } = require('esbuild');
    const { outputFiles: [output] = [], metafile } = buildSync({ ...common, ...programs[name], ...more });
    const sources = Object.keys(metafile?.inputs ?? {});
    return { code: output?.text ?? '', inputs: [...sources, ...settings], notices: noticesOf(sources) };
  } catch (error) {
    const { code, errors } = /** @type {NodeJS.ErrnoException & Partial<import('esbuild').BuildFailure>} */ (
      error
    );
    if (code !== 'MODULE_NOT_FOUND' && !errors) throw error;
    const lines = errors?.map(({ location, text }) =>
      location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text,
    ) ?? ['Some packages are not installed. Run npm ci, and then run this again.'];
    throw Object.assign(new Error(lines.join('\n')), { name: 'BuildError' });
  }
}

/**
 * Runs a program as if it were the module's own file, so that the module exports what the program exports. If Node.js
 * was started with this module, also runs the program's `main`.
 *
 * @param {'grade' | 'instructor' | 'tools'} name
 * @param {NodeJS.Module} module
 */
function load(name, module) {
  const isTraced = Boolean(process.env.DEBUG) && !isPacked;
  process.setSourceMapsEnabled(isTraced);
  try {
    // With source maps, stack traces point into the sources.
    const { code } = isTraced ? build(name, { sourcemap: 'inline' }) : program(name);
    // @ts-expect-error: untyped. Node.js runs files through it, and compilers hook into it.
    module._compile(code, module.filename);
  } catch (error) {
    const isForeseen = error instanceof Error && error.name === 'BuildError';
    if (!isForeseen || require.main !== module) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

module.exports = { isPacked, load, noticesOf, program, programsFolder };

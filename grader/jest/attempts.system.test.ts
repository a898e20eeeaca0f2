import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { seal } from '../authoring/release/seal';
import type { Report } from '../grading/report.schema';
import { noKey } from '../key/key';
import { sealedKeyFile } from '../key/sealed';
import { readAttempts } from '../submission/attempts';
import { againRubric, againSolution, againYaml, rightAgain, rightFirst, twoTables } from '../testing/again';
import { newCopy, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { gradeTexts } from '../testing/grade';
import { runGrade, runJest } from '../testing/run';
import { notesOf } from '../testing/worksheet';
import { keepAttempts, WatchedAttempts } from './attempts';

afterAll(removeFolders);

const { CI } = process.env;
// A CI machine keeps no attempts; these tests are about a student's machine.
beforeEach(() => {
  delete process.env.CI;
});
afterEach(() => {
  if (CI === undefined) delete process.env.CI;
  else process.env.CI = CI;
});

const attempts = 'work/attempts.jsonl';
const reportOf = (text: string): Promise<Report> => gradeTexts(text, notesOf(), noKey, againRubric);

/** Returns the attempts that a folder keeps, as `basket 7,11`. */
function keptIn(root: string): string[] | undefined {
  const file = path.join(root, attempts);
  if (!existsSync(file)) return undefined;
  return readAttempts(readFileSync(file, 'utf8'), againRubric).attempts.map(
    ({ row, values }) => `${row} ${values}`,
  );
}

function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const root = newFolder();
  writeFiles(root, { 'work/boxes.ts': '', ...files });
  return root;
}

test('npm test keeps what marks were asked for, and grade keeps nothing', async () => {
  const copy = newCopy({
    'rubric.yaml': againYaml,
    [sealedKeyFile]: JSON.stringify(await seal(againRubric, againSolution)),
    'work/boxes.ts': twoTables(rightFirst, { basket: rightAgain.basket }),
    'work/notes.md': notesOf(),
  });
  runGrade(copy);
  expect(keptIn(copy)).toBeUndefined();
  runJest(copy);
  expect(keptIn(copy)).toEqual(['basket 7,11', 'crate 7,13']);
  expect(readdirSync(path.join(copy, 'work')).sort()).toEqual(['attempts.jsonl', 'boxes.ts', 'notes.md']);
  process.env.CI = 'true';
  writeFiles(copy, { 'work/boxes.ts': twoTables({ basket: [7, 24] }) });
  runJest(copy);
  expect(keptIn(copy)).toHaveLength(2);
});

test.each([
  ['where the course has its solution', { 'solution/index.ts': '' }, againRubric],
  ['where no marks are told', {}, { ...againRubric, selfCheck: 'form' as const }],
  ['where the course keeps none', {}, { ...againRubric, keepsAttempts: false }],
  ['where the student has turned it off', { [attempts]: 'off\n' }, againRubric],
  ['where a line turns it off', { [attempts]: 'Off.\n{"run":1}\n' }, againRubric],
])('nothing is kept %s', async (_name, files, rubric) => {
  const root = folderWith(files);
  keepAttempts(root, rubric, await reportOf(twoTables(rightFirst)));
  expect(keptIn(root) ?? []).toEqual([]);
});

test('nothing is written through a link, and grading goes on', async () => {
  const [root, elsewhere] = [folderWith(), newFolder()];
  const target = path.join(elsewhere, 'mine.txt');
  writeFileSync(target, 'mine');
  symlinkSync(target, path.join(root, attempts));
  keepAttempts(root, againRubric, await reportOf(twoTables(rightFirst)));
  expect(readFileSync(target, 'utf8')).toBe('mine');
  expect(lstatSync(path.join(root, attempts)).isSymbolicLink()).toBe(true);
});

test('nor where a folder stands in its place', async () => {
  const root = folderWith();
  mkdirSync(path.join(root, attempts));
  keepAttempts(root, againRubric, await reportOf(twoTables(rightFirst)));
  expect(readdirSync(path.join(root, attempts))).toEqual([]);
  expect(readdirSync(path.join(root, 'work')).sort()).toEqual(['attempts.jsonl', 'boxes.ts']);
});

test('while somebody types, a row is kept once it has been as it is for a while', async () => {
  const root = folderWith();
  const watched = new WatchedAttempts(root, againRubric, 200);
  watched.see(await reportOf(twoTables({ basket: [7, 1], crate: [7, 13] })));
  await setTimeout(100);
  watched.see(await reportOf(twoTables({ basket: [7, 11], crate: [7, 13] })));
  expect(keptIn(root)).toBeUndefined();
  await setTimeout(450);
  expect(keptIn(root)?.sort()).toEqual(['basket 7,11', 'crate 7,13']);
});

test('two partners who run, commit and merge both ways get no conflict, and keep the lines of both', async () => {
  const [ours, theirs] = [newFolder(), newFolder()];
  const git = (cwd: string, ...args: string[]) => {
    const own = ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...own, ...args], { cwd, encoding: 'utf8' });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  };
  const run = async (root: string, text: string) => {
    keepAttempts(root, againRubric, await reportOf(text));
    git(root, 'add', '.');
    git(root, 'commit', '-q', '-m', 'run');
  };
  git(ours, 'init', '-q', '-b', 'main');
  writeFiles(ours, {
    '.gitattributes': `* text=auto eol=lf\n${attempts} merge=union\n`,
    'work/boxes.ts': '',
  });
  git(ours, 'add', '.');
  git(ours, 'commit', '-q', '-m', 'handout');
  git(theirs, 'clone', '-q', ours, '.');
  await run(ours, twoTables({ basket: [7, 24] }));
  await run(theirs, twoTables({ crate: [7, 14] }));
  git(theirs, 'pull', '-q', '--no-rebase', '--no-edit', ours, 'main');
  await run(theirs, twoTables(rightFirst));
  await run(ours, twoTables({ basket: [7, 25] }));
  git(ours, 'pull', '-q', '--no-rebase', '--no-edit', theirs, 'main');
  git(theirs, 'pull', '-q', '--no-rebase', '--no-edit', ours, 'main');
  const all = ['basket 7,11', 'basket 7,24', 'basket 7,25', 'crate 7,13', 'crate 7,14'];
  expect([keptIn(ours)?.sort(), keptIn(theirs)?.sort()]).toEqual([all, all]);
});

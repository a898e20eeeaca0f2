import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { npmCli, type PackageFile, prunedLock } from '../../system/packages';
import { newFolder, packageRoot, removeFolders, writeFiles } from '../../testing/folders';

afterAll(removeFolders);

const own = (name: string) => readFileSync(path.join(packageRoot, name), 'utf8');
const {
  dependencies = {},
  devDependencies = {},
  engines,
} = JSON.parse(own('package.json')) as PackageFile & {
  devDependencies: Record<string, string>;
};
const asking = (...names: string[]): PackageFile => ({
  name: 'fruit',
  version: '1.2.3',
  license: 'MIT',
  dependencies: Object.fromEntries(
    names.map((name) => [name, { ...dependencies, ...devDependencies }[name] ?? '']),
  ),
  engines,
});

test.each([
  ['what students run', ['jest', 'typescript']],
  ['all that is installed', Object.keys(dependencies)],
])('a lock is pruned to %s as npm prunes it', (_name, names) => {
  const folder = newFolder();
  const wanted = asking(...names);
  writeFiles(folder, {
    'package.json': JSON.stringify(wanted),
    'package-lock.json': own('package-lock.json'),
    '.npmrc': 'omit-lockfile-registry-resolved=true\n',
  });
  const install = ['install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit'];
  expect(spawnSync(process.execPath, [npmCli(), ...install], { cwd: folder }).status).toBe(0);
  const byNpm = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8'));
  expect(prunedLock(own('package-lock.json'), wanted)).toEqual(byNpm);
});

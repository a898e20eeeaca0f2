import { existsSync } from 'node:fs';
import path from 'node:path';
import { graderRoot, readText, resolvePath } from './files';

type Names = Readonly<Record<string, unknown>>;

/** The content of the package.json of a course or of the grader. */
export function packageIn(root: string): PackageFile {
  return JSON.parse(readText(root, 'package.json')) as PackageFile;
}

/** The name by which a course depends on the grader. */
export const graderName = 'worksheet-grader';

/** The lock file that a package may bring along, because npm packs no package-lock.json. */
export const packedLock = 'npm-shrinkwrap.json';

/** The lock of the grader's own packages. */
export function graderLock(): string {
  const isPacked = existsSync(resolvePath(graderRoot, packedLock));
  return readText(graderRoot, isPacked ? packedLock : 'package-lock.json');
}

/** A package as a package.json and a package-lock.json describe it. */
export interface PackageFile {
  readonly description?: string;
  readonly engines?: { readonly node: string };
  readonly dependencies?: Names;
  readonly devDependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly [field: string]: unknown;
}

/**
 * Prunes a lock file to what a package needs. As in npm, a name means the package in the closest `node_modules/`.
 *
 * @param lock the text of a package-lock.json that contains everything needed.
 */
export function prunedLock(
  lock: string,
  { name, version, license, dependencies = {}, engines }: PackageFile,
) {
  const { packages, ...rest } = JSON.parse(lock) as { packages: Readonly<Record<string, PackageFile>> };
  const packagePathOf = (wanted: string, folder: string): string => {
    const packagePath = path.posix.join(folder, 'node_modules', wanted);
    if (packages[packagePath] || folder === '') return packagePath;
    return packagePathOf(wanted, folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/'))));
  };
  const needed = new Set<string>();
  const addAll = (names: readonly string[], folder: string) => {
    for (const packagePath of names.map((name) => packagePathOf(name, folder))) {
      if (needed.has(packagePath)) continue;
      needed.add(packagePath);
      const neededPackage = packages[packagePath] ?? {};
      // Skip peer dependencies: those that students need are also ordinary dependencies of another package.
      addAll(
        Object.keys({ ...neededPackage.dependencies, ...neededPackage.optionalDependencies }),
        packagePath,
      );
    }
  };
  addAll(Object.keys(dependencies), '');
  const kept = Object.entries(packages)
    .filter(([packagePath]) => needed.has(packagePath))
    // Everything left is needed even by people who only use the package.
    .map(([packagePath, { dev, ...rest }]) => [packagePath, rest]);
  const root = { name, version, license, dependencies, engines };
  return { ...rest, name, version, packages: { '': root, ...Object.fromEntries(kept) } };
}

/**
 * The npm script, for Node.js to run: on Windows, the npm command would need a shell. npm itself says where the script
 * is.
 */
export function npmCli(): string {
  const beside = path.resolve(process.execPath, '../../lib/node_modules/npm/bin/npm-cli.js');
  return process.env.npm_execpath ?? beside;
}

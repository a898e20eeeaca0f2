import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { preProcessFile } from 'typescript';
import { readText, resolvePath } from '../files';

/** What one file of TypeScript or JavaScript imports. */
export interface Imports {
  /** Files below the same root, with forward slashes; as written, where there is none. */
  readonly files: readonly string[];
  /** Packages, by name. */
  readonly packages: readonly string[];
}

export function importsOf(root: string, file: string): Imports {
  const names = preProcessFile(readText(root, file), true, true).importedFiles.map(
    ({ fileName }) => fileName,
  );
  const relative = names.filter((name) => name.startsWith('.'));
  return {
    files: relative.map((name) => resolve(root, path.posix.join(path.posix.dirname(file), name))),
    packages: names.filter((name) => !name.startsWith('.') && !isBuiltin(name)).map(packageOf),
  };
}

function resolve(root: string, name: string): string {
  const endings = ['', '.ts', '.d.ts', '.js', '.json', '/index.ts', '/index.js'];
  const isFile = (file: string) => existsSync(resolvePath(root, file)) && path.posix.extname(file) !== '';
  return endings.map((ending) => `${name}${ending}`).find(isFile) ?? `${name}.ts`;
}

/** `tsx/cjs` is of `tsx`, and `@types/node/fs` of `@types/node`. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

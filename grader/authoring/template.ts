import path from 'node:path';
import { listFiles, readText } from '../system/files';

/**
 * The texts of a template, by the paths that they get. `_gitignore` stands for `.gitignore`, because npm silently
 * leaves that and `.npmrc` out of a package.
 */
export function templateTexts(folder: string): [file: string, text: string][] {
  return listFiles(folder).map((file) => {
    const { dir, base } = path.posix.parse(file);
    return [path.posix.join(dir, base.replace(/^_/, '.')), readText(folder, file)];
  });
}

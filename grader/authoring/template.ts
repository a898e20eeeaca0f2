import path from 'node:path';
import { listFiles, readText } from '../system/files';

/**
 * The texts of a template, by the paths that they get. Names such as `_gitignore` become `.gitignore`: npm silently
 * leaves that file and `.npmrc` out of a package.
 */
export function templateTexts(folder: string): [file: string, text: string][] {
  return listFiles(folder).map((file) => {
    const { dir, base } = path.posix.parse(file);
    return [path.posix.join(dir, base.replace(/^_/, '.')), readText(folder, file)];
  });
}

import { readdirSync } from 'node:fs';
import { graderRoot, readText, resolvePath } from './files';
import { groupBy } from './key/group-by';

/**
 * The notices that everyone must pass on with a program: the copyright holders of this grader and of each package in
 * it, and each license text once.
 *
 * @param inputs the files that the program was made of, as paths from the root of this repository.
 */
export function noticesOf(inputs: readonly string[]): string {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  const parts = ['', ...[...new Set(folders)].sort()].map((folder) => {
    const lines = licenseOf(folder)
      .split(/\r?\n/)
      .map((line) => line.trim());
    const isRight = (line: string) => /^\(?(?:copyright|©)/i.test(line);
    const isTitle = (line: string) => /^(?:the )?mit license(?: \(mit\))?$/i.test(line);
    const text = lines.filter((line) => !isRight(line) && !isTitle(line)).join(' ');
    const who = [noticeTitle(folder), ...lines.filter(isRight)].join(': ');
    return { who, text: text.replace(/\s+/g, ' ').trim() };
  });
  return [...groupBy(parts, ({ text }) => text)]
    .map(([text, of]) => [...of.map(({ who }) => who), text].join('\n'))
    .join('\n\n');
}

interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

function packageIn(folder: string): InstalledPackage {
  return JSON.parse(readText(graderRoot, `${folder}/package.json`)) as InstalledPackage;
}

function noticeTitle(folder: string): string {
  const { name, version } = packageIn(folder);
  return folder === '' ? 'The grader' : `${name} ${version}`;
}

function licenseOf(folder: string): string {
  const isLicense = (name: string) => /^(?:licen[cs]e|copying)\b/i.test(name);
  const file = readdirSync(resolvePath(graderRoot, folder)).find(isLicense);
  return file ? readText(graderRoot, `${folder}/${file}`) : `License: ${packageIn(folder).license}`;
}

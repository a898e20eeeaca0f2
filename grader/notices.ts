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
    const { name, version, license } = JSON.parse(readText(graderRoot, `${folder}/package.json`)) as Package;
    const files = readdirSync(resolvePath(graderRoot, folder));
    const file = files.find((entry) => /^(?:licen[cs]e|copying)\b/i.test(entry));
    const lines = (file ? readText(graderRoot, `${folder}/${file}`) : `License: ${license}`)
      .split(/\r?\n/)
      .map((line) => line.trim());
    const isRight = (line: string) => /^\(?(?:copyright|©)/i.test(line);
    const isTitle = (line: string) => /^(?:the )?mit license(?: \(mit\))?$/i.test(line);
    const text = lines.filter((line) => !isRight(line) && !isTitle(line)).join(' ');
    const who = [folder === '' ? 'The grader' : `${name} ${version}`, ...lines.filter(isRight)].join(': ');
    return { who, text: text.replace(/\s+/g, ' ').trim() };
  });
  return [...groupBy(parts, ({ text }) => text)]
    .map(([text, of]) => [...of.map(({ who }) => who), text].join('\n'))
    .join('\n\n');
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

// JavaScript, because programs get their notices while they are being built.
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');

/**
 * The notices that everyone has to pass on with a program: the copyright holders of this grader and of each package in
 * it, and each license text once.
 *
 * @param {readonly string[]} inputs the files that the program was built from, as paths from the root of this
 *   repository.
 */
function noticesOf(inputs) {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  /** @type {Map<string, string[]>} the owners who license their code by a text. */
  const owners = new Map();
  for (const folder of ['', ...[...new Set(folders)].sort()]) {
    const { owner, text } = licenseIn(folder);
    owners.set(text, [...(owners.get(text) ?? []), owner]);
  }
  return [...owners].map(([text, names]) => [...names, text].join('\n')).join('\n\n');
}

/** The owners of a package, and the text of its license without them. @param {string} folder */
function licenseIn(folder) {
  /** @type {(file: string) => string} */
  const read = (file) => fs.readFileSync(path.join(root, folder, file), 'utf8');
  /** @type {Record<string, string>} */
  const { name, version, license } = JSON.parse(read('package.json'));
  const file = fs
    .readdirSync(path.join(root, folder))
    .find((entry) => /^(?:licen[cs]e|copying)\b/i.test(entry));
  const lines = (file ? read(file) : `License: ${license}`).split(/\r?\n/).map((line) => line.trim());
  /** @type {(line: string) => boolean} */
  const isRight = (line) => /^\(?(?:Copyright|©)/.test(line);
  /** @type {(line: string) => boolean} */
  const isTitle = (line) => /^(?:the )?mit license(?: \(mit\))?$/i.test(line);
  const text = lines.filter((line) => !isRight(line) && !isTitle(line)).join(' ');
  const owner = [folder === '' ? 'The grader' : `${name} ${version}`, ...lines.filter(isRight)].join(': ');
  return { owner, text: text.replace(/\s+/g, ' ').trim() };
}

module.exports = { noticesOf };

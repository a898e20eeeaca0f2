import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { listFiles } from './system/files';
import { packageRoot } from './testing/folders';

/** Lines of code, tokens and files. */
type Size = readonly [lines: number, tokens: number, files: number];

const names = ['lines', 'tokens', 'files'] as const;

/** The files of the program: without tests, and without what tests read. */
const isProgram = (file: string) =>
  /\.(?:[cm]?js|ts|css)$/.test(file) &&
  !/\.test\.ts$|^grader\/testing\/|(?:^|\/)(?:fixtures|reference)\//.test(file);

/** `grader/class/pages`; files beside rooms are in the room around them. */
function roomOf(file: string): string {
  const steps = path.posix.dirname(file).split('/');
  if (steps[0] !== 'grader') return steps[0] ?? '';
  return steps.slice(0, steps[1] === 'class' ? 3 : 2).join('/');
}

/** Counts lines that hold code, and tokens. A literal counts by its length, so that code gains nothing in a string. */
function sizeOf(file: string, text: string): Size {
  if (file.endsWith('.css')) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').split('\n');
    return [
      code.filter((line) => line.trim() !== '').length,
      text.split(/[\s{};:,]+/).filter(Boolean).length,
      1,
    ];
  }
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  let tokens = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const parts = node.getChildren(source);
    for (const part of parts) visit(part);
    const width = node.getWidth(source);
    if (parts.length > 0 || width === 0) return;
    tokens +=
      ts.isLiteralExpression(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
        ? Math.ceil(width / 12)
        : 1;
    const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line;
    for (let line = lineAt(node.getStart(source)); line <= lineAt(node.getEnd()); line++) lines.add(line);
  };
  visit(source);
  return [lines.size, tokens, 1];
}

const folders = ['assignment', 'bench', 'examples', 'grader', 'solution'];

/** Folders that programs write. */
const made = /\/(?:node_modules|dist|\.graded)\//;

/** The sizes of all rooms, and of the whole under `all`. */
function measured(): Map<string, Size> {
  const files = folders
    .flatMap((folder) => listFiles(packageRoot, folder))
    .filter((file) => !made.test(file));
  const sizes = new Map<string, Size>();
  for (const file of [...files, 'jest.config.js'].filter(isProgram)) {
    const size = sizeOf(file, readFileSync(path.join(packageRoot, file), 'utf8'));
    for (const name of ['all', roomOf(file)]) {
      const [lines, tokens, count] = sizes.get(name) ?? [0, 0, 0];
      sizes.set(name, [lines + size[0], tokens + size[1], count + size[2]]);
    }
  }
  return sizes;
}

/** The table of CONTRIBUTING: what each room may have. */
function allowed(): Map<string, Size> {
  const text = readFileSync(path.join(packageRoot, 'CONTRIBUTING.md'), 'utf8');
  const rows = text.matchAll(/^\| `?([\w./-]+)`? \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$/gm);
  const number = (digits = '') => Number(digits.replaceAll(',', ''));
  return new Map([...rows].map(([, room = '', ...sizes]) => [room, sizes.map(number) as unknown as Size]));
}

test('the program is no larger than CONTRIBUTING allows', () => {
  const limits = allowed();
  const none: Size = [0, 0, 0];
  const tooLarge = [...measured()].flatMap(([room, size]) =>
    names.flatMap((name, index) => {
      const limit = (limits.get(room) ?? none)[index] ?? 0;
      return (size[index] ?? 0) > limit ? `${room}: ${size[index]} ${name}, and ${limit} are allowed` : [];
    }),
  );
  // Code may move from room to room; the rooms are named where the whole is too large.
  const isTooLarge = tooLarge.some((line) => line.startsWith('all:'));
  expect(limits.get('all')).toBeDefined();
  expect(isTooLarge ? tooLarge : []).toEqual([]);
});

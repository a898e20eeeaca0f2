import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import { newClone, packageRoot, removeFolders } from '../grader/testing/folders';
import { needs } from '../grader/testing/needs';

afterAll(removeFolders);

const docs = readdirSync(path.join(packageRoot, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
const tokensOf = (page: string) =>
  new MarkdownIt({ html: true }).parse(readFileSync(path.join(packageRoot, page), 'utf8'), {});

interface Example {
  readonly commands: string;
  /** The parts of the output that the page shows; `...` stands for any text. */
  readonly prints: string[];
}

/** The blocks of a page that are marked to be run, each with the blocks that show its output. */
function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  let mark = '';
  for (const { type, content } of tokensOf(page)) {
    if (type === 'html_block') mark = content.trim();
    if (type !== 'fence') continue;
    if (mark === '<!-- run -->') examples.push({ commands: content, prints: [] });
    if (mark === '<!-- prints -->') examples.at(-1)?.prints.push(content.trim());
    mark = '';
  }
  return examples;
}

/** Replaces `npm test`, which first runs tests that run here anyway, with the part that follows them. */
function shortened(commands: string): string {
  return commands.replace(/^npm test$/m, 'npm run posttest');
}

let clone: string | undefined;

function shared(): string {
  clone ??= newClone();
  return clone;
}

needs('bash', () => {
  test.each(pages.filter((page) => examplesOf(page).length > 0))(
    'what %s says to run runs, and prints what the page shows',
    (page) => {
      // Only the README's examples begin with a new clone.
      const root = page === 'README.md' ? newClone() : shared();
      const { FORCE_COLOR: _, ...env } = process.env;
      for (const { commands, prints } of examplesOf(page)) {
        // npm ci must not write through the link into this package's own folder.
        if (/\bnpm ci\b/.test(commands)) rmSync(path.join(root, 'node_modules'));
        const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', shortened(commands)], {
          cwd: root,
          encoding: 'utf8',
          env: { ...env, NO_COLOR: '1', INIT_CWD: root, npm_config_prefer_offline: 'true' },
        });
        expect({ commands, status, stderr: status === 0 ? '' : stderr }).toEqual({
          commands,
          status: 0,
          stderr: '',
        });
        for (const shown of prints) {
          const parts = shown
            .split(/\n?\.\.\.\n?/)
            .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
          expect(stdout).toMatch(new RegExp(parts.join('[\\s\\S]*')));
        }
      }
    },
    300_000,
  );
});

test.each(pages)('each link and picture of %s leads to a file that is there', (page) => {
  const destinations = tokensOf(page).flatMap(({ children }) =>
    (children ?? []).flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? []),
  );
  const gone = destinations
    .map(String)
    .filter((link) => !/^(?:[a-z]+:|#)/.test(link))
    .filter((link) => !existsSync(path.join(packageRoot, path.dirname(page), link.replace(/#.*$/, ''))));
  expect(gone).toEqual([]);
});

test('every picture has a text in its place', () => {
  const pictures = pages.flatMap((page) =>
    tokensOf(page).flatMap(({ children }) => (children ?? []).filter(({ type }) => type === 'image')),
  );
  expect(pictures.length).toBeGreaterThan(0);
  for (const { content } of pictures) expect(content.length).toBeGreaterThan(40);
});

test('every command of this package stands in the reference, and the reference names no other', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const own = Object.keys(scripts).filter((name) => !name.startsWith('post'));
  const text = readFileSync(path.join(packageRoot, 'docs', 'reference.md'), 'utf8');
  const named = [...text.matchAll(/npm (?:run (?:--silent )?)?([\w:-]+)/g)].map(([, name = '']) => name);
  expect([...new Set(named)].sort()).toEqual(own.sort());
});

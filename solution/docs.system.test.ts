import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import MarkdownIt from 'markdown-it';
import { escapeRegExp } from '../grader/system/lists';
import { newClone, newFolder, packageRoot, writeFiles } from '../grader/testing/folders';
import { Hub } from '../grader/testing/hub';
import { pictures } from '../grader/testing/images';
import { needs } from '../grader/testing/needs';

const docs = readdirSync(path.join(packageRoot, 'docs')).filter((name) => name.endsWith('.md'));
const read = (page: string) => readFileSync(path.join(packageRoot, page), 'utf8');
const tokensOf = (page: string) => new MarkdownIt({ html: true }).parse(read(page), {});

const hub = new Hub();
hub.org = 'my-course';
/** A clone in which every command of the docs runs once, whatever page it is on. */
const clone = path.join(newFolder('a course (1) [é]'), 'course');
/** The output of each command. `npm ci` has none, because packages are linked into the clone. */
const printed = new Map([['npm ci', '']]);
const { FORCE_COLOR: _, ...own } = process.env;
let env: NodeJS.ProcessEnv = { ...own, NO_COLOR: '1', INIT_CWD: clone };

beforeAll(() => renameSync(newClone(), clone));

needs('bash', () => {
  test('what the documentation says to run runs, and prints what the page shows', async () => {
    for (const { commands, prints } of blocksOf('run')) {
      const stdout = await run(commands);
      for (const shown of prints) {
        const parts = shown.split(/\n?\.\.\.\n?/).map(escapeRegExp);
        expect(stdout).toMatch(new RegExp(parts.join('[\\s\\S]*')));
      }
    }
    // In the demo's class, only one student writes something that could harm a reader.
    const responses = readFileSync(path.join(clone, 'out.demo', 'responses.csv'), 'utf8');
    expect(responses.match(/still not sure/g)?.length).toBeGreaterThan(20);
    expect(
      new Set(
        responses
          .split('\n')
          .filter((line) => line.includes('HYPERLINK'))
          .map((line) => line.split(',')[0]),
      ).size,
    ).toBe(1);
  }, 600_000);

  test('npm test grades assignment/ alone, whatever else was made in a course as README says', async () => {
    /** The output of the part of npm test that follows the package's own tests. */
    const lastOf = async (cwd: string) =>
      (await promisify(execFile)('npm', ['run', 'posttest'], { cwd, env })).stdout;
    const [ofReadme] = blocksOf('run');
    await run(ofReadme?.commands);
    cpSync(path.join(clone, 'demo', 'worksheet-submissions'), path.join(clone, 'submissions'), {
      recursive: true,
    });
    const last = await lastOf(clone);
    expect(last).toContain('Not started yet');
    expect(last).toBe(await lastOf(newClone()));
    rmSync(path.join(clone, 'submissions'), { recursive: true });
  }, 600_000);

  needs('openssl', () =>
    needs('gh', () => {
      afterAll(() => hub.stop());

      test('a course on GitHub works as docs/hosts.md says, from the release to feedback in each student’s repository', async () => {
        hub.gitRoot = newFolder();
        const config = [
          'user.name=prof',
          'user.email=prof@x.org',
          'credential.helper=!gh auth git-credential',
        ];
        const inherited = config.flatMap((line, at) => {
          const [key = '', value = ''] = line.split('=');
          return [
            [`GIT_CONFIG_KEY_${at}`, key],
            [`GIT_CONFIG_VALUE_${at}`, value],
          ];
        });
        const settings = { GIT_CONFIG_COUNT: '3', ...Object.fromEntries(inherited) };
        env = { ...env, ...settings, ...(await hub.start(newFolder())) };
        writeFiles(clone, { 'roster.csv': 'login,name\nada,Ada\nbob,Bob\n' });
        const [template, each, pairs] = blocksOf('run on github');
        const [collect] = blocksOf('run on github, when work is due');
        await run(template?.commands);
        await run(each?.commands);
        expect([...hub.repositories.keys()].sort()).toEqual(['shapes', 'shapes-ada', 'shapes-bob']);
        const readers = hub.repositories.get('shapes-ada')?.readers;
        expect(readers?.map(({ login }) => login)).toEqual(['prof', 'ada']);

        for (const [login, submission] of Object.entries({ ada: 'reference', bob: 'fixtures/typical' })) {
          const work = newFolder();
          const git = (...args: string[]) => execFileSync('git', args, { cwd: work, env });
          git('clone', '--quiet', hub.bareOf(`shapes-${login}`), '.');
          cpSync(path.join(packageRoot, 'solution', submission), work, { recursive: true });
          git('commit', '--quiet', '-a', '-m', 'work');
          git('push', '--quiet');
        }
        await run(collect?.commands);
        const points = ['shapes-ada', 'shapes-bob'].map((name) =>
          hub.repositories.get(name)?.comments.map(({ body }) => /^# (\d+) of \d+ points/m.exec(body)?.[1]),
        );
        expect(points).toEqual([['16'], ['9']]);
        expect(hub.repositories.get('shapes-ada')?.issues.map(({ title }) => title)).toEqual(['Feedback']);

        writeFiles(clone, { 'teams.csv': 'team,login,login\nblue,ada,bob\n' });
        await run(pairs?.commands);
        const members = hub.repositories.get('shapes-blue')?.readers;
        expect(members?.map(({ login }) => login)).toEqual(['prof', 'ada', 'bob']);
      }, 600_000);
    }),
  );
});

test('each link and picture of a page leads to a file, and a section of it, that is there, and every picture has a text in its place', () => {
  const pictures: string[] = [];
  for (const page of pages) {
    const children = tokensOf(page).flatMap((token) => token.children ?? []);
    const links = children.flatMap(
      (token) => String(token.attrGet('href') ?? token.attrGet('src') ?? '') || [],
    );
    const gone = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = '', section] = link.split('#');
        const target = file === '' ? page : path.join(path.dirname(page), file);
        if (!existsSync(path.join(packageRoot, target))) return true;
        return section !== undefined && !sectionsOf(target).includes(section);
      });
    expect([page, ...gone]).toEqual([page]);
    pictures.push(...children.flatMap(({ type, content }) => (type === 'image' ? [content] : [])));
  }
  expect(Math.min(...pictures.map((text) => text.length))).toBeGreaterThan(40);
});

needs('chromium', () => {
  test('each picture shows what its page says today; npm run docs:images takes them anew', async () => {
    const demo = path.join(clone, 'demo');
    for await (const { name, text } of pictures(existsSync(demo) ? demo : undefined))
      expect([name, text]).toEqual([name, read(path.join('docs', 'images', `${name}.txt`))]);
  }, 120_000);
});

test('every command of this package stands in the reference, and the reference names no other', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = Object.keys(scripts).filter((name) => !name.startsWith('post'));
  const named = read('docs/reference.md').matchAll(/npm (?:run (?:--silent )?)?([\w:-]+)/g);
  expect([...new Set(Array.from(named, ([, name]) => name))].sort()).toEqual(commands.sort());
});

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  '.github/SECURITY.md',
  'grader/class/downloads/FORMATS.md',
  ...docs.map((name) => `docs/${name}`),
];

/** The names by which links reach the sections of a page on GitHub. */
function sectionsOf(page: string): string[] {
  const tokens = tokensOf(page);
  const titles = tokens.flatMap(({ type }, index) =>
    type === 'heading_open' ? (tokens[index + 1]?.content ?? '') : [],
  );
  return titles.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

interface Block {
  readonly commands: string;
  /** The parts of the output that the page shows; `...` stands for any text. */
  readonly prints: string[];
}

/** All blocks below a certain mark, on any page, each with the blocks that show its output. */
function blocksOf(mark: string): Block[] {
  const blocks: Block[] = [];
  for (const tokens of pages.map(tokensOf))
    for (const [index, { type, content }] of tokens.entries()) {
      const above = type === 'fence' ? tokens[index - 1]?.content.trim() : '';
      if (above === `<!-- ${mark} -->`) blocks.push({ commands: content, prints: [] });
      if (above === '<!-- prints -->') blocks.at(-1)?.prints.push(content.trim());
    }
  return blocks;
}

/** Runs the commands of a block that have not run yet, and returns the output of all of them. */
async function run(block = ''): Promise<string> {
  const lines = block.split(/\n| && /);
  const parts = lines.every((line) => /^(?:npm .*)?$/.test(line)) ? lines : [block];
  for (const part of parts.filter((one) => !printed.has(one))) {
    const left = part.split('\n').filter((line) => !printed.has(line));
    const command = ['-e', '-o', 'pipefail', '-c', left.join('\n')];
    printed.set(
      part,
      (await promisify(execFile)('bash', command, { cwd: clone, env, maxBuffer: 1e8 })).stdout,
    );
  }
  return parts.map((part) => printed.get(part)).join('');
}

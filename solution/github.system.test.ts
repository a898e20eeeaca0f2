import { execFileSync, spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import { newClone, newFolder, packageRoot, removeFolders } from '../grader/testing/folders';
import { Hub } from '../grader/testing/hub';
import { needs } from '../grader/testing/needs';

afterAll(removeFolders);

/** Returns the code blocks of `docs/hosts.md` that have a mark above them. */
function blocksOf(mark: string): string[] {
  const text = readFileSync(path.join(packageRoot, 'docs', 'hosts.md'), 'utf8');
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  return tokens.flatMap(({ type, content }, index) =>
    type === 'fence' && tokens[index - 1]?.content.trim() === `<!-- ${mark} -->` ? [content] : [],
  );
}

/** The two students of the class, each with the folder of their submission. */
const students = { ada: 'reference', bob: 'fixtures/typical' };

needs('bash', () =>
  needs('openssl', () =>
    needs('gh', () => {
      const hub = new Hub();
      hub.org = 'my-course';
      let course = '';
      let env: NodeJS.ProcessEnv = {};

      beforeAll(async () => {
        hub.gitRoot = newFolder();
        course = path.join(newFolder(), 'course');
        renameSync(newClone(), course);
        writeFileSync(path.join(course, 'roster.csv'), 'login,name\nada,Ada\nbob,Bob\n');
        const { FORCE_COLOR: _, ...own } = process.env;
        const identity = Object.fromEntries(
          ['AUTHOR', 'COMMITTER'].flatMap((who) => [
            [`GIT_${who}_NAME`, 'prof'],
            [`GIT_${who}_EMAIL`, 'prof@x.org'],
          ]),
        );
        const helper = {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'credential.helper',
          GIT_CONFIG_VALUE_0: '!gh auth git-credential',
        };
        env = {
          ...own,
          ...identity,
          ...helper,
          ...(await hub.start(newFolder())),
          NO_COLOR: '1',
          INIT_CWD: course,
        };
      });
      afterAll(() => hub.stop());

      const run = async (commands: string) => {
        const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', commands], { cwd: course, env });
        const out: Buffer[] = [];
        child.stdout.on('data', (chunk) => out.push(chunk));
        child.stderr.on('data', (chunk) => out.push(chunk));
        const status = await new Promise((resolve) => child.on('close', resolve));
        const text = Buffer.concat(out).toString();
        expect({ commands, status, text: status === 0 ? '' : text }).toEqual({
          commands,
          status: 0,
          text: '',
        });
        return text;
      };

      const git = (cwd: string, ...args: string[]) =>
        execFileSync('git', args, { cwd, env, encoding: 'utf8' });

      /** Clones a student's repository, fills in the worksheet and pushes. */
      function handIn(login: string, submission: string): void {
        const clone = newFolder();
        git(clone, 'clone', '--quiet', hub.bareOf(`shapes-${login}`), '.');
        cpSync(path.join(packageRoot, 'solution', submission, 'assignment'), path.join(clone, 'assignment'), {
          recursive: true,
        });
        git(clone, 'commit', '--quiet', '-a', '-m', 'work');
        git(clone, 'push', '--quiet');
      }

      test('every command of the page works, from the release to feedback in each student’s repository', async () => {
        const [template = '', each = ''] = blocksOf('run on github');
        const [collect = '', clone = ''] = blocksOf('run on github, when work is due');
        const counted = [template, each, collect]
          .join('')
          .split('\n')
          .filter((line) => /^(?:npm|cp|gh|tail)/.test(line));
        expect(counted.length).toBeLessThanOrEqual(8);

        await run(template);
        await run(each);
        expect([...hub.repositories.keys()].sort()).toEqual(['shapes', 'shapes-ada', 'shapes-bob']);
        const logins = (name: string) => hub.repositories.get(name)?.readers.map(({ login }) => login);
        expect(logins('shapes-ada')).toEqual(['prof', 'ada']);

        for (const [login, submission] of Object.entries(students)) handIn(login, submission);
        await run(collect);
        const points = (name: string) =>
          hub.repositories.get(name)?.comments.map(({ body }) => /\*\*(\d+) of \d+ points/.exec(body)?.[1]);
        expect([points('shapes-ada'), points('shapes-bob')]).toEqual([['16'], ['9']]);
        expect(hub.repositories.get('shapes-ada')?.issues.map(({ title }) => title)).toEqual(['Feedback']);

        await run(clone);
        expect(readdirSync(path.join(course, 'clones')).sort()).toEqual(['shapes-ada', 'shapes-bob']);
      }, 240_000);
    }),
  ),
);

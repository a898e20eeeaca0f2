import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { newFolder, packageRoot, removeFolders, writeFiles } from '../../testing/folders';
import { needs } from '../../testing/needs';

afterAll(removeFolders);

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { name?: string; run?: string }[] }>>;
}

const workflow = parse(
  readFileSync(path.join(packageRoot, '.github', 'workflows', 'regrade.yml'), 'utf8'),
) as Workflow;

function stepOf(job: string, name: string): string {
  const step = workflow.jobs[job]?.steps.find((candidate) => candidate.name === name);
  if (!step?.run) throw new Error(`regrade.yml has no step ${name} in ${job}`);
  return step.run;
}

/** Runs a step as GitHub's runner does, with the test's own programs first on the path. */
function runStep(
  folder: string,
  script: string,
  programs: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
) {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    writeFiles(bin, { [name]: `#!/usr/bin/env bash\n${text}\n` });
    chmodSync(path.join(bin, name), 0o755);
  }
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, ...env },
  });
  return { status, stdout };
}

needs('bash', () => {
  describe('the list of a class', () => {
    const list = (gh: string, env: NodeJS.ProcessEnv = {}) => {
      const folder = newFolder();
      const script = stepOf('list', 'List the repositories of the class');
      const done = runStep(
        folder,
        script,
        { gh },
        { GH_TOKEN: 'x', ORGANIZATION: 'o', PREFIX: 'fruit-', ...env },
      );
      const file = path.join(folder, 'class');
      return { ...done, names: existsSync(file) ? readFileSync(file, 'utf8') : '' };
    };

    test('has the repositories with the prefix, sorted, and no other', () => {
      expect(list('printf "fruit-zoe\\nother\\nfruit-ada\\n"')).toMatchObject({
        status: 0,
        names: 'fruit-ada\nfruit-zoe\n',
      });
    });

    test('is whole where GitHub is slow', () => {
      expect(list('echo fruit-ada; sleep 1; echo fruit-zoe').names).toBe('fruit-ada\nfruit-zoe\n');
    });

    test.each([
      ['GitHub cannot be asked', 'exit 1', {}, 'could not be listed'],
      ['GitHub fails after some names', 'echo fruit-ada; exit 1', {}, 'could not be listed'],
      ['GitHub names nothing', 'exit 0', {}, 'No repository of the organization begins with the prefix'],
      [
        'no name has the prefix',
        'echo other',
        {},
        'No repository of the organization begins with the prefix',
      ],
      ['there is no token', 'echo fruit-ada', { GH_TOKEN: '' }, 'STUDENT_REPOS_TOKEN is not set'],
    ])('ends the run where %s', (_name, gh, env, says) => {
      const { status, stdout } = list(gh, env);
      expect(status).not.toBe(0);
      expect(stdout).toContain('::error::');
      expect(stdout).toContain(says);
    });
  });

  describe('the repositories of a part', () => {
    const listed = `mkdir listed; printf '%s\\n' '{"folder":"fruit-ada"}' '{}' '{"folder":"fruit-cyd"}' > listed/results.jsonl`;
    const fetch = (programs: Readonly<Record<string, string>>) => {
      const folder = newFolder();
      writeFiles(folder, { 'list/class': 'fruit-ada\nfruit-ben\nfruit-cyd\n', 'assignment/answers.ts': 'x' });
      const done = runStep(
        folder,
        stepOf('part', 'Fetch the repositories of this part'),
        { gh: 'exit 0', npm: listed, ...programs },
        { GH_TOKEN: 'x', ORGANIZATION: 'o', ROSTER: '', PART: '1/2' },
      );
      return { ...done, repositories: path.join(folder, 'repositories') };
    };
    const clone = 'mkdir -p "$4"; echo x > "$4/answers"';

    test('are fetched, and those of other parts are empty folders', () => {
      const { status, repositories } = fetch({ git: clone });
      expect(status).toBe(0);
      expect(readdirSync(repositories)).toEqual(['fruit-ada', 'fruit-ben', 'fruit-cyd']);
      expect(readdirSync(path.join(repositories, 'fruit-ada'))).toEqual(['answers']);
      expect(readdirSync(path.join(repositories, 'fruit-ben'))).toEqual([]);
    });

    test('that cannot be fetched are named, and are empty folders, not halves', () => {
      const { status, stdout, repositories } = fetch({
        git: `${clone}; case "$4" in *cyd) exit 128 ;; esac`,
      });
      expect(status).toBe(0);
      expect(stdout).toContain('::warning::fruit-cyd could not be fetched');
      expect(readdirSync(path.join(repositories, 'fruit-cyd'))).toEqual([]);
    });

    test.each([
      ['the grader cannot say which they are', { npm: 'exit 2', git: clone }],
      ['GitHub does not take the token', { gh: 'exit 1', git: clone }],
    ])('are none where %s: the part fails', (_name, programs) => {
      expect(fetch(programs).status).not.toBe(0);
    });
  });

  describe('the joining of parts', () => {
    const join = (lists: Readonly<Record<string, string>>, gh = '') => {
      const folder = newFolder();
      const parts = Object.entries(lists)
        .map(
          ([part, text]) =>
            `mkdir -p parts/${part}; printf '${text}' | sha256sum > parts/${part}/class.sha256`,
        )
        .join('\n');
      const download = `case "$*" in *class*) mkdir -p list; printf 'a\\nb\\n' > list/class ;; *) ${parts} ;; esac`;
      return runStep(
        folder,
        stepOf('join', 'Join the parts'),
        { gh: gh || download, npm: 'echo "npm $*"' },
        { GH_TOKEN: 'x', RUN: '1', ROSTER: 'roster.csv' },
      );
    };

    test('joins parts of one list, with the roster', () => {
      expect(join({ 'part-1': 'a\\nb\\n', 'part-2': 'a\\nb\\n' })).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(
          'npm run grade:merge -- parts/part-1 parts/part-2 --roster roster.csv',
        ),
      });
    });

    test('refuses a part of another list, by name', () => {
      const { status, stdout } = join({ 'part-1': 'a\\nb\\n', 'part-2': 'a\\nb\\nc\\n' });
      expect(status).not.toBe(0);
      expect(stdout).toContain('::error::parts/part-2 was graded by another list');
      expect(stdout).not.toContain('grade:merge');
    });

    test('ends where the parts cannot be fetched', () => {
      expect(join({}, 'exit 1').status).not.toBe(0);
    });
  });
});

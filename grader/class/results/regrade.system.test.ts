import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { newFolder, packageRoot, removeFolders, writeFiles } from '../../testing/folders';
import { needs } from '../../testing/needs';

afterAll(removeFolders);

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { name?: string; run?: string }[] }>>;
}

const file = path.join(packageRoot, '.github', 'workflows', 'regrade.yml');
const steps = Object.values((parse(readFileSync(file, 'utf8')) as Workflow).jobs).flatMap((job) => job.steps);

/** Runs a step as GitHub's runner does, in a folder with some files, with the test's own programs first on the path. */
function runStep(
  name: string,
  programs: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
  files = {},
) {
  const folder = newFolder();
  writeFiles(folder, files);
  for (const [program, text] of Object.entries(programs)) {
    writeFiles(folder, { [`bin/${program}`]: `#!/usr/bin/env bash\n${text}\n` });
    chmodSync(path.join(folder, 'bin', program), 0o755);
  }
  const script = steps.find((step) => step.name === name)?.run ?? 'exit 99';
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, GH_TOKEN: 'x', ...env },
  });
  return { status, stdout, folder };
}

needs('bash', () => {
  test.each<[string, string, string | null, NodeJS.ProcessEnv?]>([
    ['names others too', 'printf "fruit-zoe\\nother\\nfruit-ada\\n"', null],
    ['cannot be asked', 'exit 1', 'could not be listed'],
    ['fails after some names', 'echo fruit-ada; exit 1', 'could not be listed'],
    ['names only others', 'echo other', 'No repository of the organization begins with the prefix'],
    ['gets no token', 'echo fruit-ada', 'STUDENT_REPOS_TOKEN is not set', { GH_TOKEN: '' }],
  ])(
    'the list of a class is whole and sorted, or the run ends, where GitHub %s',
    (_name, gh, says, env = {}) => {
      const variables = { ORGANIZATION: 'o', PREFIX: 'fruit-', ...env };
      const { status, stdout, folder } = runStep('List the repositories of the class', { gh }, variables);
      if (says === null)
        expect(readFileSync(path.join(folder, 'class'), 'utf8')).toBe('fruit-ada\nfruit-zoe\n');
      else expect(stdout).toMatch(new RegExp(`::error::.*${says}`));
      expect(status).toBe(says === null ? 0 : 1);
    },
  );

  const clone = 'mkdir -p "$4"; echo x > "$4/answers"';
  const listed = `mkdir listed; printf '%s\\n' '{"folder":"fruit-ada"}' '{}' '{"folder":"fruit-cyd"}' > listed/results.jsonl`;

  /** The files in each folder after a part was fetched; none if the step failed. */
  function fetchPart(programs: Readonly<Record<string, string>>) {
    const { status, stdout, folder } = runStep(
      'Fetch the repositories of this part',
      { gh: 'exit 0', npm: listed, git: clone, ...programs },
      { ORGANIZATION: 'o', ROSTER: '', PART: '1/2' },
      { 'list/class': 'fruit-ada\nfruit-ben\nfruit-cyd\n', 'assignment/answers.ts': 'x' },
    );
    const root = path.join(folder, 'repositories');
    const names = status === 0 && existsSync(root) ? readdirSync(root) : [];
    return { stdout, there: names.map((name) => [name, ...readdirSync(path.join(root, name))].join(' ')) };
  }

  test('the repositories of a part are fetched; those of others, or that cannot be, are empty folders, not halves', () => {
    expect(fetchPart({}).there).toEqual(['fruit-ada answers', 'fruit-ben', 'fruit-cyd answers']);
    const { there, stdout } = fetchPart({ git: `${clone}; case "$4" in *cyd) exit 128 ;; esac` });
    expect(there).toEqual(['fruit-ada answers', 'fruit-ben', 'fruit-cyd']);
    expect(stdout).toContain('::warning::fruit-cyd could not be fetched');
    // The grader cannot say which they are, or GitHub does not take the token.
    for (const program of ['npm', 'gh']) expect(fetchPart({ [program]: 'exit 1' }).there).toEqual([]);
  });

  test('parts of one list are joined with the roster, and a part of another list is refused by name', () => {
    const join = (second: string, end = '') => {
      const parts = ['a\\nb\\n', second].map(
        (list, index) =>
          `mkdir -p parts/part-${index + 1}; printf '${list}' | sha256sum > parts/part-${index + 1}/class.sha256`,
      );
      const gh = `case "$*" in *class*) mkdir -p list; printf 'a\\nb\\n' > list/class ;; *) ${parts.join('\n')} ;; esac\n${end}`;
      return runStep('Join the parts', { gh, npm: 'echo "npm $*"' }, { RUN: '1', ROSTER: 'roster.csv' });
    };
    const joined = join('a\\nb\\n');
    expect(joined.status).toBe(0);
    expect(joined.stdout).toContain('npm run grade:merge -- parts/part-1 parts/part-2 --roster roster.csv');
    const refused = join('a\\nb\\nc\\n');
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('::error::parts/part-2 was graded by another list');
    for (const { stdout } of [refused, join('a\\nb\\n', 'exit 1')])
      expect(stdout).not.toContain('grade:merge');
  });
});

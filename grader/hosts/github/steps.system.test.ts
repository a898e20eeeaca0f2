import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { listFiles } from '../../system/files';
import { newCopy, newFolder, packageRoot, removeFolders, writeFiles } from '../../testing/folders';
import { needs } from '../../testing/needs';

afterAll(removeFolders);

interface WorkflowStep {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
}

const file = path.join(packageRoot, '.github', 'workflows', 'classroom.yml');
const steps: WorkflowStep[] = parse(readFileSync(file, 'utf8')).jobs['run-autograding-tests'].steps;
const scriptOf = (id: string) => steps.find((step) => step.id === id)?.run ?? '';

/** Runs a script in a folder as GitHub runs a step. */
function runScript(script: string, cwd: string, variables: Readonly<Record<string, string>> = {}) {
  return spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
}

needs('bash', () => {
  test.each([
    ['no program gh', undefined, '', 'The pull requests of this repository could not be listed.'],
    ['no right to list them', 'exit 1', '', 'The pull requests of this repository could not be listed.'],
    ['none for feedback', 'exit 0', '', 'No pull request for feedback is open'],
    ['one for feedback', 'echo 7', '7', ''],
  ])('with %s, the workflow looks for the pull request, says so, and goes on', (_name, gh, number, says) => {
    const folder = newFolder();
    const output = path.join(folder, 'output');
    writeFileSync(output, '');
    if (gh) writeFileSync(path.join(folder, 'gh'), `#!/bin/sh\n${gh}\n`, { mode: 0o755 });
    // The folder has to be in the shell's own notation, on Windows too.
    const { status, stdout } = runScript(`PATH="$PWD:$KEPT"\n${scriptOf('feedback')}`, folder, {
      KEPT: '/nothing',
      GITHUB_OUTPUT: output,
      REPOSITORY: 'o/r',
      VISIBILITY: 'private',
    });
    expect(status).toBe(0);
    expect(stdout).toContain(says);
    expect(readFileSync(output, 'utf8')).toBe(`number=${number}\n`);
  });

  test.each(['public', 'internal', ''])(
    'where a repository is not private (“%s”), no comment is begun, and the log says why',
    (visibility) => {
      const folder = newFolder();
      const output = path.join(folder, 'output');
      writeFileSync(output, '');
      const { status, stdout } = runScript(scriptOf('feedback'), folder, {
        GITHUB_OUTPUT: output,
        REPOSITORY: 'o/r',
        VISIBILITY: visibility,
      });
      expect(status).toBe(0);
      expect(stdout).toBe(
        'This repository is not private, so no comment is written: others could read the grade in it.\n',
      );
      expect(readFileSync(output, 'utf8')).toBe('');
    },
  );
});

/** The files in a students' copy that grade, and whose absence nothing else reports. */
const program = listFiles(newCopy({}), 'grader');
const needed = {
  ...Object.fromEntries(program.map((file) => [file, file])),
  'rubric.yaml': '2',
  'package.json': '3',
  'package-lock.json': '4',
  'tsconfig.json': '5',
};

needs('git', () => {
  test.each(['grader', 'rubric.yaml', 'package.json', 'package-lock.json', 'tsconfig.json', ...program])(
    'where %s was deleted, one annotation says so before anything else runs, and how to get it back',
    (name) => {
      expect(steps.findIndex(({ id }) => id === 'complete')).toBe(
        steps.findIndex(({ uses = '' }) => uses.startsWith('actions/setup-node@')) - 1,
      );
      const folder = newFolder();
      const git = (...args: string[]) => {
        const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
        expect(spawnSync('git', [...identity, ...args], { cwd: folder }).status).toBe(0);
      };
      git('init', '--quiet');
      for (const text of ['first', 'second']) {
        writeFiles(folder, { ...needed, 'answers.ts': text });
        git('add', '-A');
        git('commit', '--quiet', '-m', text);
      }
      expect(runScript(scriptOf('complete'), folder)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      rmSync(path.join(folder, name), { recursive: true });
      git('commit', '--quiet', '-a', '-m', 'deleted');
      writeFiles(folder, { 'answers.ts': 'third' });
      git('commit', '--quiet', '-a', '-m', 'later');
      const { status, stdout } = runScript(scriptOf('complete'), folder);
      expect(status).toBe(1);
      expect(stdout).toMatch(
        new RegExp(
          `^::error title=Grading failed \\(this is not a zero\\)::Missing in this repository: ${name.replaceAll('.', '\\.')}\\..*\\n$`,
        ),
      );
      const [, restore = ''] = /In a clone, run: git pull; (.*); then commit/.exec(stdout) ?? [];
      expect(runScript(restore, folder).status).toBe(0);
      expect(runScript(scriptOf('complete'), folder).status).toBe(0);
    },
  );
});

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { newFolder, packageRoot, removeFolders } from '../testing/folders';
import { needs } from '../testing/needs';

afterAll(removeFolders);

needs('bash', () => {
  test.each([
    ['no program gh', undefined, '', 'The pull requests of this repository could not be listed.'],
    ['no right to list them', 'exit 1', '', 'The pull requests of this repository could not be listed.'],
    ['none for feedback', 'exit 0', '', 'No pull request for feedback is open'],
    ['one for feedback', 'echo 7', '7', ''],
  ])('with %s, the workflow looks for the pull request, says so, and goes on', (_name, gh, number, says) => {
    const folder = newFolder();
    const workflow = parse(
      readFileSync(path.join(packageRoot, '.github', 'workflows', 'classroom.yml'), 'utf8'),
    );
    const [step] = workflow.jobs['run-autograding-tests'].steps.filter(
      ({ id }: { id?: string }) => id === 'feedback',
    );
    const output = path.join(folder, 'output');
    writeFileSync(output, '');
    if (gh) writeFileSync(path.join(folder, 'gh'), `#!/bin/sh\n${gh}\n`, { mode: 0o755 });
    // As GitHub runs a step; the folder has to be in the shell's own notation on Windows too.
    const { status, stdout } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-e', '-c', `PATH="$PWD:$KEPT"\n${step.run}`],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, KEPT: '/nothing', GITHUB_OUTPUT: output, REPOSITORY: 'o/r' },
      },
    );
    expect(status).toBe(0);
    expect(stdout).toContain(says);
    expect(readFileSync(output, 'utf8')).toBe(`number=${number}\n`);
  });
});

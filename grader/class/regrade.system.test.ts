import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { newFolder, packageRoot, writeFiles } from '../testing/folders';
import { needs } from '../testing/needs';

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { name?: string; run?: string; if?: string }[] }>
  >;
}

const file = path.join(packageRoot, '.github', 'workflows', 'regrade.yml');
const steps = Object.values((parse(readFileSync(file, 'utf8')) as Workflow).jobs).flatMap((job) => job.steps);

/** Runs a step as GitHub's runner does, with an npm that prints how it was called and exits with this status. */
function runStep(name: string, npmStatus: number, env: NodeJS.ProcessEnv) {
  const folder = newFolder();
  writeFiles(folder, {
    'bin/npm': `#!/usr/bin/env bash\nprintf 'npm'; printf ' <%s>' "$@"; echo\nexit ${npmStatus}\n`,
  });
  chmodSync(path.join(folder, 'bin', 'npm'), 0o755);
  const script = steps.find((step) => step.name === name)?.run ?? 'exit 99';
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, ...env },
  });
  return { status, stdout };
}

needs('bash', () => {
  const fetching = { GH_TOKEN: 'x', ORGANIZATION: 'my course', PREFIX: 'fruit-' };

  test('a class is fetched and graded on GitHub by the same commands as on a laptop, never in a public repository', () => {
    const fetched = runStep('Fetch the repositories of the class', 0, fetching);
    expect(fetched).toEqual({
      status: 0,
      stdout: 'npm <run> <fetch:class> <--> <--org> <my course> <--prefix> <fruit->\n',
    });
    const given = { ROSTER: 'a roster.csv', DUE: '2026-12-01T23:59' };
    expect(runStep('Grade the class', 0, given).stdout).toBe(
      'npm <run> <grade:class> <--> <submissions> <--roster> <a roster.csv> <--due> <2026-12-01T23:59>\n',
    );
    expect(steps[0]?.if).toContain('!github.event.repository.private');
  });

  test('what could not be fetched is a warning, and what could not begin ends the run', () => {
    const some = runStep('Fetch the repositories of the class', 1, fetching);
    expect([some.status, some.stdout]).toEqual([
      0,
      expect.stringContaining('::warning::Not every repository'),
    ]);
    expect(runStep('Fetch the repositories of the class', 2, fetching).status).toBe(1);
    const without = runStep('Fetch the repositories of the class', 0, { ...fetching, GH_TOKEN: '' });
    expect([without.status, without.stdout]).toEqual([
      1,
      expect.stringContaining('STUDENT_REPOS_TOKEN is not set'),
    ]);
  });
});

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { classOf, courseWith, graded, rosterOf, work } from '../testing/classes';
import { newFolder, writeFiles } from '../testing/folders';
import { git } from '../testing/histories';
import { at, full, half, start } from '../testing/history-cases';
import { Hub } from '../testing/hub';
import { runInProcess } from '../testing/in-process';
import { needs } from '../testing/needs';
import { rightAnswers } from '../testing/worksheet';

needs('openssl', () =>
  needs('gh', () => {
    const hub = new Hub();
    const course = courseWith();
    const roster = rosterOf('login,name', 'ada,Ada', 'bob,Bob', 'cyd,Cyd', 'dan,Dan');

    beforeAll(async () => void Object.assign(process.env, await hub.start(newFolder())));
    afterAll(() => hub.stop());
    beforeEach(() => {
      hub.repositories.clear();
      hub.gitRoot = newFolder();
    });

    const fetch = (out: string, ...args: string[]) =>
      runInProcess(course, 'fetch:class', '--org', 'org', '--prefix', 'fruit-', '--out', out, ...args);

    test('an organization that cannot be listed is named, with what to check', async () => {
      const ended = await runInProcess(course, 'fetch:class', '--org', 'nobody', '--prefix', 'fruit-');
      expect(ended).toMatchObject({ status: 2, stdout: '' });
      expect(ended.stderr).toMatch(
        /^The repositories of nobody cannot be listed: .*Check its name, and whether you may read it\./,
      );
    });

    test('a class is as on GitHub, is fetched again where it changed or a run stopped, and nobody has a zero for what is missing', async () => {
      const out = path.join(newFolder(), 'class');
      const pointsIn = async () => {
        const { rows } = await graded(course, out, '--roster', roster);
        return Object.fromEntries(rows.map(({ key, points, status }) => [key, points ?? status]));
      };
      hub.push('fruit-ada', {
        commits: { start, a: at(-1, full) },
        refs: { 'refs/heads/trunk': 'a', 'refs/tags/submit/1': 'a' },
      });
      hub.push('fruit-bob', { commits: { start, a: at(-1, half) } });
      hub.push('other', { commits: { start } });
      hub.add('fruit-cyd');

      // A repository that cannot be fetched is named and has no points.
      const first = await fetch(out);
      expect(first.status).toBe(1);
      expect(first.stdout).toContain('fruit-cyd: not fetched.');
      expect(first.stdout).toContain('2 of 3 repositories match GitHub; 1 could not be fetched.');
      expect(readdirSync(out).sort()).toEqual(['.gitignore', 'fruit-ada', 'fruit-bob', 'not-fetched.json']);
      const ada = path.join(out, 'fruit-ada');
      const asked = [['rev-parse', '--abbrev-ref', 'HEAD'], ['tag'], ['rev-list', '--count', 'HEAD']];
      expect(asked.map((args) => git(ada, args).trim())).toEqual(['trunk', 'submit/1', '2']);
      expect(await pointsIn()).toEqual({ ada: 10, bob: 6, cyd: 'not fetched', dan: 'no submission' });

      // The next run tries it again. Others have new commits, or another history and default branch.
      hub.push('fruit-cyd', { commits: { start, a: at(-1, half) } });
      hub.push('fruit-bob', { commits: { start, a: at(-1, half), b: at(2, full) } });
      hub.push('fruit-ada', { commits: { anew: at(-2, half) }, head: 'late' });
      for (const ref of ['heads/trunk', 'tags/submit/1'])
        git(hub.bareOf('fruit-ada'), ['update-ref', '-d', `refs/${ref}`]);
      const refetched = await fetch(out);
      expect(refetched.status).toBe(0);
      expect(refetched.stdout).toContain(
        'fruit-ada: fetched; refs/earlier/ keeps 2 commits that are no longer on GitHub',
      );
      expect(refetched.stdout).toContain('fruit-bob: fetched\n');
      expect(readFileSync(path.join(out, 'fruit-bob/work/notes.md'), 'utf8')).toBe(full['work/notes.md']);
      expect(git(ada, ['rev-parse', '--abbrev-ref', 'HEAD']).trim()).toBe('late');
      expect(await pointsIn()).toEqual({ ada: 6, bob: 10, cyd: 6, dan: 'no submission' });
      // No commit is lost when its clone is replaced, and the run says what it would be worth.
      const lost = git(ada, ['for-each-ref', '--format=%(refname)', 'refs/earlier/']).trim().split('\n');
      expect(lost).toHaveLength(1);
      const { row } = await graded(course, out, '--roster', roster);
      expect(JSON.stringify(row('ada').otherVersions)).toMatch(
        /history\/gone.*is not on GitHub any more .*would give 10 points/,
      );

      // The commits stay after each later fetch, even if nothing changed.
      expect((await fetch(out)).stdout).toContain('2 commits that are no longer on GitHub');
      expect(git(ada, ['for-each-ref', '--format=%(refname)', 'refs/earlier/']).trim().split('\n')).toEqual(
        lost,
      );

      // A clone that a run left half done belongs to nobody, and the next run fetches it again.
      writeFiles(out, { '.fetch/fruit-bob/half': '', 'not-fetched.json': '["fruit-bob"]' });
      expect(await pointsIn()).toMatchObject({ ada: 6, bob: 'not fetched' });
      // Nothing is lost if a run stopped after it moved the earlier clone away, before the new one was in place.
      git(path.join(out, 'fruit-bob'), ['checkout', '-q', '--detach']);
      git(path.join(out, 'fruit-bob'), ['commit', '-q', '--allow-empty', '-m', 'Mine']);
      const mine = git(path.join(out, 'fruit-bob'), ['rev-parse', 'HEAD']).trim();
      mkdirSync(path.join(out, '.fetch'), { recursive: true });
      renameSync(path.join(out, 'fruit-bob'), path.join(out, '.fetch', 'fruit-bob.earlier'));
      expect((await fetch(out)).stdout).toContain(
        'fruit-bob: fetched; refs/earlier/ keeps a commit that is no longer on GitHub',
      );
      expect(git(path.join(out, 'fruit-bob'), ['rev-parse', `refs/earlier/${mine}`]).trim()).toBe(mine);
      // A repository that was renamed or deleted on GitHub is not graded, but its clone is kept.
      hub.repositories.delete('fruit-ada');
      const last = await fetch(out);
      expect(last.status).toBe(1);
      expect(last.stdout).toMatch(/^fruit-ada: not fetched. It is not on GitHub under this name any more/m);
      expect(existsSync(path.join(out, '.fetch'))).toBe(false);
      expect(existsSync(path.join(ada, 'work'))).toBe(true);
      expect(await pointsIn()).toMatchObject({ ada: 'not fetched', bob: 10 });

      // A folder with another assignment in it stays as it is.
      hub.push('salad-ada', { commits: { start } });
      const before = readdirSync(out);
      expect(await fetch(out, '--prefix', 'salad-')).toMatchObject({ status: 2, code: 'another-assignment' });
      expect(readdirSync(out)).toEqual(before);
    }, 60_000);

    test('the template that students’ repositories were made from is left out, and no student’s that is marked as one', async () => {
      const made = {
        'fruit-template': { isTemplate: true, madeFrom: undefined },
        'fruit-ada': { isTemplate: true, madeFrom: 'fruit-template' },
        'fruit-bob': { isTemplate: false, madeFrom: 'fruit-ada' },
        'fruit-cyd': { isTemplate: false, madeFrom: 'fruit-template' },
        'fruit-dan': { isTemplate: false, madeFrom: 'fruit-template' },
      };
      for (const [name, facts] of Object.entries(made)) {
        hub.add(name, facts);
        hub.push(name, { commits: { start } });
      }
      const out = path.join(newFolder(), 'class');
      expect((await fetch(out)).stdout).toContain('4 of 4 repositories match GitHub');
      expect(readdirSync(out).filter((name) => name.startsWith('fruit-'))).toEqual([
        'fruit-ada',
        'fruit-bob',
        'fruit-cyd',
        'fruit-dan',
      ]);
    });

    test('nothing that a repository brings is run: no hook, no filter, no submodule', async () => {
      const submodule = '[submodule "more"]\n\tpath = more\n\turl = https://localhost/org/more.git\n';
      const files = {
        ...work(rightAnswers),
        '.gitmodules': submodule,
        '.gitattributes': '*.txt filter=lfs\n*.csv filter=own\n',
        'a.csv': '1',
        'a.txt': 'version https://git-lfs.github.com/spec/v1\n',
      };
      hub.push('fruit-ada', { commits: { last: { time: 1, files } } });
      // Users may have their own hooks for every clone, and a filter for large files.
      const home = newFolder();
      const witness = path.join(home, 'ran');
      const hook = path.join(home, 'hooks', 'post-checkout');
      writeFiles(home, {
        'hooks/post-checkout': `#!/bin/sh\necho ran > '${witness}'\n`,
        '.gitconfig': `[core]\n\thooksPath = ${path.dirname(hook)}\n[filter "lfs"]\n\tsmudge = '${hook}'\n\trequired = true\n[filter "own"]\n\tsmudge = '${hook}'\n[submodule]\n\trecurse = true\n`,
      });
      chmodSync(hook, 0o755);
      process.env.GIT_CONFIG_GLOBAL = path.join(home, '.gitconfig');
      const out = path.join(newFolder(), 'class');
      const { status } = await fetch(out);
      delete process.env.GIT_CONFIG_GLOBAL;
      expect([status, existsSync(witness)]).toEqual([0, false]);
      expect(existsSync(path.join(out, 'fruit-ada', 'work'))).toBe(true);
    });

    test('a folder that was not fetched is left as it is', async () => {
      hub.push('fruit-ada', { commits: { start } });
      const out = classOf({ 'fruit-ada': { 'mine.txt': 'mine' } });
      const { status, stdout } = await fetch(out);
      expect([status, stdout]).toEqual([1, expect.stringContaining('Move it away')]);
      expect(readdirSync(path.join(out, 'fruit-ada'))).toEqual(['mine.txt']);
    });
  }),
);

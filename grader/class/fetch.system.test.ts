import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { classOf, graded, work } from '../testing/classes';
import { fileOf, newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { Hub } from '../testing/hub';
import { runInProcess } from '../testing/in-process';
import { needs } from '../testing/needs';
import { answersOf, courseFiles, rightAnswers } from '../testing/worksheet';

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@x.org', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

needs('openssl', () =>
  needs('gh', () => {
    const hub = new Hub();
    const course = newCourse(courseFiles);
    let gitRoot = '';
    const roster = fileOf('roster.csv', 'login,name\nada,Ada\nbob,Bob\ncyd,Cyd\n');

    beforeAll(() => hub.enter(newFolder()));
    afterAll(() => {
      hub.stop();
      removeFolders();
    });
    beforeEach(() => {
      hub.repositories.clear();
      gitRoot = newFolder();
      hub.gitRoot = gitRoot;
    });

    /** Pushes files to a repository of the organization, and creates it if it does not exist yet. */
    function push(name: string, files: Readonly<Record<string, string>>, tag?: string): void {
      const bare = path.join(gitRoot, 'org', `${name}.git`);
      if (!existsSync(bare)) {
        mkdirSync(bare, { recursive: true });
        git(bare, 'init', '--quiet', '--bare', '--initial-branch=trunk');
      }
      const clone = newFolder();
      git(clone, 'clone', '--quiet', bare, '.');
      writeFiles(clone, files);
      git(clone, 'add', '-A');
      git(clone, 'commit', '--quiet', '--allow-empty', '-m', 'work');
      if (tag !== undefined) git(clone, 'tag', tag);
      git(clone, 'push', '--quiet', '--tags', 'origin', 'HEAD:trunk');
      const known = hub.repositories.get(name) ?? hub.add(name);
      known.pushed = new Date(Date.parse(known.pushed ?? '2026-01-01T00:00:00Z') + 60_000).toISOString();
    }

    const fetch = (out: string, ...args: string[]) =>
      runInProcess(course, 'fetch:class', '--org', 'org', '--prefix', 'fruit-', '--out', out, ...args);

    const partly = answersOf('{ down: 7, across: 11 }', 'null');

    const known = new Map<string, string | null | undefined>();

    /** Pushes one class; it is made only once. */
    function pushClass(): void {
      if (known.size === 0) {
        push('fruit-template', work(partly));
        push('fruit-ada', work(rightAnswers, 'Pears', 'Lemons'), 'submit/1');
        push('fruit-bob', work(partly));
        push('other', work(partly));
        for (const [name, { pushed }] of hub.repositories) known.set(name, pushed);
        cpSync(gitRoot, madeOnce, { recursive: true });
      } else {
        cpSync(madeOnce, gitRoot, { recursive: true });
        for (const [name, pushed] of known) hub.add(name, { pushed });
      }
      Object.assign(hub.repositories.get('fruit-template') ?? {}, { isTemplate: true });
    }
    const madeOnce = newFolder();

    test('each repository of the assignment is there with its history, branch and tags, and is graded', async () => {
      pushClass();
      push('fruit-ada', { 'more.txt': 'later' });
      const out = path.join(newFolder(), 'class');
      const { status, stdout } = await fetch(out);
      expect(status).toBe(0);
      expect(readdirSync(out).sort()).toEqual(['.gitignore', 'fruit-ada', 'fruit-bob', 'not-fetched.json']);
      const ada = path.join(out, 'fruit-ada');
      expect(git(ada, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('trunk');
      expect(git(ada, 'tag').trim()).toBe('submit/1');
      expect(git(ada, 'rev-list', '--count', 'HEAD').trim()).toBe('2');
      expect(stdout).toContain('2 of 2 repositories are as on GitHub; 0 could not be fetched.');
      const { row } = await graded(course, out, '--roster', roster);
      expect([row('ada').points, row('ada').status, row('cyd').status]).toEqual([
        10,
        'graded',
        'no submission',
      ]);
    });

    test('what has changed is as on GitHub, also after a force-push and with another default branch', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      push('fruit-bob', { 'work/notes.md': 'Plums\n' });
      const bare = path.join(gitRoot, 'org', 'fruit-ada.git');
      const [clone, later] = [newFolder(), newFolder()];
      git(clone, 'init', '--quiet', '--initial-branch=late');
      writeFiles(clone, work(partly));
      git(clone, 'add', '-A');
      git(clone, 'commit', '--quiet', '-m', 'anew');
      git(clone, 'push', '--quiet', '--force', bare, 'HEAD:trunk');
      await fetch(out);
      expect(readFileSync(path.join(out, 'fruit-bob', 'work/notes.md'), 'utf8')).toBe('Plums\n');
      const alone = await graded(course, classOf({ ada: work(partly) }));
      expect((await graded(course, out, '--roster', roster)).row('ada').points).toBe(alone.rows[0]?.points);
      git(later, 'clone', '--quiet', bare, '.');
      writeFiles(later, work(rightAnswers, 'Pears', 'Lemons'));
      git(later, 'commit', '--quiet', '-am', 'better');
      git(later, 'push', '--quiet', 'origin', 'HEAD:late');
      git(bare, 'symbolic-ref', 'HEAD', 'refs/heads/late');
      await fetch(out);
      expect((await graded(course, out, '--roster', roster)).row('ada').points).toBe(10);
    });

    test('one that cannot be fetched is named, is never a zero, and is tried again', async () => {
      pushClass();
      hub.add('fruit-cyd');
      const out = path.join(newFolder(), 'class');
      const first = await fetch(out);
      expect(first).toMatchObject({ status: 1, stdout: expect.stringContaining('fruit-cyd: not fetched.') });
      expect(readdirSync(out).sort()).toEqual(['.gitignore', 'fruit-ada', 'fruit-bob', 'not-fetched.json']);
      const { row } = await graded(course, out, '--roster', roster);
      expect(row('cyd')).toMatchObject({ status: 'failed', points: null });
      push('fruit-cyd', work(partly));
      expect(await fetch(out)).toMatchObject({ status: 0 });
      expect(existsSync(path.join(out, 'fruit-cyd', 'work'))).toBe(true);
      expect((await graded(course, out, '--roster', roster)).row('cyd').status).toBe('graded');
    });

    test('what was renamed or deleted on GitHub is not graded, and not lost either', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      hub.repositories.delete('fruit-ada');
      push('fruit-ada2', work(partly));
      const { status, stdout } = await fetch(out);
      expect(status).toBe(1);
      expect(stdout).toMatch(/^fruit-ada: not fetched. It is not on GitHub under this name any more/m);
      const { row } = await graded(course, out, '--roster', roster);
      expect([row('ada').status, row('ada').points]).toEqual(['failed', null]);
      expect(existsSync(path.join(out, 'fruit-ada', 'work'))).toBe(true);
    });

    test('what a run left half done is nobody’s, and the next run does it again', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      writeFiles(out, { '.fetch/fruit-bob/half': '', 'not-fetched.json': '["fruit-bob"]' });
      const { row } = await graded(course, out, '--roster', roster);
      expect([row('ada').points, row('bob').status]).toEqual([10, 'failed']);
      expect(await fetch(out)).toMatchObject({ status: 0 });
      expect(existsSync(path.join(out, '.fetch'))).toBe(false);
      expect((await graded(course, out, '--roster', roster)).row('bob').status).toBe('graded');
    });

    test('nothing that a repository brings is run: no hook, no filter, no submodule', async () => {
      const witness = path.join(newFolder(), 'ran');
      const script = `#!/bin/sh\necho ran > '${witness}'\n`;
      const submodule = '[submodule "more"]\n\tpath = more\n\turl = https://localhost/org/more.git\n';
      push('fruit-ada', {
        ...work(rightAnswers),
        '.gitmodules': submodule,
        '.gitattributes': '*.txt filter=lfs\n*.csv filter=own\n',
        'a.csv': '1',
        'a.txt': 'version https://git-lfs.github.com/spec/v1\n',
      });
      // A user may have hooks of their own for every clone, and a filter for large files.
      const home = newFolder();
      const hooks = path.join(home, 'hooks');
      mkdirSync(hooks);
      writeFileSync(path.join(hooks, 'post-checkout'), script, { mode: 0o755 });
      const smudge = path.join(hooks, 'post-checkout');
      writeFiles(home, {
        '.gitconfig': `[core]\n\thooksPath = ${hooks}\n[filter "lfs"]\n\tsmudge = '${smudge}'\n\trequired = true\n[filter "own"]\n\tsmudge = '${smudge}'\n[submodule]\n\trecurse = true\n`,
      });
      process.env.GIT_CONFIG_GLOBAL = path.join(home, '.gitconfig');
      try {
        const out = path.join(newFolder(), 'class');
        expect(await fetch(out)).toMatchObject({ status: 0 });
        expect(existsSync(path.join(out, 'fruit-ada', 'work'))).toBe(true);
      } finally {
        delete process.env.GIT_CONFIG_GLOBAL;
      }
      expect(existsSync(witness)).toBe(false);
    });

    test('a folder with another assignment in it is left as it is', async () => {
      pushClass();
      push('salad-ada', work(partly));
      const out = path.join(newFolder(), 'class');
      expect(await fetch(out, '--prefix', 'salad-')).toMatchObject({ status: 0 });
      expect(await fetch(out)).toMatchObject({ status: 2, code: 'another-assignment' });
      expect(readdirSync(out).sort()).toEqual(['.gitignore', 'not-fetched.json', 'salad-ada']);
    });

    test('a folder that was not fetched is left as it is', async () => {
      pushClass();
      const out = newFolder();
      writeFiles(out, { 'fruit-ada/mine.txt': 'mine' });
      const { status, stdout } = await fetch(out);
      expect(status).toBe(1);
      expect(stdout).toContain('Move it away');
      expect(readdirSync(path.join(out, 'fruit-ada'))).toEqual(['mine.txt']);
    });

    test.each([
      ['an organization that is not there', ['--org', 'nobody'], 'organization-unreadable'],
      ['a beginning that none has', ['--prefix', 'soup-'], 'no-repositories-to-fetch'],
    ])('%s is named, and nothing is fetched', async (_name, args, code) => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      expect(await fetch(out, ...args)).toMatchObject({ status: 2, code });
      expect(existsSync(out)).toBe(false);
    });

    test('who is not logged in is told so', async () => {
      const token = process.env.GH_ENTERPRISE_TOKEN;
      delete process.env.GH_ENTERPRISE_TOKEN;
      try {
        expect(await fetch(newFolder())).toMatchObject({ status: 2, code: 'program-missing' });
      } finally {
        process.env.GH_ENTERPRISE_TOKEN = token;
      }
    });
  }),
);

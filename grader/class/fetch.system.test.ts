import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { graded, work } from '../testing/classes';
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
      runInProcess(course, 'fetch:class', '--org', 'org', '--roster', roster, '--out', out, ...args);

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
      expect(readdirSync(out).sort()).toEqual(['.fetch', '.gitignore', 'fruit-ada', 'fruit-bob']);
      const ada = path.join(out, 'fruit-ada');
      expect(git(ada, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('trunk');
      expect(git(ada, 'tag').trim()).toBe('submit/1');
      expect(git(ada, 'rev-list', '--count', 'HEAD').trim()).toBe('2');
      expect(stdout).toMatch(/^cyd: /m);
      const { row } = await graded(course, out, '--roster', roster);
      expect([row('ada').points, row('ada').status, row('cyd').status]).toEqual([
        10,
        'graded',
        'no submission',
      ]);
    });

    test('what has not changed is left, and what has is fetched again in its place', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      const times = (name: string) => statSync(path.join(out, name)).ino;
      const [ada, bob] = [times('fruit-ada'), times('fruit-bob')];
      push('fruit-bob', { 'work/notes.md': 'Plums\n' });
      await fetch(out);
      expect(times('fruit-ada')).toBe(ada);
      expect(times('fruit-bob')).not.toBe(bob);
      expect(readFileSync(path.join(out, 'fruit-bob', 'work/notes.md'), 'utf8')).toBe('Plums\n');
      expect(readdirSync(path.join(out, '.fetch')).sort()).toEqual(['state.json']);
    });

    test('one that cannot be fetched is named, costs the others nothing, and is tried again', async () => {
      pushClass();
      hub.add('fruit-cyd');
      const out = path.join(newFolder(), 'class');
      const first = await fetch(out);
      expect(first).toMatchObject({ status: 1, stdout: expect.stringContaining('fruit-cyd: not fetched.') });
      expect(readdirSync(out).sort()).toEqual(['.fetch', '.gitignore', 'fruit-ada', 'fruit-bob']);
      push('fruit-cyd', work(partly));
      expect(await fetch(out)).toMatchObject({ status: 0 });
      expect(existsSync(path.join(out, 'fruit-cyd', 'work'))).toBe(true);
    });

    test('a prefix that few logins stand after is not taken for that of the class', async () => {
      for (const name of ['fruit-red', 'fruit-blue', 'fruit-team-bob']) push(name, work(partly));
      expect(await fetch(path.join(newFolder(), 'class'))).toMatchObject({ code: 'uncertain-prefix' });
    });

    test('what was renamed or deleted on GitHub is not graded, and not lost either', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      hub.repositories.delete('fruit-ada');
      push('fruit-ada2', work(partly));
      const { status, stdout } = await fetch(out, '--prefix', 'fruit-');
      expect(status).toBe(1);
      const [, place = ''] = /^fruit-ada: .* is in (.*)$/m.exec(stdout) ?? [];
      expect(existsSync(path.join(place, 'work'))).toBe(true);
      expect(readdirSync(out).sort()).toEqual(['.fetch', '.gitignore', 'fruit-ada2', 'fruit-bob']);
    });

    test('another default branch is a change', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      Object.assign(hub.repositories.get('fruit-ada') ?? {}, { defaultBranch: 'late' });
      expect((await fetch(out)).stdout).toContain('fruit-ada: fetched again');
    });

    test('what a run left that was killed between two names goes back, and what it had begun is taken away', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      const left = path.join(out, '.fetch', 'run-killed');
      mkdirSync(path.join(left, 'old'), { recursive: true });
      renameSync(path.join(out, 'fruit-ada'), path.join(left, 'old', 'fruit-ada'));
      writeFiles(left, { 'new/fruit-bob/half': '' });
      expect((await fetch(out)).stdout).toContain('fruit-ada: there already');
      expect(readdirSync(path.join(out, '.fetch'))).toEqual(['state.json']);
    });

    test('a state that cannot be read stops the run, and nothing is changed', async () => {
      pushClass();
      const out = path.join(newFolder(), 'class');
      await fetch(out);
      for (const text of ['{', '{}']) {
        writeFiles(out, { '.fetch/state.json': text });
        expect(await fetch(out)).toMatchObject({ status: 2, code: 'fetch-state-unreadable' });
        expect(existsSync(path.join(out, 'fruit-ada', 'work'))).toBe(true);
      }
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
        expect(await fetch(out, '--prefix', 'fruit-')).toMatchObject({ status: 0 });
        expect(existsSync(path.join(out, 'fruit-ada', 'work'))).toBe(true);
      } finally {
        delete process.env.GIT_CONFIG_GLOBAL;
      }
      expect(existsSync(witness)).toBe(false);
    });

    test('of two assignments none is guessed', async () => {
      pushClass();
      push('salad-ada', work(partly));
      push('salad-bob', work(partly));
      const out = path.join(newFolder(), 'class');
      expect(await fetch(out)).toMatchObject({ status: 2, code: 'uncertain-prefix' });
      expect(existsSync(out)).toBe(false);
      expect(await fetch(out, '--prefix', 'salad-')).toMatchObject({ status: 0 });
      expect(await fetch(out, '--prefix', 'fruit-')).toMatchObject({ status: 2, code: 'another-assignment' });
      expect(readdirSync(out).sort()).toEqual(['.fetch', '.gitignore', 'salad-ada', 'salad-bob']);
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
        expect(await fetch(newFolder())).toMatchObject({ status: 2, code: 'gh-needed' });
      } finally {
        process.env.GH_ENTERPRISE_TOKEN = token;
      }
    });
  }),
);

import { existsSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../../authoring/demo/demo';
import { classOf, graded, partly, work } from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { Hub } from '../../testing/hub';
import { runInProcess } from '../../testing/in-process';
import { needs } from '../../testing/needs';
import { courseFiles, rightAnswers } from '../../testing/worksheet';

needs('openssl', () =>
  needs('gh', () => {
    const hub = new Hub();
    const course = newCourse(courseFiles);
    let out = '';

    beforeAll(async () => {
      await hub.enter(newFolder());
      const root = classOf({});
      for (const [login, answers] of [
        ['ada', rightAnswers],
        ['bob', partly],
        ['cyd', partly],
        ['eve', partly],
      ] as const) {
        const files = work(answers, 'Pears', 'Lemons');
        await makeRepository(path.join(root, `fruit-${login}`), login, [{ time: 1, message: 'x', files }]);
        writeFiles(root, {
          [`fruit-${login}/.git/config`]: `[remote "origin"]\n\turl = https://${process.env.GH_HOST}/org/fruit-${login === 'eve' ? 'dan' : login}.git\n`,
        });
      }
      out = (await graded(course, root, '--feedback')).out;
    });
    afterAll(() => {
      hub.stop();
      removeFolders();
    });
    beforeEach(() => {
      hub.repositories.clear();
      Object.assign(hub, { writes: 0, breaksAfter: Number.POSITIVE_INFINITY });
    });

    const post = (...args: string[]) => runInProcess(course, 'feedback:post', out, ...args);
    const addAll = () => ['ada', 'bob', 'cyd', 'dan'].map((login) => hub.add(`fruit-${login}`));

    test('without --yes nothing is written, and it is said what would be', async () => {
      addAll();
      const { stdout } = await post();
      expect(hub.writes).toBe(0);
      expect(stdout).toContain('org/fruit-ada (ada): would be posted');
      expect(stdout).toContain('3 of 4: would be posted');
    });

    test('each student’s feedback is written into the own repository, and never twice', async () => {
      const [ada, bob] = addAll();
      await post('--yes');
      expect(ada?.comments.map(({ body }) => /\*\*(\d+) of \d+ points/.exec(body)?.[1])).toEqual(['10']);
      expect(bob?.comments.map(({ body }) => /\*\*(\d+) of \d+ points/.exec(body)?.[1])).toEqual(['9']);
      const again = await post('--yes');
      expect(again.stdout).toContain('3 of 4: there already');
      expect(ada?.comments).toHaveLength(1);
    });

    test('where there is no pull request, an issue is begun once, and an issue of a student’s is left alone', async () => {
      addAll();
      const ada = hub.add('fruit-ada', { pulls: [] });
      ada.issues.push({ number: 3, title: 'Feedback', user: { login: 'ada' } });
      const { stdout } = await post();
      expect(stdout).toContain('org/fruit-ada (ada): would be posted');
      expect(ada.issues).toHaveLength(1);
      await post('--yes');
      await post('--yes');
      expect(ada.issues.map(({ user }) => user.login)).toEqual(['ada', 'prof']);
      expect(ada.comments).toHaveLength(1);
      // A reader closes the issues.
      for (const issue of ada.issues) issue.state = 'closed';
      expect((await post('--yes')).stdout).toContain('3 of 4: there already');
      expect(ada.issues).toHaveLength(2);
    });

    test('what was posted to a pull request that is closed since is not posted again', async () => {
      const [ada] = addAll();
      await post('--yes');
      Object.assign(ada ?? {}, {
        pulls: [{ number: 1, title: 'Feedback', state: 'closed', base: { ref: 'feedback' } }],
      });
      expect((await post('--yes')).stdout).toContain('3 of 4: there already');
      expect(ada?.issues).toEqual([]);
    });

    test('a comment of an earlier run is put in a better one’s place, and a student’s like it is left', async () => {
      const [ada] = addAll();
      const mark = '<!-- worksheet feedback';
      ada?.comments.push({ id: 1, body: `${mark} old -->\nold`, user: { login: 'prof' } });
      ada?.comments.push({ id: 2, body: `${mark} ${'0'.repeat(64)} -->`, user: { login: 'ada' } });
      const { stdout } = await post('--yes');
      expect(stdout).toContain('org/fruit-ada (ada): updated');
      expect(ada?.comments).toHaveLength(2);
      expect(ada?.comments[0]?.body).toMatch(/\d+ of 10 points/);
    });

    test.each([
      [
        'that is public',
        { visibility: 'public' as const },
        'It is public, so others could read the feedback',
      ],
      [
        'that a whole company can read',
        { visibility: 'internal' as const },
        'It is internal, so others could',
      ],
      [
        'that another student can read',
        {
          readers: [
            { login: 'ada', permissions: {} },
            { login: 'mallory', permissions: { push: true } },
          ],
        },
        'mallory can read it too',
      ],
    ])(
      'a repository %s is left alone, and posted to by a later run once that is changed',
      async (_name, differs, says) => {
        addAll();
        hub.add('fruit-ada', differs);
        const { stdout, status } = await post('--yes');
        expect(stdout).toContain(`org/fruit-ada (ada): not posted. ${says}`);
        expect(status).toBe(1);
        expect(hub.repositories.get('fruit-ada')?.comments).toEqual([]);
        const ada = hub.add('fruit-ada');
        const retried = await post('--yes', '--staff', 'tom');
        expect(retried.stdout).toContain('2 of 4: there already');
        expect(ada.comments).toHaveLength(1);
      },
    );

    const readableBy = (name: string, login: string, permissions: object) =>
      hub.add(`fruit-${name}`, {
        readers: [
          { login: name, permissions: {} },
          { login, permissions },
        ],
      });

    test('an admin is of the staff, and who only maintains is not until named', async () => {
      addAll();
      readableBy('ada', 'Tom', { maintain: true, push: true });
      readableBy('bob', 'uma', { admin: true });
      const { stdout } = await post();
      expect(stdout).toContain('(bob): would be posted');
      expect(stdout).toContain('(ada): not posted. tom can read it too. If they are staff, add --staff tom');
      expect((await post('--staff', 'tom')).stdout).toContain('(ada): would be posted');
    });

    test.each([
      ['who administers the repository', 'Bob', { admin: true }],
      ['who is named with --staff', 'cyd', {}],
    ])('a student %s is never of the staff', async (_name, login, permissions) => {
      addAll();
      const ada = readableBy('ada', login, permissions);
      const { stdout } = await post('--yes', '--staff', 'bob,cyd');
      expect(stdout).toContain(`(ada): not posted. ${login.toLowerCase()} can read it too.`);
      expect(ada.comments).toEqual([]);
    });

    test('readers who are in the way everywhere are named at the end, with how to name them as staff', async () => {
      for (const name of ['ada', 'bob', 'cyd', 'eve']) {
        const readers = [name, 'uma', 'tom', 'ann'].map((login) => ({ login, permissions: { push: true } }));
        hub.add(`fruit-${name === 'eve' ? 'dan' : name}`, { readers });
      }
      const { stdout } = await post('--staff', 'ann');
      expect(stdout).toContain(
        '4 of 4: not posted. tom, uma can read it too. If they are staff, add --staff ann,tom,uma.',
      );
      const [, staff = ''] = /--staff (\S+)\./.exec(stdout) ?? [];
      expect((await post('--staff', staff)).stdout).toContain('4 of 4: would be posted');
    });

    test('a repository that another submission names is read by nobody but its owner', async () => {
      addAll();
      const { stdout } = await post('--yes');
      expect(stdout).toContain('org/fruit-dan (eve): not posted. Its student (eve) cannot read it.');
      expect(hub.repositories.get('fruit-dan')?.comments).toEqual([]);
    });

    test('what was stopped goes on where it was', async () => {
      const all = addAll();
      hub.breaksAfter = 1;
      const first = await post('--yes');
      expect(first.stdout).toContain('1 of 4: posted');
      hub.breaksAfter = Number.POSITIVE_INFINITY;
      const second = await post('--yes');
      expect(second.stdout).toContain('2 of 4: posted');
      expect(all.map(({ comments }) => comments.length)).toEqual([1, 1, 1, 0]);
    });

    test('without a login nothing is posted, and it is said what to do', async () => {
      const token = process.env.GH_ENTERPRISE_TOKEN;
      delete process.env.GH_ENTERPRISE_TOKEN;
      const runs = [await post(), await post('--yes')];
      process.env.GH_ENTERPRISE_TOKEN = token;
      for (const run of runs)
        expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining('run gh auth login') });
    });

    test('a run without feedback says how to get some', async () => {
      const { status, stderr } = await runInProcess(course, 'feedback:post', newFolder());
      expect({ status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('with --feedback first'),
      });
      expect(existsSync(path.join(out, 'feedback', 'ada.html'))).toBe(true);
    });
  }),
);

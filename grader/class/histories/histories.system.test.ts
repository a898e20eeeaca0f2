import { chmodSync, existsSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { courseWith, graded } from '../../testing/classes';
import { commitsOf, fairPoints, randomHistory, rules } from '../../testing/fair-histories';
import { newFolder, writeFiles } from '../../testing/folders';
import { clonesOf, git, makeHistory } from '../../testing/histories';
import { at, committed, deadline, full, half, start } from '../../testing/history-cases';
import { tries } from '../../testing/long';
import { Random } from '../../testing/sampler';

describe('hostile clones', () => {
  const witness = path.join(newFolder('witness'), 'ran');
  const script = path.join(newFolder('script'), 'run.sh');
  const root = clonesOf({ ada: -1 }, (hours) => committed(hours));
  const honest = path.join(root, 'fruit-ada');
  const store = path.join(honest, '.git', 'objects');

  /** Makes a clone hostile. Its work on time, `main~1`, is worth half the points, and its `main` is too late. */
  type Make = (dir: string) => void;
  const idOf = (dir: string, name: string) => git(dir, ['rev-parse', name]).trim();

  /** A commit of a tree that contains itself over and over: folders without a file, as many as there are atoms. */
  const bomb: Make = (dir) => {
    let entry = `040000 tree ${git(dir, ['mktree']).trim()}`;
    for (let depth = 0; depth < 16; depth++) {
      const entries = Array.from({ length: 20 }, (_, index) => `${entry}\tf${index}.ts\n`);
      entry = `040000 tree ${git(dir, ['mktree'], entries.join('')).trim()}`;
    }
    const tree = entry.replace(/.* /, '');
    const commit = git(dir, ['commit-tree', tree, '-p', 'main', '-m', 'x']).trim();
    git(dir, ['update-ref', 'refs/heads/main', commit]);
  };

  /** Sets options in the clone’s own configuration, one a line: a name and a value, which is the script by default. */
  const setting =
    (lines: string, files: Readonly<Record<string, string>> = {}): Make =>
    (dir) => {
      for (const line of lines.split('\n')) {
        const [, name = '', value = ''] = /^(\S+) ?(.*)$/.exec(line.trim()) ?? [];
        git(dir, ['config', name, value || script]);
      }
      writeFiles(dir, files);
    };
  const writing =
    (files: Readonly<Record<string, string | Buffer>>): Make =>
    (dir) =>
      writeFiles(dir, files);

  /** Makes an edited commit the last one. */
  const edit = (dir: string, name: string, before: string | RegExp, after: string) => {
    const edited = git(dir, ['cat-file', 'commit', name]).replace(before, after);
    const id = git(dir, ['hash-object', '-t', 'commit', '-w', '--stdin'], edited).trim();
    git(dir, ['update-ref', 'refs/heads/main', id]);
  };
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----';

  const otherPlace = /leads to another place/;
  const hooks = ['post-checkout', 'reference-transaction', 'post-index-change', 'fsmonitor-watchman'];
  const blob = 'ab'.repeat(20);

  /** The words in a row that say why its clone is not graded. Without them, the clone is graded by its own work. */
  const clones: Readonly<Record<string, Make | readonly [Make, RegExp]>> = {
    programs: (dir) => {
      edit(dir, 'main', '\n\n', `\n${signature}\n\n`);
      setting(
        `core.fsmonitor
        core.sshCommand
        remote.origin.url ssh://localhost/x
        log.showSignature true
        gpg.program
        diff.external
        diff.own.textconv
        filter.own.smudge
        core.pager`,
        { '.git/info/attributes': '* diff=own filter=own\n' },
      )(dir);
    },
    // Settings of `git log` that hide commits or files, or make it fail or wait. The work on time is the first commit.
    log: (dir) => {
      edit(dir, 'main~1', /^parent .*\n/m, '');
      setting(`core.worktree /
        diff.orderFile missing
        diff.relative true
        i18n.logOutputEncoding UTF-16
        log.showRoot false
        mailmap.file /dev/zero`)(dir);
    },
    hooks: (dir) => {
      for (const name of hooks) {
        const file = `.git/hooks/${name}`;
        writeFiles(dir, { [file]: `#!/bin/sh\ntouch '${witness}'\n` });
        chmodSync(path.join(dir, file), 0o755);
      }
    },
    include: setting('include.path more', {
      '.git/more': `[core]\n\tfsmonitor = ${script}\n\tpager = ${script}\n`,
    }),
    promisor: [
      (dir) => {
        setting(`core.repositoryformatversion 1
          extensions.partialClone origin
          remote.origin.promisor true
          remote.origin.url ext::sh -c "touch% '${witness}'"
          protocol.ext.allow always`)(dir);
        const id = idOf(dir, 'main~1:work/boxes.ts');
        rmSync(path.join(dir, '.git', 'objects', id.slice(0, 2), id.slice(2)));
      },
      /the clone is not complete/,
    ],
    alternates: [writing({ '.git/objects/info/alternates': `${store}\n` }), otherPlace],
    commondir: [writing({ '.git/commondir': '../../fruit-ada/.git\n' }), otherPlace],
    'a-link': [
      (dir) => {
        const objects = path.join(dir, '.git', 'objects');
        renameSync(objects, path.join(newFolder(), 'objects'));
        symlinkSync(store, objects);
        writeFiles(dir, { '.git/refs/heads/main': `${idOf(honest, 'main')}\n` });
      },
      otherPlace,
    ],
    'a-file': [
      (dir) => {
        rmSync(path.join(dir, '.git'), { recursive: true });
        writeFiles(dir, { '.git': 'gitdir: ../fruit-ada/.git\n' });
      },
      otherPlace,
    ],
    // Puts the work of a late commit in the place of the work on time.
    replace: (dir) => void git(dir, ['replace', 'main~1', 'main']),
    grafts: (dir) => writeFiles(dir, { '.git/info/grafts': `${idOf(dir, 'main')}\n` }),
    folders: [bomb, /takes too long/],
    ...(process.platform === 'linux' && {
      memory: [
        writing({
          [`.git/objects/ab/${blob.slice(2)}`]: deflateSync(
            Buffer.concat([Buffer.from('commit 6000000000\0'), Buffer.alloc(1 << 20)]),
          ),
          '.git/refs/heads/main': `${blob}\n`,
        }),
        /memory/,
      ] as const,
    }),
  };

  test('of a hostile clone nothing is run and nothing of a classmate is read, and its row says why', async () => {
    writeFiles(path.dirname(script), { 'run.sh': `#!/bin/sh\ntouch '${witness}'\n` });
    chmodSync(script, 0o755);
    // If the work in `late`, a day after the cutoff, counted, it would get all points.
    const history = { commits: { start, half: at(-2, half), late: at(72, full) } };
    for (const [login, clone] of Object.entries(clones)) {
      const dir = path.join(root, `fruit-${login}`);
      const make = typeof clone === 'function' ? clone : clone[0];
      makeHistory(dir, history);
      make(dir);
    }
    const { row } = await graded(courseWith({ deadline }), root);
    expect(existsSync(witness)).toBe(false);
    for (const [login, clone] of Object.entries(clones)) {
      const { status, points, notes } = row(login);
      const fair = typeof clone === 'function' ? ['graded', 6] : ['not readable', null];
      expect([login, status, points]).toEqual([login, ...fair]);
      if (typeof clone !== 'function') expect(JSON.stringify(notes)).toMatch(clone[1]);
    }
    expect(row('ada')).toMatchObject({ status: 'graded', points: 10 });
  }, 240_000);
});

test('what git says of a random history is worth what the rules say', async () => {
  const random = new Random(8);
  const histories = Array.from({ length: tries(80, 2) }, () => randomHistory(random, true));
  const clones = Object.fromEntries(histories.map((all, index) => [`s${index}`, commitsOf(all)]));
  const root = clonesOf(clones, (commits) => ({ commits }));
  const { row } = await graded(courseWith({ deadline: rules }), root);
  const points = Object.keys(clones).map((login) => row(login).points ?? row(login).status);
  expect(points).toEqual(histories.map(fairPoints));
});

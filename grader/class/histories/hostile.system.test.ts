import { chmodSync, existsSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { classOf, graded } from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { git, makeHistory, objectFile } from '../../testing/histories';
import { at, deadline, full, half, start } from '../../testing/history-cases';
import { courseFiles, rubricYaml } from '../../testing/worksheet';

afterAll(removeFolders);

const course = newCourse({
  ...courseFiles,
  'rubric.yaml': `${rubricYaml}deadline: ${JSON.stringify(deadline)}\n`,
});
const root = classOf({});
const honest = path.join(root, 'fruit-ada');
const witness = path.join(newFolder('witness'), 'ran');
const script = path.join(newFolder('script'), 'run.sh');

/** A commit of a tree that holds itself over and over: as many files as there are atoms, or folders without any. */
function bomb(dir: string, leaf: string): void {
  let [mode, kind, id] = leaf === '' ? ['040000', 'tree', git(dir, ['mktree'])] : ['100644', 'blob', ''];
  if (leaf !== '') id = git(dir, ['hash-object', '-w', '--stdin'], leaf);
  for (let depth = 0; depth < 16; depth++) {
    const entries = Array.from({ length: 20 }, (_, at) => `${mode} ${kind} ${id.trim()}\tf${at}.ts\n`);
    [mode, kind, id] = ['040000', 'tree', git(dir, ['mktree'], entries.join(''))];
  }
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
  const commit = git(dir, [...who, 'commit-tree', id.trim(), '-p', 'main', '-m', 'x']);
  git(dir, ['update-ref', 'refs/heads/main', commit.trim()]);
}

interface Hostile {
  /** Makes an honest clone of half the points hostile; it knows its commits by name. */
  readonly make: (dir: string, ids: Readonly<Record<string, string>>) => void;
  /** A part of what the row says; without it the clone is graded by its own work. */
  readonly says?: RegExp;
}

/** Sets something in the clone's own configuration. */
const setting =
  (...pairs: readonly (readonly [string, string])[]) =>
  (dir: string) => {
    for (const [name, value] of pairs) git(dir, ['config', name, value]);
  };

const clones: Readonly<Record<string, Hostile>> = {
  fsmonitor: { make: setting(['core.fsmonitor', script]) },
  ssh: { make: setting(['core.sshCommand', script], ['remote.origin.url', 'ssh://localhost/x']) },
  signature: { make: setting(['log.showSignature', 'true'], ['gpg.program', script]) },
  programs: {
    make: (dir) => {
      setting(
        ['diff.external', script],
        ['diff.own.textconv', script],
        ['filter.own.smudge', script],
        ['core.pager', script],
      )(dir);
      writeFiles(dir, { '.git/info/attributes': '* diff=own filter=own\n' });
    },
  },
  hooks: {
    make: (dir) => {
      const names = ['post-checkout', 'reference-transaction', 'post-index-change', 'fsmonitor-watchman'];
      writeFiles(
        dir,
        Object.fromEntries(names.map((name) => [`.git/hooks/${name}`, `#!/bin/sh\ntouch '${witness}'\n`])),
      );
      for (const name of names) chmodSync(path.join(dir, '.git', 'hooks', name), 0o755);
    },
  },
  include: {
    make: (dir) => {
      writeFiles(dir, { '.git/more': `[core]\n\tfsmonitor = ${script}\n\tpager = ${script}\n` });
      setting(['include.path', 'more'])(dir);
    },
  },
  promisor: {
    make: (dir, ids) => {
      setting(
        ['core.repositoryformatversion', '1'],
        ['extensions.partialClone', 'origin'],
        ['remote.origin.promisor', 'true'],
        ['remote.origin.url', `ext::sh -c "touch% '${witness}'"`],
        ['protocol.ext.allow', 'always'],
      )(dir);
      rmSync(objectFile(dir, git(dir, ['rev-parse', `${ids.half}:work/boxes.ts`]).trim()));
    },
    says: /the clone is not complete/,
  },
  alternates: {
    make: (dir) =>
      writeFiles(dir, { '.git/objects/info/alternates': `${path.join(honest, '.git', 'objects')}\n` }),
    says: /leads to another place/,
  },
  commondir: {
    make: (dir) => writeFiles(dir, { '.git/commondir': '../../fruit-ada/.git\n' }),
    says: /leads to another place/,
  },
  'a-link': {
    make: (dir) => {
      const objects = path.join(dir, '.git', 'objects');
      renameSync(objects, path.join(newFolder(), 'objects'));
      symlinkSync(path.join(honest, '.git', 'objects'), objects);
      writeFiles(dir, { '.git/refs/heads/main': git(honest, ['rev-parse', 'main']) });
    },
    says: /leads to another place/,
  },
  'a-file': {
    make: (dir) => {
      rmSync(path.join(dir, '.git'), { recursive: true });
      writeFiles(dir, { '.git': 'gitdir: ../fruit-ada/.git\n' });
    },
    says: /leads to another place/,
  },
  replace: {
    make: (dir, ids) => {
      // The work that a late commit holds, in the place of what was there on time.
      git(dir, ['replace', ids.half ?? '', ids.late ?? '']);
    },
  },
  grafts: {
    make: (dir, ids) => writeFiles(dir, { '.git/info/grafts': `${ids.late}\n` }),
  },
  files: { make: (dir) => bomb(dir, 'x'), says: /memory|too large|too long/ },
  folders: { make: (dir) => bomb(dir, ''), says: /takes too long/ },
  ...(process.platform === 'linux' && {
    memory: {
      make: (dir: string) => {
        const id = 'ab'.repeat(20);
        const head = deflateSync(Buffer.concat([Buffer.from('commit 6000000000\0'), Buffer.alloc(1 << 20)]));
        writeFiles(dir, { [`.git/objects/ab/${id.slice(2)}`]: head, '.git/refs/heads/main': `${id}\n` });
      },
      says: /memory/,
    },
  }),
};

test('of a hostile clone nothing is run and nothing of a classmate is read, and its row says why', async () => {
  writeFiles(path.dirname(script), { 'run.sh': `#!/bin/sh\ntouch '${witness}'\n` });
  chmodSync(script, 0o755);
  makeHistory(honest, { commits: { start, full: at(-1, full) } });
  // With the work in `late`, a day after the cutoff, all points would count.
  for (const [login, { make }] of Object.entries(clones)) {
    const dir = path.join(root, `fruit-${login}`);
    make(dir, makeHistory(dir, { commits: { start, half: at(-2, half), late: at(72, full) } }));
  }
  const { row } = await graded(course, root);
  expect(existsSync(witness)).toBe(false);
  const isGraded = Object.fromEntries(
    Object.entries(clones).map(([login, { says }]) => {
      const { status, points, warnings } = row(login);
      const told = JSON.stringify(warnings);
      return [login, says === undefined ? `${status} ${points}` : says.test(told) ? status : told];
    }),
  );
  expect(isGraded).toEqual(
    Object.fromEntries(
      Object.entries(clones).map(([login, { says }]) => [login, says === undefined ? 'graded 6' : 'failed']),
    ),
  );
  expect(row('ada')).toMatchObject({ status: 'graded', points: 10 });
}, 240_000);

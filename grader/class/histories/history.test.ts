import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { makeRepository } from '../../authoring/demo/sample';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { makeHistory, objectFile } from '../../testing/histories';
import { rubric } from '../../testing/worksheet';
import { HistoryError, openHistory } from './history';

afterAll(removeFolders);

const files = ['work/boxes.ts', 'work/notes.md'];
const day = 24 * 60 * 60 * 1000;

async function repository(): Promise<string> {
  const root = path.join(newFolder('a student é'), 'repository');
  await makeRepository(root, 'ada', [
    { time: day, message: 'one', files: { 'work/boxes.ts': 'first', other: 'x' } },
    { time: 2 * day, message: 'two', files: { 'work/boxes.ts': 'second', 'work/notes.md': 'notes' } },
    { time: 3 * day, message: 'three', files: { 'work/boxes.ts': null } },
  ]);
  return root;
}

async function read(root: string) {
  try {
    const history = await openHistory(root);
    const commits = history?.byTime() ?? [];
    const versions = await Promise.all(commits.map((commit) => history?.version(commit, rubric)));
    return {
      versions: versions.map((version) => [
        (version?.commit.time ?? 0) / day,
        ...files.map((file) => {
          const opened = version?.files.get(file)?.opened;
          return opened?.kind === 'file' ? Buffer.from(opened.bytes).toString() : null;
        }),
      ]),
      remarks: (history?.remarks ?? []).map(({ code }) => code),
      address: history?.repository,
    };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return { versions: [], remarks: [error.reason.code], address: undefined };
  }
}

const whole = [
  [3, null, 'notes'],
  [2, 'second', 'notes'],
  [1, 'first', null],
];

test('each commit has its time and the files as they were, the newest first', async () => {
  expect(await read(await repository())).toEqual({ versions: whole, remarks: [], address: undefined });
});

test('a repository without a history is no fault', async () => {
  expect(await read(newFolder())).toEqual({ versions: [], remarks: [], address: undefined });
});

test.each([
  ['https://github.com/org/fruit-ada.git', 'https://github.com/org/fruit-ada'],
  ['https://x-access-token:secret@github.com/org/fruit-ada', 'https://github.com/org/fruit-ada'],
  ['git@github.com:org/fruit-ada.git', 'https://github.com/org/fruit-ada'],
  ['https://github.com/org/<script>', undefined],
  ['javascript:alert(1)', undefined],
])('a clone of %s has the page %s', async (url, address) => {
  const root = await repository();
  writeFiles(root, { '.git/config': `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n` });
  expect((await read(root)).address).toBe(address);
});

test('nothing that a repository’s settings say is run, and nothing is written to it', async () => {
  const root = await repository();
  const proof = path.join(newFolder(), 'ran');
  const script = `#!/bin/sh\ntouch '${proof}'\n`;
  writeFiles(root, {
    '.git/config': `[core]\n\tfsmonitor = touch ${proof}\n\tsshCommand = touch ${proof}\n\tpager = touch ${proof}\n[log]\n\tshowSignature = true\n[gpg]\n\tprogram = touch ${proof}\n[include]\n\tpath = /etc/passwd\n`,
    '.git/hooks/post-checkout': script,
    '.gitattributes': '* filter=x\n',
  });
  expect((await read(root)).versions).toEqual(whole);
  expect(existsSync(proof)).toBe(false);
});

test.each([
  [
    'a file .git that points elsewhere',
    (root: string, other: string) => {
      rmSync(path.join(root, '.git'), { recursive: true });
      writeFileSync(path.join(root, '.git'), `gitdir: ${path.join(other, '.git')}\n`);
    },
    'history/no-folder',
  ],
  [
    'a link in the place of the objects',
    (root: string, other: string) => {
      rmSync(path.join(root, '.git', 'objects'), { recursive: true });
      symlinkSync(path.join(other, '.git', 'objects'), path.join(root, '.git', 'objects'), 'junction');
    },
    'history/unreadable',
  ],
  [
    'objects that are borrowed from elsewhere',
    (root: string, other: string) => {
      rmSync(path.join(root, '.git', 'objects'), { recursive: true });
      writeFiles(root, { '.git/objects/info/alternates': `${path.join(other, '.git', 'objects')}\n` });
    },
    'history/unreadable',
  ],
  [
    'no commit yet',
    (root: string) => rmSync(path.join(root, '.git', 'refs'), { recursive: true }),
    'history/unreadable',
  ],
  [
    'a head that leads in a circle',
    (root: string) => writeFiles(root, { '.git/HEAD': 'ref: HEAD\n' }),
    'history/unreadable',
  ],
  [
    'a head that leads out',
    (root: string) => writeFiles(root, { '.git/HEAD': 'ref: ../../../etc/passwd\n' }),
    'history/unreadable',
  ],
])('with %s there is no history, and it is said', async (_name, change, code) => {
  const [root, other] = [await repository(), await repository()];
  change(root, other);
  expect(await read(root)).toEqual({ versions: [], remarks: [code], address: undefined });
});

test('a link in the place of .git is not followed', async () => {
  const [root, other] = [newFolder(), await repository()];
  symlinkSync(path.join(other, '.git'), path.join(root, '.git'), 'junction');
  expect((await read(root)).versions).toEqual([]);
});

test('an object that unpacks to far more than any file of a student is not unpacked', async () => {
  const root = path.join(newFolder(), 'repository');
  const ids = await makeHistory(root, { commits: { one: { time: day, files: { 'work/boxes.ts': 'x' } } } });
  const file = objectFile(root, ids.one ?? '');
  rmSync(file, { force: true });
  writeFileSync(file, deflateSync(Buffer.alloc(64 * 1024 * 1024)));
  expect(await read(root)).toEqual({ versions: [], remarks: ['history/unreadable'], address: undefined });
});

test('a bare clone has its history too', async () => {
  const root = path.join(newFolder(), 'repository.git');
  await makeHistory(root, {
    commits: { one: { time: day, files: { 'work/boxes.ts': 'first' } } },
    isBare: true,
  });
  expect((await read(root)).versions).toEqual([[1, 'first', null]]);
});

test('a message of any size is not read', async () => {
  const root = path.join(newFolder(), 'repository');
  const message = 'm'.repeat(1024 * 1024);
  await makeHistory(root, { commits: { one: { time: day, files: {}, message } } });
  expect(await read(root)).toEqual({ versions: [], remarks: ['history/too-much'], address: undefined });
});

test('a shallow clone is named', async () => {
  const root = await repository();
  writeFiles(root, { '.git/shallow': '' });
  expect((await read(root)).remarks).toEqual(['history/shallow']);
});

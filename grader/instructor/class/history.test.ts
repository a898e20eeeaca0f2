import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { makeRepository } from '../demo/repository';
import { readHistory } from './history';

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
  const { versions, remarks, repository: address } = await readHistory(root, files);
  return {
    versions: versions.map(({ time, files: found }) => [
      time / day,
      ...files.map((file) => found.get(file)?.toString() ?? null),
    ]),
    remarks: remarks.map(({ code }) => code),
    address,
  };
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
  const root = await repository();
  const objects = path.join(root, '.git', 'objects');
  const { commit } = await import('isomorphic-git').then(({ log }) =>
    log({ fs: require('node:fs'), dir: root, depth: 1 }).then(([head]) => head ?? { commit: { tree: '' } }),
  );
  const tree = path.join(objects, commit.tree.slice(0, 2), commit.tree.slice(2));
  renameSync(tree, `${tree}.old`);
  mkdirSync(path.dirname(tree), { recursive: true });
  writeFileSync(tree, deflateSync(Buffer.alloc(64 * 1024 * 1024)));
  expect(await read(root)).toEqual({ versions: [], remarks: ['history/unreadable'], address: undefined });
});

test('a shallow clone is named', async () => {
  const root = await repository();
  writeFiles(root, { '.git/shallow': '' });
  expect((await read(root)).remarks).toEqual(['history/shallow']);
});

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { newFolder, removeFolders } from '../testing/folders';
import { type Lock, takeLock } from './lock';

afterAll(removeFolders);

const newFile = () => path.join(newFolder(), 'out.lock');

async function taken(file: string): Promise<Lock> {
  const lock = await takeLock(file);
  if (!('release' in lock)) throw new Error(`held by ${lock.pid}`);
  return lock;
}

test('a lock is one process’s at a time, and says whose and since when', async () => {
  const file = newFile();
  const lock = await taken(file);
  expect(await takeLock(file)).toMatchObject({
    pid: process.pid,
    host: hostname(),
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  lock.release();
  expect(existsSync(file)).toBe(false);
  (await taken(file)).release();
});

test.each([
  ['a process that is gone', 4_194_304],
  ['a process whose ID is in use again', process.pid],
])('what %s left is taken over, because nobody touches it', async (_name, pid) => {
  const file = newFile();
  writeFileSync(file, JSON.stringify({ token: 'old', pid, host: hostname(), since: '2026-01-01T00:00:00Z' }));
  const lock = await taken(file);
  expect(lock.isHeld()).toBe(true);
  lock.release();
});

test('a file that says nothing is taken over as well', async () => {
  const file = newFile();
  writeFileSync(file, '');
  const lock = await taken(file);
  expect(lock.isHeld()).toBe(true);
  lock.release();
});

test('a lock is touched also while its process is busy', async () => {
  const file = newFile();
  const lock = await taken(file);
  await setTimeout(300);
  const before = statSync(file).mtimeMs;
  for (const start = performance.now(); performance.now() - start < 1500; );
  expect(statSync(file).mtimeMs).toBeGreaterThan(before);
  lock.release();
});

test('whoever lost a lock knows it, and takes it from nobody', async () => {
  const file = newFile();
  const lock = await taken(file);
  const other = JSON.stringify({ token: 'other', pid: 1, host: 'x', since: '' });
  writeFileSync(file, other);
  expect(lock.isHeld()).toBe(false);
  lock.release();
  expect(readFileSync(file, 'utf8')).toBe(other);
});

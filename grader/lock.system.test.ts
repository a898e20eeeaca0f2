import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { holdLock, isAbandoned, makeLock } from './lock';
import { newFolder, removeFolders, writeFiles } from './testing/folders';

afterAll(removeFolders);

const newPlace = () => path.join(newFolder(), 'out.lock');

/** Makes a lock that a process left behind. */
function left(owner: object): string {
  const place = newPlace();
  const known = { token: 'old', pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00Z' };
  writeFiles(place, { 'owner.json': JSON.stringify({ ...known, ...owner }) });
  return place;
}

/** The ID of a process that has ended. */
const gone = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));

test('a lock is one process’s at a time, and says whose, since when, and what to delete', () => {
  const place = newPlace();
  const lock = holdLock(place, 'Another run writes here');
  expect(() => holdLock(place, 'Another run writes here')).toThrow(
    `Another run writes here: process ${process.pid} on ${hostname()}, since ${new Date().toISOString().slice(0, 10)}`,
  );
  expect(() => holdLock(place, '')).toThrow(expect.objectContaining({ code: 'lock-held' }));
  expect(isAbandoned(place)).toBe(false);
  lock.release();
  expect(existsSync(place)).toBe(false);
  holdLock(place, '').release();
});

test('whose a lock is may be written a moment after it is made', async () => {
  const place = newPlace();
  const owner = JSON.stringify({ token: 'new', pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00Z' });
  const program = `const fs = require('node:fs'); fs.mkdirSync(process.argv[1]); console.log(); setTimeout(() => fs.writeFileSync(process.argv[1] + '/owner.json', process.argv[2]), 300);`;
  const other = spawn(process.execPath, ['-e', program, place, owner]);
  await once(other.stdout, 'data');
  expect(() => holdLock(place, '')).toThrow('process 1 on elsewhere');
});

test.each([
  ['a process that is gone', { pid: gone }],
  ['a process whose ID is in use again', { began: '1' }],
])('the lock of %s is taken over at once', (_name, owner) => {
  const place = left(owner);
  expect(isAbandoned(place)).toBe(true);
  const lock = holdLock(place, '');
  expect(lock.isHeld()).toBe(true);
  lock.release();
  expect(readdirSync(path.dirname(place))).toEqual([]);
});

test('a lock that was a file, as an earlier version made it, is taken over where its process is gone', () => {
  const place = newPlace();
  writeFileSync(place, JSON.stringify({ token: 'old', pid: gone, host: hostname(), since: 'x' }));
  expect(holdLock(place, '').isHeld()).toBe(true);
});

test.each([
  ['of another machine', () => left({ pid: gone, host: 'elsewhere' }), 'on elsewhere, since 2026-01-01'],
  ['of a process that runs', () => left({}), `process ${process.pid}`],
  [
    'of nobody who is known',
    () => {
      const place = newPlace();
      mkdirSync(place);
      return place;
    },
    'an unknown process, since 2',
  ],
])('a lock %s stops, and stays', (_name, make, says) => {
  const place = make();
  expect(() => holdLock(place, '')).toThrow(says);
  expect(existsSync(place)).toBe(true);
});

test('whoever lost a lock knows it, and takes it from nobody', () => {
  const place = newPlace();
  const lock = holdLock(place, '');
  rmSync(place, { recursive: true });
  const next = makeLock(place);
  expect([lock.isHeld(), next?.isHeld()]).toEqual([false, true]);
  lock.release();
  expect(readFileSync(path.join(place, 'owner.json'), 'utf8')).toContain(next?.token);
});

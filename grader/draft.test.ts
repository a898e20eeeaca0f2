import { existsSync } from 'node:fs';
import path from 'node:path';
import { holdLock } from './system/draft';
import { newFolder, removeFolders } from './testing/folders';

afterAll(removeFolders);

test('a lock is one process’s at a time, and says since when it is there and what to delete', () => {
  const place = path.join(newFolder(), 'out.lock');
  const release = holdLock(place, 'Another run writes here');
  expect(() => holdLock(place, 'Another run writes here')).toThrow(
    `Another run writes here, since ${new Date().toISOString().slice(0, 10)}`,
  );
  expect(() => holdLock(place, '')).toThrow(`delete ${place} and run this again`);
  release();
  expect(existsSync(place)).toBe(false);
  holdLock(place, '')();
});

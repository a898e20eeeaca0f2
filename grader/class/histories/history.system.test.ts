import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { needs } from '../../testing/needs';
import { rubric } from '../../testing/worksheet';
import { openHistory } from './history';

afterAll(removeFolders);

/** A repository with a large file in every commit, packed as in a clone. */
function packed(contents: readonly Buffer[]): string {
  const root = path.join(newFolder(), 'repository');
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args]);
  execFileSync('git', ['init', '-q', root]);
  for (const content of contents) {
    writeFiles(root, { 'work/boxes.ts': content });
    git('add', '.');
    git('-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qm', 'x');
  }
  git('gc', '-q');
  return root;
}

needs('git', () => {
  test('large files that a pack holds in little are read no further than is worth the time', async () => {
    const root = packed([1, 2, 3, 4, 5, 6].map((fill) => Buffer.alloc(60_000_000, fill)));
    const history = await openHistory(root);
    let count = 0;
    for (const commit of history?.byTime() ?? []) {
      if (history?.isSpent()) break;
      const version = await history?.version(commit, rubric);
      expect(version?.files.get('work/boxes.ts')?.opened).toMatchObject({ kind: 'refused' });
      count++;
    }
    expect(count).toBe(4);
  }, 120_000);

  test('a history that is too large to be read says how large it is', async () => {
    const root = packed([randomBytes(70 * 1024 * 1024)]);
    await expect(openHistory(root)).rejects.toThrow(
      expect.objectContaining({ reason: expect.objectContaining({ code: 'history/too-large' }) }),
    );
  }, 120_000);
});

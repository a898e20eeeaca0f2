import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { needs } from '../../testing/needs';
import { readHistory } from './history';

afterAll(removeFolders);

const files = ['work/boxes.ts', 'work/notes.md'];

needs('git', () => {
  test('a history of very large files is read no further than is worth the time', async () => {
    const root = path.join(newFolder(), 'repository');
    // As a pack holds it: the guard on single objects does not see into packs.
    const large = 60_000_000;
    execFileSync('git', ['init', '-q', root]);
    for (let index = 1; index <= 6; index++) {
      writeFiles(root, { 'work/boxes.ts': Buffer.alloc(large, String(index)) });
      execFileSync('git', ['-C', root, 'add', '.']);
      execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qm', 'x']);
    }
    execFileSync('git', ['-C', root, 'gc', '-q']);
    const { versions, remarks } = await readHistory(root, files);
    expect(versions).toHaveLength(4);
    for (const { files: found } of versions) expect(found.get('work/boxes.ts')?.length).toBeLessThan(70_000);
    expect(remarks.map(({ code }) => code)).toEqual(['history/long']);
  }, 120_000);
});

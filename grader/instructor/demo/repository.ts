import * as fs from 'node:fs';
import path from 'node:path';
import { add, commit, init, remove } from 'isomorphic-git';
import { writeFile } from '../files';

/** One commit of a made-up repository: the files that it changes; null takes one away. */
export interface Commit {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  readonly files: Readonly<Record<string, string | null>>;
}

/** Makes a repository with some commits, the oldest first, and their files. */
export async function makeRepository(dir: string, author: string, commits: readonly Commit[]): Promise<void> {
  fs.mkdirSync(dir, { recursive: true });
  await init({ fs, dir, defaultBranch: 'main' });
  for (const { time, message, files } of commits) {
    for (const [filepath, text] of Object.entries(files)) {
      if (text === null) {
        fs.rmSync(path.join(dir, ...filepath.split('/')));
        await remove({ fs, dir, filepath });
      } else {
        writeFile(dir, filepath, text);
        await add({ fs, dir, filepath });
      }
    }
    const who = {
      name: author,
      email: `${author}@example.org`,
      timestamp: Math.floor(time / 1000),
      timezoneOffset: 0,
    };
    await commit({ fs, dir, message, author: who, committer: who });
  }
}

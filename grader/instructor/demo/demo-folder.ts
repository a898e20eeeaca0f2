import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { onInterrupt } from '../interrupt';
import { holdLock } from '../lock';

/** Says that a folder is the demo's own, and may be made anew. */
const markName = 'demo.json';
const lockName = '.demo.lock';
const ours =
  /^(?:demo\.json|\.demo\.lock|worksheet-submissions|roster\.csv|out(?:\..+)?|\.DS_Store|Thumbs\.db)$/;

/** A folder to make a sample class in. */
export interface DemoFolder {
  /** Says that it is done; without that, an interruption takes everything away again. */
  done(): void;
}

/**
 * Takes a folder for a sample class, and empties it of an earlier one.
 *
 * @throws {GraderError} where it holds something else, or another demo is at work there.
 */
export async function takeDemoFolder(folder: string): Promise<DemoFolder> {
  const isNew = !existsSync(folder);
  if (!isNew) assertOurs(folder);
  mkdirSync(folder, { recursive: true });
  const lock = await holdLock(path.join(folder, lockName), `Another demo is made in ${folder}`);
  const empty = () => {
    for (const name of readdirSync(folder)) {
      if (name !== lockName && ours.test(name))
        rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  };
  const off = onInterrupt(() => {
    empty();
    lock.release();
    if (isNew && readdirSync(folder).length === 0) rmdirSync(folder);
  });
  empty();
  writeFileSync(
    path.join(folder, markName),
    `${JSON.stringify({ about: 'A sample class. npm run demo makes this folder anew.' })}\n`,
  );
  return {
    done: () => {
      off();
      lock.release();
    },
  };
}

function assertOurs(folder: string): void {
  const refuse = (reason: string) => {
    throw new GraderError(
      'folder',
      `${folder} ${reason}. It is left as it is. Choose another folder: npm run demo -- --out <folder>`,
    );
  };
  if (!statSync(folder).isDirectory()) refuse('is not a folder');
  const names = readdirSync(folder);
  const foreign = names.find((name) => !ours.test(name));
  if (foreign !== undefined) refuse(`holds ${foreign}, which no demo put there`);
  const isMarked =
    names.includes(markName) || names.every((name) => /^(?:\.demo\.lock|\.DS_Store)$/.test(name));
  if (!isMarked) refuse(`holds ${names[0]}, which no demo put there`);
}

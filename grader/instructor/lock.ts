import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { GraderError } from '../error';
import { onInterrupt } from './interrupt';

/** Who holds a lock. */
interface LockOwner {
  /** Tells one holder from every other. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the words of its system: its ID alone may be in use again. */
  readonly began?: string | undefined;
  /** ISO 8601. */
  readonly since: string;
}

/** A folder that only one process at a time can make. */
export interface Lock {
  readonly token: string;
  /** Whether the lock is still this process's own; somebody may have deleted it. */
  isHeld(): boolean;
  release(): void;
}

const ownerFile = 'owner.json';

const second = 1000;

/**
 * Takes a lock. That of a process which is gone is taken over; any other has to be waited for, or deleted
 * by whoever knows better.
 *
 * @param folder the lock itself; what is around it has to be there.
 * @param busy what another process does with what the lock is for.
 * @throws {GraderError} that says whose it is, since when, and what to delete if that is no longer so.
 */
export function holdLock(folder: string, busy: string): Lock {
  for (;;) {
    const lock = makeLock(folder);
    if (lock) return lock;
    const owner = ownerOf(folder);
    if (owner && isGone(owner) && removeLock(folder, owner)) continue;
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (!stats) continue;
    const names = stats.isDirectory() ? readdirSync(folder) : undefined;
    // Whose it is gets written a moment after it is made. The clock of a shared disk may be ahead of ours.
    if (
      !owner &&
      names?.every((name) => name === ownerFile) &&
      Math.abs(Date.now() - stats.mtimeMs) < second
    ) {
      sleepSync(20);
      continue;
    }
    if (!owner && names?.length !== 0)
      throw new GraderError(
        'folder',
        'not-a-lock',
        `${folder} is in the way: it is not a lock of this program. Move it away.`,
      );
    const { pid, host, since = stats.mtime.toISOString() } = owner ?? {};
    const who = owner ? `process ${pid} on ${host}` : 'an unknown process';
    throw new GraderError(
      'folder',
      'lock-held',
      `${busy}: ${who}, since ${since}. Wait until it ends, or choose another folder with --out. If it no longer runs, delete ${folder}`,
    );
  }
}

/** Lets that many milliseconds go by, and nothing else of this thread run. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Makes a lock, if there is none. */
export function makeLock(folder: string): Lock | undefined {
  const token = randomUUID();
  const isHeld = () => ownerOf(folder)?.token === token;
  const remove = () => {
    if (isHeld()) rmSync(folder, { recursive: true, force: true });
  };
  // Before there is one: whoever asked for the lock can undo something only when it has it.
  const off = onInterrupt(remove);
  const { pid } = process;
  const owner: LockOwner = {
    token,
    pid,
    host: hostname(),
    began: beginOf(pid),
    since: new Date().toISOString(),
  };
  try {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(path.join(folder, ownerFile), JSON.stringify(owner));
  } catch (error) {
    off();
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  return {
    token,
    isHeld,
    release: () => {
      off();
      remove();
    },
  };
}

const day = 24 * 60 * 60 * 1000;

/** Whether a lock is of a process of this machine that runs no more, or has been nobody's for a day. */
export function isAbandoned(folder: string): boolean {
  const owner = ownerOf(folder);
  return owner ? isGone(owner) : Date.now() - statSync(folder).mtimeMs > day;
}

/** Moves it away first: of two who find it abandoned, only one can. */
function removeLock(folder: string, { token }: LockOwner): boolean {
  const aside = `${folder}-${randomUUID()}`;
  try {
    renameSync(folder, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const isSame = ownerOf(aside)?.token === token;
  // Another was quicker, and what was moved away is its new lock.
  if (isSame) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, folder);
  return isSame;
}

function ownerOf(folder: string): LockOwner | undefined {
  try {
    // Earlier versions of this program made a file of it.
    const file = statSync(folder).isFile() ? folder : path.join(folder, ownerFile);
    const owner = JSON.parse(readFileSync(file, 'utf8')) as Partial<LockOwner>;
    return typeof owner.token === 'string' ? (owner as LockOwner) : undefined;
  } catch {
    return undefined;
  }
}

function isGone({ pid, host, began }: LockOwner): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return true;
  }
  const now = beginOf(pid);
  return began !== undefined && now !== undefined && began !== now;
}

/** When a process began, where its system says so at once; Windows does not. */
function beginOf(pid: number): string | undefined {
  try {
    // Fields after the name, which may hold anything: the 22nd of all counts ticks since the system began.
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19];
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

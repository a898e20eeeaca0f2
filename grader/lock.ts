import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { GraderError } from './error';
import { onInterrupt } from './interrupt';
import { msPerDay } from './rubric/moment';

/** The holder of a lock. */
interface LockOwner {
  /** Distinguishes this holder from every other. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** When the process began, as its system reports it. Its ID alone may have been reused. */
  readonly began?: string | undefined;
  /** ISO 8601. */
  readonly since: string;
}

/** A folder that only one process at a time can make. */
export interface Lock {
  readonly token: string;
  /** Whether this process still holds the lock; somebody may have deleted it. */
  isHeld(): boolean;
  release(): void;
}

const ownerFile = 'owner.json';

const second = 1000;

/**
 * Takes a lock, or takes it over if its process is gone. The user has to wait for any other lock, or delete it
 * if it is no longer in use.
 *
 * @param folder the lock itself; its parent folder must exist.
 * @param busy says what another process is doing if it holds the lock.
 * @throws {GraderError} that says who holds it, since when, and what to delete if that process no longer runs.
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
    // The owner is written a moment after the folder is made. The clock of a shared disk may be ahead of ours.
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

/** Blocks this thread for that many milliseconds. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Makes a lock, or returns undefined if there is one already. */
export function makeLock(folder: string): Lock | undefined {
  const token = randomUUID();
  const isHeld = () => ownerOf(folder)?.token === token;
  const remove = () => {
    if (isHeld()) rmSync(folder, { recursive: true, force: true });
  };
  // Register this before the lock exists: the caller can register its own cleanup only once it has the lock.
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

/** Whether a lock's process on this machine no longer runs, or the lock has had no owner for a day. */
export function isAbandoned(folder: string): boolean {
  const owner = ownerOf(folder);
  return owner ? isGone(owner) : Date.now() - statSync(folder).mtimeMs > msPerDay;
}

/** Removes a lock. Moves it away first: of two processes that find it abandoned, only one can. */
function removeLock(folder: string, { token }: LockOwner): boolean {
  const aside = `${folder}-${randomUUID()}`;
  try {
    renameSync(folder, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const isSame = ownerOf(aside)?.token === token;
  // If another process was quicker, we have moved away its new lock, so put it back.
  if (isSame) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, folder);
  return isSame;
}

function ownerOf(folder: string): LockOwner | undefined {
  try {
    // In earlier versions of this program, the lock was a file.
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

/** When a process began, if its system reports that quickly; Windows does not. */
function beginOf(pid: number): string | undefined {
  try {
    // Skip past the name, which may contain anything. Field 22 overall is the start, in ticks since boot.
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19];
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { GraderError } from '../error';
import { onInterrupt } from './interrupt';

/** Who holds a lock. */
export interface Owner {
  /** Tells one holder from every other, also from one that had the same process ID. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface Lock {
  /** Tells this holder from every other. */
  readonly token: string;
  /** Whether the lock is still this process's own; another may have taken it while this one slept. */
  isHeld(): boolean;
  release(): void;
}

/** A holder touches its lock this often, in milliseconds. */
const beat = 500;
/** A lock that nobody touches this long has no holder any more. */
const silence = 6 * beat;
/** The same where its process is known to be gone; its ID alone would prove nothing. */
const silenceOfTheDead = 3 * beat;
/** The same for a folder that several machines share: what they see of it is some seconds old. */
const silenceOfOthers = 20 * beat;

function silenceAfter(owner: Owner | undefined): number {
  if (!owner) return silence;
  if (owner.host !== hostname()) return silenceOfOthers;
  return isRunning(owner.pid) ? silence : silenceOfTheDead;
}

/**
 * Takes a lock, a file that only one process at a time can make. A process that was killed leaves its
 * file behind, and its ID may be in use again: so a holder touches the file all the time, and who finds
 * one waits to see that. A thread does the touching, for the main one may be busy.
 *
 * @returns the lock, or who holds it.
 */
export async function takeLock(file: string): Promise<Lock | Owner> {
  for (;;) {
    const lock = create(file);
    if (lock) return lock;
    assertLock(file);
    if (await isAlive(file)) {
      const owner = ownerOf(file);
      if (owner) return owner;
    } else removeAbandoned(file);
  }
}

/**
 * The same, where there is nothing to do without it.
 *
 * @param busy what another process does with what the lock is for.
 * @throws {GraderError} that says whose it is and since when.
 */
export async function holdLock(file: string, busy: string): Promise<Lock> {
  const lock = await takeLock(file);
  if ('release' in lock) return lock;
  const { pid, host, since } = lock;
  throw new GraderError(
    'folder',
    `${busy}: process ${pid} on ${host}, since ${since}. Wait until it ends, or choose another folder with --out.`,
  );
}

/** Whether somebody touches a lock while it is watched. */
export async function isAlive(file: string): Promise<boolean> {
  const owner = ownerOf(file);
  const first = touched(file);
  const wait = silenceAfter(owner);
  for (const start = performance.now(); performance.now() - start < wait; ) {
    await setTimeout(beat / 5);
    const now = touched(file);
    if (now === undefined) return false;
    if (now !== first || ownerOf(file)?.token !== owner?.token) return true;
  }
  return false;
}

/** @throws {GraderError} where something else has its name; an empty file is a lock in the making. */
function assertLock(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats || (stats.isFile() && (stats.size === 0 || ownerOf(file) !== undefined))) return;
  throw new GraderError('folder', `${file} is in the way: it is not a lock of this program. Move it away.`);
}

/** Moves it away first: of two who find it abandoned, only one can. */
function removeAbandoned(file: string): void {
  const aside = `${file}-${randomUUID()}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function create(file: string): Lock | undefined {
  const owner: Owner = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
  };
  const isHeld = () => ownerOf(file)?.token === owner.token;
  const remove = () => {
    if (isHeld()) rmSync(file, { force: true });
  };
  // Before there is a file: whoever asked for the lock can undo something only when it has it.
  const off = onInterrupt(remove);
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, JSON.stringify(owner));
    closeSync(descriptor);
  } catch (error) {
    off();
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  const touching = new Worker(touch, { eval: true, execArgv: [], workerData: { file, beat } });
  touching.unref();
  return {
    token: owner.token,
    isHeld,
    release: () => {
      off();
      touching.terminate().catch(() => {});
      remove();
    },
  };
}

/** JavaScript, for a thread cannot start with TypeScript. */
const touch = `
const { utimesSync } = require('node:fs');
const { workerData: { file, beat } } = require('node:worker_threads');
setInterval(() => {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {}
}, beat);
`;

function ownerOf(file: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8')) as Partial<Owner>;
    return typeof owner.token === 'string' ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function touched(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

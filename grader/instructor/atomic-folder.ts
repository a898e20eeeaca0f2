import { existsSync, renameSync, rmSync } from 'node:fs';
import { GraderError } from '../error';
import { onInterrupt } from './interrupt';
import { holdLock, type Lock, sleepSync } from './lock';

/** A folder or file that takes the place of an earlier one. */
export interface Replacement {
  readonly target: string;
  /** Where the new one is made. */
  readonly made: string;
  /** Where the earlier one waits until all new ones are in their places. */
  readonly earlier: string;
}

/** What is written beside its place, and then put there by renames: as a whole, or not at all. */
export interface Draft {
  readonly folder: string;
  /** Removes what was made; what another process has taken over stays. */
  discard(): void;
  /**
   * Puts all in place, the last of it as the sign that nothing is missing. Where that fails, everything is
   * as it was.
   *
   * @param assertUnchanged asked of each that was moved away: somebody may have worked there meanwhile.
   * @throws {GraderError} where another process has taken over.
   */
  commit(replacements: readonly Replacement[], assertUnchanged?: (moved: Replacement) => void): void;
}

/** What a draft is made in. */
interface DraftOptions {
  readonly lock: string;
  /** What is replaced, and what another process would be doing with it: `Another run`, `writes to`. */
  readonly place: string;
  readonly another: string;
  readonly does: string;
  readonly folder: (lock: Lock) => string;
  /** Puts right what a killed process left, refuses what is in the way, and makes the folder. */
  readonly prepare: (folder: string) => void;
  /** Removes what is of no use without the draft. */
  readonly clean?: () => void;
}

/** @throws {GraderError} where another process is at work in the place, or `prepare` does. */
export function startDraft({ place, another, does, prepare, clean, ...options }: DraftOptions): Draft {
  const lock = holdLock(options.lock, `${another} ${does} ${place}`);
  const folder = options.folder(lock);
  const discard = () => {
    off();
    if (lock.isHeld()) removeFolder(folder);
    lock.release();
    clean?.();
  };
  const off = onInterrupt(discard);
  try {
    prepare(folder);
  } catch (error) {
    discard();
    throw error;
  }
  return {
    folder,
    discard,
    commit: (replacements, assertUnchanged) => {
      if (!lock.isHeld())
        throw new GraderError(
          'folder',
          'lock-lost',
          `${another} has taken over ${place}. Nothing was replaced.`,
        );
      try {
        for (const replacement of replacements) {
          const { target, made, earlier } = replacement;
          if (existsSync(target)) {
            rename(target, earlier);
            assertUnchanged?.(replacement);
          }
          rename(made, target);
        }
      } catch (error) {
        goBack(replacements);
        throw error;
      }
    },
  };
}

/** Takes back what was put in place, and puts back what it replaced. */
export function goBack(replacements: readonly Replacement[]): void {
  for (const { target, made, earlier } of replacements) {
    if (existsSync(target) && !existsSync(made)) rename(target, made);
    if (existsSync(earlier)) rename(earlier, target);
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** How long a file may be open in another program, in milliseconds; only Windows minds. */
const patience = process.platform === 'win32' ? 2000 : 0;

/** Renames a folder; on Windows, a moment later where a file of it is open. */
export function rename(from: string, to: string): void {
  for (const start = performance.now(); ; sleepSync(100)) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const isInUse = ['EPERM', 'EBUSY'].includes(String((error as NodeJS.ErrnoException).code));
      if (!isInUse || performance.now() - start >= patience) throw error;
    }
  }
}

import { type Message, message } from '../message';
import type { FileResult } from './sandboxed-fs';

/** One file of a container, as the container lists it. Nothing is unpacked to a disk under its name. */
export interface ContainerEntry {
  /** The path in the container, with forward slashes. It never leads out of the container. */
  readonly path: string;
  /** Of entries with the same path, the one to which the host gave the higher number was handed in later. */
  readonly order?: number;
}

/** The result for an entry whose bytes could not be read. */
export type UnreadContainer = Extract<FileResult, { readonly reason: Message }>;

/** A folder, an archive or a commit. Its entries are listed at once and read only on demand. */
export interface Container {
  readonly entries: readonly ContainerEntry[];
  /** Names of entries that lead out of the container. They are never read. */
  readonly unsafe: readonly string[];
  /** The first entry that was not listed because of a limit. */
  readonly unlisted?: string;
  /**
   * Reads some entries, one after the other.
   *
   * @param wanted the entries, each with its size limit in bytes.
   */
  read(
    wanted: ReadonlyMap<ContainerEntry, number>,
  ): AsyncIterable<readonly [ContainerEntry, FileResult<Uint8Array>]>;
  close(): void;
}

/** Opens an archive that was read out of a container; see `openArchive`. */
export type OpenArchive = (name: string, bytes: Uint8Array) => Promise<Container>;

/** A container that cannot be used as a whole. */
export class ContainerError extends Error {}

export const mebibyte = 1024 * 1024;

/** Matches the extension of an archive that can be read. */
export const archiveEnd = /\.zip$/i;

/** Whether a file is an archive that can be read, by its name. */
export function isArchive(name: string): boolean {
  return archiveEnd.test(name);
}

/** Whether a file is an archive in a format that cannot be read here. */
export function isOtherArchive(name: string): boolean {
  return /\.(?:7z|rar|tar|tgz|tbz2?|txz|bz2|xz|zst|gz)$/i.test(name);
}

/** Whether a file is one that systems leave in folders and archives, not one that was handed in. */
export function isClutter(file: string): boolean {
  return file
    .split('/')
    .some((step) => /^(?:__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|~\$.*|\._.*)$/i.test(step));
}

/** Normalizes an entry's path; returns undefined if it leads out of the container. */
export function safePath(name: string): string | undefined {
  const steps = name.replaceAll('\\', '/').split('/');
  const isSafe =
    !/^(?:\/|[a-zA-Z]:)/.test(name) && !name.includes('\0') && !steps.some((step) => step === '..');
  return isSafe ? steps.filter((step) => step !== '' && step !== '.').join('/') : undefined;
}

/** The result for an entry that is not read, with the reason. */
export function unreadEntry(
  name: string,
  problem: string,
  kind: UnreadContainer['kind'] = 'failed',
): UnreadContainer {
  return { kind, reason: message('file/unread', `{name} could not be read: ${problem}.`, { name }) };
}

/** The result for an entry above its size limit. None of it is read. */
export function tooLargeEntry(name: string, largest: number): UnreadContainer {
  const size = largest >= mebibyte ? `${largest / mebibyte} MiB` : `${largest / 1024} KiB`;
  return unreadEntry(name, `it is larger than ${size}`, 'refused');
}

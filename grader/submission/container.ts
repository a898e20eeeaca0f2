import { type Message, message } from '../message';
import type { FileResult } from './sandboxed-fs';

/** One file of a container, as the container lists it. Nothing is unpacked to a disk by its name. */
export interface ContainerEntry {
  /** With forward slashes, as it is written there; it leads nowhere but into the container. */
  readonly path: string;
  /** Of entries with one path: what its host gave a higher number was handed in later. */
  readonly order?: number;
}

/** What was found in place of an entry's bytes. */
export type UnreadContainer = Extract<FileResult, { readonly reason: Message }>;

/** A folder, an archive or a commit. Its entries are listed at once and read only as far as they are asked for. */
export interface Container {
  readonly entries: readonly ContainerEntry[];
  /** Names of entries that lead out of the container, which are never read. */
  readonly unsafe: readonly string[];
  /** The first that was not listed because of a limit. */
  readonly unlisted?: string;
  /**
   * Reads some entries, one after the other.
   *
   * @param wanted each with the most bytes that it may have.
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

/** How an archive is known by its name; others are not read. */
export type ArchiveForm = 'zip' | 'tar' | 'tar.gz';

export function archiveForm(name: string): ArchiveForm | undefined {
  if (/\.zip$/i.test(name)) return 'zip';
  if (/\.(?:tar\.gz|tgz)$/i.test(name)) return 'tar.gz';
  return /\.tar$/i.test(name) ? 'tar' : undefined;
}

/** What an archive's name ends in. */
export const archiveEnd = /\.(?:zip|tar\.gz|tgz|tar)$/i;

/** Archives that people make and this cannot read. */
export function isOtherArchive(name: string): boolean {
  return /\.(?:7z|rar|tar\.(?:bz2|xz|zst)|bz2|xz|gz)$/i.test(name) && archiveForm(name) === undefined;
}

/** What systems leave in folders and archives, and nobody handed in. */
export function isClutter(file: string): boolean {
  return file
    .split('/')
    .some((step) => /^(?:__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|~\$.*|\._.*)$/i.test(step));
}

/** An entry's path, or undefined where it would lead elsewhere. */
export function safePath(name: string): string | undefined {
  const steps = name.replaceAll('\\', '/').split('/');
  const isSafe =
    !/^(?:\/|[a-zA-Z]:)/.test(name) && !name.includes('\0') && !steps.some((step) => step === '..');
  return isSafe ? steps.filter((step) => step !== '' && step !== '.').join('/') : undefined;
}

/** Why an entry of a container is not read. */
export function unreadEntry(
  name: string,
  problem: string,
  kind: UnreadContainer['kind'] = 'failed',
): UnreadContainer {
  return { kind, reason: message('file/unread', `{name} could not be read: ${problem}.`, { name }) };
}

/** Of what is larger than it may be, nothing is read. */
export function tooLargeEntry(name: string, largest: number): UnreadContainer {
  const size = largest >= mebibyte ? `${largest / mebibyte} MiB` : `${largest / 1024} KiB`;
  return unreadEntry(name, `it is larger than ${size}`, 'refused');
}

import { isUtf8 } from 'node:buffer';
import { createReadStream, lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import * as yauzl from 'yauzl';
import { messageOf } from '../../../error';
import { readFile } from '../../../submission/sandboxed-fs';

/** One file of a container, as the container lists it. Nothing is unpacked to a disk by its name. */
export interface Entry {
  /** With forward slashes, as it is written there; it leads nowhere but into the container. */
  readonly path: string;
  /** In bytes, as far as the container says so. */
  readonly size: number;
  /** Why it cannot be read: it is a link, say, or encrypted. */
  readonly unread?: Unread;
}

/** What was found in place of an entry's bytes. */
export interface Unread {
  readonly problem: string;
  /** Whether somebody handed in what is never read, and nothing went wrong: it is larger, or a link. */
  readonly isRefused?: boolean;
}

/** A folder or an archive. Its entries are listed at once and read only as far as they are asked for. */
export interface Container {
  readonly entries: readonly Entry[];
  /** Names of entries that lead out of the container, which are never read. */
  readonly unsafe: readonly string[];
  /**
   * Reads some entries, one after the other.
   *
   * @param wanted each with the most bytes that it may have.
   */
  read(wanted: ReadonlyMap<Entry, number>): AsyncGenerator<readonly [Entry, Buffer | Unread]>;
  close(): void;
}

/** A container that cannot be used as a whole. */
export class ContainerError extends Error {}

const mebibyte = 1024 * 1024;
/** Of a class of ten thousand, whose students handed in some files each. */
const mostEntries = 200_000;
/** What a whole tarball may unpack to: of a class, and of a student. */
const largestTar = 8 * 1024 * mebibyte;
const largestNestedTar = 256 * mebibyte;
/** Bytes that unpack to so many times more were made to. */
const largestRatio = 200;
const deepest = 12;

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

/** @throws {ContainerError} where it is no archive, or not a whole one. */
export async function openArchive(file: string): Promise<Container> {
  const form = archiveForm(file);
  if (form === 'zip') return openZip(file);
  return openTar(() => createReadStream(file), form === 'tar.gz', largestTar);
}

/** The same for an archive that was itself read out of another one. */
export async function openNested(name: string, bytes: Buffer): Promise<Container> {
  const form = archiveForm(name);
  if (form === 'zip') return openZip(bytes);
  return openTar(() => Readable.from([bytes]), form === 'tar.gz', largestNestedTar);
}

/** An entry's path, or undefined where it would lead elsewhere. */
function safePath(name: string): string | undefined {
  const steps = name.replaceAll('\\', '/').split('/');
  const isSafe =
    !/^(?:\/|[a-zA-Z]:)/.test(name) && !name.includes('\0') && !steps.some((step) => step === '..');
  return isSafe ? steps.filter((step) => step !== '' && step !== '.').join('/') : undefined;
}

/** Collects what a container lists, within its limits. */
class Listing<Source> {
  readonly entries: Entry[] = [];
  readonly unsafe: string[] = [];
  readonly sources = new Map<Entry, Source>();
  private count = 0;

  add(name: string, size: number, source: Source, unread?: Unread): void {
    if (++this.count > mostEntries)
      throw new ContainerError(`It has more than ${mostEntries.toLocaleString('en')} entries.`);
    const safe = safePath(name);
    if (safe === undefined) this.unsafe.push(name);
    else if (!isClutter(safe)) {
      const entry = { path: safe, size, ...(unread && { unread }) };
      this.entries.push(entry);
      this.sources.set(entry, source);
    }
  }
}

/** What an entry of a zip has where its name is said to be UTF-8. */
const utf8Flag = 0x800;

const link: Unread = { problem: 'it is a link', isRefused: true };

async function openZip(from: string | Buffer): Promise<Container> {
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
  try {
    const zip = await (typeof from === 'string'
      ? yauzl.openPromise(from, options)
      : yauzl.fromBufferPromise(from, options));
    const listing = new Listing<yauzl.Entry>();
    for await (const found of zip.eachEntry()) {
      // The names are bytes here: a name that is odd is to cost its own entry and not the archive.
      // A Mac writes UTF-8 and does not say so; what is no UTF-8 is in the code page of old systems.
      const flags = found.generalPurposeBitFlag | (isUtf8(found.fileNameRaw) ? utf8Flag : 0);
      const name = yauzl.getFileNameLowLevel(flags, found.fileNameRaw, found.extraFields, false);
      if (!name.endsWith('/')) listing.add(name, found.uncompressedSize, found, unreadOf(found));
    }
    return {
      ...{ entries: listing.entries, unsafe: listing.unsafe },
      async *read(wanted) {
        for (const [entry, largest] of wanted) {
          const source = listing.sources.get(entry);
          if (source) yield [entry, await unzipped(zip, source, entry, largest)];
        }
      },
      close: () => zip.close(),
    };
  } catch (error) {
    throw unusable(error);
  }
}

function unreadOf(entry: yauzl.Entry): Unread | undefined {
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & 0o170000) === 0o120000) return link;
  const isBomb =
    entry.uncompressedSize > mebibyte && entry.uncompressedSize > largestRatio * entry.compressedSize;
  if (isBomb) return { problem: 'it unpacks to far more than it is', isRefused: true };
  if (entry.isEncrypted()) return { problem: 'it is encrypted' };
  return entry.canDecodeFileData() ? undefined : { problem: 'it is packed in a way that cannot be read' };
}

async function unzipped(
  zip: yauzl.ZipFile,
  source: yauzl.Entry,
  entry: Entry,
  largest: number,
): Promise<Buffer | Unread> {
  if (entry.unread) return entry.unread;
  try {
    return await readStream(await zip.openReadStreamPromise(source), largest);
  } catch (error) {
    return { problem: `it is damaged (${messageOf(error)})` };
  }
}

/** @param open begins the tarball anew: it can only be read from its start. */
async function openTar(open: () => Readable, isPacked: boolean, most: number): Promise<Container> {
  const listing = new Listing<number>();
  for await (const { header, index, stream } of tarEntries(open, isPacked, most)) {
    const isLink = header.type === 'symlink' || header.type === 'link';
    if (header.type === 'file' || header.type === 'contiguous-file' || isLink)
      listing.add(header.name, header.size ?? 0, index, isLink ? link : undefined);
    stream.resume();
  }
  return {
    ...{ entries: listing.entries, unsafe: listing.unsafe },
    async *read(wanted) {
      const byIndex = new Map([...wanted.keys()].map((entry) => [listing.sources.get(entry), entry]));
      for await (const { index, stream } of tarEntries(open, isPacked, most)) {
        const entry = byIndex.get(index);
        const largest = (entry && wanted.get(entry)) ?? 0;
        // Whoever stops in the middle of an entry of a tarball stops it all.
        if (entry && !entry.unread && entry.size <= largest) {
          yield [entry, await readStream(stream, largest)];
          continue;
        }
        stream.resume();
        if (entry) yield [entry, entry.unread ?? tooLarge(largest)];
      }
    },
    close: () => {},
  };
}

interface TarEntry {
  readonly header: Header;
  /** Counted from the start of the tarball. */
  readonly index: number;
  /** To be read or resumed before the next. */
  readonly stream: Readable;
}

async function* tarEntries(open: () => Readable, isPacked: boolean, most: number): AsyncGenerator<TarEntry> {
  const packed = open();
  const tar = extract();
  const fail = (error: Error) => tar.destroy(error);
  let unpacked = 0;
  const source = isPacked ? packed.pipe(createGunzip()) : packed;
  packed.on('error', fail);
  source.on('error', fail).on('data', (chunk: Buffer) => {
    unpacked += chunk.length;
    if (unpacked > most) fail(new ContainerError(`It unpacks to more than ${most / mebibyte} MiB.`));
  });
  source.pipe(tar);
  try {
    let index = 0;
    for await (const entry of tar) {
      const stream = entry as unknown as Readable;
      yield { header: entry.header, index: index++, stream };
    }
  } catch (error) {
    throw unusable(error);
  } finally {
    packed.destroy();
  }
}

/** The files below a folder, wherever they are. Links are listed and never followed. */
export function openFolder(root: string): Container {
  const listing = new Listing<string>();
  const visit = (below: string, depth: number) => {
    for (const item of readdirSync(path.join(root, below), { withFileTypes: true })) {
      const name = below === '' ? item.name : `${below}/${item.name}`;
      if (item.isDirectory()) {
        if (depth < deepest && item.name !== '.git' && item.name !== 'node_modules') visit(name, depth + 1);
      } else if (item.isSymbolicLink()) listing.add(name, 0, name, link);
      else if (item.isFile())
        listing.add(name, lstatSync(path.join(root, name), { throwIfNoEntry: false })?.size ?? 0, name);
    }
  };
  visit('', 0);
  return {
    ...{ entries: listing.entries, unsafe: listing.unsafe },
    async *read(wanted) {
      for (const [entry, largest] of wanted) {
        const opened = readFile(root, entry.path, largest);
        if (opened.kind === 'file') yield [entry, opened.bytes];
        else if (entry.size > largest) yield [entry, tooLarge(largest)];
        else yield [entry, entry.unread ?? { problem: 'it cannot be read' }];
      }
    },
    close: () => {},
  };
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Bytes up to a limit; what is larger than that is not read to its end. */
async function readStream(stream: Readable, largest: number): Promise<Buffer | Unread> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += (chunk as Buffer).length;
    if (length > largest) {
      stream.destroy();
      return tooLarge(largest);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function tooLarge(largest: number): Unread {
  const shown = largest >= mebibyte ? `${largest / mebibyte} MiB` : `${largest / 1024} KiB`;
  return { problem: `it is larger than ${shown}`, isRefused: true };
}

function unusable(error: unknown): ContainerError {
  return error instanceof ContainerError
    ? error
    : new ContainerError(`It is no whole archive (${messageOf(error)}).`);
}

import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import * as yauzl from 'yauzl';
import { messageOf } from '../error';
import { crc32 } from '../platform';
import {
  archiveForm,
  type Container,
  type ContainerEntry,
  ContainerError,
  isClutter,
  mebibyte,
  safePath,
  tooLargeEntry,
  type UnreadContainer,
  unreadEntry,
} from './container';
import type { FileResult } from './sandboxed-fs';

/** Enough for a class of ten thousand students who each handed in several files. */
const maxEntries = 200_000;
/** The most bytes that a whole tarball may unpack to: one of a class, and a nested one of a student. */
const maxTar = 8 * 1024 * mebibyte;
const maxNestedTar = 256 * mebibyte;
/** The most that an entry may grow when it is unpacked; a larger ratio is deliberate. */
const maxRatio = 200;

/**
 * Opens an archive. Its name tells its format.
 *
 * @param bytes the content, if the archive was read from another container; else it is a file on disk.
 * @throws {ContainerError} if it is not an archive, or not a complete one.
 */
export async function openArchive(name: string, bytes?: Uint8Array): Promise<Container> {
  const form = archiveForm(name);
  if (form === 'zip') return readZipEntries(bytes ? Buffer.from(bytes) : name);
  const open = bytes ? () => Readable.from([bytes]) : () => createReadStream(name);
  return openTar(open, form === 'tar.gz', bytes ? maxNestedTar : maxTar);
}

/** Collects the entries of an archive, up to a limit. Skips node_modules and .git, which are not student work. */
class Listing<Source> {
  readonly entries: ContainerEntry[] = [];
  readonly unsafe: string[] = [];
  readonly sources = new Map<ContainerEntry, Source>();

  add(name: string, source: Source): void {
    const safe = safePath(name);
    if (safe === undefined) this.unsafe.push(name);
    else if (!isClutter(safe) && !/(?:^|\/)(?:node_modules|\.git)\//.test(safe)) {
      const entry = { path: safe };
      this.entries.push(entry);
      this.sources.set(entry, source);
    }
    if (this.entries.length + this.unsafe.length > maxEntries)
      throw new ContainerError(`It has more than ${maxEntries.toLocaleString('en')} entries.`);
  }
}

async function readZipEntries(from: string | Buffer): Promise<Container> {
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
  try {
    const zip = await (typeof from === 'string'
      ? yauzl.openPromise(from, options)
      : yauzl.fromBufferPromise(from, options));
    const listing = new Listing<yauzl.Entry>();
    for await (const found of zip.eachEntry()) {
      const name = entryNameOf(found);
      if (!name.endsWith('/')) listing.add(name, found);
    }
    if (hasMoreEntries(zip, from)) throw new ContainerError('It is incomplete: it has more than it lists.');
    return {
      entries: listing.entries,
      unsafe: listing.unsafe,
      async *read(wanted) {
        for (const [entry, largest] of wanted) {
          const source = listing.sources.get(entry);
          if (source) yield [entry, await unzipped(zip, source, entry, largest)];
        }
      },
      close: () => zip.close(),
    };
  } catch (error) {
    throw unusableArchive(error);
  }
}

/**
 * The name of an entry. An odd name should cost only its own entry, not the archive, so names are bytes until here.
 * macOS writes UTF-8 without declaring it.
 */
function entryNameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: yauzl.Entry): string {
  const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  try {
    const isOther = extraFields.some(({ id }) => id === unicodeName);
    return isOther ? name : new TextDecoder('utf-8', { fatal: true }).decode(fileNameRaw);
  } catch {
    return name;
  }
}

/** Info-ZIP's extra field with a name in UTF-8. */
const unicodeName = 0x7075;

/** Whether entries follow the last one that the archive counts; its older format counts at most 65,535. */
function hasMoreEntries(zip: yauzl.ZipFile, from: string | Buffer): boolean {
  const { readEntryCursor: at } = zip as unknown as { readonly readEntryCursor: number };
  const next = Buffer.alloc(4);
  if (typeof from !== 'string') from.copy(next, 0, at);
  else {
    const descriptor = openSync(from, 'r');
    readSync(descriptor, next, 0, next.length, at);
    closeSync(descriptor);
  }
  return next.equals(startOfEntry);
}

const startOfEntry = Buffer.from('PK\x01\x02', 'latin1');

async function unzipped(
  zip: yauzl.ZipFile,
  source: yauzl.Entry,
  { path }: ContainerEntry,
  largest: number,
): Promise<FileResult> {
  const mode = source.externalFileAttributes >>> 16;
  if ((mode & 0o170000) === 0o120000) return linkEntry(path);
  const isBomb =
    source.uncompressedSize > mebibyte && source.uncompressedSize > maxRatio * source.compressedSize;
  if (isBomb) return unreadEntry(path, 'it unpacks to far more than it is', 'refused');
  if (source.isEncrypted()) return unreadEntry(path, 'it is encrypted');
  if (!source.canDecodeFileData()) return unreadEntry(path, 'it is packed in a way that cannot be read');
  try {
    const found = await readStream(await zip.openReadStreamPromise(source), path, largest);
    const isWhole = found.kind !== 'file' || crc32(found.bytes) === source.crc32;
    return isWhole ? found : unreadEntry(path, 'it is damaged (its checksum does not match)');
  } catch (error) {
    return unreadEntry(path, `it is damaged (${messageOf(error)})`);
  }
}

function linkEntry(name: string): UnreadContainer {
  return unreadEntry(name, 'it is a link', 'refused');
}

/** @param open opens the tarball again, since it can only be read from its start. */
async function openTar(open: () => Readable, isPacked: boolean, most: number): Promise<Container> {
  const listing = new Listing<number>();
  for await (const { header, index, stream } of tarEntries(open, isPacked, most)) {
    if (isFile(header) || isLink(header)) listing.add(header.name, index);
    stream.resume();
  }
  return {
    entries: listing.entries,
    unsafe: listing.unsafe,
    async *read(wanted) {
      const byIndex = new Map([...wanted.keys()].map((entry) => [listing.sources.get(entry), entry]));
      for await (const { header, index, stream } of tarEntries(open, isPacked, most)) {
        const entry = byIndex.get(index);
        const largest = (entry && wanted.get(entry)) ?? 0;
        // Stopping in the middle of an entry stops the whole tarball.
        if (entry && isFile(header) && (header.size ?? 0) <= largest) {
          yield [entry, await readStream(stream, entry.path, largest)];
          continue;
        }
        stream.resume();
        if (entry) yield [entry, isLink(header) ? linkEntry(entry.path) : tooLargeEntry(entry.path, largest)];
      }
    },
    close: () => {},
  };
}

function isFile({ type }: Header): boolean {
  return type === 'file' || type === 'contiguous-file';
}

function isLink({ type }: Header): boolean {
  return type === 'symlink' || type === 'link';
}

interface TarEntry {
  readonly header: Header;
  /** Counted from the start of the tarball. */
  readonly index: number;
  /** Must be read or resumed before the next entry. */
  readonly stream: Readable;
}

/** How many zero bytes a tarball ends with at least: some programs write only a single block. */
const endOfTar = 512;

async function* tarEntries(open: () => Readable, isPacked: boolean, most: number): AsyncGenerator<TarEntry> {
  const packed = open();
  const tar = extract();
  const fail = (error: Error) => tar.destroy(error);
  let unpacked = 0;
  let last: Buffer = Buffer.alloc(0);
  const source = isPacked ? packed.pipe(createGunzip()) : packed;
  packed.on('error', fail);
  source.on('error', fail).on('data', (chunk: Buffer) => {
    unpacked += chunk.length;
    last = chunk.length >= endOfTar ? chunk : Buffer.concat([last, chunk]).subarray(-endOfTar);
    if (unpacked > most) fail(new ContainerError(`It unpacks to more than ${most / mebibyte} MiB.`));
  });
  source.pipe(tar);
  try {
    let index = 0;
    for await (const entry of tar) {
      const stream = entry as unknown as Readable;
      yield { header: entry.header, index: index++, stream };
    }
    const end = last.subarray(-endOfTar);
    if (end.length < endOfTar || end.some((byte) => byte !== 0))
      throw new ContainerError('It is incomplete: its end is missing.');
  } catch (error) {
    throw unusableArchive(error);
  } finally {
    packed.destroy();
  }
}

/** Reads bytes up to a limit, and stops early if there are more. */
async function readStream(stream: Readable, name: string, largest: number): Promise<FileResult> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += (chunk as Buffer).length;
    if (length > largest) {
      stream.destroy();
      return tooLargeEntry(name, largest);
    }
    chunks.push(chunk as Buffer);
  }
  return { kind: 'file', bytes: Buffer.concat(chunks) };
}

function unusableArchive(error: unknown): ContainerError {
  return error instanceof ContainerError
    ? error
    : new ContainerError(`It is not a complete archive (${messageOf(error)}).`);
}

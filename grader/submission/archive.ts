import { closeSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { messageOf } from '../error';
import { crc32 } from '../platform';
import {
  type Container,
  type ContainerEntry,
  ContainerError,
  isClutter,
  mebibyte,
  safePath,
  tooLargeEntry,
  unreadEntry,
} from './container';
import type { FileResult } from './sandboxed-fs';

/** Enough for a class of ten thousand students who each handed in several files. */
const maxEntries = 200_000;
/** The most that an entry may grow when it is unpacked; a larger ratio is deliberate. */
const maxRatio = 200;

/**
 * Opens a zip.
 *
 * @param bytes the content, if the archive was read from another container; else it is a file on disk.
 * @throws {ContainerError} if it is not a zip, or not a complete one.
 */
export function openArchive(name: string, bytes?: Uint8Array): Promise<Container> {
  return readZipEntries(bytes ? Buffer.from(bytes) : name);
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
  if ((mode & 0o170000) === 0o120000) return unreadEntry(path, 'it is a link', 'refused');
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

import {
  BlobReader,
  configure,
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  WARNING_TRAILING_CENTRAL_DIRECTORY_DATA,
  ZipReader,
} from '@zip.js/zip.js';
import { buf as checksum } from 'crc-32';
import { Inflate } from 'fflate';
import { message, messageOf } from '../message';
import { ArchiveError, failed, fileTooLarge, linkAt, type NotRead, refused } from './decode';
import { isSystems, type ListedFile } from './which-files';

/** Enough for a class of ten thousand students who each hand in several files. */
const maxEntries = 200_000;

// Entries are unpacked here, into buffers of the size that they declare: a stream for each would take three times as long.
configure({ useWebWorkers: false });

/**
 * Lists the files of a zip. Each is read only on demand, from its own part of the archive. Nothing is unpacked to a
 * disk under a name from the archive.
 *
 * @throws {ArchiveError} if it is not a zip, or not a complete one.
 */
export async function openArchive(content: Uint8Array | Blob): Promise<ListedFile[]> {
  const bytes = content instanceof Uint8Array ? new Uint8ArrayReader(content) : new BlobReader(content);
  // A path that leads out of the archive makes only its own entry unreadable, and so do two headers that differ.
  const zip = new ZipReader(bytes, { strictness: 'tolerant' });
  const files: ListedFile[] = [];
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      if (files.length === maxEntries) throw new ArchiveError('it has too many entries');
      const listed = entry.directory ? undefined : listedFile(entry);
      if (listed) files.push(listed);
    }
    // Entries may follow the last one that the archive counts: its older format counts to at most 65,535.
    if (zip.warnings?.some(({ reason }) => reason === WARNING_TRAILING_CENTRAL_DIRECTORY_DATA))
      throw new ArchiveError('it is incomplete: it has more than it lists');
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`it is not a complete archive (${messageOf(error)})`);
  }
  return files;
}

/** The entry as a listed file, unless an operating system made it. */
function listedFile(entry: FileEntry): ListedFile | undefined {
  const name = nameOfEntry(entry).replaceAll('\\', '/');
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  const isUnsafe = /^(?:\/|[a-zA-Z]:)/.test(name) || name.includes('\0') || steps.includes('..');
  if (!isUnsafe && steps.some(isSystems)) return undefined;
  const text = '{name} points outside its archive, so it is not read.';
  // The rest of the path may show whose file it is.
  const path = steps.filter((step) => step !== '..').join('/');
  const outside = refused(message('file/path', text, { name }));
  return {
    path,
    read: (largest) => (isUnsafe ? outside : unzipped(entry, path, largest)),
    stamp: () => `${entry.uncompressedSize} ${entry.signature}`,
  };
}

/**
 * The name of an entry. An odd name should spoil only its own entry, not the archive. macOS writes UTF-8 without
 * declaring it.
 */
function nameOfEntry({ rawFilename, filename }: Pick<FileEntry, 'rawFilename' | 'filename'>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(rawFilename);
  } catch {
    return filename;
  }
}

/** Bytes that cannot be compressed get a little larger when they are packed. */
const mostPacked = (size: number) => 1.01 * size + 1024;

const [stored, deflated] = [0, 8];

async function unzipped(entry: FileEntry, name: string, largest: number): Promise<Uint8Array | NotRead> {
  const notRead = (why: string) =>
    failed(message('file/unread', `{name} could not be read: ${why}.`, { name }));
  const { uncompressedSize: size, compressedSize, compressionMethod: method } = entry;
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) return linkAt(name);
  if (size > largest) return fileTooLarge(name, largest);
  if (entry.encrypted) return notRead('it is encrypted');
  if (method !== stored && method !== deflated) return notRead('it is packed in a way that cannot be read');
  if (compressedSize > mostPacked(size)) return notRead('it holds more than it says');
  try {
    const packed = await entry.getData(new Uint8ArrayWriter(), { passThrough: true });
    const bytes = method === stored ? packed : inflated(packed, size);
    // crc-32 returns a signed number.
    const isIntact = bytes.length === size && checksum(bytes) === ((entry.signature ?? 0) | 0);
    return isIntact ? bytes : notRead('it is damaged (its checksum does not match)');
  } catch (error) {
    return notRead(`it is damaged (${messageOf(error)})`);
  }
}

/** In bytes. If an entry is larger than it declares, at most one piece of this size is unpacked beyond that. */
const pieceSize = 4096;

/** @throws an Error if it is damaged, or larger than a size in bytes. */
function inflated(packed: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let length = 0;
  const inflate = new Inflate((piece) => {
    if (length + piece.length > size) throw new Error('it holds more than it says');
    bytes.set(piece, length);
    length += piece.length;
  });
  for (let at = 0; at < packed.length; at += pieceSize)
    inflate.push(packed.subarray(at, at + pieceSize), at + pieceSize >= packed.length);
  return bytes.subarray(0, length);
}

import * as yauzl from 'yauzl';
import { message, messageOf } from '../message';
import { crc32 } from '../system/platform';
import { ArchiveError, failed, fileTooLarge, linkAt, refused, type Unreadable } from './decode';
import { isLeftOut, type ListedFile } from './find';

/** Enough for a class of ten thousand students who each handed in several files. */
const maxEntries = 200_000;

/**
 * Lists the files of a zip, which are read only on demand. Nothing is unpacked to a disk under a name in it.
 *
 * @throws {ArchiveError} if it is not a zip, or not a complete one.
 */
export async function openArchive(content: Uint8Array): Promise<ListedFile[]> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  try {
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
    const zip = await yauzl.fromBufferPromise(bytes, options);
    const files: ListedFile[] = [];
    for await (const entry of zip.eachEntry()) {
      if (files.length === maxEntries) throw new ArchiveError('it has too many entries');
      const name = nameOfEntry(entry).replaceAll('\\', '/');
      const steps = name.split('/').filter((step) => step !== '' && step !== '.');
      const isUnsafe = /^(?:\/|[a-zA-Z]:)/.test(name) || name.includes('\0') || steps.includes('..');
      if (name.endsWith('/') || (!isUnsafe && steps.slice(0, -1).some(isLeftOut))) continue;
      const text = '{name} points outside its archive, so it is not read.';
      const path = isUnsafe ? (steps.at(-1) ?? '') : steps.join('/');
      const outside = refused(message('file/path', text, { name }));
      files.push({ path, read: (largest) => (isUnsafe ? outside : unzipped(zip, entry, path, largest)) });
    }
    // Entries may follow the last one that the archive counts; its older format counts at most 65,535.
    const { readEntryCursor: end } = zip as unknown as { readonly readEntryCursor: number };
    if (bytes.toString('latin1', end, end + 4) === 'PK\x01\x02')
      throw new ArchiveError('it is incomplete: it has more than it lists');
    return files;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`it is not a complete archive (${messageOf(error)})`);
  }
}

/**
 * The name of an entry. An odd name should cost only its own entry, not the archive, so names are bytes until here.
 * macOS writes UTF-8 without declaring it.
 */
function nameOfEntry({ generalPurposeBitFlag, fileNameRaw, extraFields }: yauzl.Entry): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fileNameRaw);
  } catch {
    return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  }
}

async function unzipped(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  name: string,
  largest: number,
): Promise<Uint8Array | Unreadable> {
  const unread = (why: string) =>
    failed(message('file/unread', `{name} could not be read: ${why}.`, { name }));
  const { uncompressedSize: size, externalFileAttributes } = entry;
  if (((externalFileAttributes >>> 16) & 0o170000) === 0o120000) return linkAt(name);
  if (size > largest) return fileTooLarge(name, largest);
  if (entry.isEncrypted()) return unread('it is encrypted');
  if (!entry.canDecodeFileData()) return unread('it is packed in a way that cannot be read');
  try {
    // The stream ends with an error where there is more than the size that the entry says.
    const stream = await zip.openReadStreamPromise(entry);
    const bytes = Buffer.concat(await stream.toArray());
    return crc32(bytes) === entry.crc32 ? bytes : unread('it is damaged (its checksum does not match)');
  } catch (error) {
    return unread(`it is damaged (${messageOf(error)})`);
  }
}

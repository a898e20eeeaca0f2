import { type UnzipFileInfo, unzipSync } from 'fflate';
import {
  type Container,
  ContainerError,
  checksumOf,
  isClutter,
  type OpenArchive,
  unreadEntry,
} from '../../../submission/container';

const maxEntries = 5000;

/**
 * Opens a zip, as a browser can; the grader's own reader of archives needs Node.js.
 *
 * @throws {ContainerError} where it is no zip, or not a whole one.
 */
export const openZip: OpenArchive = async (_name, bytes): Promise<Container> => {
  const infos = new Map<string, UnzipFileInfo>();
  // Nothing is unpacked yet: this only lists.
  unpack(bytes, (info) => {
    if (infos.size < maxEntries && !/\/$/.test(info.name)) infos.set(info.name, info);
    return false;
  });
  const entries = [...infos.keys()].filter((name) => !isClutter(name)).map((path) => ({ path }));
  return {
    entries,
    unsafe: [],
    async *read(wanted) {
      for (const [entry, largest] of wanted) {
        const info = infos.get(entry.path);
        if (!info) continue;
        if (info.originalSize > largest) {
          yield [entry, unreadEntry(entry.path, 'it is too large', 'refused')];
          continue;
        }
        const content = unpack(bytes, ({ name }) => name === entry.path)[entry.path];
        const isWhole = content !== undefined && states(bytes, info, checksumOf(content));
        yield [
          entry,
          isWhole
            ? { kind: 'file', bytes: content }
            : unreadEntry(entry.path, 'it is damaged (its checksum does not match)'),
        ];
      }
    },
    close: () => {},
  };
};

function unpack(bytes: Uint8Array, filter: (info: UnzipFileInfo) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch {
    throw new ContainerError('It is no whole archive.');
  }
}

/**
 * Whether an archive states a checksum of an entry: beside it stand its sizes, packed and unpacked. The
 * library that unpacks does not compare them.
 */
function states(bytes: Uint8Array, { size, originalSize }: UnzipFileInfo, checksum: number): boolean {
  const wanted = new Uint8Array(new Uint32Array([checksum, size, originalSize]).buffer);
  for (let at = bytes.indexOf(wanted[0] ?? 0); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
}

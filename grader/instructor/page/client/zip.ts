import { type UnzipFileInfo, unzipSync } from 'fflate';
import { crc32 } from '../../../platform';
import {
  type Container,
  type ContainerEntry,
  ContainerError,
  isClutter,
  type OpenArchive,
  safePath,
  unreadEntry,
} from '../../../submission/container';

const maxEntries = 5000;

/**
 * Opens a zip, as a browser can; the grader's own reader of archives needs Node.js.
 *
 * @throws {ContainerError} where it is no zip, or not a whole one.
 */
export const openZip: OpenArchive = async (_name, bytes): Promise<Container> => {
  const unsafe: string[] = [];
  const infos = new Map<ContainerEntry, { readonly index: number; readonly info: UnzipFileInfo }>();
  // Nothing is unpacked yet: this only lists. Two entries may have one name.
  unpack(bytes, (info, index) => {
    const path = safePath(info.name);
    if (path === undefined) unsafe.push(info.name);
    else if (!info.name.endsWith('/') && !isClutter(path) && infos.size < maxEntries)
      infos.set({ path }, { index, info });
    return false;
  });
  return {
    entries: [...infos.keys()],
    unsafe,
    async *read(wanted) {
      for (const [entry, largest] of wanted) {
        const { index: wantedIndex, info } = infos.get(entry) ?? {};
        if (!info) continue;
        if (info.originalSize > largest) {
          yield [entry, unreadEntry(entry.path, 'it is too large', 'refused')];
          continue;
        }
        const content = unpack(bytes, (_, index) => index === wantedIndex)[info.name];
        const isWhole = content !== undefined && states(bytes, info, crc32(content));
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

function unpack(
  bytes: Uint8Array,
  isWanted: (info: UnzipFileInfo, index: number) => boolean,
): Record<string, Uint8Array> {
  let index = 0;
  try {
    // Packages are no part of any work, and are many.
    return unzipSync(bytes, {
      filter: (info) => !/\/node_modules\//.test(info.name) && isWanted(info, index++),
    });
  } catch {
    throw new ContainerError('It is not a complete archive.');
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

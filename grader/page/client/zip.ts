import { type UnzipFileInfo, unzipSync } from 'fflate';
import { crc32 } from '../../platform';
import {
  type Container,
  type ContainerEntry,
  ContainerError,
  isClutter,
  type OpenArchive,
  safePath,
  unreadEntry,
} from '../../submission/container';

const maxEntries = 5000;

/**
 * Opens a zip in the browser. The grader's own archive reader needs Node.js.
 *
 * @throws {ContainerError} if it is not a zip, or is incomplete.
 */
export const openZip: OpenArchive = async (_name, bytes): Promise<Container> => {
  const unsafe: string[] = [];
  const infos = new Map<ContainerEntry, { readonly index: number; readonly info: UnzipFileInfo }>();
  // This only lists the entries and unpacks nothing. Two entries may have the same name.
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
    // Installed packages are not part of a submission, and there are many.
    return unzipSync(bytes, {
      filter: (info) => !/\/node_modules\//.test(info.name) && isWanted(info, index++),
    });
  } catch {
    throw new ContainerError('It is not a complete archive.');
  }
}

/**
 * Whether an archive records this checksum for an entry, followed by its packed and unpacked sizes. The
 * unzip library does not check it.
 */
function states(bytes: Uint8Array, { size, originalSize }: UnzipFileInfo, checksum: number): boolean {
  const wanted = new Uint8Array(new Uint32Array([checksum, size, originalSize]).buffer);
  for (let at = bytes.indexOf(wanted[0] ?? 0); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
}

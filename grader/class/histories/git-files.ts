import { readdirSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { mebibyte } from '../../submission/container';
import { fileNames, readFile, stat } from '../../submission/sandboxed-fs';
import type { GitFolder } from '../members/class-folder';

/** A clone of an assignment is small; larger packs and objects are not read. */
const maxPack = 64 * mebibyte;
const maxObject = 16 * mebibyte;

/** The size of a pack that is too large to be read, in bytes; undefined if there is none. */
export function sizeOfLargePack(root: string, git: GitFolder): number | undefined {
  const packs = git === '' ? 'objects/pack' : `${git}/objects/pack`;
  const sizes = fileNames(root, packs)
    .filter((name) => name.endsWith('.pack'))
    .map((name) => stat(root, `${packs}/${name}`)?.size ?? 0);
  const largest = Math.max(0, ...sizes);
  return largest > maxPack ? largest : undefined;
}

const looseObject = /^(?:\.git\/)?objects\/[0-9a-f]{2}\//;
/** The largest loose object that is kept in memory, in bytes. */
const maxKept = 16 * 1024;

/** The paths in a bare clone that belong to its repository. */
const bareParts = /^(?:HEAD$|config$|packed-refs$|shallow$|(?:objects|refs|info)(?:\/|$))/;

/**
 * The file system as far as a git library may see it: the repository below a student's root, read-only. Nothing is
 * written, no link is followed, and anything that cannot be read is reported as missing.
 *
 * @param root a student's root folder; everything in it is considered hostile.
 */
export function gitFiles(root: string, git: GitFolder) {
  const below = (file: string) => path.relative(root, file).split(path.sep).join('/');
  const parts = git === '' ? bareParts : /^\.git(?:\/|$)/;
  const isGit = (file: string) => parts.test(below(file));
  const look = async (file: string) => {
    const stats = isGit(file) ? stat(root, below(file)) : undefined;
    if (stats) return stats;
    throw missing(file);
  };
  // The library reads an object again each time it is asked for it.
  const small = new Map<string, Buffer>();
  const read = async (file: string) => {
    const opened = isGit(file) ? readFile(root, below(file), maxPack) : undefined;
    if (opened?.kind !== 'file' || !isModest(below(file), opened.bytes)) throw missing(file);
    if (looseObject.test(below(file)) && opened.bytes.length <= maxKept) small.set(file, opened.bytes);
    return opened.bytes;
  };
  const refuse = async (file: string): Promise<never> => {
    throw missing(file);
  };
  return {
    promises: {
      stat: look,
      lstat: look,
      readdir: async (file: string) => {
        if (!(await look(file)).isDirectory()) throw missing(file);
        return readdirSync(file);
      },
      readFile: async (file?: string, options?: { encoding?: BufferEncoding } | BufferEncoding) => {
        // The library repeatedly calls this without a file, to see whether it gets a promise.
        if (file === undefined) throw nothing;
        const bytes = small.get(file) ?? (await read(file));
        const encoding = typeof options === 'string' ? options : options?.encoding;
        return encoding ? bytes.toString(encoding) : bytes;
      },
      readlink: refuse,
      symlink: refuse,
      writeFile: refuse,
      mkdir: refuse,
      rmdir: refuse,
      unlink: refuse,
      rm: refuse,
    },
  };
}

/** Whether a loose object is not far larger once it is unpacked, because the library would unpack it whole. */
function isModest(file: string, bytes: Buffer): boolean {
  if (!looseObject.test(file)) return true;
  try {
    inflateSync(bytes, { maxOutputLength: maxObject });
    return true;
  } catch {
    return false;
  }
}

const nothing = missing('');

function missing(file: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOENT: ${file}`), { code: 'ENOENT' });
}

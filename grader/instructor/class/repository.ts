import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { lookInside, openInside } from '../../submission/inside';

const mebibyte = 1024 * 1024;
/** A clone of an assignment holds little; what is larger is not looked into. */
const largestPack = 64 * mebibyte;
const largestObject = 16 * mebibyte;

const inflated = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/**
 * The file system as far as a git library may see it: what lies in `.git` below a student's root, to
 * be read. Nothing is written, no link is followed, and what cannot be had is missing.
 *
 * @param root a student's root folder; everything in it is taken to be hostile.
 */
export function gitFiles(root: string) {
  const below = (file: string) => path.relative(root, file).split(path.sep).join('/');
  const isGit = (file: string) => /^\.git(?:\/|$)/.test(below(file));
  const look = async (file: string) => {
    const stats = isGit(file) ? lookInside(root, below(file)) : undefined;
    if (stats) return stats;
    throw missing(file);
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
      readFile: async (file: string, options?: { encoding?: BufferEncoding } | BufferEncoding) => {
        const opened = isGit(file) ? openInside(root, below(file), largestPack) : undefined;
        if (opened?.is !== 'file' || !(await isModest(below(file), opened.bytes))) throw missing(file);
        const encoding = typeof options === 'string' ? options : options?.encoding;
        return encoding ? opened.bytes.toString(encoding) : opened.bytes;
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

/** Whether a loose object is not far larger once it is unpacked; the library would unpack it whole. */
async function isModest(file: string, bytes: Buffer): Promise<boolean> {
  if (!/^\.git\/objects\/[0-9a-f]{2}\//.test(file)) return true;
  try {
    await inflated(bytes, { maxOutputLength: largestObject });
    return true;
  } catch {
    return false;
  }
}

function missing(file: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOENT: ${file}`), { code: 'ENOENT' });
}

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../platform';
import { graderRoot, resolvePath } from './files';

/** Where this repository keeps it; what was made first goes first. */
const keptIn = '.graded/made';
const mostKept = 40;

/**
 * What another program makes of a text: it is asked once, for that takes seconds.
 *
 * @param name of the program, and part of a file's name.
 * @param of all that its output depends on.
 * @throws what `make` throws; then nothing is kept.
 */
export async function madeOnce(name: string, of: string, make: () => Promise<string>): Promise<string> {
  const folder = resolvePath(graderRoot, keptIn);
  const file = path.join(folder, `${name}-${sha256(of)}`);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It was not made yet.
  }
  const made = await make();
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, made);
    renameSync(`${file}.${process.pid}`, file);
    const age = (entry: string) => statSync(path.join(folder, entry)).mtimeMs;
    const oldest = readdirSync(folder).sort((one, other) => age(other) - age(one));
    for (const entry of oldest.slice(mostKept)) rmSync(path.join(folder, entry), { force: true });
  } catch {
    // It is made each time.
  }
  return made;
}

import { strToU8, unzipSync, zipSync } from 'fflate';
import { type Message, message } from '../../../message';
import { decode, largestFile, tooLarge } from '../../../submission/decode';
import { baseName } from '../work';

// Saving and opening files, as a browser does it.

/** Offers some bytes for saving. */
export function download(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Texts by path, as one archive that is the same each time. */
export function zipOf(files: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  const entries = [...files].map(
    ([name, text]) => [name, [strToU8(text), { mtime: '2000-01-01T00:00:00' }]] as const,
  );
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]) as Uint8Array<ArrayBuffer>;
}

/** Puts a text onto the clipboard, also where a page is not trusted with it. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}

const mostEntries = 5000;

/** What was read of files that somebody chose: texts by the path of the submission that each is meant for. */
export interface OpenedFiles {
  readonly texts: ReadonlyMap<string, string>;
  readonly notes: readonly Message[];
}

/** A file that was chosen, or one in an archive that was. */
interface Candidate {
  readonly name: string;
  /** Nothing where it is larger than any file of a submission. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads files, and archives of them.
 *
 * @param wanted the paths of a submission's files.
 */
export async function readFiles(chosen: readonly File[], wanted: readonly string[]): Promise<OpenedFiles> {
  const notes: Message[] = [];
  const note = (said: string, found: string) => notes.push(message('page/file', said, { found }));
  const candidates: Candidate[] = [];
  for (const file of chosen) {
    try {
      if (/\.zip$/i.test(file.name)) candidates.push(...entriesOf(new Uint8Array(await file.arrayBuffer())));
      else if (file.size > largestFile) candidates.push({ name: file.name, bytes: undefined });
      else candidates.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch {
      note('{found} cannot be read. Save it anew, and open it again.', file.name);
    }
  }
  const texts = new Map<string, string>();
  const taken = new Set<Candidate>();
  for (const file of wanted) {
    const [best = [], ...others] = ranked(candidates, file, wanted);
    for (const other of others.flat()) taken.add(other);
    for (const one of best) taken.add(one);
    const [first, second] = best;
    if (!first) continue;
    if (second)
      note(`{found} was not opened: there is more than one of it. Open the one that counts.`, first.name);
    else if (!first.bytes) notes.push(tooLarge(file));
    else {
      const decoded = decode(first.bytes, file);
      if ('reason' in decoded) notes.push(decoded.reason);
      else texts.set(file, decoded.text);
    }
  }
  for (const { name } of chosen)
    if (!/\.zip$/i.test(name) && ![...taken].some((one) => one.name === name))
      note(
        `{found} was not opened: it is none of the files of this worksheet. If your work is in it, copy its text into the fields.`,
        name,
      );
  if (texts.size === 0 && notes.length === 0)
    note(
      'Nothing that belongs to this worksheet was found in {found}.',
      chosen.map(({ name }) => name).join(', '),
    );
  return { texts, notes };
}

/** What may be meant for a file, the likeliest first: its path, its name, nearly its name, or the only one of its kind. */
function ranked(candidates: readonly Candidate[], file: string, wanted: readonly string[]): Candidate[][] {
  const name = baseName(file).toLowerCase();
  const only = candidates.filter((one) => extension(one.name) === extension(file));
  const isSingle =
    only.length === 1 && wanted.filter((other) => extension(other) === extension(file)).length === 1;
  const ways: ((one: Candidate) => boolean)[] = [
    (one) => one.name === file || one.name.endsWith(`/${file}`),
    (one) => baseName(one.name).toLowerCase() === name,
    (one) => plainName(one.name) === name,
    (one) => isSingle && only.includes(one),
  ];
  return ways.map((isMeant) => candidates.filter(isMeant)).filter((found) => found.length > 0);
}

/** `answers (1).ts`, `answers-1.ts` and `answers.ts.txt` are called `answers.ts`. */
function plainName(name: string): string {
  return baseName(name)
    .toLowerCase()
    .replace(/\.txt$/, '')
    .replace(/[\s_-]*(?:\(\d+\)|-\d+)(?=\.\w+$)/, '');
}

/** @throws where it is no archive. */
function entriesOf(archive: Uint8Array): Candidate[] {
  const large: Candidate[] = [];
  let count = 0;
  const entries = unzipSync(archive, {
    filter: ({ name, originalSize }) => {
      // Of a Mac, and of no use to anybody.
      if (++count > mostEntries || /^__MACOSX\/|\/$/.test(name) || !/\.(?:ts|md|txt)$/i.test(name))
        return false;
      if (originalSize > largestFile) large.push({ name, bytes: undefined });
      return originalSize <= largestFile;
    },
  });
  return [...Object.entries(entries).map(([name, bytes]) => ({ name, bytes })), ...large];
}

function extension(name: string): string {
  return /\.\w+$/.exec(name.toLowerCase())?.[0] ?? '';
}

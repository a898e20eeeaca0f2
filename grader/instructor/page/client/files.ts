import { strToU8, unzipSync, zipSync } from 'fflate';
import { type Message, message } from '../../../message';
import { decode } from '../../../submission/decode';

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

/** As the grader has it: no file of a student's needs more. */
const largest = 64 * 1024;
const mostEntries = 100;

/** What was read of files that somebody chose: texts by the path of the submission that each is meant for. */
export interface OpenedFiles {
  readonly texts: ReadonlyMap<string, string>;
  readonly notes: readonly Message[];
}

/**
 * Reads files, and archives of them.
 *
 * @param wanted the paths of a submission's files.
 */
export async function readFiles(chosen: readonly File[], wanted: readonly string[]): Promise<OpenedFiles> {
  const texts = new Map<string, string>();
  const notes: Message[] = [];
  const note = (text: string, found: string) => notes.push(message('page/file', text, { found }));
  const take = (name: string, bytes: Uint8Array) => {
    const file = wantedFor(name, wanted);
    if (file === undefined) return;
    if (bytes.length > largest)
      return void note(`{found} is larger than ${largest / 1024} KiB, and was not opened.`, name);
    const decoded = decode(bytes, name);
    if ('reason' in decoded) notes.push(decoded.reason);
    else if (texts.has(file)) note(`{found} was not opened: there is more than one of it.`, name);
    else texts.set(file, decoded.text);
  };
  for (const file of chosen) {
    if (/\.zip$/i.test(file.name)) {
      try {
        for (const [name, bytes] of Object.entries(
          entriesOf(new Uint8Array(await file.arrayBuffer()), wanted),
        ))
          take(name, bytes);
      } catch {
        note('{found} is no archive that can be read.', file.name);
      }
    } else if (wantedFor(file.name, wanted) === undefined)
      note(`{found} was not opened: it is none of the files of this worksheet.`, file.name);
    else if (file.size > largest)
      note(`{found} is larger than ${largest / 1024} KiB, and was not opened.`, file.name);
    else take(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  if (texts.size === 0 && notes.length === 0)
    note(
      `Nothing that belongs to this worksheet was found in {found}.`,
      chosen.map(({ name }) => name).join(', '),
    );
  return { texts, notes };
}

function entriesOf(archive: Uint8Array, wanted: readonly string[]): Record<string, Uint8Array> {
  let count = 0;
  return unzipSync(archive, {
    filter: ({ name, originalSize }) =>
      ++count <= mostEntries && originalSize <= largest && wantedFor(name, wanted) !== undefined,
  });
}

/** `answers (1).ts` and `answers.ts.txt` are meant for the file that ends in `answers.ts`. */
function wantedFor(name: string, wanted: readonly string[]): string | undefined {
  const base = (file: string) =>
    file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).toLowerCase();
  const plain = base(name)
    .replace(/\.txt$/, '')
    .replace(/[\s_-]*(?:\(\d+\)|-\d+)(?=\.\w+$)/, '');
  return (
    wanted.find((file) => base(file) === plain) ??
    wanted.find(
      (file) =>
        extension(base(file)) === extension(plain) &&
        wanted.filter((other) => extension(other) === extension(file)).length === 1,
    )
  );
}

function extension(name: string): string {
  return /\.\w+$/.exec(name)?.[0] ?? '';
}

import { strToU8, zipSync } from 'fflate';
import { type Message, message } from '../../message';
import type { Rubric } from '../../rubric/rubric';
import { type Container, type ContainerEntry, unreadEntry } from '../../submission/container';
import { decode, decodeProse, fileTooLarge } from '../../submission/decode';
import { findIn } from '../../submission/find';
import type { FileResult } from '../../submission/sandboxed-fs';
import { openZip } from './zip';

// Opens files and makes archives in a browser.

/** Packs texts by path into an archive that is the same each time. */
export function zipOf(files: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  const entries = [...files].map(
    ([name, text]) => [name, [strToU8(text), { mtime: '2000-01-01T00:00:00' }]] as const,
  );
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]) as Uint8Array<ArrayBuffer>;
}

/** Copies a text to the clipboard, even on a page that the browser does not trust with it. */
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

/** The contents of files that a user chose: texts by the path of the submission that each is meant for. */
export interface OpenedFiles {
  readonly texts: ReadonlyMap<string, string>;
  /** The text of files that keep attempts. */
  readonly attempts: string | undefined;
  readonly notes: readonly Message[];
}

/** Finds a worksheet's files among those that a user chose, as in any other submission. */
export async function readFiles(chosen: readonly File[], rubric: Rubric): Promise<OpenedFiles> {
  const sources = new Map<ContainerEntry, File>(chosen.map((file) => [{ path: file.name }, file]));
  const entries = [...sources.keys()];
  const container: Container = {
    entries,
    unsafe: [],
    async *read(wanted) {
      for (const [entry, largest] of wanted) yield [entry, await contentOf(sources.get(entry), largest)];
    },
    close: () => {},
  };
  const { files, remarks, instead, attempts } = await findIn(container, rubric, openZip);
  const texts = new Map<string, string>();
  const notes = [...remarks];
  for (const [file, { opened }] of files) {
    const decodeAs = file === rubric.reflection?.file ? decodeProse : decode;
    const decoded = opened.kind === 'file' ? decodeAs(opened.bytes, file) : opened;
    if ('text' in decoded) texts.set(file, decoded.text);
    else if ('reason' in decoded && !notes.includes(decoded.reason)) notes.push(decoded.reason);
  }
  const text =
    '{found} was not opened, because it is not one of this worksheet’s files. If your work is in it, copy its text into the fields.';
  const others = entries.filter(
    ({ path }) => instead.includes(path) || (texts.size === 0 && attempts === undefined),
  );
  for (const { path: found } of notes.length > 0 ? [] : others)
    notes.push(message('page/file', text, { found }));
  return { texts, attempts, notes };
}

async function contentOf(file: File | undefined, largest: number): Promise<FileResult<Uint8Array>> {
  if (!file) return { kind: 'missing' };
  if (file.size > largest) return { kind: 'refused', reason: fileTooLarge(file.name, largest) };
  try {
    return { kind: 'file', bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    return unreadEntry(file.name, 'it cannot be opened; save it again, then open it');
  }
}

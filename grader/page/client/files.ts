import { strToU8, zipSync } from 'fflate';

// Copies text and makes archives in a browser.

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

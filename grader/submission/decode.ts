import { type Message, message } from '../message';

/** In bytes. No student file needs more; larger files are refused without being read. */
export const maxFile = 64 * 1024;

/**
 * Why a file cannot be read: either for good, wherever it is read; or because of something that happened to it, which
 * must not become a zero.
 */
export interface NotRead {
  readonly kind: 'refused' | 'failed';
  readonly reason: Message;
}

export function refused(reason: Message): NotRead {
  return { kind: 'refused', reason };
}

export function failed(reason: Message): NotRead {
  return { kind: 'failed', reason };
}

/** An archive that cannot be used as a whole. Its message completes “… was not opened:”. */
export class ArchiveError extends Error {}

export function fileTooLarge(file: string, largest = maxFile): NotRead {
  const size = `${largest / 1024} KiB`;
  const text = `${file} is larger than ${size}. Shorten it to ${size}, so that all of it is read.`;
  return refused(message('file/too-large', text));
}

export function linkAt(name: string): NotRead {
  const text = '{name} is a link. Put a plain file or folder in its place.';
  return refused(message('file/link', text, { name }));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of bytes in UTF-8, or in UTF-16 with a byte order mark; without that mark. */
function textOf(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  try {
    if (isLittle || isBig)
      return new TextDecoder(isBig ? 'utf-16be' : 'utf-16le', { fatal: true }).decode(bytes);
    return bytes.includes(0) ? undefined : utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text of a file's bytes, or the reason why they are not plain text. */
export function decode(
  bytes: Uint8Array,
  file: string,
): { readonly text: string } | { readonly reason: Message } {
  const because = (code: string, text: string) => ({ reason: message(code, `${file} ${text}`) });
  if (isPacked(bytes))
    return because(
      'file/word',
      'is a Word document, a PDF or an archive. Copy its text into a plain text file.',
    );
  if (isRichText(bytes))
    return because('file/rich-text', 'is rich text. Save it as plain text in the program that made it.');
  const text = textOf(bytes);
  if (text?.startsWith(lfsPointer))
    return because(
      'file/lfs',
      'is only a Git LFS pointer, without the file that it points to. Run git lfs untrack for it, and commit it again.',
    );
  if (text !== undefined) return { text };
  return bytes.includes(0)
    ? because(
        'file/utf-16',
        'is in UTF-16 without a byte order mark, or is not text at all. Save it as plain text in UTF-8.',
      )
    : because('file/encoding', 'is not in UTF-8. Save the file as UTF-8.');
}

/** How a file begins that Git LFS puts in place of another. */
const lfsPointer = 'version https://git-lfs.github.com/spec/';

/** Whether the bytes are a document and not plain text. */
export function isDocument(bytes: Uint8Array): boolean {
  return isPacked(bytes) || isRichText(bytes);
}

/** Whether the bytes are a PDF or a zip archive, as Word documents are. */
function isPacked(bytes: Uint8Array): boolean {
  return ['PK\u0003\u0004', '%PDF'].includes(String.fromCharCode(...bytes.subarray(0, 4)));
}

function isRichText(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 5)) === '{\\rtf';
}

/** Decodes a file that only people read. If it is in another encoding, guesses which one, as an editor would. */
export function decodeProse(
  bytes: Uint8Array,
  file: string,
): { readonly text: string; readonly isGuessed?: true } | { readonly reason: Message } {
  if (textOf(bytes) !== undefined || isDocument(bytes)) return decode(bytes, file);
  const unmarked = bytes.includes(0) ? 'utf-16le' : 'windows-1252';
  const encoding = bytes[0] === 0xfe ? 'utf-16be' : unmarked;
  return { text: new TextDecoder(encoding).decode(bytes), isGuessed: true };
}

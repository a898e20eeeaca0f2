import { type Message, message } from '../message';

/** The text of a file's bytes, without its byte order mark, or why they are no text. */
export function decode(bytes: Buffer, file: string): { text: string } | { why: Message } {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    return {
      why: message(
        'file/word',
        `${file} holds a Word document or an archive. Copy its text into a plain text file.`,
      ),
    };
  }
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16 || bytes.includes(0)) {
    return { why: message('file/utf-16', `${file} looks like UTF-16. Save the file as UTF-8.`) };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { why: message('file/encoding', `${file} is not in UTF-8. Save the file as UTF-8.`) };
  }
}

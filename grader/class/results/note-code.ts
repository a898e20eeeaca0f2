import { type Rubric, studentFiles } from '../../rubric/rubric';
import type { Submission } from '../../submission/submission';
import type { FoundFiles } from '../../submission/which-files';
import { sha256 } from '../../system/platform';
import type { Note, NoteKindName } from './note';

// The codes of notes. A decision is about what was looked at, so a line of overrides.csv has a code for each note that was
// open then: a hash of what is said, by the code of its message, and of the bytes or facts that it is said about. What a
// person may rename, reword or grade otherwise, such as kinds, sentences, sources, folders and points, is no part of it.

/** Work as the codes of the notes on it know it. */
export interface NotedContent {
  readonly rubric: Rubric;
  readonly foundFiles: FoundFiles;
  /** When it was handed in, in milliseconds since 1970. */
  readonly time: number;
  /** As it was read. */
  readonly read: Submission;
}

/** The facts and bytes that a note of each kind is about. Those of other kinds are about something else than work, or need no decision. */
const aboutOf: Partial<Record<NoteKindName, (content: NotedContent) => unknown>> = {
  disputed: ({ read: { answers, reflection } }) => [
    unixText(reflection?.dispute?.text ?? ''),
    answers.rows.map(({ id, cells }) => [
      id,
      cells.map((cell) => (cell.kind === 'value' ? cell.value : cell.kind)),
    ]),
  ],
  typos: (content) => contentsIn(content)[0],
  versions: ({ foundFiles }) =>
    [...foundFiles.files.values()].flatMap(({ versions = [] }) => textsOf(versions)).sort(),
  unread: (content) => wholeContent(content),
  times: (content) => [contentsIn(content), content.time],
  future: (content) => [contentsIn(content), content.time],
  noTimes: (content) => [contentsIn(content), content.time],
  others: (content) => wholeContent(content),
};

/** A note on work with its code, unless it has one or needs none. */
export function withCode(note: Note, content: NotedContent): Note {
  const about = aboutOf[note.kind];
  return about ? knownBy(note, about(content)) : note;
}

/**
 * A note with the code that it has by what it is about, unless it has one. Where nothing stable is known of that, the
 * code is that of its message alone.
 */
export function knownBy(note: Note, ...about: readonly unknown[]): Note {
  return { ...note, was: note.was ?? codeOf(note.code, ...about) };
}

/** All that was handed in: of the two files the contents, of others what is known of them. */
export function wholeContent(content: Omit<NotedContent, 'time' | 'read'>) {
  return [contentsIn(content), [...content.foundFiles.stamps].sort()];
}

/** The contents of the two files, in their order. Of versions that differ, the order does not matter. */
function contentsIn({ rubric, foundFiles: { files } }: Omit<NotedContent, 'time' | 'read'>) {
  return studentFiles(rubric).map((name) => {
    const file = files.get(name);
    if (file?.opened.kind === 'file') return textsOf([file.opened]);
    return textsOf(file?.versions ?? []).sort();
  });
}

const latin1 = new TextDecoder('latin1');

function textsOf(files: readonly { readonly bytes: Uint8Array }[]) {
  return files.map(({ bytes }) => unixText(latin1.decode(bytes)));
}

/** Git, editors and hosts change line ends, and put a byte order mark before a text or take it away. */
function unixText(text: string): string {
  return text.replace(/^\u00ef\u00bb\u00bf/, '').replace(/\r\n?/g, '\n');
}

// Without vowels it is no word, and with a letter first no number or date that a spreadsheet would change. Letters and
// digits that look alike are left out.
const consonants = 'bcdfghjkmnpqrstvwxz';
const digits = '23456789';
const codeForm = [consonants, digits, ...Array.from({ length: 4 }, () => consonants + digits)];

/** How a code may be written: one that a person typed may have any case. */
export const codePattern = `[${consonants}][${digits}][${consonants}${digits}]{4}`;

function codeOf(...content: readonly unknown[]): string {
  // As many digits as a number holds exactly.
  let rest = Number.parseInt(sha256(JSON.stringify(content)).slice(0, 13), 16);
  return codeForm
    .map((letters) => {
      const letter = letters[rest % letters.length];
      rest = Math.floor(rest / letters.length);
      return letter;
    })
    .join('');
}

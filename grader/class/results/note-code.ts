import { type Rubric, studentFiles } from '../../rubric/rubric';
import { workFinder } from '../../submission/read-files';
import type { Submission } from '../../submission/submission';
import type { FoundFiles } from '../../submission/which-files';
import { sha256 } from '../../system/platform';
import type { CollectedSubmission } from '../members/source';
import type { Note, NoteKindName } from './note';

// The codes of notes. A decision is about what somebody looked at, so a line of overrides.csv has a code for each note
// that was open then. A code is a hash of what the note states, by the code of its message, and of the bytes or facts
// that it is about. Anything that a person may rename, reword or grade differently (kinds, sentences, sources, folders,
// points) is not part of it.

/** Work as seen by the codes of the notes on it. */
export interface NotedContent {
  readonly rubric: Rubric;
  readonly foundFiles: FoundFiles;
  /** When it was handed in, in milliseconds since 1970. */
  readonly time: number;
  /** As it was read. */
  readonly read: Submission;
}

/** The facts and bytes that a note of each kind is about. Other kinds are not about work, or need no decision. */
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

/** A note on work with its code, unless it already has one or needs none. */
export function withCode(note: Note, content: NotedContent): Note {
  const about = aboutOf[note.kind];
  return about ? knownBy(note, about(content)) : note;
}

/**
 * A note with a code made of what it is about, unless it already has one. If nothing about that is stable, the code is
 * made of its message alone.
 */
export function knownBy(note: Note, ...about: readonly unknown[]): Note {
  return { ...note, was: note.was ?? codeOf(note.code, ...about) };
}

/** Everything that was handed in: the contents of the two files, and for other files what is known about them. */
export function wholeContent(content: Omit<NotedContent, 'time' | 'read'>) {
  return [contentsIn(content), [...content.foundFiles.stamps].sort()];
}

/** A code for everything in a submission, as it is on the disk; undefined if it cannot be read. */
export async function submissionCode({ files }: Pick<CollectedSubmission, 'files'>, rubric: Rubric) {
  try {
    return codeOf(wholeContent({ rubric, foundFiles: await workFinder(rubric).find(files()) }));
  } catch {
    return undefined;
  }
}

/** A code for the contents of the two files of some work. */
export const contentCode = (content: Omit<NotedContent, 'time' | 'read'>) => codeOf(contentsIn(content));

/** The contents of the two files, in their order. If versions differ, their order does not matter. */
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

/** Git, editors and hosts change line ends, and add or remove a byte order mark. */
function unixText(text: string): string {
  return text.replace(/^\u00ef\u00bb\u00bf/, '').replace(/\r\n?/g, '\n');
}

// Without vowels it is no word, and with a letter first it is no number or date for a spreadsheet to change. Digits and
// letters that look alike are left out.
const consonants = 'bcdfghjkmnpqrstvwxz';
const digits = '23456789';
const codeForm = [consonants, digits, ...Array.from({ length: 4 }, () => consonants + digits)];

/** How a code may be written: a person may type it in upper or lower case. */
export const codePattern = `[${consonants}][${digits}][${consonants}${digits}]{4}`;

function codeOf(...content: readonly unknown[]): string {
  // Use as many digits as a number holds exactly.
  let rest = Number.parseInt(sha256(JSON.stringify(content)).slice(0, 13), 16);
  return codeForm
    .map((letters) => {
      const letter = letters[rest % letters.length];
      rest = Math.floor(rest / letters.length);
      return letter;
    })
    .join('');
}

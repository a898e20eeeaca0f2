import { type Message, message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { type Answers, isUntouched, readAnswers, unreadAnswers } from './cells';
import { decode, decodeProse, fileTooLarge, isPacked, maxFile } from './decode';
import type { FoundFiles } from './find';
import { type Reflection, readReflection, responseCount, unreadReflection } from './reflection';

/**
 * What became of a file: read, or not there, or there only in a form that cannot be read, or such that it
 * is never read, or not to be read at the time for a reason that lies with the machine, or there in
 * versions of which nobody knows which is meant.
 */
export const fileStates = ['read', 'missing', 'misplaced', 'refused', 'failed', 'undecided'] as const;

export type FileState = (typeof fileStates)[number];

/** Whether there is no fair grade of a file, and so none at all. */
export function hasNoGrade(state: FileState): boolean {
  return state === 'failed' || state === 'undecided';
}

/** Where a file lies, and what became of it. */
interface FileRead {
  readonly file: string;
  readonly state: FileState;
}

/** One student's two files, as data. */
export interface Submission {
  readonly answers: Answers & FileRead;
  readonly reflection?: Reflection & FileRead;
  /** What to know of where the files were found. It costs nothing. */
  readonly remarks: readonly Message[];
}

/** How the texts of the two files are read. */
export interface Readers {
  readonly answers: (text: string, form: Rubric) => Answers;
  readonly reflection: (text: string, form: NonNullable<Rubric['reflection']>) => Reflection;
}

/**
 * Reads one student's two files as data. Whatever was found, there is a Submission: a file that is
 * missing or cannot be read becomes a problem with its reason.
 *
 * @param readers read the texts; whoever reads many can remember what several hand in alike.
 */
export function readSubmission(
  found: FoundFiles,
  rubric: Rubric,
  readers: Readers = { answers: readAnswers, reflection: readReflection },
): Submission {
  const { reflection } = rubric;
  return {
    answers: readAnswersFile(readWorkText(found, rubric.file), rubric, readers, found),
    ...(reflection && {
      reflection: readReflectionFile(
        readWorkText(found, reflection.file, decodeProse),
        reflection,
        readers,
        found,
      ),
    }),
    remarks: found.remarks,
  };
}

/** The texts of the two files, each in its place, as a page has them. */
export interface SubmissionTexts {
  readonly answers: string;
  readonly reflection?: string;
}

/** The same of texts that were typed. */
export function typedSubmission(texts: SubmissionTexts, rubric: Rubric): Submission {
  const { file, reflection } = rubric;
  const readers = { answers: readAnswers, reflection: readReflection };
  return {
    answers: readAnswersFile(typedText(file, texts.answers), rubric, readers),
    ...(reflection && {
      reflection: readReflectionFile(typedText(reflection.file, texts.reflection ?? ''), reflection, readers),
    }),
    remarks: [],
  };
}

function typedText(file: string, text: string): ReadText {
  return text.length > maxFile
    ? { file, state: 'refused', reason: fileTooLarge(file) }
    : { file, state: 'read', text };
}

/** @param found where it is known what else there is. */
function readAnswersFile(
  { file, ...read }: ReadText,
  rubric: Rubric,
  readers: Readers,
  found?: FoundFiles,
): Submission['answers'] {
  if (read.state !== 'read')
    return { ...unreadAnswers(rubric, { reason: read.reason }), file, state: read.state };
  const answers = readers.answers(read.text, file === rubric.file ? rubric : { ...rubric, file });
  const misplaced = isUntouched(answers) ? misplacedIn(found, rubric.file) : undefined;
  return misplaced
    ? { ...answers, problems: [{ reason: misplaced }], file, state: 'misplaced' }
    : { ...answers, file, state: 'read' };
}

function readReflectionFile(
  { file, ...read }: ReadText,
  rubric: NonNullable<Rubric['reflection']>,
  readers: Readers,
  found?: FoundFiles,
): NonNullable<Submission['reflection']> {
  if (read.state !== 'read') return { ...unreadReflection(read.reason), file, state: read.state };
  const reflection = readers.reflection(read.text, file === rubric.file ? rubric : { ...rubric, file });
  const misplaced = responseCount(reflection) === 0 ? misplacedIn(found, rubric.file) : undefined;
  return misplaced
    ? { ...unreadReflection(misplaced), file, state: 'misplaced' }
    : { ...reflection, ...(read.isGuessed && { remark: guessed(file) }), file, state: 'read' };
}

function guessed(file: string): Message {
  const text = `${file} is not in UTF-8, and was read as well as possible. It counts as it is.`;
  return message('reflection/encoding', text);
}

type ReadText = { readonly file: string } & (
  | { readonly state: 'read'; readonly text: string; readonly isGuessed?: true }
  | { readonly state: Exclude<FileState, 'read'>; readonly reason: Message }
);

function readWorkText(found: FoundFiles, file: string, decodeAs: typeof decodeProse = decode): ReadText {
  const { place = file, opened = { kind: 'missing' } as const } = found.files.get(file) ?? {};
  switch (opened.kind) {
    case 'file': {
      const decoded = decodeAs(opened.bytes, place);
      return 'text' in decoded
        ? { file: place, state: 'read', ...decoded }
        : { file: place, state: isPacked(opened.bytes) ? 'misplaced' : 'refused', ...decoded };
    }
    case 'refused':
    case 'failed':
    case 'undecided':
      return { file: place, state: opened.kind, reason: opened.reason };
    case 'missing': {
      const misplaced = misplacedIn(found, file);
      if (misplaced) {
        const text = `${file} is missing. ${misplaced.text}`;
        return { file, state: 'misplaced', reason: message(misplaced.code, text, misplaced.quotes) };
      }
      const text = `${file} is missing. Hand it in, or take it from the original assignment and fill it in.`;
      return { file, state: 'missing', reason: message('file/missing', text) };
    }
  }
}

/** What is said of a file that was probably meant to be one of the worksheet, and cannot be read as one. */
function misplacedIn(all: FoundFiles | undefined, file: string): Message | undefined {
  const found = all?.documents.get(file);
  if (found === undefined) return undefined;
  const text = `There is a file {found}. If it is yours, copy its text into ${file}.`;
  return message('file/misplaced', text, { found });
}

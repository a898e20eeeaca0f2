import { type Message, message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { type Answers, isUntouched, unreadAnswers } from './cells';
import { decode, decodeProse, fileTooLarge, isPacked, maxFile } from './decode';
import { type FoundFiles, findFiles, isNearlyCalled, plainReaders, type Readers } from './find';
import { type Reflection, responseCount, unreadReflection } from './reflection';

/**
 * The result of reading a file. In order: read, missing, there only in a form that cannot be read, refused for good,
 * unreadable at the time because of the machine, or there in versions with no way to know which is meant.
 */
export const fileStates = ['read', 'missing', 'misplaced', 'refused', 'failed', 'undecided'] as const;

export type FileState = (typeof fileStates)[number];

/** Whether a file cannot be graded fairly, so that there is no grade at all. */
export function hasNoGrade(state: FileState): boolean {
  return state === 'failed' || state === 'undecided';
}

/** The path of a file, and the result of reading it. */
interface FileRead {
  readonly file: string;
  readonly state: FileState;
}

/** One student's two files, as data. */
export interface Submission {
  readonly answers: Answers & FileRead;
  readonly reflection?: Reflection & FileRead;
  /** Remarks on where the files were found. They cost no points. */
  readonly remarks: readonly Message[];
}

/**
 * Reads one student's two files as data. Always returns a Submission: a file that is missing or cannot be read becomes
 * a problem with its reason.
 */
export function readSubmission(
  found: FoundFiles,
  rubric: Rubric,
  readers: Readers = plainReaders,
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

/** The texts of the two files, each in its place, as the page has them. */
export interface SubmissionTexts {
  readonly answers: string;
  readonly reflection?: string;
}

/** Reads a submission from texts that were typed. */
export function typedSubmission(texts: SubmissionTexts, rubric: Rubric): Submission {
  const { file, reflection } = rubric;
  const typed = (path: string, text: string) => ({
    path,
    content: text.length > maxFile ? fileTooLarge(path) : new TextEncoder().encode(text),
  });
  const files = [typed(file, texts.answers)];
  if (reflection) files.push(typed(reflection.file, texts.reflection ?? ''));
  return readSubmission(findFiles(files, rubric), rubric);
}

function readAnswersFile(
  { file, ...read }: ReadText,
  rubric: Rubric,
  readers: Readers,
  found: FoundFiles,
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
  found: FoundFiles,
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
  const { place, opened } = found.files.get(file) ?? { place: file };
  if (!opened) {
    const misplaced = misplacedIn(found, file);
    const { code, text, quotes } = misplaced ?? notThere;
    const reason = message(code, `${file} is missing. ${text}`, quotes);
    return { file, state: misplaced ? 'misplaced' : 'missing', reason };
  }
  if (opened.kind !== 'file') return { file: place, state: opened.kind, reason: opened.reason };
  const decoded = decodeAs(opened.bytes, place);
  if ('text' in decoded) return { file: place, state: 'read', ...decoded };
  return { file: place, state: isPacked(opened.bytes) ? 'misplaced' : 'refused', ...decoded };
}

const notThere = message(
  'file/missing',
  'Hand it in, or take it from the original assignment and fill it in.',
);

/** The message for a file that was probably meant to be one of the worksheet's but cannot be read as one. */
function misplacedIn({ unread }: FoundFiles, file: string): Message | undefined {
  const found = unread.find(({ path, why }) => !why && isNearlyCalled(path, file))?.path;
  if (found === undefined) return undefined;
  const text = `There is a file {found}. If it is yours, copy its text into ${file}.`;
  return message('file/misplaced', text, { found });
}

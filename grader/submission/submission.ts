import { type Message, message, type Problem } from '../message';
import type { Rubric } from '../rubric/rubric';
import { type Answers, isUntouched, unreadAnswers } from './cells';
import { decode, decodeProse, fileTooLarge, isDocument, maxFile } from './decode';
import { problemElsewhere } from './elsewhere';
import { type Reflection, responseCount, unreadReflection } from './reflection';
import { type FoundFiles, findFiles, isNearlyCalled, plainReaders, type Readers } from './which-files';

/**
 * The result of reading a file. In order: read; missing; there, but only in an unreadable form; refused for good;
 * unreadable at the time because of the machine; or there in several versions, with no way to know which is meant.
 */
export const fileStates = ['read', 'missing', 'misplaced', 'refused', 'failed', 'undecided'] as const;

export type FileState = (typeof fileStates)[number];

/** Whether a file cannot be graded fairly, so that the submission gets no grade at all. */
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
  /** Work in a place that no cell reads, in any of the files, if there is any. */
  readonly outside: Problem | undefined;
  /** Remarks on where the files were found. They cost no points. */
  readonly remarks: readonly Message[];
}

/**
 * Reads one student's two files as data. Always returns a Submission: a file that is missing or cannot be read becomes
 * a problem with its reason.
 */
export function readSubmission(
  foundFiles: FoundFiles,
  rubric: Rubric,
  readers: Readers = plainReaders,
): Submission {
  const { reflection, file } = rubric;
  const decodeAnswers = (bytes: Uint8Array, path: string) => {
    const decoded = decode(bytes, path);
    return 'text' in decoded && decoded.text.trim() === '' ? { reason: emptyFile(path, rubric) } : decoded;
  };
  const answers = fileRead(foundFiles, file, decodeAnswers, {
    read: (text, path) => readers.answers(text, { ...rubric, file: path }),
    isEmpty: isUntouched,
    instead: (reason, read) =>
      read ? { ...read, problems: [{ reason }] } : unreadAnswers(rubric, { reason }),
  });
  const { beside } = foundFiles;
  const remarks = beside ? [...foundFiles.remarks, beside] : foundFiles.remarks;
  const outside = answers.outside ?? outsideIn(foundFiles, rubric, answers);
  if (!reflection) return { answers, outside, remarks };
  const responses = fileRead(foundFiles, reflection.file, decodeProse, {
    read(written, path, isGuessed) {
      const content = readers.reflection(written, { ...reflection, file: path });
      const text = `${path} is not in UTF-8, so it was read as well as possible. It counts as it is.`;
      return isGuessed ? { ...content, remark: message('reflection/encoding', text) } : content;
    },
    isEmpty: (read) => responseCount(read) === 0,
    instead: unreadReflection,
  });
  return { answers, reflection: responses, outside, remarks };
}

function emptyFile(path: string, { tables }: Rubric): Message {
  const names = tables.map((table) => table.export).join(' and ');
  return message(
    'file/empty',
    `${path} is empty. Copy the original file back; it contains the table ${names}.`,
  );
}

/** Work for blank rows that is in the reflection, or in a page beside it. */
function outsideIn(
  { files, pages = [] }: FoundFiles,
  rubric: Rubric,
  { rows }: Answers,
): Problem | undefined {
  const { path = '', opened } = files.get(rubric.reflection?.file ?? '') ?? {};
  const reflection = opened?.kind === 'file' ? [{ path, bytes: opened.bytes }] : [];
  for (const page of [...reflection, ...pages]) {
    const { path: file } = page;
    const decoded = decodeProse(page.bytes, file);
    const source = 'text' in decoded ? decoded.text : '';
    const problem = problemElsewhere(rubric, rows, {
      file,
      source,
      unread: source,
      hasNumbers: pages.includes(page),
    });
    if (problem) return problem;
  }
  return undefined;
}

/** The texts of the two files, as students type them into the page. */
export interface SubmissionTexts {
  readonly answers: string;
  readonly reflection?: string;
}

/** Reads a submission from typed texts. */
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

/** How one of the two files is read. */
interface Reading<Content> {
  readonly read: (text: string, path: string, isGuessed?: boolean) => Content;
  /** Whether nothing is filled in. */
  readonly isEmpty: (content: Content) => boolean;
  /** The content for a file that is not read, or whose work is probably in another file. */
  readonly instead: (reason: Message, content?: Content) => Content;
}

function fileRead<Content extends object>(
  foundFiles: FoundFiles,
  file: string,
  decodeAs: typeof decodeProse,
  { read, isEmpty, instead }: Reading<Content>,
): Content & FileRead {
  const { path, opened } = foundFiles.files.get(file) ?? { path: file };
  const misplaced = misplacedIn(foundFiles, file);
  const notRead = (state: FileState, reason: Message, content?: Content) => ({
    ...instead(reason, content),
    file: path,
    state,
  });
  if (!opened) {
    const reason = misplaced
      ? { ...misplaced, text: `${file} is missing. ${misplaced.text}` }
      : message('file/missing', `${file} is missing.`, {}, { next: handItIn });
    return notRead(misplaced ? 'misplaced' : 'missing', reason);
  }
  if (opened.kind !== 'file') return notRead(opened.kind, opened.reason);
  const decoded = decodeAs(opened.bytes, path);
  if (!('text' in decoded))
    return notRead(isDocument(opened.bytes) ? 'misplaced' : 'refused', decoded.reason);
  const content = read(decoded.text, path, 'isGuessed' in decoded);
  return misplaced && isEmpty(content)
    ? notRead('misplaced', misplaced, content)
    : { ...content, file: path, state: 'read' };
}

const handItIn = 'Hand it in, or take it from the original assignment and fill it in.';

/** The message about a file that was probably meant as one of the worksheet's files, but cannot be read as one. */
function misplacedIn({ unread }: FoundFiles, file: string): Message | undefined {
  const misplacedPath = unread.find(({ path, why }) => !why && isNearlyCalled(path, file))?.path;
  if (misplacedPath === undefined) return undefined;
  const next = `If it is yours, copy its text into ${file}.`;
  return message('file/misplaced', 'There is a file {found}.', { found: misplacedPath }, { next });
}

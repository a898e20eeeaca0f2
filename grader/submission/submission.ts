import { type Message, message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { type Answers, isUntouched, readAnswers, unreadAnswers } from './cells';
import { decode } from './decode';
import { type Reflection, readReflection, responseCount, unreadReflection } from './reflection';
import type { FileResult } from './sandboxed-fs';

/**
 * What became of a file: read, or not there, or not in its place, or such that it is never read, or not
 * to be read at the time for a reason that lies with the machine.
 */
export const fileStates = ['read', 'missing', 'misplaced', 'refused', 'failed'] as const;

export type FileState = (typeof fileStates)[number];

/** One student's two files, as data. */
export interface Submission {
  readonly answers: Answers & { readonly state: FileState };
  readonly reflection?: Reflection & { readonly state: FileState };
}

/** Where one student's files lie. All of it is taken to be hostile. */
export interface Source {
  open(file: string): FileResult<Uint8Array>;
  /** What is said of a file that was probably meant to be this one. */
  misplaced(file: string): Message | undefined;
}

/**
 * Reads one student's two files as data. Whatever lies there, there is a Submission: a file that is
 * missing or cannot be read becomes a problem with its reason.
 *
 * @param read reads the text of the answers; whoever reads many can remember what several hand in alike.
 */
export function readSubmission(
  source: Source,
  rubric: Rubric,
  read: (text: string) => Answers = (text) => readAnswers(text, rubric),
): Submission {
  const { reflection } = rubric;
  return {
    answers: readAnswersFile(source, rubric, read),
    ...(reflection && { reflection: readReflectionFile(source, reflection) }),
  };
}

function readAnswersFile(
  source: Source,
  rubric: Rubric,
  readWith: (text: string) => Answers,
): Submission['answers'] {
  const read = readText(source, rubric.file);
  if (read.state !== 'read') return { ...unreadAnswers(rubric, { reason: read.reason }), state: read.state };
  const answers = readWith(read.text);
  const misplaced = isUntouched(answers) ? source.misplaced(rubric.file) : undefined;
  return misplaced
    ? { ...answers, problems: [{ reason: misplaced }], state: 'misplaced' }
    : { ...answers, state: 'read' };
}

function readReflectionFile(
  source: Source,
  rubric: NonNullable<Rubric['reflection']>,
): NonNullable<Submission['reflection']> {
  const read = readText(source, rubric.file);
  if (read.state !== 'read') return { ...unreadReflection(read.reason), state: read.state };
  const reflection = readReflection(read.text, rubric);
  const misplaced = responseCount(reflection) === 0 ? source.misplaced(rubric.file) : undefined;
  return misplaced
    ? { ...unreadReflection(misplaced), state: 'misplaced' }
    : { ...reflection, state: 'read' };
}

type ReadText =
  | { readonly state: 'read'; readonly text: string }
  | { readonly state: Exclude<FileState, 'read'>; readonly reason: Message };

function readText(source: Source, file: string): ReadText {
  const opened = source.open(file);
  switch (opened.kind) {
    case 'file': {
      const decoded = decode(opened.bytes, file);
      return 'text' in decoded ? { state: 'read', ...decoded } : { state: 'refused', ...decoded };
    }
    case 'refused':
    case 'failed':
      return { state: opened.kind, reason: opened.reason };
    case 'missing': {
      const found = source.misplaced(file);
      if (found) {
        const text = `${file} is missing. ${found.text}`;
        return { state: 'misplaced', reason: message(found.code, text, found.quotes) };
      }
      const text = `${file} is missing. Take it from the original assignment, or undo its deletion.`;
      return { state: 'missing', reason: message('file/missing', text) };
    }
  }
}

import { type Answers, isUntouched, type Problem } from '../answers/answers';
import { readAnswers, unread } from '../answers/cells';
import { type Message, message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { foldersInside, listInside, type Opened, openInside } from './inside';
import { findMisplaced } from './misplaced';
import { readReflection, unreadReflection } from './reflection';
import type { Reflection, Submission } from './submission';
import { decode } from './text';

/** The code of what is said of a file that is not there, nor anything that was meant to be it. */
export const missingFile = 'file/missing';

/** Where one student's files lie. All of it is taken to be hostile. */
export interface Source {
  open(file: string): Opened;
  /** What is said of a file that was probably meant to be this one. */
  misplaced(file: string): Message | undefined;
}

/** The files below a student's root folder. */
export function folderSource(root: string): Source {
  return {
    open: (file) => openInside(root, file),
    misplaced: (file) => findMisplaced(file, (folder) => listInside(root, folder), foldersInside(root)),
  };
}

/**
 * Reads one student's two files as data. Whatever lies there, there is a Submission: a file that is
 * missing or cannot be read becomes a problem with its reason.
 */
export function readSubmission(source: Source, rubric: Rubric): Submission {
  return {
    answers: readAnswersFile(source, rubric.table),
    ...(rubric.reflection && { reflection: readReflectionFile(source, rubric.reflection) }),
  };
}

function readAnswersFile(source: Source, table: Rubric['table']): Answers {
  const read = readText(source, table.file);
  if ('why' in read) return unread(table, read);
  const answers = readAnswers(read.text, table);
  if (!isUntouched(answers)) return answers;
  const misplaced = source.misplaced(table.file);
  return misplaced ? { ...answers, problems: [{ why: misplaced }] } : answers;
}

function readReflectionFile(source: Source, rubric: NonNullable<Rubric['reflection']>): Reflection {
  const read = readText(source, rubric.file);
  if ('why' in read) return unreadReflection(read.why);
  const reflection = readReflection(read.text, rubric);
  const misplaced =
    reflection.responses.size + reflection.unsorted.length === 0 ? source.misplaced(rubric.file) : undefined;
  return misplaced ? { ...reflection, why: misplaced } : reflection;
}

function readText(source: Source, file: string): { text: string } | Problem {
  const opened = source.open(file);
  switch (opened.is) {
    case 'file':
      return decode(opened.bytes, file);
    case 'refused':
      return opened;
    case 'missing': {
      const misplaced = source.misplaced(file);
      return {
        why: misplaced
          ? message(misplaced.code, `${file} is missing. ${misplaced.text}`, misplaced.quotes)
          : message(
              missingFile,
              `${file} is missing. Take it from the original assignment, or undo its deletion.`,
            ),
      };
    }
  }
}

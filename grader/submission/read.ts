import { message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { readAnswers, unread } from './answers/read';
import { openInside } from './inside';
import { findMisplaced } from './misplaced';
import { readReflection, unreadReflection } from './reflection';
import { type Answers, isUntouched, type Problem, type Reflection, type Submission } from './submission';
import { decode } from './text';

/**
 * Reads one student's two files as data. Whatever lies in the folder, there is a Submission: a
 * file that is missing or cannot be read becomes a problem with its reason.
 *
 * @param root the submission's root folder; everything in it is taken to be hostile.
 */
export function readSubmission(root: string, rubric: Rubric): Submission {
  return {
    answers: readAnswersFile(root, rubric.table),
    ...(rubric.reflection && { reflection: readReflectionFile(root, rubric.reflection) }),
  };
}

function readAnswersFile(root: string, table: Rubric['table']): Answers {
  const read = readText(root, table.file);
  if ('why' in read) return unread(table, read);
  const answers = readAnswers(read.text, table);
  if (!isUntouched(answers)) return answers;
  const misplaced = findMisplaced(root, table.file);
  return misplaced ? { ...answers, problems: [{ why: misplaced }] } : answers;
}

function readReflectionFile(root: string, rubric: NonNullable<Rubric['reflection']>): Reflection {
  const read = readText(root, rubric.file);
  if ('why' in read) return unreadReflection(read.why);
  const reflection = readReflection(read.text, rubric);
  const misplaced = reflection.responses.size === 0 ? findMisplaced(root, rubric.file) : undefined;
  return misplaced ? { ...reflection, why: misplaced } : reflection;
}

function readText(root: string, file: string): { text: string } | Problem {
  const opened = openInside(root, file);
  switch (opened.is) {
    case 'file':
      return decode(opened.bytes, file);
    case 'refused':
      return opened;
    case 'missing': {
      const misplaced = findMisplaced(root, file);
      return {
        why: misplaced
          ? message(misplaced.code, `${file} is missing. ${misplaced.text}`, ...misplaced.quotes)
          : message(
              'file/missing',
              `${file} is missing. Take it from the original assignment, or undo its deletion.`,
            ),
      };
    }
  }
}

import path from 'node:path';
import { type Message, message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { isUntouched, readAnswers } from './cells';
import { decode } from './decode';
import { readReflection, responseCount } from './reflection';
import type { FileResult } from './sandboxed-fs';

// Where somebody hands in files by themselves, in folders or in archives, there may be several of a name.

/** A file that may be one of the two that are wanted. */
export interface Candidate {
  /** As the student would say it: `work/boxes.ts`, or `upload.zip: work/boxes.ts`. */
  readonly place: string;
  /** The last part of it. */
  readonly name: string;
  readonly opened: FileResult;
}

/** What is read as one of the files; without a place where it is none of them. */
export interface Choice {
  readonly opened: FileResult;
  readonly place?: string;
  readonly note?: Message;
}

/**
 * The one that was certainly meant: the only one, the only one that is filled in, or the one in its place.
 *
 * @param candidates what may be the file, the likeliest first.
 * @param file its path in a submission.
 * @param unread what could not be looked through: something in it may be what counts.
 */
export function chooseFrom(
  candidates: readonly Candidate[],
  file: string,
  unread: string | undefined,
  rubric: Rubric,
): Choice | undefined {
  const name = path.posix.basename(file);
  // What cannot be read may be the one that counts, so it is never passed over for another.
  const filled = candidates.filter(({ opened }) => {
    const decoded = opened.kind === 'file' ? decode(opened.bytes, file) : undefined;
    return !decoded || !('text' in decoded) || isFilled(decoded.text, file, rubric);
  });
  const isInItsPlace = (filled[0] ?? candidates[0])?.place === file;
  if (unread !== undefined && !isInItsPlace) {
    const text = `Not everything that was uploaded could be looked through for ${name}: {unread}. Upload the file itself.`;
    return { opened: { kind: 'refused', reason: message('file/unread-upload', text, { unread }) } };
  }
  const [first, ...others] = filled.length > 0 ? filled : candidates;
  if (!first) return undefined;
  const other = others.find(({ opened }) => !isSame(opened, first.opened));
  const isInPlace = candidates.some(({ place }) => place === file);
  if (!other && (first.place === file || (first.place === name && !isInPlace))) return first;
  if (!other)
    return {
      ...first,
      note: message('upload/found', `${name} was found in another place: {place}.`, { place: first.place }),
    };
  if (first.place === file)
    return {
      ...first,
      note: message('upload/other', `There is another ${name}, {other}. It does not count.`, {
        other: other.place,
      }),
    };
  const text = `There is more than one ${name}: {one} and {two}. Upload only the one that counts.`;
  const reason = message('file/several', text, { one: first.place, two: other.place });
  return { opened: { kind: 'refused', reason } };
}

function isSame(a: FileResult, b: FileResult): boolean {
  return a.kind === 'file' && b.kind === 'file' && a.bytes.equals(b.bytes);
}

/** Whether a file holds anything of a student's. */
function isFilled(text: string, file: string, rubric: Rubric): boolean {
  const { reflection } = rubric;
  return file === reflection?.file
    ? responseCount(readReflection(text, reflection)) > 0
    : !isUntouched(readAnswers(text, rubric));
}

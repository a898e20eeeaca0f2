import type { Report } from '../grading/report.schema';
import { score } from '../grading/score';
import { type AnswerKey, plainKey } from '../key/judge';
import type { Rubric } from '../rubric/rubric';
import { readSubmission } from '../submission/submission';
import type { FoundFiles } from '../submission/which-files';
import { rubric as invented, notesOf, solution } from './worksheet';

/** Grades two texts with the invented worksheet, without a folder. */
export function gradeTexts(
  answers: string,
  notes: string = notesOf(),
  key?: AnswerKey,
  rubric: Rubric = invented,
): Promise<Report> {
  const { file, reflection } = rubric;
  const files = { [file]: answers, ...(reflection && { [reflection.file]: notes }) };
  return score(rubric, readSubmission(asFoundFiles(files), rubric), key ?? plainKey(rubric, solution));
}

/** Wraps our own files, which are in their places, as found files. */
export function asFoundFiles(files: Readonly<Record<string, string | Uint8Array>>): FoundFiles {
  const found = Object.entries(files).map(([path, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return [path, { path, opened: { kind: 'file', bytes } }] as const;
  });
  return { files: new Map(found), remarks: [], elsewhere: [], unread: [], others: [], stamps: [] };
}

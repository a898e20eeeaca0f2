import { worksheetPart } from '../../grading/parts';
import type { GradedReflection, Report } from '../../grading/report.schema';

import { type Message, message, quoteList } from '../../message';
import { cellsOf } from '../../rubric/rubric';
import type { FoundFiles } from '../../submission/find';
import type { FileState } from '../../submission/submission';
import { type Note, note, noteFrom } from './note';
import type { StudentResult } from './student-result.schema';

// Facts on one version of a student's work that a person must know.

/** One of the two files, as far as a person has to look at it. */
interface ReviewedFile {
  readonly file: string;
  readonly state: FileState;
  readonly isBlank: boolean;
  readonly reasons: readonly Message[];
}

/**
 * Says whether there is work that counts; every way in which the points may differ from what the student earned, for
 * the instructor to look at; and what the student can do where there are none. What cannot be read is no missing work
 * and no zero.
 */
export function reviewOf(report: Report, foundFiles: FoundFiles) {
  const files = filesOf(report);
  const unreadable = foundFiles.unread.flatMap(({ path, why }) => (why ? [] : path));
  return {
    status: statusOf(files, report.started, foundFiles),
    notes: notesOn(report, files, [...unreadable, ...foundFiles.others]),
    advice: adviceOn(files, unreadable),
  };
}

function filesOf(report: Report): ReviewedFile[] {
  const answers = {
    file: report.file,
    state: report.state,
    isBlank: cellsOf(report).every(({ outcome }) => outcome === 'blank'),
    reasons: report.problems.map(({ reason }) => reason),
  };
  const { reflection } = report;
  if (!reflection) return [answers];
  const { file, state, present, disputed, reason } = reflection;
  return [answers, { file, state, isBlank: !present && !disputed, reasons: reason ? [reason] : [] }];
}

function statusOf(
  files: readonly ReviewedFile[],
  isStarted: boolean,
  { unread, others: otherFiles }: FoundFiles,
): StudentResult['status'] {
  const has = (wanted: FileState) => files.some(({ state }) => state === wanted);
  const reading = isStarted ? 'graded' : 'not started';
  if (has('failed')) return 'not readable';
  if (has('undecided')) return 'undecided';
  if (files.some(({ state, isBlank }) => state === 'read' && !isBlank)) return reading;
  if (has('refused') || has('misplaced') || unread.length > 0) return 'not readable';
  return has('read') && otherFiles.length === 0 ? reading : 'no submission';
}

/** @param otherFiles what was handed in and cannot be read as the worksheet. */
function notesOn(report: Report, files: readonly ReviewedFile[], otherFiles: readonly string[]): Note[] {
  const instead = insteadOf(files, otherFiles);
  const remarks = [
    report.reflection?.disputed &&
      note('disputed', 'class/dispute', 'Says in the reflection that a right answer is marked wrong.'),
    report.remarks.map(noteFrom('others')),
    files.some(({ state }) => state === 'undecided') &&
      note('versions', 'class/versions', 'Versions differ, and none counts until you choose.'),
    instead,
    files.flatMap((file) => notesOnFile(file, instead !== undefined)),
    noteOnSlip(report),
    report.reflection && notesOnReflection(report.reflection),
  ];
  return remarks.flatMap((remark) => remark || []);
}

/** Names what was handed in where one of the two files is missing or blank. */
function insteadOf(files: readonly ReviewedFile[], otherFiles: readonly string[]): Note | undefined {
  const { text, quotes } = quoteList(otherFiles);
  const missing = files.flatMap(({ file, state, isBlank }) =>
    state === 'missing' || state === 'misplaced' || (state === 'read' && isBlank) ? file : [],
  );
  if (text === '' || missing.length === 0) return undefined;
  return note('unread', 'class/instead', `Handed in instead of ${missing.join(' and ')}: ${text}.`, quotes);
}

/** Names an unread file. An undecided one has its own note, as has work handed in instead of a misplaced one. */
function notesOnFile({ state, reasons }: ReviewedFile, isInstead: boolean): Note[] {
  const isSaid = state === 'read' || state === 'undecided' || (state === 'misplaced' && isInstead);
  return isSaid ? [] : reasons.map(noteFrom(state === 'missing' ? 'others' : 'unread'));
}

/** The slip for which cells cannot be read that may be right. One in a table without points costs none. */
export function slipIn(report: Report) {
  if (report.state !== 'read') return undefined;
  return worksheetPart(report).problems.find(({ table }) => report.unreadable || table !== undefined);
}

function noteOnSlip(report: Report): Note | undefined {
  const slip = slipIn(report);
  if (!slip) return undefined;
  const line = slip.location ? ` (line ${slip.location.line})` : '';
  return note(
    'typos',
    'class/slip',
    `A typo in ${report.file}${line} makes cells that may be right unreadable.`,
  );
}

function notesOnReflection({ remark, reason, state, present, untouched }: GradedReflection): Note[] {
  const notes = remark ? [noteFrom('others')(remark)] : [];
  // Where something is written and nothing counts, a person looks whether there is more.
  const isUncounted = state === 'read' && !present && !untouched;
  if (reason && isUncounted) notes.push(noteFrom('unread')(reason));
  return notes;
}

function adviceOn(files: readonly ReviewedFile[], unreadable: readonly string[]): Message[] {
  return [
    ...files.flatMap(({ state, reasons }) => (state === 'read' || state === 'missing' ? [] : reasons)),
    ...unreadable.map((name) =>
      message(
        'class/unread',
        '{name} cannot be read. Copy your work into the files of the worksheet, and hand those in.',
        { name },
      ),
    ),
  ];
}

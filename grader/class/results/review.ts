import type { GradedReflection, Report } from '../../grading/report.schema';
import { type Message, message, quoteList } from '../../message';
import { cellsOf } from '../../rubric/rubric';
import type { FileState } from '../../submission/submission';
import type { FoundFiles } from '../../submission/which-files';
import type { Version } from '../histories/versions';
import type { Download } from '../members/download';
import type { Match } from '../members/owners';
import { identityFields } from '../members/people';
import type { CollectedSubmission } from '../members/source';
import type { Grading } from './graded-class';
import { type Note, note, noteFrom } from './note';
import { knownBy } from './note-code';
import type { StudentResult } from './student-result.schema';

// Facts that a person must know about a version of a student's work and the submission it is from: what is in it, whose
// it is, and when it was handed in.

/** One of the two files, as far as a person has to look at it. */
interface ReviewedFile {
  readonly file: string;
  readonly state: FileState;
  readonly isBlank: boolean;
  readonly reasons: readonly Message[];
}

/** The points that answers earn with the corrections that the student is shown. */
export interface Correction {
  readonly lines: readonly number[];
  readonly points: number;
  /** Whether they are worth asking a person about: enough more points than without the corrections. */
  readonly gains: boolean;
  /** Whether nothing is hidden any more. */
  readonly isRead: boolean;
}

/**
 * Says whether there is work that counts; lists every way in which the points may differ from what the student earned,
 * for the instructor to look at; and says what the student can do if there are no points. Work that cannot be read is
 * not missing, and not a zero.
 */
export function reviewOf(report: Report, foundFiles: FoundFiles, corrected: Correction | undefined) {
  const files = reviewedFiles(report);
  const unreadable = foundFiles.unread.flatMap(({ path, why }) => (why ? [] : path));
  return {
    status: statusOf(files, report.started, foundFiles),
    notes: notesOn(report, files, foundFiles, corrected),
    advice: adviceOn(files, unreadable),
  };
}

function reviewedFiles(report: Report): ReviewedFile[] {
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
  { unread }: FoundFiles,
): StudentResult['status'] {
  const has = (wanted: FileState) => files.some(({ state }) => state === wanted);
  const reading = isStarted ? 'graded' : 'not started';
  if (has('failed')) return 'not readable';
  if (has('undecided')) return 'undecided';
  if (files.some(({ state, isBlank }) => state === 'read' && !isBlank)) return reading;
  if (has('refused') || has('misplaced') || unread.length > 0) return 'not readable';
  return has('read') ? reading : 'no submission';
}

function notesOn(
  report: Report,
  files: readonly ReviewedFile[],
  { unread, others, beside, elsewhere, stamps }: FoundFiles,
  corrected: Correction | undefined,
): Note[] {
  const otherFiles = [...unread.flatMap(({ path, why }) => (why ? [] : path)), ...others];
  const instead = insteadOf(files, otherFiles, stamps);
  const outside = report.outside?.location;
  // A document that was handed in instead of a file has a note that names it.
  const told = report.remarks.filter((remark) => !instead || remark !== beside);
  const remarks = [
    report.reflection?.disputed &&
      note('disputed', 'class/dispute', 'Says in the reflection that a right answer is marked wrong.'),
    told.map((remark) => noteFrom(elsewhere.includes(remark) ? 'places' : 'others')(remark)),
    files.some(({ state }) => state === 'undecided') &&
      note('versions', 'class/versions', 'Versions differ, and none counts until you choose.'),
    instead,
    files.flatMap((file) => notesOnFile(file, instead !== undefined)),
    noteOnSlip(report, corrected),
    report.reflection && notesOnReflection(report.reflection),
    outside &&
      note(
        'unread',
        'class/elsewhere',
        `There are answers outside of their table, from line ${outside.line} of ${outside.file} on, where they are not read.`,
      ),
  ];
  return remarks.flatMap((remark) => remark || []);
}

/**
 * Names what was handed in if one of the two files is missing, blank or not readable.
 *
 * @param otherFiles anything handed in that cannot be read as the worksheet.
 * @param stamps what is known about these.
 */
function insteadOf(
  files: readonly ReviewedFile[],
  otherFiles: readonly string[],
  stamps: readonly string[],
): Note | undefined {
  const { text, quotes } = quoteList(otherFiles);
  const missing = files.flatMap(({ file, state, isBlank }) =>
    (state === 'read' ? isBlank : state !== 'undecided') ? file : [],
  );
  if (text === '' || missing.length === 0) return undefined;
  const handedIn = `Handed in instead of ${missing.join(' and ')}: ${text}.`;
  return knownBy(note('unread', 'class/instead', handedIn, quotes), [...stamps].sort());
}

/** Names an unread file. An undecided file has its own note, and so has work handed in instead of a misplaced file. */
function notesOnFile({ state, reasons }: ReviewedFile, isInstead: boolean): Note[] {
  const isSaid = state === 'read' || state === 'undecided' || (state === 'misplaced' && isInstead);
  if (isSaid) return [];
  // Nothing is known about a missing file.
  if (state === 'missing') return reasons.map((reason) => knownBy(noteFrom('others')(reason)));
  return reasons.map(noteFrom('unread'));
}

/** The slip that hides cells which may be right. */
export function slipIn(report: Report) {
  if (report.state !== 'read') return undefined;
  return report.problems.find(({ table }) => report.unreadable || table !== undefined);
}

/** Names a slip that hides something that earns points, or that may hide anything. */
function noteOnSlip(report: Report, corrected: Correction | undefined): Note | undefined {
  const slip = slipIn(report);
  const isListed = corrected?.isRead ? corrected.gains : slip !== undefined;
  if (!isListed) return undefined;
  const line = corrected?.lines[0] ?? slip?.location?.line;
  const where = line === undefined ? '' : ` (line ${line})`;
  return note(
    'typos',
    'class/slip',
    `A typo in ${report.file}${where} makes cells that may be right unreadable.`,
  );
}

function notesOnReflection({ remark, reason, state, present, untouched }: GradedReflection): Note[] {
  const notes = remark ? [noteFrom('others')(remark)] : [];
  // If something is written but nothing counts, a person checks whether there is more.
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

export const unreadAdvice = message(
  'class/unread-work',
  'Your work could not be read, which costs you nothing. Write to your instructors; they were told why.',
);

/** The notes on a submission, independent of its versions. */
export function notesOnSubmission({ submission, unknown }: Match, grading: Grading): Note[] {
  const alsoBy = unknown.map((owner) => {
    const text = '{owner} also handed this in, but cannot be matched to the roster. Add them to the roster.';
    const said = note('owners', 'download/unknown', text, {
      owner: owner.login || owner.email || owner.name || '',
    });
    return knownBy(
      said,
      identityFields.map(([, field]) => owner[field] ?? ''),
    );
  });
  const { host } = submission.source;
  const draft = `${host.title} says that this is a draft and was not submitted. It is graded as it is.`;
  const isDraft = handedInOn(host, grading)?.state === 'draft';
  const notes = [...submission.remarks.map(noteFrom('others')), ...alsoBy];
  return isDraft ? [...notes, note('others', 'download/draft', draft)] : notes;
}

/** When a student handed in: Moodle's worksheet says so, but Moodle's download does not. */
export function handedInOn(host: Download | undefined, { course, student }: Grading) {
  const { timezone = 'UTC' } = course.file.deadline ?? {};
  return host?.handedInOf?.(student, timezone);
}

/** Whether the time of a submission is known only from the roster, which is the host's record. */
export function isDatedByRecord(
  { source, submittedAt }: CollectedSubmission,
  { roster, student }: Grading,
): boolean {
  const { host } = source;
  return (
    student !== undefined && submittedAt === undefined && !!host.handedInOf && roster?.host?.id === host.id
  );
}

/** Why the time of a version is not known, if lateness depends on it, and what the source may lack. */
export function notesOnVersion(
  { foundFiles, doubt, label, outside }: Version,
  submission: CollectedSubmission,
  grading: Grading,
): Note[] {
  const { source } = submission;
  const { course } = grading;
  const { size } = foundFiles.files;
  const { ofOneFile } = source.host;
  if (ofOneFile !== undefined && course.rubric.reflection && size === 1)
    return [note('others', 'download/attempt', ofOneFile)];
  if (doubt === 'future' || doubt === 'backwards') {
    const clock = `The time of ${label} is in the future, or earlier than that of a commit that it builds on. It counts, and neither lateness nor the cutoff applies.`;
    return [
      doubt === 'future'
        ? note('future', 'history/future', clock)
        : note('times', 'history/backwards', clock),
    ];
  }
  const hasTimes = source.hasTimes || isDatedByRecord(submission, grading);
  const dependsOnTime = course.file.deadline && hasTimes && size > 0 && !outside;
  if (doubt !== 'unknown' || !dependsOnTime) return [];
  const handedIn = handedInOn(source.host, grading);
  if (handedIn && handedIn.at === undefined) {
    const unread = `${source.host.title} says that this was handed in on {when}, which cannot be read, so it does not count as late.`;
    return [knownBy(note('noTimes', 'download/time', unread, { when: handedIn.text }), handedIn.text)];
  }
  const text = 'It is not known when this was handed in, so it does not count as late.';
  return [note('noTimes', 'class/no-time', text)];
}

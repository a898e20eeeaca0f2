import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { type Message, message, sentencesOf, type Untrusted } from '../../message';
import { gradedCells, valueText } from '../../render/status';
import { cellsOf, type Rubric, rowsOf } from '../../rubric/rubric';
import type { FoundFiles } from '../../submission/find';
import type { FileState } from '../../submission/submission';
import type { Status } from './student-result.schema';
import { about, type Warning, warning } from './warning.schema';

// Remarks for the instructor to look at: every way in which a grade may differ from what the student earned.

/**
 * Lists what a person should look at. Text that is under no question still counts.
 */
export function reportRemarks({ report, found }: { report: Report; found: FoundFiles }): Warning[] {
  const { state, problems, reflection, unreadable, file, remarks } = report;
  // A slip in a table without points costs none.
  const lost = worksheetPart(report).problems.find(({ table }) => unreadable || table !== undefined);
  const line = lost?.location ? ` (line ${lost.location.line})` : '';
  const isUndecided = state === 'undecided' || reflection?.state === 'undecided';
  const differ =
    'There are versions that differ, and none counts until you choose; follow-up.html has a line for each choice.';
  const disputes = reflection?.disputed
    ? [warning('dispute', 'class/dispute', 'Says in the reflection that a right answer is marked wrong.')]
    : [];
  const slip = `A typo in ${file}${line} makes cells that may be right unreadable.`;
  return [
    ...disputes,
    ...remarks.map(about('found')),
    ...(isUndecided ? [warning('versions', 'class/versions', differ)] : []),
    ...insteadOf(report, found),
    ...(isSaid(state, found) ? problems.map(({ reason }) => aboutFile(reason)) : []),
    ...(state === 'read' && lost ? [warning('syntax error', 'class/slip', slip)] : []),
    ...(reflection && isSaid(reflection.state, found) && reflection.reason
      ? [aboutFile(reflection.reason)]
      : []),
    ...(reflection?.remark ? [about('reflection')(reflection.remark)] : []),
  ];
}

/** Says why a file was not read, without the student's next step. */
function aboutFile(reason: Message): Warning {
  const [first = reason.text] = sentencesOf(reason.text);
  return about('file')({ ...reason, text: first });
}

/** Whether the student's message about a file also tells the instructor everything. */
function isSaid(state: FileState, { unread, others }: FoundFiles): boolean {
  return state === 'misplaced'
    ? unread.length + others.length === 0
    : state !== 'read' && state !== 'undecided';
}

/** Names the files that were handed in instead of work that can be read. */
function insteadOf(report: Report, { unread, others }: FoundFiles): Warning[] {
  const instead = [...unread.flatMap(({ path, why }) => (why ? [] : path)), ...others];
  const named = instead.slice(0, 5);
  if (named.length === 0 || !lacksWork(report)) return [];
  const places = named.map((_, index) => `{file${index + 1}}`).join(', ');
  const more = instead.length > named.length ? `, and ${instead.length - named.length} more` : '';
  const missing = [
    ...(isMissing(report.state) || isBlank(report) ? [report.file] : []),
    ...(report.reflection && (isMissing(report.reflection.state) || !report.reflection.present)
      ? [report.reflection.file]
      : []),
  ];
  const text = `Handed in instead of ${missing.join(' and ')}: ${places}${more}.`;
  const quotes = Object.fromEntries(named.map((name, index) => [`file${index + 1}`, name]));
  return [warning('instead', 'class/instead', text, quotes)];
}

function isMissing(file: FileState): boolean {
  return file === 'missing' || file === 'misplaced';
}

function isBlank({ state, rows }: Report): boolean {
  return state === 'read' && cellsOf({ rows }).every(({ outcome }) => outcome === 'blank');
}

/** Whether one of the two files is missing, or nothing is filled in. */
function lacksWork(report: Report): boolean {
  const { state, reflection } = report;
  return (
    isMissing(state) ||
    isBlank(report) ||
    (reflection !== undefined &&
      (isMissing(reflection.state) || (reflection.state === 'read' && !reflection.present)))
  );
}

/** Whether there is work that counts, and if not, why. What cannot be read is no missing work and no zero. */
export function statusOf(report: Report, { unread, others }: FoundFiles): Status {
  const { state, reflection, started } = report;
  for (const status of ['failed', 'undecided'] as const)
    if (state === status || reflection?.state === status) return status;
  const hasAnswers = state === 'read' && !isBlank(report);
  const hasWork = hasAnswers || (reflection?.state === 'read' && (reflection.present || reflection.disputed));
  const isUnread = [state, reflection?.state].some((one) => one === 'refused' || one === 'misplaced');
  if (!hasWork && (isUnread || unread.length > 0)) return 'failed';
  const isThere = state === 'read' || reflection?.state === 'read';
  if (!hasWork && (!isThere || others.length > 0)) return 'no submission';
  return started ? 'graded' : 'not started';
}

/** Each combination of the versions of two files that differ, as if a person had chosen it. */
export function choicesOf(found: FoundFiles): { readonly files: string[]; readonly choice: FoundFiles }[] {
  let choices: { readonly files: string[]; readonly choice: FoundFiles }[] = [{ files: [], choice: found }];
  for (const [file, { versions = [] }] of found.files)
    if (versions.length > 0)
      choices = choices.flatMap(({ files, choice }) =>
        versions.map(({ place, bytes }) => {
          const opened = { kind: 'file', bytes } as const;
          const chosen = new Map([...choice.files, [file, { place, opened }] as const]);
          return { files: [...files, place], choice: { ...choice, files: chosen } };
        }),
      );
  return choices.filter(({ files }) => files.length > 0);
}

/** What a student without points can do. */
export function adviceOn({ state, problems, reflection }: Report, { unread }: FoundFiles): Message[] {
  const isSaidOf = (file: FileState) => file !== 'read' && file !== 'missing';
  const reasons = [
    ...(isSaidOf(state) ? problems.map(({ reason }) => reason) : []),
    ...(reflection?.reason && isSaidOf(reflection.state) ? [reflection.reason] : []),
  ];
  const text = '{name} cannot be read. Copy your work into the files of the worksheet, and hand those in.';
  const named = unread.flatMap(({ path, why }) => (why ? [] : message('class/unread', text, { name: path })));
  return [...reasons, ...named];
}

/**
 * The cells that a dispute may be about: the wrong or invalid cells whose row or answer it names, or all of them if
 * it names none.
 *
 * @returns their labels, each with what was typed.
 */
export function disputedCells(text: Untrusted, report: Report, rubric: Rubric): string[] {
  const words = warningWords(text);
  const missed = gradedCells(report).filter(({ outcome }) => outcome === 'wrong' || outcome === 'invalid');
  const labels = new Map(rowsOf(rubric).flatMap((row) => row.cells.map((cell) => [cell.label, row.label])));
  const named = missed.filter((cell) => {
    const typed = valueText(cell) ?? cell.sourceText ?? '';
    const row = warningWords(labels.get(cell.label) ?? '').filter((word) => word.length > 3);
    return words.includes(typed.toLowerCase()) || row.some((word) => words.includes(word));
  });
  return (named.length > 0 ? named : missed).map((cell) => {
    const typed = valueText(cell) ?? cell.sourceText;
    return typed === undefined ? cell.label : `${cell.label} (${typed})`;
  });
}

/** The words and numbers of a text, in lower case. */
function warningWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+|\d[\d.]*\d|\d/gu) ?? [];
}

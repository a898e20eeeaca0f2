import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { type Message, sentencesOf, type Untrusted } from '../../message';
import { gradedCells, valueText } from '../../render/status';
import { cellsOf, type Rubric, rowsOf } from '../../rubric/rubric';
import type { FoundFiles } from '../../submission/find';
import type { FileState } from '../../submission/submission';
import { about, type Warning, warning } from '../histories/warning.schema';
// Remarks for the instructor to look at: every way in which a grade may differ from what the student earned.

/**
 * Lists what a person should look at. Refused files stay a zero, or a link would be worth more than a wrong answer.
 * Text that is under no question still counts.
 */
export function reportRemarks({ report, found }: { report: Report; found: FoundFiles }): Warning[] {
  const { state, problems, reflection, unreadable, file, remarks } = report;
  // A slip in a table without points costs none.
  const lost = worksheetPart(report).problems.find(({ table }) => unreadable || table !== undefined);
  const line = lost?.location ? ` (line ${lost.location.line})` : '';
  const disputes = reflection?.disputed
    ? [warning('dispute', 'class/dispute', 'Says in the reflection that a right answer is marked wrong.')]
    : [];
  const slip = `A typo in ${file}${line} makes cells that may be right unreadable.`;
  return [
    ...disputes,
    ...remarks.map(about('found')),
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
function isSaid(state: FileState, { instead }: FoundFiles): boolean {
  return state === 'misplaced' ? instead.length === 0 : state !== 'read' && state !== 'undecided';
}

/** Names the files that were handed in instead of work that can be read. */
function insteadOf(report: Report, { instead }: FoundFiles): Warning[] {
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

/**
 * Names the versions of a file that differ. The instructor has to choose one.
 *
 * @param line the line to write into overrides.csv for the better one.
 */
export function versionsRemark(
  file: string,
  worth: readonly { readonly place: string; readonly points: number }[],
  line: string,
): Warning {
  const places = worth.map(({ points }, index) => `{file${index + 1}} (${points} points in all)`).join(', ');
  const text = `There are different versions of ${file}, and none counts until you choose: ${places}. To take the better one, add to overrides.csv: {line}`;
  const quotes = Object.fromEntries(worth.map(({ place }, index) => [`file${index + 1}`, place]));
  return warning('versions', 'class/versions', text, { ...quotes, line });
}

export function unknownTime(reason: string): Warning {
  return warning(
    'no time',
    'class/no-time',
    `It is unknown when this was handed in (${reason}), so it does not count as late.`,
  );
}

/** Whether nothing was handed in, or only what cannot be graded. That is missing work, not wrong work. */
export function isAbsent({ state, rows, reflection }: Report, { instead }: FoundFiles): boolean {
  const isNothing = (file: FileState, isFilled: boolean) =>
    file === 'missing' || file === 'misplaced' || (file === 'read' && instead.length > 0 && !isFilled);
  const hasAnswers = cellsOf({ rows }).some(({ outcome }) => outcome !== 'blank');
  return (
    isNothing(state, hasAnswers) &&
    (reflection === undefined ||
      isNothing(reflection.state, reflection.present || reflection.disputed === true)) &&
    // The stub alone, with or without one of its files, is work that was not started.
    (instead.length > 0 || (state !== 'read' && reflection?.state !== 'read'))
  );
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

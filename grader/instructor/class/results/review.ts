import type { Report } from '../../../grading/report.schema';
import { type Message, sentencesOf, type Untrusted } from '../../../message';
import { gradedCells, valueText } from '../../../render/status';
import { cellsOf, type Rubric, rowsOf } from '../../../rubric/rubric';
import type { FoundFiles } from '../../../submission/find';
import type { FileState } from '../../../submission/submission';
import { about, type Warning, warning } from '../histories/warning.schema';
// What an instructor should look at: every way in which a grade may not be what the student earned.

/**
 * Files that are refused stay a zero, or a link would be worth more than a wrong answer; and text under
 * no question counts. A person should look at both.
 */
export function reportRemarks({ report, found }: { report: Report; found: FoundFiles }): Warning[] {
  const { state, problems, reflection, unreadable, file, remarks } = report;
  const lost = problems.find(({ table }) => unreadable || table !== undefined);
  const line = lost?.location ? ` (line ${lost.location.line})` : '';
  const disputes = reflection?.disputed
    ? [
        warning(
          'dispute',
          'class/dispute',
          'Says in the reflection that something is marked wrong that is right.',
        ),
      ]
    : [];
  const slip = `A slip in ${file}${line} costs every cell that it keeps from being read: what is there may be right.`;
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

/** Says why a file is not read, without the student's next step. */
function aboutFile(reason: Message): Warning {
  const [first = reason.text] = sentencesOf(reason.text);
  return about('file')({ ...reason, text: first });
}

/** Whether what is said to the student of a file says all to the instructor as well. */
function isSaid(state: FileState, { instead }: FoundFiles): boolean {
  return state === 'misplaced' ? instead.length === 0 : state !== 'read' && state !== 'undecided';
}

/** What was handed in in place of work that can be read. */
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

/** Whether one of the two files is not there, or nothing is filled in. */
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
 * Versions of a file that differ, of which an instructor has to choose.
 *
 * @param line what to write into overrides.csv for the better one.
 */
export function versionsRemark(
  file: string,
  worth: readonly { readonly place: string; readonly points: number }[],
  line: string,
): Warning {
  const places = worth.map(({ points }, index) => `{file${index + 1}} (${points} points in all)`).join(', ');
  const text = `There are versions of ${file} that differ, and none counts until you choose: ${places}. For the better one, write into overrides.csv: {line}`;
  const quotes = Object.fromEntries(worth.map(({ place }, index) => [`file${index + 1}`, place]));
  return warning('versions', 'class/versions', text, { ...quotes, line });
}

export function unknownTime(reason: string): Warning {
  return warning(
    'no time',
    'class/no-time',
    `When this was handed in is not known, for ${reason}: no lateness is counted.`,
  );
}

/** Whether there is nothing of a submission, or only what cannot be graded: that is no work, and not a wrong one. */
export function isAbsent({ state, rows, reflection }: Report, { instead }: FoundFiles): boolean {
  const isNothing = (file: FileState, isFilled: boolean) =>
    file === 'missing' || file === 'misplaced' || (file === 'read' && instead.length > 0 && !isFilled);
  const hasAnswers = cellsOf({ rows }).some(({ outcome }) => outcome !== 'blank');
  return (
    isNothing(state, hasAnswers) &&
    (reflection === undefined ||
      isNothing(reflection.state, reflection.present || reflection.disputed === true)) &&
    // The stub alone, with or without one of its files, is work that was not begun.
    (instead.length > 0 || (state !== 'read' && reflection?.state !== 'read'))
  );
}

/**
 * The cells that a dispute may be about: of those that are not right, the ones whose row or answer it
 * names, or all where it names none.
 *
 * @returns labels, with what was typed in each.
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

/** Words and numbers, in lower case. */
function warningWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+|\d[\d.]*\d|\d/gu) ?? [];
}

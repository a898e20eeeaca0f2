import type { Cause, GradedCell, GradedRow, Outcome, Report } from '../grading/report.schema';
import { countWord, type Location, type Message } from '../message';
import { cellsOf } from '../rubric/rubric';
import { countedResponses, locationText, problemsShown, readablePart, tableName } from './status';

/** One thing to look at. */
export interface Reason {
  /** The rows or cells that it is about. */
  readonly labels: readonly string[];
  /** Others with the same kind of mistake, where only the quotes would differ. */
  readonly also: readonly string[];
  /** The first cell that it is about, whose outcome, place and line are shown. */
  readonly cell: GradedCell;
  readonly reason: Message;
}

/**
 * Things to look at in a worksheet, each once: slips first, as they hide the rest of their row; then the most helpful
 * reason for each row that is wrong; then cells that are missing from the file.
 */
export function reasonsOf(report: Report): Reason[] {
  const rows = readablePart(report).rows.map((row) => ({ row, slips: reasonsAt(row, 'invalid') }));
  return merged([
    ...rows.flatMap(({ slips }) => slips),
    ...rows.flatMap(({ row, slips }) => (slips.length > 0 ? [] : mainReason(row, report))),
    ...rows.flatMap(({ row }) => reasonsAt(row, 'blank')),
  ]);
}

/** The reasons for one row: its slips, and the most helpful reason for the rest. */
export function reasonsOfRow(row: GradedRow, report: Report): Reason[] {
  return merged([...reasonsAt(row, 'invalid'), ...mainReason(row, report)]);
}

/** From most to least helpful. */
const ranks: readonly Cause['kind'][] = ['misconception', 'quantity', 'law', 'place'];

/**
 * The most helpful reason for what is wrong in a row. If the whole table has a hint, as a transposed one does, only
 * cells with a cause of their own count.
 */
function mainReason(row: GradedRow, { tables }: Report): Reason[] {
  const isHinted = tables.some((table) => table.export === row.table && table.hint);
  const cells = row.cells.filter(({ cause }) => !isHinted || cause);
  const rank = ({ cell: { cause } }: Reason) => (cause ? ranks.indexOf(cause.kind) : ranks.length);
  return reasonsAt({ ...row, cells }, 'wrong', 'ungraded')
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, 1);
}

/** A reason for each cell of a row with one of these outcomes and a reason; one for the whole row if all share it. */
function reasonsAt(row: GradedRow, ...outcomes: readonly Outcome[]): Reason[] {
  const cells = row.cells.filter(({ reason, outcome }) => reason && outcomes.includes(outcome));
  const isShared = cells.length > 1 && new Set(cells.map(({ reason }) => JSON.stringify(reason))).size === 1;
  return cells.flatMap((cell) => {
    const { label, cause, reason } = cell;
    const labels = [isShared || cause?.ofRow ? row.label : label];
    return reason ? { labels, also: [], cell, reason } : [];
  });
}

/** Joins reasons that say the same, or differ only in the quotes. */
function merged(reasons: readonly Reason[]): Reason[] {
  const kinds = new Map<string, Reason>();
  for (const reason of reasons) {
    const { text, quotes } = reason.reason;
    const first = kinds.get(text) ?? { ...reason, labels: [] };
    const isSame = JSON.stringify(first.reason.quotes) === JSON.stringify(quotes);
    const named = [...new Set([...(isSame ? first.labels : first.also), ...reason.labels])];
    kinds.set(text, { ...first, [isSame ? 'labels' : 'also']: named });
  }
  return [...kinds.values()];
}

/** How many labels are named if there are more. */
export const maxNamed = 3;

/** Where the student works: on files, or on a page that shows no file. */
export type Workplace = 'files' | 'page';

/** The next thing to do, and the cell to work on, if it is about a cell. */
interface Step {
  readonly text: string;
  readonly cell?: GradedCell | undefined;
  /** Whether it is about a response. */
  readonly isResponse?: boolean;
}

/** `Hand in your work at https://example.org/1 if you have not done so yet` */
function handInText({ handIn = [] }: Report, way: Workplace): string {
  // The page shows the address below, as a link.
  if (way === 'page') return 'Save your files and hand them in if you have not done so yet';
  const where = handIn.length === 0 ? 'your work' : `your files at ${handIn.join(' or ')}`;
  return `Hand in ${where} if you have not done so yet`;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the steps are listed in order, the most urgent first.
export function nextStep(report: Report, way: Workplace = 'files'): Step {
  const { file, tables, reflection, started, points } = report;
  const handIn = handInText(report, way);
  const inFile = (name: string) => (way === 'page' ? '' : ` in ${name}`);
  const questions = reflection && `the questions${inFile(reflection.file)}`;
  if (!started) {
    const then = reflection && `, and react to ${countWord(reflection.choose)} of ${questions}`;
    return { text: `Fill in each cell${inFile(file)}${then ?? ''}.` };
  }
  const at = (location?: Location) => (location ? locationText(location) : file);
  const [fault] = problemsShown(report);
  if (fault) return { text: `Fix ${at(fault.problem.location)} as described above.` };
  const table = tables.find(({ hint }) => hint);
  if (table) {
    const name = tables.length > 1 ? ` ${tableName(table)}` : '';
    return { text: `Use the hint to rethink the whole table${name}.` };
  }
  const [reason] = reasonsOf(report);
  const blank = cellsOf(report).find(({ outcome }) => outcome === 'blank');
  // Cells that are not judged can wait until everything is filled in.
  const isUrgent = reason?.cell.outcome === 'invalid' || reason?.cell.outcome === 'wrong';
  const next = blank && !isUrgent ? { labels: [blank.label], cell: blank } : reason;
  if (next && next.cell.outcome !== 'correct') {
    const { labels, cell } = next;
    const place = way === 'page' ? '' : ` (${at(cell.location)})`;
    return { text: `${verbs[next.cell.outcome]} ${labels[0]}${place}.`, cell };
  }
  if (reflection?.reason) {
    const done = countedResponses(reflection);
    return {
      text: `Answer ${countWord(reflection.choose - done)}${done > 0 ? ' more' : ''} of ${questions}.`,
      isResponse: true,
    };
  }
  if (points !== null) return { text: `${handIn}. There is nothing left to do.` };
  return {
    text: `Everything is filled in and well-formed. ${handIn}; you will find out later whether it is right.`,
  };
}

const verbs = { invalid: 'Fix', wrong: 'Take another look at', ungraded: 'Look again at', blank: 'Fill in' };

import type { Cause, GradedCell, GradedRow, Outcome, Report } from '../grading/report.schema';
import { againPart, worksheetPart } from '../grading/score';
import { countWord, type Excerpt, type Location, type Message, message } from '../message';
import {
  allCells,
  byYourself,
  countedResponses,
  firstSteps,
  locationText,
  startedAgain,
  tableName,
  tableProblem,
} from './status';

/** One thing to look at, and the rows or cells that it is about. */
export interface Reason {
  readonly labels: readonly string[];
  /** Labels of other cells or rows with this kind of slip, which differ only in their quotes. */
  readonly also: readonly string[];
  /** The cells that it is about. */
  readonly cells: readonly GradedCell[];
  readonly reason: Message;
  /** The outcome of the first of these cells, as are the location and the excerpt. */
  readonly outcome: Outcome;
  readonly location?: Location;
  readonly excerpt?: Excerpt;
}

/** The things to look at in a worksheet: a reason for each row that is not right. */
export interface Reasons {
  /** Cells that cannot be read. */
  readonly slips: readonly Reason[];
  /** The first rows that are wrong. */
  readonly first: readonly Reason[];
  /** The other rows that are wrong: how many there are, and their reasons. */
  readonly later: { readonly rows: number; readonly reasons: readonly Reason[] };
  /** Cells that are missing from the file. */
  readonly absent: readonly Reason[];
}

/** How many wrong rows are shown at once: with more to read, nobody thinks about the first. */
const maxAtOnce = 3;

/** Slips, and the most helpful reason for each row, in worksheet order; rows with the same reason share it. */
export function reasonsOf(report: Report): Reasons {
  const rows = report.unreadable ? [] : report.rows.filter(({ table }) => !tableProblem(report, table));
  // Slips are fixed first: that may change the main reason for the row.
  const wrong = rows.filter((row) => slipsIn(row).length === 0);
  const mainReasons = wrong.map((row) => mainReason(row, report)).filter((one) => one !== undefined);
  const groups = grouped(mainReasons);
  const atOnce = new Set(mainReasons.slice(0, maxAtOnce).map(identity));
  const isFirst = (one: Reason) => atOnce.has(identity(one));
  return {
    slips: byKind(grouped(rows.flatMap(slipsIn))),
    first: groups.filter(isFirst),
    later: {
      rows: mainReasons.filter((one) => !isFirst(one)).length,
      reasons: groups.filter((one) => !isFirst(one)),
    },
    absent: grouped(rows.flatMap(absentIn)),
  };
}

/** The reasons for one row: its slips, and the most helpful reason for the rest. */
export function reasonsOfRow(row: GradedRow, report: Report): Reason[] {
  const rest = { ...row, cells: row.cells.filter(({ outcome }) => outcome !== 'invalid') };
  const main = mainReason(rest, report);
  return [...slipsIn(row), ...(main ? [main] : [])];
}

/** `2 more rows to look at after these` */
export function laterText({ rows }: Reasons['later']): string {
  return `${rows} more row${rows === 1 ? '' : 's'} to look at after these`;
}

/** The cells of a row that cannot be read. */
function slipsIn(row: GradedRow): Reason[] {
  const slips = row.cells.filter(({ outcome }) => outcome === 'invalid');
  return grouped(slips.flatMap((cell) => reasonAt(cell, row, slips)));
}

/** The cells of a row that are missing from the file. */
function absentIn(row: GradedRow): Reason[] {
  const absent = row.cells.filter(({ outcome, reason }) => outcome === 'blank' && reason !== undefined);
  return grouped(absent.flatMap((cell) => reasonAt(cell, row, absent)));
}

/**
 * The most helpful reason for a wrong row. If the whole table has a hint, as a transposed one does, only cells with a
 * cause of their own count.
 */
function mainReason(row: GradedRow, { tables }: Report): Reason | undefined {
  const isHinted = tables.some((table) => table.export === row.table && table.hint);
  const lost = row.cells.filter(
    ({ outcome, reason, cause }) => reason !== undefined && outcome !== 'blank' && (!isHinted || cause),
  );
  const [best] = [...lost].sort((one, other) => rank(one) - rank(other));
  return best && reasonAt(best, row, lost)[0];
}

function rank({ cause }: GradedCell): number {
  return cause === undefined ? Number.POSITIVE_INFINITY : ranks[cause.kind];
}

/** Ranks the kinds of causes, from most to least helpful. */
const ranks: Readonly<Record<Cause['kind'], number>> = { misconception: 1, quantity: 2, law: 3, place: 4 };

/** The reason of a cell; it is about the whole row if all cells in `among` share it. */
function reasonAt(cell: GradedCell, row: GradedRow, among: readonly GradedCell[]): Reason[] {
  const { label, outcome, reason, cause, location, excerpt } = cell;
  if (reason === undefined) return [];
  const isShared =
    among.length > 1 &&
    among.every((other) => other.reason && identity({ reason: other.reason }) === identity({ reason }));
  return [
    {
      labels: [isShared || cause?.ofRow ? row.label : label],
      also: [],
      cells: isShared ? among : [cell],
      reason,
      outcome,
      location,
      excerpt,
    },
  ];
}

/** Merges reasons that say the same, with the labels and cells of all of them. */
function grouped(reasons: readonly Reason[]): Reason[] {
  const groups = new Map<string, Reason>();
  for (const reason of reasons) {
    const known = groups.get(identity(reason));
    const labels = [...new Set([...(known?.labels ?? []), ...reason.labels])];
    const cells = [...new Set([...(known?.cells ?? []), ...reason.cells])];
    groups.set(identity(reason), { ...(known ?? reason), labels, cells });
  }
  return [...groups.values()];
}

/** Merges slips of one kind, which differ only in their quotes, into the first. */
function byKind(slips: readonly Reason[]): Reason[] {
  const groups = new Map<string, Reason>();
  for (const slip of slips) {
    const kind = slip.reason.text;
    const known = groups.get(kind);
    groups.set(kind, known ? { ...known, also: [...known.also, ...slip.labels] } : slip);
  }
  return [...groups.values()];
}

const maxNamed = 3;

/** ` The same at this, that, and 4 more.` */
export function alsoText({ also }: Pick<Reason, 'also'>): string {
  if (also.length === 0) return '';
  const more = also.length > maxNamed ? `, and ${also.length - maxNamed} more` : '';
  return ` The same goes for ${also.slice(0, maxNamed).join(', ')}${more}.`;
}

function identity({ reason: { text, quotes } }: Pick<Reason, 'reason'>): string {
  return JSON.stringify([text, quotes]);
}

/** Wording of the next step, for students who edit files and run a command, and for those who use a page. */
const messageByAudience = {
  files: {
    at: (file: string, location?: Location) => ` (${location ? locationText(location) : file})`,
    again: 'save, and run again.',
    ofReflection: (file: string, count: string) =>
      `Answer ${count} of the questions in ${file}, save, and run again.`,
    ofTicket: (file: string) => `continue with ${file}`,
    askAgain: (file: string) =>
      `Fill in the last table in ${file}, which asks for rows again at other sizes.`,
    handIn: 'Commit and push your work if you have not done so yet',
    start: (report: Report) =>
      [...firstSteps(report), 'Then commit or hand in your files, and check back here.'].join(' '),
  },
  page: {
    at: () => '',
    again: 'and check again.',
    ofReflection: (_file: string, count: string) => `Answer ${count} of the questions below the tables.`,
    ofTicket: () => 'continue with the questions below',
    askAgain: () => 'Fill in the last table, which asks for rows again at other sizes.',
    handIn: 'Save your files and hand them in if you have not done so yet',
    start: ({ reflection }: Report) =>
      `Fill in each cell${reflection ? `, and react to ${countWord(reflection.choose)} of the questions` : ''}.`,
  },
} as const;

/** The cell to work on next, if the next step is about a cell. */
export function nextCell(report: Report): GradedCell | undefined {
  return stepOf(report, 'page').cell;
}

/** The one thing to do next, and where to do it. */
export function nextStep(report: Report, way: Way = 'files'): Message {
  return stepOf(report, way).message;
}

type Way = keyof typeof messageByAudience;

interface Step {
  readonly message: Message;
  readonly cell?: GradedCell | undefined;
}

function stepOf(report: Report, way: Way): Step {
  const { askAgain, ofTicket, ofReflection, handIn, start } = messageByAudience[way];
  const { file, reflection, started } = report;
  if (!started) return { message: message('next/start', start(report)) };
  const again = startedAgain(report);
  const work =
    stepInTables(worksheetPart(report), way) ?? (again && stepInTables(again, way, ' in the last table'));
  if (work) return work;
  const [cell] = allCells(againPart(report));
  if (cell && !again) {
    const then = reflection?.reason ? `Then ${ofTicket(reflection.file)}.` : `${handIn}.`;
    return { message: message('next/again', `${askAgain(file)} ${byYourself.join(' ')} ${then}`), cell };
  }
  if (reflection?.reason) {
    const done = countedResponses(reflection);
    const left = countWord(reflection.choose - done);
    const text = ofReflection(reflection.file, done > 0 ? `${left} more` : left);
    return { message: message('next/reflection', text) };
  }
  if (report.points === null) {
    const text = `Everything is filled in and well-formed. ${handIn}; you will find out later whether it is right.`;
    return { message: message('next/ungraded', text) };
  }
  return { message: message('next/done', `There is nothing left to do. ${handIn}.`) };
}

/** @param where added to the name of a cell, if that does not tell which table it is in. */
function stepInTables(report: Report, way: Way, where = ''): Step | undefined {
  const { at, again: andAgain } = messageByAudience[way];
  const { file, problems, tables } = report;
  const fault = report.unreadable ? problems[0] : problems.find(({ table }) => table !== undefined);
  if (fault) {
    const place = fault.location ? locationText(fault.location) : file;
    return { message: message('next/fix', `Fix ${place} as described above, save, and run again.`) };
  }
  const table = tables.find(({ hint }) => hint);
  if (table) {
    const name = tables.length > 1 || where ? ` ${tableName(table)}` : '';
    return { message: message('next/table', `Use the hint to rethink the whole table${name}, ${andAgain}`) };
  }
  const { slips, first } = reasonsOf(report);
  const [slip, main] = [slips[0], first[0]];
  const blank = allCells(report).find(({ outcome }) => outcome === 'blank');
  const placed = (label = '', { location }: Pick<Reason, 'location'>) =>
    `${label}${where}${at(file, location)}`;
  if (slip) {
    const text = `Fix ${placed(slip.labels[0], slip)}, ${andAgain}`;
    return { message: message('next/slip', text), cell: slip.cells[0] };
  }
  if (main?.outcome === 'wrong') {
    const text = `Take another look at ${placed(main.labels[0], main)}, ${andAgain}`;
    return { message: message('next/wrong', text), cell: main.cells[0] };
  }
  if (blank)
    return {
      message: message('next/blank', `Fill in ${placed(blank.label, blank)}, ${andAgain}`),
      cell: blank,
    };
  if (!main) return undefined;
  const text = `Look again at ${placed(main.labels[0], main)} and the cells it conflicts with, ${andAgain}`;
  return { message: message('next/law', text), cell: main.cells[0] };
}

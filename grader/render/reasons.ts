import type { Cause, GradedCell, GradedRow, Outcome, Report } from '../grading/report.schema';
import { type Excerpt, type Location, type Message, message } from '../message';
import {
  byYourself,
  firstSteps,
  gradedCells,
  locationText,
  nextAgain,
  startedAgain,
  tableName,
  tableProblem,
} from './status';

/** One thing to look at, and the rows or cells that it is said of. */
export interface Reason {
  readonly labels: readonly string[];
  /** Where it is nearly the same, with another quote. */
  readonly also: readonly string[];
  /** The cells that it is said of. */
  readonly cells: readonly GradedCell[];
  readonly reason: Message;
  /** Of the first of them, as are the place and the excerpt. */
  readonly outcome: Outcome;
  readonly location?: Location;
  readonly excerpt?: Excerpt;
}

/** What there is to say of a worksheet: a reason for each row that is not right. */
export interface Reasons {
  /** What cannot be read. */
  readonly slips: readonly Reason[];
  /** The first rows that are wrong. */
  readonly first: readonly Reason[];
  /** The other rows that are wrong: how many there are, and what to say of them. */
  readonly later: { readonly rows: number; readonly reasons: readonly Reason[] };
  /** What is not even there to be filled in. */
  readonly absent: readonly Reason[];
}

/** So many wrong rows are told at once: with more to read, nobody thinks about the first. */
const maxAtOnce = 3;

/** Slips, and the one reason of each row that helps most, in the order of the worksheet; rows of one reason share it. */
export function reasonsOf(report: Report): Reasons {
  const rows = report.unreadable ? [] : report.rows.filter(({ table }) => !tableProblem(report, table));
  // What cannot be read is fixed first: it may change what there is to say of the row.
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

/** What there is to say of one row: its slips, and the one reason that helps most with the rest. */
export function reasonsOfRow(row: GradedRow, report: Report): Reason[] {
  const rest = { ...row, cells: row.cells.filter(({ outcome }) => outcome !== 'invalid') };
  const main = mainReason(rest, report);
  return [...slipsIn(row), ...(main ? [main] : [])];
}

/** `2 more rows to look at after these` */
export function laterText({ rows }: Reasons['later']): string {
  return `${rows} more row${rows === 1 ? '' : 's'} to look at after these`;
}

/** What cannot be read in a row. */
function slipsIn(row: GradedRow): Reason[] {
  const slips = row.cells.filter(({ outcome }) => outcome === 'invalid');
  return grouped(slips.flatMap((cell) => reasonAt(cell, row, slips)));
}

/** What is not even there to be filled in. */
function absentIn(row: GradedRow): Reason[] {
  const absent = row.cells.filter(({ outcome, reason }) => outcome === 'blank' && reason !== undefined);
  return grouped(absent.flatMap((cell) => reasonAt(cell, row, absent)));
}

/** Of all that is wrong in a row the one thing that helps most; a table that is transposed has its own. */
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

/** From what tells most to what tells least. */
const ranks: Readonly<Record<Cause['kind'], number>> = { misconception: 1, quantity: 2, law: 3, place: 4 };

/** The reason of a cell; it is about the row where all the cells in question have it. */
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

/** Reasons that say the same as one, with all that it is said of. */
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

/** Slips of one kind, which differ in what they quote, are shown by the first. */
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
  return ` The same at ${also.slice(0, maxNamed).join(', ')}${more}.`;
}

function identity({ reason: { text, quotes } }: Pick<Reason, 'reason'>): string {
  return JSON.stringify([text, quotes]);
}

/** How the next step is said to whoever works in files and runs a command, and to whoever works on a page. */
const messageByAudience = {
  files: {
    at: (file: string, location?: Location) => ` (${location ? locationText(location) : file})`,
    again: 'save, and run again.',
    ofReflection: (file: string, _count: number) => `Do what is said above for ${file}, save, and run again.`,
    ofTicket: (file: string) => `go on with ${file}`,
    askAgain: (file: string) => `Fill in the last table of ${file}: the same at other sizes.`,
    handIn: 'Commit and push your work, if you have not yet',
    start: (report: Report) => [...firstSteps(report), 'Commit or hand in, and look here again.'].join(' '),
  },
  page: {
    at: () => '',
    again: 'and check again.',
    ofReflection: (_file: string, count: number) =>
      `Answer ${count === 1 ? 'one' : count} of the questions below the tables.`,
    ofTicket: () => 'go on with the questions below',
    askAgain: () => 'Fill in the last table: the same at other sizes.',
    handIn: 'Save your files and hand them in, if you have not yet',
    start: ({ reflection }: Report) =>
      `Fill in each cell${reflection ? `, and react to ${reflection.choose === 1 ? 'one' : reflection.choose} of the questions` : ''}.`,
  },
} as const;

/** The cell in which the next thing is to be done, if that is in one. */
export function nextCell(report: Report): GradedCell | undefined {
  const { slip, main, blank } = openIn(report);
  if (slip) return slip.cells[0];
  return main?.outcome === 'wrong' ? main.cells[0] : (blank ?? main?.cells[0] ?? nextAgain(report));
}

/** The first of each kind of thing that is to be done in a cell. */
function openIn(report: Report) {
  const { slips, first } = reasonsOf(report);
  const blank = gradedCells(report).find(({ outcome }) => outcome === 'blank');
  return { slip: slips[0], main: first[0], blank };
}

/** The one thing to do next, and where that is done. */
export function nextStep(report: Report, way: keyof typeof messageByAudience = 'files'): Message {
  const { at, again: andAgain, askAgain, ofTicket, ofReflection, handIn, start } = messageByAudience[way];
  const { file, problems, reflection, started } = report;
  if (!started) {
    return message('next/start', start(report));
  }
  const fault = report.unreadable ? problems[0] : problems.find(({ table }) => table !== undefined);
  if (fault) {
    const place = fault.location ? locationText(fault.location) : file;
    return message('next/fix', `Fix ${place} as said above, save, and run again.`);
  }
  const table = report.tables.find(({ hint }) => hint);
  if (table) {
    const name = report.tables.length > 1 ? ` ${tableName(table)}` : '';
    const text = `Think again about the whole table${name} with its hint, ${andAgain}`;
    return message('next/table', text);
  }
  const { slip, main, blank } = openIn(report);
  const placeOf = ({ location }: Pick<Reason, 'location'>) => at(file, location);
  if (slip) return message('next/slip', `Fix ${slip.labels[0]}${placeOf(slip)}, ${andAgain}`);
  if (main?.outcome === 'wrong')
    return message('next/wrong', `Think again about ${main.labels[0]}${placeOf(main)}, ${andAgain}`);
  if (blank) return message('next/blank', `Fill in ${blank.label}${placeOf(blank)}, ${andAgain}`);
  if (main)
    return message(
      'next/law',
      `Look again at ${main.labels[0]}${placeOf(main)} and what it does not fit, ${andAgain}`,
    );
  const again = nextAgain(report);
  if (again && startedAgain(report))
    return message(
      'next/again-rest',
      `Fill in ${again.label} of the last table${placeOf(again)}, ${andAgain}`,
    );
  if (again) {
    const then = reflection?.reason ? `Then ${ofTicket(reflection.file)}.` : `${handIn}.`;
    return message('next/again', `${askAgain(file)} ${byYourself.join(' ')} ${then}`);
  }
  if (reflection?.reason) return message('next/reflection', ofReflection(reflection.file, reflection.choose));
  if (report.points === null) {
    const text = `Everything is filled in and well-formed. ${handIn}; your course will tell you later whether it is right.`;
    return message('next/ungraded', text);
  }
  return message('next/done', `There is nothing left to do. ${handIn}.`);
}

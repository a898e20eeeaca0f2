import type { Cause, GradedCell, GradedRow, Report } from '../grading/report.schema';
import type { Excerpt, Location, Message } from '../message';
import { tableProblem } from './status';

/** One thing to look at, and the rows or cells that it is said of. */
export interface Reason {
  readonly labels: readonly string[];
  readonly reason: Message;
  /** Of the first of them, as is the excerpt. */
  readonly location?: Location;
  readonly excerpt?: Excerpt;
}

/** What there is to say of a worksheet: a reason for each row that is not right. */
export interface Reasons {
  /** What cannot be read, and the first rows that are wrong. */
  readonly first: readonly Reason[];
  /** The other rows that are wrong: how many there are, and what to say of them. */
  readonly later: { readonly rows: number; readonly reasons: readonly Reason[] };
}

/** So many wrong rows are told at once: with more to read, nobody thinks about the first. */
const mostAtOnce = 3;

/** The one reason of each row that helps most, in the order of the worksheet; rows of one reason share it. */
export function reasonsOf(report: Report): Reasons {
  const rows = report.unreadable ? [] : report.rows.filter(({ table }) => !tableProblem(report, table));
  const slips = grouped(rows.flatMap(slipsIn));
  // What cannot be read is fixed first: it may change what there is to say of the row.
  const wrong = rows.filter((row) => slipsIn(row).length === 0);
  const told = wrong.map((row) => mainReason(row, report)).filter((one) => one !== undefined);
  const groups = grouped(told);
  const atOnce = new Set(told.slice(0, mostAtOnce).map(identity));
  const [first, later] = [true, false].map((isFirst) =>
    groups.filter((group) => atOnce.has(identity(group)) === isFirst),
  ) as [Reason[], Reason[]];
  const count = told.filter((one) => !atOnce.has(identity(one))).length;
  return { first: [...slips, ...first], later: { rows: count, reasons: later } };
}

/** `2 more rows to look at after these` */
export function laterText({ rows }: Reasons['later']): string {
  return `${rows} more row${rows === 1 ? '' : 's'} to look at after these`;
}

/** What cannot be read in a row, or is not even there. */
function slipsIn(row: GradedRow): Reason[] {
  const slips = row.cells.filter(
    ({ outcome, reason }) => outcome === 'invalid' || (outcome === 'blank' && reason !== undefined),
  );
  return grouped(slips.flatMap((cell) => reasonAt(cell, row, slips)));
}

/** Of all that is wrong in a row the one thing that helps most; a table that is transposed has its own. */
function mainReason(row: GradedRow, { tables }: Report): Reason | undefined {
  const isHinted = tables.some((table) => table.export === row.table && table.hint);
  const lost = row.cells.filter(({ reason, cause }) => reason !== undefined && (!isHinted || cause));
  const [best] = [...lost].sort((one, other) => rank(one) - rank(other));
  return best && reasonAt(best, row, lost)[0];
}

function rank({ cause }: GradedCell): number {
  return cause === undefined ? Number.POSITIVE_INFINITY : ranks[cause.kind];
}

/** From what tells most to what tells least. */
const ranks: Readonly<Record<Cause['kind'], number>> = { misconception: 1, quantity: 2, law: 3, place: 4 };

/** The reason of a cell; it is about the row where all the cells in question have it. */
function reasonAt(
  { label, reason, location, excerpt }: GradedCell,
  row: GradedRow,
  among: readonly GradedCell[],
): Reason[] {
  if (reason === undefined) return [];
  const isOfRow =
    among.length > 1 &&
    among.every((cell) => cell.reason && identity({ reason: cell.reason }) === identity({ reason }));
  return [
    {
      labels: [isOfRow ? row.label : label],
      reason,
      ...(location && { location }),
      ...(excerpt && { excerpt }),
    },
  ];
}

/** Reasons that say the same as one, with all that it is said of. */
function grouped(reasons: readonly Reason[]): Reason[] {
  const groups = new Map<string, Reason>();
  for (const reason of reasons) {
    const known = groups.get(identity(reason));
    const labels = [...new Set([...(known?.labels ?? []), ...reason.labels])];
    groups.set(identity(reason), { ...(known ?? reason), labels });
  }
  return [...groups.values()];
}

function identity({ reason: { text, quotes } }: Pick<Reason, 'reason'>): string {
  return JSON.stringify([text, quotes]);
}

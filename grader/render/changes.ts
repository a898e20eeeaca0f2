import type { GradedRow, Report } from '../grading/report.schema';
import { worksheetPart } from '../grading/score';
import { readablePart, shortLabelIn } from './status';

/** What is different since the previous Report. */
export interface Changes {
  /** `+2: Basket is right.`; missing if there is no previous Report to compare with. */
  readonly text?: string;
  /** Rows that have just become right. */
  readonly risen: ReadonlySet<GradedRow>;
}

/**
 * Compares a Report with the previous one. If there is none, or it is for another worksheet, rows count as
 * newly right only if every row is right.
 */
export function changesSince(earlier: Report | undefined, report: Report): Changes {
  const { rows } = worksheetPart(report);
  if (earlier?.rubric !== report.rubric) return { risen: new Set(rows.every(isRight) ? rows : []) };
  // A row that cannot be read is not wrong, and one that is readable again has not just become right.
  if (!canCompare(earlier) || !canCompare(report)) return { risen: new Set() };
  const before = worksheetPart(earlier).rows.filter(isRight);
  const wasRight = (row: GradedRow) => before.some(({ table, id }) => table === row.table && id === row.id);
  const risen = rows.filter((row) => isRight(row) && !wasRight(row));
  const fallen = rows.filter((row) => !isRight(row) && wasRight(row));
  const gained = (report.points ?? 0) - (earlier.points ?? 0);
  const texts = [...sentence(risen, rows, 'right'), ...sentence(fallen, rows, 'no longer right')].join('; ');
  const sum = gained === 0 ? [] : [`${gained > 0 ? '+' : '−'}${Math.abs(gained)}`];
  const text = [...sum, ...(texts === '' ? [] : [texts])].join(': ') || 'Same points as before';
  return { risen: new Set(risen), ...(report.points !== null && { text: `${text}.` }) };
}

/** `Basket and Crate are right`, or nothing if there are none. */
function sentence(some: readonly GradedRow[], rows: readonly GradedRow[], how: string): string[] {
  const names = some.map((row) => shortLabelIn(rows, row));
  const all = new Intl.ListFormat('en').format(names);
  return names.length === 0 ? [] : [`${all} ${names.length === 1 ? 'is' : 'are'} ${how}`];
}

/** Whether all answers of a Report that points depend on could be read. */
function canCompare(report: Report): boolean {
  const sheet = worksheetPart(report);
  return report.state === 'read' && readablePart(sheet).tables.length === sheet.tables.length;
}

function isRight({ cells }: GradedRow): boolean {
  return cells.length > 0 && cells.every(({ outcome }) => outcome === 'correct');
}

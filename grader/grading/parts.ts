import { cellsOf } from '../rubric/rubric';
import type { Report } from './report.schema';

// The two parts of a Report: the worksheet, on which points depend, and the second table, which is marked once it is complete.

/** The tables of a Report and their rows. */
export type GradedTables = Pick<Report, 'tables' | 'rows'>;

type Part = GradedTables & Partial<Pick<Report, 'problems'>>;

/** The part that points depend on. */
export function worksheetPart<Graded extends Part>(graded: Graded): Graded {
  return partOf(graded, false);
}

/** The second table. */
export function secondPart<Graded extends Part>(graded: Graded): Graded {
  return partOf(graded, true);
}

function partOf<Graded extends Part>(graded: Graded, isSecond: boolean): Graded {
  const tables = graded.tables.filter(({ complete }) => (complete !== undefined) === isSecond);
  const isOf = (name: string) => tables.some((table) => table.export === name);
  const rows = graded.rows.filter(({ table }) => isOf(table));
  // A problem of the file as a whole is one of the worksheet.
  const problems = graded.problems?.filter(({ table }) => (table === undefined ? !isSecond : isOf(table)));
  return { ...graded, tables, rows, problems };
}

/** The second table as a Report of its own, if anything in it is filled in. */
export function startedSecond(report: Report): Report | undefined {
  const second = secondPart({ ...report, reflection: undefined });
  const isBlank = second.problems.length === 0 && cellsOf(second).every(({ outcome }) => outcome === 'blank');
  return report.unreadable || isBlank ? undefined : second;
}

/** The second table as a Report of its own, once all of its cells are filled in. */
export function completeSecond(report: Report): Report | undefined {
  const second = startedSecond(report);
  return second?.tables.every(({ complete }) => complete) ? second : undefined;
}

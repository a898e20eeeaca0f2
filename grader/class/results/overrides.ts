import { csvRows, own, untrusted } from '../../render/escape/csv';
import { readByLogin } from '../members/by-login';
import { assertNoProblems, type TableProblem } from '../members/csv-table';
import type { People } from '../members/people';
import type { StudentResult } from './student-result.schema';

/** The points that the instructor sets by hand. Every run carries the file over. */
export const overridesFile = 'overrides.csv';

const columns = ['login', 'total', 'adjust', 'reason'] as const;

/** The contents of the file that the first run leaves for the instructor to fill in. */
export const emptyOverrides = `${columns.join(',')}\n`;

/** A line of the file that sets the points of a student. */
export function overrideLine(login: string, total: number, reason: string): string {
  return csvRows([[untrusted(login), total, null, own(reason)]]).trimEnd();
}

/** A line that adds points to those of a student; without them, for a person to fill in. */
export function adjustmentLine(login: string, more?: number, reason = 'why'): string {
  return csvRows([[untrusted(login), null, own(`+${more ?? 'n'}`), own(reason)]]).trimEnd();
}

interface Override {
  readonly line: number;
  readonly login: string;
  readonly total?: number;
  readonly adjust?: number;
  readonly reason: string;
}

/**
 * The points that an instructor sets by hand. The table has a login, either `total` (the points that count now) or
 * `adjust` (`+n` or `-n`), and a reason.
 */
export class Overrides {
  /** Notes about the overrides, such as points above the maximum. */
  readonly notes: string[] = [];
  private readonly file: string;
  private readonly possible: number;
  private readonly overrides: ReadonlyMap<string, Override>;
  private readonly problems: TableProblem[];

  /**
   * Reads the file, which may be missing.
   *
   * @param possible the maximum points. An override above it counts, and is noted.
   * @param people everyone in the class.
   * @throws {GraderError} listing every line that cannot be used, before anything is graded.
   */
  constructor(file: string, possible: number, people: People) {
    this.file = file;
    this.possible = possible;
    const { overrides, problems } = readOverrides(file, people);
    assertNoProblems(file, problems);
    this.overrides = overrides;
    this.problems = problems;
  }

  /** The line number of each student's override, by key. */
  get lines(): ReadonlyMap<string, number> {
    return new Map([...this.overrides].map(([key, { line }]) => [key, line]));
  }

  /** Returns the row with the points that count now, and the reasons. */
  onto(row: StudentResult): StudentResult {
    const override = this.overrides.get(row.key);
    if (!override) return row;
    const { line, login, total, adjust = 0, reason } = override;
    if (total === undefined && row.points === null) {
      this.problems.push({
        line,
        text: `${login} has no points to adjust (${row.status}). Write the points that count into the column total.`,
      });
      return row;
    }
    const after = total ?? Math.max(0, (row.points ?? 0) + adjust);
    if (after > this.possible)
      this.notes.push(`${overridesFile} gives ${login} ${after} of ${this.possible} points.`);
    const adjustment = { kind: 'override', reason, before: row.points, after } as const;
    return { ...row, points: after, adjustments: [...row.adjustments, adjustment], overridden: true };
  }

  /** @throws {GraderError} if some overrides could not be applied. Call this before anything is replaced. */
  assertApplied(): void {
    assertNoProblems(this.file, this.problems);
  }
}

function readOverrides(
  file: string,
  people: People,
): { overrides: Map<string, Override>; problems: TableProblem[] } {
  const advice = (column: string) =>
    column === 'points' ? 'Write what counts now into a column total' : 'Take it away';
  const { rows, problems } = readByLogin(file, columns, people, advice);
  const overrides = new Map<string, Override>();
  for (const [key, { line, cells }] of rows) {
    const { login = '', total = '', adjust = '', reason = '' } = cells;
    const problem = (text: string) => problems.push({ line, text });
    if ((total === '') === (adjust === ''))
      problem(
        total === ''
          ? 'neither total nor adjust is filled in; write one of them.'
          : `total (${total}) and adjust (${adjust}) are both filled in; write one of them.`,
      );
    if (total !== '' && !/^\d{1,6}$/.test(total))
      problem(`total is “${total}”, which is not a whole number of points.`);
    if (adjust !== '' && !/^[+-]\d{1,6}$/.test(adjust))
      problem(`adjust is “${adjust}”; write a whole number with its sign, such as +2.`);
    if (reason === '') problem(`there is no reason${login ? ` for ${login}` : ''}.`);
    overrides.set(key, {
      line,
      login,
      reason,
      ...(total === '' ? { adjust: Number(adjust) } : { total: Number(total) }),
    });
  }
  return { overrides, problems };
}

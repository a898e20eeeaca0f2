import { existsSync } from 'node:fs';
import { assertNoProblems, type Problem, readTable } from './csv-table';
import type { StudentResult } from './student-result.schema';

/** Points that are set by hand. The file is the instructor's, and goes along with every run. */
export const overridesFile = 'overrides.csv';

const columns = ['login', 'total', 'adjust', 'reason'] as const;

/** What the first run leaves for the instructor to fill in. */
export const emptyOverrides = `${columns.join(',')}\n`;

interface Override {
  readonly line: number;
  readonly login: string;
  readonly total?: number;
  readonly adjust?: number;
  readonly reason: string;
}

/**
 * Points that an instructor sets by hand: a table with a login, either `total` (what counts now) or
 * `adjust` (`+n` or `-n`), and a reason.
 */
export class Overrides {
  /** What to know of them: points above what is possible. */
  readonly notes: string[] = [];
  private readonly file: string;
  private readonly possible: number;
  private readonly overrides: ReadonlyMap<string, Override>;
  private readonly problems: Problem[];

  /**
   * Reads a file; it need not be there.
   *
   * @param possible the most that there is to earn; more is given, and noted.
   * @param known the keys of the class; see `Enrolled`.
   * @throws {GraderError} that lists every line that cannot be used, before anything is graded.
   */
  constructor(file: string, possible: number, known: ReadonlySet<string>) {
    this.file = file;
    this.possible = possible;
    const { overrides, problems } = readOverrides(file, known);
    assertNoProblems(file, problems);
    this.overrides = overrides;
    this.problems = problems;
  }

  /** The same row with the points that count now, and why. */
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

  /** @throws {GraderError} where some could not be applied; to be asked before anything is replaced. */
  assertApplied(): void {
    assertNoProblems(this.file, this.problems);
  }
}

function readOverrides(
  file: string,
  known: ReadonlySet<string>,
): { overrides: Map<string, Override>; problems: Problem[] } {
  const overrides = new Map<string, Override>();
  const problems: Problem[] = [];
  if (!existsSync(file)) return { overrides, problems };
  const { headings, rows } = readTable(file, ['login']);
  for (const name of headings) {
    if ((columns as readonly string[]).includes(name)) continue;
    const advice = name === 'points' ? 'Write what counts now into a column total' : 'Take it away';
    problems.push({
      line: 1,
      text: `unknown column ${name}. ${advice}; the columns are ${columns.join(',')}.`,
    });
  }
  for (const { line, cells } of rows) {
    const { login = '', total = '', adjust = '', reason = '' } = cells;
    // Who has no login yet is named by what stands for it.
    const key =
      [login.toLowerCase(), `(${login.toLowerCase()})`].find((name) => known.has(name)) ??
      login.toLowerCase();
    const problem = (text: string) => problems.push({ line, text });
    if (login === '') problem('there is no login.');
    else if (!known.has(key)) problem(`nobody in this class has the login ${login}.`);
    const earlier = overrides.get(key);
    if (earlier) problem(`${login} is in line ${earlier.line} already.`);
    if ((total === '') === (adjust === ''))
      problem(
        total === ''
          ? 'neither total nor adjust is filled in; write one of them.'
          : `total (${total}) and adjust (${adjust}) are both filled in; write one of them.`,
      );
    if (total !== '' && !/^\d{1,6}$/.test(total))
      problem(`total is “${total}”, which is not a whole number of points.`);
    if (adjust !== '' && !/^[+-]\d{1,6}$/.test(adjust))
      problem(`adjust is “${adjust}”; write +n or -n with a whole number, such as +2.`);
    if (reason === '') problem(`there is no reason${login ? ` for ${login}` : ''}.`);
    overrides.set(key, {
      ...{ line, login, reason },
      ...(total === '' ? { adjust: Number(adjust) } : { total: Number(total) }),
    });
  }
  return { overrides, problems };
}

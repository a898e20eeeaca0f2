import { nearest } from '../../answers/diagnostics';
import { csvRows, own, untrusted } from '../../render/escape/csv';
import { readByLogin } from '../members/by-login';
import { assertNoProblems, type TableProblem } from '../members/csv-table';
import type { People } from '../members/people';
import { carriedErrors, owedForLateness } from './carried';
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

/** A line that changes the points of a student, for a person to fill in. */
export function adjustmentLine(login: string): string {
  return csvRows([[untrusted(login), null, own('+n'), own('why')]]).trimEnd();
}

/** Replaces the login in a line that applies to everyone with one misconception. */
const ideaPrefix = 'idea:';
const carry = 'carry';

/** A line that counts what follows from one error as right, for everyone who made it. */
export function carryLine(misconception: string, title: string): string {
  const reason = own(`Error carried forward: ${title}`);
  return csvRows([[own(`${ideaPrefix}${misconception}`), null, own(carry), reason]]).trimEnd();
}

interface Override {
  readonly line: number;
  readonly login: string;
  readonly total?: number;
  readonly adjust?: number;
  readonly reason: string;
}

/** An error that is carried forward: what follows from it counts as right. */
interface Carry {
  readonly misconception: string;
  readonly reason: string;
}

/**
 * The points that an instructor sets by hand. The table has a login, either `total` (the points that count now) or
 * `adjust` (`+n` or `-n`), and a reason. A line for `idea:<misconception>` with `carry` under adjust gives everyone
 * with that misconception the points of the cells that follow from it. A student's own line is applied after that.
 */
export class Overrides {
  /** Notes about the overrides, such as points above the maximum. */
  readonly notes: string[] = [];
  private readonly file: string;
  private readonly possible: number;
  private readonly overrides: ReadonlyMap<string, Override>;
  private readonly carries: readonly Carry[];
  private readonly used = new Set<string>();
  private readonly problems: TableProblem[];

  /**
   * Reads the file, which may be missing.
   *
   * @param possible the maximum points. An override above it counts, and is noted.
   * @param people everyone in the class.
   * @param known the misconceptions of the course.
   * @throws {GraderError} listing every line that cannot be used, before anything is graded.
   */
  constructor(file: string, possible: number, people: People, known: ReadonlySet<string>) {
    this.file = file;
    this.possible = possible;
    const { overrides, carries, problems } = readOverrides(file, people, known);
    assertNoProblems(file, problems);
    this.overrides = overrides;
    this.carries = carries;
    this.problems = problems;
  }

  /** The line number of each student's override, by key. */
  get lines(): ReadonlyMap<string, number> {
    return new Map([...this.overrides].map(([key, { line }]) => [key, line]));
  }

  /** Returns the row with the points that count now, and the reasons. */
  onto(found: StudentResult): StudentResult {
    const row = this.carriedOnto(found);
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
    const left = this.carriedIn(row);
    if (total !== undefined && total === row.corrected?.points && left > 0)
      this.notes.push(
        `${overridesFile} gives ${login} ${total} points, without the ${left} that others get for errors carried forward. To give these too, write ${total + left} in line ${line}.`,
      );
    if (after > this.possible)
      this.notes.push(`${overridesFile} gives ${login} ${after} of ${this.possible} points.`);
    const adjustment = { kind: 'override', reason, before: row.points, after } as const;
    return { ...row, points: after, adjustments: [...row.adjustments, adjustment], overridden: true };
  }

  /** Points of errors carried forward in answers that a slip hides. */
  private carriedIn({ corrected }: StudentResult): number {
    return this.carries.reduce((sum, { misconception }) => {
      const more = corrected?.errors[misconception] ?? 0;
      if (more > 0) this.used.add(misconception);
      return sum + more;
    }, 0);
  }

  private carriedOnto(row: StudentResult): StudentResult {
    const { report, points } = row;
    if (this.carries.length === 0 || !report || points === null) return row;
    const errors = carriedErrors(report);
    let sum = points - owedForLateness(row);
    const adjustments = this.carries.flatMap(({ misconception, reason }) => {
      const more = errors.get(misconception)?.points ?? 0;
      if (more === 0) return [];
      this.used.add(misconception);
      const before = Math.max(0, sum);
      sum = Math.min(this.possible, sum + more);
      return { kind: 'override', reason, before, after: Math.max(0, sum), carried: misconception } as const;
    });
    if (adjustments.length === 0) return row;
    return { ...row, points: Math.max(0, sum), adjustments: [...row.adjustments, ...adjustments] };
  }

  /** @throws {GraderError} if some overrides could not be applied. Call this before anything is replaced. */
  assertApplied(): void {
    assertNoProblems(this.file, this.problems);
    for (const { misconception } of this.carries)
      if (!this.used.has(misconception))
        this.notes.push(
          `${overridesFile} carries errors of ${misconception} forward, which gives nobody a point.`,
        );
  }
}

function readOverrides(
  file: string,
  people: People,
  known: ReadonlySet<string>,
): { overrides: Map<string, Override>; carries: Carry[]; problems: TableProblem[] } {
  const advice = (column: string) =>
    column === 'points' ? 'Write what counts now into a column total' : 'Take it away';
  const { rows, others, problems } = readByLogin(file, columns, people, advice, (login) =>
    login.startsWith(ideaPrefix),
  );
  const carries = others.map(({ line, cells }): Carry => {
    const { login = '', total = '', adjust = '', reason = '' } = cells;
    const misconception = login.slice(ideaPrefix.length);
    if (!known.has(misconception))
      problems.push({
        line,
        text: `the course has no misconception “${misconception}”; ${meantBy(misconception, known)}.`,
      });
    if (total !== '' || adjust !== carry)
      problems.push({ line, text: `for an idea, write ${carry} under adjust, and nothing under total.` });
    if (reason === '') problems.push({ line, text: `there is no reason for ${login}.` });
    const earlier = others.find((other) => other.line < line && other.cells.login === login);
    if (earlier) problems.push({ line, text: `${login} is in line ${earlier.line} already.` });
    return { misconception, reason };
  });
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
    if (adjust === carry)
      problem(`adjust is ${carry}, which is for an idea: write ${ideaPrefix}<misconception> under login.`);
    else if (adjust !== '' && !/^[+-]\d{1,6}$/.test(adjust))
      problem(`adjust is “${adjust}”; write a whole number with its sign, such as +2.`);
    if (reason === '') problem(`there is no reason${login ? ` for ${login}` : ''}.`);
    overrides.set(key, {
      line,
      login,
      reason,
      ...(total === '' ? { adjust: Number(adjust) } : { total: Number(total) }),
    });
  }
  return { overrides, carries, problems };
}

function meantBy(misconception: string, known: ReadonlySet<string>): string {
  const meant = nearest(misconception, [...known]);
  return meant === undefined ? `write one of ${[...known].join(', ')}` : `write ${meant}`;
}

import { existsSync } from 'node:fs';
import type { Graded } from './graded.schema';
import { readTable } from './roster';

interface Override {
  readonly points: number;
  readonly reason: string;
}

/** Points that an instructor gives by hand: a file with a login, points and a reason a line. */
export class GivenPoints {
  private readonly overrides = new Map<string, Override>();
  private readonly unused = new Set<string>();
  private readonly odd: string[] = [];

  /**
   * @param file where it is; it need not be there.
   * @param possible the most that there is to earn; more is given, and told.
   * @throws {GraderError} as `readTable` does.
   */
  constructor(file: string, possible: number) {
    const rows = existsSync(file) ? readTable(file, ['login']).rows : [];
    for (const [index, { login = '', points = '', reason = '' }] of rows.entries()) {
      const entry = `overrides.csv: entry ${index + 1}`;
      const key = login.toLowerCase();
      if (login === '' || !/^\d{1,6}$/.test(points) || reason === '') {
        this.odd.push(`${entry} is left out; write a login, whole points and a reason.`);
        continue;
      }
      if (this.overrides.has(key)) this.odd.push(`${entry} is ${login} again, and counts.`);
      if (Number(points) > possible)
        this.odd.push(`${entry} gives ${login} ${points} of ${possible} points.`);
      this.overrides.set(key, { points: Number(points), reason });
      this.unused.add(key);
    }
  }

  /** The same rows with these points, each marked. */
  async *onto(rows: AsyncIterable<Graded> | Iterable<Graded>): AsyncGenerator<Graded> {
    for await (const row of rows) {
      const override = this.overrides.get(row.key);
      this.unused.delete(row.key);
      yield override ? given(row, override) : row;
    }
  }

  /** What is odd about the file, once all rows are through. */
  remarks(): string[] {
    return [
      ...this.odd,
      ...[...this.unused].map((key) => `Nobody in this class is called ${key}, who has an override.`),
    ];
  }
}

function given(row: Graded, { points, reason }: Override): Graded {
  const by = points - (row.points ?? 0);
  const adjustments: Graded['adjustments'] = [
    ...row.adjustments,
    { is: 'override', why: `Override: ${reason}`, points: by },
  ];
  return { ...row, points, adjustments, overridden: true };
}

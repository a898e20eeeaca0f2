import { existsSync } from 'node:fs';
import { readTable } from './roster';

/** Points that an instructor gives a student by hand. */
export interface Override {
  readonly points: number;
  readonly reason: string;
}

/**
 * Reads overrides: a login, points and a reason a line. Where there is no such file there are none.
 *
 * @throws {GraderError} as `readTable` does.
 */
export function readOverrides(file: string): { overrides: Map<string, Override>; remarks: string[] } {
  const overrides = new Map<string, Override>();
  const remarks: string[] = [];
  if (!existsSync(file)) return { overrides, remarks };
  for (const [index, { login = '', points = '', reason = '' }] of readTable(file, ['login']).rows.entries()) {
    if (login === '' || !/^\d{1,6}$/.test(points) || reason === '') {
      remarks.push(`${file}: entry ${index + 1} is left out; write a login, whole points and a reason.`);
    } else overrides.set(login.toLowerCase(), { points: Number(points), reason });
  }
  return { overrides, remarks };
}

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { csvRows, own, untrusted } from '../../render/escape/csv';
import type { Deadline } from '../../rubric/file.schema';
import { momentForm, momentOf } from '../../rubric/moment';
import { readByHand } from '../members/by-hand';
import { assertNoProblems } from '../members/csv-table';
import type { People } from '../members/people';
import { computedPoints, type StudentResult } from './student-result.schema';

// The tables of a results folder that an instructor fills in. Every run reads them and carries them over.

export const overridesFile = 'overrides.csv';
export const commentsFile = 'comments.csv';
export const extensionsFile = 'extensions.csv';

const overrideColumns = ['login', 'total', 'adjust', 'reason', 'was'] as const;
const commentColumns = ['login', 'text'] as const;
const extensionColumns = ['who', 'due'] as const;

/** The tables that the first run writes, without lines. */
export const emptyTables: Readonly<Record<string, string>> = {
  [overridesFile]: `${overrideColumns.join(',')}\n`,
  [commentsFile]: `${commentColumns.join(',')}\n`,
  [extensionsFile]: `${extensionColumns.join(',')}\n`,
};

/** A line of `overrides.csv` that sets the points of a student. It counts while the grader computes what it does now. */
export function overrideLine(row: StudentResult, people: People, total: number, reason: string): string {
  const was = computedPoints(row) ?? 'none';
  return csvRows([
    [untrusted(people.wordFor(row)), total, null, untrusted(reason), own(String(was))],
  ]).trimEnd();
}

/** @throws {GraderError} where a part has lines that count only for the whole class: joining would lose them. */
export function assertNothingByHand(folder: string): void {
  for (const name of [overridesFile, commentsFile]) {
    const file = path.join(folder, name);
    if (existsSync(file) && readFileSync(file, 'utf8').trim().includes('\n'))
      throw new GraderError(
        'folder',
        'by-hand-in-part',
        `${file} is in the folder of a part, where it does not count. Move it to the folder of the joined results.`,
      );
  }
}

/** Reads the comments on students, by key. */
export function readComments(folder: string, people: People): ReadonlyMap<string, string> {
  const file = path.join(folder, commentsFile);
  const { rows, problems } = readByHand(file, commentColumns, people);
  for (const [, { line, cells }] of rows)
    if (!cells.text)
      problems.push({ line, text: `there is no text${cells.login ? ` for ${cells.login}` : ''}.` });
  assertNoProblems(file, problems);
  return new Map(rows.map(([key, { cells }]) => [key, cells.text ?? '']));
}

/** Reads when the work of some students is due, by key, in milliseconds since 1970. */
export function readExtensions(
  folder: string,
  policy: Deadline | undefined,
  people: People,
): ReadonlyMap<string, number> {
  const file = path.join(folder, extensionsFile);
  const { rows, problems } = readByHand(file, extensionColumns, people);
  if (rows.length > 0 && !policy)
    problems.push({
      line: 1,
      text: 'there is no deadline to extend. Write one into rubric.yaml, or give it with --due.',
    });
  const dueAt = policy ? (momentOf(policy.due, policy.timezone) ?? 0) : 0;
  const extensions = rows.map(([key, { line, cells }]) => {
    const { due = '' } = cells;
    const time = momentOf(due, policy?.timezone);
    if (time === undefined) problems.push({ line, text: `${due || 'nothing'} is not ${momentForm}.` });
    else if (time < dueAt)
      problems.push({ line, text: `${due} is before the work is due (${policy?.due}).` });
    return [key, time ?? 0] as const;
  });
  assertNoProblems(file, problems);
  return new Map(extensions);
}

/** Rows with the points that an instructor set, and notes on the lines that no longer count. */
export interface Overridden {
  readonly rows: readonly StudentResult[];
  readonly notes: readonly string[];
  /** The line of each student's points, by key. */
  readonly overrides: ReadonlyMap<string, number>;
}

/**
 * Sets the points that an instructor wrote into `overrides.csv`: either `total`, or `adjust` as `+n` or `-n`, with a
 * reason. A line with `was` counts only while the grader computes these points.
 *
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function withOverrides(
  all: readonly StudentResult[],
  folder: string,
  people: People,
  possible: number,
): Overridden {
  const file = path.join(folder, overridesFile);
  const { rows: lines, problems } = readByHand(file, overrideColumns, people);
  for (const [, { line, cells }] of lines) for (const text of faultsIn(cells)) problems.push({ line, text });
  const notes: string[] = [];
  const byKey = new Map(lines);
  const rows = all.map((row): StudentResult => {
    const { line = 0, cells } = byKey.get(row.key) ?? {};
    if (!cells || problems.length > 0) return row;
    const { login = '', total = '', adjust = '', reason = '', was = '' } = cells;
    const computed = String(row.points ?? 'none');
    if (was !== '' && was !== computed) {
      notes.push(
        `${overridesFile}, line ${line}, does not count: it was written when ${login} had ${was} points, and now the grader computes ${computed}. Change was if it still holds, or remove the line.`,
      );
      return row;
    }
    if (total === '' && row.points === null) {
      const text = `${login} has no points to adjust (${row.status}). Write the points that count into the column total.`;
      problems.push({ line, text });
    }
    const after = total === '' ? Math.max(0, (row.points ?? 0) + Number(adjust)) : Number(total);
    if (after > possible) notes.push(`${overridesFile} gives ${login} ${after} of ${possible} points.`);
    const adjustment = { kind: 'override', reason, before: row.points, after } as const;
    return { ...row, points: after, adjustments: [...row.adjustments, adjustment], overridden: true };
  });
  assertNoProblems(file, problems);
  return { rows, notes, overrides: new Map(lines.map(([key, { line }]) => [key, line])) };
}

function faultsIn({
  login = '',
  total = '',
  adjust = '',
  reason = '',
  was = '',
}: Readonly<Record<string, string>>): string[] {
  const faults: readonly (readonly [isFault: boolean, text: string])[] = [
    [total === '' && adjust === '', 'neither total nor adjust is filled in; write one of them.'],
    [
      total !== '' && adjust !== '',
      `total (${total}) and adjust (${adjust}) are both filled in; write one of them.`,
    ],
    [!/^\d{0,6}$/.test(total), `total is “${total}”, which is not a whole number of points.`],
    [
      !/^(?:[+-]\d{1,6})?$/.test(adjust),
      `adjust is “${adjust}”; write a whole number with its sign, such as +2.`,
    ],
    [
      !/^(?:\d{1,6}|none)?$/.test(was),
      `was is “${was}”; write the points that the line was written for, or none.`,
    ],
    [reason === '', `there is no reason${login ? ` for ${login}` : ''}.`],
  ];
  return faults.flatMap(([isFault, text]) => (isFault ? text : []));
}

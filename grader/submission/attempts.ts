import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { quote } from '../message';
import { type Rubric, type RubricRow, rowsAgain, rowsOf, tablesInFile } from '../rubric/rubric';
import { type Answers, isBlank, type ReadCell, type ReadRow } from './cells';
import { maxFile } from './decode';

// A student's copy keeps the answers that the student asked to have marked. No grade depends on them.

/** The file with the attempts, beside the one with the answers; undefined if the course keeps none. */
export function attemptsFile({
  file,
  keepsAttempts,
}: Pick<Rubric, 'file' | 'keepsAttempts'>): string | undefined {
  return keepsAttempts ? `${file.slice(0, file.lastIndexOf('/') + 1)}${attemptsName}` : undefined;
}

export const attemptsName = 'attempts.jsonl';

/** The notice about the file, on the page and in its first line. */
export const attemptsNotice =
  'This file keeps your first answers to each row. Your instructors read it with your name, to see what to teach next and whom to help. It never changes your points. You can delete it or turn it off. It is kept as long as your answers are.';

const firstLine = JSON.stringify({
  about: attemptsNotice,
  off: 'To turn it off, delete all that is in this file, and write the word off.',
});

/** Whether a line of a file turns it off; case, quotes and a period at its end do not matter. */
export function isTurnedOff(text: string): boolean {
  return /^\s*["'“”`]?off["'“”`]?\.?\s*$/im.test(text);
}

/** `2026-11-27`: the student's local date. */
export function dayOf(now: Date): string {
  const part = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}`;
}

/** One answer to a row that a student asked to have marked. */
export interface Attempt {
  readonly row: string;
  /** The values of all cells of the row, in order. */
  readonly values: readonly Answer[];
  /** Counts the runs that had something to keep, from 1. */
  readonly run: number;
  /** `2026-11-27`: the student's local date at that time. */
  readonly day: string;
}

/** The most lines that a file keeps; reading stops after eight times as many. */
const maxAttempts = 200;
const maxText = 200;
const maxRun = 1_000_000;

/** The result of reading a file with attempts. */
export interface AttemptsRead {
  readonly attempts: readonly Attempt[];
  /** The number of lines that cannot be an answer to this worksheet. */
  readonly unread: number;
}

/** Reads one attempts file, or several in one text. Lines may be in any order, and may occur twice. */
export function readAttempts(text: string, rubric: Pick<Rubric, 'tables' | 'again'>): AttemptsRead {
  const rows = new Map(rowsOf({ tables: tablesInFile(rubric) }).map((row) => [row.id, row]));
  const found = new Map<string, Attempt>();
  let unread = 0;
  for (const line of linesOf(text)) {
    const attempt = attemptIn(line, rows);
    if (!attempt) unread++;
    else found.set(JSON.stringify(attempt), attempt);
  }
  // A computer may have the wrong date, and two partners different ones, so runs come before days in the order.
  const attempts = [...found.values()].sort(
    (one, other) => one.run - other.run || (one.day < other.day ? -1 : one.day > other.day ? 1 : 0),
  );
  return { attempts, unread };
}

function linesOf(text: string): string[] {
  const lines = text.slice(0, 8 * maxFile).split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '' && line !== firstLine).slice(0, 8 * maxAttempts);
}

function attemptIn(line: string, rows: ReadonlyMap<string, RubricRow>): Attempt | undefined {
  let found: Partial<Record<keyof Attempt, unknown>> | null;
  try {
    found = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { row: id, values, run, day } = found ?? {};
  const row = typeof id === 'string' ? rows.get(id) : undefined;
  if (!row || !Array.isArray(values) || values.length !== row.cells.length) return undefined;
  const answers = row.cells.flatMap((cell, index) => {
    const value: unknown = values[index];
    if (typeof value === 'string' && value.length > maxText) return [];
    return kindOf(cell).answerOf(value) ?? [];
  });
  const isNumbered = Number.isSafeInteger(run) && Number(run) > 0 && Number(run) <= maxRun;
  const isDay = typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day);
  if (answers.length !== row.cells.length || !isNumbered || !isDay) return undefined;
  return { row: row.id, values: answers, run: Number(run), day };
}

/**
 * Adds the answers that a student asked to have marked to an attempts file.
 *
 * @param text the content of the file; undefined if there is no file.
 * @param day the date on which the student asked.
 * @param isMeant whether to keep a row yet.
 * @returns the new content; undefined if there is nothing to add, or the file is full or turned off.
 */
export function withAttempts(
  text: string | undefined,
  answers: Filled,
  rubric: Pick<Rubric, 'tables' | 'again'>,
  day: string,
  isMeant: (row: string) => boolean = () => true,
): string | undefined {
  if (text !== undefined && isTurnedOff(text)) return undefined;
  const { attempts } = readAttempts(text ?? '', rubric);
  const last = new Map(attempts.map((attempt) => [attempt.row, JSON.stringify(attempt.values)]));
  const run = Math.max(0, ...attempts.map((attempt) => attempt.run)) + 1;
  const added = completeRows(answers).flatMap(({ row, values }) =>
    isMeant(row) && last.get(row) !== JSON.stringify(values) ? [{ run, day, row, values }] : [],
  );
  const room = maxAttempts - attempts.length;
  if (added.length === 0 || room <= 0) return undefined;
  const before = text === undefined || text.trim() === '' ? `${firstLine}\n` : text.replace(/\n?$/, '\n');
  return before + added.slice(0, room).map(lineOf).join('');
}

/** Joins several files into one, each line once; undefined if there is no attempt in them. */
export function joinAttempts(text: string, rubric: Pick<Rubric, 'tables' | 'again'>): string | undefined {
  const { attempts } = readAttempts(text, rubric);
  if (attempts.length === 0) return undefined;
  const lines = attempts.slice(0, maxAttempts).map(lineOf);
  return `${firstLine}\n${lines.join('')}`;
}

function lineOf({ run, day, row, values }: Attempt): string {
  return `${JSON.stringify({ run, day, row, values })}\n`;
}

/** Rows with their answers, as in a reading or a Report. */
export interface Filled {
  readonly rows: readonly FilledRow[];
  readonly again?: { readonly rows: readonly FilledRow[] };
}

interface FilledRow {
  readonly id: string;
  readonly cells: readonly { readonly id: string; readonly value?: Answer }[];
}

/** The rows with an answer in every cell; those that are asked again only if all of them are complete. */
export function completeRows({ rows, again }: Filled): Pick<Attempt, 'row' | 'values'>[] {
  const complete = (some: readonly FilledRow[]) =>
    some.flatMap(({ id, cells }) => {
      const values = cells.flatMap(({ value }) => value ?? []);
      return values.length === cells.length ? [{ row: id, values }] : [];
    });
  const asked = complete(again?.rows ?? []);
  return [...complete(rows), ...(asked.length === again?.rows.length ? asked : [])];
}

/** The answers after each run that had something to keep, as far as they were kept. */
export function statesOf(
  attempts: readonly Attempt[],
  rubric: Pick<Rubric, 'tables' | 'again' | 'file'>,
): { answers: Answers; day: string }[] {
  const known = new Map<string, Attempt>();
  const location = { file: attemptsName, line: 1, column: 1 };
  const read = (row: RubricRow): ReadRow => ({
    id: row.id,
    cells: row.cells.map((cell, index): ReadCell => {
      const value = known.get(row.id)?.values[index];
      if (value === undefined) return { id: cell.id, kind: 'blank' };
      return {
        id: cell.id,
        kind: 'value',
        value,
        sourceText: quote(kindOf(cell).sourceText(value)),
        location,
      };
    }),
  });
  return attempts.flatMap((attempt, index) => {
    known.set(attempt.row, attempt);
    const next = attempts[index + 1];
    if (next && next.run === attempt.run && next.day === attempt.day) return [];
    const again = rowsAgain(rubric).map(read);
    const answers = {
      rows: rowsOf(rubric).map(read),
      problems: [],
      ...(!isBlank({ rows: again }) && { again: { rows: again, problems: [] } }),
    };
    return [{ answers, day: attempt.day }];
  });
}

import { isDeepStrictEqual } from 'node:util';
import type { Graded } from './graded.schema';

/** A student whose grade is another one than before. */
export interface Move {
  readonly login: string;
  readonly before: number | null | undefined;
  readonly after: number | null | undefined;
  readonly reasons: readonly string[];
}

/** Who moves between two runs, and why; both are sorted by key. */
export function* movesBetween(before: Iterable<Graded>, after: Iterable<Graded>): Generator<Move> {
  for (const [old, now] of pairs(before[Symbol.iterator](), after[Symbol.iterator]())) {
    const login = now?.login || old?.login || now?.key || old?.key || '';
    if (!old) yield { login, before: undefined, after: now?.points, reasons: ['is new in the class'] };
    else if (!now)
      yield { login, before: old.points, after: undefined, reasons: ['is no longer in the class'] };
    else if (old.points !== now.points || old.status !== now.status) {
      yield { login, before: old.points, after: now.points, reasons: reasonsFor(old, now) };
    }
  }
}

function* pairs(
  before: Iterator<Graded>,
  after: Iterator<Graded>,
): Generator<[old: Graded | undefined, now: Graded | undefined]> {
  let [old, now] = [before.next(), after.next()];
  while (!old.done || !now.done) {
    const [left, right] = [old.done ? undefined : old.value, now.done ? undefined : now.value];
    const isLeft = left !== undefined && (right === undefined || left.key <= right.key);
    const isRight = right !== undefined && (left === undefined || right.key <= left.key);
    yield [isLeft ? left : undefined, isRight ? right : undefined];
    if (isLeft) old = before.next();
    if (isRight) now = after.next();
  }
}

function reasonsFor(old: Graded, now: Graded): string[] {
  const adjusted = ({ adjustments }: Graded, kind: string) => adjustments.filter(({ is }) => is === kind);
  const lateness = (row: Graded) =>
    adjusted(row, 'late').map(({ why, before, after }) => [why, (before ?? 0) - after]);
  const [hadOverride, hasOverride] = [old, now].map((row) => adjusted(row, 'override').length > 0);
  const override = hadOverride ? (hasOverride ? 'changed' : 'was removed') : 'was added';
  const typed = ({ report }: Graded) => report?.cells.map((cell) => cell.typed ?? '');
  const changes: [differs: boolean, reason: string][] = [
    [!isDeepStrictEqual(adjusted(old, 'override'), adjusted(now, 'override')), `an override ${override}`],
    [old.report?.rubric !== now.report?.rubric, 'the rubric changed'],
    [old.report?.key !== now.report?.key, 'the answer key changed'],
    [!isDeepStrictEqual(typed(old), typed(now)), 'the answers changed'],
    [!isDeepStrictEqual(old.responses, now.responses), 'the reflection changed'],
    [!isDeepStrictEqual(lateness(old), lateness(now)), 'lateness changed'],
    [old.status !== now.status, `was ${old.status}, is ${now.status}`],
  ];
  const reasons = changes.flatMap(([differs, reason]) => (differs ? reason : []));
  return reasons.length > 0 ? reasons : ['the grader changed'];
}

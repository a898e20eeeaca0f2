import { isDeepStrictEqual } from 'node:util';
import { gradedCells } from '../../render/status';
import type { StudentResult } from './student-result.schema';

/** A student whose grade changed between two runs. */
export interface GradeChange {
  readonly login: string;
  readonly before: number | null | undefined;
  readonly after: number | null | undefined;
  readonly reasons: readonly string[];
}

/** Finds the students whose points or status changed between two runs, and why. Both inputs are sorted by key. */
export function* gradeChanges(
  before: Iterable<StudentResult>,
  after: Iterable<StudentResult>,
): Generator<GradeChange> {
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
  before: Iterator<StudentResult>,
  after: Iterator<StudentResult>,
): Generator<[old: StudentResult | undefined, now: StudentResult | undefined]> {
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

function reasonsFor(old: StudentResult, now: StudentResult): string[] {
  const adjusted = ({ adjustments }: StudentResult, wanted: string) =>
    adjustments.filter(({ kind }) => kind === wanted);
  const lateness = (row: StudentResult) =>
    adjusted(row, 'late').map(({ reason, before, after }) => [reason, (before ?? 0) - after]);
  const [hadOverride, hasOverride] = [old, now].map((row) => adjusted(row, 'override').length > 0);
  const override = hadOverride ? (hasOverride ? 'changed' : 'was removed') : 'was added';
  const written = ({ report }: StudentResult) =>
    report && gradedCells(report).map(({ sourceText }) => sourceText ?? '');
  const both = old.report !== undefined && now.report !== undefined;
  const changes: [differs: boolean, reason: string][] = [
    [!isDeepStrictEqual(adjusted(old, 'override'), adjusted(now, 'override')), `an override ${override}`],
    [both && old.report?.rubric !== now.report?.rubric, 'the rubric changed'],
    [both && old.report?.key !== now.report?.key, 'the answer key changed'],
    [both && !isDeepStrictEqual(written(old), written(now)), 'the answers changed'],
    [!isDeepStrictEqual(old.responses, now.responses), 'the reflection changed'],
    [!isDeepStrictEqual(lateness(old), lateness(now)), 'lateness changed'],
    [old.status !== now.status, `was ${old.status}, is ${now.status}`],
  ];
  const reasons = changes.flatMap(([differs, reason]) => (differs ? reason : []));
  return reasons.length > 0 ? reasons : ['the grader changed'];
}

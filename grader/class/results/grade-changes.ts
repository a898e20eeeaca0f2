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

/** Finds the students whose points or status changed between two runs, and why, by key. */
export function gradeChanges(
  before: readonly StudentResult[],
  after: readonly StudentResult[],
): GradeChange[] {
  const [olds, news] = [before, after].map((rows) => new Map(rows.map((row) => [row.key, row])));
  const keys = [...new Set([...before, ...after].map(({ key }) => key))].sort();
  return keys.flatMap((key): GradeChange[] => {
    const [old, now] = [olds?.get(key), news?.get(key)];
    const login = now?.login || old?.login || key;
    if (!old) return [{ login, before: undefined, after: now?.points, reasons: ['is new in the class'] }];
    if (!now)
      return [{ login, before: old.points, after: undefined, reasons: ['is no longer in the class'] }];
    if (old.points === now.points && old.status === now.status) return [];
    return [{ login, before: old.points, after: now.points, reasons: reasonsFor(old, now) }];
  });
}

function reasonsFor(old: StudentResult, now: StudentResult): string[] {
  const adjusted =
    (kind: string) =>
    ({ adjustments }: StudentResult) =>
      adjustments.filter((one) => one.kind === kind);
  const overrides = adjusted('override');
  const lateness = (row: StudentResult) => adjusted('late')(row).map(({ reason, cost }) => [reason, cost]);
  const written = ({ report }: StudentResult) =>
    report && gradedCells(report).map(({ sourceText }) => sourceText ?? '');
  const [had, has] = [old, now].map((row) => overrides(row).length > 0);
  const both = old.report !== undefined && now.report !== undefined;
  const changes: [differs: boolean, reason: string][] = [
    [
      !isDeepStrictEqual(overrides(old), overrides(now)),
      `an override ${had ? (has ? 'changed' : 'was removed') : 'was added'}`,
    ],
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

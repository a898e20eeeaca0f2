import { whoAndWhen } from '../decisions/decided';
import type { Decision } from '../decisions/decision.schema';
import type { TableRow } from '../members/csv-table';
import { chosenIn, computedPoints, worthByNote } from './corrections';
import { type Note, note } from './note';
import type { StudentResult } from './student-result.schema';

// What decisions do to the points of a student, and whether they still count.

type Seen = NonNullable<Decision['saw']>;

/** What there is to see of a student now. A decision counts while that is what it saw. */
export function seenOf(result: StudentResult): Seen {
  const worth = worthByNote(result);
  const notes = [result, ...result.otherVersions].flatMap((work) => work.notes);
  const codes = notes.flatMap(({ was }) => (was === undefined ? [] : [[was, worth.get(was) ?? ''] as const]));
  return { points: computedPoints(result), content: result.content, codes: Object.fromEntries(codes) };
}

/** Whether what a decision saw is still the same: the points, the work that counts, and what corrections are worth. */
function counts({ saw = {} }: Decision, now: Seen): boolean {
  const isWorthTheSame = Object.entries(saw.codes ?? {}).every(
    ([code, worth]) => (now.codes?.[code] ?? worth) === worth,
  );
  return saw.points === now.points && saw.content === now.content && isWorthTheSame;
}

/** The text of a line of a table, by which a decision says that it saw it. */
export const lineText = ({ record }: TableRow) => JSON.stringify(record);

/** The decisions about a student's points that count now, and the others that stand. */
export function weighed(result: StudentResult, decisions: readonly Decision[]) {
  const now = seenOf(result);
  const counting = decisions.filter((decision) => counts(decision, now));
  return { counting, lapsed: decisions.filter((decision) => !counting.includes(decision)) };
}

/** The decisions that do different things. */
export function conflicting(decisions: readonly Decision[]): readonly Decision[] {
  const byDeed = new Map(decisions.map((decision) => [JSON.stringify(decision.does), decision]));
  return byDeed.size > 1 ? [...byDeed.values()] : [];
}

/** A result with what decisions that count, and do the same, do to it. */
export function withDecisions(result: StudentResult, decisions: readonly Decision[]): StudentResult {
  const [first] = decisions;
  if (!first) return result;
  const { does = {}, reason = '' } = first;
  const codes = decisions.flatMap(({ saw }) => Object.keys(saw?.codes ?? {}));
  const closed = { ...result, lookedAt: { codes: [...new Set(codes)], reason } };
  const { total, adjust } = does;
  if (total === undefined && adjust === undefined) return closed;
  const after = total ?? Math.max(0, (result.points ?? 0) + (adjust ?? 0));
  const { id, by, at } = first;
  return withPoints(closed, { override: { decision: id, by, at }, reason, after });
}

/** A result with points that a person gave. If they chose a version, that counts like any other. */
export function withPoints(
  result: StudentResult,
  given: {
    readonly override: NonNullable<StudentResult['override']>;
    readonly reason: string;
    readonly after: number;
  },
): StudentResult {
  const { override, reason, after } = given;
  const chosen = chosenIn(result, after, reason);
  const source = chosen ? { ...chosen, status: 'graded' as const } : result;
  const { status, report, responses, adjustments } = source;
  const change = { kind: 'override' as const, reason, before: result.points, after };
  return {
    ...result,
    status,
    report,
    responses,
    // Advice to a student about a state ends with that state.
    advice: undefined,
    points: after,
    adjustments: [...adjustments, change],
    override,
  };
}

/**
 * A result without points, for which people decided different things. Until one of them counts, nothing is written for
 * this person.
 */
export function withConflict(result: StudentResult, decisions: readonly Decision[]): StudentResult {
  const told = decisions.map((decision) => `${deedText(decision)} (${toldOf(decision)})`).join('; ');
  const text = `Two decisions differ, so neither counts: ${told}.`;
  const conflict = note('conflict', 'class/conflict', text);
  return { ...result, points: null, status: 'undecided', notes: [conflict, ...result.notes] };
}

/** A note on a decision that no longer counts. It has no code: only another decision ends it. */
export function lapsedNote(decision: Decision, now: StudentResult): Note {
  const { saw = {} } = decision;
  const computed = computedPoints(now);
  const why =
    saw.points === computed
      ? 'the work that counts is another now'
      : `it was for ${saw.points ?? 'none'} points, and the grader now computes ${computed ?? 'none'}`;
  return note(
    'lapsed',
    'class/lapsed',
    `A decision ${deedText(decision)} (${toldOf(decision)}) and does not count: ${why}.`,
  );
}

/** `gives 14` */
function deedText({ does = {} }: Decision): string {
  const { total, adjust, due, text } = does;
  if (due !== undefined) return `extends to ${due}`;
  if (text !== undefined) return `says “${text}”`;
  if (total !== undefined) return `gives ${total}`;
  return adjust === undefined ? 'says that it was looked at' : `adjusts by ${adjust}`;
}

/** `Spoke for long; by Ada on 4 December` */
const toldOf = (decision: Decision) =>
  [decision.reason, whoAndWhen(decision)].filter((part) => part !== undefined && part !== '').join('; ');

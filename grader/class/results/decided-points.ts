import { conflicting, whoAndWhen } from '../decisions/decided';
import type { Decision } from '../decisions/decision.schema';
import type { TableRow } from '../members/csv-table';
import { chosenIn, computedPoints, worthBySubject } from './corrections';
import { type Note, note } from './note';
import type { StudentResult } from './student-result.schema';

// What decisions and lines of a table do to the points of a student, and whether they still count.

type Seen = NonNullable<Decision['saw']>;

/** What a person gives in place of the points that are computed. */
export type GivenPoints = NonNullable<StudentResult['override']>['does'];

/** What there is to see of a student now. A decision counts while that is what it saw. */
export function seenOf(result: StudentResult): Seen {
  const worth = worthBySubject(result);
  const subjects = [result, ...result.otherVersions].flatMap(({ notes }) =>
    notes.flatMap(({ subject }) => subject ?? []),
  );
  const codes = subjects.map((subject) => [subject, worth.get(subject) ?? ''] as const);
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

/**
 * A result with what people gave. Decisions that count close what they saw. Of points, a line of a table comes before
 * the decisions that did not see it; of decisions that differ, none counts.
 *
 * @param others decisions about anything else that differ.
 */
export function withDecided(
  result: StudentResult,
  decisions: readonly Decision[],
  row: TableRow | undefined,
  others: readonly Decision[],
): StudentResult {
  const { counting, lapsed } = weighed(result, decisions);
  const [first] = counting;
  const told = lapsed.map((decision) => lapsedNote(decision, result));
  const codes = counting.flatMap(({ saw }) => Object.keys(saw?.codes ?? {}));
  const closed = {
    ...result,
    notes: [...told, ...result.notes],
    lookedAt: first && { codes: [...new Set(codes)], reason: first.reason ?? '' },
  };
  const different = [...conflicting(counting), ...others];
  if (different.length > 0) return withConflict(closed, different);
  if (row && !counting.some(({ saw }) => saw?.line === lineText(row))) return withLine(closed, row, first);
  const { total, adjust, isExcused } = first?.does ?? {};
  if (!first || (total ?? adjust ?? isExcused) === undefined) return closed;
  const { id: decision, by, at, reason = '' } = first;
  const given = { does: { total, adjust, isExcused }, reason, computed: computedPoints(result) };
  return withPoints(closed, { decision, by, at, ...given });
}

/** What a line of `overrides.csv` gives. */
export function givenByLine({ total = '', adjust = '' }: TableRow['cells']): GivenPoints {
  if (/^ex$/i.test(total)) return { isExcused: true };
  return total === '' ? { adjust: Number(adjust) } : { total: Number(total) };
}

/** A result with the points of a line, and a note if a person has to look at it. */
function withLine(
  result: StudentResult,
  { line, cells }: TableRow,
  decision: Decision | undefined,
): StudentResult {
  const does = givenByLine(cells);
  const computed = computedPoints(result);
  const noted = (said: string) => {
    const text = `Line ${line} of overrides.csv ${deedText({ does })}${said}`;
    return { ...result, notes: [note('table', 'class/line', text), ...result.notes] };
  };
  if (does.adjust !== undefined && computed === null)
    return noted(' and does not count: there are no points to adjust.');
  const { reason = '' } = cells;
  const after = pointsAfter(does, result.points);
  const decided = decision && givesPoints(decision) ? pointsAfter(decision.does ?? {}, result.points) : after;
  const given = { line, does, reason, computed };
  if (decision && decided !== after)
    return withPoints(
      noted(`, but a decision ${deedText(decision)} (${toldOf(decision)}) and has not seen it.`),
      given,
    );
  if (after !== null && after < (computed ?? 0))
    return withPoints(noted(`, but the grader computes ${computed}.`), given);
  return withPoints(result, given);
}

const givesPoints = ({ does: { total, adjust, isExcused } = {} }: Decision) =>
  (total ?? adjust ?? isExcused) !== undefined;

/** The points after a person gave some; null for a student who is excused. */
function pointsAfter({ total, adjust = 0, isExcused }: GivenPoints, before: number | null): number | null {
  return isExcused ? null : (total ?? Math.max(0, (before ?? 0) + adjust));
}

/** A result with points that a person gave, or excused. If they chose a version, that counts like any other. */
function withPoints(result: StudentResult, override: NonNullable<StudentResult['override']>): StudentResult {
  const { does, reason } = override;
  const after = pointsAfter(does, result.points);
  if (after === null)
    return {
      ...{ ...result, override, exempt: 'excused', points: null },
      ...{ adjustments: [], zeroWaits: undefined, advice: undefined },
    };
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
function withConflict(result: StudentResult, decisions: readonly Decision[]): StudentResult {
  const said = note('conflict', 'class/conflict', conflictText(decisions));
  const conflict = { decisions: decisions.map(({ id }) => id), computed: computedPoints(result) };
  return {
    ...{ ...result, points: null, status: 'undecided', conflict, adjustments: [] },
    notes: [said, ...result.notes],
  };
}

/** `Decisions differ, so none counts: one gives 14 (Spoke for long; by Ada on 4 December); one gives 16 (…).` */
export function conflictText(decisions: readonly Decision[]): string {
  const told = decisions.map((decision) => `one ${deedText(decision)} (${toldOf(decision)})`);
  return `Decisions differ, so none counts: ${told.join('; ')}.`;
}

/** A note on a decision that no longer counts. It has no code: only another decision ends it. */
function lapsedNote(decision: Decision, now: StudentResult): Note {
  const { saw = {} } = decision;
  const computed = computedPoints(now);
  const why =
    saw.points === computed
      ? 'the work, or what a correction of it is worth, is another now'
      : `it was for ${saw.points ?? 'no'} points, and the grader now computes ${computed ?? 'none'}`;
  return note(
    'lapsed',
    'class/lapsed',
    `A decision ${deedText(decision)} (${toldOf(decision)}) and does not count: ${why}.`,
  );
}

/** `gives 14` */
export function deedText({ does = {} }: Pick<Decision, 'does'>): string {
  const { total, adjust, due, text, owners, isExcused, grade } = does;
  const texts = [
    isExcused && 'excuses',
    due !== undefined && `extends to ${due}`,
    text !== undefined && (text === '' ? 'ends the comment' : `says “${text}”`),
    owners &&
      `says that it belongs to ${owners.map(({ name, key }) => name ?? key).join(' and ') || 'nobody'}`,
    grade !== undefined && `leaves ${grade} at the host`,
    total !== undefined && `gives ${total}`,
    adjust !== undefined && `adjusts by ${adjust > 0 ? '+' : ''}${adjust}`,
  ];
  return texts.find((one) => typeof one === 'string') ?? 'leaves it as it is';
}

/** `Spoke for long; by Ada on 4 December` */
const toldOf = (decision: Decision) =>
  [decision.reason, whoAndWhen(decision)].filter((part) => part !== undefined && part !== '').join('; ');

import { momentOf, momentText } from '../../rubric/moment';
import { gradeTexts } from '../../testing/grade';
import { blankAnswers, notesOf, rightAnswers } from '../../testing/worksheet';
import { dueOf } from '../histories/deadline';
import type { Adjustment, StudentResult } from '../results/student-result.schema';
import { headlineOf } from './feedback';

const late: Adjustment = { kind: 'late', reason: 'Late by 1 day, at 1 point a day', before: 10, after: 9 };

async function headline(answers: string, points: number | null, ...adjustments: Adjustment[]) {
  const notes = answers === blankAnswers ? notesOf() : notesOf('a', 'b');
  const result: StudentResult = {
    key: 'ada',
    login: 'ada',
    status: 'graded',
    enrolled: true,
    points,
    adjustments,
    report: await gradeTexts(answers, notes),
    responses: [],
    warnings: [],
  };
  return headlineOf(result, { possible: 10 });
}

test('the headline is the points that count, and how they came about', async () => {
  const byHand = (reason: string, before: number | null, after: number): Adjustment => {
    return { kind: 'override', reason, before, after };
  };
  expect(await headline(rightAnswers, 10)).toBe('10 of 10 points');
  expect(await headline(rightAnswers, 9, late)).toBe(
    '9 of 10 points: Late by 1 day, at 1 point a day (10 to 9)',
  );
  expect(await headline(rightAnswers, 10, late, byHand('a good argument', 9, 10))).toBe(
    '10 of 10 points: Late by 1 day, at 1 point a day (10 to 9); a good argument (9 to 10)',
  );
});

test('what was found elsewhere is not headed as a worksheet that was never begun', async () => {
  const found = { kind: 'override', reason: 'work found on the branch dev', before: 0, after: 10 } as const;
  expect(await headline(blankAnswers, 10, found)).toBe(
    '10 of 10 points: work found on the branch dev (0 to 10)',
  );
  expect(await headline(blankAnswers, 0)).toBe('Not started yet: 0 of 10 points');
});

test.each([
  ['America/New_York', '2026-10-25T23:59-04:00', 'Sunday 25 October 2026, 23:59'],
  // The clocks change on 1 November: an extension past that date is shown in the new time.
  ['America/New_York', '2026-11-08T23:59-05:00', 'Sunday 8 November 2026, 23:59'],
  ['Europe/Berlin', '2026-10-25T22:59Z', 'Sunday 25 October 2026, 23:59'],
  [undefined, '2026-11-08T14:00-05:00', 'Sunday 8 November 2026, 14:00'],
  [undefined, '2026-11-08T14:00+05:30', 'Sunday 8 November 2026, 14:00'],
  [undefined, '2026-11-08T14:00Z', 'Sunday 8 November 2026, 14:00'],
])('in the zone %s a student is told of %s as %s', (timezone, due, told) => {
  expect(momentText(momentOf(due) ?? 0, { due, ...(timezone && { timezone }) })).toBe(told);
});

test('an extension over a change of clocks moves the cutoff by as many hours, and is told in the clock of its day', () => {
  const policy = {
    due: '2026-10-25T23:59-04:00',
    late: { until: '2026-10-28T23:59-04:00' },
    timezone: 'America/New_York',
  };
  const { dueAt, closesAt } = dueOf(policy, momentOf('2026-11-01T22:59-05:00'));
  expect(momentText(dueAt, policy)).toBe('Sunday 1 November 2026, 22:59');
  expect(momentText(closesAt, policy)).toBe('Wednesday 4 November 2026, 22:59');
});

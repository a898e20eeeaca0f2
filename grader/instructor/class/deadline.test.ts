import { dueOf, lateness, momentOf } from './deadline';

const hour = 60 * 60 * 1000;
const policy = {
  due: '2026-10-01T12:00-05:00',
  grace_minutes: 15,
  per_day_points: 2,
  cutoff: '2026-10-04T12:00-05:00',
};
const noon = Date.parse('2026-10-01T17:00Z');

test.each([
  ['before the deadline', -1, []],
  ['within the grace', 0.25, []],
  ['a minute after the grace', 0.27, [-2]],
  ['within a day', 24, [-2]],
  ['on the second day', 24.1, [-4]],
  ['after the cutoff', 72.1, [-9]],
])('work that comes %s costs what the policy says', (_name, hours, points) => {
  expect(lateness(dueOf(policy), noon + hours * hour, 9).map((adjustment) => adjustment.points)).toEqual(
    points,
  );
});

test('lateness never costs more than there is', () => {
  expect(lateness(dueOf(policy), noon + 49 * hour, 3)).toEqual([
    { is: 'late', why: 'Late by 3 days, at 2 points a day', points: -3 },
  ]);
});

test('an extension moves the deadline and the cutoff, and never back', () => {
  const later = dueOf(policy, noon + 48 * hour);
  expect(lateness(later, noon + 48 * hour, 9)).toEqual([]);
  expect(lateness(later, noon + 100 * hour, 9)).toEqual([
    expect.objectContaining({ why: 'Late by 3 days, at 2 points a day', points: -6 }),
  ]);
  expect(lateness(dueOf(policy, noon - 48 * hour), noon, 9)).toEqual([]);
});

test('without points a day, what is late is said and costs nothing', () => {
  const late = lateness(dueOf({ due: policy.due }), noon + 1000 * hour, 9);
  expect(late).toEqual([{ is: 'late', why: 'Late by 42 days, at 0 points a day', points: 0 }]);
});

test('a moment needs its offset', () => {
  expect(momentOf('2026-10-01T12:00-05:00')).toBe(noon);
  for (const text of ['2026-10-01T12:00', '2026-10-01', '2026-13-01T12:00Z', 'tomorrow', '']) {
    expect(momentOf(text)).toBeUndefined();
  }
});

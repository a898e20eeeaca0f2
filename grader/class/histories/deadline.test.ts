import path from 'node:path';
import type { Deadline } from '../../rubric/file.schema';
import { momentOf } from '../../rubric/moment';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { People } from '../members/people';
import { readExtensions } from '../results/by-hand';
import { dueOf, latenessOf } from './deadline';

afterAll(removeFolders);

const newYork: Deadline = {
  due: '2026-10-30T23:59',
  timezone: 'America/New_York',
  grace_minutes: 15,
  late: { per_day: '10%', at_most: '30%', until: '2026-11-08T23:59' },
};
const inPoints: Deadline = {
  due: '2026-10-01T12:00-05:00',
  late: { per_day: 2, until: '2026-10-04T12:00-05:00' },
};

/** The days and points of lateness, of 16 points in all; `on time` or `closed`. */
function late(policy: Deadline, handedIn: string, extension?: string): string {
  const due = dueOf(policy, extension === undefined ? undefined : momentOf(extension, policy.timezone));
  const time = Date.parse(handedIn);
  if (time > due.closesAt) return 'closed';
  const found = latenessOf(due, time, 16);
  return found ? `${found.days} days, ${found.cost} points` : 'on time';
}

// Clocks in New York go back an hour in the night to 1 November 2026: -04:00 before, -05:00 after.
test.each([
  ['in the minute that is named', '2026-10-30T23:59:20-04:00', 'on time'],
  ['at the last second of the grace', '2026-10-31T00:14:59-04:00', 'on time'],
  ['a minute after the grace', '2026-10-31T00:15:00-04:00', '1 days, 1 points'],
  ['at 23:30 of the next day', '2026-10-31T23:30-04:00', '1 days, 1 points'],
  ['at the clock time of the due date, a date later', '2026-10-31T23:59:59-04:00', '1 days, 1 points'],
  ['a minute after that', '2026-11-01T00:00-04:00', '2 days, 3 points'],
  [
    'before that of the date after, in the night when clocks change',
    '2026-11-01T23:59-05:00',
    '2 days, 3 points',
  ],
  ['a day after that', '2026-11-02T23:59-05:00', '3 days, 4 points'],
  ['later than costs more', '2026-11-08T23:59:59-05:00', '9 days, 4 points'],
  ['after the last minute', '2026-11-09T00:00-05:00', 'closed'],
])('work that is handed in %s', (_name, handedIn, expected) => {
  expect(late(newYork, handedIn)).toBe(expected);
});

test.each([
  ['a day, each begun', '2026-10-02T12:00:30-05:00', '1 days, 2 points'],
  ['two', '2026-10-02T12:01-05:00', '2 days, 4 points'],
  ['more than there is time for', '2026-10-04T12:01-05:00', 'closed'],
])('without a time zone a day has 24 hours: %s', (_name, handedIn, expected) => {
  expect(late(inPoints, handedIn)).toBe(expected);
});

test.each<[string, Deadline['late'], string]>([
  ['without late, it counts in full and is marked', undefined, '42 days, 0 points'],
  ['without a limit', { per_day: 1 }, '42 days, 42 points'],
  ['without a price', { at_most: 3 }, '42 days, 0 points'],
  ['with a limit in points', { per_day: '10%', at_most: 3 }, '42 days, 3 points'],
])('each part of late may be left out: %s', (_name, policy, expected) => {
  expect(late({ due: '2026-10-01T12:00Z', ...(policy && { late: policy }) }, '2026-11-12T11:00Z')).toBe(
    expected,
  );
});

test('an extension moves due and until by as much, and never back', () => {
  expect(late(newYork, '2026-11-02T23:59-05:00', '2026-11-02T23:59')).toBe('on time');
  expect(late(newYork, '2026-11-11T22:59-05:00', '2026-11-02T23:59')).toBe('9 days, 4 points');
  expect(late(newYork, '2026-11-12T01:00-05:00', '2026-11-02T23:59')).toBe('closed');
  expect(late(newYork, '2026-10-30T12:00-04:00', '2026-10-01T12:00')).toBe('on time');
});

test('what is within the grace is never after the cutoff', () => {
  const { graceEndsAt, closesAt } = dueOf({ ...newYork, late: { until: newYork.due } });
  expect(closesAt).toBe(graceEndsAt);
});

test('a moment needs a zone and a date that exists', () => {
  expect(momentOf('2026-10-01T12:00:00-05:00')).toBe(Date.parse('2026-10-01T17:00:00.999Z'));
  expect(momentOf('2026-07-01T12:00', 'Europe/Berlin')).toBe(Date.parse('2026-07-01T10:00:59.999Z'));
  expect(momentOf('2026-12-01T12:00', 'Europe/Berlin')).toBe(Date.parse('2026-12-01T11:00:59.999Z'));
  for (const text of [
    ...['2026-10-01T12:00', '2026-10-01', '2026-13-01T12:00Z', 'tomorrow', ''],
    ...['2026-11-31T12:00Z', '2026-02-29T12:00Z', '2026-00-10T12:00Z', '2026-10-00T12:00Z'],
    ...['2026-10-01T24:00Z', '2026-10-01T12:60Z', '2026-10-01T12:00+15:00'],
  ])
    expect([text, momentOf(text)]).toEqual([text, undefined]);
});

test('extensions that cannot be used are refused, all of them at once with their lines', () => {
  const people = new People([{ key: 'ada' }, { key: 'ben' }]);
  const folder = newFolder();
  writeFiles(folder, {
    'extensions.csv':
      'who,due\nada,2026-11-02T12:00\nzoe,2026-11-02T12:00\n\nADA,2026-11-03T12:00\nben,2026-11-31T12:00\nben,2026-09-01T12:00\n',
  });
  const read = (policy?: Deadline) => readExtensions(folder, policy, people);
  for (const problem of [
    'line 3: nobody in this class has the login zoe.',
    'line 5: ADA is in line 2 already.',
    'line 6: due is “2026-11-31T12:00”; write a time such as',
    'line 7: ben is in line 6 already.',
    'line 7: due is “2026-09-01T12:00”; write a time such as',
  ])
    expect(() => read(newYork)).toThrow(problem);
  expect(() => read()).toThrow('there is no deadline to extend');
  expect(readExtensions(path.join(folder, 'none'), newYork, people)).toEqual(new Map());
});

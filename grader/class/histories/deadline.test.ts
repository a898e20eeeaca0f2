import path from 'node:path';
import { momentOf } from '../../rubric/moment';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { People } from '../members/people';
import { dueOf, lateness, readExtensions } from './deadline';

afterAll(removeFolders);

const hour = 60 * 60 * 1000;
const policy = {
  due: '2026-10-01T12:00-05:00',
  grace_minutes: 15,
  per_day_points: 2,
  cutoff: '2026-10-04T12:00-05:00',
};
const noon = Date.parse('2026-10-01T17:00Z');

test.each([
  ['before the deadline', -1, 0],
  ['within the grace', 0.25, 0],
  ['a minute after the grace', 0.27, 2],
  ['within a day', 24, 2],
  ['on the second day', 24.1, 4],
])('work that comes %s costs what the policy says', (_name, hours, points) => {
  expect(lateness(dueOf(policy), noon + hours * hour, 9)?.points ?? 0).toBe(points);
});

test('lateness never costs more than there is', () => {
  expect(lateness(dueOf(policy), noon + 49 * hour, 3)).toEqual({
    reason: 'Late by 3 days, at 2 points a day',
    points: 3,
    cost: 6,
  });
});

test('an extension moves the deadline and the cutoff, and never back', () => {
  const later = dueOf(policy, noon + 48 * hour);
  expect(lateness(later, noon + 48 * hour, 9)).toBeUndefined();
  expect(lateness(later, noon + 100 * hour, 9)).toMatchObject({
    reason: 'Late by 3 days, at 2 points a day',
  });
  expect(later.closesAt).toBe(noon + (72 + 48) * hour);
  expect(dueOf(policy, noon - 48 * hour)).toEqual(dueOf(policy));
});

test('what is within the grace is never after the cutoff', () => {
  const { graceEndsAt: grace, closesAt: cutoff } = dueOf({ ...policy, cutoff: policy.due });
  expect(cutoff).toBe(grace);
});

test('without points a day, what is late is said and costs nothing', () => {
  expect(lateness(dueOf({ due: policy.due }), noon + 1000 * hour, 9)).toEqual({
    reason: 'Late by 42 days, which costs nothing',
    points: 0,
    cost: 0,
  });
});

test('a moment needs its offset, and a date that exists', () => {
  expect(momentOf('2026-10-01T12:00-05:00')).toBe(noon);
  expect(momentOf('2028-02-29T00:00Z')).toBe(Date.UTC(2028, 1, 29));
  for (const text of [
    ...['2026-10-01T12:00', '2026-10-01', '2026-13-01T12:00Z', 'tomorrow', ''],
    ...['2026-11-31T12:00Z', '2026-02-29T12:00Z', '2026-00-10T12:00Z', '2026-10-00T12:00Z'],
    ...['2026-10-01T24:00Z', '2026-10-01T12:60Z', '2026-10-01T12:00+15:00'],
  ]) {
    expect([text, momentOf(text)]).toEqual([text, undefined]);
  }
});

describe('extensions', () => {
  const people = new People([{ key: 'ada' }, { key: 'ben' }]);
  const read = (text: string, deadline: typeof policy | undefined = policy) => {
    const folder = newFolder();
    writeFiles(folder, { 'e.csv': text });
    return readExtensions(path.join(folder, 'e.csv'), deadline, people);
  };

  test('are a moment for a login', () => {
    expect(read('login,due\nAda,2026-10-02T12:00Z\n')).toEqual(
      new Map([['ada', Date.parse('2026-10-02T12:00Z')]]),
    );
  });

  test('with problems are refused, all of them at once with their lines', () => {
    const said = () =>
      read(
        'login,due\nada,2026-10-02T12:00Z\nzoe,2026-10-02T12:00Z\n\nADA,2026-10-03T12:00Z\nben,2026-11-31T12:00Z\nben,2026-09-01T12:00Z\n',
      );
    expect(said).toThrow(expect.objectContaining({ code: 'table-problems' }));
    for (const problem of [
      'line 3: nobody in this class has the login zoe.',
      'line 5: ADA has an extension in line 2 already.',
      'line 6: 2026-11-31T12:00Z is not an ISO 8601 time',
      'line 7: ben has an extension in line 6 already.',
      'line 7: 2026-09-01T12:00Z is before the work is due',
    ])
      expect(said).toThrow(problem);
    expect(() => read('login,date\nada,2026-10-02T12:00Z\n')).toThrow(
      expect.objectContaining({ code: 'table-problems' }),
    );
  });

  test('without a deadline are refused', () => {
    const folder = newFolder();
    writeFiles(folder, { 'e.csv': 'login,due\nada,2026-10-02T12:00Z\n' });
    expect(() => readExtensions(path.join(folder, 'e.csv'), undefined, people)).toThrow(
      'line 1: there is no deadline to extend',
    );
  });
});

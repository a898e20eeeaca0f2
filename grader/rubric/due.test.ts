import type { Deadline } from './file.schema';
import { dueLines } from './moment';

const due = '2026-12-01T23:59';
const timezone = 'America/New_York';

test.each<[Deadline, string, string]>([
  [
    { due, timezone, late: { per_day: '10%', at_most: '30%', until: '2026-12-08T23:59' } },
    'Due Tuesday 1 December 2026, 23:59 (America/New_York).',
    'Late work loses 10% of the points for each day begun, 30% at most; nothing counts after Tuesday 8 December 2026, 23:59.',
  ],
  [
    { due: '2026-12-01T23:59-05:00', late: { per_day: 1, at_most: 4 } },
    'Due Tuesday 1 December 2026, 23:59 (UTC−05:00).',
    'Late work loses 1 point for each day begun, 4 points at most.',
  ],
  [
    { due: '2026-12-01T23:59Z', grace_minutes: 15 },
    'Due Tuesday 1 December 2026, 23:59 (UTC).',
    'Late work counts in full.',
  ],
  [
    { due: '2026-12-01T23:59+05:30', late: { per_day: '0%', until: '2026-12-02T12:00+05:30' } },
    'Due Tuesday 1 December 2026, 23:59 (UTC+05:30).',
    'Late work counts in full; nothing counts after Wednesday 2 December 2026, 12:00.',
  ],
  [
    { due, timezone, late: { per_day: 2, until: due } },
    'Due Tuesday 1 December 2026, 23:59 (America/New_York).',
    'Late work does not count.',
  ],
])('of %j students read when work is due, and what lateness costs', (deadline, when, cost) => {
  expect(dueLines(deadline)).toEqual([when, cost]);
});

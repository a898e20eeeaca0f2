import type { Deadline } from './file.schema';
import { momentOf, momentText } from './moment';

/**
 * What students read about a deadline, in two sentences: `Due Tuesday 1 December 2026, 23:59 (America/New_York).`, and
 * what lateness costs.
 */
export function dueLines(deadline: Deadline): string[] {
  const { due, timezone, late = {} } = deadline;
  const shown = (text: string) => momentText(momentOf(text, timezone) ?? Number.NaN, timezone);
  const [dueAt, lastAt] = [shown(due), late.until === undefined ? '' : shown(late.until)];
  const end = lastAt && `; nothing counts after ${lastAt}`;
  return [
    `Due ${dueAt} (${timezone}).`,
    dueAt === lastAt ? 'Late work does not count.' : `Late work ${costText(late)}${end}.`,
  ];
}

function costText({ per_day = 0, at_most }: NonNullable<Deadline['late']>): string {
  const isFree = [per_day, at_most].some((cost) => cost === 0 || cost === '0%');
  if (isFree) return 'counts in full';
  const points = (cost: string | number) =>
    typeof cost === 'string' ? cost : `${cost} point${cost === 1 ? '' : 's'}`;
  const perDay = `loses ${points(per_day)}${typeof per_day === 'string' ? ' of the points' : ''} for each day begun`;
  return at_most === undefined ? perDay : `${perDay}, ${points(at_most)} at most`;
}

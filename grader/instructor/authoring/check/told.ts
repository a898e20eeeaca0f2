import type { Course } from '../../course';
import { type Check, type Finding, note } from './finding';

/** What students have to be told, beside what to do. */
export const toldCheck: Check = {
  claim: 'Students are told moments in their time zone, and how long what they write is kept',
  find: (course) => [...withoutTimezone(course), ...withoutDuration(course)],
};

function withoutTimezone({ file: { deadline } }: Course): Finding[] {
  return deadline && deadline.timezone === undefined
    ? [
        note(
          'deadline-without-timezone',
          'deadline in rubric.yaml has no timezone, so students are told moments with the offset of due. Write its name in IANA’s list, such as America/New_York.',
        ),
      ]
    : [];
}

/** What students' copies keep of attempts is kept as long as their answers are: the notice of the reflection says how long. */
function withoutDuration({ rubric: { keepsAttempts, reflection } }: Course): Finding[] {
  const { notice } = reflection ?? {};
  if (!keepsAttempts || (notice !== undefined && duration.test(notice))) return [];
  return [
    note(
      'notice-without-duration',
      `Students’ copies keep attempts, and ${notice === undefined ? 'nothing tells students' : 'reflection.notice in rubric.yaml does not seem to tell'} how long what they write is kept. Write it into reflection.notice, or turn attempts off.`,
    ),
  ];
}

/** Words that tell how long, in English. */
const duration = /\b(?:keep|kept|until|delet\w*|days?|weeks?|months?|years?|terms?|semesters?)\b/i;

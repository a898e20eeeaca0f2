import type { Course } from '../../course';
import { type Check, type Finding, note } from './finding';

/** Checks the facts that students are told besides their task. */
export const toldCheck: Check = {
  claim: 'Students read times in their time zone, and how long their work is kept',
  find: (course) => [...withoutTimezone(course), ...withoutDuration(course)],
};

function withoutTimezone({ file: { deadline } }: Course): Finding[] {
  return deadline && deadline.timezone === undefined
    ? [
        note(
          'deadline-without-timezone',
          'deadline in rubric.yaml has no timezone, so students read times with the offset of due. Add its IANA name, such as America/New_York.',
        ),
      ]
    : [];
}

/** Attempts in students' copies are kept as long as the answers are: the notice of the reflection says how long. */
function withoutDuration({ rubric: { keepsAttempts, reflection } }: Course): Finding[] {
  const { notice } = reflection ?? {};
  if (!keepsAttempts || (notice !== undefined && duration.test(notice))) return [];
  return [
    note(
      'notice-without-duration',
      `Students’ copies keep attempts, but ${notice === undefined ? 'nothing tells students' : 'reflection.notice in rubric.yaml does not seem to tell'} how long their work is kept. Say so in reflection.notice, or turn attempts off.`,
    ),
  ];
}

/** Words that tell how long, in English. */
const duration = /\b(?:keep|kept|until|delet\w*|days?|weeks?|months?|years?|terms?|semesters?)\b/i;

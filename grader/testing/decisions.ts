import { personOf } from '../class/decisions/decided';
import type { Decision } from '../class/decisions/decision.schema';
import { seenOf } from '../class/results/decided-points';
import type { StudentResult } from '../class/results/student-result.schema';

let count = 0;

/** What somebody decides who looks at a student's result: about the points, unless it says otherwise. */
export function decisionOn(result: StudentResult, more: Partial<Decision> = {}): Decision {
  count += 1;
  return {
    ...{ version: 1, id: `d${count}`, press: `p${count}`, at: '2026-12-04T10:00:00Z', by: 'Grace' },
    ...{ about: personOf(result.student), aspect: 'points', saw: seenOf(result) },
    ...more,
  };
}

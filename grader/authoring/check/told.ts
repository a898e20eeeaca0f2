import { type Check, note } from './finding';

/** Checks the facts that students are told besides their task. */
export const toldCheck: Check = {
  claim: 'Students read times in their time zone',
  find: ({ file: { deadline } }) =>
    deadline && deadline.timezone === undefined
      ? [
          note(
            'deadline-without-timezone',
            'deadline in rubric.yaml has no timezone, so students read times with the offset of due. Add its IANA name, such as America/New_York.',
          ),
        ]
      : [],
};

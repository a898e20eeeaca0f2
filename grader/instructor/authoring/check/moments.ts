import { type Check, note } from './finding';

export const momentsCheck: Check = {
  claim: 'Students are told moments in the time zone of the course',
  find: ({ file: { deadline } }) =>
    deadline && deadline.timezone === undefined
      ? [
          note(
            'deadline-without-timezone',
            'deadline in rubric.yaml has no timezone, so students are told moments with the offset of due. Write its name in IANA’s list, such as America/New_York.',
          ),
        ]
      : [],
};

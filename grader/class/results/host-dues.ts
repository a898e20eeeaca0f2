import { counted } from '../../message';
import type { Deadline } from '../../rubric/file.schema';
import { msPerHour, toIsoMinutes } from '../../rubric/moment';
import { groupBy } from '../../system/lists';
import type { HostTime } from '../members/download';
import type { Roster } from '../members/roster';
import { dueOf, type HostDue } from './deadline';
import type { Grading, OpenClass } from './graded-class';
import { type Note, note, type RunNote } from './note';
import { knownBy } from './note-code';
import type { StudentResult } from './student-result.schema';
import { extensionsFile } from './tables-by-hand';
import { isOpen } from './to-decide';
import type { Selection } from './what-counts';
import { type GradedVersion, timelinessOf } from './worth';

// Due dates in a host's record that differ from ours: which of them count as extensions, and whom the others would help.

/** The due dates that the roster's host has, if they differ from the common due date here. */
export function readHostDues({ host, students = [] }: Partial<Roster> = {}, deadline: Deadline | undefined) {
  const { dueAt, policy } = dueOf(deadline);
  const dues = new Map<string, HostDue>();
  if (!host?.duesOf) return { dues, ofMost: undefined, notes: [] };
  const { most, own } = host.duesOf(students, policy.timezone);
  const isOther = most !== undefined && most.at !== dueAt;
  for (const { key } of students) {
    const due = own.get(key) ?? (isOther && most.at !== undefined ? most : undefined);
    if (!due) continue;
    const { text, at } = due;
    const isExtension = at !== undefined && at > dueAt && !isOther;
    dues.set(key, { host: host.title, text, at, isOwn: own.has(key), extends: isExtension ? at : undefined });
  }
  if (!isOther) return { dues, ofMost: undefined, notes: [] };
  const notes = deadline ? [noteOnOther(host.title, most, own, deadline)] : [];
  return { dues, ofMost: { host: host.title, at: most.at }, notes };
}

/** Says that the due date of most students at the host is not the deadline here, and perhaps why. */
function noteOnOther(
  host: string,
  most: HostTime,
  own: ReadonlyMap<string, HostTime>,
  deadline: Deadline,
): RunNote {
  const { dueAt, policy } = dueOf(deadline);
  const hoursOff = [most, ...own.values()].map(({ at = Number.NaN }) => (at - dueAt) / msPerHour);
  const shifted = areShifted(hoursOff)
    ? ` If your profile in ${host} has another time zone than ${policy.timezone}, all its dates are shifted.`
    : '';
  return {
    text: `${host} says that most students’ work is due ${most.text}, but rubric.yaml says ${deadline.due}, so the due dates there are not used.${shifted}`,
  };
}

/** Whether a different time zone may explain the dates, that of most students first: all are off by whole hours. */
function areShifted(hoursOff: readonly number[]): boolean {
  const [most = 0] = hoursOff;
  return Math.abs(most) <= 14 && hoursOff.every((hours) => hours !== 0 && Number.isInteger(hours));
}

/** The code of notes on a student's due date at the host. */
const dueAtHost = 'download/due';

/** Lists a student's own due date at the host if it counts or is not read, and any other that would reduce lateness. */
export function notesOnDue({ counted: counts, others }: Selection, grading: Grading): Note[] {
  const { hostDues: known, student, people, course } = grading;
  const due = known.get(student?.key ?? '');
  if (!student || !due || !course.file.deadline) return [];
  const { host, text, at, isOwn } = due;
  const noteOf = (said: string) =>
    knownBy(note('times', dueAtHost, `${host} has ${said}`, { when: text }), at ?? text);
  const own = 'a due date just for them, {when}.';
  if (due.extends !== undefined) return [noteOf(`${own} It counts as their due date.`)];
  if (at === undefined)
    return isOwn
      ? [noteOf(`${own} It cannot be read. If it is an extension, add a line to ${extensionsFile}.`)]
      : [];
  const versions = [...(counts ? [counts] : []), ...others.map(({ work }) => work)];
  if (!versions.some((work) => isLessLate(work, at, grading))) return [];
  const lines = [{ table: extensionsFile, cells: { who: people.wordFor(student), due: toIsoMinutes(at) } }];
  return [{ ...noteOf('a later due date for them, {when}.'), lines }];
}

/** Whether work would lose fewer points, or count, if it were due then. */
function isLessLate(
  { version, isStarted, isInTime, late }: GradedVersion,
  at: number,
  { course }: Grading,
): boolean {
  const then = timelinessOf(version, dueOf(course.file.deadline, at), course.rubric.possible);
  if (!isStarted || version.outside || !then.isInTime) return false;
  return !isInTime || (then.late?.cost ?? 0) < (late?.cost ?? 0);
}

/** Says how many students would lose fewer points by the host's due dates, and which date would fit most of them. */
export function notesOnDues(students: readonly StudentResult[], { hostDues: known }: OpenClass): RunNote[] {
  const dues = students.flatMap((result) => {
    const due = known.get(result.key);
    if (due?.at === undefined) return [];
    const wouldHelp = result.notes.some(
      (said) => said.code === dueAtHost && said.lines && isOpen(result, said),
    );
    return wouldHelp ? { ...due, later: toIsoMinutes(due.at) } : [];
  });
  const [first] = dues;
  if (!first) return [];
  const text = `${counted(dues.length, 'student')} would lose fewer points with their later due dates in ${first.host}; each has a decision that extends the due date to that date.`;
  const [[later, same] = []] = [...groupBy(dues, (due) => due.later)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  if (!same || 2 * same.length <= dues.length) return [{ text }];
  return [
    {
      text: `${text} ${later} fits ${same.length} of them.`,
      advice: {
        command: `To give it to all: --due ${later}.`,
        page: 'To give it to all, write it under More.',
      },
    },
  ];
}

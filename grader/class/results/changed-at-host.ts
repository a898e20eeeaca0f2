import { joinNames } from '../../system/lists';
import { conflicting } from '../decisions/decided';
import type { Decision } from '../decisions/decision.schema';
import type { People } from '../members/people';
import { computedPoints } from './corrections';
import { note, type RunNote } from './note';
import type { StudentResult } from './student-result.schema';

// Grades that a person changed at the roster's host. No upload overwrites one until somebody chooses that.

type ChangedAtHost = NonNullable<StudentResult['changedAtHost']>;

/** What there is to see of a changed grade: a decision about it counts while that is the same. */
export const seenAtHost = ({ points }: Pick<StudentResult, 'points'>, grade: string) => ({ points, grade });

/**
 * Adds that a person changed the grade at the host, if we computed one.
 *
 * @param decisions those that stand about the grade there.
 */
export function withChangedGrade(
  result: StudentResult,
  { host, grade }: Pick<ChangedAtHost, 'host' | 'grade'>,
  decisions: readonly Decision[],
): StudentResult {
  // If nothing was computed, the points come from a person, who has looked.
  if (computedPoints(result) === null) return result;
  const now = seenAtHost(result, grade);
  const counting = decisions.filter(({ saw }) => saw?.grade === now.grade && saw.points === now.points);
  const [first] = conflicting(counting).length > 0 ? [] : counting;
  if (first) {
    const becomes = first.does?.grade === undefined ? 'changes' : 'stays';
    return { ...result, changedAtHost: { host, grade, becomes } };
  }
  const text = `The grade in ${host} was changed there by hand: ${grade} now, ${result.points ?? 'none'} here.`;
  const notes = [note('changedAtHost', 'host/changed', text), ...result.notes];
  return { ...result, changedAtHost: { host, grade, becomes: 'waits' }, notes };
}

/** Whether a changed grade stays at its host until somebody decides that the one here takes its place. */
export function isLeftAtHost({ changedAtHost }: Pick<StudentResult, 'changedAtHost'>): boolean {
  return changedAtHost !== undefined && changedAtHost.becomes !== 'changes';
}

/** Names the students with a changed grade that nobody has decided on yet. */
export function notesOnChanges(students: readonly StudentResult[], people: People): RunNote[] {
  const open = students.flatMap((row) => {
    const { changedAtHost, student, points } = row;
    if (changedAtHost?.becomes !== 'waits') return [];
    return `${people.nameOf(student)} (${changedAtHost.grade} now, ${points} here)`;
  });
  if (open.length === 0) return [];
  const names = joinNames(open, open.length);
  const text = `Changed by hand at the host, so the upload leaves them out until you choose: ${names}.`;
  return [{ text, hasNames: true }];
}

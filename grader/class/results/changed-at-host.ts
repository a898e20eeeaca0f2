import { joinNames } from '../../system/lists';
import type { People } from '../members/people';
import { computedPoints } from './corrections';
import { type Note, note, type RunNote } from './note';
import { knownBy } from './note-code';
import type { StudentResult } from './student-result.schema';

// Grades that a person changed at the roster's host. No upload changes one back until somebody chooses that.

type ChangedAtHost = NonNullable<StudentResult['changedAtHost']>;

/** A result that says that its grade at a host was changed by hand, if one was computed. */
export function withChangedGrade(result: StudentResult, changedAtHost: ChangedAtHost): StudentResult {
  // Where nothing was computed, the points come from a line in a table, so somebody has looked.
  if (computedPoints(result) === null) return result;
  const said = noteOnChange(changedAtHost, result.points);
  return { ...result, changedAtHost, notes: [said, ...result.notes] };
}

/** Its code comes from the grade there, so another change asks again. */
function noteOnChange({ host, grade }: ChangedAtHost, here: number | null): Note {
  const text = `The grade in ${host} was changed there by hand: ${grade} now, ${here ?? 'none'} here.`;
  return knownBy(note('changedAtHost', 'host/changed', text), grade);
}

/** The facts that decide what becomes of such a grade. */
type Chosen = Pick<StudentResult, 'changedAtHost' | 'lookedAt' | 'override' | 'points'>;

/** Whether such a grade stays at its host because no line written for it sets points. */
export function isLeftAtHost(row: Chosen): boolean {
  const isSet = row.override !== undefined && isChosen(row);
  return row.changedAtHost !== undefined && !isSet;
}

/** Whether a line was written for such a grade. */
function isChosen({ changedAtHost, lookedAt, points }: Chosen): boolean {
  const code = changedAtHost && noteOnChange(changedAtHost, points).was;
  return code !== undefined && lookedAt?.codes.includes(code) === true;
}

/** Names the students with such a grade for which nobody has decided yet. */
export function notesOnChanges(students: readonly StudentResult[], people: People): RunNote[] {
  const open = students.flatMap((row) => {
    const { changedAtHost, student, points } = row;
    if (!changedAtHost || isChosen(row)) return [];
    return `${people.nameOf(student)} (${changedAtHost.grade} now, ${points} here)`;
  });
  if (open.length === 0) return [];
  const names = joinNames(open, open.length);
  const text = `Changed by hand at the host, so the upload leaves them out until you choose: ${names}.`;
  return [{ text, hasNames: true }];
}

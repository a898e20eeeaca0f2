import { joinNames } from '../../system/lists';
import type { People } from '../members/people';
import { computedPoints } from './corrections';
import { type Note, note, type RunNote } from './note';
import { knownBy } from './note-code';
import type { StudentResult } from './student-result.schema';

// Grades that a person changed at the roster's host. No upload overwrites one until somebody chooses that.

type ChangedAtHost = NonNullable<StudentResult['changedAtHost']>;

/** Adds a note that a person changed the grade at the host, if we computed one. */
export function withChangedGrade(result: StudentResult, changedAtHost: ChangedAtHost): StudentResult {
  // If nothing was computed, the points come from a line in a table, so somebody has looked.
  if (computedPoints(result) === null) return result;
  const said = noteOnChange(changedAtHost, result.points);
  return { ...result, changedAtHost, notes: [said, ...result.notes] };
}

/** The note's code comes from the grade there, so another change asks again. */
function noteOnChange({ host, grade }: ChangedAtHost, here: number | null): Note {
  const text = `The grade in ${host} was changed there by hand: ${grade} now, ${here ?? 'none'} here.`;
  return knownBy(note('changedAtHost', 'host/changed', text), grade);
}

/** The facts that decide what becomes of a grade that was changed at the host. */
type Chosen = Pick<StudentResult, 'changedAtHost' | 'lookedAt' | 'override' | 'points'>;

/** Whether a changed grade stays at its host because no line written for it sets points. */
export function isLeftAtHost(row: Chosen): boolean {
  const isSet = row.override !== undefined && isChosen(row);
  return row.changedAtHost !== undefined && !isSet;
}

/** Whether somebody wrote a line for the changed grade. */
function isChosen({ changedAtHost, lookedAt, points }: Chosen): boolean {
  const code = changedAtHost && noteOnChange(changedAtHost, points).was;
  return code !== undefined && lookedAt?.codes.includes(code) === true;
}

/** Names the students with a changed grade that nobody has decided on yet. */
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

import { joinNames } from '../../system/lists';
import type { People } from '../members/people';
import type { RunNote } from './graded-class';
import { type Note, note } from './note';
import { knownBy } from './note-code';
import type { StudentResult } from './student-result.schema';

// Grades that a person changed at the host of the roster. No upload changes one back before somebody chooses that.

type ChangedThere = NonNullable<StudentResult['changedThere']>;

/** A result that says that its grade at a host was changed by hand. */
export function withChangedGrade(result: StudentResult, changedThere: ChangedThere): StudentResult {
  const said = noteOnChange(changedThere, result.points);
  return { ...result, changedThere, notes: [said, ...result.notes] };
}

/** Its code is that of the grade there: another change asks again. */
function noteOnChange({ host, grade }: ChangedThere, here: number | null): Note {
  const text = `The grade in ${host} was changed there by hand: ${grade} now, ${here ?? 'none'} here.`;
  return knownBy(note('changedThere', 'host/changed', text), grade);
}

/** The facts that tell what becomes of such a grade. */
type Chosen = Pick<StudentResult, 'changedThere' | 'lookedAt' | 'override' | 'points'>;

/** Whether such a grade stays at its host: no line that was written for it sets points. */
export function isLeftThere(row: Chosen): boolean {
  const isSet = row.override !== undefined && isChosen(row);
  return row.changedThere !== undefined && !isSet;
}

/** Whether a line was written for such a grade. */
function isChosen({ changedThere, lookedAt, points }: Chosen): boolean {
  const code = changedThere && noteOnChange(changedThere, points).was;
  return code !== undefined && lookedAt?.codes.includes(code) === true;
}

/** Names those with such a grade of which nobody chose yet what becomes of it. */
export function notesOnChanges(students: readonly StudentResult[], people: People): RunNote[] {
  const open = students.flatMap((row) => {
    const { changedThere, student, points } = row;
    if (!changedThere || isChosen(row)) return [];
    return `${people.nameOf(student)} (${changedThere.grade} now, ${points} here)`;
  });
  if (open.length === 0) return [];
  const names = joinNames(open, open.length);
  const text = `Changed by hand at the host, so the upload leaves them out until you choose: ${names}.`;
  return [{ text, hasNames: true }];
}

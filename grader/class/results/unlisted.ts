import { counted, GraderError } from '../../message';
import { dayText } from '../../rubric/moment';
import { type People, rowsNow } from '../members/people';
import type { Roster } from '../members/roster';
import type { EarlierRun } from './graded-class';
import type { RunNote } from './note';
import type { StudentResult } from './student-result.schema';

// People of earlier runs who are not in this run's list. Everything that was recorded about them stays recorded, and is
// theirs again once a list has them.

/** The rows of people who are not in the class, as the last run that had them left them. */
export function unlistedRows(earlier: EarlierRun | undefined, people: People): StudentResult[] {
  if (!earlier) return [];
  const rows = [...rowsNow(earlier.students, people.all)].filter(([key]) => !people.get(key));
  return rows.map(([, row]) => ({ ...row, lastListed: row.lastListed ?? earlier.started }));
}

/**
 * Says who was in the list of the earlier run and is not in this one. Who was missing there was named then.
 *
 * @param isPart whether somebody said that the list is that of a part.
 * @throws {GraderError} if it lacks more than half of them, unless it is the list of a part.
 */
export function notesOnUnlisted(
  unlisted: readonly StudentResult[],
  earlier: EarlierRun | undefined,
  roster: Roster | undefined,
  isPart: boolean,
): RunNote[] {
  const missing = unlisted.filter(({ lastListed }) => lastListed === earlier?.started);
  const [first] = missing;
  if (!earlier || !first) return [];
  const listed = earlier.students.filter(({ lastListed }) => lastListed === undefined);
  const are = missing.length === 1 ? 'is' : 'are';
  const example = missing.length === 1 ? `: ${nameOf(first)}` : `, for example ${nameOf(first)}`;
  const text = `${counted(missing.length, 'student')} of the run of ${dayText(earlier.started)} ${are} not in this ${roster ? 'list' : 'download'}${example}.`;
  const left = 'if they left the course, results.jsonl keeps what they had.';
  const advice = {
    command: `If it is that of a part, give the whole ${roster ? 'list' : 'download'} or another --out; ${left}`,
    page: `If it is that of a part, give the whole ${roster ? 'list' : 'download'}, or the zip of that part; ${left}`,
  };
  if (2 * missing.length <= listed.length || isPart) return [{ text, advice, hasNames: true }];
  throw new GraderError('usage', listOfPart, text, advice, {
    command: 'Nothing was graded. To grade without them, add --part.',
    page: 'Nothing was graded.',
  });
}

/** The code of the error that a person may answer with yes. */
export const listOfPart = 'list-of-a-part';

const nameOf = ({ student, login, key }: StudentResult) => student.name || login || key;

import { dayText } from '../../rubric/moment';
import { groupBy } from '../../system/lists';
import { keysNow, type People, type Student } from '../members/people';
import { studentOf } from '../members/roster';
import type { Decision } from './decision.schema';
import type { Journal } from './journal';

// The decisions that stand, by whom or what they are about in this run.

type Aspect = Decision['aspect'];

export type PersonInDecision = Exclude<Decision['about'], { source: string }>;

/** The student in this run whom each of some people is, by the people's old key. */
function studentsNow(persons: readonly PersonInDecision[], students: readonly Student[]) {
  const before = persons.map((person) => ({ ...studentOf({}, 0), ...person }));
  const byKey = new Map(students.map((student) => [student.key, student]));
  return new Map([...keysNow(before, students)].flatMap(([key, now]) => [[key, byKey.get(now)] as const]));
}

/** The facts about a student by which a decision names them. */
export function personOf(student: Student): PersonInDecision {
  const { key, name, login, userId, studentId, participant, email } = student;
  const known = Object.entries({ name, login, userId, studentId, participant, email }).filter(
    ([, fact]) => fact !== '',
  );
  return { key, ...Object.fromEntries(known) };
}

/** Finds the decisions that stand about a student, by key. */
export type DecidedAbout = (key: string, aspect: Aspect) => readonly Decision[];

/** Sorts the decisions that stand by the student of this run whom each is about; others are about people not in it. */
export function decisionsAbout({ standing }: Journal, people: People) {
  const ofPeople = standing.flatMap((decision) =>
    'key' in decision.about ? [{ decision, about: decision.about }] : [],
  );
  const now = studentsNow(
    ofPeople.map(({ about }) => about),
    people.all,
  );
  const known = groupBy(ofPeople, ({ decision, about }) =>
    JSON.stringify([now.get(about.key)?.key, decision.aspect]),
  );
  const about: DecidedAbout = (key, aspect) =>
    (known.get(JSON.stringify([key, aspect])) ?? []).map(({ decision }) => decision);
  const others = ofPeople.filter((one) => !now.get(one.about.key));
  return { about, others: others.map(({ about: { name, key } }) => name ?? key) };
}

/** `by Ada on 4 December`, as far as it is known. */
export const whoAndWhen = ({ by, at }: Pick<Decision, 'by' | 'at'>) =>
  `${by === '' ? '' : `by ${by} `}on ${dayText(at)}`;

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

/** A submission, as far as decisions name it. */
interface Decidable {
  readonly source: { readonly name: string };
  readonly name: string;
}

/**
 * Finds whose submissions are, according to decisions that count. They count while a submission has the content that
 * was seen; of two that differ, neither counts.
 *
 * @param codeOf a code for everything that was handed in, if that can be read.
 * @returns the owners by the name of the submission, and the lines of a table that were seen; and the names of
 *   submissions that are not here.
 */
export async function decidedOwners<Submission extends Decidable>(
  { standing }: Journal,
  submissions: readonly Submission[],
  roster: readonly Student[],
  codeOf: (submission: Submission) => Promise<string | undefined>,
) {
  const nameOf = (source: string, submission: string) => JSON.stringify([source, submission]);
  const decisions = standing.flatMap((decision) =>
    'source' in decision.about && decision.aspect === 'owners' ? [{ decision, about: decision.about }] : [],
  );
  const bySubmission = groupBy(decisions, ({ about }) => nameOf(about.source, about.submission));
  const persons = decisions.flatMap(({ decision }) => decision.does?.owners ?? []);
  const now = studentsNow(persons, roster);
  const owners = new Map<
    string,
    { readonly students: readonly Student[]; readonly seen: readonly string[] }
  >();
  for (const submission of submissions) {
    const name = nameOf(submission.source.name, submission.name);
    const about = bySubmission.get(name)?.map(({ decision }) => decision) ?? [];
    bySubmission.delete(name);
    if (about.length === 0) continue;
    const code = await codeOf(submission);
    const counting = about.filter(({ saw }) => code !== undefined && saw?.content === code);
    const [same, ...others] = new Set(counting.map(({ does }) => JSON.stringify(does?.owners)));
    const [first] = counting;
    if (!first || same === undefined || others.length > 0) continue;
    const meant = (first.does?.owners ?? []).flatMap(({ key }) => now.get(key) ?? []);
    // Somebody who left the class owns nothing here.
    if (meant.length === 0 && first.does?.owners?.length !== 0) continue;
    owners.set(submission.name, {
      students: meant,
      seen: counting.flatMap(({ saw }) => saw?.line ?? []),
    });
  }
  return { owners, others: [...bySubmission.values()].map(([{ about }]) => about.submission) };
}

/** `by Ada on 4 December`, as far as it is known. */
export const whoAndWhen = ({ by, at }: Pick<Decision, 'by' | 'at'>) =>
  `${by === '' ? '' : `by ${by} `}on ${dayText(at)}`;

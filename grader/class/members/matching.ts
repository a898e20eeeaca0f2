import { groupBy } from '../../system/lists';
import { type ByHand, type Match, ownersByName, ownersOnRoster } from './owners';
import { byKey, comparableIdentity, identifiers, type Student } from './people';
import type { CollectedSubmission } from './source';

export type { Match } from './owners';

/** A student of a class with all submissions that are theirs; none if the student handed in nothing. */
export interface MatchedStudent {
  readonly student: Student;
  readonly matches: readonly Match[];
  /** Set if others in the student's group handed in. The question is asked only if the student has no work. */
  readonly question: TeamQuestion | undefined;
}

/** Asks whether a student has a part in something that others in the group handed in. */
interface TeamQuestion {
  readonly submissions: readonly string[];
  /** The keys of those who handed in. */
  readonly by: readonly string[];
  /** The lines that would give these submissions to the student, too; only those of the same section, if any. */
  readonly lines: readonly { readonly submission: string; readonly student: Student }[];
}

/** Everybody in a class, and every submission that belongs to nobody; each once, in order. */
export interface Matching {
  readonly matched: readonly MatchedStudent[];
  /** Submissions with `by: 'matches.csv'` are nobody's because a person said so. */
  readonly unmatched: readonly Match[];
}

/** Matches submissions to the roster. */
export function matchSubmissions(
  submissions: readonly CollectedSubmission[],
  roster: readonly Student[] | undefined,
  byHand: ByHand = new Map(),
): Matching {
  // 1. Find the owners of each submission, in its source.
  const sources = [...groupBy(submissions, ({ source }) => source).values()].map((inSource) =>
    roster ? ownersOnRoster(inSource, roster, byHand) : ownersByName(inSource, byHand),
  );
  const matches = sources.flat();
  // 2. Give each student everything that is theirs; without a roster, the submissions say who is in the class.
  const named = [...(roster ?? []), ...matches.flatMap(({ owners }) => owners)];
  const students = [...groupBy(named, ({ key }) => key).values()].map(([student]) => student);
  const owned = matches.flatMap((match) => match.owners.map(({ key }) => ({ key, match })));
  const matchesOf = groupBy(owned, ({ key }) => key);
  // 3. Look for students who may have a part in the work of their group.
  const questions = teamQuestions(sources, roster ?? []);
  const matched = students.sort(byKey).map((student): MatchedStudent => {
    const own = (matchesOf.get(student.key) ?? []).map(({ match }) => match);
    return { student, matches: own, question: questions.get(student.key) };
  });
  // 4. Keep submissions that belong to nobody, with their candidates. A student who has no work and lacks the fact by
  // which the source names everybody is a candidate, too.
  const without = (roster ?? []).filter(({ key }) => !matchesOf.has(key));
  const unmatched = sources.flatMap((inSource) => {
    const field = namedBy(inSource);
    const lacking = field === undefined ? [] : without.filter((student) => student[field] === '');
    return inSource
      .filter(({ owners }) => owners.length === 0)
      .map(({ candidates, ...match }) => ({
        ...match,
        // In a large class, most submissions share one list.
        candidates: candidates.length === 0 ? lacking : [...new Set([...candidates, ...lacking])],
      }));
  });
  unmatched.sort((one, other) => (one.submission.name < other.submission.name ? -1 : 1));
  return { matched, unmatched };
}

/** The field of a student by which a source names all of its submissions, if there is one. */
function namedBy(inSource: readonly Match[]) {
  const [way, ...others] = new Set(inSource.flatMap(({ by }) => (by && by !== 'matches.csv' ? by : [])));
  return others.length === 0 ? identifiers.find(([by]) => by === way)?.[1] : undefined;
}

/**
 * Finds students who may have been left out at a host that takes the work of teams, because others in their group
 * handed in there without them. Groups with the same name are one, across sections. A line for a submission answers the
 * question.
 *
 * @param sources the matches of each source.
 * @returns the questions by the key of the student.
 */
function teamQuestions(
  sources: readonly (readonly Match[])[],
  roster: readonly Student[],
): Map<string, TeamQuestion> {
  const takesTeams = sources.filter((matches) => matches.some(({ showsTeams }) => showsTeams));
  const undecided = takesTeams.flat().filter(({ by }) => by !== 'matches.csv');
  const groupsOf = groupReader(roster);
  const inGroups = undecided.flatMap((match) =>
    match.owners.flatMap(groupsOf).map((group) => ({ group, match })),
  );
  const byGroup = groupBy(inGroups, ({ group }) => group);
  const questions = roster.flatMap((student) => {
    const ofGroups = groupsOf(student).flatMap((group) => byGroup.get(group) ?? []);
    const matches = new Set(
      ofGroups.map(({ match }) => match).filter(({ owners }) => !owners.includes(student)),
    );
    if (matches.size === 0) return [];
    const inSection = [...matches].filter(({ owners }) =>
      owners.some(({ section }) => comparableIdentity(section) === comparableIdentity(student.section)),
    );
    const proposed = inSection.length > 0 ? inSection : [...matches];
    const lines = proposed.flatMap(({ submission, owners }) =>
      [...owners, student].map((member) => ({ submission: submission.name, student: member })),
    );
    const submissions = [...matches].map(({ submission }) => submission.name);
    const by = [...matches].flatMap(({ owners }) => owners.map(({ key }) => key));
    return [[student.key, { submissions, by, lines }] as const];
  });
  return new Map(questions);
}

/**
 * Returns a function that gives the groups of a student: the text in the cell, and each part of it between commas
 * that is somebody else's whole group.
 */
function groupReader(roster: readonly Student[]) {
  const whole = new Set(roster.map(({ group }) => comparableIdentity(group)));
  return ({ group }: Student): string[] => {
    const name = comparableIdentity(group);
    const parts = name.split(',').map((part) => comparableIdentity(part));
    return [...new Set([name, ...parts.filter((part) => whole.has(part))])].filter(Boolean);
  };
}

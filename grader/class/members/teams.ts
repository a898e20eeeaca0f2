import { groupBy } from '../../system/lists';
import type { Match } from './owners';
import { comparableIdentity, type Student } from './people';

/** The question whether a student has a part in what others of the group handed in. */
export interface TeamQuestion {
  readonly submissions: readonly string[];
  /** The lines that give these to the student, too: those of the student's section, if there are any. */
  readonly lines: readonly { readonly submission: string; readonly student: Student }[];
}

/**
 * Finds who may have been left out where a host takes the work of teams: while others of their group handed in there
 * without them. Groups of one name are one, across sections. A line for a submission answers the question.
 *
 * @param sources the matches of each source.
 * @returns the questions by the key of the student.
 */
export function teamQuestions(
  sources: readonly (readonly Match[])[],
  roster: readonly Student[],
): Map<string, TeamQuestion> {
  const takesTeams = sources.filter((matches) => matches.some(({ showsTeams }) => showsTeams));
  const undecided = takesTeams.flat().filter(({ by }) => by !== 'matches.csv');
  if (undecided.length === 0) return new Map();
  const groupsOf = groupReader(roster);
  const byGroup = <Item>(items: readonly Item[], groups: (item: Item) => Iterable<string>) =>
    groupBy(
      items.flatMap((item) => [...groups(item)].map((group) => ({ group, item }))),
      ({ group }) => group,
    );
  const matchesOf = byGroup(undecided, ({ owners }) => new Set(owners.flatMap(groupsOf)));
  const questions = roster.flatMap((student) => {
    const groups = groupsOf(student);
    const ofGroups = groups.flatMap((group) => matchesOf.get(group) ?? []).map(({ item }) => item);
    const matches = new Set(ofGroups.filter(({ owners }) => !owners.includes(student)));
    if (matches.size === 0) return [];
    const inSection = [...matches].filter(({ owners }) =>
      owners.some(({ section }) => section === student.section),
    );
    const proposed = inSection.length > 0 ? inSection : [...matches];
    const lines = proposed.flatMap(({ submission, owners }) =>
      [...owners, student].map((member) => ({ submission: submission.name, student: member })),
    );
    const submissions = [...matches].map(({ submission }) => submission.name);
    return [[student.key, { submissions, lines }] as const];
  });
  return new Map(questions);
}

/**
 * Returns a function that gives the groups of a student: what stands in the cell, and each part of it between commas
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

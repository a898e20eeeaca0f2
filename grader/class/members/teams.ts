import { groupBy } from '../../system/lists';
import type { Match } from './owners';
import { comparableIdentity, type Student, teamOf } from './people';

/** Submissions that may be a student's, too. */
export interface MayOwn {
  /**
   * The submission is not matched yet; somebody of the group handed it in; a group of the same name in another section
   * did; or each member of the group handed in one alone.
   */
  readonly why: 'candidate' | 'partner' | 'section' | 'apart';
  readonly submissions: readonly string[];
  /** The lines to add to `matches.csv` if they are theirs. */
  readonly lines: readonly { readonly submission: string; readonly student: Student }[];
}

interface Possible {
  readonly student: Student;
  readonly mayOwn: MayOwn;
}

/**
 * Finds who may have been left out where a host takes the work of teams: members of a group without work while others
 * of it have some, a group of another section that has the name of one that handed in, and groups whose members each
 * handed in alone. What a person decided is no question any more.
 *
 * @param sources the matches of each source.
 * @param withWork the keys of everybody who has work.
 */
export function leftOutOfTeams(
  sources: readonly (readonly Match[])[],
  roster: readonly Student[],
  withWork: ReadonlySet<string>,
): Possible[] {
  const takesTeams = sources.filter((matches) => matches.some(({ isTeams }) => isTeams));
  if (takesTeams.length === 0) return [];
  const matchesOf = matchesBy(sources.flat(), ({ key }) => key);
  const ofGroup = takesTeams.flat().filter(({ by }) => by === 'group');
  const matchesOfName = matchesBy(ofGroup, ({ group }) => comparableIdentity(group));
  const inGroups = roster.filter(({ group }) => group !== '');
  return [...groupBy(inGroups, teamOf).values()].flatMap((team) => {
    const without = team.filter(({ key }) => !withWork.has(key));
    const having = team.filter(({ key }) => withWork.has(key));
    const own = [...new Set(team.flatMap(({ key }) => matchesOf(key)))];
    const ofName = matchesOfName(comparableIdentity(team[0]?.group ?? ''));
    const isShared = own.some(({ owners }) => owners.filter((owner) => team.includes(owner)).length > 1);
    const ofOtherSections = isShared ? [] : ofName.filter((match) => !own.includes(match));
    const apart = isShared || having.length < 2 ? [] : own;
    return [
      ...possible('section', ofOtherSections, team, without),
      ...possible('partner', own, team, without),
      ...possible('apart', apart, team, having),
    ];
  });
}

/** Returns a function that finds the matches that no person decided, by something that is of one of their owners. */
function matchesBy(matches: readonly Match[], keyOf: (student: Student) => string) {
  const owned = matches
    .filter(({ by }) => by !== 'matches.csv')
    .flatMap((match) => [...new Set(match.owners.map(keyOf))].map((key) => ({ key, match })));
  const byKey = groupBy(owned, ({ key }) => key);
  return (key: string) => (byKey.get(key) ?? []).map(({ match }) => match);
}

/** Submissions that students may own, with lines that give each to all the team and leave it to those who have it. */
function possible(
  why: MayOwn['why'],
  matches: readonly Match[],
  team: readonly Student[],
  students: readonly Student[],
): Possible[] {
  if (matches.length === 0) return [];
  const lines = matches.flatMap(({ submission, owners }) =>
    [...new Set([...owners, ...team])].map((student) => ({ submission: submission.name, student })),
  );
  const submissions = matches.map(({ submission }) => submission.name);
  return students.map((student) => ({ student, mayOwn: { why, submissions, lines } }));
}

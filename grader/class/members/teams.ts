import { groupBy } from '../../system/lists';
import type { Match } from './owners';
import { groupName, People, type Student, teamOf } from './people';

/** A line of `matches.csv`. */
interface MatchLine {
  readonly submission: string;
  readonly login: string;
}

/** Submissions that may be a student's, too. */
export interface MayOwn {
  /**
   * The submission is not matched yet; somebody of the group handed it in; a group of the same name in another section
   * did; or each member of the group handed in one alone.
   */
  readonly why: 'candidate' | 'partner' | 'section' | 'apart';
  readonly submissions: readonly string[];
  /** What to add to `matches.csv` if they are. */
  readonly lines: readonly MatchLine[];
}

interface Possible {
  readonly student: Student;
  readonly mayOwn: MayOwn;
}

/**
 * Finds who may have been left out where a host takes the work of teams: members of a group without work while others of
 * it have some, a group of another section that has the name of one that handed in, and groups whose members each handed
 * in alone.
 *
 * @param sources the matches of each source.
 * @param withWork the keys of everybody who has work.
 */
export function leftOutOfTeams(
  sources: readonly (readonly Match[])[],
  roster: readonly Student[],
  withWork: ReadonlySet<string>,
): Possible[] {
  const teams = [
    ...groupBy(
      roster.filter(({ group }) => group !== ''),
      teamOf,
    ).values(),
  ];
  const people = new People(roster.map((student) => ({ key: student.key, student })));
  return sources
    .filter((matches) => matches.some(({ isTeams, owners }) => isTeams && owners.length > 0))
    .flatMap((matches) => teams.flatMap((team) => leftOutOf(team, matches, withWork, people)));
}

function leftOutOf(
  team: readonly Student[],
  matches: readonly Match[],
  withWork: ReadonlySet<string>,
  people: People,
): Possible[] {
  const without = team.filter(({ key }) => !withWork.has(key));
  const own = matches.filter(({ owners }) => owners.some((student) => team.includes(student)));
  const told = (why: MayOwn['why'], submissions: readonly Match[], students: readonly Student[]) => {
    const lines = submissions.flatMap(({ submission, owners }) =>
      [...new Set([...owners, ...team])].map((student) => ({
        submission: submission.name,
        login: people.wordFor({ key: student.key, student }),
      })),
    );
    const names = submissions.map(({ submission }) => submission.name);
    return students.map((student) => ({ student, mayOwn: { why, submissions: names, lines } }));
  };
  if (own.length === 0) {
    const isOfName = ({ group }: Student) => groupName(group) === groupName(team[0]?.group ?? '');
    const others = matches.filter(({ by, owners }) => by === 'group' && owners.some(isOfName));
    return others.length === 0 ? [] : told('section', others, without);
  }
  const isJoint = own.some(({ owners }) => owners.filter((student) => team.includes(student)).length > 1);
  const isApart = own.length > 1 && !isJoint;
  return [
    ...told('partner', own, without),
    ...(isApart
      ? told(
          'apart',
          own,
          team.filter((student) => !without.includes(student)),
        )
      : []),
  ];
}

import {
  type DescribedClass,
  firstNameOf,
  isOneTeam,
  isThere,
  membersOf,
  type Run,
  type Student,
  type Submission,
} from './described';

// Whose each submission is, written from “Whose it is” of docs/grade-a-class.md alone.

/** Whose a submission is: people of the class, or nobody; `isOpen` until somebody has said so. */
export interface Owned {
  readonly submission: Submission;
  readonly owners: readonly Student[];
  readonly isOpen: boolean;
  readonly hasLine: boolean;
  /** Whether it is a team's. */
  readonly isTeams: boolean;
  /** Those who may be meant, where it is nobody's. */
  readonly candidates: readonly Student[];
}

/** Those whom a submission may be called after: two that are called after the same people are told apart by nothing. */
function namesIn({ by }: Submission, described: DescribedClass): string {
  const { students } = described;
  const called = students.filter(({ name }) => firstNameOf(described, name) === firstNameOf(described, by));
  return [...called, ...membersOf(students, by)].map(({ name }) => name).join(' ') || by;
}

export function ownedBy(submission: Submission, described: DescribedClass, run: Run): Owned {
  const { by, from } = submission;
  const { roster, students, handedIn } = described;
  // Moodle's folders have a name, by which somebody is found only if one submission and one person fit it. Its worksheet
  // has the number that is there, too; elsewhere is what only that person has.
  const hasName = from !== 'GitHub' && from !== 'folders';
  const isCalledSo = (who: string) => firstNameOf(described, who) === firstNameOf(described, by);
  const ofName = students.filter(({ name }) => hasName && isCalledSo(name));
  const ofGroup = membersOf(students, by);
  const isByName = from === 'Moodle' && roster !== 'Moodle';
  const inSource = handedIn.filter((one) => one.from === from && isThere(one, run));
  const isAlone =
    inSource.filter((one) => namesIn(one, described) === namesIn(submission, described)).length === 1;
  const isOnlyOne = isAlone && ofName.length === 1;
  const named = isByName ? ofName.filter(() => isOnlyOne) : students.filter(({ name }) => name === by);
  // A line of `matches.csv` says whose it is: a login or a group, or `-` for nobody.
  const line = from === 'GitHub' ? run.matched.find(({ repository }) => repository === by) : undefined;
  const ofLine = students.filter(
    ({ name, team: group }) => line?.to.includes(name) || line?.to.includes(group),
  );
  // Canvas lists one student of a team: it is that student's group, which is of the course in a host's record, and else
  // of the section. Gradescope lists all. Elsewhere a group that two sections have finds nobody.
  const team = ofGroup.filter(
    ({ section }) => from !== 'Canvas' || roster === 'Canvas' || section === ofGroup[0]?.section,
  );
  const isFound = from === 'Canvas' || from === 'Gradescope' || isOneTeam(described, by);
  const isTeams = team.length > (from === 'Gradescope' ? 1 : 0);
  const found = [...named, ...(isFound && (isAlone || !isByName) ? team : [])];
  const isOpen = !line && found.length === 0;
  return {
    submission,
    owners: line ? ofLine : found,
    isOpen,
    hasLine: line !== undefined,
    isTeams,
    candidates: isOpen ? [...ofName, ...team] : [],
  };
}

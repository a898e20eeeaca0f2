import {
  type DescribedClass,
  firstNameOf,
  isOneTeam,
  isThere,
  type Matched,
  membersOf,
  type Run,
  type Student,
  type Submission,
} from './described';

// Who each submission belongs to, written from “Whose it is” of docs/grade-a-class.md alone.

/** The owners of a submission: people in the class, or nobody; `isOpen` until somebody has said so. */
export interface Owned {
  readonly submission: Submission;
  readonly owners: readonly Student[];
  readonly isOpen: boolean;
  readonly hasLine: boolean;
  /** Whether it belongs to a team. */
  readonly isTeams: boolean;
}

/** The students that a submission may be named after. If two submissions have the same result, nothing tells them apart. */
function namesIn({ by }: Submission, described: DescribedClass): string {
  const { students } = described;
  const called = students.filter(({ name }) => firstNameOf(described, name) === firstNameOf(described, by));
  return [...called, ...membersOf(students, by)].map(({ name }) => name).join(' ') || by;
}

/** The line of `matches.csv` for a repository. One about people who are not in this run changes nothing. */
function lineFor(by: string, { students }: DescribedClass, { matched }: Run): Matched | undefined {
  const isIn = (who: string) => students.some(({ name, team }) => name === who || team === who);
  return matched.find(({ repository, to }) => repository === by && (to.length === 0 || to.some(isIn)));
}

/** @param whole the class with those who are not in the list of this run. */
export function ownedBy(
  submission: Submission,
  described: DescribedClass,
  run: Run,
  whole: DescribedClass,
): Owned {
  const { by, from } = submission;
  const { roster, students, handedIn } = described;
  // Moodle's folders have a name, which finds a student only if exactly one submission and one person fit it. Moodle's
  // worksheet also has the number in the folder's name. Other sources have something that only that person has.
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
  // A line of `matches.csv` says who it belongs to: a login, a group, or `-` for nobody.
  const line = from === 'GitHub' ? lineFor(by, described, run) : undefined;
  const ofLine = students.filter(
    ({ name, team: group }) => line?.to.includes(name) || line?.to.includes(group),
  );
  // Canvas lists one student of a team, and the submission belongs to that student's group: of the whole course if the
  // roster is Canvas's, otherwise of the section. Gradescope lists all members. Elsewhere, a group name that two
  // sections share finds nobody.
  const team = ofGroup.filter(
    ({ section }) => from !== 'Canvas' || roster === 'Canvas' || section === ofGroup[0]?.section,
  );
  const { isFound, isTeams } = teamOf(submission, described, whole);
  const found = [...named, ...(isFound && (isAlone || !isByName) ? team : [])];
  const isOpen = !line && found.length === 0;
  return {
    submission,
    owners: line ? ofLine : found,
    isOpen,
    hasLine: line !== undefined,
    isTeams,
  };
}

/** Whether a submission is a team's, and whether its host, or its name, tells which. */
function teamOf({ by, from }: Submission, described: DescribedClass, whole: DescribedClass) {
  const submitters = membersOf(whole.students, by);
  if (from === 'Gradescope') return { isFound: true, isTeams: submitters.length > 1 };
  const isTeams = membersOf(described.students, by).length > 0;
  if (from !== 'Canvas') return { isFound: isOneTeam(described, by), isTeams };
  // Canvas lists only the first of a team; the rest are found by that student's line in the list.
  const [first] = submitters;
  return { isFound: first !== undefined && described.students.includes(first), isTeams };
}

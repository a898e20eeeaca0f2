import { calledIn, loginOf, membersOf, type Student, type Submission } from './described';
import { computedIn, type Results, type Setting } from './results';

// Who gets a row in a gradebook, and what gets feedback, written from docs/hosts.md alone.

/** The students in the gradebook of the roster's host, and the submissions and students that get feedback on a host. */
export interface Returned {
  readonly gradebook: readonly string[];
  readonly feedback: readonly string[];
}

/** Facts about earlier runs that decide whether a grade in Moodle was changed by hand. */
export interface Remembered {
  /** The students whose grade in Moodle was written by a run. */
  readonly written: Set<string>;
  /** The students whose grade the previous run considered changed by hand. */
  changed: ReadonlySet<string>;
}

/** A grade in Moodle was changed by hand if it is neither the current grade nor one that a run wrote. */
function changedIn({ roster, students }: Setting['described'], results: Results, { written }: Remembered) {
  const isChanged = ({ name, hostGrade, isShut }: Student) => {
    const result = results.get(name);
    const isOther = hostGrade !== '' && hostGrade !== result?.row.points && !written.has(name);
    return roster === 'Moodle' && !isShut && isOther && computedIn(result?.computed) !== 'none';
  };
  return new Set(students.filter(isChanged).map(({ name }) => name));
}

/** Undefined if somebody has several submissions: the model does not say which of them counts. */
export function returnedOf(
  { described, run, owned }: Setting,
  results: Results,
  remembered: Remembered,
): Returned | undefined {
  const { roster, students } = described;
  const changed = changedIn(described, results, remembered);
  // Such a student has no row until a line that was written for this note sets the points.
  const isLeft = (name: string) => {
    const isSeen = run.decided.some(({ who, codes }) => who === name && codes === 'as before');
    const isSet = isSeen && remembered.changed.has(name) && results.get(name)?.row.isByHand;
    return changed.has(name) && !isSet;
  };
  const pointsOf = ({ name }: Student) => results.get(name)?.row.points ?? null;
  const isOfTeams = (host: Submission['from']) =>
    owned.some(({ submission, isTeams, owners }) => submission.from === host && isTeams && owners.length > 0);
  // Only a host that the roster or a download is from has a gradebook.
  const isInUse = roster !== 'nobody' || owned.some(({ submission }) => submission.from === 'Canvas');
  const inGradebook = (isInUse ? students : []).filter((student) => {
    const { name, team, section, hostGrade, isShut } = student;
    const points = pointsOf(student);
    const { isByHand } = results.get(name)?.row ?? {};
    // If Canvas grades a group as one and its members' points differ, the group has no row.
    const isSplit =
      roster !== 'Moodle' &&
      team !== '' &&
      isOfTeams('Canvas') &&
      membersOf(students, team).some(
        (one) => (roster === 'Canvas' || one.section === section) && pointsOf(one) !== points,
      );
    // A student who is excused, or whose grade is locked, has no row. A grade at the host also stays where the grader
    // has 0, unless `overrides.csv` sets the 0.
    const staysAtHost =
      roster !== 'nobody' && (isShut || (points === 0 && Number(hostGrade) > 0 && !isByHand));
    return points !== null && !staysAtHost && !isLeft(name) && !isSplit;
  });
  for (const student of inGradebook)
    if (pointsOf(student) === student.hostGrade) remembered.written.add(student.name);
  const unlisted = [...remembered.changed].filter((name) => !results.has(name));
  remembered.changed = new Set([...changed, ...unlisted]);
  if ([...results.values()].some(({ row }) => !row.beside)) return undefined;
  // A team has one repository, and gets one file in Canvas. Moodle gets no zip for teams.
  const byWork = owned.filter(
    ({ submission: { from, commits }, owners }) =>
      (from === 'Canvas' || (from === 'GitHub' && commits)) && owners.length > 0,
  );
  const inMoodle = roster === 'Moodle' && !isOfTeams('Moodle') ? inGradebook : [];
  return {
    gradebook: inGradebook.map(({ name }) => loginOf(name)).sort(),
    feedback: [
      ...byWork.map(({ submission }) => `${submission.from} ${calledIn(submission, described)}`),
      ...inMoodle.map(({ name }) => `Moodle ${calledIn({ by: name, from: 'Moodle' }, described)}`),
    ].sort(),
  };
}

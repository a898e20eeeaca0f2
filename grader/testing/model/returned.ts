import { calledIn, isShown, loginOf, membersOf, type Student, type Submission } from './described';
import { computedIn, type Results, type Setting } from './results';

// Whom gradebooks and feedback reach, written from docs/hosts.md alone.

/** Who has a row in the gradebook of the roster's host, and what hosts give feedback on. */
export interface Returned {
  readonly gradebook: readonly string[];
  readonly feedback: readonly string[];
}

/** Facts about earlier runs that decide whether a grade in Moodle was changed by hand. */
export interface Remembered {
  /** The names of those into whose row a run wrote the grade that is there. */
  readonly written: Set<string>;
  /** The names of those whose grade the run before took for one that was changed by hand. */
  changed: ReadonlySet<string>;
}

/** A grade there that is neither the one here nor one that a run wrote was changed by hand. */
function changedIn({ roster, students }: Setting['described'], results: Results, { written }: Remembered) {
  const isChanged = ({ name, hostGrade, isShut }: Student) => {
    const result = results.get(name);
    const isOther = hostGrade !== '' && hostGrade !== result?.row.points && !written.has(name);
    return roster === 'Moodle' && !isShut && isOther && computedIn(result?.computed) !== 'none';
  };
  return new Set(students.filter(isChanged).map(({ name }) => name));
}

/** Undefined where somebody has several submissions: which of them counts is not told here. */
export function returnedOf(
  { described, run, owned }: Setting,
  results: Results,
  remembered: Remembered,
): Returned | undefined {
  const { roster, students } = described;
  const changed = changedIn(described, results, remembered);
  // Its row is left out until a line that was written for it sets points.
  const isLeft = (name: string) => {
    const isSeen = run.decided.some(({ who, codes }) => who === name && codes === 'as before');
    const isSet = isSeen && remembered.changed.has(name) && results.get(name)?.row.isByHand;
    return changed.has(name) && !isSet;
  };
  const pointsOf = ({ name }: Student) => results.get(name)?.row.points ?? null;
  const isOfTeams = (host: Submission['from']) =>
    owned.some(({ submission, isTeams }) => submission.from === host && isTeams);
  // There is a gradebook of a host alone from which the roster or a download is.
  const isInUse = roster !== 'nobody' || owned.some(({ submission }) => submission.from === 'Canvas');
  const shown = students.filter((student) => results.has(student.name) && isShown(student, run.section));
  const inGradebook = (isInUse ? shown : []).filter((student) => {
    const { name, team, section, hostGrade, isShut } = student;
    const points = pointsOf(student);
    const { isByHand } = results.get(name)?.row ?? {};
    // Where a group is graded as one in Canvas and its members' points differ, it has no row.
    const isSplit =
      roster !== 'Moodle' &&
      team !== '' &&
      isOfTeams('Canvas') &&
      membersOf(students, team).some(
        (one) =>
          results.has(one.name) &&
          (roster === 'Canvas' || one.section === section) &&
          pointsOf(one) !== points,
      );
    // Who is excused, or whose grade may not be changed, has no row; and a grade there stays where 0 is here, unless
    // `overrides.csv` sets it.
    const staysAtHost =
      roster !== 'nobody' && (isShut || (points === 0 && Number(hostGrade) > 0 && !isByHand));
    return points !== null && !staysAtHost && !isLeft(name) && !isSplit;
  });
  for (const student of inGradebook)
    if (pointsOf(student) === student.hostGrade) remembered.written.add(student.name);
  remembered.changed = changed;
  if ([...results.values()].some(({ row }) => !row.beside)) return undefined;
  // A team has one repository, and reads one file in Canvas. For teams no zip is written for Moodle.
  const byWork = owned.filter(
    ({ submission: { from, commits }, owners }) =>
      (from === 'Canvas' || (from === 'GitHub' && commits)) &&
      owners.some((owner) => isShown(owner, run.section)),
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

import { classHosts } from './downloads/class-hosts';
import { described, rowsNow } from './members/people';
import type { OutputFiles } from './output-files';
import { type EarlierRun, type GradedClass, runVersion } from './results/graded-class';
import { anotherAttempt } from './results/student-result';
import type { StudentResult } from './results/student-result.schema';

// Compares a run with the earlier one: which grades changed, and which gradebooks have to be uploaded again.

/**
 * Reads the earlier run from the texts of its files.
 *
 * @returns undefined if the run is incomplete or was written by another version.
 */
export function earlierRun(
  runText: string,
  students: readonly string[],
  unmatched: readonly string[],
): EarlierRun | undefined {
  const run = JSON.parse(runText) as OutputFiles['run'];
  const rows = students.map((line): StudentResult => JSON.parse(line));
  const listed = rows.filter(({ lastListed }) => lastListed === undefined);
  const isComplete =
    run.version === runVersion && listed.length === run.students && unmatched.length === run.unmatched;
  if (!isComplete) return undefined;
  return {
    started: run.started,
    students: rows,
    extensions: run.extensions,
    archives: run.archives,
  };
}

/** The students whose points or status changed between two runs, and why. */
export function gradeChanges(before: EarlierRun, { students }: GradedClass) {
  const olds = rowsNow(
    before.students,
    students.map(({ student }) => student),
  );
  return students.flatMap((young) => {
    const old = olds.get(young.key);
    if (old?.points === young.points && old.status === young.status) return [];
    return {
      who: described(young.student),
      login: young.login || young.key,
      before: old?.points ?? null,
      after: young.points,
      reasons: reasonsFor(young, old),
      onlyAtHost: young.onlyAtHost?.state,
    };
  });
}

/** The facts that determine a grade. Facts about work are undefined if there is no work. */
const gradeOrigins: Record<string, (row: StudentResult) => unknown> = {
  'the rubric': ({ report }) => report?.rubric,
  'the answer key': ({ report }) => report?.key,
  'the answers or their marks': ({ report }) => report?.rows,
  'the reflection': ({ responses }) => responses,
  'lateness or points set by hand': ({ adjustments }) => adjustments,
  'the status': ({ status }) => status,
};

function reasonsFor(now: StudentResult, old: StudentResult | undefined) {
  if (!old) return ['was not in an earlier run'];
  return Object.entries(gradeOrigins).flatMap(([fact, factOf]) => {
    const before = factOf(old);
    const after = factOf(now);
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    return isSame || before === undefined || after === undefined ? [] : `${fact} changed`;
  });
}

export function changeLines(changes: ReturnType<typeof gradeChanges>) {
  const listed = changes.map((change) => {
    const { who, before, after, reasons } = change;
    return `    ${who}: ${before ?? '-'} to ${after ?? '-'}: ${reasons.join(', ')}${gradeLeftBehind(change)}`;
  });
  return [`Grades that differ from the earlier run: ${changes.length || 'none'}.`, ...listed];
}

/** Advice on points that a student no longer has: none of our files for a host can remove them there. */
function gradeLeftBehind({ before, after, onlyAtHost }: ReturnType<typeof gradeChanges>[number]): string {
  if (before === null || after !== null) return '';
  if (onlyAtHost === 'reopened') return `. At the host, ${anotherAttempt}`;
  // The host has work that we do not have, so its grade may be right.
  return onlyAtHost ? '' : '. If a host has these points, delete them there';
}

/**
 * Lists the gradebooks that differ from the earlier run and so have to be uploaded again. The steps cover feedback.
 *
 * @param isOther tells whether a file is in both runs and differs between them.
 */
export function changedForHosts(written: Iterable<string>, isOther: (name: string) => boolean): string[] {
  const writtenNames = new Set(written);
  const files = classHosts.flatMap(({ gradebooks = {} }) => Object.keys(gradebooks));
  const changed = files.filter((name) => writtenNames.has(name) && isOther(name));
  return changed.length === 0
    ? []
    : [`These files changed. Upload again those that you had uploaded: ${changed.join(', ')}.`];
}

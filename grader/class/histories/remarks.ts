import { cellsOf, type Rubric, rowsOf, studentFiles } from '../../rubric/rubric';
import { responseCount } from '../../submission/reflection';
import { readSubmission, type Submission } from '../../submission/submission';
import type { Due, State } from './deadline';
import {
  type Commit,
  type History,
  haveSameFiles,
  isCheckedOut,
  toIsoSeconds,
  uncommitted,
  type Version,
} from './history';
import { type Warning, warning } from './warning.schema';

// Remarks on a history for the instructor: every way in which a grade may differ from what the student's commits
// earned.

/** Warns that the commits that count may be in a part of the history that this clone lacks. */
export function behindCut(): Warning {
  return warning(
    'history',
    'history/cut',
    'This clone has only a part of the history, and what was handed in on time may be in the rest, so there are no points. Fetch the whole history (git fetch --unshallow), and grade again.',
  );
}

/** Warns that some work was submitted too late to count. */
export function afterCutoff(time: number): Warning {
  return warning(
    'after cutoff',
    'class/after-cutoff',
    `Submitted after the cutoff; not counted: ${toIsoSeconds(time)}.`,
  );
}

/** The submission that is graded, and where it comes from. */
export interface GradedState {
  readonly submission: Submission;
  /** Undefined for files on disk, like `version`. */
  readonly state?: State;
  readonly version?: Version;
}

/** Returns warnings about how the graded state compares with the rest of the history. */
export async function historyRemarks(
  root: string,
  history: History,
  { state, version, submission }: GradedState,
  due: Due | undefined,
  rubric: Rubric,
): Promise<Warning[]> {
  const [newest] = history.mainline;
  const files = studentFiles(rubric);
  const now = newest && (await history.version(newest, rubric));
  const work = workOf(submission);
  const remarks: Warning[] = [];
  if (state?.isMerged)
    remarks.push(
      warning(
        'history',
        'history/merged',
        `What counts is the commit ${state.commit.id.slice(0, 7)} of ${toIsoSeconds(state.time)}: it was on time on a branch that was merged later.`,
      ),
    );
  if (due && now && version && now.commit.time > due.closesAt) {
    if (!haveSameFiles(now, version, files)) remarks.push(afterCutoff(now.commit.time));
  }
  const limit = due && state ? Math.max(due.closesAt, state.time) : Number.POSITIVE_INFINITY;
  const most = work < workOfAll(rubric) ? await fullest(history, rubric, limit) : undefined;
  if (most && most.work > work)
    remarks.push(
      warning(
        'elsewhere',
        'history/fewer',
        `The commit ${most.commit.id.slice(0, 7)} of ${toIsoSeconds(most.commit.time)} has more answers than what is graded: ${most.work} cells and responses, and ${work} here. Was work lost in a merge, or the stub restored?`,
      ),
    );
  const branches = [];
  const { refs, unseen } = await history.branches();
  if (unseen > 0)
    remarks.push(warning('history', 'history/branches', `${unseen} more branches were not looked at.`));
  for (const branch of refs) {
    if (history.commits.has(branch.commit.id)) continue;
    const other = await history.version(branch.commit, rubric);
    // Without a deadline that asks for commits, the files on disk are graded. A branch that matches them needs no
    // remark.
    const isOnDisk =
      !version && isCheckedOut(root, rubric) && (await uncommitted(root, [other], rubric)).length === 0;
    if (isOnDisk) continue;
    const found = workIn(other, rubric);
    const isNewer = found > 0 && newest !== undefined && branch.commit.time > newest.time;
    if (found > work || (isNewer && now && !haveSameFiles(other, now, files))) branches.push(branch);
  }
  const [first, ...others] = branches;
  if (first)
    remarks.push(
      warning(
        'elsewhere',
        'history/other-branch',
        `The branch {branch} has other answers than the default branch, and does not count (its last commit: ${toIsoSeconds(first.commit.time)})${others.length > 0 ? `; so do ${others.length} more` : ''}.`,
        { branch: first.name },
      ),
    );
  if (version && now) remarks.push(...(await uncommittedRemarks(root, history, [version, now], rubric)));
  else if (now)
    remarks.push(
      ...(await uncommitted(root, [now], rubric)).map((file) =>
        warning(
          'elsewhere',
          'class/not-default',
          `${file} in the folder is graded, but differs from the default branch (commit ${now.commit.id.slice(0, 7)}).`,
        ),
      ),
    );
  return remarks;
}

/** @param committed versions that need no remark if the files in the folder match them. */
async function uncommittedRemarks(
  root: string,
  history: History,
  committed: readonly Version[],
  rubric: Rubric,
): Promise<Warning[]> {
  const head = await history.checkedOut();
  const versions = head ? [await history.version(head, rubric)] : [];
  return (await uncommitted(root, [...committed, ...versions], rubric)).map((file) =>
    warning(
      'elsewhere',
      'class/uncommitted',
      `${file} in the folder is not what was committed; what was committed counts.`,
    ),
  );
}

/** The most states that are searched for lost work. */
const maxStates = 200;

/** Finds the state with the most answers, up to a point in time. */
async function fullest(
  history: History,
  rubric: Rubric,
  limit: number,
): Promise<{ commit: Commit; work: number } | undefined> {
  const seen = new Set<string>();
  let best: { commit: Commit; work: number } | undefined;
  for (const commit of history.byTime()) {
    if (commit.time > limit) continue;
    if (history.isSpent() || seen.size >= maxStates) break;
    const version = await history.version(commit, rubric);
    if (seen.has(version.id)) continue;
    seen.add(version.id);
    const work = workIn(version, rubric);
    if (!best || work > best.work) best = { commit, work };
  }
  return best;
}

/** Counts the cells and responses of complete work. A submission with that many has lost nothing that counts. */
function workOfAll(rubric: Rubric): number {
  return cellsOf({ rows: rowsOf(rubric) }).length + (rubric.reflection?.choose ?? 0);
}

/** Counts the cells and responses that are filled in. */
function workOf({ answers, reflection }: Submission): number {
  const cells = cellsOf(answers).filter((cell) => cell.kind !== 'blank' && cell.sourceText !== undefined);
  return cells.length + (reflection ? responseCount(reflection) : 0);
}

/** Counts the filled-in cells and responses of a version. */
export function workIn(version: Version, rubric: Rubric): number {
  return workOf(readSubmission(version.found, rubric));
}

/** Warns if the newest tag that a host put on a submission marks another commit than the graded one. */
export function strayTags(
  tags: readonly { name: string; commit: Commit }[],
  graded: Commit | undefined,
): Warning[] {
  const [newest] = tags;
  if (!newest || !graded || newest.commit.id === graded.id) return [];
  return [
    warning(
      'other',
      'class/other-tag',
      `The tag {tag} marks another commit (${newest.commit.id.slice(0, 7)}) than the one that is graded (${graded.id.slice(0, 7)}). To grade tags, write submission: tag under deadline in rubric.yaml.`,
      { tag: newest.name },
    ),
  ];
}

import { messageOf } from '../../error';
import type { Report } from '../../grading/report.schema';
import { message } from '../../message';
import { gradingFailed } from '../../render/escape/actions';
import { type FoundFiles, findFiles } from '../../submission/find';
import { findInFolder, readListed } from '../../submission/folder';
import type { Submission as Read } from '../../submission/submission';
import { type Due, dueOf, type Lateness, latenessOf, toIsoSeconds } from '../histories/deadline';
import { firstAttempts } from '../histories/first-attempts';
import { GitError } from '../histories/git';
import { contentOf, type History, readHistory, type Version } from '../histories/history';
import type { Member, Work } from '../members/matching';
import { changedFiles } from './integrity';
import { adviceOn, choicesOf, disputedCells, reportRemarks, statusOf } from './review';
import type { Run } from './run';
import type { Adjustment, Status, StudentResult } from './student-result.schema';
import { about, type Warning, warning } from './warning.schema';

/** One content of the two files, and when it was handed in, in milliseconds since 1970 if that is known. */
interface Candidate {
  readonly found: FoundFiles;
  readonly time?: number | undefined;
  readonly version?: Version;
}

/** A candidate with the points that it would earn. */
export interface Graded extends Candidate {
  readonly submission: Read;
  readonly report: Report;
  readonly status: Status;
  /** Null where there is no fair grade. */
  readonly points: number | null;
  readonly late: Lateness | undefined;
}

/** The part of a result that the work decides. */
type Outcome = Omit<StudentResult, 'key' | 'login' | 'enrolled'>;

const nothing = { points: null, adjustments: [], responses: [] };

/** What a student reads of work that the grader could not get at. */
const unreadWork = message(
  'class/unread-work',
  'Your work could not be read, which costs you nothing. Write to your instructors; they were told why.',
);

/** Grades all work of one student and keeps the best. Every student gets a row, even if grading fails. */
export async function gradeMember(member: Member, run: Run): Promise<StudentResult> {
  const row = rowOf(member, run);
  const rows: StudentResult[] = [];
  for (const work of member.work)
    rows.push({ ...row, ...(await gradeWork(member, work, row.warnings, run)) });
  const [first, ...others] = rows.sort((one, other) => worthOf(other) - worthOf(one));
  if (!first) return withPolicy(withoutWork(member, row), run);
  const isSame = ({ report, status }: StudentResult) =>
    status === first.status && JSON.stringify(report?.rows) === JSON.stringify(first.report?.rows);
  if (others.every(isSame) && others.every(({ source }) => source === first.source))
    return withPolicy(first, run);
  const whose = member.student?.group ? 'this student or the group' : 'this student';
  const places = others
    .map((_, index) => `{place${index + 1}} (${others[index]?.points ?? 'no'} points)`)
    .join(', ');
  const text = `There are ${rows.length} submissions by ${whose}. The one with the most points counts. The others: ${places}.`;
  const quotes = Object.fromEntries(others.map(({ folder = '' }, index) => [`place${index + 1}`, folder]));
  return withPolicy(
    { ...first, warnings: [warning('twice', 'class/twice', text, quotes), ...first.warnings] },
    run,
  );
}

function withoutWork(member: Member, row: StudentResult): StudentResult {
  if (!member.hasNoLogin) return { ...row, status: 'no submission' };
  const text =
    'Submissions are named by login, and the roster has none for this student, so no work could be found. Add the login to the roster and grade again.';
  return { ...row, status: 'no login', warnings: [warning('no login', 'class/no-login', text)] };
}

/** Gives a zero for missing work only if the rubric says so. A failure never becomes a zero. */
function withPolicy(row: StudentResult, { course }: Run): StudentResult {
  const isMissing =
    row.status === 'no submission' || row.status === 'no login' || row.status === 'after cutoff';
  if (!isMissing || course.file.no_submission !== 'zero') return row;
  const reason = `0 points for “${row.status}”, as rubric.yaml says (no_submission: zero)`;
  const zero: Adjustment = { kind: 'no submission', reason, before: null, after: 0 };
  return { ...row, points: 0, adjustments: [...row.adjustments, zero] };
}

/** What is known of a student before there is any work. */
function rowOf(
  { key, login, student, candidates = [] }: Member,
  { hasRoster, extensions }: Run,
): StudentResult {
  const extension = extensions.get(key);
  const named = candidates.slice(0, 9);
  const isOpen = hasRoster && !student;
  const quotes = Object.fromEntries(named.map((who, index) => [`login${index + 1}`, who]));
  const may = `This submission is not matched to a student. It may belong to ${named.map((_, index) => `{login${index + 1}}`).join(' or ')}. Write whose it is in matches.csv.`;
  const unknown =
    named.length === 0
      ? warning('unknown', 'class/unknown', 'This submission belongs to nobody on the roster.')
      : warning('ambiguous', 'class/ambiguous', may, quotes);
  return {
    key,
    login,
    ...(student && { student }),
    ...(student?.group && { group: student.group }),
    ...(extension !== undefined && { extension: toIsoSeconds(extension) }),
    status: 'graded',
    enrolled: !isOpen,
    ...nothing,
    warnings: isOpen ? [unknown] : [],
  };
}

/** @param known remarks on the student, whatever the work is. */
async function gradeWork(
  member: Member,
  { submission, matchedBy, isShared, remarks }: Work,
  known: readonly Warning[],
  run: Run,
): Promise<Outcome> {
  const { folder, source, returnsAs, lost } = submission;
  const { student } = member;
  const facts = {
    folder: submission.name,
    source: source.name,
    ...(matchedBy && { matched: matchedBy }),
    ...(isShared && { shared: true as const }),
    ...(isShared && !student?.group && { group: submission.name }),
    ...(returnsAs !== undefined && { returnsAs }),
    ...(submission.owners.some(({ userId }) => userId !== undefined && userId === student?.userId) && {
      uploaded: true as const,
    }),
  };
  const said = [...known, ...[...submission.remarks, ...remarks].map(about('download'))];
  const failed = (why: Warning) => ({
    ...facts,
    ...nothing,
    advice: [unreadWork],
    status: 'failed' as const,
    warnings: [...said, why],
  });
  if (lost) return failed(about('failed')(lost));
  try {
    const due = run.course.file.deadline && dueOf(run.course.file.deadline, run.extensions.get(member.key));
    const { history, notes } = await historyOf(submission, run);
    const outcome = history
      ? await gradeHistory(submission, history, due, run)
      : await gradeFiles(submission, due, run);
    const changed = folder !== undefined && run.released ? changedFiles(folder, run.released) : [];
    return {
      ...facts,
      ...outcome,
      warnings: [...said, ...notes, ...outcome.warnings, ...changed],
    };
  } catch (error) {
    const isGits = error instanceof GitError;
    const text = isGits
      ? `the history cannot be read (${error.message}), and points depend on it; look at the repository, and fetch it again or set the points in overrides.csv.`
      : '{said}';
    const said = isGits ? error.said : messageOf(error);
    return failed(warning('failed', 'class/failed', `${gradingFailed}: ${text}`, { said }));
  }
}

/**
 * Reads the history of a submission that is a clone.
 *
 * @throws {GitError} where points depend on a history that cannot be read: late work would count in full.
 */
async function historyOf(
  { folder, repository }: Work['submission'],
  { course: { file, rubric }, hasGit, grader, now }: Run,
): Promise<{ history?: History | undefined; notes: readonly Warning[] }> {
  if (folder === undefined || repository === undefined || !hasGit) return { notes: [] };
  try {
    const isByTag = file.deadline?.submission === 'tag';
    const history = await readHistory(folder, repository, rubric, grader.readers, now, isByTag);
    return { history, notes: [] };
  } catch (error) {
    if (!(error instanceof GitError) || file.deadline || repository === '.') throw error;
    const text = `The history cannot be read: ${error.message}.`;
    return { notes: [warning('history', 'history/unreadable', text, { said: error.said })] };
  }
}

/** Grades files that have no history and at most one time. */
async function gradeFiles(
  { files, submittedAt, folder, repository, source }: Work['submission'],
  due: Due | undefined,
  run: Run,
): Promise<Outcome> {
  const listed = files();
  const isEmptied = folder !== undefined && listed.length === 0 && repository === undefined;
  if (isEmptied) throw new Error('nothing was found in the folder; fetch it again');
  const { rubric } = run.course;
  const found = findFiles(await readListed(listed, rubric), rubric, run.grader.readers);
  const graded = await gradeCandidate({ found, time: submittedAt }, due, run);
  const text = 'It is unknown when this was handed in, so it does not count as late.';
  const [counted] = inTime([graded], due);
  const outcome = await outcomeOf(counted, [graded], due, run);
  const isOdd = due && submittedAt === undefined && source.hasTimes && outcome.status !== 'no submission';
  const half =
    'Canvas gives only the latest attempt, and this one holds only one of the two files. An earlier attempt may hold the other.';
  const isHalf = source.format.id === 'canvas' && rubric.reflection && found.files.size === 1;
  const notes = [
    ...(isOdd ? [warning('no time', 'class/no-time', text)] : []),
    ...(isHalf ? [warning('download', 'download/attempt', half)] : []),
  ];
  return { ...outcome, warnings: [...notes, ...outcome.warnings] };
}

/** Grades every version of a history. The one with the most points after lateness counts. */
async function gradeHistory(
  submission: Work['submission'],
  history: History,
  due: Due | undefined,
  run: Run,
): Promise<Outcome> {
  const { rubric, file, key } = run.course;
  const graded: GradedVersion[] = [];
  for (const version of history.versions) {
    const time = version.earliest.isDoubtful ? undefined : version.earliest.time;
    graded.push({ ...(await gradeCandidate({ found: version.found, time, version }, due, run)), version });
  }
  const isByTag = file.deadline?.submission === 'tag';
  const own = graded.filter(({ version }) => version.branch === undefined);
  const counting = own.filter(({ version }) => !isByTag || version.isTagged);
  const newest = own.find(({ version }) => version.commits.includes(history.tip));
  const repository = history.page === undefined ? {} : { repository: history.page };
  const isUnknown = ({ version: { isCut, earliest } }: GradedVersion) =>
    due !== undefined && isCut && earliest.time > due.graceEndsAt;
  const isOnTime = ({ version: { earliest } }: GradedVersion) =>
    !due || earliest.isDoubtful || earliest.time <= due.graceEndsAt;
  const text =
    'This clone has only a part of the history, and what was handed in on time may be in the rest. Fetch the whole history (git fetch --unshallow), and grade again.';
  const cut = warning('history', 'history/cut', text);
  if (due && history.isCut && !counting.some(isOnTime))
    return { ...nothing, ...repository, status: 'failed', advice: [unreadWork], warnings: [cut] };
  const known = counting.filter((one) => !isUnknown(one));
  const candidates = rubric.selfCheck === 'form' ? lastOf(known, due) : known;
  const counted = bestOf(inTime(candidates, due));
  const outcome = await outcomeOf(counted, candidates, due, run);
  const isEarlier = counted && newest && counted !== newest && isStarted(counted);
  const others = graded.filter((one) => one !== counted);
  const remarks = [
    ...(known.length < counting.length ? [cut] : []),
    ...(isEarlier ? [earlierRemark(counted, newest, due)] : []),
    ...(counted?.version.earliest.isDoubtful ? [doubtRemark(counted.version, run)] : []),
    ...notCounted(others, counted, due, isByTag),
    ...(await uncommitted(submission, graded, counted, due, run)),
  ];
  const byTime = [...own].sort((one, other) => one.version.earliest.time - other.version.earliest.time);
  const first = await firstAttempts(
    byTime.map(({ submission }) => submission.answers),
    rubric,
    key,
  );
  const isLeft = newest !== undefined && newest !== counted && newest.points === null;
  return {
    ...outcome,
    ...(isLeft && inTime([newest], due).length > 0 && (await adviceFor(newest, due, run))),
    ...repository,
    ...(first && { first }),
    ...(isEarlier && { earlier: true as const }),
    warnings: [...outcome.warnings, ...remarks],
  };
}

/**
 * Where students see no marks: only the last version on time and the last one that counts, so that none is a guess;
 * and what came too late to count. A commit whose time is not known may be on time.
 */
function lastOf(all: readonly GradedVersion[], due: Due | undefined): GradedVersion[] {
  const commits = all.flatMap((one) => one.version.commits.map((commit) => ({ one, ...commit })));
  const lastUpTo = (limit: number) => {
    const inside = commits.filter(({ time, isDoubtful }) => isDoubtful || time <= limit);
    return inside.sort((a, b) => b.place - a.place)[0]?.one ?? [];
  };
  const limits = due ? [due.graceEndsAt, due.closesAt] : [Number.POSITIVE_INFINITY];
  const tooLate = all.filter(({ time = 0 }) => due && time > due.closesAt);
  return [...new Set([...limits.flatMap(lastUpTo), ...tooLate])];
}

async function gradeCandidate(
  candidate: Candidate,
  due: Due | undefined,
  { course, grader }: Run,
): Promise<Graded> {
  const submission = grader.read(candidate.found);
  const report = await grader.score(submission);
  const late =
    due && candidate.time !== undefined ? latenessOf(due, candidate.time, course.rubric.possible) : undefined;
  const status = statusOf(report, candidate.found);
  const isFair = status === 'graded' || status === 'not started';
  return {
    ...candidate,
    submission,
    report,
    status,
    late,
    points: isFair ? afterLateness(report.points, late) : null,
  };
}

function afterLateness(points: number | null, late: Lateness | undefined): number | null {
  return points === null ? null : Math.max(0, points - (late?.cost ?? 0));
}

function inTime<One extends Graded>(all: readonly One[], due: Due | undefined): One[] {
  return all.filter(({ time }) => !due || time === undefined || time <= due.closesAt);
}

/** Ranks work: by its points; then what only a person can judge; then work without points; then nothing at all. */
function worthOf({ points, status }: Pick<StudentResult, 'points' | 'status'>): number {
  if (status === 'graded' && points) return points;
  const others: readonly Status[] = ['undecided', 'failed', 'graded', 'after cutoff', 'not started'];
  return others.includes(status) ? -1 - others.indexOf(status) : -9;
}

/** The one with the most points; of equals one whose time is certain, the less late, then the newest. */
function bestOf<One extends Graded>(all: readonly One[]): One | undefined {
  const doubt = ({ version }: Graded) => (version?.earliest.isDoubtful ? 1 : 0);
  return [...all].sort(
    (one, other) =>
      worthOf(other) - worthOf(one) ||
      doubt(one) - doubt(other) ||
      (one.late?.days ?? 0) - (other.late?.days ?? 0) ||
      (other.time ?? 0) - (one.time ?? 0),
  )[0];
}

/**
 * @param best the work that counts, if any came in time.
 * @param candidates all work that would count, had it come in time.
 */
async function outcomeOf(
  best: Graded | undefined,
  candidates: readonly Graded[],
  due: Due | undefined,
  run: Run,
): Promise<Outcome> {
  const later = candidates.filter((one) => due && (one.time ?? 0) > due.closesAt && isStarted(one));
  if (later.length > 0 && !(best && isStarted(best))) {
    const time = Math.max(...later.map((one) => one.time ?? 0));
    const text = `Submitted after the cutoff; not counted: ${toIsoSeconds(time)}.`;
    const warnings = [warning('after cutoff', 'class/after-cutoff', text)];
    return { ...nothing, status: 'after cutoff', submitted: toIsoSeconds(time), warnings };
  }
  if (!best) return { ...nothing, status: 'no submission', warnings: [] };
  const { report, status, points, time, submission, late } = best;
  const warnings = reportRemarks(best);
  if (points === null) return { ...nothing, status, warnings, ...(await adviceFor(best, due, run)) };
  const { reflection } = submission;
  const earned = report.points ?? 0;
  const disputed = reflection?.dispute?.text;
  const corrected = await correctedOf(best, run);
  return {
    status,
    points,
    adjustments: late
      ? [{ kind: 'late', reason: late.reason, before: earned, after: points, cost: late.cost }]
      : [],
    report,
    ...(time !== undefined && { submitted: toIsoSeconds(time) }),
    ...(disputed !== undefined && {
      dispute: { text: disputed, cells: disputedCells(disputed, report, run.course.rubric) },
    }),
    ...(corrected && { corrected }),
    responses: [
      ...[...(reflection?.responses ?? [])].map(([question, { text }]) => ({ question, text })),
      ...(reflection?.unsorted ?? []).map(({ text }) => ({ question: '', text })),
    ],
    warnings,
  };
}

/** What a person can choose between, and what the student can do, where a version has no points. */
async function adviceFor(
  { report, found, status, time }: Graded,
  due: Due | undefined,
  run: Run,
): Promise<Pick<Outcome, 'advice' | 'choices'>> {
  const choices = [];
  for (const { files, choice } of choicesOf(found)) {
    const chosen = await gradeCandidate({ found: choice, time }, due, run);
    choices.push({ files, points: afterLateness(chosen.report.points, chosen.late) ?? 0 });
  }
  const advice = status === 'no submission' ? [] : adviceOn(report, found);
  return { ...(advice.length > 0 && { advice }), ...(choices.length > 0 && { choices }) };
}

function isStarted({ status }: Graded): boolean {
  return status !== 'not started' && status !== 'no submission';
}

/** Grades the answers that a slip hides, if the one correction that the student is shown earns more points. */
async function correctedOf(
  { submission, report, points, late }: Graded,
  { grader, course }: Run,
): Promise<StudentResult['corrected']> {
  const line = report.problems.find(({ excerpt }) => excerpt?.corrected !== undefined)?.location?.line;
  const { corrected, file, state } = submission.answers;
  if (line === undefined || corrected === undefined) return undefined;
  const answers = { ...grader.readers.answers(corrected, course.rubric), file, state };
  const after = afterLateness((await grader.score({ ...submission, answers })).points, late);
  return after !== null && after > (points ?? 0) ? { line, points: after } : undefined;
}

type GradedVersion = Graded & { readonly version: Version };

/** Says which version counts, where it is not the newest. */
function earlierRemark(
  { version: { earliest } }: GradedVersion,
  newest: GradedVersion,
  due: Due | undefined,
): Warning {
  const { time, id } = newest.version.earliest;
  const isLate = due !== undefined && (newest.time ?? 0) > due.closesAt;
  const why = isLate
    ? 'came after the cutoff'
    : newest.points === null
      ? `is ${newest.status}`
      : `would give ${newest.points} points`;
  const text = `What counts is the version of ${toIsoSeconds(earliest.time)} (commit ${earliest.id.slice(0, 7)}). The newest, of ${toIsoSeconds(time)} (${id.slice(0, 7)}), ${why}.`;
  return warning('history', 'history/earlier', text);
}

function doubtRemark({ earliest: { id, time } }: Version, { now }: Run): Warning {
  const said = `The time of the commit ${id.slice(0, 7)}, ${toIsoSeconds(time)},`;
  const end = 'so it counts without lateness or cutoff.';
  return time > now
    ? warning('clock', 'history/future', `${said} is in the future of this machine, ${end}`)
    : warning('history', 'history/backwards', `${said} is before that of the commit it builds on, ${end}`);
}

/** Work that does not count and would give more, each kind with its best version. */
function notCounted(
  others: readonly GradedVersion[],
  counted: GradedVersion | undefined,
  due: Due | undefined,
  isByTag: boolean,
): Warning[] {
  const better = (
    code: string,
    all: readonly GradedVersion[],
    said: (version: Version) => string,
    pointsOf = ({ points }: GradedVersion) => points,
  ): Warning[] => {
    const [best] = [...all].sort((one, other) => (pointsOf(other) ?? -1) - (pointsOf(one) ?? -1));
    const points = best && isStarted(best) ? pointsOf(best) : null;
    if (!best || points === null || points <= (counted?.points ?? 0)) return [];
    const { branch } = best.version;
    const quotes: Record<string, string> = branch === undefined ? {} : { branch };
    return [warning('elsewhere', code, `${said(best.version)} would give ${points} points.`, quotes)];
  };
  const idOf = ({ earliest: { id } }: Version) => id.slice(0, 7);
  const timeOf = ({ earliest: { time } }: Version) => toIsoSeconds(time);
  const isOnBranch = ({ version }: GradedVersion) => version.branch !== undefined;
  const isUntagged = ({ version }: GradedVersion) =>
    isByTag && version.branch === undefined && !version.isTagged;
  const isWrittenOnTime = ({ version: { branch, earliest }, late, time = 0 }: GradedVersion) =>
    due !== undefined &&
    branch === undefined &&
    earliest.writtenAt <= due.graceEndsAt &&
    (late !== undefined || time > due.closesAt);
  return [
    ...better(
      'history/other-branch',
      others.filter(isOnBranch),
      (version) => `The branch {branch} is not merged and does not count. Its version of ${timeOf(version)}`,
    ),
    ...better(
      'history/untagged',
      others.filter(isUntagged),
      (version) => `The commit ${idOf(version)} of ${timeOf(version)} has no tag that hands it in. It`,
    ),
    ...better(
      'history/written-on-time',
      [...others, ...(counted ? [counted] : [])].filter(isWrittenOnTime),
      (version) =>
        `The commit ${idOf(version)} was written on time (${toIsoSeconds(version.earliest.writtenAt)}), as its author’s clock says, and committed late (${timeOf(version)}). On time it`,
      ({ report }) => report.points,
    ),
  ];
}

/** Remarks files in a clone that no commit holds and that would give more points. */
async function uncommitted(
  { folder, repository }: Work['submission'],
  graded: readonly GradedVersion[],
  counted: GradedVersion | undefined,
  due: Due | undefined,
  run: Run,
): Promise<Warning[]> {
  if (folder === undefined || repository === '.') return [];
  const found = await findInFolder(folder, run.course.rubric, run.grader.readers);
  const here = contentOf(found);
  if (graded.some(({ version }) => version.content === here)) return [];
  const { points, status } = await gradeCandidate({ found }, due, run);
  if (status !== 'graded' || (points ?? 0) <= (counted?.points ?? 0)) return [];
  const text = `The files in the folder were never committed and do not count. They would give ${points} points.`;
  return [warning('elsewhere', 'class/uncommitted', text)];
}

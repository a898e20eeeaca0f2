import { statSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { messageOf } from '../../error';
import type { Report } from '../../grading/report.schema';
import { isUngradable } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import { plainKey } from '../../key/plain';
import type { Solution } from '../../key/solution';
import type { Untrusted } from '../../message';
import { gradingFailed } from '../../render/escape/actions';
import type { Deadline, WithoutSubmission } from '../../rubric/file.schema';
import type { Rubric } from '../../rubric/rubric';
import { openArchive } from '../../submission/archive';
import { isArchive } from '../../submission/container';
import { type FoundFiles, findIn } from '../../submission/find';
import { answersIn, attemptsOf } from '../histories/attempts';
import { type Due, dueOf, lateness, type State, statesThatCount, tagsThatCount } from '../histories/deadline';
import {
  assertFolder,
  type Commit,
  filesIn,
  type History,
  HistoryError,
  openHistory,
  toIsoSeconds,
  tooMuch,
  type Version,
} from '../histories/history';
import {
  afterCutoff,
  behindCut,
  type GradedState,
  historyRemarks,
  strayTags,
  workIn,
} from '../histories/remarks';
import { about, type Warning, warning } from '../histories/warning.schema';
import type { DownloadedFiles } from '../members/downloads/download';
import type { Member, SubmittedWork } from '../members/matching';
import { wordFor } from '../members/people';
import { GradingCache } from './grading-cache';
import { changedFiles, type Protected, scoreMismatches } from './integrity';
import { overrideLine } from './overrides';
import { disputedCells, isAbsent, reportRemarks, unknownTime, versionsRemark } from './review';
import type { Adjustment, Status, StudentResult } from './student-result.schema';

/** The data for grading a class. It is plain data, so that it can be sent to other threads. */
export interface ClassContext {
  readonly rubric: Rubric;
  readonly solution: Solution;
  readonly deadline: Deadline | undefined;
  /** How to grade a student who has no work that counts. */
  readonly withoutSubmission: WithoutSubmission;
  /** The folder that holds one folder per student. */
  readonly root: string;
  readonly hasRoster: boolean;
  /** By key; see `Member`. */
  readonly extensions: ReadonlyMap<string, number>;
  /** The released files that students need not change, if they are known. */
  readonly released?: Protected;
  /** Whether any work shows when it was handed in. If none does, the run says so once. */
  readonly hasTimes: boolean;
}

/**
 * Grades students one at a time. Every student gets a row, even if grading fails.
 *
 * @param isHistoryTooMuch reading the history brought down a thread, so the history is skipped.
 */
export function studentGrader(
  context: ClassContext,
): (enrolled: Member, isHistoryTooMuch?: boolean) => Promise<StudentResult> {
  const key = plainKey(context.rubric, context.solution);
  const alike = new GradingCache(context.rubric, key);
  return (enrolled, isHistoryTooMuch = false) =>
    bestOf(enrolled, { ...context, key, alike, readsHistory: true, isHistoryTooMuch });
}

/** The data for grading one student. */
interface StudentContext extends ClassContext {
  /** Whether to read commits. */
  readonly readsHistory: boolean;
  readonly key: AnswerKey;
  readonly alike: GradingCache;
  readonly isHistoryTooMuch: boolean;
}

/** Grades each of a student's folders and keeps the best result. A student has more than one only by mistake. */
async function bestOf(enrolled: Member, context: StudentContext): Promise<StudentResult> {
  const rows: StudentResult[] = [];
  for (const work of enrolled.work) rows.push(await gradeWork(enrolled, work, context));
  const [first, ...others] = rows.sort((a, b) => (b.points ?? -1) - (a.points ?? -1));
  if (!first) {
    const row = emptyRow(enrolled, context);
    if (!enrolled.hasNoLogin) return withPolicy({ ...row, status: 'no submission' }, context);
    const text =
      'Submissions are named by login, and the roster has none for this student, so no work could be found. Add the login to the roster and grade again.';
    return withPolicy(
      { ...row, status: 'no login', warnings: [warning('no login', 'class/no-login', text)] },
      context,
    );
  }
  if (others.length === 0) return withPolicy(first, context);
  const whose = enrolled.student?.group ? 'this student or the group' : 'this student';
  const twice = warning(
    'twice',
    'class/twice',
    `There are ${rows.length} submissions by ${whose}. The one with the most points counts. The others: ${others.map((_, index) => `{folder${index + 1}}`).join(', ')}.`,
    Object.fromEntries(others.map(({ folder = '' }, index) => [`folder${index + 1}`, folder])),
  );
  return withPolicy({ ...first, warnings: [twice, ...first.warnings] }, context);
}

const withoutWork: ReadonlySet<Status> = new Set(['no submission', 'no login', 'after cutoff']);

/** Gives a zero for missing work only if the rubric says so. A failure never becomes a zero. */
function withPolicy(row: StudentResult, { withoutSubmission }: ClassContext): StudentResult {
  if (!withoutWork.has(row.status) || withoutSubmission === 'blank') return row;
  const zero: Adjustment = {
    kind: 'no submission',
    reason: `0 points for “${row.status}”, as rubric.yaml says (no_submission: zero)`,
    before: null,
    after: 0,
  };
  return { ...row, points: 0, adjustments: [...row.adjustments, zero] };
}

async function gradeWork(
  enrolled: Member,
  { folder, download, team, matchedBy }: SubmittedWork,
  context: StudentContext,
): Promise<StudentResult> {
  const known = {
    folder,
    ...(team !== undefined && !enrolled.student?.group && { group: team }),
    matched: matchedBy,
    ...(team !== undefined && { shared: true as const }),
  };
  try {
    const row = { ...emptyRow(enrolled, context), ...known };
    if (download) return { ...row, ...(await gradeDownload(download, enrolled, context)) };
    const root = path.join(context.root, folder);
    assertFolder(root);
    if (isArchive(folder) && statSync(root).isFile())
      return { ...row, ...(await gradeArchive(root, enrolled, context)) };
    try {
      return { ...row, ...(await gradeRoot(root, enrolled, context)) };
    } catch (error) {
      // Part of the history is missing, but the files on disk are still there.
      if (!(error instanceof HistoryError) || context.deadline) throw error;
      const graded = await gradeRoot(root, enrolled, { ...context, readsHistory: false });
      return { ...row, ...graded, warnings: [...graded.warnings, about('history')(error.reason)] };
    }
  } catch (error) {
    return { ...failedRow(enrolled, context, error), ...known };
  }
}

/** The part of the context that a row needs before there is any work. */
type RowContext = Pick<ClassContext, 'hasRoster'> & Partial<Pick<ClassContext, 'extensions'>>;

/** The row of a student whose work could not be graded. */
export function failedRow(enrolled: Member, context: RowContext, error: unknown): StudentResult {
  const reason = stripVTControlCharacters(messageOf(error));
  const row = emptyRow(enrolled, context);
  const why = warning('failed', 'class/failed', `${gradingFailed}: {reason}`, { reason: reason });
  return { ...row, status: 'failed', points: null, warnings: [...row.warnings, why] };
}

function emptyRow(enrolled: Member, { hasRoster, extensions }: RowContext): StudentResult {
  const { key, login, student, candidates } = enrolled;
  const extension = extensions?.get(key);
  return {
    key,
    login,
    ...(student?.group && { group: student.group }),
    ...(extension !== undefined && { extension: toIsoSeconds(extension) }),
    status: 'graded',
    enrolled: !hasRoster || student !== undefined,
    points: null,
    adjustments: [],
    responses: [],
    warnings: hasRoster && !student ? [unknownFolder(candidates)] : [],
  };
}

function unknownFolder(candidates: readonly string[] = []): Warning {
  if (candidates.length === 0)
    return warning('unknown', 'class/unknown', 'This submission belongs to nobody on the roster.');
  const named = candidates.slice(0, 9);
  return warning(
    'ambiguous',
    'class/ambiguous',
    `This submission is not matched to a student. It may belong to ${named.map((_, index) => `{login${index + 1}}`).join(' or ')}. Write whose it is in matches.csv.`,
    Object.fromEntries(named.map((login, index) => [`login${index + 1}`, login])),
  );
}

/** One way to count a student's work. */
interface GradedCandidate extends GradedState {
  readonly found: FoundFiles;
  readonly report: Report;
  readonly adjustments: readonly Adjustment[];
  /** Null where there is no fair grade. */
  readonly points: number | null;
}

/** Everything found out about a submission, apart from whose it is. */
type GradedSubmission = Omit<StudentResult, 'key' | 'login' | 'enrolled' | 'folder'>;

/** Grades files read from a download, which has no history and at most one submission time. */
async function gradeDownload(
  { found, remarks, submitted }: DownloadedFiles,
  enrolled: Member,
  context: StudentContext,
): Promise<GradedSubmission> {
  const { deadline, extensions } = context;
  const due = deadline && dueOf(deadline, extensions.get(enrolled.key));
  const best = await candidateOf(found, context, due, submitted);
  const warnings = [
    ...emptyRow(enrolled, context).warnings,
    ...remarks.map(about('download')),
    ...reportRemarks(best),
    ...(await versionRemarks([best], enrolled, context, due)),
    ...(due && submitted === undefined && context.hasTimes ? [unknownTime('it does not say so')] : []),
  ];
  if (due && submitted !== undefined && submitted > due.closesAt && best.report.started)
    return {
      ...withoutAnything,
      status: 'after cutoff',
      submitted: toIsoSeconds(submitted),
      warnings: [...warnings, afterCutoff(submitted)],
    };
  const result = candidateResult(best, submitted, context.rubric);
  return {
    ...withoutAnything,
    ...result,
    ...(await correctedOf(best, context, due, submitted)),
    warnings,
  };
}

/** Grades a student's own archive among the folders of a class. */
async function gradeArchive(
  file: string,
  enrolled: Member,
  context: StudentContext,
): Promise<GradedSubmission> {
  const container = await openArchive(file);
  try {
    const found = await findIn(container, context.rubric, openArchive);
    return await gradeDownload({ found, remarks: [] }, enrolled, context);
  } finally {
    container.close();
  }
}

/** Tells the instructor, who has to choose, what each version of a file is worth and how to make one count. */
async function versionRemarks(
  candidates: readonly GradedCandidate[],
  { key, student }: Member,
  context: StudentContext,
  due: Due | undefined,
): Promise<Warning[]> {
  const remarks: Warning[] = [];
  for (const { found, state } of candidates) {
    for (const [file, { versions = [] }] of found.files) {
      const worth: { readonly place: string; readonly points: number }[] = [];
      for (const { place, bytes } of versions) {
        const opened = { kind: 'file', bytes } as const;
        const files = new Map([...found.files, [file, { place, opened }] as const]);
        const { points } = await candidateOf({ ...found, files }, context, due, state?.time);
        worth.push({ place, points: points ?? 0 });
      }
      const [best] = [...worth].sort((a, b) => b.points - a.points);
      if (best)
        remarks.push(
          versionsRemark(
            file,
            worth,
            overrideLine(wordFor({ key, student }), best.points, 'The better of two versions'),
          ),
        );
    }
  }
  return remarks;
}

const withoutAnything = { adjustments: [], responses: [], points: null };

function disputeOf(text: Untrusted, report: Report, rubric: Rubric): Pick<StudentResult, 'dispute'> {
  return { dispute: { text, cells: disputedCells(text, report, rubric) } };
}

/** Turns a graded candidate into a result. */
function candidateResult(
  { found, report, submission: { reflection }, adjustments, points }: GradedCandidate,
  submitted: number | undefined,
  rubric: Rubric,
): Omit<GradedSubmission, 'warnings'> {
  for (const status of ['failed', 'undecided'] as const)
    if (report.state === status || report.reflection?.state === status) return { ...withoutAnything, status };
  if (isAbsent(report, found)) return { ...withoutAnything, status: 'no submission' };
  return {
    status: report.started ? 'graded' : 'not started',
    points,
    adjustments: [...adjustments],
    report,
    ...(submitted !== undefined && { submitted: toIsoSeconds(submitted) }),
    ...(reflection?.dispute && disputeOf(reflection.dispute.text, report, rubric)),
    responses: [
      ...[...(reflection?.responses ?? [])].map(([question, { text }]) => ({ question, text })),
      ...(reflection?.unsorted ?? []).map(({ text }) => ({ question: '', text })),
    ],
  };
}

async function gradeRoot(root: string, enrolled: Member, context: StudentContext): Promise<GradedSubmission> {
  const { rubric, key, deadline, extensions, released } = context;
  const { history, remarks } = await historyOf(root, context);
  const due = deadline && dueOf(deadline, extensions.get(enrolled.key));
  const facts = {
    adjustments: [],
    responses: [],
    ...(history?.repository ? { repository: history.repository } : {}),
  };
  const states = history && answersIn(await versionsOf(history, rubric), rubric);
  const attempts = states && (await attemptsOf(states, rubric, key));
  const candidates: GradedCandidate[] = [];
  const notes: Warning[] = [
    ...emptyRow(enrolled, context).warnings,
    ...remarks,
    ...(history?.remarks ?? []).map(about('history')),
    ...(released ? changedFiles(root, released) : []),
  ];

  const tags = history ? await history.tags((name) => name.startsWith('submit/')) : [];
  if (history && due) {
    const isByTag = deadline?.submission === 'tag';
    if (isBehindCut(history, isByTag ? tags.map(({ commit }) => commit) : history.mainline, due))
      return {
        ...facts,
        ...attempts,
        ...withoutAnything,
        status: 'failed',
        warnings: [...notes, behindCut()],
      };
    const states = isByTag ? tagsThatCount(tags, due) : statesThatCount(history, due);
    if (states.length > maxStates)
      notes.push(
        warning(
          'history',
          'history/branched',
          `Only ${maxStates} of ${states.length} states that count were looked at.`,
        ),
      );
    candidates.push(...(await candidatesOf(history, states.slice(0, maxStates), due, context)));
    if (candidates.length === 0) {
      const found = await nothingOnTime(history, due, context);
      return { ...facts, ...attempts, ...found, warnings: [...notes, ...found.warnings] };
    }
  } else candidates.push(await candidateOf(await filesIn(root, rubric, history), context, undefined));
  // Work that was on time comes first, so that it wins a tie.
  const best = candidates.reduce((one, other) => (worthOf(other) > worthOf(one) ? other : one));

  const { report, state } = best;
  const known = { ...facts, ...attempts };
  const result = {
    ...candidateResult(best, state?.time, rubric),
    ...(await correctedOf(best, context, due, state?.time)),
  };
  const warnings = [
    ...notes,
    ...reportRemarks(best),
    ...candidates.filter((other) => other !== best && isUngradable(other.report)).flatMap(reportRemarks),
    ...(await versionRemarks(candidates, enrolled, context, due)),
    ...(due && !history && context.hasTimes ? [unknownTime('there is no history')] : []),
    ...(history ? await historyRemarks(root, history, best, due, rubric) : []),
    ...(deadline?.submission !== 'tag' ? strayTags(tags, state?.commit ?? history?.mainline[0]) : []),
    ...scoreMismatches(root, report.points ?? 0),
  ];
  const newest = history?.mainline[0];
  const mayBeTooLate = !report.started && due && history && newest && newest.time > due.closesAt;
  if (mayBeTooLate && (await isStarted(history, newest, rubric)))
    return { ...known, status: 'after cutoff', points: null, submitted: toIsoSeconds(newest.time), warnings };
  return { ...known, ...result, warnings };
}

/**
 * Whether the work handed in on time may lie in the part of the history that the clone lacks. If so, later work is no
 * measure of it.
 *
 * @param states the states that may count, as far as the clone has them.
 */
function isBehindCut(history: History, states: readonly Commit[], { graceEndsAt: grace }: Due): boolean {
  return history.isCut && !states.some(({ time }) => time <= grace);
}

/** Ranks a candidate: started work by its points, then work that only a person can judge, then work not started. */
function worthOf({ points, report, found }: GradedCandidate): number {
  const isNone = isAbsent(report, found);
  if (points !== null && report.started && !isNone) return points;
  return isNone || isUngradable(report) ? -1 : -2;
}

/** The most states that are graded. A history with more was made to have them. */
const maxStates = 50;

/** Grades each state. Skips a state with the files of an earlier one, because it is worth no more. */
async function candidatesOf(
  history: History,
  states: readonly State[],
  due: Due,
  context: StudentContext,
): Promise<GradedCandidate[]> {
  const candidates: GradedCandidate[] = [];
  for (const state of states) {
    const version = await history.version(state.commit, context.rubric);
    if (candidates.some((other) => other.version?.id === version.id)) continue;
    candidates.push({
      ...(await candidateOf(version.found, context, due, state.time)),
      state,
      version,
    });
  }
  return candidates;
}

/**
 * @returns no history where there is none, or none is to be read.
 * @throws {Error} where points depend on a history that cannot be read. Without it, late work would count in full,
 *   and a late student could break the history on purpose.
 */
async function historyOf(
  root: string,
  { deadline, readsHistory, hasTimes, isHistoryTooMuch }: StudentContext,
): Promise<{ history?: History; remarks: readonly Warning[] }> {
  if (!readsHistory || !hasTimes) return { remarks: [] };
  try {
    if (isHistoryTooMuch) throw tooMuch();
    const history = await openHistory(root);
    return { history, remarks: [] };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    if (deadline)
      throw new Error(
        `${error.message} With a deadline, points depend on it. Look at the repository, and set the points in overrides.csv or fetch it again.`,
      );
    return { remarks: [about('history')(error.reason)] };
  }
}

/** Reads every state of the students' files, oldest first, until too much of the history has been unpacked. */
async function versionsOf(history: History, rubric: Rubric): Promise<Version[]> {
  const versions: Version[] = [];
  for (const commit of history.byTime().reverse()) {
    if (history.isSpent()) break;
    versions.push(await history.version(commit, rubric));
  }
  return versions;
}

/** The result where no commit is on time: the work came too late, or there is none. */
async function nothingOnTime(
  history: History,
  { closesAt: cutoff }: Due,
  { rubric, deadline }: StudentContext,
): Promise<Pick<StudentResult, 'status' | 'points' | 'submitted' | 'warnings'>> {
  const [newest] = history.mainline;
  const isStub = newest === undefined || !(await isStarted(history, newest, rubric));
  if (isStub) return { status: 'not started', points: 0, warnings: [] };
  if (deadline?.submission === 'tag' && newest.time <= cutoff) {
    const untagged = 'There is work on the default branch, but no tag that hands it in on time.';
    return { status: 'no submission', points: null, warnings: [warning('other', 'class/no-tag', untagged)] };
  }
  const submitted = toIsoSeconds(newest.time);
  return { status: 'after cutoff', points: null, submitted, warnings: [afterCutoff(newest.time)] };
}

async function isStarted(history: History, commit: Commit, rubric: Rubric): Promise<boolean> {
  const version = await history.version(commit, rubric);
  const isOdd = [...version.files.values()].some(({ opened }) => opened.kind !== 'file');
  return isOdd || version.found.instead.length > 0 || workIn(version, rubric) > 0;
}

async function candidateOf(
  found: FoundFiles,
  { alike }: StudentContext,
  due: Due | undefined,
  submitted?: number,
): Promise<GradedCandidate> {
  const submission = alike.read(found);
  const report = await alike.score(submission);
  return { found, submission, report, ...pointsThatCount(report, due, submitted) };
}

/** The points of a Report, minus the penalty for lateness. */
function pointsThatCount(
  { points: earned }: Report,
  due: Due | undefined,
  submitted: number | undefined,
): Pick<GradedCandidate, 'adjustments' | 'points'> {
  const late =
    due && earned !== null && submitted !== undefined ? lateness(due, submitted, earned) : undefined;
  if (!late || earned === null) return { adjustments: [], points: earned };
  const { reason, cost } = late;
  const points = earned - late.points;
  return { adjustments: [{ kind: 'late', reason, before: earned, after: points, cost }], points };
}

/** Grades the answers that a slip hides, if the correction shown to the student earns more points. */
async function correctedOf(
  { submission, report, points }: GradedCandidate,
  { alike }: StudentContext,
  due: Due | undefined,
  submitted: number | undefined,
): Promise<Pick<StudentResult, 'corrected'>> {
  const line = report.problems.find(({ excerpt }) => excerpt?.corrected !== undefined)?.location?.line;
  const corrected = line === undefined ? undefined : await alike.scoreCorrected(submission);
  const after = corrected && pointsThatCount(corrected, due, submitted).points;
  return line !== undefined && corrected && typeof after === 'number' && after > (points ?? 0)
    ? { corrected: { line, points: after } }
    : {};
}

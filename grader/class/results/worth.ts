import type { Report } from '../../grading/report.schema';
import { GraderError, gradingFailed, type Message, messageOf } from '../../message';
import type { FileState, Submission } from '../../submission/submission';
import { type FoundFiles, nestedRepository } from '../../submission/which-files';
import { nestedIn, type Version, versionOfFiles, versionsOf } from '../histories/versions';
import type { Match } from '../members/owners';
import type { CollectedSubmission } from '../members/source';
import { type Due, latenessOf } from './deadline';
import type { Grading } from './graded-class';
import { type Note, note, noteFrom, noteKinds } from './note';
import { knownBy, wholeContent, withCode } from './note-code';
import {
  type Correction,
  handedInOn,
  notesOnSubmission,
  notesOnVersion,
  reviewOf,
  slipIn,
  unreadAdvice,
} from './review';
import type { StudentResult } from './student-result.schema';

/** One version of a submission, graded once, with everything we say about its worth. */
export interface GradedVersion {
  readonly submission: CollectedSubmission;
  readonly version: Version;
  /** The submission's page on GitHub. */
  readonly repository?: string | undefined;
  readonly status: StudentResult['status'];
  /** The points that it earns, or would earn if it came in time; null if nobody knows. */
  readonly points: number | null;
  readonly late?: ReturnType<typeof latenessOf> | undefined;
  /** Whether it came up to the cutoff, or nobody knows. */
  readonly isInTime: boolean;
  /** Whether the default branch's last commit contains it and is in time; without a history, whether it is in time. */
  readonly isLast: boolean;
  /** Whether anything is filled in. */
  readonly isStarted: boolean;
  readonly notes: readonly Note[];
  /** The notes that are on its submission, whatever the version. */
  readonly submissionNotes: readonly Note[];
  /** The most that a person can find it to be worth, lateness included; no less than its points. */
  readonly most: number;
  /** The points of answers that do not count, with the corrections that the student is shown. */
  readonly corrected?: StudentResult['corrected'] | undefined;
  /** The points that each combination of files that differ earns. */
  readonly choices?: StudentResult['choices'] | undefined;
  readonly report?: StudentResult['report'] | undefined;
  readonly dispute?: StudentResult['dispute'] | undefined;
  readonly responses: StudentResult['responses'];
  readonly advice: readonly Message[];
}

/** Grades every version of a submission. If grading fails, the result is work of unknown worth. */
export async function gradeSubmission(match: Match, grading: Grading): Promise<GradedVersion[]> {
  const { submission } = match;
  const submissionNotes = notesOnSubmission(match, grading);
  if (submission.lost)
    return [lostVersion(submission, noteFrom('unread')(submission.lost), submissionNotes, grading)];
  try {
    return await gradeVersions(submission, submissionNotes, grading);
  } catch (error) {
    // One student's files must not stop the grading of anybody else's.
    if (error instanceof GraderError) throw error;
    const quotes = { said: messageOf(error) };
    const failed = note('unread', 'class/failed', `${gradingFailed}: {said}.`, quotes);
    return [lostVersion(submission, failed, submissionNotes, grading)];
  }
}

/** Work that the grader could not get at. It is not a zero. */
function lostVersion(
  submission: CollectedSubmission,
  why: Note,
  notes: readonly Note[],
  { course }: Grading,
): GradedVersion {
  const submissionNotes = notes.map((said) => knownBy(said));
  const foundFiles: FoundFiles = {
    files: new Map(),
    remarks: [],
    elsewhere: [],
    unread: [],
    others: [],
    stamps: [],
  };
  return {
    submission,
    version: versionOfFiles(foundFiles),
    status: submission.isNotFetched ? 'not fetched' : 'not readable',
    points: null,
    isInTime: true,
    isLast: true,
    isStarted: true,
    notes: [...submissionNotes, knownBy(why)],
    submissionNotes,
    most: course.rubric.possible,
    responses: [],
    advice: [unreadAdvice],
  };
}

/** @throws an Error if the files or the history cannot be read: without them, late work would count in full. */
async function gradeVersions(
  submission: CollectedSubmission,
  submissionNotes: readonly Note[],
  grading: Grading,
) {
  const { clone, files } = submission;
  const ofRecord = grading.isTimeShared ? undefined : handedInOn(submission.source.host, grading)?.at;
  const submittedAt = submission.submittedAt ?? ofRecord;
  const { grader, course, started } = grading;
  const { deadline } = course.file;
  if (clone?.isBare && !clone.read) throw new Error('a bare clone can be read only with git');
  const history = await clone?.read?.(grader.finder);
  if (history) {
    const onDisk = clone?.isBare ? undefined : files();
    const setting = { deadline, now: started.getTime(), onDisk };
    const versions = await versionsOf(history, grader.finder, setting);
    const nested = nestedIn(history, onDisk ?? [])
      .map(nestedRepository)
      .map(noteFrom('others'));
    const onAll = knownByAll([...submissionNotes, ...nested], versions, course);
    const origin = { submission, repository: history.page, submissionNotes: onAll };
    return Promise.all(versions.map((version) => gradeVersion(version, origin, grading)));
  }
  const listed = files();
  if (listed.length === 0 && !clone) throw new Error('nothing was found in the folder; fetch it again');
  const onRead = (bytes: number) => grading.onRead(submission.name, bytes);
  const foundFiles = await grader.finder.find(listed, onRead);
  const version = versionOfFiles(foundFiles, submittedAt);
  const origin = {
    submission,
    repository: undefined,
    submissionNotes: knownByAll(submissionNotes, [version], course),
  };
  return [await gradeVersion(version, origin, grading)];
}

/** The notes on a submission, which are about everything in it. */
function knownByAll(notes: readonly Note[], versions: readonly Version[], { rubric }: Grading['course']) {
  return notes.map((said) =>
    knownBy(said, versions.map((version) => JSON.stringify(wholeContent({ rubric, ...version }))).sort()),
  );
}

/** The source of a version, and everything that all versions from there share. */
interface Origin extends Pick<GradedVersion, 'submission' | 'repository'> {
  readonly submissionNotes: readonly Note[];
}

async function gradeVersion(version: Version, origin: Origin, grading: Grading): Promise<GradedVersion> {
  const { due, grader, course } = grading;
  const { submission, repository, submissionNotes } = origin;
  const read = grader.read(version.foundFiles);
  const report = await grader.score(read);
  const { isInTime, late } = timelinessOf(version, due, course.rubric.possible);
  const tried = await correctionOf(read, report, late, grading);
  const review = reviewOf(report, version.foundFiles, tried);
  const { status } = review;
  const isUndecided = status === 'undecided';
  const choices = isUndecided ? await choicesIn(version, origin, grading) : [];
  const sameWork = sameForAll(choices);
  if (sameWork) return sameWork;
  // A Report has points even for a part, beside work that cannot be read.
  const points = hasPoints(status) ? afterLateness(report.points, late) : null;
  const earned = points ?? 0;
  const own = [...notesOnVersion(version, submission, grading), ...review.notes];
  const content = { rubric: course.rubric, foundFiles: version.foundFiles, time: version.time, read };
  const notes = [...submissionNotes, ...own.map((said) => withCode(said, content))];
  return {
    submission,
    version,
    repository,
    status,
    points,
    late,
    isInTime,
    isLast: version.lastAt !== undefined && version.lastAt <= due.closesAt,
    isStarted: status !== 'not started' && status !== 'no submission',
    notes,
    submissionNotes,
    most: mostOf({ version, status, earned, report, late, notes, choices, tried }),
    corrected: tried?.gains ? { lines: [...tried.lines], points: tried.points } : undefined,
    choices: isUndecided ? choices.map(choiceOf) : undefined,
    report,
    ...writtenIn(read),
    advice: review.advice,
  };
}

/** The part of a combination that counts once a person has chosen it. */
function choiceOf({ files, work }: VersionChoice) {
  const { points, report, responses } = work;
  return { files: [...files], points: points ?? 0, report, responses, adjustments: adjustmentsOf(work) };
}

/** The changes that lateness makes to the points of a Report. */
export function adjustmentsOf({ report, points, late }: Pick<GradedVersion, 'report' | 'points' | 'late'>) {
  if (!late || points === null) return [];
  const { reason, cost } = late;
  return [{ kind: 'late' as const, reason, before: report?.points ?? null, after: points, cost }];
}

/** Whether a version came in time, and what its lateness costs. */
export function timelinessOf(version: Version, due: Due, possible: number) {
  // If the time is not known, treat the version as on time.
  const time = version.doubt ? 0 : version.time;
  const isInTime = time <= due.closesAt;
  // Work from the very minute in which an extension ends is not late.
  const late = isInTime ? latenessOf(due, time, possible) : undefined;
  return { isInTime, late };
}

const hasPoints = (status: GradedVersion['status']) => status === 'graded' || status === 'not started';

/** The text of a reflection: the responses, with those under no question last, and the dispute about a mark. */
function writtenIn({ reflection }: Submission): Pick<GradedVersion, 'responses' | 'dispute'> {
  const { responses = new Map(), unsorted = [], dispute } = reflection ?? {};
  const underNone = unsorted.map((response) => ['', response] as const);
  return {
    dispute: dispute?.text,
    responses: [...responses, ...underNone].map(([question, { text }]) => ({ question, text })),
  };
}

/** The work to take if all choices are worth the same, so that nobody has to choose. */
function sameForAll([choice, ...others]: readonly VersionChoice[]): GradedVersion | undefined {
  const isSame = ({ work }: VersionChoice) =>
    work.points === choice?.work.points && work.most === choice?.work.most;
  return others.every(isSame) ? choice?.work : undefined;
}

/** The facts that decide how much work may be worth. */
interface Worth extends Pick<GradedVersion, 'version' | 'status' | 'late' | 'notes'> {
  readonly earned: number;
  readonly report: Report;
  readonly choices: readonly VersionChoice[];
  readonly tried: Correction | undefined;
}

/** The most that a person can find work to be worth. */
function mostOf(worth: Worth): number {
  const { version, status, earned, report, late, notes, choices, tried } = worth;
  const isUnknown =
    (status === 'undecided' && choices.length === 0) ||
    (slipIn(report) !== undefined && !tried?.isRead) ||
    [report.state, report.reflection?.state ?? 'read'].some((state) => unreadStates.includes(state)) ||
    notes.some(({ kind }) => noteKinds[kind].mayBeWorthAll);
  return Math.max(
    earned,
    tried?.points ?? 0,
    ...choices.map(({ work }) => work.most),
    // If work is in a place where it cannot count, a missing file may never have been there.
    version.outside ? 0 : afterLateness(withMissing(report), late),
    isUnknown ? afterLateness(report.possible, late) : 0,
  );
}

/** Null, as for work that cannot be graded fairly, counts as nothing. */
function afterLateness(points: number | null, late: GradedVersion['late']) {
  return Math.max(0, (points ?? 0) - (late?.cost ?? 0));
}

/** States of a file with content that nobody has read. */
const unreadStates: readonly FileState[] = ['misplaced', 'refused', 'failed'];

/** The points of a Report, plus all points of the missing files. */
function withMissing({ points, possible, state, reflection }: Report): number {
  const ofReflection = reflection?.possible ?? 0;
  const missing =
    (state === 'missing' ? possible - ofReflection : 0) +
    (reflection?.state === 'missing' ? ofReflection : 0);
  return missing > 0 ? (points ?? 0) + missing : 0;
}

/** One combination of the files that differ, as work of its own. */
interface VersionChoice {
  readonly files: readonly string[];
  readonly work: GradedVersion;
}

/** The most choices that a person gets. If there are more, none are read. */
const maxChoices = 100;

/** Each combination of the files that differ, as work of its own; none if there are too many. */
function choicesIn(version: Version, origin: Origin, grading: Grading) {
  let combinations = [{ files: [] as string[], foundFiles: version.foundFiles }];
  for (const [file, { versions }] of version.foundFiles.files) {
    if (!versions) continue;
    if (combinations.length * versions.length > maxChoices) return [];
    combinations = versions.flatMap(({ path, bytes }) =>
      combinations.map(({ files, foundFiles }) => {
        const chosen = new Map(foundFiles.files).set(file, { path, opened: { kind: 'file', bytes } });
        return { files: [...files, path], foundFiles: { ...foundFiles, files: chosen } };
      }),
    );
  }
  return Promise.all(
    combinations.map(async ({ files, foundFiles }) => ({
      files,
      work: await gradeVersion({ ...version, foundFiles }, origin, grading),
    })),
  );
}

/** How many points a correction must give, at least, for a person to be asked. */
const minGain = 2;

/** Grades the answers that slips hide, with every correction that the student is shown. */
async function correctionOf(
  submission: Submission,
  report: Report,
  late: GradedVersion['late'],
  grading: Grading,
): Promise<Correction | undefined> {
  const { corrected } = submission.answers;
  const after = await correctedReport(submission, grading);
  if (!corrected || !after) return undefined;
  const points = afterLateness(after.points, late);
  return {
    lines: corrected.lines,
    points,
    gains: points >= afterLateness(report.points, late) + minGain,
    isRead: slipIn(after) === undefined,
  };
}

/** The Report of answers with every correction that the student is shown, if there is any. */
export async function correctedReport(
  submission: Submission,
  { grader, course }: Pick<Grading, 'grader' | 'course'>,
): Promise<Report | undefined> {
  const { corrected, file, state } = submission.answers;
  if (!corrected) return undefined;
  const answers = grader.readers.answers(corrected.source, course.rubric);
  return grader.score({ ...submission, answers: { ...answers, file, state } });
}

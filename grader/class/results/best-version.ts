import type { Report } from '../../grading/report.schema';
import { gradeAnswers } from '../../grading/score';
import { message, messageOf, quoteList } from '../../message';
import { gradingFailed } from '../../render/escape/actions';
import { withoutAgain } from '../../rubric/rubric';
import { isUntouched } from '../../submission/cells';
import { findFiles } from '../../submission/find';
import { readListed } from '../../submission/folder';
import { type Due, dueOf, latenessOf, toIsoSeconds } from '../histories/deadline';
import { readHistory, unversioned, type Version } from '../histories/versions';
import type { Member, Work } from '../members/matching';
import type { Submission } from '../members/source';
import { reviewOf } from './review';
import type { Run } from './run';
import { about, type StudentResult, statuses, type Warning, warning } from './student-result.schema';

/** A version with the points that it would earn. */
type Graded = Awaited<ReturnType<typeof gradeVersion>>;

/** The part of a result that the work decides. */
type Outcome = Omit<StudentResult, 'key' | 'login' | 'enrolled'>;

/** What the work of one student is graded by. */
interface Grading extends Run {
  readonly due: Due;
}

const nothing = { points: null, adjustments: [], responses: [] };

/** Grades all work of one student and keeps the best. Every student gets a row, even if grading fails. */
export async function gradeMember(member: Member, run: Run): Promise<StudentResult> {
  const { file } = run.course;
  const grading = { ...run, due: dueOf(file.deadline, run.extensions.get(member.key)) };
  const row = rowOf(member, run);
  const rows = await Promise.all(member.work.map((work) => gradeWork(work, row, grading)));
  const [best = row, ...others] = rows.sort((one, other) => worthOf(other) - worthOf(one));
  const { text, quotes } = quoteList(others.map((one) => `${one.folder} (${one.points ?? 'no'} points)`));
  if (others.length > 0)
    best.warnings.unshift(
      warning(
        'twice',
        'class/twice',
        `Of several submissions, the one with the most points counts. The others: ${text}.`,
        quotes,
      ),
    );
  const missing = ['no submission', 'no login', 'after cutoff'];
  if (!missing.includes(best.status) || file.no_submission !== 'zero') return best;
  return {
    ...best,
    points: 0,
    adjustments: [
      {
        kind: 'no submission',
        reason: `0 points for “${best.status}”, as rubric.yaml says (no_submission: zero)`,
        before: null,
        after: 0,
      },
    ],
  };
}

/** What is known of a student before there is any work. */
function rowOf(
  { key, login, student, candidates = [], hasNoLogin }: Member,
  { extensions, roster }: Run,
): StudentResult {
  const extension = extensions.get(key);
  const enrolled = student !== undefined || !roster;
  const { text, quotes } = quoteList(candidates, ' or ');
  const said = hasNoLogin
    ? warning(
        'no login',
        'class/no-login',
        'Submissions are named by login, and the roster has none for this student.',
      )
    : candidates.length > 0
      ? warning(
          'ambiguous',
          'class/ambiguous',
          `This submission may belong to ${text}. Write whose it is in matches.csv.`,
          quotes,
        )
      : enrolled
        ? []
        : warning('unknown', 'class/unknown', 'This submission belongs to nobody on the roster.');
  return {
    key,
    login,
    student,
    group: student?.group || undefined,
    extension: extension === undefined ? undefined : toIsoSeconds(extension),
    status: hasNoLogin ? 'no login' : 'no submission',
    enrolled,
    ...nothing,
    warnings: [said].flat(),
  };
}

async function gradeWork(
  { submission, matchedBy, isShared, remarks }: Work,
  row: StudentResult,
  grading: Grading,
) {
  const { name, source, returnsAs, lost } = submission;
  const outcome = lost
    ? failed(about('failed')(lost))
    : await gradeVersions(submission, grading).catch((error: unknown) =>
        failed(warning('failed', 'class/failed', `${gradingFailed}: {said}.`, { said: messageOf(error) })),
      );
  return {
    ...row,
    ...outcome,
    folder: name,
    source: source.name,
    matched: matchedBy,
    shared: isShared || undefined,
    group: row.group ?? (isShared ? name : undefined),
    returnsAs,
    warnings: [
      ...row.warnings,
      ...[...submission.remarks, ...remarks].map(about('download')),
      ...outcome.warnings,
    ],
  };
}

/** The outcome of work that the grader could not get at. It is no zero. */
function failed(why: Warning): Outcome {
  return {
    ...nothing,
    status: 'failed',
    advice: [
      message(
        'class/unread-work',
        'Your work could not be read, which costs you nothing. Write to your instructors; they were told why.',
      ),
    ],
    warnings: [why],
  };
}

/** Grades every version of a submission. The one with the most points after lateness counts. */
async function gradeVersions(submission: Submission, grading: Grading): Promise<Outcome> {
  const { due, course } = grading;
  const { versions, page: repository } = await historyOf(submission, grading);
  const graded = await Promise.all(versions.map((version) => gradeVersion(version, grading)));
  const counting = graded.filter(({ version }) => !version.outside);
  // What a clone is cut off behind may be older than it seems, so it may be on time.
  const known = counting.filter(({ version, late }) => !(version.isCut && late));
  const isCut = known.length < counting.length;
  const cut = warning(
    'history',
    'history/cut',
    'This clone lacks a part of the history, which may hold work on time. Run git fetch --unshallow there, and grade again.',
  );
  if (isCut && known.every(({ late }) => late)) return { ...failed(cut), repository };
  const [counted] = (course.rubric.selfCheck === 'form' ? lastOf(known, due) : known)
    .filter(({ isInTime }) => isInTime)
    .sort(byWorth);
  const newest = counting.find(({ version }) => version.isNewest);
  const earlier =
    newest &&
    counted?.isStarted &&
    counted !== newest &&
    warning(
      'history',
      'history/earlier',
      `The version of ${counted.version.label} counts, and not the newest of ${newest.version.label}.`,
    );
  const unclear = [newest, counted].find((one) => one?.isInTime && one.points === null);
  const outcome = await outcomeOf(counted, known, grading);
  const remarks = [
    counted && sourceRemark(counted.version, submission, grading),
    ...outcome.warnings,
    isCut && cut,
    earlier,
    ...betterRemarks(graded, counted, due),
  ];
  return {
    ...outcome,
    advice: unclear?.advice,
    choices: unclear?.status === 'undecided' ? await choicesIn(unclear, grading) : undefined,
    repository,
    first: await firstAttempts(counting, grading),
    earlier: earlier ? true : undefined,
    warnings: remarks.flatMap((remark) => remark || []),
  };
}

/**
 * Reads the history of a submission that is a clone; else its files are the only version.
 *
 * @throws an Error if either cannot be read: points depend on it, for late work would count in full.
 */
async function historyOf(
  { folder, repository, submittedAt, files }: Submission,
  { course, grader, hasGit, started }: Run,
) {
  if (folder !== undefined && repository && hasGit) {
    const history = await readHistory(folder, repository, course, grader.readers, started.getTime());
    if (history) return history;
  }
  const listed = files();
  if (repository === '.' && !hasGit) throw new Error('a bare clone can be read only with git');
  if (folder !== undefined && listed.length === 0 && !repository)
    throw new Error('nothing was found in the folder; fetch it again');
  const found = findFiles(await readListed(listed, course.rubric), course.rubric, grader.readers);
  return { versions: [unversioned(found, submittedAt)], page: undefined };
}

/** Where students see no marks: only the last version on time and the last one that counts, so that none is a guess. */
function lastOf(all: readonly Graded[], { graceEndsAt, closesAt }: Due) {
  const commits = all
    .flatMap((one) => one.version.commits.map((commit) => ({ one, ...commit })))
    .sort((one, other) => one.place - other.place);
  return [graceEndsAt, closesAt].flatMap(
    // A commit whose time is not known may be on time.
    (limit) => commits.findLast(({ time, doubt }) => doubt || time <= limit)?.one ?? [],
  );
}

async function gradeVersion(version: Version, { due, grader, course }: Grading) {
  const submission = grader.read(version.found);
  const report = await grader.score(submission);
  // A time that is not known is on time.
  const time = version.earliest.doubt ? 0 : version.earliest.time;
  const late = latenessOf(due, time, course.rubric.possible);
  const afterLateness = ({ points }: Report) => Math.max(0, (points ?? 0) - (late?.cost ?? 0));
  const review = reviewOf(report, version.found);
  const { status } = review;
  // A Report has points also for a part, beside work that cannot be read.
  const points = status === 'graded' || status === 'not started' ? afterLateness(report) : null;
  return {
    version,
    submission,
    report,
    ...review,
    isStarted: status !== 'not started' && status !== 'no submission',
    points,
    afterLateness,
    time,
    late,
    isInTime: time <= due.closesAt,
  };
}

/** Ranks work: by its points; then what only a person can judge; then work without points; then nothing at all. */
function worthOf({ points, status }: Pick<StudentResult, 'points' | 'status'>) {
  if (points) return points;
  // Below any points, in the order of the statuses.
  return statuses.indexOf(status) - statuses.length;
}

/** The one with the most points first; of equals the less late, then the newest. */
function byWorth(one: Graded, other: Graded) {
  const days = ({ late }: Graded) => late?.days ?? 0;
  return worthOf(other) - worthOf(one) || days(one) - days(other) || other.time - one.time;
}

/** @param all all work that would count, had it come in time. */
async function outcomeOf(
  counted: Graded | undefined,
  all: readonly Graded[],
  grading: Grading,
): Promise<Outcome> {
  const tooLate = all.filter(({ isInTime, isStarted }) => isStarted && !isInTime);
  if (tooLate.length > 0 && !counted?.isStarted) {
    const submitted = toIsoSeconds(Math.max(...tooLate.map(({ time }) => time)));
    return {
      ...nothing,
      status: 'after cutoff',
      submitted,
      warnings: [
        warning(
          'after cutoff',
          'class/after-cutoff',
          `Submitted after the cutoff; not counted: ${submitted}.`,
        ),
      ],
    };
  }
  if (!counted) return { ...nothing, status: 'no submission', warnings: [] };
  const { report, status, warnings, points, time, submission, late } = counted;
  if (points === null) return { ...nothing, status, warnings };
  const { responses = new Map(), unsorted = [], dispute } = submission.reflection ?? {};
  return {
    status,
    points,
    adjustments: late
      ? [{ kind: 'late', reason: late.reason, before: report.points, after: points, cost: late.cost }]
      : [],
    report,
    submitted: time === 0 ? undefined : toIsoSeconds(time),
    dispute: dispute?.text,
    corrected: await correctedOf(counted, points, grading),
    responses: [...responses, ...unsorted.map((one) => ['', one] as const)].map(([question, { text }]) => ({
      question,
      text,
    })),
    warnings,
  };
}

/** How many choices a person is given: more are not read. */
const maxChoices = 100;

/** Each combination of the versions of files that differ, with the points that it would earn. */
function choicesIn({ version, afterLateness }: Graded, { grader }: Run) {
  let all = [{ files: [] as string[], found: version.found }];
  for (const [file, { versions }] of version.found.files) {
    if (!versions) continue;
    if (all.length * versions.length > maxChoices) return [];
    all = versions.flatMap(({ place, bytes }) =>
      all.map(({ files, found }) => {
        const chosen = new Map(found.files).set(file, { place, opened: { kind: 'file', bytes } });
        return { files: [...files, place], found: { ...found, files: chosen } };
      }),
    );
  }
  return Promise.all(
    all.map(async ({ files, found }) => ({
      files,
      points: afterLateness(await grader.score(grader.read(found))),
    })),
  );
}

/** Grades the answers that a slip hides, if the one correction that the student is shown earns more points. */
async function correctedOf(
  { submission, report, afterLateness }: Graded,
  earned: number,
  { grader, course }: Grading,
) {
  const line = report.problems.find(({ excerpt }) => excerpt?.corrected !== undefined)?.location?.line;
  const { corrected, file, state } = submission.answers;
  if (line === undefined || corrected === undefined) return undefined;
  const points = afterLateness(
    await grader.score({
      ...submission,
      answers: { ...grader.readers.answers(corrected, course.rubric), file, state },
    }),
  );
  return points > earned ? { line, points } : undefined;
}

/** The first complete answers of a student with two versions or more, the earliest first; those of others are not known. */
async function firstAttempts(all: readonly Graded[], { course }: Run) {
  const answers = new Set(all.map(({ submission }) => submission.answers));
  const started = [...answers].filter((one) => !isUntouched(one));
  if (started.length < 2) return undefined;
  const found = new Map(
    started
      .flatMap(({ rows }) => rows)
      .filter(({ cells }) => cells.every(({ kind }) => kind === 'value'))
      // Of several the last in this list is kept, so the earliest comes last.
      .reverse()
      .map((row) => [row.id, row]),
  );
  // Nobody is told whether one cell of a second table is right, so what it says first means nothing.
  const rubric = withoutAgain(course.rubric);
  const graded = await gradeAnswers(rubric, { rows: [...found.values()], state: 'read' }, course.key);
  return { tables: graded.tables, rows: graded.rows.filter(({ id }) => found.has(id)) };
}

/** Says why the time of work is not known, where lateness depends on it, or what the source may lack. */
function sourceRemark(
  { found: { files }, earliest: { doubt }, label }: Version,
  { source }: Submission,
  { course }: Run,
) {
  if (source.format.id === 'canvas' && course.rubric.reflection && files.size === 1)
    return warning(
      'download',
      'download/attempt',
      'Canvas gives only the latest attempt, which lacks one of the two files. An earlier one may hold it.',
    );
  if (doubt !== 'unknown')
    return (
      doubt &&
      warning(
        doubt === 'future' ? 'clock' : 'history',
        `history/${doubt}`,
        `The time of ${label} is in the future, or before that of the commit it builds on. It counts without lateness or cutoff.`,
      )
    );
  return (
    course.file.deadline &&
    source.hasTimes &&
    files.size > 0 &&
    warning(
      'no time',
      'class/no-time',
      'It is unknown when this was handed in, so it does not count as late.',
    )
  );
}

/** Work that does not count and would give more, or would have on time: of each kind the best version. */
function betterRemarks(graded: readonly Graded[], counted: Graded | undefined, { graceEndsAt }: Due) {
  const better = graded.flatMap(({ version: { outside, earliest, label }, report, late, ...one }) => {
    // What came after the cutoff would give none.
    if (outside && !one.isInTime) return [];
    const why =
      outside ??
      (late &&
        earliest.writtenAt <= graceEndsAt &&
        message(
          'history/written-on-time',
          `The version of ${label} was written on time, as its author’s clock says, and committed late. On time it`,
        ));
    const points = (outside ? one.points : report.points) ?? 0;
    return why && points > (counted?.points ?? 0) ? { why, points } : [];
  });
  better.sort((one, other) => one.points - other.points);
  return [...new Map(better.map((one) => [one.why.code, one])).values()].map(({ why, points }) =>
    about('elsewhere')({ ...why, text: `${why.text} would give ${points} points.` }),
  );
}

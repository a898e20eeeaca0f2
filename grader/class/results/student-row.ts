import { type Message, message, messageOf, quoteList } from '../../message';
import { gradingFailed } from '../../render/escape/actions';
import { nestedRepository } from '../../submission/find';
import { hasGit } from '../../system/github';
import { dueOf, timeText, toIsoSeconds } from '../histories/deadline';
import { type History, readHistory, withoutHistory } from '../histories/versions';
import type { Member, Unmatched, Work } from '../members/matching';
import { handedInOf } from '../members/moodle-worksheet';
import { described, type Student } from '../members/people';
import type { Collected } from '../members/source';
import { bestOf, newestOf, type Standing } from './best-version';
import { type GradedVersion, gradeVersion, type Prospect, prospectOf, worthOf } from './points';
import {
  betterRemarks,
  clockRemarks,
  cutOff,
  inSubmission,
  inVersion,
  mayOwnWarning,
  newerRemark,
  noLogin,
  quizRemarks,
  sourceRemarks,
  unmatchedWarning,
  worksheetRemarks,
} from './remarks';
import type { Grading, OpenClass } from './run';
import { about, type OtherWork, type StudentResult, type Warning, warning } from './student-result.schema';

// The row of one student: all work is graded, the best counts, and the row says what a person must know of the rest.

/** The part of a row that the work of one submission decides. */
type WorkResult = Omit<StudentResult, 'key' | 'login' | 'enrolled'>;

const nothing = { points: null, most: 0, adjustments: [], responses: [] };

/** Grades all work of one student and keeps the best. Every student gets a row, even if grading fails. */
export async function gradeMember(
  { student, work, mayOwn, lacksLogin }: Member,
  run: OpenClass,
): Promise<StudentResult> {
  const { key, login, group } = student;
  const extension = run.extensions.get(key);
  const grading = { ...run, due: dueOf(run.course.file.deadline, extension) };
  const lines = mayOwn
    .flatMap((possible) => possible.lines)
    .map(({ submission, student: owner }) => ({ submission, login: run.people.wordFor(owner) }));
  const row: StudentResult = {
    key,
    login,
    student,
    group: group || undefined,
    extension: extension === undefined ? undefined : toIsoSeconds(extension),
    status: 'no submission',
    enrolled: true,
    ...nothing,
    mayHaveMore: mayOwn.length > 0 || undefined,
    matchLines: lines.length > 0 ? lines : undefined,
    warnings: [lacksLogin ? noLogin : [], mayOwn.map(mayOwnWarning)].flat(),
  };
  const graded = await Promise.all(work.map((each) => gradeWork(each, student, grading)));
  const [best, ...otherOutcomes] = graded.sort((one, other) => worthOf(other) - worthOf(one));
  return withZero(best ? withWork(row, best, otherOutcomes) : row, run);
}

/** Grades a submission that belongs to nobody yet, or that a person said is nobody's. It has no points. */
export async function gradeUnmatched(
  { key, submission, isNobodys, candidates, likely }: Unmatched,
  run: OpenClass,
): Promise<StudentResult> {
  const grading = { ...run, due: dueOf(run.course.file.deadline) };
  const work = { submission, isShared: false, remarks: [] };
  const { warnings, ...outcome } = await gradeWork(work, undefined, grading);
  const row = {
    key,
    login: submission.name,
    enrolled: !run.roster,
    ...outcome,
    status: 'unmatched' as const,
    points: null,
    adjustments: [],
  };
  if (isNobodys) return { ...row, warnings: [] };
  return {
    ...row,
    matchLines: [{ submission: submission.name, login: likely ? run.people.wordFor(likely) : '' }],
    warnings: [unmatchedWarning(candidates.map(described)), ...warnings],
  };
}

/** A zero for whoever has no work that counts, where the rubric says so and nothing else may be theirs. */
function withZero(row: StudentResult, { course }: OpenClass): StudentResult {
  const isMissing = row.status === 'no submission' || row.status === 'after cutoff';
  if (!isMissing || row.mayHaveMore || course.file.no_submission !== 'zero') return row;
  const reason = `0 points for “${row.status}”, as rubric.yaml says (no_submission: zero)`;
  return { ...row, points: 0, adjustments: [{ kind: 'no submission', reason, before: null, after: 0 }] };
}

/** Adds the work that counts, and of other submissions whatever could be worth more. */
function withWork(row: StudentResult, best: WorkResult, otherOutcomes: readonly WorkResult[]): StudentResult {
  const whole = {
    ...row,
    ...best,
    group: row.group ?? best.group,
    warnings: [...row.warnings, ...best.warnings],
  };
  if (otherOutcomes.length === 0) return whole;
  const named = otherOutcomes.map(({ folder, points }) => `${folder} (${points ?? 'no'} points)`);
  const { text, quotes } = quoteList(named);
  const twice = warning(
    'others',
    'class/twice',
    `Of several submissions, the one with the most points counts. The others: ${text}.`,
    quotes,
  );
  const open = otherOutcomes.flatMap((outcome) => openWork(outcome, best.points ?? 0));
  return {
    ...whole,
    submissions: [best, ...otherOutcomes].flatMap(({ folder }) => folder ?? []),
    otherWork: [...(best.otherWork ?? []), ...open.map(({ work }) => work)],
    warnings: [twice, ...whole.warnings, ...open.flatMap(({ warnings }) => warnings)],
  };
}

/** The parts of another submission that could be worth more than some points, each with the warnings about it. */
function openWork(outcome: WorkResult, least: number) {
  const { folder = '', otherWork = [], warnings } = outcome;
  const { points, most = 0, report, submitted, dispute, corrected, choices, advice } = outcome;
  const facts = { points, most, report, submitted, dispute, corrected, choices, advice };
  const warningsOf = (label: string | undefined) => warnings.filter(({ of }) => of === label);
  return [
    {
      work: { which: 'submission' as const, label: folder, ...facts },
      warnings: warningsOf(undefined).map((remark) => inSubmission(remark, folder)),
    },
    ...otherWork.map((work) => ({ work, warnings: warningsOf(work.label) })),
  ].filter(({ work }) => work.most > least);
}

async function gradeWork(
  { submission: listed, matchedBy, isShared, remarks }: Work,
  student: Student | undefined,
  grading: Grading,
): Promise<WorkResult> {
  const { name, source, returnsAs, lost } = listed;
  const { timezone = 'UTC' } = grading.course.file.deadline ?? {};
  // Moodle says this not in its download but in its worksheet.
  const handedIn = source.format.id === 'moodle' ? handedInOf(student, timezone) : undefined;
  const submission = { ...listed, submittedAt: listed.submittedAt ?? handedIn?.at };
  const outcome = lost
    ? failed(about('unread')(lost), grading)
    : await gradeHistory(submission, grading).catch((error: unknown) => {
        const text = `${gradingFailed}: {said}.`;
        return failed(warning('unread', 'class/failed', text, { said: messageOf(error) }), grading);
      });
  return {
    ...outcome,
    folder: name,
    source: source.name,
    host: source.format.id,
    matched: matchedBy,
    shared: isShared || undefined,
    group: isShared ? name : undefined,
    returnsAs,
    warnings: [
      ...[...submission.remarks, ...remarks].map(about('others')),
      ...(handedIn ? worksheetRemarks(handedIn, grading) : []),
      ...outcome.warnings,
    ],
  };
}

/** The outcome of work that the grader could not get at. It is no zero. */
function failed(why: Warning, { course }: Grading): WorkResult {
  return {
    ...nothing,
    status: 'failed',
    most: course.rubric.possible,
    advice: [
      message(
        'class/unread-work',
        'Your work could not be read, which costs you nothing. Write to your instructors; they were told why.',
      ),
    ],
    warnings: [why],
  };
}

/** Grades every version of a submission, finds which counts, and looks at the newest. */
async function gradeHistory(submission: Collected, grading: Grading): Promise<WorkResult> {
  const { due, course } = grading;
  const history = await historyOf(submission, grading);
  const graded = await Promise.all(history.versions.map((version) => gradeVersion(version, grading)));
  const counting = graded.filter(({ version }) => !version.outside);
  // A version that a clone is cut off behind may be older than it seems, so it may be on time.
  const known = counting.filter(({ version, late }) => !(version.isCut && late));
  const isCut = known.length < counting.length;
  if (isCut && known.every(({ late }) => late))
    return { ...failed(cutOff, grading), repository: history.page };
  const standing = (course.rubric.selfCheck === 'form' ? newestOf : bestOf)(history, known, due);
  const { counted } = standing;
  const otherWork = await otherWorkOf(standing, counting, grading);
  const branches = otherWork.flatMap(({ work }) => (work.which === 'branch' ? work : []));
  const outcome = await outcomeOf(standing, known, branches, grading);
  const points = outcome.points ?? 0;
  // Beside newest work that counts, other newest work is told of where it could be worth more.
  const newer = otherWork.filter(({ work: { which, most = 0 } }) =>
    which === 'newest' ? standing.isEarlier || most > points : which === 'after cutoff',
  );
  const remarks = [
    counted ? sourceRemarks(counted.version, submission, grading) : [],
    counted ? quizRemarks(counted, history.versions.indexOf(counted.version), submission) : [],
    outcome.warnings,
    otherWork.filter(({ work }) => work.most > points).flatMap(({ warnings }) => warnings),
    isCut ? cutOff : [],
    counted?.isStarted && points < course.rubric.possible
      ? newer.map(({ work }) => newerRemark(counted, work))
      : [],
    await betterRemarks(graded, counted, grading),
    (history.nested ?? []).map((place) => about('others')(nestedRepository(place))),
  ];
  const isAfterCutoff = otherWork.some(({ work }) => work.which === 'after cutoff');
  return {
    ...outcome,
    repository: history.page,
    earlier: (counted?.isStarted && (standing.isEarlier || isAfterCutoff)) || undefined,
    otherWork: otherWork.length > 0 ? otherWork.map(({ work }) => work) : undefined,
    warnings: remarks.flat(),
  };
}

/**
 * Reads the history of a submission that is a clone; else its files are the only version.
 *
 * @throws an Error if either cannot be read: points depend on it, for late work would count in full.
 */
async function historyOf(
  { folder, repository, submittedAt, files, attempts }: Collected,
  { course, grader, started }: OpenClass,
): Promise<History> {
  if (folder !== undefined && repository && hasGit()) {
    const history = await readHistory(folder, repository, course, grader.finder, started.getTime());
    if (history) return history;
  }
  if (repository === '.' && !hasGit()) throw new Error('a bare clone can be read only with git');
  const listings = attempts && attempts.files.length > 0 ? attempts.files : [files()];
  if (folder !== undefined && listings[0]?.length === 0 && !repository)
    throw new Error('nothing was found in the folder; fetch it again');
  const found = await Promise.all(listings.map((listed) => grader.finder.find(listed)));
  return withoutHistory(found, submittedAt);
}

/**
 * @param known all work that would count, had it come in time.
 * @param branches newest work that differs.
 */
async function outcomeOf(
  { counted }: Standing,
  known: readonly GradedVersion[],
  branches: readonly OtherWork[],
  grading: Grading,
): Promise<WorkResult> {
  if (branches.length > 0) return undecidedOutcome(counted, branches, grading);
  const tooLate = known.filter(({ isInTime, isStarted }) => isStarted && !isInTime);
  if (tooLate.length > 0 && !counted?.isStarted) {
    const last = Math.max(...tooLate.map(({ time }) => time));
    const text = `Submitted after the cutoff; not counted: ${timeText(last, grading.course.file.deadline)}.`;
    const warnings = [warning('times', 'class/after-cutoff', text)];
    return { ...nothing, status: 'after cutoff', submitted: toIsoSeconds(last), warnings };
  }
  return counted ? countedOutcome(counted, grading) : { ...nothing, status: 'no submission', warnings: [] };
}

async function countedOutcome(counted: GradedVersion, grading: Grading): Promise<WorkResult> {
  const { report, status, warnings, points, submission, late, advice } = counted;
  const prospect = await prospectOf(counted, grading);
  const { most, choices } = prospect;
  if (points === null) return { ...nothing, status, warnings, advice, choices, most };
  const { responses = new Map(), unsorted = [] } = submission.reflection ?? {};
  const underNone = unsorted.map((response) => ['', response] as const);
  return {
    ...aboutWork(counted, prospect),
    advice: undefined,
    status,
    points,
    adjustments: late
      ? [{ kind: 'late', reason: late.reason, before: report.points, after: points, cost: late.cost }]
      : [],
    responses: [...responses, ...underNone].map(([question, { text }]) => ({ question, text })),
    warnings,
  };
}

/** The prospect of work that came after the cutoff, which is worth nothing. */
const withoutProspect: Prospect = { most: 0, corrected: undefined, choices: undefined };

/** The facts about a version, whether or not it counts. */
function aboutWork(
  { report, time, submission, advice }: GradedVersion,
  { most, corrected, choices }: Prospect,
) {
  return {
    most,
    report,
    submitted: time === 0 ? undefined : toIsoSeconds(time),
    dispute: submission.reflection?.dispute?.text,
    corrected,
    choices,
    advice,
  };
}

/** Newest work that differs: a person chooses. A single version of another kind counts meanwhile. */
async function undecidedOutcome(
  counted: GradedVersion | undefined,
  branches: readonly OtherWork[],
  grading: Grading,
): Promise<WorkResult> {
  const meanwhile: WorkResult = counted
    ? await countedOutcome(counted, grading)
    : { ...nothing, status: 'undecided', advice: [chooseOne], warnings: [] };
  const now = counted ? [{ ...meanwhile, label: counted.version.label }] : [];
  const choices = [...now, ...branches].flatMap(choicesOf);
  const most = Math.max(0, ...choices.map(({ points }) => points));
  // The choices earn no more than what counts.
  const isUnread = branches.some((work) => work.points === null && !work.choices);
  if (counted && most <= (counted.points ?? 0) && !isUnread) return meanwhile;
  const until = counted ? `only that of ${counted.version.label} counts` : 'none counts';
  const text = `Several pieces of newest work differ, as on branches, and ${until} until you choose; follow-up.html has the points of each.`;
  const warnings = [...meanwhile.warnings, warning('versions', 'class/branches', text)];
  return { ...meanwhile, most: Math.max(most, meanwhile.most ?? 0), choices, warnings };
}

/** The choices in newest work, with their points: none where it could not be read. */
function choicesOf({ label, choices, points }: Pick<OtherWork, 'label' | 'choices' | 'points'>) {
  if (choices) return choices.map((one) => ({ files: [label, ...one.files], points: one.points }));
  return points === null ? [] : [{ files: [label], points }];
}

const chooseOne: Message = message(
  'class/choose-branch',
  'You have several pieces of newest work that differ, as on branches, and none counts until one is chosen. Write to your instructors which you mean.',
);

/**
 * Newest work that does not count, each with the warnings about it, and the last work where that came after the cutoff.
 */
function otherWorkOf({ beside }: Standing, counting: readonly GradedVersion[], grading: Grading) {
  const last = counting.find(({ version, isInTime }) => version.isLast && !isInTime);
  const uncounted = [...beside];
  if (last) {
    const { version, time } = last;
    uncounted.push({ graded: last, label: version.label, time, isInDoubt: false, which: 'after cutoff' });
  }
  return Promise.all(
    uncounted.map(async ({ graded, label, time, isInDoubt, which }) => {
      const prospect = which === 'after cutoff' ? withoutProspect : await prospectOf(graded, grading);
      const work: OtherWork = {
        ...aboutWork(graded, prospect),
        which,
        label,
        points: graded.points,
        submitted: isInDoubt ? undefined : toIsoSeconds(time),
      };
      // Newest work on branches is chosen together with its versions.
      const own = graded.warnings.filter(({ kind }) => which !== 'branch' || kind !== 'versions');
      const warnings = [...clockRemarks(graded.version), ...own];
      return { work, warnings: warnings.map((remark) => inVersion(remark, work)) };
    }),
  );
}

import type { Course } from '../../course';
import { rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/key';
import { kindOf } from '../../kinds/registry';
import { html, page } from '../../render/escape/html';
import { printHtml } from '../../render/html';
import { scoreLine } from '../../render/status';
import { item, line, listOf, type Section, type View, viewOf } from '../../render/view';
import { momentText } from '../../rubric/moment';
import { labelInRow, type Rubric, rowsOf } from '../../rubric/rubric';
import { dueFor, toIsoSeconds } from '../histories/deadline';
import { style } from '../pages/layout';
import type { ClassFacts, GradedClass } from '../results/run';
import type { StudentResult } from '../results/student-result.schema';

/**
 * Tells the answers once no more work can count, and only if the rubric says so.
 *
 * @param earlier the last moment at which work counts for the run being replaced, which may have known of an extension.
 */
export function feedbackPolicy(
  { course, openUntil = Number.POSITIVE_INFINITY }: ClassFacts,
  earlier?: string,
) {
  const { solution = 'never' } = course.file;
  const end = Math.max(openUntil, Date.parse(earlier ?? '') || 0);
  const hasAnswers = solution === 'after_due' && Date.now() > end;
  const until = Number.isFinite(end) ? `until ${toIsoSeconds(end)}` : 'without end, for lack of late.until';
  return {
    hasAnswers,
    why: `${hasAnswers ? 'with' : 'without'} the answers: rubric.yaml says solution: ${solution}, and work counts ${until}`,
  };
}

/** The changes to the points of a result, on one line: `Late by 1 day (9 to 8)`. */
export function adjustmentsOf({ adjustments }: StudentResult) {
  return adjustments
    .map(({ reason, before, after }) => `${reason} (${before ?? 'no points'} to ${after})`)
    .join('; ');
}

/** The points that count, and how they came about: the only number that a student is told. */
export function headlineOf(row: StudentResult, { possible }: Pick<Rubric, 'possible'>) {
  const { report, points, status } = row;
  const how = adjustmentsOf(row);
  if (points === null) return `No points yet: ${withoutPoints[status]}.`;
  if (report && how === '') return scoreLine(report);
  return `${points} of ${possible} points${how && `: ${how}`}`;
}

/** Why there are no points, in words for the student. */
const withoutPoints: Readonly<Record<StudentResult['status'], string>> = {
  'no login': 'nothing of yours was found',
  'no submission': 'nothing of yours was found',
  'not started': 'nothing is filled in',
  'after cutoff': 'your work came after the cutoff',
  graded: 'they are not known',
  failed: 'your work could not be read',
  undecided: 'your versions differ, and none counts until one is chosen',
};

/**
 * The feedback on a student's work.
 *
 * @param team everybody who handed it in, if others read it too. What is not so for all of them is left out.
 */
export function feedbackOn(
  row: StudentResult,
  { course, comments, started, feedback }: Pick<GradedClass, 'course' | 'comments' | 'started' | 'feedback'>,
  team?: readonly StudentResult[],
): View {
  const { rubric, file } = course;
  const { deadline } = file;
  const readers = team ?? [row];
  const isSame = (of: (one: StudentResult) => unknown) =>
    new Set(readers.map((one) => JSON.stringify(of(one)))).size === 1;
  // What is set or moved for one of them is nobody else's, and other members may be on no roster.
  const isHidden =
    team &&
    (team.some(({ overridden, extension }) => overridden || extension !== undefined) ||
      !isSame((one) => headlineOf(one, rubric)));
  const headline = isHidden ? 'Your grade: see your own.' : headlineOf(row, rubric);
  const isOver =
    deadline !== undefined && readers.every((one) => started.getTime() > dueFor(one, deadline).closesAt);
  const work =
    row.report &&
    isSame(({ report }) => report) &&
    viewOf(row.report, {
      headline,
      isOver,
      maxReasons: Number.POSITIVE_INFINITY,
      // The answers already say why.
      explanations: feedback?.hasAnswers ? 'none' : 'whole',
    });
  const comment = team ? undefined : comments.get(row.key);
  const advice = isSame((one) => one.advice) ? (row.advice ?? []) : [];
  return [
    ...(work || [
      [{ kind: 'title', text: rubric.title } as const, line({ words: headline, tone: 'strong' })],
    ]),
    advice.map((one) => line(one)),
    team ? [] : timesOf(row, file),
    comment === undefined
      ? []
      : [
          listOf(
            'From your instructor',
            comment.split(/\r\n?|\n/).map((text) => item(text)),
          ),
        ],
    feedback?.hasAnswers ? answersOf(course) : [],
  ];
}

/** Formats feedback as a page that loads nothing. */
export function feedbackPage(title: string, view: View) {
  return page(title, style, html`<main>${printHtml(view)}</main>`);
}

/** When the work was handed in, which version counts, until when work counts, and whom to ask. */
function timesOf(row: StudentResult, { deadline, contact = 'your instructors' }: Course['file']): Section {
  const at = (moment: number) =>
    deadline ? `${momentText(moment, deadline.timezone)} (${deadline.timezone})` : toIsoSeconds(moment);
  const lines: string[] = [];
  if (row.submitted !== undefined && row.status !== 'not started')
    lines.push(`Handed in ${at(Date.parse(row.submitted))}.`);
  if (row.earlier)
    lines.push(
      'This is an earlier version than your newest: of those that came in time, the one with the most points counts.',
    );
  if (deadline) {
    const { dueAt, closesAt } = dueFor(row, deadline);
    const until = Number.isFinite(closesAt) ? `until ${at(closesAt)}` : 'at any time';
    lines.push(`Due ${at(dueAt)}; work counts ${until}.`);
  }
  return [...lines, `If you think that this is wrong, write to ${contact}.`].map((one) => line(one));
}

/** The right answers of every row, and why they are right. */
function answersOf({ rubric, solution }: Course): Section {
  const rows = rowsOf(rubric).map((row) => {
    const right = row.cells.flatMap((cell) => {
      const answer = expectedIn(solution, row.id, cell.id);
      const texts = answer && rightAnswers(answer).map((one) => kindOf(cell).print(one));
      return texts ? `${labelInRow(cell, row)} ${texts.join(' or ')}` : [];
    });
    return { label: row.label, cells: [right.join(', '), solution.explanations[row.id] ?? ''] };
  });
  return [{ kind: 'table', title: 'The answers, and why', heads: ['Worksheet', 'Right', 'Why'], rows }];
}

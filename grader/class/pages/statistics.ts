import type { GradedCell, GradedRow, Report } from '../../grading/report.schema';
import type { KeyContent } from '../../key/known-answers';
import { counted, type Problem } from '../../message';
import { answerText } from '../../render/status';
import { cellsOf, type Rubric, type RubricCell, type RubricRow } from '../../rubric/rubric';
import { groupBy, joinNames } from '../../system/lists';
import type { GradedClass, Results } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import { questionsIn } from '../results/to-decide';
import { followUpFile } from './layout';
import {
  fewestForAll,
  groupsAmong,
  isForAll,
  type KnownStudent,
  misconceptionOf,
  type SharedAnswer,
  type ShownRow,
  sharedAnswersOf,
  wrongRowsIn,
} from './shared-answers';

/** Everything that the pages say about a class as a whole. */
export type ClassStats = ReturnType<typeof statisticsOf>;
export type CellCount = ReturnType<typeof countCell>;

/** A known wrong answer: how many students show it. */
export type Idea = ReturnType<typeof ideasOf>[number];

type TitleOf = (idea: string) => string;

/** @param key the course's knowledge of wrong answers. */
export function statisticsOf(
  rubric: Rubric,
  everybody: readonly StudentResult[],
  { misconceptions: knownIdeas }: Pick<KeyContent, 'misconceptions'> = { misconceptions: [] },
) {
  const students = everybody.filter(isKnown);
  // One hint may stand for several ideas, joined by +.
  const titleOf: TitleOf = (ids) => {
    const each = ids.split('+').map((id) => knownIdeas.find((idea) => idea.id === id)?.title ?? id);
    return [...new Set(each)].join(', or: ');
  };
  const shown = students.flatMap((student) =>
    wrongRowsIn(rubric, student.report).map((wrong): ShownRow => ({ ...wrong, student })),
  );
  return {
    rubric,
    /** Every student. */
    results: everybody,
    /** Students whose answers were read and count. */
    students,
    tables: rubric.tables.map((table) => ({
      ...table,
      rows: table.rows.map((row) => {
        const written = students.flatMap(({ report }) => {
          const graded = report.rows.find(({ id }) => id === row.id);
          return graded ? { graded, report } : [];
        });
        return { ...row, cells: row.cells.map((cell) => countCell(cell, written, titleOf)) };
      }),
    })),
    /** The most frequent comes first; of equally frequent ones, the one in the higher row. */
    ideas: ideasOf(shown, titleOf),
    /** Every wrong answer, the most frequent first; of equally frequent ones, the one in the higher row. */
    wrongAnswers: sharedAnswersOf(rubric, shown),
    titleOf,
  };
}

/** @param written the row of the cell as each student wrote it. */
function countCell(
  cell: RubricCell,
  written: readonly { readonly graded: GradedRow; readonly report: Report }[],
  titleOf: TitleOf,
) {
  const answers = written.flatMap(({ graded, report }) => {
    const answer = graded.cells.find(({ id }) => id === cell.id);
    return answer ? { answer, graded, report } : [];
  });
  const wrong = answers.filter(({ answer }) => answer.outcome === 'wrong');
  return {
    ...cell,
    /** Students with an answer that can be read; the rest left it blank, or it cannot be read. */
    answered: answers.filter(({ answer }) => answer.value !== undefined).length,
    right: answers.filter(({ answer }) => answer.outcome === 'correct').length,
    /** Each wrong answer with its explanation and its number of students. */
    wrong: countedAnswers(
      cell,
      wrong.map(({ answer, graded, report }) => {
        const idea = misconceptionOf(answer, graded, report);
        return { answer, idea: idea === undefined ? undefined : titleOf(idea) };
      }),
    ),
  };
}

function isKnown(result: StudentResult): result is KnownStudent {
  return result.report !== undefined && cellsOf(result.report).some(({ value }) => value !== undefined);
}

/** Counts texts, the most frequent first; of equally frequent ones, the first in alphabetical order. */
export function countsOf(texts: readonly string[]): [text: string, count: number][] {
  return [...groupBy(texts, (text) => text)]
    .map(([text, same]): [string, number] => [text, same.length])
    .sort(mostFirst);
}

type Count = readonly [text: string, count: number];

const mostFirst = ([a, many]: Count, [b, few]: Count) => few - many || inOrder.compare(a, b);

/** Compares texts as people do, with numbers by their value. */
const inOrder = new Intl.Collator('en', { numeric: true });

interface WrongAnswer {
  readonly answer: GradedCell;
  /** The title of the misconception that it shows. */
  readonly idea: string | undefined;
}

/**
 * `4,096: Width of the whole layer`, for each different answer. If fewer than three wrote a number, it may match a
 * known quantity by chance, so no reason is given.
 */
function countedAnswers(cell: RubricCell, wrong: readonly WrongAnswer[]): [text: string, count: number][] {
  const written = ({ answer }: WrongAnswer) => answer.shown ?? answerText(cell, answer.value);
  const alike = [...groupBy(wrong, (one) => JSON.stringify([written(one), one.idea])).values()];
  const counts = alike.map((same): [string, number] => {
    const [first] = same;
    const { cause } = first.answer;
    const quantity = same.length >= fewestForAll && cause?.kind === 'quantity' ? cause.name : undefined;
    const reason = first.idea ?? quantity;
    return [reason === undefined ? written(first) : `${written(first)}: ${reason}`, same.length];
  });
  return counts.sort(mostFirst);
}

function ideasOf(shown: readonly ShownRow[], titleOf: TitleOf) {
  const shownIdeas = shown.flatMap((row) => row.ideas.map((idea) => ({ ...row, idea })));
  const ideas = [...groupBy(shownIdeas, ({ idea }) => idea)].flatMap(([id, ofIdea]) => {
    // The answer that most of these students wrote.
    const [example] = groupsAmong(ofIdea);
    return example
      ? { id, title: titleOf(id), students: new Set(ofIdea.map(({ student }) => student)), example }
      : [];
  });
  return ideas.sort((a, b) => b.students.size - a.students.size || a.example.position - b.example.position);
}

/** The cells that most students miss, including ties, each with its row; none if every answer is right. */
export function mostMissed({ tables }: ClassStats): { readonly row: RubricRow; readonly cell: CellCount }[] {
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells.map((cell) => ({ row, cell }))));
  const most = Math.max(1, ...cells.map(({ cell }) => missed(cell)));
  return cells.filter(({ cell }) => missed(cell) === most);
}

/** The row that most students have wrong, the higher one if rows tie; undefined if nobody has any wrong. */
export function mostWrongRow({ rubric, students }: ClassStats): RubricRow | undefined {
  const wrong = students.flatMap(({ report }) => wrongRowsIn(rubric, report));
  const [most] = [...groupBy(wrong, ({ position }) => position)].sort(
    ([above, few], [below, many]) => many.length - few.length || above - below,
  );
  return most?.[1][0].row;
}

export function missed({ answered, right }: CellCount): number {
  return answered - right;
}

/** Returns the one wrong answer to talk about, if many share it. */
export function topicOf({ wrongAnswers, students }: ClassStats): SharedAnswer | undefined {
  return wrongAnswers.find((answer) => isForAll(answer, students.length));
}

/** Says why a student's answers are not counted: the state, and if there is a grade, the reason for it. */
export function whyNotCounted(row: StudentResult): string {
  const { report, status } = row;
  if (status !== 'graded') return stateOf(row);
  if (report?.state === 'missing') return 'graded (worksheet missing)';
  return report && isUnread(report) ? 'graded (worksheet not read)' : 'graded (worksheet blank)';
}

/** Whether a slip, or the nature of the file, keeps answers from being read. */
export function isUnread(report: Report): boolean {
  const isRead = report.state === 'read' || report.state === 'missing';
  // An unknown name is ignored, and hides nothing: only a slip has its line or its table.
  const isSlip = ({ excerpt, table }: Problem) => excerpt !== undefined || table !== undefined;
  const isHidden = report.unreadable === true || report.outside !== undefined;
  return !isRead || isHidden || report.problems.some(isSlip);
}

/** The state of a student, or why the student is to have no grade. */
export const stateOf = ({ points, exempt, status }: StudentResult) =>
  points === null && exempt !== undefined ? exempt : status;

/** `2 of 31 have no grade yet.` Students who should not get a grade do not count as missing one. */
export function gradesLine({
  students: all,
  unmatched,
}: Pick<GradedClass, 'students' | 'unmatched'>): string {
  const students = all.filter((row) => stateOf(row) === row.status);
  const missing = students.filter(({ points }) => points === null).length;
  const hasBegun = ({ status, override }: StudentResult) =>
    override !== undefined || (status !== 'not started' && status !== 'no submission');
  const isWaiting = unmatched.some((submission) => submission.isOpen);
  if (students.length === 0) return 'There are no students.';
  if (!students.some(hasBegun) && !isWaiting) return 'Nobody has begun.';
  if (missing === 0 && students.length === 1) return 'The one student has a grade.';
  return missing === 0
    ? `All ${students.length} have a grade.`
    : `${missing} of ${students.length} ${missing === 1 ? 'has' : 'have'} no grade yet.`;
}

/** Students with 0 points because they have no work that counts. */
export function withoutWork(rows: readonly StudentResult[]): StudentResult[] {
  return rows.filter(
    ({ adjustments, override }) => !override && adjustments.some(({ kind }) => kind === 'no submission'),
  );
}

/** How many students have each status. */
export function statusCounts(rows: readonly StudentResult[]): [status: string, count: number][] {
  return [...groupBy(rows, stateOf)].map(([status, same]) => [status, same.length]);
}

/** How many have a grade, how many have each status, and who has a zero without work. */
export function countsIn(graded: Pick<GradedClass, 'students' | 'unmatched' | 'people'>): string[] {
  const { students, people } = graded;
  const counts = statusCounts(students).map(([status, count]) => `${count} ${status}`);
  const names = withoutWork(students).map(({ student }) => people.nameOf(student));
  const zero = 'A zero for missing work (rubric.yaml: no_submission: zero)';
  const lines = [gradesLine(graded), `${counted(students.length, 'student')}: ${counts.join(', ')}.`];
  if (names.length > 0) lines.push(`${zero}: ${joinNames(names)}.`);
  return lines;
}

/** How many people have something to decide, and how many submissions are unmatched; this is the only count of both. */
export function countToDecide({ students, unmatched }: Results) {
  return {
    people: students.filter((result) => questionsIn(result).length > 0).length,
    submissions: unmatched.filter(({ isOpen }) => isOpen).length,
  };
}

/** `30 people to decide, and 2 submissions that are nobody’s`; empty if there is nothing. */
export function toDecideText(results: Results): string {
  const { people, submissions } = countToDecide(results);
  const parts = [
    people > 0 && `${people === 1 ? '1 person' : `${people} people`} to decide`,
    submissions > 0 && `${counted(submissions, 'submission')} not matched to a student`,
  ];
  return parts.filter(Boolean).join(', and ');
}

/** The summary of a class for a terminal. */
export function summaryOf(graded: Parameters<typeof countsIn>[0]): string[] {
  const lines = countsIn(graded);
  const toDecide = toDecideText(graded);
  if (toDecide !== '') lines.push(`${toDecide}; ${followUpFile} and grades.csv say why.`);
  return lines;
}

/** The keys of students and of unmatched submissions, by the code of what a person has to decide. */
export function toReview({ students, unmatched }: Results) {
  const noted = [
    ...students.flatMap((result) => questionsIn(result).map(({ code }) => ({ code, key: result.key }))),
    ...unmatched.flatMap(({ key, notes }) => notes.map(({ code }) => ({ code, key }))),
  ];
  const byCode = [...groupBy(noted, ({ code }) => code)].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(byCode.map(([code, same]) => [code, [...new Set(same.map(({ key }) => key))]]));
}

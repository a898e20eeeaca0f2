import { type AnswerKey, type Hint, type Judgement, noKey } from '../key/judge';
import { kindOf } from '../kinds/registry';
import {
  cellsOf,
  possibleReflection,
  type Rubric,
  type RubricCell,
  type RubricTable,
} from '../rubric/rubric';
import { isUntouched, type ReadCell } from '../submission/cells';
import { responseCount } from '../submission/reflection';
import { type FileState, hasNoGrade, type Submission } from '../submission/submission';
import type { GradedCell, GradedReflection, GradedRow, GradedTables, Report } from './report.schema';
import { type JudgedTable, whyWrong, withLaws, withPlaces, withTableHint } from './why-wrong';

/**
 * Grades a submission. Pure: the same rubric, submission and key always give the same Report, whatever the clock, the
 * machine or the student's name.
 */
export async function score(rubric: Rubric, submission: Submission, key: AnswerKey): Promise<Report> {
  return reportOf(rubric, submission, key, await gradeAnswers(rubric, submission.answers, key));
}

/** Grades the answers of a submission. */
export async function gradeAnswers(
  { tables, laws }: Pick<Rubric, 'tables' | 'laws'>,
  answers: Pick<Submission['answers'], 'rows' | 'state'>,
  key: AnswerKey,
): Promise<GradedTables> {
  const zero = zeroIn(key, answers.state);
  const graded = await Promise.all(
    tables.map(async (table) => {
      const rows = answers.rows.filter(({ id }) => table.rows.some((row) => row.id === id));
      const judged = withTableHint(
        await Promise.all(rows.map(async (row) => ({ id: row.id, ...(await key.judge(row)) }))),
      );
      return {
        table,
        whole: {
          export: table.export,
          label: table.label,
          columns: table.columns.map(({ id, label }) => ({ id, label })),
          wide: isWide(table),
          hint: judged.hint,
        },
        rows: gradeRows(table, judged, zero),
      };
    }),
  );
  const gradedTables = { tables: graded.map(({ whole }) => whole), rows: graded.flatMap(({ rows }) => rows) };
  const rowsWithLaws = withLaws({ laws }, gradedTables);
  const placed = graded.flatMap(({ table, whole }) => {
    const rows = rowsWithLaws.filter((row) => row.table === table.export);
    // A mistake that affects a whole table is one mistake, and is reported once.
    return whole.hint ? rows : withPlaces(table, rows);
  });
  return { tables: gradedTables.tables, rows: placed };
}

/** The points for work that is not right: null if there is no key, or if the file cannot be graded fairly. */
function zeroIn(key: AnswerKey, state: FileState): 0 | null {
  return key.digest === noKey.digest || hasNoGrade(state) ? null : 0;
}

/** Whether one of the files cannot be graded fairly, so that the submission cannot be either. */
export function isUngradable({ state, reflection }: Pick<Report, 'state' | 'reflection'>): boolean {
  return hasNoGrade(state) || (reflection !== undefined && hasNoGrade(reflection.state));
}

/** Builds the Report of a submission from its graded answers. */
export function reportOf(
  rubric: Rubric,
  { answers, reflection, outside, remarks }: Submission,
  key: AnswerKey,
  { tables, rows }: GradedTables,
): Report {
  const graded =
    rubric.reflection &&
    reflection &&
    gradeReflection(rubric.reflection, reflection, zeroIn(key, reflection.state));
  const cells = cellsOf({ rows });
  return {
    version: 12,
    title: rubric.title,
    rubric: rubric.digest,
    key: key.digest,
    points: sum([...cells.map(({ points }) => points), graded ? graded.points : 0]),
    possible: rubric.possible,
    due: rubric.due && [...rubric.due],
    handIn: rubric.handIn && [...rubric.handIn],
    started:
      outside !== undefined || !isUntouched(answers) || (reflection !== undefined && !reflection.isUntouched),
    file: answers.file,
    state: answers.state,
    remarks: [...remarks],
    unreadable: answers.isUnreadable,
    problems: [...answers.problems],
    outside,
    tables,
    rows,
    reflection: graded,
  };
}

/** How many characters a terminal has for the answers of a row, and how many extra characters each answer takes. */
const terminalWidth = 46;
const besideAnswer = 9;

/** Whether answers are usually too long to fit side by side. Does not depend on the submission. */
function isWide({ rows, columns }: RubricTable): true | undefined {
  const widths = columns.map(({ id }) =>
    Math.max(...cellsOf({ rows }).map((cell) => (cell.id === id ? kindOf(cell).width : 0))),
  );
  return widths.reduce((sum, width) => sum + width + besideAnswer, 0) > terminalWidth || undefined;
}

function gradeRows(table: RubricTable, { rows, hint }: JudgedTable, zero: 0 | null): GradedRow[] {
  return table.rows.map(({ id, label, heading, cells }) => {
    const row = rows.find((one) => one.id === id);
    return {
      id,
      table: table.export,
      label,
      heading,
      explanation: row?.explanation,
      cells: cells.map((cell) => {
        const judged = row?.cells.find((one) => one.id === cell.id);
        return {
          id: cell.id,
          label: cell.label,
          name: cell.name,
          possible: cell.points,
          location: judged?.location,
          ...gradeOfCell(cell, judged ?? { id: cell.id, kind: 'blank', verdict: 'unknown' }, zero, hint),
        };
      }),
    };
  });
}

/** The part of a graded cell that depends on what the student wrote. */
function gradeOfCell(
  rubric: RubricCell,
  judged: ReadCell & Judgement,
  zero: 0 | null,
  tableHint: Hint | undefined,
): Omit<GradedCell, 'id' | 'label' | 'possible'> {
  if (judged.kind === 'blank') return { outcome: 'blank', points: zero, reason: judged.reason };
  const { sourceText } = judged;
  if (judged.kind === 'invalid') {
    const { reason, excerpt } = judged;
    return { outcome: 'invalid', points: zero, reason, sourceText: sourceText || undefined, excerpt };
  }
  const { value, verdict } = judged;
  const printed = judged.shown ?? kindOf(rubric).print(value);
  const shown = printed === String(value) ? undefined : printed;
  if (verdict === 'right') return { sourceText, value, shown, outcome: 'correct', points: rubric.points };
  if (verdict === 'unknown') return { sourceText, value, shown, outcome: 'ungraded', points: null };
  const why = whyWrong(judged, printed, rubric.guidingQuestion, tableHint);
  return { sourceText, value, shown, outcome: 'wrong', points: 0, ...why };
}

function gradeReflection(
  rubric: NonNullable<Rubric['reflection']>,
  reflection: NonNullable<Submission['reflection']>,
  zero: 0 | null,
): GradedReflection {
  const { responses, unsorted, remark, reason, file, state, isUntouched: untouched, dispute } = reflection;
  const count = responseCount(reflection);
  return {
    file,
    state,
    // Without a key the total is not a score, so no part of it may look like one.
    points: zero === null ? null : Math.min(count, rubric.choose) * rubric.points,
    possible: possibleReflection(rubric),
    choose: rubric.choose,
    present: count > 0,
    untouched,
    remark,
    reason,
    disputed: dispute && true,
    responses: rubric.questions.map(({ id, label }) => {
      const { location } = responses.get(id) ?? {};
      return { id, label, answered: location !== undefined, location };
    }),
    unsorted: unsorted.map(({ location }) => ({ location })),
  };
}

/** The total, or null if a part of it is not known. */
function sum(points: readonly (number | null)[]): number | null {
  return points.reduce((total, part) => (total === null || part === null ? null : total + part), 0);
}

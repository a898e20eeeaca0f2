import { type AnswerKey, type Judgement, noKey } from '../key/key';
import { kindOf } from '../kinds/registry';
import { message } from '../message';
import { cellsIn } from '../rubric/laws';
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
import { type JudgedTable, judgeTable } from './judge';
import { withLaws } from './laws';
import { typedIn, withPlaces } from './places';
import type { GradedCell, GradedReflection, GradedRow, GradedTable, Report } from './report.schema';

/**
 * Grades a submission. Pure: the same rubric, submission and key always give the same Report, which does
 * not depend on the clock, the machine or the student's name.
 */
export async function score(rubric: Rubric, submission: Submission, key: AnswerKey): Promise<Report> {
  return reportOf(rubric, submission, key, await gradeAnswers(rubric, submission.answers, key));
}

/** The tables of a Report and their rows. */
export type GradedTables = Pick<Report, 'tables' | 'rows'>;

/** Grades the answers of a submission. */
export async function gradeAnswers(
  rubric: Pick<Rubric, 'tables' | 'laws'>,
  answers: Pick<Submission['answers'], 'rows' | 'state'>,
  key: AnswerKey,
): Promise<GradedTables> {
  const lost = lostIn(key, answers.state);
  const all = await Promise.all(
    rubric.tables.map(async (table) => {
      const ids = new Set(table.rows.map(({ id }) => id));
      const rows = answers.rows.filter(({ id }) => ids.has(id));
      const isComplete = cellsOf({ rows }).every(({ kind }) => kind === 'value');
      const isMarked = !table.marks || isComplete;
      return { table, isComplete, isMarked, judged: await judgeTable(rows, isMarked ? key : noKey) };
    }),
  );
  const tables = all.map(({ table, judged, isComplete }) => gradeTable(table, judged, isComplete));
  const rows = all.flatMap(({ table, judged, isMarked }) => gradeRows(table, judged, isMarked ? lost : null));
  const marked = new Set(
    all.flatMap(({ table, isMarked }) => (isMarked ? table.rows.map(({ id }) => id) : [])),
  );
  const laws = rubric.laws.filter(({ equations }) =>
    equations.flatMap(cellsIn).every(({ row }) => marked.has(row)),
  );
  const lawful = withLaws({ laws }, tables, rows);
  const rowsIn = (name: string) => lawful.filter((row) => row.table === name);
  return {
    tables,
    rows: all.flatMap(({ table, judged }) => withPlaces(table, rowsIn(table.export), judged)),
  };
}

type Part = GradedTables & Partial<Pick<Report, 'problems'>>;

/** The part of a Report that points depend on: without the tables that are marked only once they are complete. */
export function worksheetPart<Graded extends Part>(graded: Graded): Graded {
  return partOf(graded, ({ complete }) => complete === undefined);
}

/** The part of a Report about the tables that are marked only once they are complete. */
export function againPart<Graded extends Part>(graded: Graded): Graded {
  return partOf(graded, ({ complete }) => complete !== undefined, false);
}

function partOf<Graded extends Part>(
  graded: Graded,
  isWanted: (table: GradedTable) => boolean,
  hasOfFile = true,
): Graded {
  const { tables, rows, problems } = graded;
  const wanted = tables.filter(isWanted);
  const names = new Set(wanted.map((table) => table.export));
  return {
    ...graded,
    tables: wanted,
    rows: rows.filter(({ table }) => names.has(table)),
    ...(problems && {
      problems: problems.filter(({ table }) => (table === undefined ? hasOfFile : names.has(table))),
    }),
  };
}

/** The points for work that is not right: null if there is no key, or the file has no fair grade. */
function lostIn(key: AnswerKey, state: FileState): 0 | null {
  return key.digest === noKey.digest || hasNoGrade(state) ? null : 0;
}

/** Whether one of the files has no fair grade, so that the submission has none either. */
export function isUngradable({ state, reflection }: Pick<Report, 'state' | 'reflection'>): boolean {
  return hasNoGrade(state) || (reflection !== undefined && hasNoGrade(reflection.state));
}

/** Builds the Report of a submission from its graded answers. */
export function reportOf(
  rubric: Rubric,
  { answers, reflection, remarks }: Submission,
  key: AnswerKey,
  { tables, rows }: GradedTables,
): Report {
  const graded =
    rubric.reflection &&
    reflection &&
    gradeReflection(rubric.reflection, reflection, lostIn(key, reflection.state));
  const cells = worksheetPart({ tables, rows }).rows.flatMap((row) => row.cells);
  return {
    version: 9,
    title: rubric.title,
    rubric: rubric.digest,
    key: key.digest,
    points: sum([...cells.map(({ points }) => points), graded ? graded.points : 0]),
    possible: rubric.possible,
    due: rubric.due && [...rubric.due],
    started: !isUntouched(answers) || (reflection !== undefined && !reflection.isUntouched),
    file: answers.file,
    state: answers.state,
    remarks: [...remarks],
    ...(answers.isUnreadable && { unreadable: true }),
    problems: [...answers.problems],
    tables,
    rows,
    ...(graded && { reflection: graded }),
  };
}

function gradeTable(table: RubricTable, { hint }: JudgedTable, isComplete: boolean): GradedTable {
  return {
    export: table.export,
    label: table.label,
    columns: [...table.columns],
    ...(isWide(table) && { wide: true }),
    hint,
    ...(table.marks && { complete: isComplete }),
  };
}

/** The characters a terminal has for the answers of a row, and the extra characters each answer takes. */
const terminalWidth = 46;
const besideAnswer = 9;

/** Whether answers are usually too long to fit side by side. Does not depend on the submission. */
function isWide({ rows, columns }: RubricTable): boolean {
  const widths = columns.map(({ id }) =>
    Math.max(...cellsOf({ rows }).map((cell) => (cell.id === id ? kindOf(cell).width : 0))),
  );
  return widths.reduce((sum, width) => sum + width + besideAnswer, 0) > terminalWidth;
}

function gradeRows(table: RubricTable, judged: JudgedTable, lost: 0 | null): GradedRow[] {
  const isHinted = judged.hint !== undefined;
  return table.rows.map(({ id, label, heading, cells }) => {
    const row = judged.rows.find((candidate) => candidate.id === id);
    return {
      id,
      table: table.export,
      label,
      heading,
      explanation: row?.explanation,
      cells: cells.map((cell) =>
        gradeCell(
          cell,
          row?.cells.find((candidate) => candidate.id === cell.id),
          lost,
          isHinted,
        ),
      ),
    };
  });
}

function gradeCell(
  rubric: RubricCell,
  judged: (ReadCell & Judgement) | undefined,
  lost: 0 | null,
  isHinted: boolean,
): GradedCell {
  const { points: possible, guidingQuestion = '' } = rubric;
  const named = {
    id: rubric.id,
    label: rubric.label,
    name: rubric.name,
  };
  if (!judged) return { ...named, possible, outcome: 'blank', points: lost };
  const { location } = judged;
  const cell = { ...named, possible, location };
  switch (judged.kind) {
    case 'blank': {
      const { reason } = judged;
      return { ...cell, outcome: 'blank', points: lost, reason };
    }
    case 'invalid': {
      const { reason, sourceText, excerpt } = judged;
      return {
        ...cell,
        outcome: 'invalid',
        points: lost,
        reason,
        ...(sourceText && { sourceText }),
        excerpt,
      };
    }
    case 'value':
      break;
  }
  const { sourceText, value, verdict, hint, isOfRow, quantity } = judged;
  const printed = judged.shown ?? kindOf(rubric).print(value);
  const filled = { ...cell, sourceText, value, ...(printed !== String(value) && { shown: printed }) };
  switch (verdict) {
    case 'right':
      return { ...filled, outcome: 'correct', points: possible };
    case 'unknown':
      return { ...filled, outcome: 'ungraded', points: null };
    case 'wrong': {
      const wrong = { ...filled, outcome: 'wrong', points: 0 } as const;
      if (hint)
        return {
          ...wrong,
          reason: message('cell/misconception', hint.text),
          cause: { kind: 'misconception', name: hint.misconception, ...(isOfRow && { ofRow: true }) },
        };
      // A text counts as itself, however it was written.
      const isItself = typeof value === 'string' || String(value) === sourceText;
      const quotes = { typed: typedIn({ value, sourceText, shown: printed }) };
      const say = (code: string, text: string, next = guidingQuestion) =>
        message(code, `${text} ${next}`.trimEnd(), quotes);
      if (isHinted || quantity === undefined) {
        const text = `{typed}${isItself ? ' is' : ` comes to ${printed}, which is`} not right here.`;
        const next = isHinted ? 'The hint for the whole table says why.' : guidingQuestion;
        return { ...wrong, reason: say('cell/wrong', text, next) };
      }
      // A number that is printed as typed needs no quotes.
      const typed = isItself && typeof value === 'number' ? printed : '{typed}';
      const subject = isItself ? typed : `${typed} comes to ${printed}, which`;
      const cause = { kind: 'quantity', name: quantity.join(', or: ') } as const;
      const reason =
        quantity.length === 1
          ? say('cell/quantity', `${subject} is ${quantity[0]}.`)
          : say('cell/quantity', `${subject} could be ${quantity.join(', or ')}.`, 'Which did you mean?');
      return { ...wrong, reason, cause };
    }
  }
}

function gradeReflection(
  rubric: NonNullable<Rubric['reflection']>,
  reflection: NonNullable<Submission['reflection']>,
  lost: 0 | null,
): GradedReflection {
  const { responses, unsorted, remark, reason, file, state, isUntouched: untouched, dispute } = reflection;
  const count = responseCount(reflection);
  return {
    file,
    state,
    // Without a key the total is not a score, so no part of it may look like one.
    points: lost === null ? null : Math.min(count, rubric.choose) * rubric.points,
    possible: possibleReflection(rubric),
    choose: rubric.choose,
    present: count > 0,
    ...(untouched && { untouched }),
    remark,
    reason,
    ...(dispute && { disputed: true as const }),
    responses: rubric.questions.map(({ id, label }) => {
      const response = responses.get(id);
      if (!response) return { id, label, answered: false };
      const { location, warning } = response;
      return { id, label, answered: true, location, warning };
    }),
    unsorted: unsorted.map(({ location, warning }) => ({ location, warning })),
  };
}

/** The total, or null where a part of it is not known. */
function sum(points: readonly (number | null)[]): number | null {
  let total = 0;
  for (const part of points) {
    if (part === null) return null;
    total += part;
  }
  return total;
}

import path from 'node:path';
import type { Course } from '../course';
import { joinNames } from '../files';
import { worksheetPart } from '../grading/score';
import { type Misconception, titleOf } from '../key/hints';
import type { Colors } from '../render/escape/colors';
import { escapeTerminal, formatTable, type TerminalText } from '../render/escape/terminal';
import { gradedCells, misconceptionIn } from '../render/status';
import type { Summary } from './outputs';
import { followUpFile } from './pages/follow-up';
import { pageFile } from './pages/layout';
import { pollFile } from './pages/poll';
import { overridesFile } from './results/by-hand';
import type { GradeChange } from './results/grade-changes';
import { resultsFile } from './results/results-file';
import type { StudentResult } from './results/student-result.schema';

/** The largest class that is printed student by student. */
export const maxLinesShown = 60;

/**
 * Formats a class as a table: one line per student, with points, what changed them and what to look at.
 */
export function classTable(
  rows: readonly StudentResult[],
  { rubric, solution }: Pick<Course, 'rubric' | 'solution'>,
  paint: Colors,
): TerminalText {
  const head = ['Student', 'Points', 'State', 'Notes'].map((text) => ({
    text: paint.strong(escapeTerminal(text)),
  }));
  const body = rows.map((row) => [
    { text: escapeTerminal(row.login || row.student?.name || row.key), gap: 2 },
    { text: escapeTerminal(row.points === null ? '-' : `${row.points} of ${rubric.possible}`) },
    { text: escapeTerminal(row.status) },
    { text: escapeTerminal(notesOn(row, solution.misconceptions)) },
  ]);
  return formatTable([26, 11, 15, 26], [head, ...body]);
}

function notesOn({ adjustments, warnings, report }: StudentResult, known: readonly Misconception[]): string {
  const noteTexts = adjustments.map(
    ({ reason, before, after }) => `${reason} (${before ?? '-'} to ${after})`,
  );
  const { tables = [] } = report ? worksheetPart(report) : {};
  const cells = report ? gradedCells(report) : [];
  const ids = new Set(cells.flatMap((cell) => misconceptionIn(cell) ?? []));
  for (const { hint } of tables) if (hint) ids.add(hint.misconception);
  const [first] = ids;
  if (first !== undefined) {
    const title = titleOf(known, first);
    noteTexts.push(ids.size === 1 ? title : `${title}, and ${ids.size - 1} more`);
  }
  if (warnings.length > 0)
    noteTexts.push(`needs review${warnings.length === 1 ? '' : ` (${warnings.length})`}`);
  return noteTexts.join('; ');
}

/** Summarizes a graded class in a few lines. */
export function summaryLines({ stats, leftOut, noPoll }: Summary, folder: string): string[] {
  const counts = [...stats.totals.statusCounts].map(([status, count]) => `${count} ${status}`).join(', ');
  const unknown =
    stats.totals.unknown > 0 ? [`${stats.totals.unknown} not on the roster; grades.csv names them.`] : [];
  const { zeros } = stats.totals;
  return [
    `${stats.totals.students} student${stats.totals.students === 1 ? '' : 's'}: ${counts}.`,
    ...(zeros.length > 0
      ? [
          `${zeros.length} zero${zeros.length === 1 ? '' : 's'} for work that is not there (rubric.yaml: no_submission: zero): ${joinNames(zeros)}.`,
        ]
      : []),
    ...(stats.followUp.reviewed > 0
      ? [
          `${stats.followUp.reviewed} student${stats.followUp.reviewed === 1 ? ' needs' : 's need'} review; ${followUpFile} and grades.csv say why.`,
        ]
      : []),
    ...unknown,
    ...[...leftOut].map(
      ([file, logins]) =>
        `gradebooks/${file} leaves out ${joinNames(logins)}: the roster lacks what it finds users by, or has it for two of them.`,
    ),
    '',
    `What to teach next: ${path.join(folder, pageFile)}${noPoll === undefined ? `, and ${pollFile} for the projector` : ''}.`,
    ...(noPoll === undefined ? [] : [`There is no vote: ${noPoll}`]),
    `Who needs what: ${path.join(folder, followUpFile)}, with names.`,
    `The grades: ${path.join(folder, 'grades.csv')}, gradebooks/ for hosts, ${resultsFile} for programs.`,
    `To set points by hand: ${path.join(folder, overridesFile)}, and grade again.`,
  ];
}

const maxChanges = 40;

/** Lists the students whose grade differs between two runs. */
export function changeLines(changes: readonly GradeChange[]): string[] {
  const count = changes.length;
  if (count === 0) return ['No grade differs from the earlier run.'];
  const points = (value: number | null | undefined) => (value === undefined ? 'none' : (value ?? '-'));
  const listed = changes.slice(0, maxChanges).map(({ login, before, after, reasons }) => {
    const isBoth = typeof before === 'number' && typeof after === 'number';
    const by = isBoth ? ` (${after > before ? '+' : ''}${after - before})` : '';
    return `    ${login}: ${points(before)} to ${points(after)}${by}: ${reasons.join(', ')}`;
  });
  return [
    `${count} grade${count === 1 ? ' differs' : 's differ'} from the earlier run:`,
    ...listed,
    ...(count > maxChanges ? [`    and ${count - maxChanges} more`] : []),
  ];
}

import path from 'node:path';
import type { Course } from '../course';
import { joinNames } from '../files';
import { worksheetPart } from '../grading/score';
import { type Misconception, titleOf } from '../key/hints';
import { kindOf } from '../kinds/registry';
import type { Colors } from '../render/escape/colors';
import { escapeTerminal, formatTable, lines, type TerminalText } from '../render/escape/terminal';
import { gradedCells, misconceptionIn } from '../render/status';
import type { Summary } from './outputs';
import { followUpFile } from './pages/follow-up';
import { pageFile } from './pages/layout';
import { pollFile } from './pages/poll';
import type { GradeChange } from './results/grade-changes';
import { overridesFile } from './results/overrides';
import { resultsFile } from './results/results-file';
import type { StudentResult } from './results/student-result.schema';

/** The largest class that is printed student by student. */
export const maxLinesShown = 60;

/**
 * Formats a class as a table: one line per student, with points, what changed them and what to look at.
 *
 * @param names the names of students without a login, by key.
 */
export function classTable(
  rows: readonly StudentResult[],
  { rubric, solution }: Pick<Course, 'rubric' | 'solution'>,
  paint: Colors,
  names: ReadonlyMap<string, string> = new Map(),
): TerminalText {
  const head = ['Student', 'Points', 'State', 'Notes'].map((text) => ({
    text: paint.strong(escapeTerminal(text)),
  }));
  const body = rows.map((row) => [
    { text: escapeTerminal(row.login || names.get(row.key) || row.key), gap: 2 },
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
export function summaryLines({ stats, leftOut, noPoll }: Summary, folder: string): TerminalText {
  const counts = [...stats.totals.statusCounts].map(([status, count]) => `${count} ${status}`).join(', ');
  const unknown =
    stats.totals.unknown > 0 ? [`${stats.totals.unknown} not on the roster; grades.csv names them.`] : [];
  const { zeros } = stats.totals;
  const text = [
    `${stats.totals.students} student${stats.totals.students === 1 ? '' : 's'}: ${counts}.`,
    ...stats.ideas.final
      .mostMissed(3)
      .map(({ label, missed, all }) => `Final answers: ${missed} of the ${all} who started missed ${label}.`),
    ...(zeros.length > 0
      ? [
          `${zeros.length} zero${zeros.length === 1 ? '' : 's'} for work that is not there (rubric.yaml: no_submission: zero): ${joinNames(zeros)}.`,
        ]
      : []),
    ...unexplainedLine(stats),
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
  return lines(text.map(escapeTerminal));
}

/** Names wrong answers that the author should add a reason for. */
function unexplainedLine({ ideas: { unexplained } }: Summary['stats']): string[] {
  const [first, ...others] = [...unexplained.values()].sort((a, b) => b.count - a.count);
  if (!first) return [];
  const { cell, value, count } = first;
  const found = `${kindOf(cell).print(value)} at ${cell.label} (${count} student${count === 1 ? '' : 's'})`;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return [`Without a reason: ${found}${more}; the page has lines for solution/.`];
}

const maxChanges = 40;

/**
 * Lists the students whose grade differs between two runs.
 *
 * @returns undefined if no grade differs.
 */
export function gradeChangeLines(moves: Iterable<GradeChange>): TerminalText | undefined {
  const changeLines: TerminalText[] = [];
  let count = 0;
  const points = (value: number | null | undefined) => (value === undefined ? 'none' : (value ?? '-'));
  for (const { login, before, after, reasons } of moves) {
    count++;
    if (count > maxChanges) continue;
    const by =
      typeof before === 'number' && typeof after === 'number'
        ? ` (${after > before ? '+' : ''}${after - before})`
        : '';
    changeLines.push(
      escapeTerminal(`    ${login}: ${points(before)} to ${points(after)}${by}: ${reasons.join(', ')}`),
    );
  }
  if (count === 0) return undefined;
  const more = count > maxChanges ? [escapeTerminal(`    and ${count - maxChanges} more`)] : [];
  return lines([
    escapeTerminal(`${count} grade${count === 1 ? ' differs' : 's differ'} from the earlier run:`),
    ...changeLines,
    ...more,
  ]);
}

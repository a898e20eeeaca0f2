import path from 'node:path';
import { lines, type Paints, plain, sheet, type TerminalText } from '../../report/escape/terminal';
import type { Rubric } from '../../rubric/rubric';
import { named } from '../named';
import type { Graded } from './graded.schema';
import type { Move } from './moves';
import { pageFile, type Summary } from './outputs';
import { overridesFile } from './overrides';
import { cellLabel } from './page/cells';
import { rowsFile } from './rows';

/** The largest class that is printed student by student. */
export const mostShown = 60;

/** A class as a table: a student a line, with points, what changed them and what to look at. */
export function classTable(rows: readonly Graded[], { possible }: Rubric, paint: Paints): TerminalText {
  const head = ['Student', 'Points', 'State', 'Notes'].map((text) => ({ text: paint.strong(plain(text)) }));
  const body = rows.map((row) => [
    { text: plain(row.login || row.key) },
    { text: plain(row.points === null ? '-' : `${row.points} of ${possible}`) },
    { text: plain(row.status) },
    { text: plain(notesOn(row)) },
  ]);
  return sheet([26, 11, 15, 26], [head, ...body]);
}

function notesOn({ adjustments, warnings, report }: Graded): string {
  const shown = adjustments.map(({ why, before, after }) => `${why} (${before ?? '-'} to ${after})`);
  const hints = new Set((report?.cells ?? []).flatMap(({ hint }) => hint?.misconception ?? []));
  if (report?.hint) hints.add(report.hint.misconception);
  const [first] = hints;
  if (first !== undefined) shown.push(hints.size === 1 ? first : `${first} and ${hints.size - 1} more`);
  if (warnings.length > 0) shown.push(`needs review${warnings.length === 1 ? '' : ` (${warnings.length})`}`);
  return shown.join('; ');
}

/** What became of a class, in a few lines. */
export function summaryLines({ tally, leftOut }: Summary, rubric: Rubric, folder: string): TerminalText {
  const counts = [...tally.statuses].map(([status, count]) => `${count} ${status}`).join(', ');
  const missed = rubric.table.cells
    .map(({ row, column }) => {
      const { wrong, empty } = tally.final.cell(row, column);
      return { label: cellLabel(`${row}.${column}`, rubric), count: wrong + empty };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 3);
  const unknown = tally.unknown > 0 ? [`${tally.unknown} not on the roster; grades.csv names them.`] : [];
  const { zeros } = tally;
  const text = [
    `${tally.students} student${tally.students === 1 ? '' : 's'}: ${counts}.`,
    ...missed.map(
      ({ label, count }) => `Final answers: ${count} of the ${tally.started} who started missed ${label}.`,
    ),
    ...(zeros.length > 0
      ? [
          `${zeros.length} zero${zeros.length === 1 ? '' : 's'} for work that is not there (rubric.yaml: no_submission: zero): ${named(zeros, mostNamed)}.`,
        ]
      : []),
    ...(tally.reviewed > 0
      ? [
          `${tally.reviewed} student${tally.reviewed === 1 ? ' needs' : 's need'} review; the page and grades.csv say why.`,
        ]
      : []),
    ...unknown,
    ...[...leftOut].map(
      ([file, logins]) =>
        `gradebooks/${file} leaves out ${named(logins, mostNamed)}: the roster lacks what it finds users by.`,
    ),
    '',
    `The page: ${path.join(folder, pageFile)}`,
    `The grades: ${path.join(folder, 'grades.csv')}, gradebooks/ for hosts, ${rowsFile} for programs.`,
    `To set points by hand: ${path.join(folder, overridesFile)}, and grade again.`,
  ];
  return lines(text.map(plain));
}

const mostNamed = 5;

const mostMoves = 40;

/** Whose grade differs between two runs. @returns nothing where nobody's does. */
export function moveLines(moves: Iterable<Move>): TerminalText | undefined {
  const shown: TerminalText[] = [];
  let count = 0;
  const points = (value: number | null | undefined) => (value === undefined ? 'none' : (value ?? '-'));
  for (const { login, before, after, reasons } of moves) {
    count++;
    if (count > mostMoves) continue;
    const by =
      typeof before === 'number' && typeof after === 'number'
        ? ` (${after > before ? '+' : ''}${after - before})`
        : '';
    shown.push(plain(`    ${login}: ${points(before)} to ${points(after)}${by}: ${reasons.join(', ')}`));
  }
  if (count === 0) return undefined;
  const more = count > mostMoves ? [plain(`    and ${count - mostMoves} more`)] : [];
  return lines([
    plain(`${count} grade${count === 1 ? ' differs' : 's differ'} from the earlier run:`),
    ...shown,
    ...more,
  ]);
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Configure, fromCaller } from '../command';
import type { Course } from '../course';
import { GraderError } from '../error';
import { groupBy } from '../key/group-by';
import { type CsvCell, own } from '../render/escape/csv';
import { escapeTerminal } from '../render/escape/terminal';
import { paragraph } from '../render/terminal';
import { rowName, rowsOf, sizesText } from '../rubric/rubric';
import { assertNoProblems, readTable, type TableProblem, type TableRow } from './members/csv-table';
import { laterText } from './pages/again';
import type { Figures } from './pages/figures';
import {
  addPaired,
  minPaired,
  type PairedCounts,
  type PairedKind,
  pairedText,
  studentsIn,
  timesShown,
} from './pages/paired';
import type { PairedStats } from './pages/paired-stats';
import type { ClassStats } from './pages/statistics';

/** The file in which a run counts, without names, what became right at other sizes. Terms are added up from it. */
export const againCountsFile = 'again-counts.csv';

const numbers = ['right_right', 'wrong_right', 'right_wrong', 'wrong_wrong'] as const;
const columns = ['what', 'id', 'label', 'before', 'after', 'days', ...numbers, 'term', 'worksheet'] as const;

/** A comparison in a run: two tries and their sizes. */
export interface Compared {
  readonly paired: PairedStats;
  readonly before: string;
  readonly after: string;
  /** Days between the tries; 0 for the same day. */
  readonly days: number;
  /** The rows that are asked twice. */
  readonly rows: readonly string[];
}

/** The comparison with the worksheet's own second table, if it has one. */
export function comparedAgain({ again, rubric }: ClassStats): Compared[] {
  if (!rubric.again) return [];
  const { given } = rubric;
  const rows = rowsOf(rubric.again).map(rowName);
  return [
    { paired: again.paired, before: sizesText(given), after: sizesText(rubric.again.given), days: 0, rows },
  ];
}

/** The comparison with an earlier run, if one is named. */
export function comparedLater({ later, rubric }: ClassStats): Compared[] {
  if (!later) return [];
  return [
    {
      paired: later.paired,
      before: later.before.sizes,
      after: sizesText(rubric.given),
      days: later.days,
      rows: rowsOf(rubric).map(({ id }) => id),
    },
  ];
}

/**
 * Returns the table of a run, headings first. Counts of fewer than ten students get no line.
 *
 * @param term the month of the run, such as `2026-11`.
 */
export function againCounts(
  all: readonly Compared[],
  {
    rubric,
    solution,
    stats,
    figures,
    term,
    worksheet,
  }: Pick<Course, 'rubric' | 'solution'> & {
    readonly stats: ClassStats;
    readonly figures: Figures;
    readonly term: string;
    readonly worksheet: string;
  },
): (readonly CsvCell[])[] {
  const lines = all.flatMap(({ paired, ...sizes }) => {
    const line = (
      what: PairedKind,
      id: string,
      label: string,
      counts: PairedCounts,
    ): (readonly CsvCell[])[] => {
      const four = [counts.rightRight, counts.wrongRight, counts.rightWrong, counts.wrongWrong];
      if (studentsIn(counts) < minPaired || !four.every(figures.isShown)) return [];
      const texts = [what, id, label, sizes.before, sizes.after, String(sizes.days)].map(own);
      return [[...texts, ...four, own(term), own(worksheet)]];
    };
    // Terms are added up, so a misconception has a line even if nobody showed it.
    const known = solution.misconceptions.filter(({ row }) => sizes.rows.includes(row));
    const ideas = new Set([...known.map(({ id }) => id), ...paired.ideas().map(({ id }) => id)]);
    return [
      ...rowsOf(rubric).flatMap(({ id, label }) => line('row', id, label, paired.row(id).counts)),
      ...[...ideas].flatMap((id) => line('idea', id, stats.ideas.titleOf(id), paired.idea(id).counts)),
    ];
  });
  return [columns.map(own), ...lines];
}

interface Line {
  readonly what: PairedKind;
  readonly label: string;
  readonly key: string;
  readonly sizes: string;
  readonly days: number;
  readonly term: string;
  readonly counts: PairedCounts;
}

/** `npm run again` */
export const configureAgain: Configure = (command, { print }) =>
  command
    .argument('<tables...>', `${againCountsFile} of each term, or the results that it lies in`)
    .addHelpText('after', '\nExit status: 0 when they were added up; 2 when they could not be.')
    .action((tables: string[]) => {
      const files = tables.map((table) => tableIn(fromCaller(table)));
      assertDifferent(files);
      const lines = files.flatMap(linesIn);
      if (lines.length === 0)
        throw new GraderError(
          'folder',
          'no-again-counts',
          `There are no lines in ${tables.join(', ')}. A run writes a line for each row and idea that at least ten students did twice.`,
        );
      for (const [index, [sizes, ofSizes]] of [...groupBy(lines, (line) => line.sizes)].entries()) {
        if (index > 0) print(escapeTerminal(''));
        const terms = [...new Set(ofSizes.map(({ term }) => term))].sort();
        print(paragraph(`${sizes}; ${terms.join(', ')}:`));
        for (const [, same] of groupBy(ofSizes, ({ key }) => key))
          if (isTelling(same)) print(paragraph(textOf(same)));
      }
    });

/** The table in a folder of results, or the given file itself. */
function tableIn(place: string): string {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory()
    ? path.join(place, againCountsFile)
    : place;
}

/** @throws {GraderError} if a table is named twice: its students would count twice. */
function assertDifferent(files: readonly string[]): void {
  const known = new Map<string, string>();
  for (const file of files) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : file;
    const twin = known.get(text);
    if (twin !== undefined)
      throw new GraderError(
        'usage',
        'again-table-twice',
        `${file} is the same as ${twin}, line by line. Give each term once.`,
      );
    known.set(text, file);
  }
}

/** Whether the lines are about a row, or about a misconception that was shown more than once. */
function isTelling(lines: readonly Line[]): boolean {
  const counts = lines.map((line) => line.counts).reduce(addPaired);
  return lines[0]?.what === 'row' || timesShown(counts) > 1;
}

function textOf(lines: readonly Line[]): string {
  const [first] = lines;
  if (!first) return '';
  const counts = lines.map((line) => line.counts).reduce(addPaired);
  const after = first.days === 0 ? 'at other sizes' : laterText(first.days);
  const before = first.days === 0 ? 'at first' : 'in the end';
  return `${first.label}: ${studentsIn(counts)} did both. ${pairedText(counts, before, after, first.what)}`;
}

function linesIn(file: string): Line[] {
  const { headings, rows } = readTable(file, ['right_right']);
  const missing = columns.filter((name) => !headings.includes(name));
  if (missing.length > 0)
    throw new GraderError(
      'folder',
      'again-column-missing',
      `${file} has no column ${missing.join(', ')}. Take ${againCountsFile} as grade:class wrote it.`,
    );
  const problems: TableProblem[] = [];
  const lines = rows.flatMap((row) => lineOf(row, problems) ?? []);
  assertNoProblems(file, problems);
  return lines;
}

function lineOf({ cells, line }: TableRow, problems: TableProblem[]): Line | undefined {
  const text = (name: (typeof columns)[number]) => cells[name] ?? '';
  const [rightRight = 0, wrongRight = 0, rightWrong = 0, wrongWrong = 0] = numbers.map((name) =>
    countOf(text(name)),
  );
  const counts = { rightRight, wrongRight, rightWrong, wrongWrong };
  const [what, days] = [text('what'), countOf(text('days'))];
  if ((what !== 'row' && what !== 'idea') || [...Object.values(counts), days].some(Number.isNaN)) {
    problems.push({ line, text: 'this is no line that grade:class wrote.' });
    return undefined;
  }
  return {
    what,
    label: text('label'),
    key: JSON.stringify([what, text('id')]),
    sizes: `${text('before')}, and then ${text('after')}, ${laterText(days)}`,
    days,
    term: text('term'),
    counts,
  };
}

function countOf(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}

import type { GradedCell, GradedReflection, GradedRow, Outcome, Report } from '../grading/report.schema';
import { type Location, type Message, message } from '../message';
import type { Safe } from './escape/safe';

/** Shows a Report in one format. Pure, and never computes a grade anew. */
export type Renderer<Sink extends string, Context = undefined> = (
  report: Report,
  context: Context,
) => Safe<Sink>;

// What every format says of a Report in the same words.

/** The cells of all rows. */
export function gradedCells({ rows }: Pick<Report, 'rows'>): GradedCell[] {
  return rows.flatMap(({ cells }) => cells);
}

/** Whether everything asked for is there and nothing is known to be wrong. */
export function isComplete(report: Report): boolean {
  const isSettled = gradedCells(report).every(
    ({ outcome }) => outcome === 'correct' || outcome === 'ungraded',
  );
  return isSettled && report.reflection?.reason === undefined;
}

/** `3 of 4`: what some cells earned, and could. */
export function pointsText(cells: readonly GradedCell[]): string {
  const possible = cells.reduce((sum, cell) => sum + cell.possible, 0);
  return `${cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0)} of ${possible}`;
}

/** The points, or how much is filled in where nothing here can tell what is right. */
export function scoreLine(report: Report): string {
  const { points, possible, started } = report;
  if (points !== null) return `${started ? '' : 'Not started yet: '}${points} of ${possible} points`;
  if (!started) return 'Not started yet';
  const cells = gradedCells(report);
  const filled = cells.filter(({ outcome }) => outcome === 'ungraded').length;
  return `Checked for form only: ${filled} of ${cells.length} cells are filled in and well-formed.`;
}

/** The points of a reflection, or how many responses there are where none are given here. */
export function reflectionScore({ points, possible, choose, responses, unsorted }: GradedReflection): string {
  if (points !== null) return `${points} of ${possible} points`;
  const count = responses.filter(({ answered }) => answered).length + unsorted.length;
  return `${Math.min(count, choose)} of ${choose} responses`;
}

/** How an outcome is shown: a sign for those who see no colors, and a word. */
export const outcomes: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  correct: { sign: '✓', word: 'correct' },
  wrong: { sign: '✗', word: 'wrong' },
  ungraded: { sign: '·', word: 'filled in' },
  blank: { sign: '○', word: 'blank' },
  invalid: { sign: '!', word: 'not read' },
};

/** `file:line:column`, which editors make a link of. */
export function locationText({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** The different hints of one row, in order. */
export function hintsOf({ cells }: GradedRow): string[] {
  return [...new Set(cells.flatMap(({ hint }) => hint?.text ?? []))];
}

/** What is said of the table as a whole, beside its problems. */
export function remarksOnTable({ hint, transposed }: Report): string[] {
  return [
    ...(hint ? [`Hint for the whole table: ${hint.text}`] : []),
    ...(transposed ? ['Graded with rows and columns exchanged throughout, which this course accepts.'] : []),
  ];
}

/** What is said in place of a table of which nothing could be read. */
export function unreadableText({ file }: Report): string {
  return `${file} could not be read, so no cell counts yet.`;
}

/** What to do before anything is filled in, a step each. */
export function firstSteps({ file, reflection }: Report): string[] {
  return [
    `Open ${file} and fill in each cell.`,
    ...(reflection ? [`Open ${reflection.file} and react to ${reflection.choose} of its questions.`] : []),
  ];
}

const verbs = [
  ['invalid', 'Fix'],
  ['wrong', 'Think again about'],
  ['blank', 'Fill in'],
] as const;

/** The one thing to do next. */
export function nextStep(report: Report): Message {
  const { file, problems, reflection, started } = report;
  if (!started) {
    const steps = [...firstSteps(report), 'Commit or hand in, and look here again.'].join(' ');
    return message('next/start', steps);
  }
  if (report.unreadable) {
    const location = problems[0]?.location;
    const place = location ? locationText(location) : file;
    return message('next/fix', `Fix ${place} as said above, save, and run again.`);
  }
  if (report.hint)
    return message('next/table', 'Think again about the whole table with its hint, save, and run again.');
  for (const [outcome, verb] of verbs) {
    const cell = gradedCells(report).find((candidate) => candidate.outcome === outcome);
    if (!cell) continue;
    const place = cell.location ? locationText(cell.location) : file;
    return message('next/cell', `${verb} ${cell.label} (${place}), save, and run again.`);
  }
  if (reflection?.reason)
    return message('next/reflection', `Do what is said above for ${reflection.file}, save, and run again.`);
  if (report.points === null) {
    const text =
      'Everything is filled in and well-formed. Commit and push your work, if you have not yet; your course will tell you later whether it is right.';
    return message('next/ungraded', text);
  }
  return message('next/done', 'There is nothing left to do. Commit and push your work, if you have not yet.');
}

import { type Message, message, type Place } from '../message';
import type { Rubric } from '../rubric/rubric';
import { labelsOf } from './labels';
import type { GradedCell, Report } from './report.schema';

/** Whether nothing in the answers' file could be read, so that every cell would say the same. */
export function isUnreadable({ cells, problems }: Report): boolean {
  return problems.length > 0 && cells.every(({ why }) => why?.code === 'answers/unread');
}

/** Whether everything asked for is there and nothing is known to be wrong. */
export function isComplete({ cells, reflection }: Report): boolean {
  const settled = cells.every(({ outcome }) => outcome === 'correct' || outcome === 'recorded');
  return settled && reflection?.why === undefined;
}

const verbs = { invalid: 'Fix', wrong: 'Think again about', blank: 'Fill in' };

/** The one thing to do next. */
export function nextStep(report: Report, rubric: Rubric): Message {
  const { problems, cells, reflection } = report;
  const labels = labelsOf(rubric);
  if (isUnreadable(report))
    return message(
      'next/fix',
      `Fix ${shown(problems[0]?.at, rubric.table.file)} as said above, save, and run again.`,
    );
  if (report.hint)
    return message('next/table', 'Think again about the whole table with its hint, save, and run again.');
  const order = ['invalid', 'wrong', 'blank'] as const;
  for (const outcome of order) {
    const cell = cells.find((candidate) => candidate.outcome === outcome);
    if (cell) {
      const place = shown(cell.at, rubric.table.file);
      return message('next/cell', `${verbs[outcome]} ${labels.cell(cell)} (${place}), save, and run again.`);
    }
  }
  if (reflection?.why) {
    return message(
      'next/reflection',
      `Do as said above for ${rubric.reflection?.file}, save, and run again.`,
    );
  }
  if (report.points === null) {
    return message(
      'next/recorded',
      'All is filled in and well-formed. Commit and push your work, if you have not yet; whether it is right, your course tells you later.',
    );
  }
  return message('next/done', 'Nothing is left to do. Commit and push your work, if you have not yet.');
}

/** What to do before anything is filled in, for whoever looks at a host's page. */
export function firstStep({ table, reflection }: Rubric): string {
  const then = reflection ? `, then react to ${reflection.choose} questions in ${reflection.file}` : '';
  return `Open ${table.file} and fill in each cell${then}; commit or hand in, and look here again.`;
}

function shown(at: Place | undefined, file: string): string {
  return at ? placeText(at) : file;
}

/** `file:line:column`, which editors make a link of. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** How a cell stands, for a table. */
export function outcomeWord({ outcome }: GradedCell): string {
  switch (outcome) {
    case 'correct':
      return 'correct';
    case 'wrong':
      return 'wrong';
    case 'recorded':
      return 'filled in';
    case 'blank':
      return 'blank';
    case 'invalid':
      return 'not read';
  }
  return outcome satisfies never;
}

/** The points, or how much is filled in where nothing here can tell what is right. */
export function standing({ points, possible, cells, started }: Report): string {
  if (points !== null) return `${started ? '' : 'Not started yet: '}${points} of ${possible} points`;
  if (!started) return 'Not started yet';
  const filled = cells.filter(({ outcome }) => outcome === 'recorded').length;
  return `Checked for form only: ${filled} of ${cells.length} cells are filled in and well-formed.`;
}

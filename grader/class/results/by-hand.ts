import { existsSync } from 'node:fs';
import path from 'node:path';
import { csvRows, own, untrusted } from '../../render/escape/csv';
import type { Deadline } from '../../rubric/file.schema';
import { momentForm, momentOf } from '../../rubric/moment';
import { assertNoProblems, readTable, type TableRow } from '../members/csv-table';
import type { People } from '../members/people';
import type { Note, OpenClass } from './run';
import type { OtherWork, StudentResult } from './student-result.schema';

// The tables of a results folder that an instructor fills in. Every run reads them and carries them over.

export const overridesFile = 'overrides.csv';
export const extensionsFile = 'extensions.csv';
const commentsFile = 'comments.csv';

/** The form that the cells of a column must have, for a program and for people. */
type TableColumn = readonly [pattern: RegExp, form: string];

const filledIn: TableColumn = [/./, 'something'];

/** The columns of each table. The first names the student, by any fact. */
const columnsOf: Record<string, Readonly<Record<string, TableColumn>>> = {
  [overridesFile]: {
    login: filledIn,
    total: [/^\d{0,6}$/, 'a whole number of points'],
    adjust: [/^(?:[+-]\d{1,6})?$/, 'a whole number with its sign, such as +2'],
    reason: filledIn,
    was: [/^(?:\d{1,6}|none)?$/, 'the points that the line was written for, or none'],
  },
  [commentsFile]: { login: filledIn, text: filledIn },
  [extensionsFile]: { who: filledIn, due: [/^/, ''] },
};

/** The tables that the first run writes, without lines. */
export const emptyTables = Object.fromEntries(
  Object.entries(columnsOf).map(([name, columns]) => [name, `${Object.keys(columns).join(',')}\n`]),
);

/** Points that a person may give, and why. */
export interface Correction {
  readonly kind: 'typos' | 'versions';
  readonly points: number;
  readonly reason: string;
}

/** The corrections and choices that would give more points than some, the most first. */
export function correctionsOf(row: StudentResult, least: number | null = row.points): Correction[] {
  const corrections = correctionsIn(row, '');
  for (const work of row.otherWork ?? []) {
    const ofIt = work.which === 'newest' ? ' of the newest work' : ` of ${work.label}`;
    corrections.push(...correctionsIn(work, ofIt));
  }
  return corrections
    .filter(({ points }) => least === null || points > least)
    .sort((one, other) => other.points - one.points);
}

function correctionsIn({ corrected, choices = [] }: Pick<OtherWork, 'corrected' | 'choices'>, ofIt: string) {
  const corrections: Correction[] = [];
  if (corrected) {
    const reason = `Typo in line ${corrected.line}${ofIt} corrected`;
    corrections.push({ kind: 'typos', points: corrected.points, reason });
  }
  for (const { files, points } of choices)
    corrections.push({ kind: 'versions', points, reason: `Counts: ${files.join(' and ')}` });
  return corrections;
}

/**
 * Whether a line of `overrides.csv` decides about what only a person can judge, such as a dispute: it gives all
 * points, and not those of a correction or a choice.
 */
export function isDecided(row: StudentResult): boolean {
  const line = row.adjustments.find(({ kind }) => kind === 'override');
  if (!line || line.isAdjusted) return false;
  return !correctionsOf(row, line.before).some(({ points }) => points === line.after);
}

/**
 * A line of `overrides.csv` that sets the points of a student. It counts while the grader computes what it does now.
 */
export function overrideLine(row: StudentResult, people: People, total: number, reason: string) {
  const { before } = row.adjustments.find(({ kind }) => kind === 'override') ?? { before: row.points };
  return csvRows([
    [
      untrusted(people.wordFor(row.student ?? row)),
      total,
      null,
      untrusted(reason),
      own(String(before ?? 'none')),
    ],
  ]).trimEnd();
}

/**
 * Reads a table that is filled in by hand, with one line per student. It may be missing.
 *
 * @param faultIn says what else is wrong with a line, if anything is.
 * @returns the line of each student, by key.
 * @throws {GraderError} that lists every line that cannot be used.
 */
function readByHand(
  folder: string,
  name: string,
  people: People,
  faultIn?: (cells: TableRow['cells']) => string | false,
) {
  const file = path.join(folder, name);
  const columns = Object.entries(columnsOf[name] ?? {});
  const known = columns.map(([column]) => column);
  const [who = ''] = known;
  const linesByKey = new Map<string, TableRow>();
  if (!existsSync(file)) return linesByKey;
  const { headings, rows } = readTable(file, [who]);
  const problems: string[] = [];
  // A column whose name is misspelled would be missed in silence.
  for (const heading of headings)
    if (heading !== '' && !known.includes(heading))
      problems.push(`line 1: unknown column ${heading}; the columns are ${known.join(',')}.`);
  for (const row of rows) {
    const { line, cells } = row;
    const word = cells[who] ?? '';
    const person = people.resolve(word, `nobody in this class has the login ${word}.`);
    const key = typeof person === 'string' ? word : person.key;
    const earlier = linesByKey.get(key);
    const faults = [
      ...columns.map(([column, [pattern, form]]) => {
        const cell = cells[column] ?? '';
        return !pattern.test(cell) && `${column} is ${cell ? `“${cell}”` : 'empty'}; write ${form}.`;
      }),
      word !== '' && typeof person === 'string' && person,
      earlier && `${word} is in line ${earlier.line} already.`,
      faultIn?.(cells),
    ];
    for (const fault of faults) if (fault) problems.push(`line ${line}: ${fault}`);
    linesByKey.set(key, row);
  }
  assertNoProblems(file, problems);
  return linesByKey;
}

/** Reads when the work of some students is due, by key, in milliseconds since 1970. */
export function readExtensions(folder: string, policy: Deadline | undefined, people: People) {
  const timeOf = (due = '') => momentOf(due, policy?.timezone ?? 'UTC') ?? 0;
  const lines = readByHand(folder, extensionsFile, people, ({ due }) => {
    if (!policy) return 'there is no deadline to extend. Write one into rubric.yaml, or give it with --due.';
    return (
      timeOf(due) < timeOf(policy.due) &&
      `due is “${due}”; write ${momentForm}, not before the work is due (${policy.due}).`
    );
  });
  return new Map([...lines].map(([key, { cells }]) => [key, timeOf(cells.due)]));
}

/**
 * Adds what an instructor wrote into the tables of a folder: comments, and points, either `total`, or `adjust` as `+n`
 * or `-n`, with a reason. A line with `was` counts only while the grader computes these points.
 *
 * @throws {GraderError} that lists every line of a table that cannot be used.
 */
export function withTables(run: OpenClass, computed: readonly StudentResult[], folder: string) {
  const { people, course } = run;
  const { possible } = course.rubric;
  const comments = readByHand(folder, commentsFile, people);
  const overrides = readByHand(
    folder,
    overridesFile,
    people,
    ({ total, adjust }) => !total === !adjust && 'write either total or adjust.',
  );
  const notes: Note[] = [...run.notes];
  const note = (text: string) => notes.push({ text, hasNames: true });
  const rows = computed.map((row): StudentResult => {
    const { key, points: before, adjustments } = row;
    const { line, cells } = overrides.get(key) ?? {};
    if (!cells) return row;
    const { login, total, adjust, reason = '', was } = cells;
    const isOutdated = was && was !== String(before ?? 'none');
    if (isOutdated || (before === null && adjust)) {
      note(
        `${overridesFile}, line ${line}, does not count: it ${isOutdated ? `was written for ${was} points` : 'adjusts points'} of ${login}, and now the grader computes ${before ?? 'none'}. Change it if it still holds, or remove it.`,
      );
      return row;
    }
    const after = total ? Number(total) : Math.max(0, (before ?? 0) + Number(adjust));
    if (after > possible) note(`${overridesFile} gives ${login} ${after} of ${possible} points.`);
    if (after < (before ?? 0))
      note(
        `${overridesFile}, line ${line}, gives ${login} ${after} points, and the grader computes ${before}.`,
      );
    return {
      ...row,
      // Advice to a student about a state ends with that state.
      advice: undefined,
      points: after,
      adjustments: [
        ...adjustments,
        { kind: 'override', reason, before, after, isAdjusted: adjust ? true : undefined },
      ],
      overridden: true,
    };
  });
  return {
    ...run,
    rows,
    notes,
    comments: new Map([...comments].map(([key, { cells }]) => [key, cells.text ?? ''] as const)),
    overrides,
  };
}

import { linesText } from '../../message';
import { groupBy } from '../../system/lists';
import { matchesFile } from '../members/matches-table';
import type { People } from '../members/people';
import type { GradedClass } from './graded-class';
import { type Line, type Note, type NoteKindName, noteKindEntries, noteKinds } from './note';
import type { Beside, StudentResult, UnmatchedResult } from './student-result.schema';
import { extensionsFile, overridesFile } from './tables-by-hand';

// The decisions that are open in a class, and what is proposed for each.

/** A note with the work that it is about. */
export interface NotedWork {
  readonly note: Note;
  readonly work: StudentResult | Beside | UnmatchedResult;
}

/** Open notes of one kind, on a student or on work that is nobody's. */
export interface Case {
  readonly kind: NoteKindName;
  readonly about: StudentResult | UnmatchedResult;
  /** The name of the student, or of the submission. */
  readonly who: string;
  readonly noted: readonly NotedWork[];
  /** Now, and with what is proposed; empty where there is none. */
  readonly points: { readonly now: string; readonly could: string };
  /** The lines that are proposed. */
  readonly lines: readonly Line[];
  readonly choices: readonly Choice[];
  /** The line that a person may write instead. Cells that are left out have to be filled in. */
  readonly ownLine: Line;
}

/** One of the ways in which a person may decide a case. */
interface Choice {
  /** `Give 14` */
  readonly label: string;
  readonly lines: readonly Line[];
}

export function casesIn(graded: GradedClass): Case[] {
  return [
    ...graded.students.flatMap((result) => casesOf(result, graded)),
    ...graded.unmatched.flatMap((work) => caseOfNobody(work, graded)),
  ];
}

/** The open notes on a student, those of a kind together. */
function casesOf(result: StudentResult, graded: GradedClass): Case[] {
  const open = notesIn(result).filter(({ work }) => isOpen(result, work));
  const proposed = proposalsFor(result, graded);
  return [...groupBy(open, ({ note }) => note.kind)].map(([kind, noted]) => {
    const lines = noted.flatMap(({ note }) => note.lines ?? []);
    const overrides = proposed.filter((proposal) => proposal.kind === kind);
    const [best] = overrides;
    return {
      kind,
      about: result,
      who: graded.people.nameOf(result.student),
      noted,
      points: { now: String(result.points ?? '–'), could: best?.line.cells.total ?? '' },
      lines: best ? [...lines, best.line] : lines,
      choices: choicesOf(result, lines, overrides, graded),
      ownLine: ownLineFor(result, graded),
    };
  });
}

/** A line of `overrides.csv` with neither points nor a reason. It counts while the grader computes what it does now. */
export function ownLineFor(result: StudentResult, { people }: Pick<GradedClass, 'people'>) {
  const cells = { login: people.wordFor(result.student), was: String(computedPoints(result) ?? 'none') };
  return { table: overridesFile, cells };
}

/** Such a line that sets the points of a student. */
function overrideLine(result: StudentResult, people: People, total: number, reason: string): Line {
  const { table, cells } = ownLineFor(result, { people });
  return { table, cells: { ...cells, total: String(total), reason } };
}

/** Points that are proposed for a student, with the line that sets them. */
interface Proposal {
  readonly kind: NoteKindName;
  readonly label: string;
  readonly line: Line;
}

/**
 * The lines that are proposed for a student: the correction that changes most, or each of several versions; else one
 * that keeps the points. A student has one line in the table.
 */
function proposalsFor(result: StudentResult, { people, overridden }: GradedClass): Proposal[] {
  // If the student's line does not count, the notes on the run say so.
  if (overridden.has(result.key)) return [];
  const corrections = correctionsOf(result);
  const [best] = corrections;
  if (best) {
    const offered = best.kind === 'versions' ? corrections.filter(({ kind }) => kind === 'versions') : [best];
    return offered.map(({ kind, points, reason, files }) => ({
      kind,
      label: files === undefined ? `Give ${points}` : `Take ${files}: ${points}`,
      line: overrideLine(result, people, points, reason),
    }));
  }
  const { points } = result;
  const kept = noteKindEntries.flatMap(([kind, { keeping: reason }]) => {
    // A note with a line of its own asks another question.
    const isAsked = notesIn(result).some(({ note }) => note.kind === kind && !note.lines);
    if (!isAsked || reason === undefined || points === null) return [];
    return { kind, label: `Keep ${points}`, line: overrideLine(result, people, points, reason) };
  });
  return kept.slice(0, 1);
}

/** The points that are proposed, or those that count now; or lines of another table. */
function choicesOf(
  result: StudentResult,
  lines: readonly Line[],
  proposed: readonly Proposal[],
  { people, overridden }: GradedClass,
): Choice[] {
  const choices: Choice[] = [];
  if (lines.length > 0) {
    const due = lines.find(({ table }) => table === extensionsFile)?.cells.due;
    choices.push({ label: due ? `Extend to ${due}` : 'Count it', lines });
  }
  choices.push(...proposed.map(({ label, line }) => ({ label, lines: [line] })));
  const { points } = result;
  const isKept = proposed.some(({ line }) => line.cells.total === String(points));
  // A student has one line in the table.
  if (!isKept && points !== null && !overridden.has(result.key))
    choices.push({
      label: `Keep ${points}`,
      lines: [overrideLine(result, people, points, 'Looked at, and left as it is')],
    });
  return choices;
}

function caseOfNobody(work: UnmatchedResult, { people }: GradedClass): Case[] {
  const { login, notes, candidates } = work;
  const openNotes = notes.filter(({ kind }) => kind === 'unmatched');
  if (openNotes.length === 0) return [];
  const lineOf = (who: string): Line => ({ table: matchesFile, cells: { submission: login, login: who } });
  const possibleOwners = candidates.flatMap((key) => people.get(key) ?? []);
  return [
    {
      kind: 'unmatched',
      about: work,
      who: login,
      noted: openNotes.map((note) => ({ note, work })),
      points: { now: '', could: '' },
      lines: openNotes.flatMap((note) => note.lines ?? []),
      choices: [
        ...possibleOwners.map((one) => ({
          label: `It is ${people.nameOf(one)}`,
          lines: [lineOf(people.wordFor(one))],
        })),
        { label: 'Nobody’s', lines: [lineOf('-')] },
      ],
      ownLine: { table: matchesFile, cells: { submission: login } },
    },
  ];
}

/** All notes on a student, each with the work that it is about. */
export function notesIn(result: StudentResult) {
  return [result, ...result.beside].flatMap((work) => work.notes.map((note) => ({ note, work })));
}

/** Whether a note on some work is open: no line that sets points by hand closes it. */
export function isOpen(
  { override, points }: StudentResult,
  { most = 0 }: Pick<Beside, 'most'> | StudentResult,
) {
  if (!override || override.closes === 'nothing') return true;
  return override.closes === 'less' && most > (points ?? 0);
}

/** The notes on a student that ask a person for a decision. */
export function questionsIn(result: StudentResult): Note[] {
  return notesIn(result).flatMap(({ note, work }) =>
    isOpen(result, work) && !noteKinds[note.kind].isSettled ? note : [],
  );
}

/** Points that a person may give, and why. */
export interface Correction {
  readonly kind: 'typos' | 'versions';
  readonly points: number;
  readonly reason: string;
  /** The files of a version that would count. */
  readonly files?: string;
}

/** The corrections and choices that would give more points than what counts, the most first. */
export function correctionsOf(result: StudentResult): Correction[] {
  const least = computedPoints(result);
  const corrections = correctionsIn(result, '');
  for (const work of result.beside) {
    // If work came too late or is in the wrong place, a person decides first whether it counts.
    if (work.why !== 'last' && work.why !== 'later') continue;
    const ofIt = work.why === 'last' ? ' of the last work' : ` of ${work.label}`;
    corrections.push(...correctionsIn(work, ofIt));
  }
  return corrections
    .filter((correction) => least === null || correction.points > least)
    .sort((one, other) => other.points - one.points);
}

/** The points that the grader computes, whatever a line sets. */
function computedPoints({ points, adjustments }: StudentResult): number | null {
  const override = adjustments.find(({ kind }) => kind === 'override');
  return override ? override.before : points;
}

function correctionsIn({ corrected, choices = [] }: Pick<Beside, 'corrected' | 'choices'>, ofIt: string) {
  const corrections: Correction[] = [];
  if (corrected) {
    const { lines, points } = corrected;
    const typos = lines.length === 1 ? 'Typo' : 'Typos';
    corrections.push({ kind: 'typos', points, reason: `${typos} in ${linesText(lines)}${ofIt} corrected` });
  }
  for (const { files, points } of choices)
    corrections.push({
      kind: 'versions',
      points,
      reason: `Counts: ${files.join(' and ')}${ofIt}`,
      files: `${files.join(' and ')}${ofIt}`,
    });
  return corrections;
}

import { matchesFile } from '../members/matches-table';
import { computedPoints, correctionsOf } from './corrections';
import type { GradedClass } from './graded-class';
import { type Line, type Note, type NoteKindName, noteKindEntries, noteKinds } from './note';
import type { OtherVersion, StudentResult, UnmatchedResult } from './student-result.schema';
import { extensionsFile, overridesFile } from './tables-by-hand';

// The decisions that are open in a class, and what is proposed for each.

/** A note with the work that it is about. */
export interface NotedWork {
  readonly note: Note;
  readonly work: StudentResult | OtherVersion | UnmatchedResult;
}

/** Everything that is open about a student, or about an unmatched submission. */
export interface Case {
  /** The most urgent kind of its notes. */
  readonly kind: NoteKindName;
  readonly about: StudentResult | UnmatchedResult;
  /** The name of the student, or of the submission. */
  readonly who: string;
  /** The most urgent first. */
  readonly noted: readonly NotedWork[];
  /** Now, and with the proposal; empty if there are none. */
  readonly points: { readonly now: string; readonly could: string };
  /** The proposed lines. */
  readonly lines: readonly Line[];
  readonly choices: readonly Choice[];
  /** The line that a person may write instead. Missing cells have to be filled in. */
  readonly ownLine: Line;
}

/** The label of the choice that closes everything open and leaves the points unchanged. */
export const lookedAtLabel = 'Looked at';

/** One of the ways in which a person may decide a case. */
interface Choice {
  /** `Give 14` */
  readonly label: string;
  readonly lines: readonly Line[];
}

export function casesIn(graded: GradedClass): Case[] {
  const { students, unmatched, overrides } = graded;
  const cases = [
    ...students.flatMap((result) => caseOf(result, graded)),
    ...unmatched.flatMap((work) => caseOfNobody(work, graded)),
  ];
  // Students with a line come first, because something about them is new.
  const isNew = ({ about }: Case) => overrides.has(about.key);
  return [...cases.filter(isNew), ...cases.filter((one) => !isNew(one))];
}

/** The open notes on a student together, if there are any. */
function caseOf(result: StudentResult, graded: GradedClass): Case[] {
  const open = notesIn(result).filter(({ note }) => isOpen(result, note));
  const noted = noteKindEntries.flatMap(([kind]) => open.filter(({ note }) => note.kind === kind));
  const [first] = noted;
  if (!first) return [];
  const asked = questionsOf(result, noted, graded);
  const points = pointsOffered(result, noted, graded);
  const [best] = points.filter(({ isProposed }) => isProposed);
  const proposed = best ? [...asked.proposed, ...best.lines] : asked.proposed;
  return [
    {
      kind: first.note.kind,
      about: result,
      who: graded.people.nameOf(result.student),
      noted,
      points: { now: String(result.points ?? '–'), could: best?.lines[0]?.cells.total ?? '' },
      lines: proposed,
      choices: [...asked.choices, ...points],
      ownLine: ownLineFor(result, graded),
    },
  ];
}

/** The questions of notes with their own lines: whether late work counts, or work that others handed in. */
function questionsOf(
  { student }: StudentResult,
  noted: readonly NotedWork[],
  { people }: GradedClass,
): { readonly proposed: readonly Line[]; readonly choices: readonly Choice[] } {
  const lines = noted.flatMap(({ note }) => note.lines ?? []);
  const extensions = lines.filter(({ table }) => table === extensionsFile);
  const shared = lines.filter(({ table }) => table === matchesFile);
  const word = people.wordFor(student);
  const choices = extensions.map((line) => ({ label: `Extend to ${line.cells.due}`, lines: [line] }));
  if (shared.length > 0)
    choices.push(
      { label: 'Count it', lines: shared },
      { label: 'No part in it', lines: shared.filter(({ cells }) => cells.login !== word) },
    );
  // A student has only one line in a table.
  return { proposed: [...extensions.slice(0, 1), ...shared], choices };
}

/** A choice about points, which may be the one proposed to people who copy lines. */
interface PointsChoice extends Choice {
  readonly isProposed: boolean;
}

/**
 * The student's present line again, for everything open now; the correction that changes most, or each of several
 * versions; and a line that leaves everything as it is.
 */
function pointsOffered(
  result: StudentResult,
  noted: readonly NotedWork[],
  graded: GradedClass,
): PointsChoice[] {
  const { points, lookedAt, changedAtHost } = result;
  const again = lineAgain(result, graded);
  const corrections = correctionsOf(result);
  const [best] = corrections;
  const offered = best?.kind === 'versions' ? corrections.filter(({ kind }) => kind === 'versions') : [best];
  const choices = [
    ...again,
    ...offered.flatMap((correction): PointsChoice[] => {
      if (!correction) return [];
      const { files } = correction;
      const label = files === undefined ? `Give ${correction.points}` : `Take ${files}: ${correction.points}`;
      return [
        { label, ...overrideBy(result, graded, correction.points, correction.reason), isProposed: true },
      ];
    }),
  ];
  const isKept = choices.some(({ lines: [line] }) => line?.cells.total === String(points));
  if (changedAtHost) {
    const others = choices.filter(({ label }) => label !== lookedAtLabel);
    return [...others, ...choicesOfGrade(result, changedAtHost, graded)];
  }
  if (lookedAt || isKept) return choices;
  if (points === null) {
    // A person may know that it is right as it is, unless a zero waits for the answer.
    const isClosed = noted.some(({ note }) => !isWaitedFor(result, note));
    const looked = {
      label: lookedAtLabel,
      ...overrideBy(result, graded, '', lookedAtLabel),
      isProposed: false,
    };
    return isClosed && again.length === 0 ? [...choices, looked] : choices;
  }
  // A note with its own line asks a different question.
  const [reason] = noted.flatMap(({ note }) => (note.lines ? [] : (noteKinds[note.kind].keeping ?? [])));
  const keep = overrideBy(result, graded, points, reason ?? 'Looked at, and left as it is');
  return [...choices, { label: `Keep ${points}`, ...keep, isProposed: reason !== undefined }];
}

/**
 * The choices for a grade that a person changed at the host. Points that a line gives here are taken back only if a
 * person chooses that.
 */
function choicesOfGrade(
  result: StudentResult,
  { host, grade }: NonNullable<StudentResult['changedAtHost']>,
  graded: GradedClass,
): PointsChoice[] {
  const points = result.points ?? '';
  const left = overrideBy(result, graded, '', `left as it is in ${host}`);
  // A line that gives these points says why.
  const [own] = result.override ? lineAgain(result, graded) : [];
  const { lines } = own ?? overrideBy(result, graded, points, 'Grade checked');
  const isFree = result.override === undefined;
  const here = isFree ? '' : `, and ${computedPoints(result) ?? 'none'} here`;
  return [
    { label: `Leave ${grade} there${here}`, ...left, isProposed: isFree },
    { label: `Set ${points}`, lines, isProposed: false },
  ];
}

/** Proposes the student's line once more, so that it closes everything open now: it gives its points again, or keeps them. */
function lineAgain(result: StudentResult, graded: GradedClass): PointsChoice[] {
  const { total, adjust, reason = '' } = graded.overrides.get(result.key)?.cells ?? {};
  // Without points there is nothing to adjust.
  if (reason === '' || (adjust && result.points === null)) return [];
  const { cells, ...line } = ownLineFor(result, graded);
  const kept = { total: total ?? '', adjust: adjust ?? '', reason: reason.replace(/^'(?=[=+@-])/, '') };
  const lines = [{ ...line, cells: { ...cells, ...kept } }];
  const points = total ? `Give ${total} again` : adjust && `Adjust by ${adjust} again`;
  return [{ label: (!result.lookedAt && points) || lookedAtLabel, lines, isProposed: true }];
}

/**
 * A line of `overrides.csv` with neither points nor a reason. It counts while the grader computes what it does now,
 * and closes everything open now.
 */
export function ownLineFor(
  result: StudentResult,
  { people, overrides }: Pick<GradedClass, 'people' | 'overrides'>,
): Line {
  const row = overrides.get(result.key);
  return {
    table: overridesFile,
    cells: { login: people.wordFor(result.student), was: wasOf(result) },
    replaces: row && { line: row.line, login: row.cells.login ?? '' },
  };
}

/** `9 k4fxwp p7dmqh`: the points that the grader computes, or `none`, and the codes of all notes. */
export function wasOf(result: StudentResult): string {
  const codes = notesIn(result).flatMap(({ note }) => note.was ?? []);
  return [computedPoints(result) ?? 'none', ...new Set(codes)].join(' ');
}

/** A line of this kind that sets a student's points, unless they are empty. */
function overrideBy(result: StudentResult, graded: GradedClass, total: number | '', reason: string) {
  const line = ownLineFor(result, graded);
  return { lines: [{ ...line, cells: { ...line.cells, total: String(total), reason } }] };
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

/** Students whose line does not say what was looked at, unless a grade changed at the host raises another question. */
export function notLookedAt(cases: readonly Case[]): Case[] {
  return cases.filter(
    ({ about }) => 'lookedAt' in about && about.lookedAt?.codes.length === 0 && !about.changedAtHost,
  );
}

/** All notes on a student, each with the work that it is about. */
export function notesIn(result: StudentResult) {
  return [result, ...result.otherVersions].flatMap((work) => work.notes.map((note) => ({ note, work })));
}

/** Whether a note on a student is open: no line says that it was looked at. Any line closes a note without a code. */
export function isOpen(result: StudentResult, note: Note): boolean {
  const { lookedAt } = result;
  if (!lookedAt || isWaitedFor(result, note)) return true;
  return note.was !== undefined && !lookedAt.codes.includes(note.was);
}

/** Whether a zero waits for the answer to a note. Looking at it does not yet say whose work it is, or where it is. */
function isWaitedFor({ points, zeroWaits, onlyAtHost }: StudentResult, { kind }: Note): boolean {
  const isAsked = kind === 'teams' || (kind === 'unread' && onlyAtHost !== undefined);
  return points === null && zeroWaits !== undefined && isAsked;
}

/** The notes on a student that a person has to decide. */
export function questionsIn(result: StudentResult): Note[] {
  return notesIn(result).flatMap(({ note }) =>
    isOpen(result, note) && !isSettled(result, note) ? note : [],
  );
}

/** Whether a case asks a person for anything; its notes may need no decision. */
export function isAsked({ about }: Case): boolean {
  return about.status === 'unmatched' || questionsIn(about).length > 0;
}

/** Whether a note needs no decision. */
function isSettled({ points, report }: StudentResult, { kind }: Note): boolean {
  const { isSettled: when } = noteKinds[kind];
  const hasAll = report !== undefined && points === report.possible;
  return when === 'beside all points' ? hasAll : when === true;
}

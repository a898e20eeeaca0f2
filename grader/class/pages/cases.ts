import type { Report } from '../../grading/report.schema';
import { interpolate, pointsText } from '../../message';
import { type HtmlText, html, htmlLink, textHtml, textLines } from '../../render/escape/html';
import { gradedCells, valueText } from '../../render/status';
import { groupBy } from '../../system/lists';
import { matchesFile } from '../members/matching';
import {
  correctionsOf,
  extensionsFile,
  isOpen,
  notesIn,
  overrideLine,
  overridesFile,
} from '../results/by-hand';
import type { GradedClass } from '../results/graded-class';
import { type Line, type Note, type NoteKindName, noteKindEntries } from '../results/note';
import type { Beside, StudentResult, UnmatchedResult } from '../results/student-result.schema';

// Collects the decisions that are open in a class, with the choices that a person has.

/** Open notes of one kind, on a student or on work that is nobody's. */
export interface Case {
  readonly kind: NoteKindName;
  /** Whom it is about, also where there is no room for a link. */
  readonly who: string;
  readonly name: HtmlText;
  readonly text: HtmlText;
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
      who: graded.people.nameOf(result.student),
      name: nameOf(result, graded),
      text: html`${noted.map(({ note, work }) => noteHtml(result, note, work))}${textHtml(setBy(result))}`,
      points: { now: String(result.points ?? '–'), could: best?.line.cells.total ?? '' },
      lines: best ? [...lines, best.line] : lines,
      choices: choicesOf(result, lines, overrides, graded),
      ownLine: ownLineFor(result, graded),
    };
  });
}

/** A line of `overrides.csv` with neither points nor a reason. */
export function ownLineFor(result: StudentResult, { people }: GradedClass): Line {
  const { table, cells } = overrideLine(result, people, 0, '');
  const { total: _, reason: __, ...known } = cells;
  return { table, cells: known };
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
  // Of a line that does not count, the notes on the run say so.
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

function caseOfNobody(
  { login, repository, notes, candidates }: UnmatchedResult,
  { people }: GradedClass,
): Case[] {
  const own = notes.filter(({ kind }) => kind === 'unmatched');
  if (own.length === 0) return [];
  const lineOf = (who: string): Line => ({ table: matchesFile, cells: { submission: login, login: who } });
  const known = candidates.flatMap((key) => people.get(key) ?? []);
  return [
    {
      kind: 'unmatched',
      who: login,
      name: htmlLink(login, repository),
      text: html`${own.map((note) => html`${textHtml(interpolate(note))} `)}`,
      points: { now: '', could: '' },
      lines: own.flatMap((note) => note.lines ?? []),
      choices: [
        ...known.map((one) => ({
          label: `It is ${people.nameOf(one)}`,
          lines: [lineOf(people.wordFor(one))],
        })),
        { label: 'Nobody’s', lines: [lineOf('-')] },
      ],
      ownLine: { table: matchesFile, cells: { submission: login } },
    },
  ];
}

/** The name of a student, with a link to the repository. */
export function nameOf({ student, repository }: StudentResult, { people }: GradedClass): HtmlText {
  return htmlLink(people.nameOf(student), repository);
}

export function setBy({ override, points }: StudentResult): string {
  return override ? ` Line ${override.line} of ${overridesFile} gives ${points}.` : '';
}

/** A note, with what a person needs to decide about the work that it is about. */
export function noteHtml(result: StudentResult, note: Note, work: StudentResult | Beside): HtmlText {
  const { dispute, report, corrected } = work;
  const text = textHtml(interpolate(note));
  const where = work === result ? html`` : html`${text} `;
  if (note.kind === 'disputed' && report)
    return html`${where}${textLines(dispute ?? '')} <span class="who">${textHtml(missedIn(report))}</span>`;
  if (note.kind === 'typos' && corrected?.isMoved)
    return html`${text} ${textHtml(`${result.points ?? 'No points'} of ${report?.possible} now, and ${corrected.points} with them.`)} `;
  const excerpt = report?.problems.find((problem) => problem.excerpt?.corrected !== undefined)?.excerpt;
  if (note.kind === 'typos' && corrected && excerpt?.corrected) {
    const points = `${result.points ?? 'No points'} of ${report?.possible} now, and ${corrected.points} with line ${corrected.line} corrected.`;
    return html`${where}${textHtml(points)}<pre>${textHtml(excerpt.line)}\n${textHtml(excerpt.corrected)}</pre>`;
  }
  const problem = report?.problems.find(({ excerpt: line }) => line);
  if (note.kind === 'typos' && problem?.excerpt)
    return html`${text} ${textHtml(interpolate(problem.reason))}<pre>${textHtml(problem.excerpt.line)}</pre>`;
  if (note.kind !== 'versions') return html`${text} `;
  const choices = [...(work.choices ?? [])].sort((one, other) => other.points - one.points);
  const each = choices.map(({ files, points }) => `${files.join(' and ')}: ${pointsText(points)}`);
  return html`${text} ${textHtml(each.join('; '))} `;
}

function missedIn(report: Report): string {
  const missed = gradedCells(report).filter(({ outcome }) => outcome === 'wrong' || outcome === 'invalid');
  const cells = missed.map((cell) => {
    const typed = valueText(cell) ?? cell.sourceText;
    return typed === undefined ? cell.label : `${cell.label} (${typed})`;
  });
  return cells.length === 0 ? '' : `It may be about ${cells.join('; ')}.`;
}

import type { Report } from '../../grading/report.schema';
import { interpolate, linesText, piecesOf, pointsText } from '../../message';
import { type HtmlText, html, htmlLink, textHtml, textLines } from '../../render/escape/html';
import { valueText } from '../../render/status';
import { cellsOf } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import { whoAndWhen } from '../decisions/decided';
import type { GradedClass } from '../results/graded-class';
import type { NoteKindName } from '../results/note';
import type { StudentResult } from '../results/student-result.schema';
import type { Case, NotedWork } from '../results/to-decide';

// What a person reads of a case that is to be decided, or of a decision.

/** How many slips of a student are shown. */
const maxSlips = 3;

/** Kinds that a person has to look at one by one. */
const needEyes: readonly NoteKindName[] = [
  'conflict',
  'lapsed',
  'table',
  'disputed',
  'typos',
  'versions',
  'unmatched',
  'unread',
];

/** Equal for cases with the same reason and proposal, so that they can be decided together; empty if they cannot. */
export function sharedReason({ kind, about, noted, points, choices }: Case): string {
  const [proposed] = choices;
  if (!proposed || needEyes.includes(kind)) return '';
  return JSON.stringify([noted.map((one) => noteHtml(about, one)), points.now, proposed.label]);
}

/** The name of a student, with a link to the repository. */
export function nameOf(result: StudentResult, graded: GradedClass): HtmlText {
  return whoOf({ who: graded.people.nameOf(result.student), about: result }, graded);
}

/** Who a case is about, with a link to the repository and the numbers of the sections that show it. */
function whoOf({ who, about }: Pick<Case, 'who' | 'about'>, graded: GradedClass): HtmlText {
  const name = htmlLink(who, about.repository);
  if (graded.sections.length === 0) return name;
  const numbers = sectionsAbout(about, graded).map((section) => graded.sections.indexOf(section));
  return html`<span data-in="${textHtml(numbers.join(' '))}">${name}</span>`;
}

/** The sections of a student, or of those who may own a submission; without any, every section shows it. */
export function sectionsAbout(about: Case['about'], { sectionsOf }: GradedClass): string[] {
  const keys = 'candidates' in about ? about.candidates : [about.key];
  return keys.flatMap((key) => sectionsOf.get(key) ?? []);
}

/** Says what a person gave or left as it is, and who that was. */
export function setBy({ override, lookedAt, points }: StudentResult): string {
  if (override && 'line' in override)
    return `Line ${override.line} of overrides.csv gives ${points ?? 'no points'}.`;
  if (override) return `Decided ${whoAndWhen(override)}: ${points ?? 'excused'}, ${override.reason}.`;
  return lookedAt ? `Left as it is: ${lookedAt.reason}.` : '';
}

/** A part of a text, or a quote in it, as a page shows it. */
type Piece = ReturnType<typeof piecesOf>[number];

const plainly = (piece: Piece): HtmlText => textHtml('words' in piece ? piece.words : `“${piece.quote}”`);

/**
 * A note on a student or an unmatched submission, with what a person needs to decide about the work that it is about.
 *
 * @param show shows a part of it, which may be or contain the name of a file, if the work is beside it.
 */
export function noteHtml(
  result: Case['about'],
  { note, work }: NotedWork,
  show: (piece: Piece) => HtmlText = plainly,
): HtmlText {
  const { dispute, report, corrected } = work;
  const text = html`${piecesOf(note).map(show)}`;
  const where = work === result ? html`` : html`${text} `;
  if (note.kind === 'disputed' && report)
    return html`${where}${textLines(dispute ?? '')} ${show === plainly && html`<span class="who">${textHtml(missedIn(report))}</span>`}`;
  if (note.kind === 'typos' && report) {
    const now = `${result.points ?? 'No points'} of ${report.possible} now`;
    const points =
      corrected &&
      `${now}, and ${corrected.points} with ${linesText(corrected.lines)} of ${report.file} corrected.`;
    return html`${points === undefined ? text : html`${where}${show({ words: points })}`}${slipsHtml(report, corrected?.lines)}`;
  }
  if (note.kind !== 'versions') return html`${text} `;
  const choices = [...(work.choices ?? [])].sort((one, other) => other.points - one.points);
  const each = choices.map(({ files, points }) => `${files.join(' and ')}: ${pointsText(points)}`);
  return html`${text} ${show({ words: each.join('; ') })} `;
}

/** The slips in these lines, or all: each line with its number, and below it the corrected line, or an explanation. */
export function slipsHtml(report: Report, lines?: readonly number[]): HtmlText {
  const slips = [...report.problems, ...cellsOf(report)].flatMap(({ reason, excerpt, location }) =>
    reason && excerpt && location && (!lines || lines.includes(location.line))
      ? { reason, excerpt, number: location.line }
      : [],
  );
  const first = [...groupBy(slips, ({ number }) => number).values()].slice(0, maxSlips);
  return html`${first.map(([{ reason, excerpt, number }]) => {
    const { line, corrected } = excerpt;
    const sign = `▲ ${number}`;
    const written = html`<span class="bad">${textHtml(sign)}</span>  ${textHtml(line)}`;
    return corrected === undefined
      ? html` ${textHtml(interpolate(reason))}<pre>${written}</pre>`
      : html`<pre>${written}\n<span class="good">${textHtml('→'.padEnd(sign.length))}</span>  ${textHtml(corrected)}</pre>`;
  })}`;
}

function missedIn(report: Report): string {
  const missed = cellsOf(report).filter(({ outcome }) => outcome === 'wrong' || outcome === 'invalid');
  const cells = missed.map((cell) => {
    const typed = valueText(cell) ?? cell.sourceText;
    return typed === undefined ? cell.label : `${cell.label} (${typed})`;
  });
  return cells.length === 0 ? '' : `It may be about ${cells.join('; ')}.`;
}

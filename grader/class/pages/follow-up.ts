import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { interpolate } from '../../message';
import { type HtmlText, html, htmlLink, page, textHtml, textLines } from '../../render/escape/html';
import { completeAgain, gradedCells, rowText, shortLabelIn, valueText } from '../../render/status';
import { rowsOf } from '../../rubric/rubric';
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
import { type Line, type Note, type NoteKindName, noteKindEntries } from '../results/note';
import type { GradedClass } from '../results/run';
import type { Beside, StudentResult } from '../results/student-result.schema';
import { type Choice, choiceButtons, choicesScript, chosenBar, writtenLines } from './choices';
import { type WrongRow, wrongRowsIn } from './headline';
import {
  type Columns,
  counted,
  listAlike,
  listed,
  maxInLine,
  noteList,
  pageFile,
  paragraph,
  section,
  style,
  tableOf,
} from './layout';
import { type ClassStats, gradesLine, isUnread } from './statistics';

/** Renders the page of students who need something from the instructor. */
export function renderFollowUp(
  stats: ClassStats,
  graded: GradedClass,
  others: readonly OtherGrade[],
): HtmlText {
  const { rubric } = stats;
  const { students } = graded;
  const cases = casesIn(graded);
  const decide = decisions(cases, graded);
  const none = paragraph('No grade needs a decision.');
  const missing = students.filter(({ points }) => points === null);
  const why = byStatus(missing, graded);
  const toDecide = section('Grades to decide', decide === '' ? none : html`${decide}${chosenBar(graded)}`);
  const toTalkTo = html`${notStarted(graded)}${fewestPoints(stats, graded)}${sameIdea(stats, graded)}`;
  const notes = graded.notes.map(({ text }) => text);
  const body = html`<header><h1>${textHtml(gradesLine(graded))}</h1>
<p><b>Not for the projector.</b> This page has names. <a href="${textHtml(pageFile)}">${textHtml(`${rubric.title}: the class`)}</a></p></header>
<main>${countsOf(cases)}${why}${noteList(notes)}${toDecide}${section('Students to talk to', toTalkTo)}${section('Grades at the host', atHost(graded, others))}${section('Decided', decided(graded))}</main>`;
  return page(`${rubric.title}: follow-up`, style, body, { script: choicesScript });
}

/** The name of a student, with a link to the repository. */
function nameOf({ student, repository }: StudentResult, { people }: GradedClass): HtmlText {
  return htmlLink(people.nameOf(student), repository);
}

/** How many cases there are of each kind, as links to them. */
function countsOf(all: readonly Case[]): HtmlText {
  const links = noteKindEntries.flatMap(([kind, { heading }]) => {
    const { length } = all.filter((one) => one.kind === kind);
    return length === 0
      ? []
      : html`<li><a class="button" href="#${textHtml(kind)}">${textHtml(`${length} ${heading}`)}</a></li>`;
  });
  return links.length === 0 ? html`` : html`<ul class="counts">${links}</ul>\n`;
}

/** Who has no grade, state by state. */
function byStatus(missing: readonly StudentResult[], graded: GradedClass): HtmlText {
  if (missing.length === 0) return html``;
  const states = [...groupBy(missing, ({ status }) => status)];
  return tableOf<(typeof states)[number]>(
    'Who has no grade',
    {
      State: ([status, same]) => textHtml(`${same.length} ${status}`),
      Students: ([, same]) => listed(same.map((result) => nameOf(result, graded))),
    },
    states,
  );
}

function list(title: string, what: string, entries: Parameters<typeof listAlike>[0]): HtmlText {
  if (entries.length === 0) return html``;
  return html`<h3>${textHtml(`${title} (${entries.length})`)}</h3>\n${what === '' ? html`` : paragraph(what)}${listAlike(entries)}`;
}

/** A grade that a host has and that is not the one here. */
export interface OtherGrade {
  readonly row: StudentResult;
  /** `12.5 in Canvas, 9 here` */
  readonly text: string;
  /** Whether it stays there; else it changes once the gradebook is uploaded. */
  readonly stays: boolean;
}

function atHost(graded: GradedClass, others: readonly OtherGrade[]): HtmlText {
  const listOf = (title: string, what: string, wanted: boolean) =>
    list(
      title,
      what,
      others
        .filter(({ stays }) => stays === wanted)
        .map(({ row, text }) => ({ name: nameOf(row, graded), text: textHtml(text) })),
    );
  return html`${listOf('They stay as they are', 'To set one here, add a line to overrides.csv; one that is locked or excused has to be changed there.', true)}${listOf('They change with the upload', '', false)}`;
}

/** Whoever has no work and no note, and may not be meant by a submission that is nobody's yet. */
function notStarted(graded: GradedClass): HtmlText {
  const yetToStart = graded.students.filter(
    (result) =>
      (result.status === 'not started' || result.status === 'no submission') &&
      !result.override &&
      notesIn(result).length === 0 &&
      !graded.candidates.has(result.key),
  );
  return list(
    'Not started',
    '',
    yetToStart.map((result) => ({ name: nameOf(result, graded), text: textHtml(result.status) })),
  );
}

/** The most students in the list of those with the fewest points. */
const maxFewest = 20;

function fewestPoints({ rows, rubric, titleOf }: ClassStats, graded: GradedClass): HtmlText {
  const { possible } = rubric;
  const lowest = rows
    .flatMap((row) => {
      const { report, points, override } = row;
      const isLow = points !== null && 2 * points <= possible && !override;
      return isLow && report?.started && !isUnread(report) ? { row, report, points } : [];
    })
    .sort((a, b) => a.points - b.points)
    .slice(0, maxFewest);
  const entries = lowest.map(({ row, report, points }) => {
    const parts = [`${points} of ${possible}`];
    for (const outcome of ['wrong', 'blank']) {
      const count = gradedCells(report).filter((cell) => cell.outcome === outcome).length;
      if (count > 0) parts.push(counted(count, `${outcome} cell`));
    }
    const ideas = wrongRowsIn(rubric, worksheetPart(report)).flatMap((shown) => shown.ideas.map(titleOf));
    return { name: nameOf(row, graded), text: textHtml([...parts, ...new Set(ideas)].join('; ')) };
  });
  return list(
    'Fewest points',
    'At most half of the points. Whoever has a typo that hides answers, or points set by hand, is left out.',
    entries,
  );
}

/** Students who show an idea in the worksheet and in the second table, with the rows that show it. */
function sameIdea({ rubric, rows, titleOf }: ClassStats, graded: GradedClass): HtmlText {
  const ownRows = rowsOf(rubric);
  const answersWith = (idea: string, wrong: readonly WrongRow[]) =>
    wrong
      .filter(({ ideas }) => ideas.includes(idea))
      .map(({ row, values }) => `${shortLabelIn(ownRows, row)}: ${rowText(rubric, row, values)}`)
      .join('; ');
  const entries = rows.flatMap((row) => {
    const { report } = row;
    const again = wrongRowsIn(rubric, report && completeAgain(report));
    const before = wrongRowsIn(rubric, report && worksheetPart(report));
    return [...new Set(again.flatMap(({ ideas }) => ideas))].flatMap((idea) => {
      const here = answersWith(idea, before);
      const text = `${titleOf(idea)}. ${here}; at other sizes ${answersWith(idea, again)}`;
      return here === '' ? [] : { name: nameOf(row, graded), text: textHtml(text) };
    });
  });
  return list('The same idea in both tables', '', entries);
}

/** A note as it is listed: whom or what it is about, and the lines that a person may copy. */
interface Case {
  readonly kind: NoteKindName;
  readonly name: HtmlText;
  readonly text: HtmlText;
  /** Now, and with the line that is proposed; empty where there is none. */
  readonly points: { readonly now: string; readonly could: string };
  readonly lines: readonly Line[];
  /** Whom a button is about. */
  readonly who: string;
  readonly choices: readonly Choice[];
}

function casesIn(graded: GradedClass): Case[] {
  return [...graded.students.flatMap((result) => casesOf(result, graded)), ...ofNobody(graded)];
}

/** Lists grades to decide, by kind, a row for each case or those alike, with one block of lines for each kind and table. */
function decisions(all: readonly Case[], graded: GradedClass): HtmlText {
  const lists = noteKindEntries.map(([kind, { heading, whatToDo }]) => {
    const cases = all.filter((one) => one.kind === kind);
    if (cases.length === 0) return html``;
    const byTable = groupBy(
      cases.flatMap(({ lines }) => lines),
      ({ table }) => table,
    );
    const blocks = [...byTable].map(([table, lines]) => block(table, lines, graded));
    return html`<h3 id="${textHtml(kind)}">${textHtml(`${heading} (${cases.length})`)}</h3>\n${paragraph(whatToDo)}${tableOfCases(heading, cases, graded)}${blocks}`;
  });
  return html`${lists}`;
}

/** A row for each case; equal ones are together. */
function tableOfCases(heading: string, cases: readonly Case[], graded: GradedClass): HtmlText {
  const keyOf = ({ text, points, choices }: Case) =>
    JSON.stringify([text, points, choices.map(({ label }) => label)]);
  const alike = [...groupBy(cases, keyOf).values()];
  const [has, could] = [({ points }: Case) => points.now !== '', ({ points }: Case) => points.could !== ''];
  const columns: Columns<readonly Case[]> = {
    Who: (same) =>
      html`${textHtml(same.length > maxInLine ? counted(same.length, 'student') : '')}${listed(same.map(({ name }) => name))}`,
    'What happened': ([first]) => first?.text ?? html``,
  };
  if (cases.some(has)) columns['Points now'] = ([first]) => textHtml(first?.points.now ?? '');
  if (cases.some(could)) columns['With the line'] = ([first]) => textHtml(first?.points.could ?? '');
  if (cases.some(({ choices }) => choices.length > 0))
    columns.Decide = (same) => {
      const [first] = same;
      const who = same.length === 1 && first ? first.who : counted(same.length, 'student');
      return choiceButtons(
        same.map(({ choices }) => choices),
        who,
        graded,
      );
    };
  return html`<div class="cases">${tableOf(heading, columns, alike)}</div>`;
}

/** The open notes on a student, those of a kind together. */
function casesOf(result: StudentResult, graded: GradedClass): Case[] {
  const open = notesIn(result).filter(({ work }) => isOpen(result, work));
  const override = overrideFor(result, graded);
  return [...groupBy(open, ({ note }) => note.kind)].map(([kind, noted]) => {
    const lines = noted.flatMap(({ note }) => note.lines ?? []);
    const proposed = override?.kind === kind ? override.line : undefined;
    return {
      kind,
      name: nameOf(result, graded),
      points: { now: String(result.points ?? '–'), could: proposed?.cells.total ?? '' },
      text: html`${noted.map(({ note, work }) => noteHtml(result, note, work))}${textHtml(setBy(result))}`,
      lines: proposed ? [...lines, proposed] : lines,
      who: graded.people.nameOf(result.student),
      choices: choicesOf(result, lines, proposed, graded),
    };
  });
}

/** The points of the line that is proposed, or those that count now; or lines of another table. */
function choicesOf(
  result: StudentResult,
  lines: readonly Line[],
  override: Line | undefined,
  { people }: GradedClass,
): Choice[] {
  const choices: Choice[] = [];
  if (lines.length > 0) {
    const due = lines.find(({ table }) => table === extensionsFile)?.cells.due;
    choices.push({ label: due ? `Extend to ${due}` : 'Count it', lines });
  }
  if (!override) return choices;
  const { total } = override.cells;
  const { points } = result;
  const kept = String(points);
  choices.push({ label: total === kept ? `Keep ${kept}` : `Give ${total}`, lines: [override] });
  if (total !== kept && points !== null)
    choices.push({
      label: `Keep ${kept}`,
      lines: [overrideLine(result, people, points, 'Looked at, and left as it is')],
    });
  return choices;
}

function ofNobody({ unmatched }: GradedClass): Case[] {
  return unmatched.flatMap(({ login, repository, notes }) => {
    const own = notes.filter(({ kind }) => kind === 'unmatched');
    if (own.length === 0) return [];
    const text = html`${own.map((note) => html`${textHtml(interpolate(note))} `)}`;
    const lines = own.flatMap((note) => note.lines ?? []);
    const points = { now: '', could: '' };
    const name = htmlLink(login, repository);
    // Whose it is has to be written: no button knows it.
    return { kind: 'unmatched' as const, name, text, points, lines, who: login, choices: [] };
  });
}

/** Lists the notes that a line of overrides.csv closed. */
function decided(graded: GradedClass): HtmlText {
  const entries = graded.students.flatMap((result) => {
    const closed = notesIn(result).filter(({ work }) => !isOpen(result, work));
    if (closed.length === 0) return [];
    const text = closed.map(({ note, work }) => noteHtml(result, note, work));
    return { name: nameOf(result, graded), text: html`${text}${textHtml(setBy(result))}` };
  });
  return entries.length === 0 ? html`` : listAlike(entries);
}

/** The one override that is proposed for a student: of several the one that changes most, else one that keeps the points. */
function overrideFor(result: StudentResult, graded: GradedClass) {
  // A student has one line in the table. Of one that does not count, the notes on the run say so.
  if (graded.overridden.has(result.key)) return undefined;
  const [best] = correctionsOf(result);
  const { points } = result;
  const kept = noteKindEntries.flatMap(([kind, { keeping: reason }]) => {
    // A note with a line of its own asks another question.
    const isAsked = notesIn(result).some(({ note }) => note.kind === kind && !note.lines);
    return isAsked && reason !== undefined && points !== null ? { kind, points, reason } : [];
  });
  const proposed = best ?? kept[0];
  if (!proposed) return undefined;
  return { kind: proposed.kind, line: overrideLine(result, graded.people, proposed.points, proposed.reason) };
}

/** Lines to copy into a table, each once, in the form that the table has. */
function block(table: string, lines: readonly Line[], graded: GradedClass): HtmlText {
  const texts = writtenLines(lines, graded).map(([, text]) => text);
  const them = texts.length === 1 ? 'it' : 'them';
  // A run writes the open lines of that table itself.
  const todo = table === matchesFile ? `fill ${them} in there` : `add ${them}`;
  return texts.length === 0
    ? html``
    : html`<p class="who">${textHtml(`${counted(texts.length, 'line')} for ${table}; ${todo}, and grade again:`)}</p><pre>${texts.map((text) => html`${textHtml(text)}\n`)}</pre><button type="button" class="copy">Copy</button>`;
}

function setBy({ override, points }: StudentResult): string {
  return override ? ` Line ${override.line} of ${overridesFile} gives ${points}.` : '';
}

/** A note, with what a person needs to decide about the work that it is about. */
function noteHtml(result: StudentResult, note: Note, work: StudentResult | Beside): HtmlText {
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
  if (note.kind !== 'versions') return html`${text} `;
  const choices = [...(work.choices ?? [])].sort((one, other) => other.points - one.points);
  const each = choices.map(({ files, points }) => `${files.join(' and ')}: ${points} points`);
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

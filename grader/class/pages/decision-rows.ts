import type { Report } from '../../grading/report.schema';
import { counted, interpolate, linesText, piecesOf, pointsText } from '../../message';
import { type HtmlText, html, htmlLink, textHtml, textLines } from '../../render/escape/html';
import { valueText } from '../../render/status';
import { cellsOf } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import { bytesOf } from '../../system/platform';
import { whoAndWhen } from '../decisions/decided';
import { lineFor, rowTextsOf } from '../members/csv-table';
import { matchesFile } from '../members/matches-table';
import type { GradedClass } from '../results/graded-class';
import { type Line, type NoteKindName, noteKindEntries } from '../results/note';
import type { StudentResult } from '../results/student-result.schema';
import { overridesFile, personColumn } from '../results/tables-by-hand';
import { type Case, lookedAtLabel, type NotedWork, notLookedAt } from '../results/to-decide';
import { type Columns, listed, maxInLine, paragraph, tableOf } from './layout';

// How decisions are shown on the follow-up page, where lines can be saved or copied.

/** How many slips of a student are shown. */
const maxSlips = 3;

/** Lists grades to decide by the most urgent kind of open note, with a row for each case or for several alike. */
export function decisions(allCases: readonly Case[], graded: GradedClass): HtmlText {
  const lists = noteKindEntries.map(([kind, { heading, whatToDo, byLine = '' }]) => {
    const cases = allCases.filter((one) => one.kind === kind);
    if (cases.length === 0) return html``;
    return html`<h3 id="${textHtml(kind)}" tabindex="-1">${textHtml(`${heading} (${cases.length})`)}</h3>\n${paragraph(`${whatToDo} ${byLine}`)}${togetherButtons(cases, graded)}${tableOfCases(heading, cases, graded)}`;
  });
  return html`${allLookedAt(notLookedAt(allCases), graded)}${lists}${linesToCopy(allCases, graded)}`;
}

/** A row for all students together whose line does not say what was looked at, if there are several. */
function allLookedAt(cases: readonly Case[], graded: GradedClass): HtmlText {
  const lookedAt = cases.flatMap((one) => {
    const choices = one.choices.filter(({ label }) => label === lookedAtLabel);
    return choices.length === 0 ? [] : { ...one, choices, lines: choices.flatMap(({ lines }) => lines) };
  });
  const [first, ...others] = lookedAt;
  if (!first || others.length === 0) return html``;
  const same: AlikeCases = [first, ...others];
  const heading = 'Set by hand, but still open';
  const advice = `A line of ${overridesFile} without codes sets points, but closes nothing.`;
  const columns: Columns<AlikeCases> = {
    Who: (alike) => namesOf(alike, graded),
    Decide: (alike) => choiceButtons(alike, graded),
  };
  return html`<h3>${textHtml(`${heading} (${lookedAt.length})`)}</h3>\n${paragraph(advice)}<div class="cases all-alike">${tableOf(heading, columns, [same])}</div>${linesToCopy(lookedAt, graded)}`;
}

function namesOf(alike: AlikeCases, graded: GradedClass): HtmlText {
  const names = alike.map((one) => whoOf(one, graded));
  return html`${textHtml(names.length > maxInLine ? counted(names.length, 'student') : '')}${listed(names)}`;
}

/** A row for each case. Members of a team who share a submission get one row if everything in it is the same. */
function tableOfCases(heading: string, cases: readonly Case[], graded: GradedClass): HtmlText {
  const facts: Columns<Case> = { 'What happened': caseText };
  if (cases.some(({ points }) => points.now !== ''))
    facts['Points now'] = ({ points }) => textHtml(points.now);
  if (cases.some(({ points }) => points.could !== ''))
    facts['With the line'] = ({ points }) => textHtml(points.could);
  const keyOf = (one: Case) =>
    JSON.stringify([
      submissionOf(one),
      Object.values(facts).map((cellOf) => cellOf(one)),
      one.choices.map(({ label }) => label),
    ]);
  const alike = [...groupBy(cases, keyOf).values()];
  const columns: Columns<AlikeCases> = { Who: (same) => namesOf(same, graded) };
  for (const [head, cellOf] of Object.entries(facts)) columns[head] = ([first]) => cellOf(first);
  if (cases.some(({ choices }) => choices.length > 0)) columns.Decide = (same) => choiceButtons(same, graded);
  return html`<div class="cases">${tableOf(heading, columns, alike)}</div>`;
}

/** The submission that a case is about, or the student if there is none. */
function submissionOf({ about }: Case): readonly string[] {
  const { source = '', folder, key } = about;
  return folder === undefined ? [key] : [source, folder];
}

/** Kinds that a person has to look at one by one. */
const needEyes: readonly NoteKindName[] = ['lapsed', 'disputed', 'typos', 'versions', 'unmatched', 'unread'];

/** Equal for cases with the same reason and proposal, so that they can be decided together; empty if they cannot. */
export function sharedReason({ kind, about, noted, points, choices }: Case): string {
  const [proposed] = choices;
  if (!proposed || needEyes.includes(kind)) return '';
  return JSON.stringify([noted.map((one) => noteHtml(about, one)), points.now, proposed.label]);
}

/** Buttons that decide several cases of a kind, each as proposed for it, below the names of the students affected. */
function togetherButtons(cases: readonly Case[], graded: GradedClass): HtmlText {
  const groups = [...groupBy(cases, sharedReason)].filter(
    ([reason, rows]) => reason !== '' && rows.length > 1,
  );
  const folds = groups.map(([, rows]) => {
    const label = `${rows[0].choices[0]?.label} for all ${rows.length}`;
    const lines = rows.flatMap(({ choices: [choice] }) => choice?.lines ?? []);
    const names = html`<ul class="people">${rows.map((one) => html`<li>${whoOf(one, graded)}</li>`)}</ul>`;
    return html`<details class="together all-alike"><summary>${textHtml(`${label} …`)}</summary>${names}<button type="button" class="choice" aria-pressed="false" data-lines="${asData(writtenLines(lines, graded))}" hidden>${textHtml(label)}</button></details>\n`;
  });
  return html`${folds}`;
}

/** Cases that are decided together. */
type AlikeCases = readonly [Case, ...Case[]];

/** The buttons of a case; at most one is pressed. Cases alike are decided together. A script shows the buttons. */
function choiceButtons(alike: AlikeCases, graded: GradedClass): HtmlText {
  const [first] = alike;
  const each = alike.length > 1 ? ' each' : '';
  const buttons = first.choices.map(({ label }, at) => {
    const lines = alike.flatMap(({ choices }) => choices[at]?.lines ?? []);
    return html`<button type="button" class="choice" aria-pressed="false" data-lines="${asData(writtenLines(lines, graded))}" hidden>${textHtml(label)}${textHtml(each)}${forWhom(alike)}</button> `;
  });
  return html`${buttons}`;
}

/** Text for readers who cannot see which row a button is in. */
function forWhom(alike: AlikeCases): HtmlText {
  const [first] = alike;
  const who = alike.length === 1 ? first.who : counted(alike.length, 'student');
  return html`<span class="unseen"> for ${textHtml(who)}</span>`;
}

/** The lines of cases, folded, with one block for each table. */
function linesToCopy(cases: readonly Case[], graded: GradedClass): HtmlText {
  const byTable = groupBy(
    cases.flatMap(({ lines }) => lines),
    ({ table }) => table,
  );
  const blocks = [...byTable].map(([table, lines]) => {
    const texts = writtenLines(lines, graded).map(([, text]) => text);
    if (texts.length === 0) return html``;
    const them = texts.length === 1 ? 'it' : 'them';
    const replaced = lines.flatMap(({ replaces }) => replaces?.line ?? []).sort((one, other) => one - other);
    const place = replaced.length === 0 ? '' : ` in place of line ${replaced.join(', ')}`;
    // A run writes that table's open lines itself.
    const todo = table === matchesFile ? `fill ${them} in there` : `add ${them}${place}`;
    return html`<p class="who">${textHtml(`${counted(texts.length, 'line')} for ${table}; ${todo}, and grade again:`)}</p><pre>${texts.map((text) => html`${textHtml(text)}\n`)}</pre><button type="button" class="copy">Copy</button>`;
  });
  if (blocks.every((block) => block === '')) return html``;
  return html`<details class="not-on-paper"><summary>Lines to copy, in place of the buttons</summary>${blocks}</details>\n`;
}

/** A line as it is in its table, and the person in it, if people have one line there. Submissions may have several. */
type WrittenLine = readonly [table: string, line: string, who: string | undefined];

/** Lines as their tables have them, each once. */
function writtenLines(
  lines: readonly Line[],
  { layouts }: Pick<GradedClass, 'layouts'>,
): readonly WrittenLine[] {
  const written = lines.flatMap(({ table, cells, replaces }): WrittenLine[] => {
    const layout = layouts.get(table);
    const who = table === matchesFile ? undefined : (replaces?.login ?? cells[personColumn(table)]);
    return layout ? [[table, lineFor(layout, cells).trimEnd(), who]] : [];
  });
  return [...new Map(written.map((line) => [line.join(), line])).values()];
}

/** The notes of a case, with what a person needs to decide it. */
function caseText({ about, noted }: Case): HtmlText {
  const isSet = 'override' in about && about.override && 'line' in about.override;
  // Each member of a team has a line, but the team shares one row.
  const set = isSet ? ` ${overridesFile} gives ${about.points}.` : '';
  return html`${noted.map((one) => noteHtml(about, one))}${textHtml(set)}`;
}

/** The name of a student, with a link to the repository. */
export function nameOf(result: StudentResult, graded: GradedClass): HtmlText {
  return whoOf({ who: graded.people.nameOf(result.student), about: result }, graded);
}

/** Who a case is about, with a link to the repository and the numbers of the sections that show it. */
export function whoOf({ who, about }: Pick<Case, 'who' | 'about'>, graded: GradedClass): HtmlText {
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

/** Says how the student's line decided. */
export function setBy({ override, lookedAt, points, adjustments }: StudentResult): string {
  if (override && 'line' in override) return ` Line ${override.line} of ${overridesFile} gives ${points}.`;
  if (override) return ` Decided ${whoAndWhen(override)}: ${points}, ${adjustments.at(-1)?.reason}.`;
  return lookedAt ? ` Left as it is: ${lookedAt.reason}.` : '';
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

/** Data in an attribute. On the page, invisible characters are written out; in the saved data they are kept. */
function asData(value: unknown): HtmlText {
  return textHtml(encodeURIComponent(JSON.stringify(value)));
}

/** The bar for saving the tables with the choices. It stays in view and contains the tables as they are now. */
export function chosenBar({ layouts }: GradedClass): HtmlText {
  const tables = Object.fromEntries(
    [...layouts].map(([name, { headings, text }]) => {
      const who = headings.indexOf(personColumn(name));
      const rows = rowTextsOf({ name, bytes: bytesOf(text) });
      // The headings belong to no person.
      return [name, rows.map((row, index) => [index > 0 ? row.record[who] : '', row.text])];
    }),
  );
  return html`<div id="chosen" role="status" data-tables="${asData(tables)}" hidden></div>\n`;
}

/**
 * Copies the lines above a button; a page that is opened as a file cannot write to the clipboard in any other way.
 * Collects the lines of the choices that are pressed, and saves each table as a whole: its present content, without
 * the lines that these replace, and these.
 */
export const decisionsScript = `
const bar = document.getElementById('chosen');
const dataIn = (attribute) => JSON.parse(decodeURIComponent(attribute));
const tables = bar ? dataIn(bar.dataset.tables) : {};
const choices = [...document.querySelectorAll('.choice')];
const saved = {};
for (const choice of choices) choice.hidden = false;

// Shows what is about a section, and what is about nobody in particular. What decides for several people at once is
// shown with a section only if they all are in it.
function showSection(number) {
  const isIn = ({ dataset }) => number === '' || dataset.in === '' || dataset.in.split(' ').includes(number);
  for (const part of document.querySelectorAll('main :is(tr, li, .all-alike)')) {
    const names = [...part.querySelectorAll('[data-in]')];
    const isShown = part.matches('.all-alike') ? names.every(isIn) : names.some(isIn);
    part.hidden = names.length > 0 && !isShown;
  }
  for (const button of document.querySelectorAll('#sections button')) button.ariaPressed = String(button.value === number);
  document.getElementById('left').textContent = document.querySelector('#sections [value="' + number + '"]').dataset.left;
}

function linesByTable() {
  const chosen = {};
  for (const choice of choices)
    if (choice.ariaPressed === 'true')
      // A person has one line: a choice for one takes the place of one for all, which stands above it.
      for (const [table, line, who] of dataIn(choice.dataset.lines)) (chosen[table] ??= new Map()).set(who ?? line, line);
  return chosen;
}
function textWith(table, lines) {
  const before = tables[table].map(([who, text]) => (lines.has(who) ? '' : text)).join('');
  return before + (/[\\r\\n]$/.test(before) ? '' : '\\n') + [...lines.values()].join('\\n') + '\\n';
}
const isSaved = ([table, lines]) => saved[table] === textWith(table, lines);
function show() {
  const chosen = Object.entries(linesByTable());
  bar.hidden = chosen.length === 0;
  bar.replaceChildren(...chosen.map(([table, lines]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'save';
    button.dataset.table = table;
    button.textContent = (isSaved([table, lines]) ? 'Saved: ' : 'Save ') + table + ' with ' + lines.size + (lines.size === 1 ? ' new line' : ' new lines');
    return button;
  }), 'The file also has what was in the table when the class was graded. Put it in the place of the old one in the results folder, and grade again.');
}
document.addEventListener('click', ({ target }) => {
  if (target.matches('button.copy')) {
    getSelection().selectAllChildren(target.previousElementSibling);
    target.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C to copy';
  }
  if (target.matches('#sections button')) showSection(target.value);
  if (target.matches('.choice')) {
    const isPressed = target.ariaPressed === 'true';
    for (const other of target.parentElement.querySelectorAll('.choice')) other.ariaPressed = 'false';
    target.ariaPressed = String(!isPressed);
    show();
  }
  if (target.matches('.save')) {
    const { table } = target.dataset;
    saved[table] = textWith(table, linesByTable()[table]);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([saved[table]], { type: 'text/csv' }));
    link.download = table;
    link.click();
    show();
    bar.querySelector('[data-table="' + table + '"]').focus();
  }
});
addEventListener('beforeunload', (event) => {
  if (!Object.entries(linesByTable()).every(isSaved)) event.preventDefault();
});
`;

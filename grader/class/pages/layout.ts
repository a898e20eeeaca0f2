import { counted } from '../../message';
import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/view-html';
import { groupBy } from '../../system/lists';

/** The page of a class: what to talk about. */
export const pageFile = 'report.html';
/** The page of students who need something from the instructor. It is full of names, so never put it on a projector. */
export const followUpFile = 'follow-up.html';

/**
 * The names of the files with the pages of sections, by section. Each is safe on every system, and no other section
 * has it.
 */
export function sectionPages(sections: readonly string[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const section of sections) {
    const plain = `report-${plainName(section)}`;
    let file = `${plain}.html`;
    for (let number = 2; [...files.values()].includes(file); number++) file = `${plain}-${number}.html`;
    files.set(section, file);
  }
  return files;
}

/** A name in plain letters and digits, for a file: `Übung 2` gives `ubung-2`. */
function plainName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return plain.slice(0, 40).replace(/^-|-$/g, '') || 'section';
}

/** A part of a page with its own heading; nothing if it has no content. */
export function section(title: string, body: HtmlText): HtmlText {
  return body === '' ? body : html`<section><h2>${textHtml(title)}</h2>\n${body}</section>\n`;
}

export function paragraph(text: string): HtmlText {
  return html`<p>${textHtml(text)}</p>\n`;
}

/** If there are more people than this, each gets a line. */
export const maxInLine = 5;

/** Names in a line; if there are many, each gets its own line. */
export function listed(names: readonly HtmlText[]): HtmlText {
  if (names.length > maxInLine)
    return html`<ul class="people">${names.map((name) => html`<li>${name}</li>`)}</ul>`;
  const between = names.some((name) => name.includes(',')) ? '; ' : ', ';
  return html`${names.map((name, index) => html`${textHtml(index === 0 ? '' : between)}${name}`)}`;
}

/** Lists texts about students, each text once with the names of the students it is about. */
export function listAlike(
  statements: readonly { readonly name: HtmlText; readonly text: HtmlText }[],
): HtmlText {
  const items = [...groupBy(statements, ({ text }) => text)].map(([text, entries]) => {
    const names = listed(entries.map(({ name }) => name));
    return entries.length > maxInLine
      ? html`<li><b>${textHtml(counted(entries.length, 'student'))}</b>: ${text}${names}</li>\n`
      : html`<li><b>${names}</b>: ${text}</li>\n`;
  });
  return html`<ul>${items}</ul>`;
}

/** Notes on anything that could make grades wrong, folded into one line. */
export function noteList(notes: readonly string[]): HtmlText {
  if (notes.length === 0) return html``;
  const list = notes.map((note) => html`<li>${textHtml(note)}</li>`);
  return html`<details><summary>${textHtml(`${counted(notes.length, 'note')} on this run`)}</summary><ul>${list}</ul></details>\n`;
}

/** How the columns of a table show an item, by their headings. */
export type Columns<Item> = Record<string, (item: Item) => HtmlText>;

/** A table with a row for each item; the first column is the row's heading. */
export function tableOf<Item>(
  caption: string,
  columns: Readonly<Columns<Item>>,
  items: readonly Item[],
): HtmlText {
  const [first, ...rest] = Object.values(columns);
  const rows = items.map((item) => {
    const cells = rest.map((cellOf) => html`<td>${cellOf(item)}</td>`);
    return html`<tr><th scope="row">${first ? first(item) : html``}</th>${cells}</tr>\n`;
  });
  return wideTable(caption, Object.keys(columns), rows);
}

/** A bar for a number's share of the total, beside the number itself. */
export function barOf(count: number, all: number): HtmlText {
  const percent = all === 0 ? 0 : (100 * count) / all;
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${textHtml(percent.toFixed(1))}" height="1"/></svg>`;
}

/** The height of the tallest column, and the width of each including the gap, in units of the picture. */
const tallest = 120;
const step = 30;

/** A column for each number, with the count above it. A table beside it serves screen readers and small screens. */
export function histogram(columns: readonly { readonly label: string; readonly count: number }[]): HtmlText {
  const most = Math.max(1, ...columns.map(({ count }) => count));
  const drawn = columns.map(({ label, count }, index) => {
    const height = Math.round((tallest * count) / most);
    const middle = (index + 0.5) * step;
    const top = 20 + tallest - height;
    const number =
      count > 0 && html`<text x="${textHtml(middle)}" y="${textHtml(top - 4)}">${textHtml(count)}</text>`;
    return html`<rect x="${textHtml(index * step + 3)}" y="${textHtml(top)}" width="${textHtml(step - 6)}" height="${textHtml(height)}"/>${number}<text class="axis" x="${textHtml(middle)}" y="${textHtml(tallest + 36)}">${textHtml(label)}</text>`;
  });
  return html`<svg class="histogram" viewBox="0 0 ${textHtml(columns.length * step)} ${textHtml(tallest + 44)}" aria-hidden="true">${drawn}</svg>\n`;
}

/**
 * The shares of wrong answers at which a cell gets the next darker shade. Most classes have most of a sheet right, so
 * the steps there are small.
 */
const shadeSteps = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6] as const;

/** The number of a cell's shade: 0 if no answer is wrong. */
export function shadeOf(wrong: number, answered: number): number {
  return answered === 0 ? 0 : shadeSteps.filter((step) => wrong / answered > step).length;
}

/** How much of the color for wrong is in the darkest shade. Text on every shade has a contrast of 4.5 in both modes. */
const darkest = 50;

const shadesStyle = shadeSteps
  .map((_, index) => {
    const percent = Math.round(((index + 1) * darkest) / shadeSteps.length);
    return `.wrong${index + 1} { background: color-mix(in srgb, var(--wrong) ${percent}%, var(--paper)); }`;
  })
  .join('\n');

/** The styles for the pages of a class, in addition to the design of all pages. */
export const style = `
body { max-width: 112rem; }
header p { max-width: none; }
h1 { font-size: var(--large); }
.people { columns: 16rem; }
li:has(> .people) { max-width: none; }
.copy, .choice { min-height: 2rem; padding: 0 var(--s3); }
main [hidden] { display: none !important; }
.copy { font-size: var(--small); }
.choice { position: relative; margin: 0 0 var(--s1); }
:is(.choice, #sections button)[aria-pressed=true] { color: var(--paper); background: var(--accent); }
@media screen { #chosen:not([hidden]) { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: var(--s3); align-items: center; padding: var(--s3) 0; background: var(--paper); border-top: 1px solid var(--rule); } }
.responses { padding: 0; list-style: none; }
.counts { display: flex; flex-wrap: wrap; gap: var(--s2); padding: 0; list-style: none; }
.cases td:not(:first-of-type) { white-space: nowrap; text-align: right; }
.cases :is(th, td) { vertical-align: top; }
.cases td:has(.choice) { min-width: 14rem; white-space: normal; text-align: left; }
.cases tbody th { min-width: 12rem; }
.first, .columns { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 0 var(--s6); margin-top: var(--s3); }
.first .card { align-self: start; }
.sheet table { width: 100%; }
.sheet :is(th, caption) { border: 0; }
.sheet tbody th { font-weight: normal; padding: var(--s1) var(--s3) var(--s1) 0; vertical-align: middle; }
.sheet [scope=col] + th { text-align: center; }
.sheet td { border: 3px solid var(--paper); border-radius: var(--round); padding: var(--s1); text-align: center; vertical-align: middle; white-space: nowrap; }
.sheet strong { font-size: 2em; line-height: 1.3; }
.sheet .own { display: block; font-size: .9em; }
.talk h2 { margin: 0; font-size: 1.5em; font-weight: normal; }
.talk h2 strong { font-size: 1.35em; }
.talk .many { font-size: 1.5em; margin: 0; }
.talk .many strong { font-size: 1.8em; line-height: 1.1; }
.talk .written { font-size: 1.3em; }
.talk .all { font-size: var(--huge); }
.histogram { display: block; width: 100%; max-width: 40rem; fill: var(--accent); }
.histogram text { fill: var(--ink); font-size: 11px; text-anchor: middle; }
.histogram .axis { fill: var(--faint); }
${shadesStyle}
@media screen and (width < 60rem) { .first, .columns { display: block; } }
@media screen and (width < 48rem) { .cases :is(table, tbody, tr, th, td) { display: block; } .cases :is(thead, td:not(:first-of-type, :has(.choice))) { display: none; } .cases tbody :is(th, td:first-of-type) { border: 0; padding-bottom: 0; } }
@media screen and (width < 30rem) { .histogram { display: none; } .distribution { position: static; width: auto; height: auto; clip-path: none; } .distribution caption { display: none; } }
@media (width < 30rem) { .sheet td { font-size: var(--small); } .sheet strong { font-size: 1.3em; } .sheet tbody th { padding-right: var(--s1); } }
@media print { .cases:has(.choice) :is(td, [scope=col]):last-child { display: none; } h3 + p, thead { break-after: avoid; } .sheet td { print-color-adjust: exact; } .responses { columns: 2; } .sheet strong { font-size: 1.3em; } .first .card { font-size: .8em; } :is(th, td) { padding: var(--s1) var(--s3) var(--s1) 0; } }
@media screen and (width >= 100rem) { .first { font-size: 1.6rem; } }
`;

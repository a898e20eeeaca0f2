import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import { groupBy } from '../../system/lists';

/** The page of a class: what to talk about. */
export const pageFile = 'report.html';
/** The page of students who need something from the instructor. It is full of names, and never for the projector. */
export const followUpFile = 'follow-up.html';
/** The page for the projector. */
export const voteFile = 'poll.html';

/** A part of a page with its own heading; nothing if it has no content. */
export function section(title: string, body: HtmlText): HtmlText {
  return body === '' ? body : html`<section><h2>${textHtml(title)}</h2>\n${body}</section>\n`;
}

export function paragraph(text: string): HtmlText {
  return html`<p>${textHtml(text)}</p>\n`;
}

/** More people than this stand below each other. */
const maxInLine = 5;

/** Lists what is said of students, each text once with the names of those of whom it is said. */
export function listAlike(
  statements: readonly { readonly name: HtmlText; readonly text: HtmlText }[],
): HtmlText {
  const items = [...groupBy(statements, ({ text }) => text)].map(([text, entries]) => {
    if (entries.length > maxInLine) {
      const people = entries.map(({ name }) => html`<li>${name}</li>`);
      return html`<li><b>${textHtml(counted(entries.length, 'student'))}</b>: ${text}<ul class="people">${people}</ul></li>\n`;
    }
    const between = entries.some(({ name }) => name.includes(',')) ? '; ' : ', ';
    const names = entries.map(({ name }, index) => html`${textHtml(index === 0 ? '' : between)}${name}`);
    return html`<li><b>${names}</b>: ${text}</li>\n`;
  });
  return html`<ul>${items}</ul>`;
}

/** Notes on anything that could make grades wrong, folded into one line. */
export function noteList(notes: readonly string[]): HtmlText {
  if (notes.length === 0) return html``;
  const list = notes.map((note) => html`<li>${textHtml(note)}</li>`);
  return html`<details><summary>${textHtml(`${counted(notes.length, 'note')} on this run`)}</summary><ul>${list}</ul></details>\n`;
}

/** How the columns of a table show an item, by their heads. */
export type Columns<Item> = Record<string, (item: Item) => HtmlText>;

/** A table with a row for each item; its first column heads them. */
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

/** `1 student`, `2 students` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * The shares of wrong answers from which a cell has the next darker shade. Most classes have most of a sheet right, so
 * there the steps are small.
 */
const shadeSteps = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6] as const;

/** The number of the shade of a cell: 0 where no answer is wrong. */
export function shadeOf(wrong: number, answered: number): number {
  return answered === 0 ? 0 : shadeSteps.filter((step) => wrong / answered > step).length;
}

/** How much of the color for wrong is in the darkest shade. Text on each has a contrast of 4.5 in both modes. */
const darkest = 50;

const shadesStyle = shadeSteps
  .map((_, index) => {
    const percent = Math.round(((index + 1) * darkest) / shadeSteps.length);
    return `.wrong${index + 1} { background: color-mix(in srgb, var(--wrong) ${percent}%, var(--paper)); }`;
  })
  .join('\n');

/** The style sheet of every page that is read at a desk. */
export const style = `
body { margin: 0 auto; max-width: 112rem; padding: .75rem 1.25rem 4rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: break-word; }
section { max-width: 76rem; }
h1 { font-size: 1.25rem; line-height: 1.25; margin: 0; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.4rem; line-height: 1.25; } h3 { margin: 1.5rem 0 .25rem; font-size: 1.1rem; }
p, ul, pre, details { margin: .4rem 0; } pre { padding: .5rem .75rem; border-left: 4px solid var(--accent); white-space: pre-wrap; }
a, summary { color: var(--accent); } summary { cursor: pointer; } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; } caption { text-align: left; color: var(--faint); padding-bottom: .25rem; } caption span { display: block; max-width: calc(100vw - 3rem); }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top; } td p, th p { margin: 0; font-weight: normal; } meter { width: 12rem; }
.faint, .who { color: var(--faint); }
.people { columns: 16rem; } button { font: inherit; padding: .2rem .75rem; }
.responses { padding: 0; list-style: none; } .responses li { margin: .6rem 0; }
.first { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 0 3rem; margin-top: .75rem; } @media (max-width: 60rem) { .first { display: block; } } @media (min-width: 100rem) { .first { font-size: 1.6rem; } }
.sheet table { width: 100%; }  .sheet th { font-weight: normal; overflow-wrap: break-word; border: 0; padding: .1rem .75rem .1rem 0; vertical-align: middle; } .sheet [scope=col] { color: var(--faint); } .sheet [scope=col] + th { text-align: center; }
.sheet td { border: 3px solid var(--paper); border-radius: .5rem; padding: .3rem; text-align: center; vertical-align: middle; white-space: nowrap; } .sheet strong { font-size: 2em; line-height: 1.3; } .sheet .own { display: block; font-size: .9em; } @media (max-width: 30rem) { .sheet strong { font-size: 1.3em; } }
.talk h2 { margin: 0; font-size: 1.5em; font-weight: normal; } .talk h2 strong { font-size: 1.35em; } .talk .many { font-size: 1.5em; margin: 0; } .talk .many strong { font-size: 1.8em; line-height: 1.1; } .talk .written { font-size: 1.3em; } .talk .vote { font-size: 1.3em; margin-top: 1rem; }
${shadesStyle}
@media print { button { display: none; } details::details-content { content-visibility: visible; block-size: auto; } body { max-width: none; padding: 0; font-size: .85rem; } h2 { break-after: avoid; } tr, li { break-inside: avoid; } }
`;

import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { lineFor } from '../members/csv-table';
import type { Line } from '../results/note';
import type { GradedClass } from '../results/run';

/** What a person may decide in a case. */
export interface Choice {
  /** `Give 14` */
  readonly label: string;
  readonly lines: readonly Line[];
}

/** The lines of a choice as they are written, with the table that each is for. */
type Written = readonly (readonly [table: string, line: string])[];

/** Lines as their tables have them, each once. */
export function writtenLines(lines: readonly Line[], { layouts }: GradedClass): Written {
  const written = lines.flatMap(({ table, cells }) => {
    const layout = layouts.get(table);
    return layout ? [[table, lineFor(layout, cells).trimEnd()] as const] : [];
  });
  return [...new Map(written.map((line) => [line.join(), line])).values()];
}

/**
 * The buttons of a case, of which one at most is pressed. Those alike are decided together.
 *
 * @param alike the choices of each.
 * @param who for whoever does not see in which row a button stands.
 */
export function choiceButtons(
  alike: readonly (readonly Choice[])[],
  who: string,
  graded: GradedClass,
): HtmlText {
  const [first = []] = alike;
  const buttons = first.map(({ label }, at) => {
    const lines = writtenLines(
      alike.flatMap((choices) => choices[at]?.lines ?? []),
      graded,
    );
    const all = alike.length > 1 ? ' each' : '';
    return html`<button type="button" class="choice" aria-pressed="false" data-lines="${asData(lines)}" hidden>${textHtml(label)}${textHtml(all)}<span class="unseen"> for ${textHtml(who)}</span></button> `;
  });
  return html`${buttons}`;
}

/** Data in an attribute. What is seen has invisible characters written out; what is saved keeps them. */
function asData(value: unknown): HtmlText {
  return textHtml(encodeURIComponent(JSON.stringify(value)));
}

/** Where the tables with what was chosen are saved. It stays in view, and has the tables as they are now. */
export function chosenBar({ layouts }: GradedClass): HtmlText {
  const tables = Object.fromEntries([...layouts].map(([name, { text }]) => [name, text]));
  return html`<div id="chosen" role="status" data-tables="${asData(tables)}" hidden></div>\n`;
}

/**
 * Copies the lines above a button; a page that is opened as a file may not write to the clipboard in another way.
 * Collects the lines of the choices that are pressed, and saves each table whole: what is in it now, and these lines.
 */
export const choicesScript = `
const bar = document.getElementById('chosen');
const dataIn = (attribute) => JSON.parse(decodeURIComponent(attribute));
const tables = bar ? dataIn(bar.dataset.tables) : {};
const choices = [...document.querySelectorAll('.choice')];
const saved = {};
for (const choice of choices) choice.hidden = false;

function linesByTable() {
  const chosen = {};
  for (const choice of choices)
    if (choice.ariaPressed === 'true')
      for (const [table, line] of dataIn(choice.dataset.lines)) (chosen[table] ??= new Set()).add(line);
  return chosen;
}
function textWith(table, lines) {
  const before = tables[table];
  return before + (before === '' || /[\\r\\n]$/.test(before) ? '' : '\\n') + [...lines].join('\\n') + '\\n';
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
  }), 'It has what was in the table when the class was graded. Put it in its place in the results folder, and grade again.');
}
document.addEventListener('click', ({ target }) => {
  if (target.matches('button.copy')) {
    getSelection().selectAllChildren(target.previousElementSibling);
    target.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C to copy';
  }
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

import { kindOf } from '../kinds/registry';
import { type HtmlText, html, textHtml } from '../render/escape/html';
import { byYourself, noCell, outcomes } from '../render/status';
import {
  againTable,
  askedTables,
  cellsOf,
  linesAbove,
  type Rubric,
  type RubricCell,
  type RubricRow,
  type RubricTable,
  rowsOf,
  studentFiles,
} from '../rubric/rubric';
import type { PageHandout } from './handout';
import { baseName, fieldOf, partOf } from './work';

// The markup of the page before anything is typed.

/** @param steps how to hand in. */
export function pageBody(
  rubric: Rubric,
  { body, diagram }: PageHandout,
  facts: Readonly<Record<string, number>>,
  steps: HtmlText,
): HtmlText {
  const figure = diagram
    ? html`<figure class="diagram"><figcaption>${textHtml('Where you are')}</figcaption>${diagram.picture}</figure>`
    : html``;
  return html`<a class="skip" href="#worksheet">${textHtml('Skip to the worksheet')}</a>
<header><h1>${textHtml(rubric.title)}</h1>
${rubric.due ? html`<p>${textHtml(rubric.due.join(' '))}</p>\n` : html``}<p class="paper">${textHtml('Name:')}</p>
<p>${textHtml('Fill in the worksheet, check it, save your files and hand them in. Everything stays on this page; it sends nothing anywhere.')}</p>
<noscript><p><strong>${textHtml('This page needs JavaScript. Allow it here, or open the file in another browser.')}</strong></p></noscript></header>
<main>
<div id="notes" role="status"></div>
<details class="handout" open><summary>${textHtml('The handout')}</summary>
${body}</details>
<section aria-labelledby="worksheet"><h2 id="worksheet" tabindex="-1">${textHtml('Worksheet')}</h2>
${names(rubric, facts)}<div class="beside"><div>${askedTables(rubric).map((table) => tableMarkup(table, rubric))}
<p class="actions"><button type="button" id="check" class="main">${textHtml('Check')}</button></p>
<div id="result"></div>${again(rubric, Object.keys(facts).length > 0)}</div>${figure}</div><div id="live" role="status" class="unseen"></div></section>
${rubric.reflection ? reflection(rubric.reflection) : html``}
${saving(rubric, steps)}
</main>`;
}

/**
 * Returns the table that is marked only once it is complete, with its sizes and instructions.
 *
 * @param hasNames whether a cell may use names of the handout.
 */
function again(rubric: Rubric, hasNames: boolean): HtmlText {
  const table = againTable(rubric);
  if (!table) return html``;
  const stated = (table.stated ?? []).map((text) => html`<li>${textHtml(text)}</li>`);
  return html`<section class="again" aria-labelledby="again"><h3 id="again">${textHtml(table.label ?? table.export)}</h3>
<p>${textHtml([...byYourself, ...(hasNames ? ['Type numbers here, because the names above stand for numbers in the first table.'] : [])].join(' '))}</p>
${stated.length === 0 ? html`` : html`<ul>${stated}</ul>`}
${tableMarkup(table, rubric)}
<p class="actions"><button type="button" id="check-again">${textHtml('Check this table')}</button></p>
<div id="again-result"></div></section>`;
}

/** Returns the instructions for filling in a cell, and a button for each name that a cell may use. */
function names(rubric: Rubric, facts: Readonly<Record<string, number>>): HtmlText {
  const buttons = Object.entries(facts).map(
    ([name, value]) =>
      html`<button type="button" class="name" data-name="${textHtml(name)}">${textHtml(`${name} = ${value}`)}</button> `,
  );
  const asked = new Set(cellsOf({ rows: rowsOf(rubric) }).map((cell) => kindOf(cell).valueKind));
  const what = [
    ...(asked.has('number') ? ['a number, or arithmetic such as 2 * 3'] : []),
    ...(asked.has('string') ? ['a short text'] : []),
    ...(asked.has('boolean') ? ['true or false'] : []),
  ].join('; elsewhere ');
  const where = asked.size > 1 && asked.has('number') ? 'A cell for a number' : 'A cell';
  const marks =
    rubric.selfCheck === 'scored'
      ? 'A row is marked when you have filled it in and move on, or when you press Check. You can change your answers as often as you like.'
      : `This page does not show whether you are right, however often you press Check. It shows what is filled in and well-formed${rubric.laws.length > 0 ? ', and what does not fit together' : ''}.`;
  const takes = `${where} takes ${what}. ${marks}`;
  const more = buttons.length === 0 ? '' : ' You can also type these names, or press a button to insert one.';
  const group = html`<div class="names" role="group" aria-label="${textHtml('Names of the handout')}">${buttons}</div>`;
  return html`<p>${textHtml(takes + more)}</p>\n${buttons.length === 0 ? html`` : group}\n`;
}

function tableMarkup(table: RubricTable, rubric: Rubric): HtmlText {
  const tables = askedTables(rubric);
  const title = table.label ?? (tables.length > 1 ? table.export : 'Worksheet');
  const isAlone = (table.label === undefined && tables.length === 1) || table.marks !== undefined;
  const heads = table.columns.map(({ id, label }) => {
    const ask = usualQuestion(table, id);
    const question = ask === undefined ? html`` : html`<span class="question">${textHtml(ask)}</span>`;
    return html`<th role="columnheader" scope="col">${textHtml(label)}${question}</th>`;
  });
  const rows = table.rows.map((row) => {
    const section =
      row.heading === undefined
        ? html``
        : html`<tr role="row"><th role="rowheader" scope="rowgroup" colspan="${textHtml(table.columns.length + 1)}">${textHtml(row.heading)}</th></tr>\n`;
    const cells = table.columns.map(({ id, label }) => {
      const cell = row.cells.find((candidate) => candidate.id === id);
      if (!cell) return html`<td role="cell" class="none">${textHtml(noCell)}</td>`;
      return cellOf(row, cell, cell.name ?? label, cell.guidingQuestion === usualQuestion(table, id));
    });
    return html`${section}<tr role="row" id="${textHtml(partOf.row(row.id))}" data-row="${textHtml(row.id)}"><th role="rowheader" scope="row">${textHtml(row.label)}</th>${cells}</tr>
<tr role="row" class="said" hidden><td role="cell" colspan="${textHtml(table.columns.length + 1)}" id="${textHtml(partOf.said(row.id))}"></td></tr>\n`;
  });
  return html`<div class="table"><table role="table" aria-label="${textHtml(title)}">
<caption${isAlone ? html` class="unseen"` : html``}>${textHtml(title)}</caption><thead role="rowgroup"><tr role="row"><td role="cell"></td>${heads}</tr></thead>
<tbody role="rowgroup">${rows}</tbody></table></div>\n`;
}

/** Returns the guiding question that most cells of a column share. */
function usualQuestion({ rows }: RubricTable, column: string): string | undefined {
  const asked = rows.flatMap(({ cells }) =>
    cells.flatMap(({ id, guidingQuestion }) => (id === column ? (guidingQuestion ?? []) : [])),
  );
  return asked.find((ask) => asked.filter((other) => other === ask).length > asked.length / 2);
}

/** @param isUsual whether its guiding question is shown above its column. */
function cellOf(row: RubricRow, cell: RubricCell, name: string, isUsual: boolean): HtmlText {
  const field = fieldOf.cell(row.id, cell.id);
  const kind = kindOf(cell);
  const ask = cell.guidingQuestion;
  const describedBy = [
    partOf.state(field),
    partOf.reason(field),
    ...(ask === undefined ? [] : [partOf.ask(field)]),
    partOf.said(row.id),
  ].join(' ');
  const blank = `${outcomes.blank.sign} ${outcomes.blank.word}`;
  const attributes = html`id="${textHtml(field)}" data-field="${textHtml(field)}" aria-describedby="${textHtml(describedBy)}"`;
  const input = kind.options
    ? html`<select ${attributes}><option value="">${textHtml('choose …')}</option>${kind.options.map((option) => html`<option>${textHtml(option)}</option>`)}</select>`
    : html`<input type="text" ${attributes} maxlength="1000" autocomplete="off" autocapitalize="off" spellcheck="false">`;
  // A list shows its options itself.
  const note = kind.options ? undefined : kind.note;
  const noteMarkup = note === undefined ? html`` : html` <span class="note">${textHtml(note)}</span>`;
  const question =
    ask === undefined
      ? html``
      : html`<span class="ask${textHtml(isUsual ? ' usual' : '')}" id="${textHtml(partOf.ask(field))}">${textHtml(ask)}</span>`;
  const label = html`<label for="${textHtml(field)}"${cell.name === undefined ? html`` : html` class="own"`}><span class="unseen">${textHtml(`${spokenLabel(row)}: `)}</span>${textHtml(name)}</label>`;
  return html`<td role="cell">${label}${input}${noteMarkup}<span class="state" id="${textHtml(partOf.state(field))}">${textHtml(blank)}</span><span class="reason" id="${textHtml(partOf.reason(field))}"></span>${question}</td>`;
}

/** Returns the label of a row for screen readers, which differs from that of the row it repeats. */
function spokenLabel({ label, repeats }: RubricRow): string {
  return repeats === undefined ? label : `Again, ${label}`;
}

function reflection(rubric: NonNullable<Rubric['reflection']>): HtmlText {
  const [title = 'Reflection', ...lines] = linesAbove(rubric);
  const area = (field: string, label: string) =>
    html`<div class="response"><label for="${textHtml(field)}">${textHtml(label)}</label>
<textarea id="${textHtml(field)}" data-field="${textHtml(field)}" rows="2" maxlength="4000" aria-describedby="${textHtml(`${partOf.state(field)} ${partOf.reason(field)}`)}"></textarea><p class="state" id="${textHtml(partOf.state(field))}"></p><p class="reason" id="${textHtml(partOf.reason(field))}"></p></div>\n`;
  const questions = rubric.questions.map(({ id, label }, index) =>
    area(fieldOf.response(id), `${index + 1}. ${label}`),
  );
  const last = rubric.dispute === undefined ? html`` : area(fieldOf.dispute, rubric.dispute);
  return html`<section aria-labelledby="reflection"><h2 id="reflection">${textHtml(title)}</h2>
${lines.map((line) => html`<p>${textHtml(line)}</p>\n`)}${questions}${last}<div id="responses" role="status"></div></section>`;
}

function saving(rubric: Rubric, steps: HtmlText): HtmlText {
  const files = studentFiles(rubric);
  const save = files.map(
    (file) =>
      html`<button type="button" data-save="${textHtml(file)}">${textHtml(`Save ${baseName(file)}`)}</button> <button type="button" data-copy="${textHtml(file)}">${textHtml(`Copy ${baseName(file)}`)}</button> `,
  );
  const both =
    files.length === 1
      ? html``
      : html`<button type="button" id="zip" class="main">${textHtml('Save both as a zip')}</button> `;
  return html`<section aria-labelledby="hand-in"><h2 id="hand-in">${textHtml('Save and hand in')}</h2>
<p><span id="kept">${textHtml('What you type is stored in this browser until you clear it.')}</span> ${textHtml('To hand in, save your files:')}</p>
<p class="actions">${both}${save}</p>
<p id="saved" role="status"></p>
${steps}
<p><button type="button" id="clear">${textHtml('Clear everything here')}</button> ${textHtml('On a shared computer, do this after you have saved your files.')}</p>
<dialog id="confirm" aria-labelledby="confirm-text"><p id="confirm-text"></p><p class="actions"><button type="button" id="no" class="main" autofocus>${textHtml('Keep')}</button> <button type="button" id="yes">${textHtml('Clear')}</button></p></dialog></section>`;
}

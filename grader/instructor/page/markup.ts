import { kindOf } from '../../kinds/registry';
import { type HtmlText, html, text } from '../../render/escape/html';
import { noCell, outcomes } from '../../render/status';
import {
  cellsOf,
  linesAbove,
  type Rubric,
  type RubricCell,
  type RubricRow,
  type RubricTable,
  rowsOf,
  studentFiles,
} from '../../rubric/rubric';
import type { PageHandout } from './handout';
import { baseName, fieldOf, partOf } from './work';

// What stands on the page before anything is typed.

/** @param steps how to hand in. */
export function pageBody(
  rubric: Rubric,
  { body, diagram }: PageHandout,
  facts: Readonly<Record<string, number>>,
  steps: HtmlText,
): HtmlText {
  const figure = diagram
    ? html`<figure class="diagram"><figcaption>${text('Where you are')}</figcaption>${diagram.picture}</figure>`
    : html``;
  return html`<a class="skip" href="#worksheet">${text('To the worksheet')}</a>
<header><h1>${text(rubric.title)}</h1>
<p class="paper">${text('Name:')}</p>
<p>${text('Fill in, check, save your files, and hand them in. All of it happens on this page: it sends nothing anywhere.')}</p>
<noscript><p><strong>${text('This page needs JavaScript. Allow it here, or open the file in another browser.')}</strong></p></noscript></header>
<main>
<div id="notes" role="status"></div>
<details class="handout" open><summary>${text('The handout')}</summary>
${body}</details>
<section aria-labelledby="worksheet"><h2 id="worksheet" tabindex="-1">${text('Worksheet')}</h2>
${names(rubric, facts)}<div class="beside"><div>${rubric.tables.map((table) => tableOf(table, rubric))}
<p class="actions"><button type="button" id="check" class="main">${text('Check')}</button> <button type="button" id="undo" aria-disabled="true">${text('Undo')}</button> <button type="button" id="redo" aria-disabled="true">${text('Redo')}</button></p>
<div id="result"></div></div>${figure}</div><div id="live" role="status" class="unseen"></div></section>
${rubric.reflection ? reflection(rubric.reflection) : html``}
${saving(rubric, steps)}
</main>`;
}

/** What a cell takes, and a button for each name that it may use. */
function names(rubric: Rubric, facts: Readonly<Record<string, number>>): HtmlText {
  const buttons = Object.entries(facts).map(
    ([name, value]) =>
      html`<button type="button" class="name" data-name="${text(name)}">${text(`${name} = ${value}`)}</button> `,
  );
  const asked = new Set(cellsOf({ rows: rowsOf(rubric) }).map((cell) => kindOf(cell).valueKind));
  const what = [
    ...(asked.has('number') ? ['a number, or arithmetic such as 2 * 3'] : []),
    ...(asked.has('string') ? ['a short text'] : []),
    ...(asked.has('boolean') ? ['true or false'] : []),
  ].join('; elsewhere ');
  const where = asked.size > 1 && asked.has('number') ? 'Where a number is asked, a cell' : 'A cell';
  const marks =
    rubric.selfCheck === 'scored'
      ? 'A row is marked once all of it is filled in, or when you press Check.'
      : 'This page gives no marks: it tells what is filled in and well-formed, and what does not fit together.';
  const takes = `${where} takes ${what}. ${marks}`;
  const more = buttons.length === 0 ? '' : ' These names count too; a button types one into the cell.';
  const group = html`<div class="names" role="group" aria-label="${text('Names of the handout')}">${buttons}</div>`;
  return html`<p>${text(takes + more)}</p>\n${buttons.length === 0 ? html`` : group}\n`;
}

function tableOf(table: RubricTable, { tables }: Rubric): HtmlText {
  const title = table.label ?? (tables.length > 1 ? table.export : 'Worksheet');
  const heads = table.columns.map(({ id, label }) => {
    const ask = usualQuestion(table, id);
    const question = ask === undefined ? html`` : html`<span class="question">${text(ask)}</span>`;
    return html`<th role="columnheader" scope="col">${text(label)}${question}</th>`;
  });
  const rows = table.rows.map((row) => {
    const section =
      row.heading === undefined
        ? html``
        : html`<tr role="row"><th role="rowheader" scope="rowgroup" colspan="${text(table.columns.length + 1)}">${text(row.heading)}</th></tr>\n`;
    const cells = table.columns.map(({ id, label }) => {
      const cell = row.cells.find((candidate) => candidate.id === id);
      if (!cell) return html`<td role="cell" class="none">${text(noCell)}</td>`;
      return cellOf(row, cell, cell.name ?? label, cell.guidingQuestion === usualQuestion(table, id));
    });
    return html`${section}<tr role="row" id="${text(partOf.row(row.id))}" data-row="${text(row.id)}"><th role="rowheader" scope="row">${text(row.label)}</th>${cells}</tr>
<tr role="row" class="said" hidden><td role="cell" colspan="${text(table.columns.length + 1)}" id="${text(partOf.said(row.id))}"></td></tr>\n`;
  });
  return html`<div class="table"><table role="table" aria-label="${text(title)}">
<caption${table.label === undefined && tables.length === 1 ? html` class="unseen"` : html``}>${text(title)}</caption><thead role="rowgroup"><tr role="row"><td role="cell"></td>${heads}</tr></thead>
<tbody role="rowgroup">${rows}</tbody></table></div>\n`;
}

/** The question that most cells of a column have. */
function usualQuestion({ rows }: RubricTable, column: string): string | undefined {
  const asked = rows.flatMap(({ cells }) =>
    cells.flatMap(({ id, guidingQuestion }) => (id === column ? (guidingQuestion ?? []) : [])),
  );
  return asked.find((ask) => asked.filter((other) => other === ask).length > asked.length / 2);
}

/** @param isUsual whether its question stands above its column. */
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
  const attributes = html`id="${text(field)}" data-field="${text(field)}" aria-describedby="${text(describedBy)}"`;
  const input = kind.options
    ? html`<select ${attributes}><option value="">${text('choose …')}</option>${kind.options.map((option) => html`<option>${text(option)}</option>`)}</select>`
    : html`<input type="text" ${attributes} maxlength="1000" autocomplete="off" autocapitalize="off" spellcheck="false">`;
  // A list shows its options itself.
  const note = kind.options ? undefined : kind.note;
  const noteMarkup = note === undefined ? html`` : html` <span class="note">${text(note)}</span>`;
  const question =
    ask === undefined
      ? html``
      : html`<span class="ask${text(isUsual ? ' usual' : '')}" id="${text(partOf.ask(field))}">${text(ask)}</span>`;
  const label = html`<label for="${text(field)}"${cell.name === undefined ? html`` : html` class="own"`}><span class="unseen">${text(`${row.label}: `)}</span>${text(name)}</label>`;
  return html`<td role="cell">${label}${input}${noteMarkup}<span class="state" id="${text(partOf.state(field))}">${text(blank)}</span><span class="reason" id="${text(partOf.reason(field))}"></span>${question}</td>`;
}

function reflection(rubric: NonNullable<Rubric['reflection']>): HtmlText {
  const [title = 'Reflection', ...lines] = linesAbove(rubric);
  const area = (field: string, label: string) =>
    html`<div class="response"><label for="${text(field)}">${text(label)}</label>
<textarea id="${text(field)}" data-field="${text(field)}" rows="2" maxlength="4000" aria-describedby="${text(`${partOf.state(field)} ${partOf.reason(field)}`)}"></textarea><p class="state" id="${text(partOf.state(field))}"></p><p class="reason" id="${text(partOf.reason(field))}"></p></div>\n`;
  const questions = rubric.questions.map(({ id, label }, index) =>
    area(fieldOf.response(id), `${index + 1}. ${label}`),
  );
  const last = rubric.dispute === undefined ? html`` : area(fieldOf.dispute, rubric.dispute);
  return html`<section aria-labelledby="reflection"><h2 id="reflection">${text(title)}</h2>
${lines.map((line) => html`<p>${text(line)}</p>\n`)}${questions}${last}<div id="responses" role="status"></div></section>`;
}

function saving(rubric: Rubric, steps: HtmlText): HtmlText {
  const files = studentFiles(rubric);
  const save = files.map(
    (file) =>
      html`<button type="button" data-save="${text(file)}">${text(`Save ${baseName(file)}`)}</button> <button type="button" data-copy="${text(file)}">${text(`Copy ${baseName(file)}`)}</button> `,
  );
  const both =
    files.length === 1
      ? html``
      : html`<button type="button" id="zip" class="main">${text('Save both as a zip')}</button> `;
  return html`<section aria-labelledby="hand-in"><h2 id="hand-in">${text('Save and hand in')}</h2>
<p><span id="kept">${text('What you type is kept in this browser until you clear it.')}</span> ${text('To hand in, save your files:')}</p>
<p class="actions">${both}${save}</p>
<p id="saved" role="status"></p>
${steps}
<h3>${text('Go on elsewhere')}</h3>
<p><label for="open">${text(`Open files: ${files.map(baseName).join(', ')}${files.length === 1 ? '' : ', or a zip with both'}`)}</label> <input type="file" id="open" multiple accept=".ts,.md,.txt,.zip"></p>
<div id="opened" role="status"></div>
<p><button type="button" id="clear">${text('Clear everything here')}</button> ${text('Do this on a computer that others use, after you have saved your files.')}</p>
<dialog id="confirm" aria-labelledby="confirm-text"><p id="confirm-text"></p><p class="actions"><button type="button" id="no" class="main" autofocus>${text('Keep')}</button> <button type="button" id="yes">${text('Clear')}</button></p></dialog></section>`;
}

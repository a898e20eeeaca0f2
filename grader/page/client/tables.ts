import type { VNode } from 'preact';
import type { GradedCell, GradedRow, Report } from '../../grading/report.schema';
import { kindOf } from '../../kinds/registry';
import { asForField, type Message } from '../../message';
import { escapeInvisible } from '../../render/escape/safe';
import { nextStep, reasonsOfRow } from '../../render/reasons-shown';
import {
  isComplete,
  markOf,
  noCell,
  outcomes,
  scoreLine,
  tableHints,
  tableName,
  valueText,
} from '../../render/status';
import {
  cellsOf,
  labelInRow,
  type RubricCell,
  type RubricColumn,
  type RubricRow,
  type RubricTable,
  rowsOf,
  studentFiles,
} from '../../rubric/rubric';
import { baseName } from '../../submission/which-files';
import { productsOf } from '../shown-products';
import { fieldOf, rowOfField } from '../work-files';
import type { PageData } from '../worksheet-page';
import { html, sentence, wholePicture } from './elements';
import { drawnIn, type Matrix, matricesOf, sketchOf } from './matrices';
import { productView } from './product-view';
import { gradedCell, gradedRow, isMarked, type Page, type State } from './worksheet-state';

/** Everything that decides how the rows of a table are shown. */
interface Shown extends Pick<Page, 'state'> {
  readonly matrices: readonly Matrix[];
}

/** The tables of the worksheet, with the marks that they show. */
export function tables(page: Page): VNode {
  const { data, state } = page;
  const { rubric } = data;
  const report = state.graded?.report;
  const hasMarks = rowsOf(rubric).some((row) => isMarked(row, state));
  const matrices = matricesOf(rubric, state);
  const products = productsOf(rubric, matrices);
  const shown: Shown = { state, matrices };
  const drawn = page.diagram ? drawnIn(page.diagram, matrices) : [];
  const here = rowOfField(rubric, state.field ?? '');
  const names = Object.entries(data.constants).map(
    ([name, value]) =>
      html`<button type="button" onClick=${() => page.insert(name)}>${name} = ${value}</button>`,
  );
  return html`<section aria-labelledby="tables">
    <h2 id="tables">Worksheet</h2>
    <p>${takes(data)}</p>
    <details class="fold"><summary>How it is marked</summary><p>${instructions(data)}</p></details>
    ${names.length > 0 && html`<div class="names" role="group" aria-label="Names of the handout">${names}</div>`}
    <div class="beside">
      <div class="asked">
        ${rubric.tables.map((table) => html`${table.label !== undefined && html`<h3>${table.label}</h3>`}${grid(table, shown)}`)}
        ${report && hasMarks && tableHints(report).map((remark) => html`<p>${remark}</p>`)}
        ${bar(page, hasMarks)} ${report && explanations(report)}
        ${products.length > 0 && html`<div class="products" role="group" aria-label="Products">${products.map(productView)}</div>`}
      </div>
      ${page.diagram && wholePicture(page.diagram, drawn, here, matrices.length > 0 ? notToScale : '')}
      ${
        matrices.length > 0 &&
        html`<ul class="unseen" aria-label="Your matrices">${matrices.map(({ inWords }) => html`<li>${inWords}</li>`)}</ul>`
      }
    </div>
  </section>`;
}

const notToScale = 'Equal numbers have equal lengths, and larger ones are longer. It is not to scale.';

function takes({ rubric }: PageData): string {
  const texts = { number: 'a number, or arithmetic such as 2 * 3', string: 'a short text' };
  const asked = new Set(cellsOf({ rows: rowsOf(rubric) }).map((cell) => texts[kindOf(cell).valueKind]));
  return `${asked.size === 1 ? 'A cell takes' : 'Some cells take'} ${[...asked].join('; some take ')}.`;
}

function instructions({ rubric, constants }: PageData): string {
  const laws = rubric.laws.length > 0 ? ', and what does not fit together' : '';
  const lines = [
    rubric.selfCheck === 'scored'
      ? 'A row is marked when you have filled it in and move on, or when you press Check. You can change your answers as often as you like.'
      : `This page does not show whether you are right, however often you press Check. It shows what is filled in and well-formed${laws}.`,
  ];
  if (Object.keys(constants).length > 0)
    lines.push('You can also type these names, or press one to insert it.');
  return lines.join(' ');
}

// The roles are explicit, because they would be lost on a phone, which shows each row as a block.
function grid(table: RubricTable, page: Shown): VNode {
  const heads = table.columns.map((column) => {
    const ask = html`<span class="ask" id=${askId(table, column)}>${column.guidingQuestion}</span>`;
    return html`<th role="columnheader" scope="col"><b>${column.label}</b>${ask}</th>`;
  });
  return html`<div class=${heads.length > 2 ? 'sheet many' : 'sheet'}><table class="grid" role="table" aria-label=${tableName(table)}>
    <thead role="rowgroup"><tr role="row"><td role="cell"></td>${heads}</tr></thead>
    <tbody role="rowgroup">${table.rows.map((row) => rowOf(row, table, page))}</tbody>
  </table></div>`;
}

function askId(table: RubricTable, column: RubricColumn): string {
  return `${table.export}.${column.id}.ask`;
}

function rowOf(row: RubricRow, table: RubricTable, page: Shown): VNode {
  const { state } = page;
  const width = table.columns.length + 1;
  const report = state.graded?.report;
  const graded = gradedRow(report, row.id);
  const reasons = report && graded && isMarked(row, state) ? rowResult(graded, report) : [];
  const cells = table.columns.map((column) => {
    const cell = row.cells.find(({ id }) => id === column.id);
    return cell
      ? cellOf(row, cell, column, askId(table, column), state)
      : html`<td role="cell" class="none">${noCell}</td>`;
  });
  const heading = html`<th role="rowheader" scope="rowgroup" colspan=${width}>${row.heading}</th>`;
  return html`${row.heading !== undefined && html`<tr role="row">${heading}</tr>`}
    <tr role="row"><th role="rowheader" scope="row">${labelOf(row)}${table.draw && sketchOf(row, page.matrices)}</th>${cells}</tr>
    <tr role="row" class="said" hidden=${reasons.length === 0}>
      <td role="cell" colspan=${width} id="${row.id}.said">${reasons}</td>
    </tr>`;
}

/** The label of a row; the part in parentheses at its end is read second. */
function labelOf({ label }: RubricRow): VNode {
  const [, name = label, rest] = /^(.*?)( \(.*\))$/.exec(label) ?? [];
  return html`<span>${name}${rest && html`<small>${rest}</small>`}</span>`;
}

/** Why a row is wrong. Text that cannot be read is reported beside its field. */
function rowResult(row: GradedRow, report: Report): VNode[] {
  const reasons = reasonsOfRow(row, report).filter(({ cell }) => cell.outcome !== 'invalid');
  return reasons.map(({ labels, reason, cell }) => {
    // The row's own name is already above.
    const names = labels.filter((label) => label !== row.label).map((label) => labelInRow({ label }, row));
    const isWrong = cell.outcome === 'wrong';
    return html`<p class=${isWrong ? 'bad' : 'hint'}>
      ${isWrong ? outcomes.wrong.sign : '→'} ${names.length > 0 && html`<strong>${names.join(', ')}:</strong> `}${sentence(reason)}
    </p>`;
  });
}

/** Why rows are right, folded in one place: between the rows they would push the table apart. */
function explanations({ rows }: Report): VNode | undefined {
  const explained = rows.filter(({ explanation }) => explanation !== undefined);
  if (explained.length === 0) return undefined;
  return html`<details class="said">
    <summary>${outcomes.correct.sign} Why ${explained.length === 1 ? 'this row is' : 'these rows are'} right</summary>
    ${explained.map(({ label, explanation }) => html`<p class="good"><strong>${label}:</strong> ${explanation}</p>`)}
  </details>`;
}

function cellOf(row: RubricRow, cell: RubricCell, column: RubricColumn, asked: string, state: State): VNode {
  const field = fieldOf.cell(row.id, cell.id);
  const name = cell.name ?? column.label;
  const typed = state.work[field] ?? '';
  const graded = isMarked(row, state) ? gradedCell(state, row.id, cell.id) : undefined;
  const outcome = graded?.outcome ?? (typed.trim() === '' ? 'blank' : 'ungraded');
  const ownQuestion = cell.guidingQuestion === column.guidingQuestion ? undefined : cell.guidingQuestion;
  const { options, note } = kindOf(cell);
  const attributes = {
    id: field,
    value: typed,
    'aria-label': `${row.label}: ${name}`,
    'aria-describedby': `${field}.state ${field}.about ${row.id}.said ${asked}`,
    'aria-invalid': String(outcome === 'wrong' || outcome === 'invalid'),
  };
  const input = options
    ? html`<select ...${attributes}>
        <option value="">choose …</option>
        ${options.map((option) => html`<option>${option}</option>`)}
      </select>`
    : html`<input ...${attributes} maxlength="1000" autocomplete="off" autocapitalize="off" spellcheck=${false} />`;
  const isPutInQuotes = state.graded?.files.quoted.has(field);
  const reason = graded?.outcome === 'invalid' && graded.reason && onPage(graded.reason, isPutInQuotes);
  return html`<td role="cell" class=${outcome}><div class="field">
    <div class="name">
      <label for=${field} class=${cell.name !== undefined && 'own'}>${name}</label>
      <span class="state" id="${field}.state">${stateOf(outcome, graded, typed, state)}</span>
    </div>
    ${input}<span class="paper">${typed}</span>
    <span id="${field}.about">
      ${reason && html`<span class="reason">${sentence(reason)}</span>`}
      ${[ownQuestion, options ? undefined : note].map((text) => text && html`<span class="ask">${text}</span>`)}
    </span>
  </div></td>`;
}

/** `✗ wrong`, and the value of a cell if it differs from the typed text. Only Check mentions that a cell is blank. */
function stateOf(
  outcome: GradedCell['outcome'],
  graded: GradedCell | undefined,
  typed: string,
  { isChecked }: State,
): VNode | undefined {
  if (outcome === 'blank' && !isChecked) return undefined;
  const value = graded && valueText(graded);
  const comesTo = value === undefined || value === typed.trim() ? '' : ` = ${escapeInvisible(value)}`;
  return html`<span class="mark">${markOf(outcome)}</span>${comesTo}`;
}

/** Words a message for a student who sees no file. It mentions quotes only if the student typed them. */
function onPage(reason: Message, isPutInQuotes = false): Message {
  const isAboutQuotes = !isPutInQuotes && reason.quotes.found !== undefined;
  return asForField(isAboutQuotes ? { ...reason, forField: reason.text } : reason);
}

/** Check, with the points and the next step; at the end also the files to save. */
function bar(page: Page, hasMarks: boolean): VNode {
  const report = page.state.graded?.report;
  const check = (name?: string) =>
    html`<button type="button" class=${name} onClick=${() => page.check()}>Check</button>`;
  if (!report || !hasMarks) return html`<div class="check">${check('main')}</div>`;
  const { points, possible } = report;
  if (points === possible && isComplete(report))
    return html`<div class="check done">
      <p class="good">${outcomes.correct.sign} ${points} of ${possible}. Save your files, then hand them in.</p>
      ${check()} ${saveButton(page)}
    </div>`;
  const { text, cell, isResponse } = nextStep(report, 'page');
  const row = report.rows.find(({ cells }) => cell && cells.includes(cell));
  const go = () => {
    const field = document.getElementById(fieldOf.cell(row?.id ?? '', cell?.id ?? ''));
    (field ?? document.querySelector<HTMLElement>('.response.empty textarea'))?.focus();
  };
  return html`<div class="check">
    ${check('main')}
    <p><strong>${scoreLine(report)}.</strong> <strong>Next:</strong> ${text}</p>
    ${(row || isResponse) && html`<button type="button" onClick=${go}>Go there</button>`}
  </div>`;
}

/** Saves everything at once. */
export function saveButton(page: Page): VNode {
  const [file = '', other] = studentFiles(page.data.rubric);
  const save = () => (other === undefined ? page.save(file) : page.saveZip());
  const text = other === undefined ? `Save ${baseName(file)}` : 'Save both as a zip';
  return html`<button type="button" class="main" onClick=${save}>${text}</button>`;
}

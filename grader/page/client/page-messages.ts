import { nearest } from '../../answers/diagnostics';
import { brokenLaws, showsNumbers } from '../../grading/laws';
import type { GradedCell, GradedRow, Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { asForField, interpolate, type Message, message } from '../../message';
import { type HtmlText, html, htmlSentence, textHtml } from '../../render/escape/html';
import { nextCell, nextStep, type Reason, reasonsOfRow } from '../../render/reasons';
import {
  allCells,
  cellNameOf,
  noCell,
  outcomes,
  reflectionMessages,
  remarksOnTables,
  scoreLine,
  valueText,
} from '../../render/status';
import type { CellName } from '../../rubric/laws';
import type { Rubric } from '../../rubric/rubric';
import { fieldOf } from '../work';

// Markup for each place where the page shows a part of a report.

/** Returns `✗ wrong`, and the value of a cell if it differs from the typed text. */
export function cellState(cell: GradedCell): HtmlText {
  const { sign, word } = outcomes[cell.outcome];
  const value = valueText(cell);
  const valueSuffix = value === undefined || value === cell.sourceText ? '' : ` = ${value}`;
  return textHtml(`${sign} ${word}${valueSuffix}`);
}

type Laws = Pick<Rubric, 'laws' | 'tables'>;

/** Returns the text below a row: why it is wrong, or why it is right. */
export function rowMarkup(row: GradedRow, report: Report, rubric: Laws): HtmlText {
  const own = reasonsOfRow(row, report).filter(({ outcome }) => outcome !== 'invalid');
  const reasons = own.map(
    (reason) => html`<p>${label(reason)}${htmlSentence(reason.reason)}</p>${drawing(reason, report, rubric)}`,
  );
  const why =
    row.explanation === undefined
      ? html``
      : html`<p>${textHtml(`Why this is right: ${row.explanation}`)}</p>`;
  return html`${reasons}${why}`;
}

function label({ labels }: Reason): HtmlText {
  return html`<strong>${textHtml(labels.join(', '))}:</strong> `;
}

/**
 * Returns the message for a cell that cannot be read.
 *
 * @param isPutInQuotes whether the page, not the student, put quotes around the text.
 * @param names that a cell may use.
 */
export function fieldMarkup(cell: GradedCell, isPutInQuotes: boolean, names: readonly string[]): HtmlText {
  const { outcome, reason } = cell;
  return outcome === 'invalid' && reason ? htmlSentence(onPage(reason, isPutInQuotes, names)) : textHtml('');
}

/** Words a message for a student who sees no file. It mentions quotes only if the student typed them. */
function onPage(reason: Message, isPutInQuotes: boolean, names: readonly string[]): Message {
  const { quotes, text: ownText } = reason;
  const meant = quotes.unknown === undefined ? undefined : nearest(quotes.unknown, names);
  if (meant !== undefined && meant === quotes.unknown)
    return message(
      'page/name-of-first',
      '{unknown} stands for a number in the first table. Type the number for this one.',
      quotes,
    );
  if (meant !== undefined)
    return message(reason.code, `There is no name {unknown} here. Did you mean ${meant}?`, quotes);
  // A student who typed the quotes is told about them.
  return asForField(isPutInQuotes || quotes.found === undefined ? reason : { ...reason, forField: ownText });
}

/** Draws a law that a cell breaks as an equation of boxes, with the student's numbers if none of them is right. */
function drawing({ cells: [cell] }: Reason, report: Report, rubric: Laws): HtmlText {
  const { cause } = cell ?? {};
  if (!cell || cause?.kind !== 'law') return html``;
  const broken = brokenLaws(rubric, report).find(
    ({ law, cells }) => law.law === cause.name && cells.includes(cell),
  );
  if (!broken) return html``;
  const { equation, cells, cellAt } = broken;
  const hasNumbers = showsNumbers(cells);
  const box = (name: CellName): HtmlText => {
    const found = cellAt(name);
    const value = found && hasNumbers ? valueText(found) : undefined;
    return html`<span class="box">${textHtml(found?.label ?? noCell)}${value === undefined ? html`` : html`<b>${textHtml(value)}</b>`}</span>`;
  };
  const side = (names: readonly CellName[]): HtmlText =>
    html`${names.map((name, index) => html`${index > 0 ? html` ${textHtml('+')} ` : html``}${box(name)}`)}`;
  return html`<p class="law">${side(equation.left)} <span class="differs">${textHtml('≠')}<span class="unseen">${textHtml(' is not ')}</span></span> ${side(equation.right)}</p>`;
}

/** Returns the points and the next step. */
export function resultMarkup(report: Report): HtmlText {
  const remarks = remarksOnTables(worksheetPart(report)).map((remark) => html`<p>${textHtml(remark)}</p>`);
  const cell = nextCell(report);
  const row = report.rows.find(({ cells }) => cell && cells.includes(cell));
  const go =
    cell && row
      ? html` <button type="button" data-go="${textHtml(fieldOf.cell(row.id, cell.id))}">${textHtml('Go there')}</button>`
      : html``;
  return html`<p><strong>${textHtml(scoreLine(report))}</strong></p>${remarks}<p><strong>Next:</strong> ${htmlSentence(nextStep(report, 'page'))}${go}</p>`;
}

/**
 * Returns the result to show below the table that is marked only once it is complete.
 *
 * @param again that table, as a Report of its own.
 */
export function againMarkup(again: Report): HtmlText {
  const cells = allCells(again);
  const left = cells.filter(({ value }) => value === undefined);
  const right = again.rows.filter((row) => row.cells.every(({ outcome }) => outcome === 'correct'));
  const isJudged = cells.every(({ outcome }) => outcome === 'correct' || outcome === 'wrong');
  const text =
    left.length > 0
      ? `No marks yet. Still open: ${left
          .slice(0, 2)
          .map(({ label }) => label)
          .join(', ')}${left.length > 2 ? `, and ${left.length - 2} more` : ''}.`
      : isJudged
        ? `${right.length} of ${again.rows.length} rows are right. You can still make corrections. This table never changes your points.`
        : 'Everything is filled in. This page does not show whether it is right.';
  return html`<p><strong>${textHtml(text)}</strong></p>`;
}

/** Returns the result in a sentence or two for screen readers. */
export function resultInWords(report: Report): string {
  const next = interpolate(nextStep(report, 'page'), (quoted) => `“${quoted}”`);
  return `${scoreLine(report)}. Next: ${next}`;
}

/** Returns the result of a row in a sentence for screen readers. */
export function rowInWords(row: GradedRow, report: Report): string {
  const table = report.tables.find((one) => one.export === row.table);
  const cells = row.cells.map(
    (cell) => `${table ? cellNameOf(cell, table) : cell.label} ${outcomes[cell.outcome].word}`,
  );
  if (table?.complete !== undefined) return `Again, ${row.label}: ${cells.join(', ')}.`;
  return `${row.label}: ${cells.join(', ')}. ${scoreLine(report)}.`;
}

/** Returns the result for all responses together. */
export function responsesMarkup({ reflection }: Report): HtmlText {
  if (!reflection) return textHtml('');
  const { responses, unsorted, choose } = reflection;
  const count = responses.filter(({ answered }) => answered).length + unsorted.length;
  const line = `${Math.min(count, choose)} of ${choose} responses`;
  return html`<p><strong>${textHtml(line)}</strong></p>${reflectionMessages(reflection).map((responseMessage) => html`<p>${htmlSentence(responseMessage)}</p>`)}`;
}

import { nearest } from '../../../answers/diagnostics';
import { brokenLaws, showsNumbers } from '../../../grading/laws';
import type { GradedCell, GradedRow, Report } from '../../../grading/report.schema';
import { asForField, interpolate, type Message, message } from '../../../message';
import { type HtmlText, html, htmlSentence, textHtml } from '../../../render/escape/html';
import { nextCell, nextStep, type Reason, reasonsOfRow } from '../../../render/reasons';
import {
  cellNameOf,
  noCell,
  outcomes,
  reflectionMessages,
  remarksOnTables,
  scoreLine,
  valueText,
} from '../../../render/status';
import type { CellName, Term } from '../../../rubric/laws';
import type { Rubric } from '../../../rubric/rubric';
import { fieldOf } from '../work';

// What a Report says, for the places that the page has for it.

/** `✗ wrong`, and what a cell comes to where that is not what was typed. */
export function cellState(cell: GradedCell): HtmlText {
  const { sign, word } = outcomes[cell.outcome];
  const value = valueText(cell);
  const valueSuffix = value === undefined || value === cell.sourceText ? '' : ` = ${value}`;
  return textHtml(`${sign} ${word}${valueSuffix}`);
}

type Laws = Pick<Rubric, 'laws' | 'tables'>;

/** What is said below a row: why it is not right, or why it is. */
export function rowMarkup(row: GradedRow, report: Report, rubric: Laws): HtmlText {
  const own = reasonsOfRow(row, report).filter(({ outcome }) => outcome !== 'invalid');
  const reasons = own.map(
    (reason) => html`<p>${label(reason)}${htmlSentence(reason.reason)}</p>${drawing(reason, report, rubric)}`,
  );
  const why =
    row.explanation === undefined ? html`` : html`<p>${textHtml(`Right, because: ${row.explanation}`)}</p>`;
  return html`${reasons}${why}`;
}

function label({ labels }: Reason): HtmlText {
  return html`<strong>${textHtml(labels.join(', '))}:</strong> `;
}

/**
 * What is said of a cell that cannot be read.
 *
 * @param isPutInQuotes whether only the file has quotes around it.
 * @param names that a cell may use.
 */
export function fieldMarkup(cell: GradedCell, isPutInQuotes: boolean, names: readonly string[]): HtmlText {
  const { outcome, reason } = cell;
  return outcome === 'invalid' && reason ? htmlSentence(onPage(reason, isPutInQuotes, names)) : textHtml('');
}

/** A message for whoever sees no file; what somebody put in quotes on the page is said to be in quotes. */
function onPage(reason: Message, isPutInQuotes: boolean, names: readonly string[]): Message {
  const { quotes, text: ownText } = reason;
  const meant = quotes.unknown === undefined ? undefined : nearest(quotes.unknown, names);
  if (meant !== undefined && meant === quotes.unknown)
    return message(
      'page/name-of-first',
      '{unknown} stands for a number of the first table. Type the number of this one.',
      quotes,
    );
  if (meant !== undefined)
    return message(reason.code, `There is no name {unknown} here. Did you mean ${meant}?`, quotes);
  // Whoever typed the quotes is told of them.
  return asForField(isPutInQuotes || quotes.found === undefined ? reason : { ...reason, forField: ownText });
}

/** A law that a cell breaks, as an equation of boxes; with the student's own numbers where none of them is right. */
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
  const side = (term: Term): HtmlText => {
    switch (term.kind) {
      case 'number':
        return textHtml(term.value);
      case 'cell':
        return box(term);
      case 'arithmetic':
        return html`${side(term.left)} ${textHtml(signs[term.operator] ?? term.operator)} ${side(term.right)}`;
    }
  };
  return html`<p class="law">${side(equation.left)} <span class="differs">${textHtml('≠')}<span class="unseen">${textHtml(' is not ')}</span></span> ${side(equation.right)}</p>`;
}

const signs: Readonly<Record<string, string>> = { '*': '×', '/': '÷', '-': '−' };

/** The points, and what is to be done next. */
export function resultMarkup(report: Report): HtmlText {
  const remarks = remarksOnTables(report).map((remark) => html`<p>${textHtml(remark)}</p>`);
  const cell = nextCell(report);
  const rows = [...report.rows, ...(report.again?.rows ?? [])];
  const row = rows.find(({ cells }) => cell && cells.includes(cell));
  const go =
    cell && row
      ? html` <button type="button" data-go="${textHtml(fieldOf.cell(row.id, cell.id))}">${textHtml('Go there')}</button>`
      : html``;
  return html`<p><strong>${textHtml(scoreLine(report))}</strong></p>${remarks}<p><strong>Next:</strong> ${htmlSentence(nextStep(report, 'page'))}${go}</p>`;
}

/** What became of the table that asks again, below it. */
export function againMarkup({ again }: Report): HtmlText {
  if (!again) return html``;
  const cells = again.rows.flatMap((row) => row.cells);
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
        ? `${right.length} of ${again.rows.length} rows are right. You can still correct it; nothing of it changes your points.`
        : 'All of it is filled in. Whether it is right is not told here.';
  return html`<p><strong>${textHtml(text)}</strong></p>`;
}

/** The same in a sentence or two, for those who hear the page. */
export function resultInWords(report: Report): string {
  const next = interpolate(nextStep(report, 'page'), (quoted) => `“${quoted}”`);
  return `${scoreLine(report)}. Next: ${next}`;
}

/** A row in a sentence, for those who hear the page. */
export function rowInWords(row: GradedRow, report: Report): string {
  const tables = [...report.tables, ...(report.again?.tables ?? [])];
  const table = tables.find((one) => one.export === row.table);
  const cells = row.cells.map(
    (cell) => `${table ? cellNameOf(cell, table) : cell.label} ${outcomes[cell.outcome].word}`,
  );
  if (!report.rows.includes(row)) return `Again, ${row.label}: ${cells.join(', ')}.`;
  return `${row.label}: ${cells.join(', ')}. ${scoreLine(report)}.`;
}

/** What is said of the responses as a whole. */
export function responsesMarkup({ reflection }: Report): HtmlText {
  if (!reflection) return textHtml('');
  const { responses, unsorted, choose } = reflection;
  const count = responses.filter(({ answered }) => answered).length + unsorted.length;
  const line = `${Math.min(count, choose)} of ${choose} responses`;
  return html`<p><strong>${textHtml(line)}</strong></p>${reflectionMessages(reflection).map((responseMessage) => html`<p>${htmlSentence(responseMessage)}</p>`)}`;
}

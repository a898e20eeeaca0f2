import type { GradedCell, Report } from '../grading/report.schema';
import type { Excerpt } from '../message';
import { caretLine } from './caret';
import { type HtmlText, html, sentence, text } from './escape/html';
import { alsoText, nextStep, type Reason, reasonsOf } from './reasons';
import {
  correctedTitle,
  explanationsOf,
  firstSteps,
  inColumns,
  locationText,
  noCell,
  outcomes,
  pointsText,
  reflectionScore,
  remarksOnTables,
  saidOfReflection,
  scoreLine,
  tableProblem,
  tablesOf,
  tableTitle,
  unreadableTableText,
  unreadableText,
  valueText,
} from './status';

/**
 * A whole worksheet as a part of a page: marks and points, all that there is to look at, and why the rest is
 * right. Nothing is told by color alone.
 *
 * @param isFinal whether no work can count any more, so that nothing is to be done next.
 * @param hasNext whether to say what is to be done next; not where nobody reads it beside a copy.
 */
export function renderHtml(
  report: Report,
  { isFinal, hasNext = !isFinal }: { readonly isFinal: boolean; readonly hasNext?: boolean },
): HtmlText {
  const head = html`<h1>${text(report.title)}</h1>\n<p><strong>${text(scoreLine(report))}</strong></p>\n${report.remarks.map((remark) => html`<p>${sentence(remark)}</p>\n`)}`;
  if (!report.started)
    return isFinal
      ? head
      : html`${head}<ol>${firstSteps(report).map((step) => html`<li>${text(step)}</li>`)}</ol>\n`;
  const next = html`<p><strong>Next:</strong> ${sentence(nextStep(report))}</p>\n`;
  return html`${head}${tables(report)}${reasons(report)}${isFinal ? html`` : explanations(report)}${reflection(report)}${hasNext ? next : html``}`;
}

function tables(report: Report): HtmlText {
  const whole = report.problems.filter(({ table }) => report.unreadable || table === undefined);
  const said = [
    ...(report.unreadable ? [html`<p>${text(unreadableText(report))}</p>\n`] : []),
    ...whole.map(problem),
    ...remarksOnTables(report).map((remark) => html`<p>${text(remark)}</p>\n`),
  ];
  if (report.unreadable) return html`${said}`;
  const all = tablesOf(report).map((graded) => {
    const lost = tableProblem(report, graded.export);
    if (lost) return html`<p>${text(unreadableTableText(graded))}</p>\n${problem(lost)}`;
    const isScored = report.points !== null;
    const heads = ['Worksheet', ...graded.columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
    const rows = graded.rows.map((row) => {
      const section =
        row.heading === undefined
          ? html``
          : html`<tr><th scope="rowgroup" colspan="${text(heads.length)}">${text(row.heading)}</th></tr>\n`;
      const cells = inColumns(row, graded).map((cell) => html`<td>${mark(cell)}</td>`);
      const points = isScored ? html`<td>${text(pointsText(row.cells))}</td>` : html``;
      return html`${section}<tr><th scope="row">${text(row.label)}</th>${cells}${points}</tr>\n`;
    });
    const title = text(tableTitle(graded, report) ?? 'Worksheet');
    return html`<div class="wide" tabindex="0" role="group" aria-label="${title}"><table><caption>${title}</caption>
<thead><tr>${heads.map((label) => html`<th scope="col">${text(label)}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>\n`;
  });
  return html`${all}${said}`;
}

/** `✗ wrong 7` */
function mark(cell: GradedCell | undefined): HtmlText {
  if (!cell) return text(noCell);
  const { sign, word } = outcomes[cell.outcome];
  const value = valueText(cell);
  const named = cell.name === undefined ? '' : `${cell.name}: `;
  return html`${text(`${named}${sign} ${word}`)}${value === undefined ? html`` : html` <code>${text(value)}</code>`}`;
}

function problem({ reason, location, excerpt }: Report['problems'][number]): HtmlText {
  const place = location ? `${locationText(location)}: ` : '';
  return html`<p>${text(place)}${sentence(reason)}</p>\n${excerptOf(excerpt)}`;
}

function reasons(report: Report): HtmlText {
  const { slips, first, later, absent } = reasonsOf(report);
  const all = [...slips, ...first, ...later.reasons, ...absent];
  if (all.length === 0) return html``;
  return html`<h2>What to look at</h2>\n<ul>${all.map(reason)}</ul>\n`;
}

function reason(one: Reason): HtmlText {
  const place = one.location ? ` (${locationText(one.location)})` : '';
  return html`<li><strong>${text(one.labels.join(', '))}:</strong> ${sentence(one.reason)}${text(alsoText(one))}${text(place)}${excerptOf(one.excerpt)}</li>\n`;
}

/** The line that a slip is in, a caret below its place, and the line as it should be. */
function excerptOf(excerpt: Excerpt | undefined): HtmlText {
  if (!excerpt) return html``;
  const { line, corrected } = excerpt;
  const fixed =
    corrected === undefined ? html`` : html`<p>${text(correctedTitle)}</p>\n<pre>${text(corrected)}</pre>\n`;
  return html`<pre>${text(line)}\n${text(caretLine(excerpt))}</pre>\n${fixed}`;
}

function explanations(report: Report): HtmlText {
  const all = explanationsOf(report);
  if (all.length === 0) return html``;
  return html`<h2>Why these are right</h2>\n<ul>${all.map(({ labels, text: why }) => html`<li><strong>${text(labels.join(', '))}:</strong> ${text(why)}</li>\n`)}</ul>\n`;
}

function reflection({ reflection: graded }: Report): HtmlText {
  if (!graded) return html``;
  const answered = graded.responses.filter((response) => response.answered);
  return html`<h2>${text(`Reflection: ${reflectionScore(graded)}`)}</h2>\n<ul>${answered.map(({ label }) => html`<li>${text(`answered: ${label}`)}</li>\n`)}${saidOfReflection(graded).map((message) => html`<li>${sentence(message)}</li>\n`)}</ul>\n`;
}

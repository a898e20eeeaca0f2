import type { StudentResult } from '../class/results/student-result.schema';
import { interpolate } from '../message';
import { type HtmlText, html, textHtml } from '../render/escape/html';
import { reasonsOfRow } from '../render/reasons-shown';
import { markOf, noCell, readablePart, valueText } from '../render/status';

type Report = NonNullable<StudentResult['report']>;
type GradedTable = Report['tables'][number];
export type GradedRow = Report['rows'][number];
type GradedCell = GradedRow['cells'][number];

/** The parts of a sheet's tables besides marks and reasons. */
export interface SheetTables {
  /** Shown above each table that has no label of its own, and after the label of any other. */
  readonly caption: string;
  /** Right answers by row id, if staff asked for them. */
  readonly answers: ReadonlyMap<string, string> | undefined;
  /** The text of a student who thinks that a mark is wrong. */
  readonly dispute: string | undefined;
}

/** The tables of a worksheet as a student filled them in, with a mark at each cell and the reasons below its row. */
export function sheetTables(report: Report, shown: SheetTables): HtmlText {
  const { rows, tables } = readablePart(report);
  const disputed = disputedCells(rows, shown.dispute);
  return html`${tables.map((table) => tableHtml(table, report, shown, disputed))}`;
}

/** The cells that a dispute may be about: those without their points, and if it names rows, only in those. */
function disputedCells(rows: readonly GradedRow[], dispute: string | undefined): ReadonlySet<GradedCell> {
  if (dispute === undefined) return new Set();
  const text = dispute.toLowerCase();
  const named = rows.filter(({ label }) => text.includes(label.toLowerCase()));
  const cells = (named.length > 0 ? named : rows).flatMap((row) => row.cells);
  return new Set(cells.filter(({ outcome }) => outcome === 'wrong' || outcome === 'invalid'));
}

function tableHtml(
  table: GradedTable,
  report: Report,
  { caption, answers }: SheetTables,
  disputed: ReadonlySet<GradedCell>,
): HtmlText {
  const { columns, label } = table;
  const title = [label, caption].filter(Boolean).join(': ');
  const width = textHtml(columns.length + 1);
  const rows = report.rows.filter((row) => row.table === table.export);
  const lines = rows.map((row) => {
    const whys = whysOf(row, report, answers);
    const heading =
      row.heading !== undefined &&
      html`<tr><th scope="rowgroup" colspan="${width}">${textHtml(row.heading)}</th></tr>\n`;
    const cells = columns.map(({ id }) =>
      cellHtml(
        row.cells.find((cell) => cell.id === id),
        disputed,
      ),
    );
    const why =
      whys.length > 0 &&
      html`<tr class="why"><td colspan="${width}">${whys.map((one) => html`<p>${textHtml(one)}</p>`)}</td></tr>\n`;
    return html`${heading}<tr${why && html` class="has-why"`}><th scope="row">${textHtml(row.label)}</th>${cells}</tr>\n${why}`;
  });
  const heads = columns.map((column) => html`<th scope="col">${textHtml(column.label)}</th>`);
  return html`<div class="wide" tabindex="0" role="group" aria-label="${textHtml(title || 'As it was filled in')}"><table>${title !== '' && html`<caption>${textHtml(title)}</caption>`}
<thead><tr><td></td>${heads}</tr></thead>
<tbody>${lines}</tbody></table></div>\n`;
}

/** Why a row does not have all of its points, and what its right answers are, if they may be shown. */
function whysOf(row: GradedRow, report: Report, answers: SheetTables['answers']): string[] {
  if (row.cells.every(({ outcome }) => outcome === 'correct')) return [];
  const whys = reasonsOfRow(row, report).map(({ reason }) => interpolate({ ...reason, next: undefined }));
  const right = answers?.get(row.id);
  return right === undefined ? whys : [...whys, `What is right: ${right}`];
}

/** `✗ 24`, with its outcome in words for people who cannot see the sign. */
function cellHtml(cell: GradedCell | undefined, disputed: ReadonlySet<GradedCell>): HtmlText {
  if (!cell) return html`<td>${textHtml(noCell)}</td>`;
  const [sign = '', ...words] = markOf(cell.outcome).split(' ');
  const tones: Readonly<Record<string, string>> = { correct: 'good', wrong: 'bad', invalid: 'bad' };
  const value = valueText(cell) ?? cell.sourceText;
  const mark = html`<span class="${textHtml(tones[cell.outcome] ?? 'faint')}">${textHtml(sign)}<span class="unseen"> ${textHtml(words.join(' '))}</span></span>`;
  const name = cell.name !== undefined && html`${textHtml(cell.name)}: `;
  const content = html`${mark} ${name}${value !== undefined && html`<b>${textHtml(value)}</b>`}`;
  return disputed.has(cell)
    ? html`<td><span class="disputed">${content} <span class="open">!</span><span class="unseen"> disputed</span></span></td>`
    : html`<td>${content}</td>`;
}

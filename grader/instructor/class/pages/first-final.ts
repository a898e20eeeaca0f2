import { type HtmlText, html, textHtml } from '../../../render/escape/html';
import { wideTable } from '../../../render/html';
import type { Figures } from './figures';
import type { ClassStats } from './statistics';
import type { CellStats } from './worksheet-stats';

const width = 200;
const height = 18;
const edge = 8;

/** For each cell how many had it right at first and in the end: a line from an open to a full circle. */
export function firstAgainstFinal({ ideas: { first, final } }: ClassStats, figures: Figures): HtmlText {
  if (!first.hasAnswers()) return html``;
  const last = final.all();
  const rows = first.all().map((cell, index) => {
    const [before, after] = [cell, last[index]].map((one) => one && shareCorrect(one, figures));
    const shareText = (share: number | undefined) => (share === undefined ? '–' : `${share}\u00a0%`);
    return html`<tr><th scope="row">${textHtml(cell.label)}</th><td>${picture(before, after)}</td><td class="number">${textHtml(shareText(before))}</td><td class="number">${textHtml(shareText(after))}</td></tr>\n`;
  });
  return wideTable(
    'How many had each cell right: at first (○) and in the end (●), from none to all',
    ['Cell', 'None to all', 'At first', 'In the end'],
    rows,
  );
}

function shareCorrect({ right, wrong, empty }: CellStats, figures: Figures): number | undefined {
  const all = right + wrong + empty;
  const isShown = all > 0 && [all, right, all - right].every((count) => figures.isShown(count));
  return isShown ? Math.round((100 * right) / all) : undefined;
}

function picture(before: number | undefined, after: number | undefined): HtmlText {
  if (before === undefined || after === undefined) return html``;
  const at = (share: number) => textHtml(Math.round(edge + (share / 100) * (width - 2 * edge)));
  const middle = textHtml(height / 2);
  return html`<svg viewBox="0 0 ${textHtml(width)} ${textHtml(height)}" width="${textHtml(width)}" height="${textHtml(height)}" aria-hidden="true"><line class="scale" x1="${textHtml(edge)}" x2="${textHtml(width - edge)}" y1="${middle}" y2="${middle}"/><line class="move" x1="${at(before)}" x2="${at(after)}" y1="${middle}" y2="${middle}"/><circle class="first" cx="${at(before)}" cy="${middle}" r="5"/><circle class="final" cx="${at(after)}" cy="${middle}" r="5"/></svg>`;
}

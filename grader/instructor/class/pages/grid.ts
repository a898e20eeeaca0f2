import { type HtmlText, html, text } from '../../../render/escape/html';

/** A table with its caption, which scrolls by itself where it is wider than the page. */
export function grid(caption: string, heads: readonly string[], rows: readonly HtmlText[]): HtmlText {
  const columns = heads.map((head) => html`<th scope="col">${text(head)}</th>`);
  return html`<div class="wide" tabindex="0" role="group" aria-label="${text(caption)}"><table><caption><span>${text(caption)}</span></caption>
<thead><tr>${columns}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** A label without what it says in brackets at its end. */
export function shortLabel(label: string): string {
  return label.replace(/ \(.*\)$/, '');
}

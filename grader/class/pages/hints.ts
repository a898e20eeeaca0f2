import { kindOf } from '../../kinds/registry';
import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import type { IdeaStats, UnexplainedAnswer } from './idea-stats';

const maxHintsListed = 30;

/** Lists wrong answers without a known reason, the most frequent first, and what to add to `solution/`. */
export function unexplainedAnswers({ unexplained, final, first }: IdeaStats): HtmlText {
  if (unexplained.size === 0) {
    const isAnyWrong = [...final.all(), ...first.all()].some(({ wrong }) => wrong > 0);
    return isAnyWrong ? html`<p>Every wrong answer has a reason.</p>` : html`<p>No answer is wrong.</p>`;
  }
  const all = [...unexplained.values()].sort((a, b) => b.count - a.count);
  const rows = all
    .slice(0, maxHintsListed)
    .map(
      (answer) =>
        html`<tr><th scope="row">${textHtml(answer.cell.label)}</th><td>${textHtml(kindOf(answer.cell).print(answer.value))}</td><td class="number">${textHtml(answer.count)}</td><td><code>${textHtml(lineFor(answer))}</code></td></tr>\n`,
    );
  const heads = ['Cell', 'Answer', 'Students', 'Line for solution/'];
  const more = all.length > rows.length ? ` The first ${rows.length} of ${all.length}.` : '';
  const caption = `Wrong answers without a reason, in first attempts or final answers.${more}`;
  return html`${wideTable(caption, heads, rows)}<p class="faint">Replace the dots with words, without numbers. Put a line with a value into quantities, which apply to every cell, and a line with an id into misconceptions.</p>`;
}

/** Returns the line that an author adds to quantities, or to misconceptions if the answer is a text. */
function lineFor({ row, cell, value }: UnexplainedAnswer): string {
  return typeof value === 'number'
    ? `{ value: ${value}, phrase: '...' },`
    : `{ id: '...', row: '${row}', values: { ${cell.id}: ${kindOf(cell).sourceText(value)} }, text: '...' },`;
}

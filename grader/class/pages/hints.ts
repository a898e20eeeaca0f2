import type { Cause } from '../../grading/report.schema';
import type { GradedTables } from '../../grading/score';
import { kindOf } from '../../kinds/registry';
import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import { misconceptionsOf } from '../histories/misconceptions';
import type { StudentResult } from '../results/student-result.schema';
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
export function lineFor({ row, cell, value }: UnexplainedAnswer): string {
  return typeof value === 'number'
    ? `{ value: ${value}, phrase: '...' },`
    : `{ id: '...', row: '${row}', values: { ${cell.id}: ${kindOf(cell).sourceText(value)} }, text: '...' },`;
}

/** A reason, and how many students it was about. */
export interface ReasonStats {
  readonly cause: Cause;
  /** Students to whom it applied at any time, whether or not they read it. */
  had: number;
  /** Of these, students to whose final answers it no longer applies. */
  gotOver: number;
  /** Students who were told it, according to their history. */
  told: number;
  /** Of these, students whose next answer was right in the first cell that it was told about. */
  right: number;
}

/** Counts which reasons helped. */
export class HintStats {
  /** By cause. */
  readonly reasons = new Map<string, ReasonStats>();

  add({ hints = [], report, first, misconceptions }: StudentResult): void {
    const final = report?.started ? causesIn(report) : [];
    const held = new Set(final.map(keyOf));
    const shown = (misconceptions?.shown ?? []).map(({ id }): Cause => ({ kind: 'misconception', name: id }));
    const all = [...final, ...(first ? causesIn(first) : []), ...shown, ...hints.map(({ cause }) => cause)];
    for (const [key, cause] of new Map(all.map((one) => [keyOf(one), one]))) {
      const known = this.reasons.get(key) ?? { cause, had: 0, gotOver: 0, told: 0, right: 0 };
      this.reasons.set(key, known);
      known.had++;
      if (!held.has(key)) known.gotOver++;
      const told = hints.find((hint) => keyOf(hint.cause) === key);
      if (told) known.told++;
      if (told?.next === 'correct') known.right++;
    }
  }
}

function keyOf({ kind, name }: Cause): string {
  return JSON.stringify([kind, name]);
}

/** Returns the causes of all wrong cells, as far as they are known. */
function causesIn(graded: GradedTables): Cause[] {
  return graded.rows.flatMap((row) => {
    const ids = [...misconceptionsOf(row, graded).values()];
    return [
      ...ids.map((id): Cause => ({ kind: 'misconception', name: id })),
      ...row.cells.flatMap(({ cause }) => cause ?? []),
    ];
  });
}

/** The fewest students that tell anything about a reason. */
const minCount = 3;

/** Lists reasons to reword: those that fewer than half of the students got over, the worst first. */
export function hintOutcomes({ reasons }: HintStats, ideas: IdeaStats): HtmlText {
  const share = ({ gotOver, had }: ReasonStats) => gotOver / had;
  const known = [...reasons.values()].filter(({ had, told }) => told > 0 && had >= minCount);
  if (known.length === 0)
    return html`<p class="faint">${textHtml(`No reason was shown for a mistake that ${minCount} or more students made, so we cannot tell which reasons help.`)}</p>`;
  const ranked = known.sort((a, b) => share(a) - share(b) || b.had - a.had).slice(0, maxHintsListed);
  const table = (listed: readonly ReasonStats[], caption: string) =>
    wideTable(
      caption,
      ['Reason', 'Made it', 'Corrected it', 'Saw the reason', 'Right at the next answer'],
      listed.map(({ cause, had, gotOver, told, right }) => {
        const isKnown = cause.kind === 'misconception';
        const title = isKnown ? ideas.titleOf(cause.name) : cause.name;
        const [words] = isKnown ? (ideas.misconceptions.get(cause.name)?.rows.values() ?? []) : [];
        const percent = Math.round((100 * gotOver) / had);
        const counts = [had, `${gotOver} (${percent}\u00a0%)`, told, right];
        return html`<tr><th scope="row">${textHtml(title)} <span class="faint">${textHtml(cause.kind)}</span>${words === undefined ? html`` : html`<p class="who">${textHtml(words)}</p>`}</th>${counts.map((count) => html`<td class="number">${textHtml(count)}</td>`)}</tr>\n`;
      }),
    );
  const isPoor = (one: ReasonStats) => share(one) < 1 / 2;
  const [poor, good] = [ranked.filter(isPoor), ranked.filter((one) => !isPoor(one))];
  const worst =
    poor.length > 0
      ? table(poor, 'Reasons to reword: fewer than half of the students who made the mistake corrected it')
      : html`<p>${textHtml(`At least half of the students corrected each mistake that ${minCount} or more made and saw a reason for.`)}</p>`;
  const others =
    good.length > 0
      ? html`<details><summary>Reasons that at least half corrected</summary>${table(good, 'Reasons that at least half corrected')}</details>`
      : html``;
  return html`${worst}${others}`;
}

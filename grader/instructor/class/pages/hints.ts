import type { Cause } from '../../../grading/report.schema';
import { kindOf } from '../../../kinds/registry';
import { type HtmlText, html, textHtml } from '../../../render/escape/html';
import { wideTable } from '../../../render/html';
import type { StudentResult } from '../results/student-result.schema';
import type { Figures } from './figures';
import type { IdeaStats, UnexplainedAnswer } from './idea-stats';

const maxHintsListed = 30;

/** Wrong answers of which nothing is known, the most frequent first, and what to add to `solution/`. */
export function unexplainedAnswers({ unexplained, final, first }: IdeaStats, figures: Figures): HtmlText {
  if (unexplained.size === 0) {
    const isAnyWrong = [...final.all(), ...first.all()].some(({ wrong }) => wrong > 0);
    return isAnyWrong
      ? html`<p>Every wrong answer has a reason that students read.</p>`
      : html`<p>No answer is wrong.</p>`;
  }
  const all = [...unexplained.values()]
    .filter(({ count }) => figures.isShown(count))
    .sort((a, b) => b.count - a.count);
  if (all.length === 0) return html`<p>No wrong answer without a reason was given by many.</p>`;
  const rows = all
    .slice(0, maxHintsListed)
    .map(
      (answer) =>
        html`<tr><th scope="row">${textHtml(answer.cell.label)}</th><td>${textHtml(kindOf(answer.cell).print(answer.value))}</td><td class="number">${textHtml(answer.count)}</td><td><code>${textHtml(lineFor(answer))}</code></td></tr>\n`,
    );
  const heads = ['Cell', 'Answer', 'Students', 'Line for solution/'];
  const more = all.length > rows.length ? ` The first ${rows.length} of ${all.length}.` : '';
  const caption = `Wrong answers without a reason, in first attempts or final answers.${more}`;
  return html`${wideTable(caption, heads, rows)}<p class="faint">Fill in the dots, in words alone. A line with a value belongs to what quantities gives, and is known in every cell; one with an id belongs to misconceptions.</p>`;
}

/** What an author adds to quantities, or to misconceptions where the answer is a text. */
export function lineFor({ row, cell, value }: UnexplainedAnswer): string {
  return typeof value === 'number'
    ? `{ value: ${value}, phrase: '...' },`
    : `{ id: '...', row: '${row}', values: { ${cell.id}: ${kindOf(cell).sourceText(value)} }, text: '...' },`;
}

/** What became of cells after something was told of them, by student: the first cell of each counts. */
export interface HintOutcomes {
  readonly cause: Cause;
  students: number;
  /** Students whose cell has a different answer later, and how many of these are right. */
  changed: number;
  right: number;
}

/** What helped. */
export class HintStats {
  /** By cause. */
  readonly outcomes = new Map<string, HintOutcomes>();

  add({ hints = [] }: StudentResult): void {
    const counted = new Set<string>();
    for (const { cause, next } of hints) {
      const key = JSON.stringify([cause.kind, cause.name]);
      if (counted.has(key)) continue;
      counted.add(key);
      const known = this.outcomes.get(key) ?? { cause, students: 0, changed: 0, right: 0 };
      known.students++;
      if (next) known.changed++;
      if (next === 'correct') known.right++;
      this.outcomes.set(key, known);
    }
  }
}

/** So few tell nothing. */
const minCount = 3;

/** What students did after they were told something: what helps least comes first. */
export function hintOutcomes({ outcomes }: HintStats, ideas: IdeaStats, figures: Figures): HtmlText {
  const share = ({ right, students }: { right: number; students: number }) => right / students;
  const rankedOutcomes = [...outcomes.values()]
    .filter(
      ({ students, changed, right }) =>
        students >= minCount && [students, changed, right, students - right].every(figures.isShown),
    )
    .sort((a, b) => share(a) - share(b) || b.students - a.students)
    .slice(0, maxHintsListed);
  if (rankedOutcomes.length === 0)
    return outcomes.size === 0
      ? html``
      : html`<p class="faint">${textHtml(`No reason was told to ${minCount} students, so it is not known which help.`)}</p>`;
  const rows = rankedOutcomes.map(({ cause, students, changed, right }) => {
    const causeTitle = cause.kind === 'misconception' ? ideas.titleOf(cause.name) : cause.name;
    return html`<tr><th scope="row">${textHtml(causeTitle)} <span class="faint">${textHtml(cause.kind)}</span></th><td class="number">${textHtml(students)}</td><td class="number">${textHtml(changed)}</td><td class="number">${textHtml(`${right} (${Math.round(100 * share({ right, students }))}\u00a0%)`)}</td></tr>\n`;
  });
  return wideTable(
    'What helped: of those who were told a reason, how many changed that cell later, and how many had it right with their next answer there. Reword what helps few',
    ['Reason', 'Students told', 'Changed the cell', 'Right with the next answer'],
    rows,
  );
}

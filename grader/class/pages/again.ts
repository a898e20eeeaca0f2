import { lowerFirst, upperFirst } from '../../message';
import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import { shortLabelIn } from '../../render/status';
import { rowsOf, sizesText } from '../../rubric/rubric';
import type { AgainStats, FollowUpAnswers } from './again-stats';
import { coarseFigures, type Figures, isPartShown } from './figures';
import { changeText, type PairedCounts, pairedText, studentsIn, timesShown, wrongBefore } from './paired';
import type { PairedItem, PairedStats } from './paired-stats';
import type { ClassStats } from './statistics';

/** The most ideas in a table; results.jsonl has all. */
const maxIdeas = 15;

/** The names of two tries. */
interface Tries {
  readonly before: string;
  readonly after: string;
  /** The name of the final answers to the rows that are asked again, if there is a column for them. */
  readonly later?: string;
}

/** Compares first answers with those to the rows that are asked again, the same day. */
export function rightAgain(stats: ClassStats, figures: Figures): HtmlText {
  const { again, rubric } = stats;
  const tries = { before: 'at first', after: 'at other sizes', later: 'after marks' };
  const sizes = rubric.again ? sizesText(rubric.again.given) : '';
  return html`<p class="faint">${textHtml(`Asked again: ${sizes}. Students who filled it in before they saw marks, or more than a day later, are not counted. “After marks” shows their final answers.`)}</p>
${comparison(again.paired, whoDidBoth(again, figures), tries, stats, figures)}`;
}

/** `22 of 31 did both; of the 9 others 6 were wrong at first.` */
function whoDidBoth({ paired, students, submissions, othersWrong }: AgainStats, figures: Figures): string {
  const { students: both } = paired;
  const others = submissions - both;
  const isCounted = submissions !== students && isPartShown(submissions, students, figures);
  const counted = isCounted ? `${submissions} submissions of ${students} students. ` : '';
  if (![both, others].every(figures.isShown)) return `${counted}${upperFirst(figures.count(both))} did both.`;
  if (others === 0) return `${counted}${both} did both.`;
  const wrong = isPartShown(othersWrong, others, figures)
    ? `; of the ${others} other${others === 1 ? '' : 's'} ${othersWrong} had one of these rows wrong at first`
    : '';
  return `${counted}${both} of ${submissions} did both${wrong}.`;
}

/** `a week later`, or how many days later. */
export function laterText(days: number): string {
  if (days === 0) return 'the same day';
  return Math.abs(days - 7) <= 2 ? 'a week later' : `${days} day${days === 1 ? '' : 's'} later`;
}

/** Shows what is still right some days later. */
export function stillRight(answers: FollowUpAnswers, stats: ClassStats, figures: Figures): HtmlText {
  const { paired, onlyBefore, onlyNow } = answers;
  const when = laterText(answers.days);
  const others = [onlyBefore, onlyNow].every(figures.isShown)
    ? ` ${onlyBefore} answered only the worksheet, ${onlyNow} only this.`
    : '';
  const who = `${upperFirst(figures.count(paired.students))} answered both.${others}`;
  return comparison(paired, who, { before: 'in the end', after: when }, stats, figures);
}

function comparison(
  paired: PairedStats,
  who: string,
  tries: Tries,
  { rubric, ideas }: ClassStats,
  figures: Figures,
): HtmlText {
  const sheet = rowsOf(rubric).filter(({ id }) => studentsIn(paired.row(id).counts) > 0);
  const labelOf = (id: string) => shortLabelIn(sheet, sheet.find((row) => row.id === id) ?? { label: id });
  // An idea that showed only once says nothing about a class.
  const shown = paired
    .ideas()
    .filter(({ counts }) => timesShown(counts) > 1)
    .slice(0, maxIdeas);
  if (sheet.length === 0) return html`<p>${textHtml(who)}</p>`;
  const rows = sheet.map(({ id }) => line(labelOf(id), paired.row(id), tries, figures, isRight));
  const others = shown.map((item) => line(ideas.titleOf(item.id), item, tries, figures, isShown));
  const inClass = (id: string) => ideas.misconceptions.get(id)?.first ?? 0;
  const heads = [
    tries.before,
    tries.after,
    ...(tries.later === undefined ? [] : [tries.later]),
    'Change',
  ].map(upperFirst);
  return html`<p>${textHtml(`${who}${sentence(paired, tries, labelOf, ideas.titleOf.bind(ideas), inClass, figures)}`)}</p>
${wideTable(`Right, by row: ○ ${tries.before}, ● ${tries.after}`, ['Row', 'Share', ...heads], rows)}
${others.length === 0 ? html`` : wideTable(`Shown, by idea: ○ ${tries.before}, ● ${tries.after}`, ['Idea', 'Share', ...heads], others)}
<details><summary>How to read a change</summary><p>Some who were wrong once are right the next time by chance alone. So look at the change of all, not only at those who were wrong. The interval is Newcombe’s for paired shares (1998, method 10), at 95 %: the true change could well be anywhere in it. Of many rows and ideas, one in twenty seems to have changed by chance.</p></details>`;
}

/** Describes the idea that most students had before, in the row where most had it. */
function sentence(
  paired: PairedStats,
  { before, after }: Tries,
  labelOf: (row: string) => string,
  titleOf: (idea: string) => string,
  inClass: (idea: string) => number,
  figures: Figures,
): string {
  const ideas = paired.ideas();
  const most = Math.max(...ideas.map(({ counts }) => wrongBefore(counts)));
  // In a tie, the one that most of the whole class had.
  const [idea] = ideas
    .filter(({ counts }) => wrongBefore(counts) === most)
    .sort((a, b) => inClass(b.id) - inClass(a.id));
  const row = idea && paired.rowOf(idea.id);
  if (!idea || row === undefined) return '';
  const { counts } = paired.row(row);
  // Such a sentence could identify the members of a small group.
  if (figures === coarseFigures && !Object.values(counts).every(figures.isShown)) return '';
  return ` Of these ${studentsIn(counts)}, most had ${before}: ${titleOf(idea.id)}. In ${labelOf(row)}: ${lowerFirst(pairedText(counts, before, after))}`;
}

/** Shows how many have it right, or show it, before, after and in the end. */
function line(
  label: string,
  { counts, later }: PairedItem,
  { before, after, later: laterName }: Tries,
  figures: Figures,
  which: typeof isRight,
): HtmlText {
  const all = studentsIn(counts);
  const numbers = [
    which.before(counts),
    which.after(counts),
    ...(laterName === undefined ? [] : [which.later(later, all)]),
  ];
  const cells = numbers.map((count) => (isPartShown(count, all, figures) ? String(count) : '–'));
  const [first = 0, second = 0] = numbers;
  const isWhole = Object.values(counts).every(figures.isShown);
  const change = isWhole ? (which.change(counts) ?? '–') : '–';
  const text = `${which.word} ${before} ${cells[0]} of ${all}, ${after} ${cells[1]} of ${all}`;
  const picture = cells.slice(0, 2).includes('–') ? html`–` : dots(first / all, second / all, text);
  return html`<tr><th scope="row">${textHtml(label)}</th><td>${picture}</td>${cells.map((cell) => html`<td class="number">${textHtml(cell)}</td>`)}<td class="number">${textHtml(change)}</td></tr>\n`;
}

const isRight = {
  word: 'Right',
  before: ({ rightRight, rightWrong }: PairedCounts) => rightRight + rightWrong,
  after: ({ rightRight, wrongRight }: PairedCounts) => rightRight + wrongRight,
  later: (right: number, _all: number) => right,
  change: (counts: PairedCounts) => changeText(counts),
};

const isShown: typeof isRight = {
  word: 'Shown',
  before: wrongBefore,
  after: ({ rightWrong, wrongWrong }) => rightWrong + wrongWrong,
  later: (right, all) => all - right,
  // Swap right and wrong: the change is that of the students who show the idea.
  change: ({ rightRight, wrongRight, rightWrong, wrongWrong }) =>
    changeText({
      rightRight: wrongWrong,
      wrongRight: rightWrong,
      rightWrong: wrongRight,
      wrongWrong: rightRight,
    }),
};

const width = 160;
const margin = 8;

/** Draws two shares on a line from none to all. */
function dots(before: number, after: number, text: string): HtmlText {
  const at = (share: number) => textHtml((margin + share * (width - 2 * margin)).toFixed(1));
  return html`<svg class="dots" role="img" aria-label="${textHtml(text)}" viewBox="0 0 ${textHtml(width)} 16" width="${textHtml(width)}" height="16"><line x1="${textHtml(margin)}" x2="${textHtml(width - margin)}" y1="8" y2="8"/><circle class="after" cx="${at(after)}" cy="8" r="5"/><circle cx="${at(before)}" cy="8" r="5"/></svg>`;
}

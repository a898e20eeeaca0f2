import { statedNumbers } from '../../authoring/generate/template';
import type { Course } from '../../course';
import { rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/key';
import { loadSolution, type Solution } from '../../key/solution';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import { shortLabelIn } from '../../render/status';
import { labelInRow, type RubricRow, rowName, rowsOf, sizesText } from '../../rubric/rubric';
import { sha256 } from '../../system/platform';
import { type ClassStats, type Idea, ideaOfTheDay } from './statistics';

/** One of the answers that a class votes on. */
export interface VoteOption {
  readonly text: string;
  readonly isRight: boolean;
  /** The explanation that is shown in the end. */
  readonly why: string;
}

/** One question for a vote, at other sizes than the worksheet's, so that nobody's answer is shown. */
export interface Vote {
  /** `Basket: down, across?` */
  readonly asked: string;
  /** What is stated at these sizes: the given values, and the numbers of the handout with their meanings. */
  readonly facts: readonly string[];
  /** Three to five, one of them right. */
  readonly options: readonly VoteOption[];
}

/** The fewest and the most wrong options. */
const wrongCount = { least: 2, most: 4 };

/**
 * Makes a question about the idea of the day, at the sizes of `vote`. Each wrong option shows an idea that the class holds.
 *
 * @returns the reason if there is no question.
 */
export function voteOf(course: Course, stats: ClassStats): Vote | { readonly reason: string } {
  const { root, rubric, file } = course;
  const idea = ideaOfTheDay(stats);
  if (!idea?.example) return { reason: 'no idea is shared by many.' };
  if (!file.vote) return { reason: 'rubric.yaml states no other sizes under vote.' };
  const given = { ...rubric.given, ...file.vote };
  const solution = loadSolution(root, { ...rubric, given }, false);
  const rows = rowsOf(rubric);
  const own = rowName(idea.example.row);
  const all = rows
    .map((row) => ({ row, wrong: wrongOptions(row, solution, idea, stats.ideas) }))
    .filter(({ wrong }) => wrong.length > 0)
    // The row where most show it comes first.
    .sort((a, b) => Number(b.row.id === own) - Number(a.row.id === own));
  if (all.length === 0) return { reason: 'at the sizes of the vote, this idea gives no wrong answer.' };
  const asked = all.find(({ wrong }) => wrong.length >= wrongCount.least);
  if (!asked)
    return {
      reason: 'the ideas of this class give only one wrong answer at those sizes, and a vote needs two.',
    };
  const { row, wrong } = asked;
  const right = {
    text: optionText(row, solution, {}),
    isRight: true,
    why: solution.explanations[row.id] ?? '',
  };
  const seed = JSON.stringify([rubric.title, row.id, given]);
  const place = placeOf(seed, wrong.length + 1);
  const others = shuffled(wrong, seed);
  return {
    asked: `${shortLabelIn(rows, row)}: ${row.cells.map((cell) => labelInRow(cell, row)).join(', ')}?`,
    facts: [
      sizesText(given),
      ...statedNumbers(course, solution).map(
        ({ value, phrase }) => `${value.toLocaleString('en')}: ${phrase}`,
      ),
    ],
    options: [...others.slice(0, place), right, ...others.slice(place)],
  };
}

/** Returns the place of the right option: by chance over worksheets, rows and sizes, and always the same for one of each. */
export function placeOf(seed: string, count: number): number {
  return Number.parseInt(sha256(seed).slice(-8), 16) % count;
}

/** Returns wrong answers that show ideas which the class holds, that of the day first: of each idea one, or more if they are too few. */
function wrongOptions(
  row: RubricRow,
  solution: Solution,
  { id: wanted }: Idea,
  held: readonly Idea[],
): VoteOption[] {
  const ids = [wanted, ...held.map(({ id }) => id)].flatMap(idsIn);
  const rightText = optionText(row, solution, {});
  const options = new Map<string, VoteOption & { readonly id: string }>();
  for (const id of new Set(ids))
    for (const one of solution.misconceptions.filter((known) => known.row === row.id && known.id === id)) {
      const text = optionText(row, solution, one.values);
      if (text === rightText || isRight(row, solution, one.values) || options.has(text)) continue;
      options.set(text, { text, isRight: false, why: one.text, id });
    }
  const all = [...options.values()];
  if (!all.some(({ id }) => idsIn(wanted).includes(id))) return [];
  const isFirst = ({ id }: (typeof all)[number], at: number) => all.findIndex((one) => one.id === id) === at;
  const ofOneEach = all.filter(isFirst);
  const chosen = ofOneEach.length >= wrongCount.least ? ofOneEach : all.slice(0, wrongCount.least);
  return chosen.slice(0, wrongCount.most).map(({ id: _, ...option }) => option);
}

/** Returns the ideas of a cause that fits several equally well. */
function idsIn(id: string): string[] {
  return id.split('+');
}

/** `48 and 80`: the right answer, in the order of the question, with some values in place of its own. */
function optionText(row: RubricRow, solution: Solution, values: Readonly<Record<string, Answer>>): string {
  return row.cells
    .map((cell) => kindOf(cell).print(values[cell.id] ?? expectedIn(solution, row.id, cell.id)?.value ?? ''))
    .join(' and ');
}

function isRight({ id }: RubricRow, solution: Solution, values: Readonly<Record<string, Answer>>): boolean {
  return Object.entries(values).every(([column, value]) => {
    const expected = expectedIn(solution, id, column);
    return expected !== undefined && rightAnswers(expected).includes(value);
  });
}

/** Sorts texts in an order that reveals nothing about them, and is the same each time. */
export function shuffled<Item extends { readonly text: string }>(items: readonly Item[], seed = ''): Item[] {
  return items
    .map((item) => [sha256(seed + item.text), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

const letters = ['A', 'B', 'C', 'D', 'E'] as const;

interface Step {
  readonly id: string;
  readonly name: string;
  readonly instruction: string;
}

/** Students vote, convince each other, and vote again, before they see the answer. */
const votes: readonly Step[] = [
  { id: 'alone', name: 'Vote alone', instruction: 'Vote for one answer, without talking.' },
  {
    id: 'discuss',
    name: 'Discuss',
    instruction: 'Convince a neighbor who voted for another.',
  },
  { id: 'again', name: 'Vote again', instruction: 'Vote once more, without talking.' },
];

/** Arrow keys wrap around among radio buttons: the step before the first must not show an answer. */
const end: Step = { id: 'end', name: 'End', instruction: 'Thank you for voting.' };

/**
 * The page with a question for a vote. It shows no names, no counts from the class run and no student's answer. It has
 * no script: its steps are radio buttons, so that a click or an arrow key shows the next. Each option has a step of its
 * own for its explanation, since all do not fit in letters that can be read from the last row.
 */
export function renderVote({ asked, facts, options }: Vote, title: string): HtmlText {
  const lettered = options.map((option, index) => ({ ...option, letter: letters[index] ?? '?' }));
  const order = [...lettered].sort((a, b) => Number(b.isRight) - Number(a.isRight));
  // The names of the steps are read while people vote, so they name no letter.
  const answers = order.map(({ letter, isRight }, index) => ({
    id: letter,
    name: isRight ? 'Answer' : `Other ${index}`,
    instruction: isRight ? 'The answer, and why.' : `Why not ${letter}?`,
  }));
  const steps = [...votes, ...answers, end];
  const buttons = steps.map(
    ({ id, name }, index) =>
      html`<span><input type="radio" name="step" id="${textHtml(id)}"${index === 0 ? html` checked autofocus` : html``}><label for="${textHtml(id)}">${textHtml(name)}</label></span> `,
  );
  const instructions = steps.map(
    ({ id, instruction }) => html`<p class="at at-${textHtml(id)}">${textHtml(instruction)}</p>`,
  );
  const list = lettered.map(({ letter, text, isRight }) => {
    const mark = isRight ? html` <span class="at at-answered mark">✓ right</span>` : html``;
    return html`<li class="for-${textHtml(letter)}${textHtml(isRight ? ' right' : '')}"><b>${textHtml(letter)}</b> ${textHtml(text)}${mark}</li>\n`;
  });
  const whys = lettered.map(
    ({ letter, why }) => html`<p class="at at-${textHtml(letter)} why">${textHtml(why)}</p>\n`,
  );
  const body = html`<main><fieldset><legend>Step</legend>${buttons}</fieldset>
<div role="status">${instructions}</div>
<section class="at at-alone at-discuss at-again at-answered"><h1>${textHtml(asked)}</h1>
<ul class="facts at at-alone at-discuss at-again">${facts.map((fact) => html`<li>${textHtml(fact)}</li>`)}</ul>
<ol class="options">
${list}</ol>
${whys}</section></main>`;
  return page(`${title}: a question for the class`, voteStyle, body);
}

/** Selects elements while one of some steps is shown. */
function during(ids: readonly string[], selector: (id: string) => string): string {
  return ids.map((id) => `body:has(#${id}:checked) ${selector(id)}`).join(', ');
}

const shown = during([...votes.map(({ id }) => id), ...letters, end.id], (id) => `.at-${id}`);

/** Letters of 50 px, and explanations of 38, on a picture of 1280 by 720: readable at 10 metres where it is 1.5 m wide. */
const voteStyle = `
body { margin: 0 auto; padding: .1em .4em; overflow-wrap: anywhere; font: clamp(1.1rem, min(3.95vw, 7.02vh), 7rem)/1.15 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; font-size: .38em; } legend { float: left; margin-right: 1em; color: var(--faint); } fieldset span { display: inline-block; margin-right: .8em; }
[type=radio] { accent-color: var(--accent); width: 1em; height: 1em; margin: 0 .3em 0 0; vertical-align: -.1em; } input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
p, h1, ul, ol { margin: 0; padding: 0; list-style: none; } h1 { font-size: 1em; margin: .1em 0; } [role=status] { font-size: .76em; line-height: 1.1; color: var(--accent); font-weight: bold; }
.facts { color: var(--faint); } .facts li { padding-left: .6em; text-indent: -.6em; }
.options { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11.5em), 1fr)); gap: .12em .4em; margin-top: .15em; } .options li { border: 2px solid var(--line); border-radius: .15em; padding: 0 .25em; }
.mark { color: var(--right); font-weight: bold; } .why { font-size: .765em; margin-top: .3em; }
.at { display: none; } ${shown}, ${during(letters, () => '.at-answered')} { display: revert; } ${during(letters, () => '.right')} { border-color: var(--right); background: var(--soft); } ${during(letters, (id) => `.for-${id}`)} { outline: 3px solid var(--accent); }
@media print { fieldset, [role=status] { display: none; } .at { display: revert; } }
`;

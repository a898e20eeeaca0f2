import type { Course } from '../../course/course';
import { questionAbout, type StatedSizes, type Vote } from '../../course/vote';
import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import { rowName, rowsOf } from '../../rubric/rubric';
import { type ClassStats, mostMissed, topicOf } from './statistics';

/**
 * Makes a question at other sizes: about the row of the topic, else of a cell that most miss, else
 * the first row that takes four answers.
 *
 * @param stated these sizes, or why there are none.
 * @returns the reason if there is no question.
 */
export async function voteOf(
  course: Course,
  stated: StatedSizes | { readonly reason: string },
  stats: ClassStats,
): Promise<Vote | { readonly reason: string }> {
  if ('reason' in stated) return stated;
  const topic = topicOf(stats);
  const rows = rowsOf(course.rubric);
  const names = topic ? [rowName(topic.row)] : mostMissed(stats).map(({ row }) => row.id);
  const asked = [...names.flatMap((name) => rows.find(({ id }) => id === name) ?? []), ...rows];
  for (const row of asked) {
    const written = [topic ?? [], stats.wrongAnswers]
      .flat()
      .filter((answer) => rowName(answer.row) === row.id);
    const question = await questionAbout(course, stated, row, written);
    if (question) return question;
  }
  return { reason: 'no row has four answers there, with another right one than in the worksheet.' };
}

const letters = ['A', 'B', 'C', 'D'] as const;

interface VoteStep {
  readonly id: string;
  readonly name: string;
  readonly instruction: string;
}

/** Students vote, convince each other, and vote again, before they see the answer. */
const votes: readonly VoteStep[] = [
  { id: 'alone', name: 'Vote alone', instruction: 'Vote for one answer, without talking.' },
  {
    id: 'discuss',
    name: 'Discuss',
    instruction: 'Convince a neighbor who voted for another.',
  },
  { id: 'again', name: 'Vote again', instruction: 'Vote once more, without talking.' },
];

/** Arrow keys wrap around among radio buttons: the step before the first must not show an answer. */
const end: VoteStep = { id: 'end', name: 'End', instruction: 'Thank you for voting.' };

/**
 * The page with a question for a vote. It shows no names, no counts from the class run and no student's answer. It has
 * no script: its steps are radio buttons, so that a click or an arrow key shows the next. Each option has a step of its
 * own for its explanation, since all do not fit in letters that can be read from the last row.
 */
export function renderVote(
  { asked, stated, options }: Pick<Vote, 'asked' | 'stated' | 'options'>,
  title: string,
): HtmlText {
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
  const whys = order.map(
    ({ letter, text, why }) =>
      html`<p class="at at-${textHtml(letter)} why"><b>${textHtml(`${letter}. ${text}`)}</b> ${textHtml(why)}</p>\n`,
  );
  const body = html`<main><fieldset><legend>Step</legend>${buttons}</fieldset>
<div role="status">${instructions}</div>
<section class="at at-alone at-discuss at-again at-answered"><h1>${textHtml(asked)}</h1>
<ul class="stated at at-alone at-discuss at-again">${stated.map((text) => html`<li>${textHtml(text)}</li>`)}</ul>
<ol class="options">
${list}</ol>
<div class="whys">${whys}</div></section></main>`;
  return page(`${title}: a question for the class`, voteStyle, body);
}

/** Selects elements while one of some steps is shown. */
function during(ids: readonly string[], selector: (id: string) => string): string {
  return ids.map((id) => `body:has(#${id}:checked) ${selector(id)}`).join(', ');
}

const shown = during([...votes.map(({ id }) => id), ...letters, end.id], (id) => `.at-${id}`);

/** Letters of 50 px, and explanations of 38, on a picture of 1280 by 720: readable at 10 metres where it is 1.5 m wide. */
export const voteStyle = `
body { max-width: none; padding: .1em .4em; overflow-wrap: anywhere; font: clamp(1.1rem, min(3.95vw, 7.02vh), 7rem)/1.15 system-ui, sans-serif; }
p, h1, ul, ol, li { margin: 0; padding: 0; max-width: none; list-style: none; font-size: 1em; line-height: inherit; }
h1 { margin: .1em 0; }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; font-size: .38em; }
legend { float: left; margin-right: 1em; color: var(--faint); }
fieldset span { display: inline-flex; align-items: center; margin: 0 .4em .2em 0; padding: 0 .6em; border: 1px solid var(--line); border-radius: 2em; }
[type=radio] { min-height: 0; width: 1em; height: 1em; margin: 0 .3em 0 0; padding: 0; accent-color: var(--accent); }
fieldset label { min-height: 24px; padding: .15em 0; cursor: pointer; }
fieldset span:has(:checked) { background: var(--tint); border-color: var(--accent); }
[role=status] { font-size: .76em; line-height: 1.1; color: var(--accent); font-weight: bold; }
.stated { color: var(--faint); font-variant-numeric: tabular-nums; }
.stated li { padding-left: .6em; text-indent: -.6em; }
.options { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11.5em), 1fr)); gap: .12em .4em; margin-top: .15em; }
.options li { border: 2px solid var(--line); border-radius: .15em; padding: 0 .25em; }
.mark { color: var(--right); font-weight: bold; }
.why { font-size: .765em; margin-top: .3em; }
.at { display: none; }
${shown}, ${during(letters, () => '.at-answered')} { display: revert; }
${during(letters, () => '.right')} { text-align: left; border-color: var(--right); background: var(--soft); }
${during(letters, (id) => `.for-${id}`)} { outline: 3px solid var(--accent); }
/* On paper, whatever step is shown, the question comes without its answer, and that on a page of its own. */
@media print {
  body { font-size: 24pt; }
  fieldset, [role=status] { display: none; }
  .at { display: revert; }
  .mark { display: none !important; }
  .options li { border-color: var(--line) !important; background: none !important; outline: none !important; }
  .whys { break-before: page; }
}
`;

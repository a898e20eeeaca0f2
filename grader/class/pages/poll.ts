import { program } from '../../build';
import { noticesOf } from '../../notices';
import { csvRows, own, untrusted } from '../../render/escape/csv';
import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import { type CountedQuestion, countedAs, type VoteName, ways } from './counting';
import type { Poll, PollQuestion } from './vote';

/** The page for the projector, beside the class page. */
export const pollFile = 'poll.html';

const letters = 'ABCDEF';

/** One step of the vote. */
interface Step {
  readonly id: string;
  readonly name: string;
  readonly instruction: string;
  /** Whether it is about the third question; see `Poll.third`. */
  readonly isThird?: true;
  /** The vote that is counted here. */
  readonly counts?: VoteName;
  readonly hasAnswer?: true;
  /** Steps that may follow, each with the label of its choice. */
  readonly next: readonly (readonly [id: string, label: string])[];
}

const [discuss, explain, explainFirst] = ways;
const voteAlone = 'Read the question. Vote for one answer, without talking.';

const steps: readonly Step[] = [
  {
    id: 'alone',
    name: 'Vote alone',
    instruction: voteAlone,
    counts: 'first',
    next: [
      ['discuss', discuss],
      ['answer', explain],
      ['again', explainFirst],
    ],
  },
  {
    id: 'discuss',
    name: 'Discuss',
    instruction: 'Find a neighbor who voted for another answer. Convince each other.',
    next: [['again', 'Vote again']],
  },
  {
    id: 'again',
    name: 'Vote again',
    instruction: 'Vote once more, without talking.',
    counts: 'last',
    next: [
      ['answer', 'The answer'],
      ['third', 'Another question before the answer'],
    ],
  },
  {
    id: 'answer',
    name: 'Answer',
    instruction: 'The answer, and why.',
    hasAnswer: true,
    next: [
      ['third', 'Another question'],
      ['end', 'End'],
    ],
  },
  {
    id: 'third',
    name: 'Another question',
    instruction: voteAlone,
    isThird: true,
    counts: 'third',
    next: [['third-answer', 'Its answer']],
  },
  {
    id: 'third-answer',
    name: 'Its answer',
    instruction: 'The answer, and why.',
    isThird: true,
    hasAnswer: true,
    next: [
      ['end', 'End'],
      ['answer', 'The answer to the first question'],
    ],
  },
  // Without the script, arrow keys wrap around: the step before the first must not show an answer.
  { id: 'end', name: 'End', instruction: 'Thank you for voting.', next: [] },
];

/**
 * The page with a question for a vote, and a third vote at other sizes. It shows no names, no counts from the class
 * run and no student's answer. Its steps are radio buttons, so that a click or an arrow key shows the next; a script
 * counts the numbers that the instructor types.
 */
export function renderPoll(poll: Poll, title: string): HtmlText {
  const known = steps.filter(({ isThird }) => !isThird || poll.third);
  const ids = new Set(known.map(({ id }) => id));
  const buttons = known.map(
    ({ id, name }, index) =>
      html`<span class="step"><input type="radio" name="step" id="${textHtml(id)}"${index === 0 ? html` checked autofocus` : html``}><label for="${textHtml(id)}">${textHtml(name)}</label></span> `,
  );
  const instructions = known.map(
    ({ id, instruction }) => html`<p class="do at ${at(id)}">${textHtml(instruction)}</p>`,
  );
  const third = poll.third ? question(poll.third, title, true) : html``;
  const ends = known.map(({ id, next }) => {
    const links = next.filter(([target]) => ids.has(target));
    return html`<p class="at ${at(id)}">${links.map(([target, label]) => html`<label class="next" for="${textHtml(target)}"${ways.some((way) => way === label) ? html` data-way="${textHtml(label)}"` : html``}>${textHtml(label)}</label> `)}</p>`;
  });
  const body = html`<main><fieldset><legend>Step</legend>${buttons}</fieldset>
<div role="status">${instructions}</div>
${question(poll, title, false)}${third}
<p class="at ${at('end')}"><button type="button" data-save hidden>Save the counts (vote.csv)</button></p>
${ends}<p class="hint">Use the arrow keys to move to the next or previous step.</p></main>`;
  const { code, inputs } = program('poll');
  return page(`${title}: a question for the class`, pollStyle, body, {
    script: code.trim(),
    data: [poll, ...(poll.third ? [poll.third] : [])].map(counted),
    notices: noticesOf(inputs),
  });
}

function counted({ asked, given, options }: PollQuestion): CountedQuestion {
  const rows = options.map(({ text, isRight }, index) => [
    ...[asked, given.join(', '), letters[index] ?? '?'].map(own),
    untrusted(text),
    own(isRight ? 'yes' : 'no'),
  ]);
  return {
    right: options.findIndex(({ isRight }) => isRight),
    rows: rows.map((row) => csvRows([row]).trimEnd()),
  };
}

/** CSS classes for an element that is shown only at certain steps. */
function at(...ids: readonly string[]): HtmlText {
  return textHtml(ids.map((id) => `at-${id}`).join(' '));
}

function question(
  { asked, given, stated, options, explanation }: PollQuestion,
  title: string,
  isThird: boolean,
): HtmlText {
  const shownSteps = steps.filter((step) => (step.isThird ?? false) === isThird && step.id !== 'end');
  const here = at(...shownSteps.map(({ id }) => id));
  const answer = at(...shownSteps.filter(({ hasAnswer }) => hasAnswer).map(({ id }) => id));
  const facts = stated.map(
    ({ value, phrase }) => html`<li>${textHtml(`${value.toLocaleString('en')}: ${phrase}`)}</li>`,
  );
  const counts = shownSteps.flatMap(({ counts: vote }) => vote ?? []);
  const list = options.map(({ text: option, isRight, why }, index) => {
    const letter = textHtml(letters[index] ?? '?');
    const bars = counts.map(
      (vote) =>
        html`<span data-bar="${textHtml(vote)}" hidden>${textHtml(vote)} <meter min="0" max="1" aria-label="${textHtml(`${letters[index]}, ${vote} vote`)}"></meter> <b></b></span>`,
    );
    const mark = isRight
      ? html` <span class="at ${answer} mark">✓ right</span>`
      : html`<p class="at ${answer} why">${textHtml(why)}</p>`;
    return html`<li class="${textHtml(isRight ? 'right' : 'other')}"><span class="at ${answer} bars">${bars}</span><b>${letter}</b> <span>${textHtml(option)}</span>${mark}</li>\n`;
  });
  const forms = shownSteps.flatMap(({ id, counts: vote }) =>
    vote ? countForm(id, vote, options.length) : [],
  );
  return html`<section class="at ${here}${textHtml(isThird ? ' third' : '')}"><p class="given">${textHtml(`${title}, at other sizes: ${given.join(', ')}`)}</p>
<h1>${textHtml(asked)}</h1>
${facts.length > 0 ? html`<ul class="facts">${facts}</ul>` : html``}
<ol class="options">
${list}</ol>
${explanation === undefined ? html`` : html`<p class="at ${answer} explanation">${textHtml(explanation)}</p>`}
${forms}</section>`;
}

/** The form where the instructor types the votes for each option; students need not read it on the projector. */
function countForm(step: string, vote: VoteName, options: number): HtmlText {
  const fields = [...letters.slice(0, options)].map(
    (letter) =>
      html`<label>${textHtml(letter)} <input inputmode="decimal" autocomplete="off" size="4" aria-label="${textHtml(`Votes for ${letter}`)}"></label> `,
  );
  const choices = countedAs.map((how) => html`<option>${textHtml(how)}</option>`);
  return html`<div class="at ${at(step)} count"><form data-count="${textHtml(vote)}" autocomplete="off" hidden>${fields}<select aria-label="How it was counted">${choices}</select> <button>Count</button> <output></output></form></div>`;
}

const shownAt = steps.map(({ id }) => `body:has(#${id}:checked) .at-${id}`).join(', ');
const shownRight = steps
  .filter(({ hasAnswer }) => hasAnswer)
  .map(({ id, isThird }) => `body:has(#${id}:checked) ${isThird ? '.third' : 'section:not(.third)'} .right`)
  .join(', ');

const pollStyle = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --faint: #4a4a55; --line: #9a9aa6; --accent: #1a4fa0; --right: #0b6b34; --soft: #e6f4ea; }
body { margin: 0 auto; max-width: 100rem; padding: .5em 1em; overflow-wrap: anywhere; font: clamp(.85rem, min(2.3vw, 3.1vh), 2.4rem)/1.3 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; font-size: .75em; } legend { float: left; margin-right: 1rem; color: var(--faint); }
fieldset label { padding: .2rem .6rem .2rem .3rem; } [type=radio] { accent-color: var(--accent); width: 1.1em; height: 1.1em; vertical-align: -.1em; } input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 1.4em; line-height: 1.2; margin: .2em 0; } p { margin: .2em 0; } .given { color: var(--faint); font-size: .85em; } .facts { font-size: .75em; color: var(--faint); columns: 2 min(20em, 100%); margin: .3em 0; }
.options { list-style: none; padding: 0; margin: .3em 0; } .options li { border: 2px solid var(--line); border-radius: .4rem; margin: .3em 0; padding: .2em .8em; overflow-wrap: anywhere; }
.why { font-size: .65em; margin: 0; color: var(--faint); } .mark { color: var(--right); font-weight: bold; } .explanation { border-left: .3em solid var(--right); padding-left: .8em; font-size: .8em; }
.bars { float: right; font-size: .55em; line-height: 1.15; text-align: right; } .bars > span { display: block; } .bars > [hidden] { display: none; } meter { width: 13em; } .bars b { display: inline-block; min-width: 6em; text-align: left; }
.count { font-size: .65em; } .count label { white-space: nowrap; margin-right: .6em; } .count :is(input, select) { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); } .count input { -webkit-text-security: disc; } .count [aria-invalid=true] { border: 2px dashed currentColor; } output { font-weight: bold; }
.do { color: var(--accent); font-weight: bold; } .hint { color: var(--faint); font-size: .65em; margin: .3em 0 0; } button { font: inherit; font-size: .75em; } .count button { font-size: 1em; }
.next { cursor: pointer; display: inline-block; margin: .2em .5em 0 0; padding: .1em .8em; border: 2px solid var(--accent); border-radius: .4rem; color: var(--accent); font-size: .8em; } .advised { background: var(--accent); color: var(--paper); }
.at { display: none; } ${shownAt} { display: revert; } ${shownRight} { border-color: var(--right); background: var(--soft); }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e9ee; --paper: #17171b; --faint: #b9b9c6; --line: #6b6b78; --accent: #9dbcf5; --right: #7fd6a0; --soft: #17301f; } }
.step { white-space: nowrap; } @media (max-width: 40rem) { legend { float: none; } .step { display: block; white-space: normal; } .bars { float: none; } meter { width: 6em; } }
@media print { fieldset, button, .next, .hint, .count, .do { display: none !important; } .at { display: revert; } }
`;

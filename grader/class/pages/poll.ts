import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import type { Poll } from './vote';

/** The page for the projector, beside the class page. */
export const pollFile = 'poll.html';

const letters = 'ABCDEF';

/** The steps of the vote: students vote, convince each other, vote again, and then see the answer. */
const steps = [
  {
    id: 'alone',
    name: 'Vote alone',
    instruction: 'Read the question. Vote for one answer, without talking.',
  },
  {
    id: 'discuss',
    name: 'Discuss',
    instruction: 'Find a neighbor who voted for another answer. Convince each other.',
  },
  { id: 'again', name: 'Vote again', instruction: 'Vote once more, without talking.' },
  { id: 'answer', name: 'Answer', instruction: 'The answer, and why.' },
  // Arrow keys wrap around among radio buttons: the step before the first must not show an answer.
  { id: 'end', name: 'End', instruction: 'Thank you for voting.' },
] as const;

/** CSS classes for an element that is shown only at certain steps. */
function at(...ids: readonly (typeof steps)[number]['id'][]): HtmlText {
  return textHtml(ids.map((id) => `at-${id}`).join(' '));
}

/**
 * The page with a question for a vote. It shows no names, no counts from the class run and no student's answer. It has
 * no script: its steps are radio buttons, so that a click or an arrow key shows the next.
 */
export function renderPoll(poll: Poll, title: string): HtmlText {
  const { asked, given, stated, options, explanation } = poll;
  const buttons = steps.map(
    ({ id, name }, index) =>
      html`<span class="step"><input type="radio" name="step" id="${textHtml(id)}"${index === 0 ? html` checked autofocus` : html``}><label for="${textHtml(id)}">${textHtml(name)}</label></span> `,
  );
  const instructions = steps.map(
    ({ id, instruction }) => html`<p class="do at ${at(id)}">${textHtml(instruction)}</p>`,
  );
  const links = steps.flatMap(({ id }, index) => {
    const next = steps[index + 1];
    return next
      ? html`<p class="at ${at(id)}"><label class="next" for="${textHtml(next.id)}">${textHtml(next.name)}</label></p>`
      : [];
  });
  const facts = stated.map(
    ({ value, phrase }) => html`<li>${textHtml(`${value.toLocaleString('en')}: ${phrase}`)}</li>`,
  );
  const list = options.map(({ text, isRight, why }, index) => {
    const mark = isRight
      ? html` <span class="at ${at('answer')} mark">✓ right</span>`
      : html`<p class="at ${at('answer')} why">${textHtml(why)}</p>`;
    return html`<li class="${textHtml(isRight ? 'right' : 'other')}"><b>${textHtml(letters[index] ?? '?')}</b> <span>${textHtml(text)}</span>${mark}</li>\n`;
  });
  const body = html`<main><fieldset><legend>Step</legend>${buttons}</fieldset>
<div role="status">${instructions}</div>
<section class="at ${at('alone', 'discuss', 'again', 'answer')}"><p class="given">${textHtml(`${title}, at other sizes: ${given.join(', ')}`)}</p>
<h1>${textHtml(asked)}</h1>
${facts.length > 0 ? html`<ul class="facts">${facts}</ul>` : html``}
<ol class="options">
${list}</ol>
${explanation === undefined ? html`` : html`<p class="at ${at('answer')} explanation">${textHtml(explanation)}</p>`}</section>
${links}<p class="hint">Use the arrow keys to move to the next or previous step.</p></main>`;
  return page(`${title}: a question for the class`, pollStyle, body);
}

const shownAt = steps.map(({ id }) => `body:has(#${id}:checked) .at-${id}`).join(', ');
const shownRight = 'body:has(#answer:checked) .right';

const pollStyle = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --faint: #4a4a55; --line: #9a9aa6; --accent: #1a4fa0; --right: #0b6b34; --soft: #e6f4ea; }
body { margin: 0 auto; max-width: 100rem; padding: .5em 1em; overflow-wrap: anywhere; font: clamp(.85rem, min(2.3vw, 3.1vh), 2.4rem)/1.3 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; font-size: .75em; } legend { float: left; margin-right: 1rem; color: var(--faint); }
fieldset label { padding: .2rem .6rem .2rem .3rem; } [type=radio] { accent-color: var(--accent); width: 1.1em; height: 1.1em; vertical-align: -.1em; } input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 1.4em; line-height: 1.2; margin: .2em 0; } p { margin: .2em 0; } .given { color: var(--faint); font-size: .85em; } .facts { font-size: .75em; color: var(--faint); columns: 2 min(20em, 100%); margin: .3em 0; }
.options { list-style: none; padding: 0; margin: .3em 0; } .options li { border: 2px solid var(--line); border-radius: .4rem; margin: .3em 0; padding: .2em .8em; overflow-wrap: anywhere; }
.why { font-size: .65em; margin: 0; color: var(--faint); } .mark { color: var(--right); font-weight: bold; } .explanation { border-left: .3em solid var(--right); padding-left: .8em; font-size: .8em; }
.do { color: var(--accent); font-weight: bold; } .hint { color: var(--faint); font-size: .65em; margin: .3em 0 0; }
.next { cursor: pointer; display: inline-block; margin: .2em .5em 0 0; padding: .1em .8em; border: 2px solid var(--accent); border-radius: .4rem; color: var(--accent); font-size: .8em; }
.at { display: none; } ${shownAt} { display: revert; } ${shownRight} { border-color: var(--right); background: var(--soft); }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e9ee; --paper: #17171b; --faint: #b9b9c6; --line: #6b6b78; --accent: #9dbcf5; --right: #7fd6a0; --soft: #17301f; } }
.step { white-space: nowrap; } @media (max-width: 40rem) { legend { float: none; } .step { display: block; white-space: normal; } }
@media print { fieldset, .next, .hint, .do { display: none !important; } .at { display: revert; } }
`;

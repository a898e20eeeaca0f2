import { type HtmlText, html, page, textHtml } from '../../../render/escape/html';
import type { Poll } from './vote';

/** The page for the projector, beside the page of the class. */
export const pollFile = 'poll.html';

const letters = 'ABCDEF';

/** What the class does, step by step; the last step shows the answer. */
const steps = [
  ['Vote alone', 'Read the question. Vote for one answer, without talking.'],
  ['Discuss', 'Find a neighbor who voted for another answer. Convince each other.'],
  ['Vote again', 'Vote once more.'],
  ['Why', 'The answer, and why.'],
  // An arrow key goes round in a circle: before the first step there must not stand the answer.
  ['Once more', 'Read the question. Vote for one answer, without talking.'],
] as const;

const answerStep = 3;

/**
 * One question for a vote: nobody's name, no count, and nobody's answer. Its steps are radio buttons, so
 * that a click or an arrow key shows the next, and no script is needed.
 */
export function renderPoll(poll: Poll, title: string): HtmlText {
  return page(`${title}: a question for the class`, pollStyle, html`<main>${question(poll, title)}</main>`);
}

function question({ asked, given, stated, options, explanation }: Poll, title: string): HtmlText {
  const buttons = steps.map(
    ([name], index) =>
      html`<span class="step"><input type="radio" name="step" id="step${textHtml(index)}"${index === 0 ? html` checked autofocus` : html``}><label for="step${textHtml(index)}">${textHtml(name)}</label></span> `,
  );
  const instructions = steps.map(
    ([, what], index) => html`<p class="do do${textHtml(index)}">${textHtml(what)}</p>`,
  );
  const facts = stated.map(
    ({ value, phrase }) => html`<li>${textHtml(`${value.toLocaleString('en')}: ${phrase}`)}</li>`,
  );
  const list = options.map(
    ({ text: option, isRight, why }, index) =>
      html`<li class="${textHtml(isRight ? 'right' : 'other')}"><b>${textHtml(letters[index] ?? '?')}</b> <span>${textHtml(option)}</span>${isRight ? html` <span class="last mark">✓ right</span>` : html`<p class="last why">${textHtml(why)}</p>`}</li>\n`,
  );
  const next = steps
    .slice(1, answerStep + 1)
    .map(
      ([name], index) =>
        html`<label class="next next${textHtml(index)}" for="step${textHtml(index + 1)}">Next: ${textHtml(name.toLowerCase())}</label>`,
    );
  return html`<fieldset><legend>Step</legend>${buttons}</fieldset>
<div role="status">${instructions}</div>
<p class="given">${textHtml(`${title}, at other sizes: ${given.join(', ')}`)}</p>
<h1>${textHtml(asked)}</h1>
${facts.length > 0 ? html`<ul class="facts">${facts}</ul>` : html``}
<ol class="options">
${list}</ol>
${explanation === undefined ? html`` : html`<p class="last explanation">${textHtml(explanation)}</p>`}
${next}<p class="hint">The arrow keys show the next step and the one before.</p>`;
}

const pollStyle = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --faint: #4a4a55; --line: #9a9aa6; --accent: #1a4fa0; --right: #0b6b34; --soft: #e6f4ea; }
body { margin: 0 auto; max-width: 75rem; padding: .5em 1em; overflow-wrap: anywhere; font: clamp(.85rem, min(2.3vw, 3.1vh), 2.4rem)/1.3 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; font-size: .75em; } legend { float: left; margin-right: 1rem; color: var(--faint); }
fieldset label { padding: .2rem .8rem .2rem .3rem; } input { accent-color: var(--accent); width: 1.1em; height: 1.1em; vertical-align: -.1em; } input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 1.4em; line-height: 1.2; margin: .2em 0; } p { margin: .2em 0; } .given { color: var(--faint); font-size: .85em; } .facts { font-size: .75em; color: var(--faint); columns: 2 min(20em, 100%); margin: .3em 0; }
.options { list-style: none; padding: 0; margin: .3em 0; } .options li { border: 2px solid var(--line); border-radius: .4rem; margin: .3em 0; padding: .2em .8em; overflow-wrap: anywhere; }
.why { font-size: .65em; margin: 0; color: var(--faint); } .mark { color: var(--right); font-weight: bold; } .explanation { border-left: .3em solid var(--right); padding-left: .8em; font-size: .8em; }
.do, .last, .next { display: none; } .do { color: var(--accent); font-weight: bold; } .hint { color: var(--faint); font-size: .65em; margin: .3em 0 0; }
.next { cursor: pointer; margin-top: .4em; padding: .2em 1em; border: 2px solid var(--accent); border-radius: .4rem; color: var(--accent); width: fit-content; }
body:has(#step0:checked) :is(.do0, .next0), body:has(#step1:checked) :is(.do1, .next1), body:has(#step2:checked) :is(.do2, .next2), body:has(#step3:checked) .do3, body:has(#step4:checked) .do4 { display: block; }
body:has(#step3:checked) .last { display: revert; } body:has(#step3:checked) .right { border-color: var(--right); background: var(--soft); }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e9ee; --paper: #17171b; --faint: #b9b9c6; --line: #6b6b78; --accent: #9dbcf5; --right: #7fd6a0; --soft: #17301f; } }
.step { white-space: nowrap; } @media (max-width: 40rem) { legend { float: none; } .step { display: block; white-space: normal; } }
@media print { fieldset, .next, .hint { display: none !important; } .last { display: revert; } }
`;

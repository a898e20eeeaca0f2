import type { VNode } from 'preact';
import { counted } from '../../message';
import { html } from '../../page/client/elements';
import { entriesIn } from '../steps';
import { button, progressView } from './controls';
import type { GradingPage } from './grading-state';

// The view for saving everything, which also says what to do with it.

export function takeView(page: GradingPage): VNode | undefined {
  const { graded, savedAs, doing, section } = page.state;
  if (!graded) return undefined;
  const left = page.allCases().length;
  const elsewhere = left - page.cases().length;
  const canSave = graded.zip !== undefined && page.isGraded();
  const save = left > 0 ? `Save with ${left} open` : 'Save the results';
  const isSaved = savedAs !== undefined && page.unsaved() === 0;
  return html`<div class="narrow">${isSaved && savedView(page, savedAs)}
    ${left > 0 ? html`<div class="card amber"><p class="open">▲ ${graded.toDecide}: what is open goes out as it is now.</p>${elsewhere > 0 && html`<p>${elsewhere} of these are in other sections than ${section}, which is all that the page shows now.</p>`}${withoutPoints(page)}</div>` : html`<p class="good">✓ Everything is decided.</p>`}
    <p class="row">${left > 0 && button('Decide them first', () => page.show('decide'), { class: 'main' })}
      ${button(save, () => page.save(), { class: left > 0 ? '' : 'main', disabled: !canSave })} ${progressView(page)}</p>
    ${!doing && !page.isGraded() && html`<p class="open">The last step is not graded yet. ${button('Grade', () => page.order('zip'))}</p>`}
    <p class="faint">One zip: gradebooks, feedback, the pages of the class, and everything that you decided.</p>
    ${savedAs !== undefined && stepsView(page, savedAs)}
    ${listOf('Grades at your host that differ from those here', graded.others)}
    ${listOf('Since the earlier run', graded.zip ? graded.changes : [])}</div>` as VNode;
}

function savedView(page: GradingPage, name: string): VNode {
  const decided = entriesIn(page.tables()).length;
  const { people = [] } = page.state.graded ?? {};
  return html`<div class="card green" id="saved" tabindex="-1"><p class="good">✓ Saved ${name}: ${counted(people.length, 'student')}, ${counted(decided, 'decision')}.</p>
    <p>Give it to this page again with the next download: it then tells you what changed and what to upload again.</p></div>`;
}

function withoutPoints({ state }: GradingPage): VNode | undefined {
  const none = state.graded?.people.filter(({ points }) => points === '–').length ?? 0;
  if (none === 0) return undefined;
  return html`<p>Without points: ${counted(none, 'student')}. No grade goes out for them.</p>`;
}

/** Things to do, in order; things that are only good to know come below. */
function stepsView({ state }: GradingPage, name: string): VNode {
  const { toDo = [], notices = [] } = state.graded ?? {};
  const steps = [`Unpack ${name}. The files named below are in its folder.`, ...toDo];
  return html`<h2>What to do with it, in this order</h2><ol class="steps">${steps.map(stepView)}</ol>${listOf('Good to know', notices)}`;
}

/** A step that begins with what to do. */
function stepView(step: string): VNode {
  const [head = ''] = /^.*?[:.,](?= |$)/.exec(step) ?? [step];
  return html`<li><strong>${head}</strong>${step.slice(head.length)}</li>` as VNode;
}

function listOf(title: string, lines: readonly string[]): VNode | undefined {
  if (lines.length === 0) return undefined;
  return html`<h2>${title}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` as VNode;
}

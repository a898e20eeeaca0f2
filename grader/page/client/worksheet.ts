import { render, type VNode } from 'preact';
import { nextStep } from '../../render/reasons-shown';
import {
  countedResponses,
  isComplete,
  outcomes,
  reflectionMessages,
  responsesScore,
} from '../../render/status';
import { linesAbove, type Rubric, studentFiles } from '../../rubric/rubric';
import { maxFile } from '../../submission/decode';
import { baseName } from '../../submission/which-files';
import { fieldOf, rowOfField } from '../work-files';
import { html, sentence } from './elements';
import { hasText } from './entry';
import { saveButton, tables } from './tables';
import { startWorker } from './worker';
import { Page } from './worksheet-state';

/** Everything between the handout and the steps for handing in. */
function pageView(page: Page): VNode {
  const { data, state } = page;
  if (state.asking) return question(page);
  const { reflection } = data.rubric;
  const onField = (act: (field: string, typed: string) => void) => (event: Event) => {
    const { target } = event;
    if (isField(target)) act(target.id, target.value);
  };
  return html`<div
    class=${hasText(state) ? 'begun' : 'untouched'}
    onInput=${onField((field, typed) => page.type(field, typed))}
    onFocusIn=${onField((field) => page.update({ field }))}
    onFocusOut=${onField((field) => page.leave(field))}
    onKeyDown=${goToNext}
    onMouseDown=${keepFocus}
  >
    <div class="notes" role="status">
      ${!state.isKept && html`<p>${notKept} Save your files before you close the page.</p>`}
      ${state.whyEmpty && html`<p>${state.whyEmpty}</p>`}
      ${state.replaced.map(({ field, text }) => html`<p>${nameOf(field, data.rubric)} was also typed in another tab. The later text is kept; the earlier one was “${text}”.</p>`)}
      ${state.failure && html`<p>Nothing can be checked here: ${state.failure}. Save your files and hand them in.</p>`}
    </div>
    ${tables(page)} ${reflection && responses(page, reflection)} ${saving(page)}
    <div class="unseen" role="status">${state.heard}</div>
  </div>`;
}

const notKept = 'This browser does not store what you type here.';

/** Asks whose work it is, as several students may use one computer; or whether to delete it. */
function question(page: Page): VNode {
  const { asking, times } = page.state;
  const typedAt = Math.max(...Object.values(times));
  const time = new Date(typedAt).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' });
  const files = page.unsaved().join(' and ');
  const unsaved = files && `Not saved since the last change: ${files}.`;
  const act = asking === 'delete' ? () => page.startOver() : () => page.askToDelete();
  return html`<section class="card" aria-labelledby="asking">
    <h2 id="asking">${asking === 'delete' ? 'Delete this work?' : 'Continue or start over?'}</h2>
    <p id="asked">
      ${
        asking === 'delete'
          ? `Starting over deletes it from this browser, and you cannot undo that. ${unsaved || 'All of it was saved in files.'}`
          : `This browser holds work on this worksheet${Number.isFinite(typedAt) ? `, last changed on ${time}` : ''}. Continue if it is yours. ${unsaved}`
      }
    </p>
    <p class="actions">
      <button type="button" class="main" aria-describedby="asked" onClick=${() => page.continue()}>Continue</button>
      <button type="button" onClick=${act}>Start over${asking === 'delete' && ' and delete it'}</button>
    </p>
  </section>`;
}

/** `Basket · down`, or the question that a field answers. */
function nameOf(field: string, rubric: Rubric): string {
  const row = rowOfField(rubric, field);
  const cell = row?.cells.find(({ id }) => fieldOf.cell(row.id, id) === field);
  const question = rubric.reflection?.questions.find(({ id }) => fieldOf.response(id) === field);
  return cell?.label ?? `“${question?.label ?? rubric.reflection?.dispute}”`;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function isField(target: EventTarget | null): target is Field {
  return target instanceof Element && target.matches('input, select, textarea');
}

/** Enter moves to the next field, as it does on the keyboard of a phone. */
function goToNext({ key, target }: KeyboardEvent): void {
  if (key !== 'Enter' || !(target instanceof HTMLInputElement)) return;
  const fields = [...document.querySelectorAll<Field>('#worksheet :is(input, select, textarea)')];
  fields[fields.indexOf(target) + 1]?.focus();
}

/** Keep the focus: leaving a field shows its mark, which would move a button away from under the pointer. */
function keepFocus(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest('button')) event.preventDefault();
}

function responses(page: Page, rubric: NonNullable<Rubric['reflection']>): VNode {
  const [title = 'Reflection', ...lines] = linesAbove(rubric);
  const graded = page.state.graded?.report.reflection;
  const isEnough = graded !== undefined && countedResponses(graded) === graded.choose;
  const fields = rubric.questions.map(({ id, label }, index) => {
    const isAnswered = graded?.responses.some((response) => response.id === id && response.answered);
    const open = page.state.isChecked && !isEnough ? `${outcomes.blank.sign} not a response yet` : '';
    const mark = isAnswered ? `${outcomes.correct.sign} counts as a response` : open;
    return response(page, fieldOf.response(id), `${index + 1}. ${label}`, mark);
  });
  const dispute = page.state.work[fieldOf.dispute]?.trim()
    ? 'It goes into your file. It counts as a response only if nothing else is written.'
    : '';
  return html`<section aria-labelledby="reflection">
    <h2 id="reflection">${title}</h2>
    ${lines.map((line) => html`<p>${line}</p>`)} ${fields}
    ${rubric.dispute !== undefined && response(page, fieldOf.dispute, rubric.dispute, dispute)}
    <div role="status">
      ${graded && page.state.isChecked && html`<p><strong>${responsesScore(graded)}</strong></p>`}
      ${graded && page.state.isChecked && reflectionMessages(graded).map((message) => html`<p>${sentence(message)}</p>`)}
    </div>
  </section>`;
}

/** How much of the file of responses is questions and headings, in bytes. */
const besideResponses = 8 * 1024;
/** The most bytes in UTF-8 of what a field counts as one character. */
const perCharacter = 3;

/** The most characters of a response: all responses together must fit into a file that can be read. */
function maxResponse({ reflection }: Rubric): number {
  const fields = (reflection?.questions.length ?? 0) + 1;
  return Math.min(4000, Math.floor((maxFile - besideResponses) / perCharacter / fields));
}

function response({ state, data }: Page, field: string, label: string, mark: string): VNode {
  const typed = state.work[field] ?? '';
  return html`<div class=${typed.trim() === '' ? 'response empty' : 'response'}>
    <label for=${field}>${label}</label>
    <textarea id=${field} value=${typed} rows="3" maxlength=${maxResponse(data.rubric)} aria-describedby="${field}.state"></textarea>
    <p class="paper">${typed}</p>
    <p class="state" id="${field}.state">${mark}</p>
  </div>`;
}

function saving(page: Page): VNode {
  const { isKept, graded, notice } = page.state;
  const files = studentFiles(page.data.rubric);
  const report = graded?.report;
  const unsaved = notice && page.unsaved().join(', ');
  const button = (text: string, act: () => unknown, className?: string) =>
    html`<button type="button" class=${className} onClick=${act}>${text}</button>`;
  const copies = files.map((file) => button(`Copy ${baseName(file)}`, () => page.copy(file)));
  const saves = files.map((file) => button(`Save ${baseName(file)}`, () => page.save(file)));
  return html`<section aria-labelledby="saving">
    <h2 id="saving">Save and hand in</h2>
    <p>
      ${isKept ? 'What you type is kept in this browser until somebody starts over.' : notKept} To hand in, save
      your files:
    </p>
    <p class="actions">${saveButton(page)}</p>
    <p role="status">
      ${notice && `${notice} ${unsaved ? `Not saved yet: ${unsaved}.` : 'Next: hand in what you saved, as it says below.'}`}
      ${notice && report && !isComplete(report) && html` Not finished yet: ${nextStep(report, 'page').text}`}
    </p>
    <details>
      <summary>More ways to save, and starting over</summary>
      <p class="actions">${files.length > 1 && saves}${copies}</p>
      <p class="actions">
        ${button('Start over', () => page.askToDelete())} Then somebody else can work on this computer. Save your files first.
      </p>
    </details>
  </section>`;
}

// The page and its worker run this one script, so that the page contains the grader only once.
if (typeof document === 'undefined') startWorker();
else {
  const data = document.getElementById('data');
  const element = document.getElementById('worksheet');
  const script = document.currentScript?.textContent;
  // Scrolling further down is pointless until it is known whose work this is.
  history.scrollRestoration = 'manual';
  // A saved page still has what was shown at that time.
  element?.replaceChildren();
  if (data && element && script)
    new Page(JSON.parse(data.textContent ?? ''), script, element, (page) => render(pageView(page), element));
}

import { render, type VNode } from 'preact';
import { classHosts } from '../../class/downloads/class-hosts';
import { html } from '../../page/client/elements';
import { type Options, type Order, orderHandler, type Reply } from '../orders';
import { button, progressView, sectionsView } from './controls';
import { decideView, pressKey } from './decide';
import { GradingPage, spaced, type View, views } from './grading-state';
import { takeView } from './take';

function pageView(page: GradingPage): VNode {
  const { state } = page;
  const shown = { give: giveView, decide: decideView, class: classView, take: takeView }[state.view];
  const isReady = (view: string) => view === 'give' || state.graded !== undefined;
  const left = page.allCases().length;
  const buttons = Object.entries(views).map(
    ([view, label]) =>
      html`<li>${button(html`${label}${view === 'decide' && left > 0 && html` <span class="count">${left}</span>`}`, () => page.show(view as View), { 'aria-current': view === state.view ? 'page' : undefined, disabled: !isReady(view) })}</li>`,
  );
  return html`<div class="head"><h1>${page.data.rubric.title}: grade the class</h1>
      <nav aria-label="Views"><ul class="views">${buttons}</ul></nav></div>
    <section id="view" tabindex="-1" aria-label=${views[state.view]}>
      ${state.refused.length > 0 && html`<div class="card" role="alert">${state.refused.map((line) => html`<p class="bad">✗ ${line}</p>`)}</div>`}
      ${shown(page)}
    </section>
    <div class="unseen" role="status">${state.heard}</div>`;
}

function giveView(page: GradingPage): VNode {
  const { files, seen, doing, refused } = page.state;
  const choose = () => document.querySelector<HTMLInputElement>('#files')?.click();
  const onChange = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) page.give(target.files ?? []);
  };
  const listed = files.map((file, at) => {
    const description = seen?.described[at];
    const [sign, tone] = signOf[description?.use ?? 'used'];
    return html`<li>${description ? html`<b class=${tone}>${sign}</b>` : '…'} <span><b class="given">${file.name}</b>${spaced(description?.text ?? '')} <small class="faint">${sizeOf(file)}</small></span>
      ${button(html`Remove<span class="unseen"> ${file.name}</span>`, () => page.takeOut(file))}</li>`;
  });
  return html`<div class="narrow"><div class="drop card">
      <p><strong>Drop files anywhere, in any order:</strong></p>
      <ul>
        <li>the zip that you downloaded from Canvas, Moodle or Gradescope, as it is; several are fine</li>
        <li>the list of students: Canvas’s exported gradebook, Moodle’s grading worksheet, or a table (CSV)</li>
        <li>the zip that this page saved last time, if there is one</li>
      </ul>
      <p class="actions">${button('Choose files', choose, { class: files.length === 0 ? 'main' : '' })}
        <input type="file" id="files" class="unseen" tabindex="-1" aria-label="Files" multiple onChange=${onChange} /></p>
    </div>
    <ul class="files">${listed}</ul>
    ${refused.length === 0 && seen?.refused.map((line) => html`<p class="bad" role="alert">✗ ${line}</p>`)}
    ${seen?.asksIfPart && html`<p>${button('This list is meant to be a part', () => page.look({ options: { ...page.state.options, isPart: true } }))}</p>`}
    ${seen && seen.missing.length > 0 && html`<ul>${seen.missing.map((line) => html`<li class="open">${line}</li>`)}</ul>`}
    ${seen && seen.notes.length > 0 && html`<ul>${seen.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
    <p class="actions">${button('Grade', () => page.order('grade'), { class: 'main', disabled: !seen?.isReady || doing === 'grade' })} ${progressView(page)}
      ${seen?.isReady && seen.missing.length === 0 && html`<span class="faint">Nothing is missing.</span>`}</p>
    ${moreView(page)}
    <details><summary>What this page can’t do</summary><p>The histories of repositories need git, so grade them with the command npm run grade:class. Here their files count as they are.</p></details></div>`;
}

const signOf = { used: ['✓', 'good'], replaced: ['○', 'open'], refused: ['✗', 'bad'] } as const;

function sizeOf({ size, lastModified }: File): string {
  const when = new Date(lastModified).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  return `${Math.ceil(size / 1024)} KiB, ${when}`;
}

type MoreField = readonly [name: 'due' | 'canvasColumn', label: string, hint: string];

const moreFields = (timezone: string): MoreField[] => [
  ['due', 'Due date', `instead of the worksheet’s, such as 2026-12-01T23:59, in the time zone ${timezone}`],
  ['canvasColumn', 'Canvas’s column', 'its heading, number or title, if it is not found automatically'],
];

function moreView(page: GradingPage): VNode {
  const { options } = page.state;
  const set = (name: keyof Options) => (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    page.look({ options: { ...options, [name]: value.trim() || undefined } });
  };
  const fields = moreFields(page.data.file.deadline?.timezone ?? 'UTC').map(
    ([name, label, hint]) =>
      html`<label>${label} <input value=${options[name] ?? ''} onChange=${set(name)} /><small>${hint}</small></label>`,
  );
  const packing = classHosts.filter(({ entriesOf }) => entriesOf);
  const formats = packing.map(
    ({ id, title }) => html`<option value=${id} selected=${options.from === id}>${title}</option>`,
  );
  return html`<details><summary>More: due date, column, format</summary>
    <div class="form">${fields}
      <label>Format <select onChange=${set('from')}><option value="">detected automatically</option>${formats}</select><small>for a download that is not recognized</small></label>
    </div>
  </details>`;
}

/** The view for a lecture: it has no names. */
function classView(page: GradingPage): VNode | undefined {
  const { graded, classPage, section } = page.state;
  const text = classPage?.section === section ? classPage?.text : undefined;
  const fill = ({ target }: Event) =>
    void (target as Element).parentElement?.nextElementSibling?.requestFullscreen();
  return (
    graded &&
    (html`${sectionsView(page)}<p class="row"><button type="button" onClick=${fill}>Fill the screen<span class="unseen"> with the class</span></button>
        <span class="faint">This view has no names, so you can share it.</span></p>
      <iframe title="The class" sandbox="" srcdoc=${text}></iframe>` as VNode)
  );
}

// The page and its worker run this one script, so that the page contains the grader only once.
if (typeof document === 'undefined') {
  const handle = orderHandler((reply: Reply) => self.postMessage(reply));
  self.onmessage = ({ data }: MessageEvent<Order>) => handle(data);
} else {
  const data = document.getElementById('data');
  const element = document.getElementById('place');
  const script = document.currentScript?.textContent;
  if (data && element && script) {
    const page = new GradingPage(JSON.parse(data.textContent ?? ''), script, (shown) =>
      render(pageView(shown), element),
    );
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      page.drop(event.dataTransfer?.files ?? []);
    });
    for (const [type, isOver] of [
      ['dragenter', true],
      ['dragover', true],
      ['dragleave', false],
      ['drop', false],
    ] as const)
      document.addEventListener(type, () => document.body.classList.toggle('over', isOver));
    document.addEventListener('keydown', (event) => pressKey(page, event));
  }
}

import { render, type VNode } from 'preact';
import { classHosts } from '../../class/hosts/hosts';
import { matchesFile } from '../../class/members/matches-table';
import type { Line } from '../../class/results/note';
import { commentsFile } from '../../class/results/tables-by-hand';
import { counted } from '../../message';
import { html } from '../../page/client/elements';
import { type Graded, type Options, type Order, orderHandler, type Reply } from '../orders';
import { GradingPage, type State, views } from './page';

function pageView(page: GradingPage): VNode {
  const { state } = page;
  const shown = { give: giveView, decide: decideView, class: classView, take: takeView }[state.view];
  const isReady = (view: string) => view === 'give' || (state.graded !== undefined && !state.doing);
  const buttons = Object.entries(views).map(
    ([view, label]) =>
      html`<li><button type="button" aria-current=${view === state.view ? 'step' : undefined} disabled=${!isReady(view)} onClick=${() => page.show(view as State['view'])}>${label}</button></li>`,
  );
  return html`<nav aria-label="Steps"><ol class="views">${buttons}</ol></nav>
    <section id="view" tabindex="-1" aria-label=${views[state.view]}>
      ${state.refused.length > 0 && html`<div class="card" role="alert">${state.refused.map((line) => html`<p class="bad">✗ ${line}</p>`)}</div>`}
      ${shown(page)}
    </section>
    ${state.form && formView(page, state.form)}
    <div class="unseen" role="status">${state.heard}</div>`;
}

const button = (label: unknown, onClick: () => void, more: object = {}) =>
  html`<button type="button" onClick=${onClick} ...${more}>${label}</button>`;

function giveView(page: GradingPage): VNode {
  const { files, seen, doing, refused } = page.state;
  const choose = () => document.querySelector<HTMLInputElement>('#files')?.click();
  const onChange = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) page.give(target.files ?? []);
  };
  const listed = files.map((file) => {
    const description = seen?.described.find(({ name }) => name === file.name);
    const sign = description?.isRefused ? html`<b class="bad">✗</b>` : html`<b class="good">✓</b>`;
    return html`<li>${description ? sign : '…'} <span><b>${file.name}</b> ${description?.text}</span>
      ${button(html`Remove<span class="unseen"> ${file.name}</span>`, () => page.takeOut(file))}</li>`;
  });
  return html`<div class="drop card">
      <p><strong>Drop here, in any order:</strong></p>
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
    ${seen && seen.notes.length > 0 && html`<ul>${seen.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
    ${moreView(page)}
    <p class="actions">${button('Grade', () => page.order('grade'), { class: 'main', disabled: !seen?.isReady || doing === 'grade' })} ${progressView(page)}</p>`;
}

/** How far a run is, with a way to end it. */
function progressView(page: GradingPage): VNode | undefined {
  const { doing, progress } = page.state;
  if (!doing) return undefined;
  const text = progress ? `${progress.looked} of ${progress.all}` : 'Reading …';
  return html`<progress aria-label="Graded" value=${progress?.looked} max=${progress?.all}></progress> ${text} ${button('Stop', () => page.stop())}`;
}

type MoreField = readonly [name: keyof Options, label: string, hint: string];

const moreFields = (timezone: string): MoreField[] => [
  ['due', 'Due date', `in place of the worksheet’s, such as 2026-12-01T23:59, in the time of ${timezone}`],
  ['section', 'Section', 'only the students of this section of the list'],
  ['canvasColumn', 'Canvas’s column', 'its heading, number or title, if it is not found'],
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
  return html`<details><summary>More: due date, section, column, format</summary>
    <div class="form">${fields}
      <label>Format <select onChange=${set('from')}><option value="">as it is recognized</option>${formats}</select><small>of a download that is not recognized</small></label>
    </div>
  </details>`;
}

function decideView(page: GradingPage): VNode {
  const { graded, undo, doing } = page.state;
  if (!graded) return html``;
  const onClick = ({ target }: Event) => {
    const pressed = target instanceof Element ? target.closest<HTMLButtonElement>('button.choice') : null;
    if (!pressed || pressed.disabled) return;
    const rows = [...document.querySelectorAll('.cases tbody tr')];
    const row = rows.findIndex((one) => one.contains(pressed));
    const { lines = '[]', own, who = '' } = pressed.dataset;
    if (own) return page.fill(JSON.parse(decodeURIComponent(own)), who, row);
    pressed.ariaPressed = 'true';
    // The row goes once the class is graded anew.
    for (const choice of rows[row]?.querySelectorAll('button') ?? []) choice.disabled = true;
    page.decide(JSON.parse(decodeURIComponent(lines)), row);
  };
  return html`<div class="todo"><p><strong>${graded.toDecide === '' ? 'Nothing is left to decide.' : `${graded.toDecide}.`}</strong> ${unsavedText(page)}</p>
      <p class="actions">${button('Undo', () => page.undoLast(), { disabled: undo.length === 0 || doing !== undefined })}
        ${button('Next: take everything', () => page.show('take'), { class: graded.toDecide === '' ? 'main' : '', disabled: doing !== undefined })} ${progressView(page)}</p></div>
    ${graded.summary.map((line) => html`<p>${line}</p>`)}
    ${graded.notes.length > 0 && html`<details open><summary>${counted(graded.notes.length, 'note')} on this run</summary><ul>${graded.notes.map((note) => html`<li>${note}</li>`)}</ul></details>`}
    ${graded.cases !== '' && html`<h2>Grades to decide</h2>`}
    <div onClick=${onClick} dangerouslySetInnerHTML=${{ __html: graded.cases }}></div>
    <h2>Decided</h2>
    <p class="actions">${button('Points or a comment for anybody …', () => page.fill([], '', 0), { disabled: doing !== undefined })}</p>
    ${decidedView(page)}
    <h2>Everybody</h2>
    <details><summary>${counted(graded.people.length, 'student')}, with their points</summary>${everybodyView(graded)}</details>`;
}

function unsavedText(page: GradingPage): string {
  const count = page.unsaved();
  return count === 0 ? '' : `${counted(count, 'decision')} not saved.`;
}

function decidedView(page: GradingPage): VNode {
  const decisions = page.decided();
  if (decisions.length === 0) return html`<p>Nothing is decided yet.</p>`;
  const people = page.state.graded?.people ?? [];
  const names = new Map(people.map(({ name, ownLine }) => [ownLine.cells.login, name]));
  const rows = decisions.map((decision) => {
    const [word = '', ...rest] = decision.cells;
    const nameOf = (cell: string) => names.get(cell) ?? cell;
    const who = nameOf(word);
    // Other tables have the login first, and numbers behind it that may be somebody's login.
    const shown = decision.table === matchesFile ? rest.map(nameOf) : rest;
    const decisionText = shown.filter(Boolean).join(', ');
    return html`<tr><th scope="row">${who}</th><td>${decisionText}</td><td>${decision.table}</td>
      <td>${button(html`Take back<span class="unseen">: ${who}, ${decisionText}</span>`, () => page.takeBack(decision))}</td></tr>`;
  });
  return html`<div class="wide"><table class="made"><caption>Lines of the tables that the zip will hold</caption>
    <thead><tr><th scope="col">Who</th><th scope="col">What</th><th scope="col">Table</th><td></td></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function everybodyView({ people }: Graded): VNode {
  const rows = people.map(
    ({ name, points, status }) =>
      html`<tr><th scope="row">${name}</th><td>${points}</td><td>${status}</td></tr>`,
  );
  return html`<table><caption>Points are those that count now</caption>
    <thead><tr><th scope="col">Student</th><th scope="col">Points</th><th scope="col">Status</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** Asks for what no button knows: points with a reason, a comment, or whose a submission is. */
function formView(page: GradingPage, { lines, who }: NonNullable<State['form']>): VNode {
  const people = page.state.graded?.people ?? [];
  const isOfNobody = lines.some(({ table }) => table === matchesFile);
  const earlierComment = page
    .decided()
    .find(({ table, cells }) => table === commentsFile && cells[0] === lines[0]?.cells.login);
  const close = () => page.update({ form: undefined });
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const typed = (name: string) => String(given.get(name) ?? '').trim();
    const chosen = people[Number(typed('who'))];
    if (lines.length > 0) page.write(linesFrom(lines, typed, chosen?.ownLine));
    else if (chosen) page.fill([chosen.ownLine], chosen.name);
  };
  const options = people.map(({ name }, index) => html`<option value=${index}>${name}</option>`);
  const student = html`<label>Student <select name="who" required><option value="">choose …</option>${options}</select></label>`;
  const { possible } = page.data.rubric;
  const fields = html`<label>Points <input name="total" type="number" min="0" max=${possible} required=${earlierComment === undefined} /><small>in all, of ${possible}; empty for a comment alone</small></label>
    <label>Reason <input name="reason" /><small>needed with points; the student reads it</small></label>
    <label>Comment <textarea name="text" rows="3">${earlierComment?.cells[1]}</textarea><small>stands above the feedback</small></label>`;
  return html`<dialog aria-labelledby="asks" onClose=${close} ref=${openDialog}>
    <form class="form" method="dialog" onSubmit=${onSubmit} onInput=${requireSomething}>
      <h2 id="asks">${isOfNobody ? `Whose is ${who}?` : who || 'Points or a comment for whom?'}</h2>
      ${isOfNobody || lines.length === 0 ? student : fields}
      <p class="actions"><button class="main">${lines.length > 0 ? 'Decide' : 'Next'}</button> ${button('Cancel', close)}</p>
    </form>
  </dialog>`;
}

function openDialog(dialog: HTMLDialogElement | null): void {
  if (dialog && !dialog.open) dialog.showModal();
}

/** Points need a reason, and a form without points a comment. */
function requireSomething({ target }: Event): void {
  const { elements } = (target as HTMLInputElement).form ?? {};
  const field = (name: string) => elements?.namedItem(name) as HTMLInputElement | null | undefined;
  const total = field('total');
  const reason = field('reason');
  const text = field('text');
  if (!total || !reason || !text) return;
  reason.required = total.value !== '';
  total.required = text.value === '';
}

/** The lines that a form comes to. */
function linesFrom(
  lines: readonly Line[],
  typed: (name: string) => string,
  chosen: Line | undefined,
): Line[] {
  return lines.flatMap((line): Line[] => {
    const login = line.cells.login ?? '';
    if (line.table === matchesFile)
      return [{ table: matchesFile, cells: { ...line.cells, login: chosen?.cells.login ?? '' } }];
    const points = { ...line, cells: { ...line.cells, total: typed('total'), reason: typed('reason') } };
    const comment = { table: commentsFile, cells: { login, text: typed('text') } };
    return [...(typed('total') === '' ? [] : [points]), ...(typed('text') === '' ? [] : [comment])];
  });
}

/** The view for a lecture: it has no names. */
function classView({ state: { graded } }: GradingPage): VNode {
  const fill = ({ target }: Event) =>
    void (target as Element).parentElement?.nextElementSibling?.requestFullscreen();
  return html`${
    graded &&
    html`<h2>The class</h2><p class="actions"><button type="button" onClick=${fill}>Fill the screen<span class="unseen"> with the class</span></button></p>
      <iframe title="The class" sandbox="" srcdoc=${graded.classPage}></iframe>`
  }`;
}

function takeView(page: GradingPage): VNode {
  const { graded } = page.state;
  const listOf = (title: string, lines: readonly string[] = [], tag = 'ul') =>
    lines.length > 0 &&
    html`<h2>${title}</h2><${tag}>${lines.map((line) => html`<li>${line}</li>`)}</${tag}>`;
  const steps = graded?.zip && listOf('What to do with it, in this order', graded.steps, 'ol');
  return html`<div class="card"><p><strong>One zip: gradebooks, feedback, the pages of the class, and all that you decided.</strong> ${unsavedText(page)}</p>
      <p class="actions">${button('Save the zip', () => page.save(), { class: 'main', disabled: !graded?.zip })} ${progressView(page)}</p>
      <p>Give it to this page again with the next download: it tells what changed, and what to upload again.</p></div>
    ${steps}${listOf('Grades that your host has, and that are others here', graded?.others)}${graded?.zip && listOf('Since the earlier run', graded.changes)}`;
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
      if (page.state.view === 'give') page.give(event.dataTransfer?.files ?? []);
    });
  }
}

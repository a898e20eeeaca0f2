import type { VNode } from 'preact';
import { partsOf } from '../../class/members/groups';
import { matchesFile } from '../../class/members/matches-table';
import type { Line } from '../../class/results/note';
import { commentsFile, extensionsFile, overridesFile } from '../../class/results/tables-by-hand';
import { lookedAtLabel } from '../../class/results/to-decide';
import { html } from '../../page/client/elements';
import { joinNames } from '../../system/lists';
import type { Listed } from '../orders';
import { alikeIn, type ShownCase, type ShownKind } from '../shown';
import { type Entry, entriesIn, saidIn, wordIn } from '../steps';
import { button, key, progressView, sectionsView } from './controls';
import { type Form, type GradingPage, rowId, type Together } from './grading-state';
import { panelView } from './panel';

// The view in which a person decides: the bar, the list of cases, the folds below it, and the panel beside it.

export function decideView(page: GradingPage): VNode | undefined {
  const { graded, panel } = page.state;
  if (!graded) return undefined;
  return html`${bar(page)}${sectionsView(page)}
    <div class=${`decide${panel ? ' with' : ''}`}>
      <div class="list">${listOf(page)}${foldsOf(page)}</div>
      ${panel && panelView(page, panel)}
    </div>
    ${formView(page)}${togetherView(page)}${keysView(page)}` as VNode;
}

/**
 * Keeps a view until a part of the state that it depends on changes. Otherwise, each progress step while a large class
 * is graded would draw all rows again.
 */
function remembered(partsOf: (page: GradingPage) => readonly unknown[], view: (page: GradingPage) => VNode) {
  let last: { readonly parts: readonly unknown[]; readonly made: VNode } | undefined;
  return (page: GradingPage): VNode => {
    const parts = partsOf(page);
    if (!last || parts.some((part, at) => part !== last?.parts[at])) last = { parts, made: view(page) };
    return last.made;
  };
}

const listOf = remembered(
  ({ state }) => [state.graded, state.section, state.pending, state.trace, state.current, state.leftOut],
  (page) =>
    html`${notLookedAtView(page)}${page.state.graded?.open.map((kind) => kindView(page, kind))}${endOfList(page)}`,
);

const foldsOf = remembered(
  ({ state }) => [
    state.graded,
    state.section,
    state.seen,
    state.steps,
    state.saved,
    state.search,
    state.sort,
  ],
  folds,
);

/** How far grading has got, what is not saved, and what can be done from anywhere. */
function bar(page: GradingPage): VNode {
  const { graded } = page.state;
  const { people = 0, submissions = 0 } = graded?.counts ?? {};
  const left = people + submissions;
  const all = (graded?.people.length ?? 0) + submissions;
  const unsaved = page.unsaved();
  // A small screen has room only for the number.
  const open = html`<span class="open">${graded?.toDecide}</span><span class="short" aria-hidden="true">${left} to decide</span>`;
  const countOf = (wanted: string) => graded?.people.filter(({ status }) => status === wanted).length;
  const saved = unsaved === 0 ? 'all saved' : `${unsaved} not saved`;
  const more = [`${countOf('graded')} graded`, `${countOf('no submission')} without work`, saved];
  return html`<div class="todo" role="region" aria-label="Progress">
    <p>${left > 0 ? html`${ofSection(page, left)}${open}` : html`<span class="good">✓ Nothing is left to decide</span>`}</p>
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect height="10" width=${all === 0 ? 100 : (100 * (all - left)) / all} fill="var(--right)" /></svg>
    ${besideCount(page, more.join(' · '))}
    <div class="row">
      ${button(html`${key('U')}Undo`, () => page.undo(), { class: 'small', disabled: !page.canUndo(), 'aria-keyshortcuts': 'u' })}
      ${button(html`${key('?')}Keys`, () => page.update({ showsKeys: true }), { class: 'small', 'aria-keyshortcuts': '?' })}
      ${button('Take', () => page.show('take'), { class: 'small take' })}</div>
  </div>`;
}

/** How many people and submissions are left in the section that is shown, before how many are left in all. */
function ofSection(page: GradingPage, left: number): VNode | undefined {
  const { section, graded } = page.state;
  if (section === undefined) return undefined;
  const cases = page.cases();
  const people = (graded?.people ?? []).filter((one) => page.isShown(one));
  const ids = new Set(cases.flatMap((one) => one.people.map(({ id }) => id)));
  const submissions = cases.filter(({ isNobodys }) => isNobodys).length;
  return html`<span class="open">${ids.size} of ${people.length + submissions} in ${section}; ${left} in all</span><span class="unseen">: </span>` as VNode;
}

/** All in one place, so that the bar does not change its height when the page grades. */
function besideCount(page: GradingPage, more: string): VNode {
  if (page.state.doing) return html`<div class="row doing">${progressView(page)}</div>`;
  if (page.isGraded()) return html`<p class="faint more">${more}</p>`;
  return html`<div class="row doing"><span class="open">The last step is not graded yet.</span> ${button('Grade', () => page.order('grade'), { class: 'small main' })}</div>`;
}

function kindView(page: GradingPage, kind: ShownKind): VNode | undefined {
  const { trace } = page.state;
  const left = page.left(kind.cases);
  const cases = left.filter((one) => page.isShown(one));
  const isTraced = ({ id }: ShownCase) => trace !== undefined && trace.before === id;
  if (cases.length === 0) return undefined;
  const together = alikeIn(cases).map((rows) =>
    togetherButton(page, { rows, label: rows[0].choices[0]?.label ?? '' }),
  );
  const id = `kind-${kind.kind}`;
  return html`<section aria-labelledby=${id} key=${kind.kind}>
    <div class="kind"><h2 id=${id}>${kind.heading} (${countOf(cases, left)})</h2><p>${kind.whatToDo}</p>${together}</div>
    <ul>${cases.flatMap((shown) => [isTraced(shown) && traceView(page), caseView(page, shown)])}</ul>
  </section>` as VNode;
}

/** `3`, or `3 of 9` if others are not shown. */
const countOf = (shown: readonly unknown[], all: readonly unknown[]) =>
  shown.length === all.length ? `${all.length}` : `${shown.length} of ${all.length}`;

/** Asks whether to decide several cases alike. */
function togetherButton(page: GradingPage, together: Together): VNode | undefined {
  const { rows, label } = together;
  if (label === '' || rows.length < 2) return undefined;
  return button(`${label} for all ${rows.length} …`, () => page.update({ together }), { class: 'small' });
}

/** Students whose points were set by hand without saying what was looked at. */
function notLookedAtView(page: GradingPage): VNode | undefined {
  const ids = page.state.graded?.notLookedAt ?? [];
  const rows = page.cases().filter(({ id }) => ids.includes(id));
  return togetherButton(page, { rows, label: lookedAtLabel });
}

/** The last decision, in the place of its row. Each is a new element, so that its fading starts anew. */
function traceView(page: GradingPage): VNode {
  const { trace } = page.state;
  return html`<li class="trace" key=${`${trace?.text} ${trace?.before}`} onAnimationEnd=${() => page.fade()}><span>✓ ${trace?.text}.</span> ${button('Undo', () => page.undo())}</li>`;
}

function endOfList(page: GradingPage): VNode {
  const { trace } = page.state;
  const last = trace && trace.before === undefined && html`<ul>${traceView(page)}</ul>`;
  const left = page.allCases().length;
  const isDone = page.cases().length === 0;
  if (isDone && left > 0)
    return html`${last}<div class="card empty"><p class="good">✓ Nothing is left to decide in ${page.state.section}.</p><p>${button(`Show the ${left} in other sections`, () => page.showSection(undefined), { class: 'main' })}</p></div>` as VNode;
  return html`${last}${isDone && html`<div class="card empty"><p class="good">✓ Nothing is left to decide.</p><p>${button('Take the results', () => page.show('take'), { class: 'main' })}</p></div>`}`;
}

function caseView(page: GradingPage, shown: ShownCase): VNode {
  const { id, people, notes, choices, now, could, isNobodys } = shown;
  const isCurrent = page.current()?.id === id;
  const [first = '', ...others] = notes;
  const points = now === '–' ? html`<span class="open">no points</span>` : html`<strong>${now}</strong>`;
  const buttons = choices.map(({ label }, at) =>
    button(html`${at < 9 && key(String(at + 1))}${label}${forWhom(shown)}`, () => page.choose(shown, at), {
      'aria-keyshortcuts': String(at + 1),
    }),
  );
  const other = isNobodys ? 'Somebody else …' : 'Other points …';
  const onClick = ({ target }: Event) => {
    const number =
      target instanceof Element ? target.closest<HTMLElement>('[data-file]')?.dataset.file : undefined;
    if (number !== undefined) page.open(id, shown.files[Number(number)]);
  };
  return html`<li class="case" id=${rowId(id)} key=${id} tabindex="-1" aria-labelledby=${`name-${id}`} aria-current=${isCurrent || undefined} onClick=${onClick} onFocusIn=${() => page.mark(id, false)}>
    <h3 id=${`name-${id}`}>${namesView(page, shown)}</h3>
    <p class="pts">${!isNobodys && html`${points}${could !== '' && html` → ${could}`} <span class="faint">of ${page.data.rubric.possible}</span>`}</p>
    <div class="what" dangerouslySetInnerHTML=${{ __html: first }}></div>
    ${others.length > 0 && html`<ul class="notes">${others.map((note) => html`<li dangerouslySetInnerHTML=${{ __html: note }}></li>`)}</ul>`}
    ${differenceView(page, shown)}
    <div class="row">${buttons}${button(html`${key('O')}${other}${forWhom(shown)}`, () => page.fill(shown.own, nameOf(shown), shown), { 'aria-keyshortcuts': 'o' })}</div>
    ${people.length > 1 && html`<p class="faint">The decision applies to everybody whose name is ticked.</p>`}
  </li>` as VNode;
}

/** Each name opens the student. If there are several, each can be left out of the decision. */
function namesView(page: GradingPage, { people }: ShownCase): VNode[] {
  const { leftOut } = page.state;
  const toggle = (id: string) => () =>
    page.update({ leftOut: leftOut.includes(id) ? leftOut.filter((one) => one !== id) : [...leftOut, id] });
  return people.map(({ id, name }, at) => {
    const box = html`<input type="checkbox" checked=${!leftOut.includes(id)} aria-label=${`Decide for ${name}`} onChange=${toggle(id)} /> `;
    return html`${people.length > 1 && box}${button(name, () => page.open(id), { class: 'file', 'aria-keyshortcuts': 'e' })}${at === 0 && key('E')} `;
  });
}

const nameOf = ({ people }: ShownCase) =>
  joinNames(
    people.map(({ name }) => name),
    5,
  );

/** For people who cannot see which row a button is in. */
const forWhom = (shown: ShownCase) => html`<span class="unseen"> for ${nameOf(shown)}</span>`;

// Below the list

function folds(page: GradingPage): VNode {
  const { graded, seen } = page.state;
  const allSettled = graded?.settled ?? [];
  const settled = allSettled.filter((one) => page.isShown(one));
  const allDecided = entriesIn(page.tables());
  const decided = allDecided.filter((entry) =>
    page.isShown({ sections: personOf(page, entry)?.sections ?? [] }),
  );
  const everybody = graded?.people ?? [];
  const people = everybody.filter((one) => page.isShown(one));
  const notes = graded?.notes ?? [];
  const missing = seen?.given.missing ?? [];
  const none = settled.map(
    (shown) =>
      html`<li>✓ ${nameOf(shown)}: ${shown.now}; <span dangerouslySetInnerHTML=${{ __html: shown.notes.join(' ') }}></span></li>`,
  );
  return html`${missing.length > 0 && fold('No longer in the table', missing.length, missingView(page))}
    ${settled.length > 0 && fold('Nothing to do', countOf(settled, allSettled), html`<ul>${none}</ul>`)}
    ${fold('Decided', countOf(decided, allDecided), decidedView(page, decided))}
    ${fold('Everybody', countOf(people, everybody), everybodyView(page, people))}
    ${notes.length > 0 && fold('Notes on this run', notes.length, html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`)}`;
}

const fold = (title: string, count: number | string, content: unknown) =>
  html`<details class="fold" key=${title}><summary>${title} (${count})</summary>${content}</details>`;

/** Lines that a zip has and the separate table does not: somebody may have deleted them, or have a different table. */
function missingView(page: GradingPage): VNode {
  const rows = page.state.seen?.given.missing.map(
    (entry) =>
      html`<li>${whoOf(page, entry)}: ${textOf(entry)}, in ${entry.file} ${button('Keep', () => page.keep(entry))}</li>`,
  );
  return html`<ul>${rows}</ul>`;
}

function personOf(page: GradingPage, { about }: Entry): Listed | undefined {
  return page.state.graded?.people.find(({ words }) => words.some((word) => about.includes(word)));
}

function whoOf(page: GradingPage, entry: Entry): string {
  if (entry.table === matchesFile) return entry.about[0] ?? '';
  const person = personOf(page, entry);
  const [word = ''] = entry.about;
  if (person) return person.name;
  return partsOf(word) ? word : `${word} (not in the class)`;
}

/** A line in words: `2 → 15, Typo in line 5 corrected`. */
function textOf({ table, lines: [cells = {}] }: Entry): string {
  const { total = '', adjust = '', reason = '', was = '', text = '', due = '', login = '' } = cells;
  if (table === commentsFile) return `Comment: ${text}`;
  if (table === extensionsFile) return `Due ${due}`;
  if (table === matchesFile) return login === '-' ? 'belongs to nobody' : `belongs to ${login}`;
  const [before = ''] = was.split(' ');
  const stays = total === before || (total === '' && adjust === '');
  const points = stays ? `stays ${before}` : `${before || '…'} → ${total || adjust}`;
  return `${points}, ${reason}`;
}

/** Both decisions about a person, where two files disagree. */
function differenceView(page: GradingPage, { people, submission = '' }: ShownCase): VNode | undefined {
  const ids = people.map(({ id }) => id);
  const listed = page.state.graded?.people.filter(({ id }) => ids.includes(id)) ?? [];
  const words = [...listed.flatMap((one) => one.words), submission];
  const others = otherwiseView(page, words);
  if (others.length === 0) return undefined;
  const counting = entriesIn(page.tables()).filter(({ about }) => about.some((word) => words.includes(word)));
  const says = counting.map((entry) => html`<small>Counts: ${textOf(entry)}</small>`);
  return html`<p>${says}${others}</p>` as VNode;
}

/** Lists where older files say something different about somebody, in one table or in all. */
function otherwiseView(page: GradingPage, words: readonly string[], table?: string): VNode[] {
  const replaced = page.state.seen?.given.replaced ?? [];
  return replaced
    .filter((one) => table === undefined || one.table === table)
    .filter(({ about }) => about.some((word) => words.includes(word)))
    .map((one) => html`<small>${one.file} says ${textOf(one)}</small>`);
}

function decidedView(page: GradingPage, decided: readonly Entry[]): VNode {
  const { steps, saved, graded } = page.state;
  const whenOf = (entry: Entry) => {
    const isIt = ({ table, lines }: Entry) =>
      table === entry.table && lines.some((cells) => saidIn([cells]) === saidIn(entry.lines));
    const step = steps.findLast(({ entries }) => entries.some(isIt));
    if (!step) return 'in an earlier file';
    return saved.includes(step) ? 'just now, saved' : 'just now, not saved';
  };
  const sameWords = (entry: Entry) => personOf(page, entry)?.words ?? entry.about;
  const alsoButton = ({ lines: [cells = {}] }: Entry, who: string) =>
    cells.login !== '-' &&
    button(
      html`Also belongs to somebody else …<span class="unseen">: ${who}</span>`,
      () => page.fill([{ table: matchesFile, cells: { submission: cells.submission ?? '' } }], who),
      { class: 'small' },
    );
  const rows = decided.toReversed().map((entry) => {
    const who = whoOf(page, entry);
    const [login = ''] = entry.table === matchesFile ? [entry.lines[0]?.login ?? ''] : [];
    const named = graded?.people.find(({ words }) => words.includes(wordIn(overridesFile, login)));
    const text = textOf(entry).replace(login, () => named?.name ?? login);
    return html`<tr><th scope="row">${who}</th><td>${text}${otherwiseView(page, sameWords(entry), entry.table)}</td><td class="faint">${whenOf(entry)}</td>
      <td>${button(html`Take back<span class="unseen">: ${who}, ${text}</span>`, () => page.takeBack(entry), { class: 'small' })} ${entry.table === matchesFile && alsoButton(entry, who)}</td></tr>`;
  });
  const anybody = button('Points or a comment for anybody …', () => page.fill([], ''), { class: 'small' });
  return html`<p>${anybody}</p>${rows.length > 0 && html`<div class="wide"><table class="decided"><thead><tr><th scope="col">Who</th><th scope="col">What</th><th scope="col">When</th><td></td></tr></thead><tbody>${rows}</tbody></table></div>`}`;
}

/** Words in the form that a search compares. */
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function everybodyView(page: GradingPage, listed: readonly Listed[]): VNode {
  const { search = '', sort = 'name' } = page.state;
  const pointsOf = ({ points }: Listed) => (points === '–' ? -1 : Number(points));
  const people = listed
    .filter(({ name }) => plain(name).includes(plain(search)))
    .sort((one, other) => {
      if (sort === 'points') return pointsOf(one) - pointsOf(other);
      return sort === 'status' ? one.status.localeCompare(other.status) : 0;
    });
  const rows = people.map(
    ({ id, name, points, status }) =>
      html`<tr key=${id}><th scope="row">${button(name, () => page.open(id), { class: 'file' })}</th><td>${points}</td><td>${status}</td></tr>`,
  );
  const onInput = ({ target }: Event) => page.update({ search: (target as HTMLInputElement).value });
  const onChange = ({ target }: Event) =>
    page.update({ sort: (target as HTMLSelectElement).value as 'name' | 'points' | 'status' });
  const options = ['name', 'points', 'status'].map(
    (by) => html`<option selected=${by === sort}>${by}</option>`,
  );
  return html`<p class="row search"><label>Name <input type="search" value=${search} onInput=${onInput} autocomplete="off" /></label>
      <label>Sort by <select onChange=${onChange}>${options}</select></label></p>
    <table><thead><tr><th scope="col">Student</th><th scope="col">Points</th><th scope="col">Status</th></tr></thead>
    <tbody>${rows}${people.length === 0 && html`<tr><td colspan="3">Nobody has this name.</td></tr>`}</tbody></table>`;
}

// Dialogs

function dialog(
  title: string,
  content: unknown,
  onClose: () => void,
  onSubmit?: (event: SubmitEvent) => void,
) {
  return html`<dialog aria-labelledby="asks" onClose=${onClose} ref=${openDialog}>
    <form class="form" method="dialog" novalidate onSubmit=${onSubmit}><h2 id="asks">${title}</h2>${content}</form>
  </dialog>`;
}

function openDialog(element: HTMLDialogElement | null): void {
  if (element && !element.open) element.showModal();
}

/** Asks for what a button cannot know: points with a reason, a comment, or whose a submission is. */
function formView(page: GradingPage): VNode | undefined {
  const { form, graded } = page.state;
  if (!form) return undefined;
  const { lines, who } = form;
  const people = graded?.people ?? [];
  const isOfNobody = lines.some(({ table }) => table === matchesFile);
  const close = () => page.update({ form: undefined });
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    submit(page, form, (name) => String(given.get(name) ?? '').trim());
  };
  const names = people.map(({ name }) => html`<option value=${name}></option>`);
  const student = html`<label>Student <input name="who" list="names" autocomplete="off" /></label><datalist id="names">${names}</datalist>`;
  const comment = entriesIn(page.tables(), commentsFile).find(({ about }) =>
    about.includes(wordIn(commentsFile, lines[0]?.cells.login)),
  );
  const fields = html`<label>Points <input name="total" inputmode="numeric" autocomplete="off" /><small>in all, of ${page.data.rubric.possible}; empty for a comment alone</small></label>
    <label>Reason <input name="reason" autocomplete="off" /><small>the student reads it</small></label>
    <label>Comment <textarea name="text" rows="3">${comment?.lines[0]?.text}</textarea><small>stands above the feedback</small></label>`;
  const title = isOfNobody ? `Whose is ${who}?` : who || 'Points or a comment for whom?';
  const content = html`${isOfNobody || lines.length === 0 ? student : fields}
    ${page.state.formFault && html`<p class="bad" role="alert">✗ ${page.state.formFault}</p>`}
    <p class="row"><button class="main">${lines.length > 0 ? 'Decide' : 'Next'}</button> ${button('Cancel', close)}</p>`;
  return dialog(title, content, close, onSubmit);
}

/**
 * Makes the decision in a form, or says in a sentence what the form lacks.
 *
 * @param typed the text of a field; empty for one that the form does not have.
 */
function submit(page: GradingPage, { lines, who, row }: Form, typed: (name: string) => string) {
  const lacks = (formFault: string) => page.update({ formFault });
  const decide = (written: readonly Line[], says: string) => {
    page.update({ formFault: undefined });
    page.write(written, `${who}: ${says}`, row ? [row] : []);
  };
  // The form asks whose a submission is, or whom the next form is about.
  if (lines.length === 0 || lines.some(({ table }) => table === matchesFile)) {
    const chosen = page.state.graded?.people.find(({ name }) => name === typed('who'));
    if (!chosen) return lacks('A student is missing: choose a name from the list.');
    const { login = '' } = chosen.ownLine.cells;
    if (lines.length > 0)
      return decide(
        lines.map(({ cells }) => ({ table: matchesFile, cells: { ...cells, login } })),
        chosen.name,
      );
    page.update({ formFault: undefined });
    return page.fill([chosen.ownLine], chosen.name);
  }
  const [total = '', reason = '', text = ''] = ['total', 'reason', 'text'].map(typed);
  if (total === '' && text === '') return lacks('Points or a comment are missing.');
  if (total !== '' && !/^\d+$/.test(total))
    return lacks(`Points are missing: a whole number from 0 to ${page.data.rubric.possible}.`);
  if (total !== '' && reason === '') return lacks('A reason is missing: the student reads it.');
  const points = lines.map((line) => ({ ...line, cells: { ...line.cells, total, reason } }));
  const comments = lines.map(({ cells: { login = '' } }) => ({
    table: commentsFile,
    cells: { login, text },
  }));
  decide(
    [...(total === '' ? [] : points), ...(text === '' ? [] : comments)],
    total === '' ? 'a comment' : total,
  );
}

/** Shows the names before several cases are decided at once. */
function togetherView(page: GradingPage): VNode | undefined {
  const { together } = page.state;
  if (!together) return undefined;
  const { rows, label } = together;
  const close = () => page.update({ together: undefined });
  const decide = () => page.decideTogether(together);
  const content = html`<ul>${rows.map((shown) => html`<li>${nameOf(shown)}</li>`)}</ul>
    <p class="row">${button(`${label} for all ${rows.length}`, decide, { class: 'main' })} ${button('Cancel', close)}</p>`;
  return dialog(`${label} for all ${rows.length}?`, content, close);
}

const keysOf = [
  ['1, 2, …', 'the choices of the marked case'],
  ['O', 'other points'],
  ['E', 'everything from the student'],
  ['J, K', 'next, previous'],
  ['U', 'undo'],
  ['Escape', 'closes the panel'],
  ['?', 'this list'],
] as const;

function keysView(page: GradingPage): VNode | undefined {
  const { showsKeys, hasKeys } = page.state;
  if (!showsKeys) return undefined;
  const close = () => page.update({ showsKeys: false });
  const rows = keysOf.map(
    ([keys, what]) => html`<tr><th scope="row"><kbd>${keys}</kbd></th><td>${what}</td></tr>`,
  );
  const onChange = ({ target }: Event) => page.update({ hasKeys: (target as HTMLInputElement).checked });
  const content = html`<table><tbody>${rows}</tbody></table>
    <p><label><input type="checkbox" checked=${hasKeys} onChange=${onChange} /> Single keys are on</label></p>
    <p>They do nothing while you type in a field. Everything also works with Tab and Enter.</p>
    <p class="row">${button('Close', close, { class: 'main' })}</p>`;
  return dialog('Keys', content, close);
}

/** Handles the keyboard shortcuts of this view. */
export function pressKey(page: GradingPage, event: KeyboardEvent): void {
  const { state } = page;
  const isTyping =
    event.target instanceof Element && event.target.closest('input:not([type=checkbox]), select, textarea');
  const isBusy = document.querySelector('dialog[open]:not(#panel)') !== null;
  if (state.view !== 'decide' || isBusy || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && state.panel) page.closePanel();
  if (!state.hasKeys || isTyping) return;
  const current = page.current();
  const does: Readonly<Record<string, () => void>> = {
    j: () => page.step(1),
    k: () => page.step(-1),
    u: () => page.undo(),
    o: () => current && page.fill(current.own, nameOf(current), current),
    e: () => current && page.open(current.people[0]?.id ?? current.id),
    '?': () => page.update({ showsKeys: true }),
  };
  const pressed = event.key.toLowerCase();
  const choice = /^[1-9]$/.test(pressed) ? Number(pressed) - 1 : undefined;
  if (does[pressed] || choice !== undefined) event.preventDefault();
  does[pressed]?.();
  if (choice !== undefined && current) page.choose(current, choice);
}

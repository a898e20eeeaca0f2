import type { VNode } from 'preact';
import { alikeIn, type ShownCase, type ShownKind } from '../../class/pages/shown';
import type { Listed } from '../../class/pages/shown-class';
import { toDecideText } from '../../class/pages/statistics';
import { html } from '../../page/client/elements';
import { joinNames } from '../../system/lists';
import { button, key, sectionsView } from './controls';
import { type DecidePage, rowId, type Together } from './decide-page';
import { decidedView, linesAbout } from './decided';
import { formView, keysView, nameView, togetherView } from './forms';
import { panelView } from './panel';

// The view in which a person decides: the bar, the list of cases, the folds below it, and the panel beside it.

export function decideView(page: DecidePage): VNode | undefined {
  const { graded, panel } = page.state;
  if (!graded) return undefined;
  return html`${bar(page)}${sectionsView(page)}
    <div class=${`decide${panel ? ' with' : ''}`}>
      <div class="list">${listOf(page)}${foldsOf(page)}</div>
      ${panel && panelView(page, panel)}
    </div>
    ${formView(page)}${togetherView(page)}${nameView(page)}${keysView(page)}` as VNode;
}

/**
 * Keeps a view until a part of the state that it depends on changes. Otherwise, each progress step while a large class
 * is graded would draw all rows again.
 */
function remembered(partsOf: (page: DecidePage) => readonly unknown[], view: (page: DecidePage) => VNode) {
  let last: { readonly parts: readonly unknown[]; readonly made: VNode } | undefined;
  return (page: DecidePage): VNode => {
    const parts = partsOf(page);
    if (!last || parts.some((part, at) => part !== last?.parts[at])) last = { parts, made: view(page) };
    return last.made;
  };
}

const listOf = remembered(
  ({ state }) => [state.graded, state.section, state.pending, state.trace, state.current, state.leftOut],
  (page) => html`${page.state.graded?.open.map((kind) => kindView(page, kind))}${endOfList(page)}`,
);

const foldsOf = remembered(
  ({ state }) => [
    state.graded,
    state.section,
    state.given,
    state.made,
    state.saved,
    state.search,
    state.sort,
  ],
  folds,
);

/** How far grading has got, what is not saved, and what can be done from anywhere. */
function bar(page: DecidePage): VNode {
  const { graded } = page.state;
  const toDecide = page.leftToDecide();
  const { people, submissions } = toDecide;
  const left = people + submissions;
  const all = (graded?.people.length ?? 0) + submissions;
  const unsaved = page.unsaved();
  // A small screen has room only for the number.
  const open = html`<span class="open">${toDecideText(toDecide)}</span><span class="short" aria-hidden="true">${left} to decide</span>`;
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
      ${button(page.next.label, page.next.press, { class: 'small take' })}</div>
  </div>`;
}

/** How many people and submissions are left in the section that is shown, before how many are left in all. */
function ofSection(page: DecidePage, left: number): VNode | undefined {
  const { section, graded } = page.state;
  if (section === undefined) return undefined;
  const cases = page.cases();
  const people = (graded?.people ?? []).filter((one) => page.isShown(one));
  const ids = new Set(cases.flatMap((one) => one.people.map(({ id }) => id)));
  const submissions = cases.filter(({ isNobodys }) => isNobodys).length;
  return html`<span class="open">${ids.size} of ${people.length + submissions} in ${section}; ${left} in all</span><span class="unseen">: </span>` as VNode;
}

/** All in one place, so that the bar does not change its height when the page grades. */
function besideCount(page: DecidePage, more: string): VNode {
  if (page.isGraded()) return html`<p class="faint more">${more}</p>`;
  return html`<div class="row doing">${page.ungraded()}</div>`;
}

function kindView(page: DecidePage, kind: ShownKind): VNode | undefined {
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
function togetherButton(page: DecidePage, together: Together): VNode | undefined {
  const { rows, label } = together;
  if (label === '' || rows.length < 2) return undefined;
  return button(`${label} for all ${rows.length} …`, () => page.update({ together }), { class: 'small' });
}

/** The last decision, in the place of its row. Each is a new element, so that its fading starts anew. */
function traceView(page: DecidePage): VNode {
  const { trace } = page.state;
  return html`<li class="trace" key=${`${trace?.text} ${trace?.before}`} onAnimationEnd=${() => page.fade()}><span>✓ ${trace?.text}.</span> ${button('Undo', () => page.undo())}</li>`;
}

function endOfList(page: DecidePage): VNode {
  const { trace } = page.state;
  const last = trace && trace.before === undefined && html`<ul>${traceView(page)}</ul>`;
  const left = page.allCases().length;
  const isDone = page.cases().length === 0;
  if (isDone && left > 0)
    return html`${last}<div class="card empty"><p class="good">✓ Nothing is left to decide in ${page.state.section}.</p><p>${button(`Show the ${left} in other sections`, () => page.showSection(undefined), { class: 'main' })}</p></div>` as VNode;
  return html`${last}${isDone && html`<div class="card empty"><p class="good">✓ Nothing is left to decide.</p><p>${button(page.next.label, page.next.press, { class: 'main' })}</p></div>`}`;
}

function caseView(page: DecidePage, shown: ShownCase): VNode {
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
    <p class="pts">${!isNobodys && html`${points}${could !== '' && html` → ${could}`} <span class="faint">of ${page.state.graded?.possible}</span>`}</p>
    <div class="what" dangerouslySetInnerHTML=${{ __html: first }}></div>
    ${others.length > 0 && html`<ul class="notes">${others.map((note) => html`<li dangerouslySetInnerHTML=${{ __html: note }}></li>`)}</ul>`}
    <div class="row">${buttons}${button(html`${key('O')}${other}${forWhom(shown)}`, () => page.fill(shown), { 'aria-keyshortcuts': 'o' })}</div>
    ${people.length > 1 && html`<p class="faint">The decision applies to everybody whose name is ticked.</p>`}
  </li>` as VNode;
}

/** Each name opens the student. If there are several, each can be left out of the decision. */
function namesView(page: DecidePage, { people }: ShownCase): VNode[] {
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

function folds(page: DecidePage): VNode {
  const { graded } = page.state;
  const allSettled = graded?.settled ?? [];
  const settled = allSettled.filter((one) => page.isShown(one));
  const allDecided = linesAbout(page);
  const decided = allDecided.filter((line) => page.isShown(line));
  const { notes = [], people: everybody = [] } = graded ?? {};
  const people = everybody.filter((one) => page.isShown(one));
  const none = settled.map(
    (shown) =>
      html`<li>✓ ${nameOf(shown)}: ${shown.now}; <span dangerouslySetInnerHTML=${{ __html: shown.notes.join(' ') }}></span></li>`,
  );
  return html`${settled.length > 0 && fold('Nothing to do', countOf(settled, allSettled), html`<ul>${none}</ul>`)}
    ${fold('Decided', countOf(decided, allDecided), decidedView(page, decided))}
    ${fold('Everybody', countOf(people, everybody), everybodyView(page, people))}
    ${notes.length > 0 && fold('Notes on this run', notes.length, html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`)}`;
}

const fold = (title: string, count: number | string, content: unknown) =>
  html`<details class="fold" key=${title}><summary>${title} (${count})</summary>${content}</details>`;

/** Words in the form that a search compares. */
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function everybodyView(page: DecidePage, listed: readonly Listed[]): VNode {
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

/** Handles the keyboard shortcuts of this view. */
export function pressKey(page: DecidePage, event: KeyboardEvent): void {
  const { state } = page;
  const isTyping =
    event.target instanceof Element && event.target.closest('input:not([type=checkbox]), select, textarea');
  const isBusy = document.querySelector('dialog[open]:not(#panel)') !== null;
  // A key that is held down decides once.
  if (isBusy || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && state.panel) page.closePanel();
  if (!state.hasKeys || isTyping) return;
  const current = page.current();
  const does: Readonly<Record<string, () => void>> = {
    j: () => page.step(1),
    k: () => page.step(-1),
    u: () => page.undo(),
    o: () => current && page.fill(current),
    e: () => current && page.open(current.people[0]?.id ?? current.id),
    '?': () => page.update({ showsKeys: true }),
  };
  const pressed = event.key.toLowerCase();
  const choice = /^[1-9]$/.test(pressed) ? Number(pressed) - 1 : undefined;
  if (does[pressed] || choice !== undefined) event.preventDefault();
  does[pressed]?.();
  if (choice !== undefined && current) page.choose(current, choice);
}

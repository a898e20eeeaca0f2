import type { VNode } from 'preact';
import type { Draft } from '../../class/decisions/press';
import type { Listed, Standing } from '../../class/pages/shown-class';
import { html } from '../../page/client/elements';
import { momentOf, toIsoSeconds } from '../../rubric/moment';
import { button } from './controls';
import type { DecidePage, Form } from './decide-page';

// The dialogs: a form for what a button cannot know, the names before several are decided, who decides, and the keys.

function dialog(
  title: string,
  content: unknown,
  onClose: () => void,
  more: { readonly key?: unknown; readonly onSubmit?: (typed: FormData) => void } = {},
) {
  const onSubmit = (event: SubmitEvent) => {
    if (!more.onSubmit) return;
    event.preventDefault();
    more.onSubmit(new FormData(event.target as HTMLFormElement));
  };
  return html`<dialog key=${more.key} aria-labelledby="asks" onClose=${onClose} ref=${openDialog}>
    <form class="form" method="dialog" novalidate onSubmit=${onSubmit}><h2 id="asks">${title}</h2>${content}</form>
  </dialog>`;
}

function openDialog(element: HTMLDialogElement | null): void {
  if (element && !element.open) element.showModal();
}

/** What stands for nobody in particular. */
const nothing: Standing = { points: '', isExcused: false, reason: '', comment: '', due: '' };

export function formView(page: DecidePage): VNode | undefined {
  const { form, formFault } = page.state;
  if (!form) return undefined;
  const close = () => page.update({ form: undefined, formFault: undefined });
  const onSubmit = (typed: FormData) => {
    const made = form.owners ? ownersIn(page, form.owners, typed) : decisionsIn(page, form, typed);
    if (typeof made === 'string') page.update({ formFault: made });
    else page.press({ ...made, rows: form.row ? [form.row] : [] });
  };
  const content = html`${form.owners ? ownerFields(page, form.owners) : studentFields(page, form)}
    ${formFault && html`<p class="bad" role="alert">✗ ${formFault}</p>`}
    <p class="row"><button class="main">Decide</button> ${button('Cancel', close)}</p>`;
  return dialog(form.title, content, close, { key: form.id, onSubmit });
}

const listedIn = (page: DecidePage, { people }: Form) =>
  people.flatMap((id) => page.state.graded?.people.find((one) => one.id === id) ?? []);

/** What stands for the person of a form; of several, nothing. */
function beginningOf(people: readonly Listed[]): Standing {
  const [first] = people;
  return first && people.length === 1 ? first.stands : nothing;
}

function studentFields(page: DecidePage, form: Form): VNode {
  const { possible, timezone } = page.state.graded ?? {};
  const people = listedIn(page, form);
  const { points, isExcused, reason, comment, due } = beginningOf(people);
  const now = people.length === 1 ? `now ${people[0]?.points} of ${possible}` : `of ${possible}`;
  const extension =
    timezone &&
    html`<label>Due <input name="due" value=${due} placeholder="2026-12-01T23:59" autocomplete="off" />
      <small>an extension, in the time zone ${timezone}</small></label>`;
  return html`<label>Points <input name="points" value=${points} autocomplete="off" />
      <small>in all, or to add, such as +2; ${now}</small></label>
    <label class="tick"><input type="checkbox" name="isExcused" checked=${isExcused} /> Excused: no points, and no zero</label>
    <label>Reason <input name="reason" value=${reason} autocomplete="off" /><small>the student reads it</small></label>
    <label>Comment <textarea name="comment" rows="3">${comment}</textarea><small>stands above the feedback</small></label>
    ${extension}` as VNode;
}

/** What a form decides. */
interface Made {
  readonly drafts: readonly Draft[];
  readonly text: string;
}

/** What was typed into the form of a student, and what of it was changed. */
function typedIn(before: Standing, typed: FormData) {
  const textIn = (name: string) => String(typed.get(name) ?? '').trim();
  const [points = '', reason = '', comment = '', due = ''] = ['points', 'reason', 'comment', 'due'].map(
    textIn,
  );
  const isExcused = typed.has('isExcused');
  return {
    ...{ points, reason, comment, due, isExcused },
    isPoints: points !== before.points || isExcused !== before.isExcused || reason !== before.reason,
    isComment: comment !== before.comment,
    isDue: due !== before.due,
  };
}

type Typed = ReturnType<typeof typedIn>;

/** The decisions in a form: what was typed, for each person; or a sentence on what it lacks. */
function decisionsIn(page: DecidePage, form: Form, data: FormData): Made | string {
  const people = listedIn(page, form);
  const typed = typedIn(beginningOf(people), data);
  const { timezone = 'UTC', possible = 0 } = page.state.graded ?? {};
  const moment = momentOf(typed.due, timezone);
  const fault = faultIn(typed, moment);
  if (fault !== undefined) return fault;
  const { points, reason, comment, isExcused } = typed;
  const given = { does: isExcused ? { isExcused: true as const } : pointsIn(points), reason };
  const due = moment === undefined ? undefined : { due: toIsoSeconds(moment) };
  const drafts = people.flatMap((person): Draft[] => [
    ...pointsDrafts(form, person, typed.isPoints ? given : undefined),
    ...(typed.isComment ? [draftOf(person, 'comment', { does: { text: comment } })] : []),
    ...(typed.isDue ? [draftOf(person, 'due', { does: due })] : []),
  ]);
  return { drafts, text: `${form.title}: ${saysIn(typed, possible)}` };
}

/** `16, above the 14 that are possible, a comment` */
function saysIn(typed: Typed, possible: number): string {
  const { points, comment, due, isExcused } = typed;
  const above = Number(points) > possible ? `, above the ${possible} that are possible` : '';
  const pointsText = isExcused ? 'excused' : (points || 'as computed') + above;
  const says = [
    typed.isPoints && pointsText,
    typed.isComment && (comment === '' ? 'no comment' : 'a comment'),
    typed.isDue && (due === '' ? 'no extension' : `due ${due}`),
  ];
  return says.filter(Boolean).join(', ');
}

function faultIn(typed: Typed, moment: number | undefined): string | undefined {
  const { isPoints, isComment, isDue, points, isExcused, reason } = typed;
  const isGiven = points !== '' || isExcused;
  const faults = [
    [!isPoints && !isComment && !isDue, 'Nothing is changed: points, a comment or a due date are missing.'],
    [isExcused && points !== '', 'Somebody who is excused has no points: empty one of the two.'],
    [
      isPoints && points !== '' && !/^[+-]?\d{1,6}$/.test(points),
      'Points are missing: a whole number from 0 on, or one to add, such as +2.',
    ],
    [isPoints && isGiven && reason === '', 'A reason is missing: the student reads it.'],
    [isDue && typed.due !== '' && moment === undefined, 'A due date is missing: such as 2026-12-01T23:59.'],
  ] as const;
  return faults.find(([isFault]) => isFault)?.[1];
}

function pointsIn(points: string): Draft['does'] {
  if (points === '') return undefined;
  return /^[+-]/.test(points) ? { adjust: Number(points) } : { total: Number(points) };
}

/** What a form says of a person's points. Opened from a case, it closes what that shows; otherwise, nothing. */
function pointsDrafts(
  { row }: Form,
  person: Listed,
  given: Pick<Draft, 'does' | 'reason'> | undefined,
): Draft[] {
  const at = row?.people.findIndex(({ id }) => id === person.id) ?? -1;
  const closing = row?.closing[at];
  if (closing) return [{ ...closing, ...given }];
  if (!given) return [];
  const { codes: _, ...saw } = person.saw.points;
  return [{ ...draftOf(person, 'points', given), saw }];
}

function draftOf(
  { about, saw }: Listed,
  aspect: 'points' | 'comment' | 'due',
  more: Pick<Draft, 'does' | 'reason'>,
): Draft {
  return { about, aspect, saw: saw[aspect], ...more };
}

function ownerFields(page: DecidePage, { does }: Draft): VNode {
  const keys = new Map(page.state.graded?.keys);
  const owners = does?.owners?.map(({ key }) => keys.get(key) ?? key) ?? [];
  const options = page.state.graded?.people.map(
    ({ id, name }) => html`<option value=${id} selected=${owners.includes(id)}>${name}</option>`,
  );
  return html`<label>Students <select name="owners" multiple size="8">${options}</select>
    <small>several with Ctrl or ⌘; nobody, if none is chosen</small></label>` as VNode;
}

function ownersIn(page: DecidePage, draft: Draft, typed: FormData): Made {
  const ids = typed.getAll('owners');
  const people = page.state.graded?.people.filter(({ id }) => ids.includes(id)) ?? [];
  const owners = people.flatMap(({ about }) => ('key' in about ? about : []));
  const { about, aspect, saw } = draft;
  const what = 'submission' in about ? about.submission : '';
  const names = people.map(({ name }) => name).join(', ') || 'nobody';
  return {
    drafts: [{ about, aspect, saw, does: { owners } }],
    text: `${what}: ${names}`,
  };
}

/** Shows the names before several cases are decided at once. */
export function togetherView(page: DecidePage): VNode | undefined {
  const { together } = page.state;
  if (!together) return undefined;
  const { rows, label } = together;
  const close = () => page.update({ together: undefined });
  const decide = () => page.decideTogether(together);
  const names = rows.map(({ people }) => html`<li>${people.map(({ name }) => name).join(', ')}</li>`);
  const content = html`<ul>${names}</ul>
    <p class="row">${button(`${label} for all ${rows.length}`, decide, { class: 'main' })} ${button('Cancel', close)}</p>`;
  return dialog(`${label} for all ${rows.length}?`, content, close);
}

/** Asks once who decides here. */
export function nameView(page: DecidePage): VNode | undefined {
  if (!page.state.waiting) return undefined;
  const close = () => page.update({ waiting: undefined });
  const names = new Set(page.journal().all.map(({ by }) => by));
  names.delete('');
  const options = [...names].map((name) => html`<option value=${name}></option>`);
  const content = html`<label>Your name <input name="by" list="names" autocomplete="off" />
      <small>It stands beside your decisions, and never in what students get. It may stay empty.</small></label>
    <datalist id="names">${options}</datalist>
    <p class="row"><button class="main">Go on</button> ${button('Cancel', close)}</p>`;
  return dialog('Who decides here?', content, close, {
    key: 'name',
    onSubmit: (typed) => page.name(String(typed.get('by') ?? '').trim()),
  });
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

export function keysView(page: DecidePage): VNode | undefined {
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

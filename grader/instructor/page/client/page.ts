import type { GradedCell, Report } from '../../../grading/report.schema';
import { type Message, message } from '../../../message';
import { sha256 } from '../../../platform';
import { type HtmlText, html, sentence, text } from '../../../render/escape/html';
import { nextStep } from '../../../render/reasons';
import { isComplete, outcomes } from '../../../render/status';
import { rowsOf } from '../../../rubric/rubric';
import type { PageData } from '../page';
import {
  baseName,
  fieldOf,
  filesOf,
  misreadResponses,
  partOf,
  readAnswersBack,
  readReflectionBack,
  type TakenOver,
  type Work,
} from '../work';
import { copy, download, readFiles, zipOf } from './files';
import { type Graded, Grading } from './grading';
import { type Change, History } from './history';
import { type Field, moveByArrow } from './keys';
import { resultInWords, resultOf, rowInWords, saidOfResponses, saidOfRow, saidOfSlip, stateOf } from './said';
import { Store } from './store';

/** Brings the page to life. */
export function startPage(): void {
  const data = JSON.parse(element('data').textContent ?? '') as PageData;
  new Page(data, document.currentScript?.textContent ?? '').start();
}

/** How long somebody who types a response pauses before it is looked at, in milliseconds. */
const pause = 300;

class Page {
  private readonly data: PageData;
  private readonly store: Store;
  private readonly grading: Grading;
  private readonly history = new History();
  private readonly fields: ReadonlyMap<string, Field>;
  private readonly rowOfField = new Map<string, string>();
  private readonly work = new Map<string, string>();
  /** Rows whose marks are shown: those that were complete once, or all after Check. */
  private readonly shown = new Set<string>();
  /** What is to be said once it is graded: a row, or all. */
  private readonly toSay = new Set<string>();
  private report: Report | undefined;
  /** What the Report is of. */
  private graded: Graded = { work: new Map(), quoted: new Set() };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastField: Field | undefined;

  constructor(data: PageData, script: string) {
    this.data = data;
    this.store = new Store(data.rubric);
    this.fields = new Map(
      [...document.querySelectorAll<Field>('[data-field]')].map((field) => [
        field.dataset.field ?? '',
        field,
      ]),
    );
    for (const { id, cells } of rowsOf(data.rubric))
      for (const cell of cells) this.rowOfField.set(fieldOf.cell(id, cell.id), id);
    const failed = (reason: string) => {
      const said = 'Nothing can be checked here: {reason}. Save your files and hand them in.';
      this.note('notes', [message('page/no-grading', said, { reason })]);
    };
    this.grading = new Grading(data, script, (report, graded) => this.take(report, graded), failed);
  }

  start(): void {
    for (const [name, field] of this.fields) this.listenTo(name, field);
    this.listenToButtons();
    this.listenToOthers();
    const kept = this.store.load();
    this.show(kept);
    if (kept.size === 0) this.takeEarlier();
    if (!this.store.isKept) this.sayNotKept();
    for (const row of this.completeRows()) this.shown.add(row);
    // What is here can be used before anything is graded.
    setTimeout(() => this.grade());
  }

  // What is typed

  private listenTo(name: string, field: Field): void {
    field.addEventListener('focus', () => {
      this.lastField = field;
      this.highlight(this.rowOfField.get(name));
    });
    field.addEventListener('input', () => {
      const before = this.work.get(name) ?? '';
      this.history.type({ field: name, before, after: field.value });
      this.set(name, field.value);
      this.showHistory();
      if (field instanceof HTMLTextAreaElement) {
        fitHeight(field);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.grade(), pause);
      } else if (field instanceof HTMLSelectElement) this.finish(name);
      else this.showTyping(name);
    });
    field.addEventListener('blur', () => this.finish(name));
    field.addEventListener('keydown', (event) => {
      if (event instanceof KeyboardEvent) moveByArrow(event, field);
    });
  }

  /** Knows what a field holds. */
  private hold(name: string, typed: string): void {
    if (typed === '') this.work.delete(name);
    else this.work.set(name, typed);
  }

  /** The same, and keeps it. */
  private set(name: string, typed: string): void {
    this.hold(name, typed);
    this.store.save(name, typed);
    if (!this.store.isKept) this.sayNotKept();
  }

  /** Somebody has left a field, and what they typed there is not graded yet. */
  private finish(name: string): void {
    if ((this.graded.work.get(name) ?? '') === (this.work.get(name) ?? '') && !this.isTyping(name)) return;
    const row = this.rowOfField.get(name);
    if (row !== undefined) {
      if (this.completeRows().includes(row)) this.shown.add(row);
      if (this.shown.has(row)) this.toSay.add(row);
    }
    this.grade();
  }

  /** Changes fields by something else than typing, and shows it. */
  private apply(changes: readonly Change[]): void {
    for (const { field, after } of changes) this.set(field, after);
    for (const row of this.completeRows()) this.shown.add(row);
    this.showWork();
    this.showHistory();
    this.grade();
  }

  /** The changes that lead from what is here to something else. */
  private changesTo(work: Work): Change[] {
    return [...this.fields.keys()].flatMap((field) => {
      const [before, after] = [this.work.get(field) ?? '', work.get(field) ?? ''];
      return before === after ? [] : [{ field, before, after }];
    });
  }

  private undo(what: 'undo' | 'redo'): void {
    if (!(what === 'undo' ? this.history.canUndo : this.history.canRedo)) return;
    // Where another tab has changed a field since, that stays.
    const changes = this.history[what]().filter(
      ({ field, before }) => (this.work.get(field) ?? '') === before,
    );
    this.apply(changes);
    const [first] = changes;
    const field = first && this.fields.get(first.field);
    if (changes.length === 1) field?.focus();
    this.say(what === 'undo' ? 'Undone.' : 'Done again.');
  }

  private undoByKey(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key)) return;
    event.preventDefault();
    this.undo(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }

  // Other tabs, and earlier times

  private listenToOthers(): void {
    this.store.listen({
      changed: (field, typed) => this.takeFromOther(new Map([...this.work, [field, typed]])),
      cleared: () => this.forget(),
    });
    // A tab that slept may have missed what happened in another one.
    const awake = () => {
      if (!this.store.isKept) return;
      const kept = this.store.load();
      if (this.store.wasCleared()) this.forget();
      else if (kept.size > 0) this.takeFromOther(kept);
    };
    window.addEventListener('pageshow', awake);
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && awake());
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved().length > 0) event.preventDefault();
    });
  }

  /** Shows what is kept already. @returns whether that is something else than what was here. */
  private show(work: Work): boolean {
    const changes = this.changesTo(work);
    for (const { field, after } of changes) this.hold(field, after);
    if (changes.length > 0) this.showWork();
    return changes.length > 0;
  }

  private takeFromOther(work: Work): void {
    if (this.show(work)) this.grade();
  }

  private takeEarlier(): void {
    const versions = this.store.earlier().map((work) => this.changesTo(work));
    const [best = []] = versions.sort((one, other) => other.length - one.length);
    if (best.length === 0) return;
    for (const { field, after } of best) this.set(field, after);
    this.showWork();
    const said = 'What you typed into an earlier version of this worksheet was taken over.';
    this.note('notes', [message('page/earlier', said)]);
  }

  private sayNotKept(): void {
    const said = 'This browser keeps nothing that you type here. Save your files before you close the page.';
    this.note('notes', [message('page/not-kept', said)]);
    element('kept').textContent = 'This browser does not keep what you type.';
  }

  // What is shown

  private showWork(): void {
    for (const [name, field] of this.fields) {
      const typed = this.work.get(name) ?? '';
      if (field.value !== typed) field.value = typed;
      if (field instanceof HTMLTextAreaElement) fitHeight(field);
    }
  }

  private completeRows(): string[] {
    return rowsOf(this.data.rubric)
      .filter(({ id, cells }) => cells.every((cell) => this.work.get(fieldOf.cell(id, cell.id))?.trim()))
      .map(({ id }) => id);
  }

  private grade(): void {
    clearTimeout(this.timer);
    this.grading.grade(this.work);
  }

  private check(): void {
    for (const { id } of rowsOf(this.data.rubric)) this.shown.add(id);
    this.toSay.clear();
    this.toSay.add(allOfIt);
    this.grade();
  }

  private take(report: Report, graded: Graded): void {
    this.report = report;
    this.graded = graded;
    const { rubric } = this.data;
    for (const row of report.rows) {
      const isShown = this.shown.has(row.id);
      for (const cell of row.cells) this.showCell(row.id, cell, isShown);
      const place = element(partOf.said(row.id));
      put(place, isShown ? saidOfRow(row, report, rubric) : html``);
      place.parentElement?.toggleAttribute('hidden', place.textContent === '');
    }
    const isAnyShown = this.shown.size > 0 && report.started;
    put(element('result'), isAnyShown ? resultOf(report) : html``);
    element('result').classList.toggle('done', isAnyShown && isComplete(report));
    this.showResponses(report);
    this.announce(report);
    // For whoever waits until it is graded, as tests do.
    const { dataset } = document.documentElement;
    dataset.graded = String(Number(dataset.graded ?? 0) + 1);
  }

  /** Whether a field holds something else than what was graded, so that what is known is not about that. */
  private isTyping(name: string): boolean {
    return this.fields.get(name)?.dataset.typing === 'true';
  }

  private showCell(row: string, cell: GradedCell, isShown: boolean): void {
    const name = fieldOf.cell(row, cell.id);
    const typed = this.work.get(name) ?? '';
    if (typed !== (this.graded.work.get(name) ?? '')) return;
    const isQuoted = this.graded.quoted.has(name);
    const outcome = isShown ? cell.outcome : outcomeOf(typed);
    const names = Object.keys(this.data.facts);
    this.showState(
      name,
      outcome,
      isShown ? stateOf(cell) : wordOf(outcome),
      isShown ? saidOfSlip(cell, isQuoted, names) : text(''),
    );
    delete this.fields.get(name)?.dataset.typing;
  }

  /** While somebody types, what was said of the field before is not about what it holds now. */
  private showTyping(name: string): void {
    const outcome = outcomeOf(this.work.get(name) ?? '');
    this.showState(name, outcome, wordOf(outcome), text(''));
    const field = this.fields.get(name);
    if (field) field.dataset.typing = 'true';
  }

  private showState(name: string, outcome: GradedCell['outcome'], state: HtmlText, reason: HtmlText): void {
    put(element(partOf.state(name)), state);
    put(element(partOf.reason(name)), reason);
    const field = this.fields.get(name);
    field?.setAttribute('aria-invalid', String(outcome === 'wrong' || outcome === 'invalid'));
    field?.closest('td')?.setAttribute('data-outcome', outcome);
  }

  private showResponses(report: Report): void {
    const { reflection } = report;
    if (!reflection) return;
    const misread = misreadResponses(this.graded.work, this.data.rubric);
    const isAnswered = new Map(
      reflection.responses.map(({ id, answered }) => [fieldOf.response(id), answered]),
    );
    for (const [name, field] of this.fields) {
      if (!(field instanceof HTMLTextAreaElement)) continue;
      const isEmpty = field.value.trim() === '';
      const isLost = misread.includes(name);
      const { sign } = outcomes[isLost ? 'invalid' : isAnswered.get(name) ? 'correct' : 'blank'];
      const counts = isAnswered.get(name) ? 'counts as a response' : 'no response';
      const ofDispute = isEmpty ? '' : 'your instructors will read this; it earns nothing';
      const word = name === fieldOf.dispute ? ofDispute : isLost ? 'not all of it can be saved' : counts;
      put(element(partOf.state(name)), text(word === '' ? '' : `${sign} ${word}`));
      const warning = 'It repeats a line that the file has of its own. Say that line in other words.';
      put(element(partOf.reason(name)), text(isLost ? warning : ''));
      field.closest('.response')?.toggleAttribute('data-empty', isEmpty);
    }
    const said = saidOfResponses(report);
    // What is put there again is read aloud again.
    if (element('responses').innerHTML !== markupOf(said)) put(element('responses'), said);
  }

  private announce(report: Report): void {
    const rows = report.rows.filter(({ id }) => this.toSay.has(id)).map((row) => rowInWords(row, report));
    const all = this.toSay.has(allOfIt) ? [resultInWords(report)] : [];
    this.toSay.clear();
    if (rows.length + all.length > 0) this.say([...rows, ...all].join(' '));
  }

  private say(words: string): void {
    element('live').textContent = words;
  }

  private note(place: 'notes' | 'opened', notes: readonly Message[]): void {
    const list = html`<ul>${notes.map((one) => html`<li>${sentence(one)}</li>`)}</ul>`;
    put(element(place), notes.length === 0 ? html`` : list);
  }

  private showHistory(): void {
    element('undo').setAttribute('aria-disabled', String(!this.history.canUndo));
    element('redo').setAttribute('aria-disabled', String(!this.history.canRedo));
  }

  /** Marks the row that is worked on in the diagram, and in its table. */
  private highlight(row: string | undefined): void {
    for (const marked of document.querySelectorAll('.current')) marked.classList.remove('current');
    if (row === undefined) return;
    element(partOf.row(row)).classList.add('current');
    for (const node of document.querySelectorAll<SVGElement>('figure.diagram .node'))
      if (node.dataset.id === row) node.classList.add('current');
  }

  // Buttons

  private listenToButtons(): void {
    document.addEventListener('keydown', (event) => this.undoByKey(event));
    onClick('#check', () => this.check());
    onClick('#undo', () => this.undo('undo'));
    onClick('#redo', () => this.undo('redo'));
    onClick('[data-name]', ({ name = '' }) => this.type(name));
    onClick('[data-save]', ({ save = '' }) => this.save(save));
    onClick('[data-copy]', ({ copy: file = '' }) => this.copy(file));
    onClick('#zip', () => this.saveZip());
    onClick('#clear', () => this.askToClear());
    onClick('#no', () => this.dialog.close());
    onClick('#yes', () => this.clear());
    element('result').addEventListener('click', ({ target }) => {
      const go = target instanceof HTMLElement ? target.dataset.go : undefined;
      if (go !== undefined) this.fields.get(go)?.focus();
    });
    const open = element('open') as HTMLInputElement;
    open.addEventListener('change', () => {
      void this.open([...(open.files ?? [])]).then(() => {
        open.value = '';
      });
    });
    // A file that is dropped would take the place of the page.
    const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;
    document.addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
    document.addEventListener('drop', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      void this.open([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** Types a name where somebody typed last, or into the first cell that is empty. */
  private type(name: string): void {
    const isCell = (field: Field) => field instanceof HTMLInputElement && field.type === 'text';
    const empty = [...this.fields.values()].find((field) => isCell(field) && field.value === '');
    const field = this.lastField && isCell(this.lastField) ? this.lastField : empty;
    if (!(field instanceof HTMLInputElement)) return;
    field.focus();
    field.setRangeText(name, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  private texts(): Map<string, string> {
    const { rubric } = this.data;
    const { answers, reflection } = filesOf(this.work, this.data);
    const texts = new Map([[rubric.file, answers]]);
    if (rubric.reflection && reflection !== undefined) texts.set(rubric.reflection.file, reflection);
    return texts;
  }

  /** The files that hold something that was not saved as a file. */
  private unsaved(): string[] {
    if (this.work.size === 0) return [];
    return [...this.texts()].flatMap(([file, content]) => {
      const digest = sha256(content);
      return [this.saved.get(file), this.store.savedFile(file)].includes(digest) ? [] : [file];
    });
  }

  /** Digests of files as they were saved, where the browser keeps nothing. */
  private readonly saved = new Map<string, string>();

  private saidSaved(words: string, files: ReadonlyMap<string, string>): void {
    for (const [file, content] of files) {
      const digest = sha256(content);
      this.saved.set(file, digest);
      this.store.saveFile(file, digest);
    }
    const left = this.unsaved().map(baseName);
    const isDone = this.report !== undefined && isComplete(this.report);
    const open =
      this.report && !isDone
        ? html` ${text('Not all of it is done:')} ${sentence(nextStep(this.report, 'page'))}`
        : html``;
    const next = left.length > 0 ? `Not saved yet: ${left.join(', ')}.` : 'To hand in, go on below.';
    put(element('saved'), html`${text(`${words} ${next}`)}${open}`);
  }

  private save(file: string): void {
    const content = this.texts().get(file) ?? '';
    download(baseName(file), content, 'text/plain;charset=utf-8');
    this.saidSaved(`Saved ${baseName(file)}.`, new Map([[file, content]]));
  }

  private saveZip(): void {
    const texts = this.texts();
    download(`${slug(this.data.rubric.title)}.zip`, zipOf(texts), 'application/zip');
    this.saidSaved(`Saved ${[...texts.keys()].map(baseName).join(' and ')} in one zip.`, texts);
  }

  private copy(file: string): void {
    void copy(this.texts().get(file) ?? '').then((isCopied) => {
      element('saved').textContent = isCopied
        ? `Copied what belongs into ${baseName(file)}. Paste it there in place of all that is there.`
        : 'This browser does not let a page copy: save the file instead.';
    });
  }

  private async open(chosen: readonly File[]): Promise<void> {
    if (chosen.length === 0) return;
    const { rubric } = this.data;
    const { texts, notes: found } = await readFiles(chosen, rubric);
    const notes: Message[] = [...found];
    const work = new Map(this.work);
    const taken: string[] = [];
    const take = (file: string, back: TakenOver, isOwn: (field: string) => boolean) => {
      for (const field of this.fields.keys()) if (isOwn(field)) work.delete(field);
      for (const [field, typed] of back.work) work.set(field, typed);
      notes.push(...back.notes);
      taken.push(baseName(file));
    };
    const answers = texts.get(rubric.file);
    if (answers !== undefined) {
      const back = readAnswersBack(answers, this.data);
      const isCell = (field: string) => this.rowOfField.has(field);
      if (back.isUnreadable) {
        const said = `${baseName(rubric.file)} cannot be read, so the cells are as they were.`;
        notes.push(...back.notes, message('page/unreadable', said));
      } else take(rubric.file, back, isCell);
    }
    const { reflection } = rubric;
    const responses = reflection && texts.get(reflection.file);
    if (reflection && responses !== undefined)
      take(
        reflection.file,
        readReflectionBack(responses, reflection),
        (field) => !this.rowOfField.has(field),
      );
    const changes = this.changesTo(work);
    this.history.replace(changes);
    this.apply(changes);
    const opened = `Opened ${taken.join(' and ')}. Undo brings back what was here before.`;
    this.note('opened', [...(taken.length === 0 ? [] : [message('page/opened', opened)]), ...notes]);
  }

  private get dialog(): HTMLDialogElement {
    return element('confirm') as HTMLDialogElement;
  }

  private askToClear(): void {
    const left = this.unsaved().map(baseName);
    const lost = left.length === 0 ? '' : ` You have not saved ${left.join(' and ')}.`;
    element('confirm-text').textContent =
      `Clear everything that this worksheet has kept in this browser?${lost} It cannot be undone.`;
    this.dialog.showModal();
  }

  private clear(): void {
    this.dialog.close();
    this.store.clear();
    this.forget();
    const said = 'Everything was cleared. What you saved as files is still where you saved it.';
    this.note('opened', [message('page/cleared', said)]);
  }

  /** Forgets all that was typed here, also what could be undone. */
  private forget(): void {
    this.work.clear();
    this.history.forget();
    this.shown.clear();
    this.saved.clear();
    this.toSay.clear();
    this.lastField = undefined;
    this.note('notes', []);
    this.note('opened', []);
    this.say('');
    element('saved').textContent = '';
    this.showWork();
    this.showHistory();
    this.highlight(undefined);
    this.grade();
  }
}

/** Stands for the whole worksheet among rows; no row can be called so. */
const allOfIt = '(all)';

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

function onClick(selector: string, clicked: (data: DOMStringMap) => void): void {
  for (const button of document.querySelectorAll<HTMLElement>(selector))
    button.addEventListener('click', () => clicked(button.dataset));
}

/** The only way in which markup gets into the page. */
function put(place: HTMLElement, content: HtmlText): void {
  place.innerHTML = content;
}

/** Markup as a browser writes it, to compare with. */
function markupOf(content: HtmlText): string {
  const place = document.createElement('div');
  put(place, content);
  return place.innerHTML;
}

/** The outcome of a field that is not graded. */
function outcomeOf(typed: string): 'blank' | 'ungraded' {
  return typed.trim() === '' ? 'blank' : 'ungraded';
}

function wordOf(outcome: GradedCell['outcome']): HtmlText {
  const { sign, word } = outcomes[outcome];
  return text(`${sign} ${word}`);
}

/** Makes a field as high as its text. */
function fitHeight(area: HTMLTextAreaElement): void {
  area.style.setProperty('--height', 'auto');
  area.style.setProperty('--height', `${area.scrollHeight + 2}px`);
}

/** A title as the name of a file. */
function slug(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, 5).join('-') || 'worksheet';
}

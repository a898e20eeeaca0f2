import type { GradedCell, Report } from '../../../grading/report.schema';
import { type Message, message } from '../../../message';
import { type HtmlText, html, sentence, text } from '../../../render/escape/html';
import { isComplete, outcomes } from '../../../render/status';
import { rowsOf, studentFiles } from '../../../rubric/rubric';
import type { PageData } from '../page';
import {
  fieldOf,
  filesOf,
  isPutInQuotes,
  misreadResponses,
  partOf,
  readAnswersBack,
  readReflectionBack,
} from '../work';
import { copy, download, readFiles, zipOf } from './files';
import { Grading } from './grading';
import { moveByArrow } from './keys';
import { resultOf, rowInWords, saidOfResponses, saidOfRow, saidOfSlip, stateOf } from './said';
import { Store } from './store';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Brings the page to life. */
export function startPage(): void {
  const data = JSON.parse(element('data').textContent ?? '') as PageData;
  new Page(data, document.currentScript?.textContent ?? '').start();
}

/** How long somebody who types a response pauses before it is looked at, in milliseconds. */
const pause = 400;

class Page {
  private readonly data: PageData;
  private readonly store: Store;
  private readonly grading: Grading;
  private readonly fields: ReadonlyMap<string, Field>;
  private readonly rowOfField = new Map<string, string>();
  private work: Map<string, string>;
  /** What fields held before each change, the last one last. */
  private readonly undone: ReadonlyMap<string, string>[] = [];
  /** What the field that is being typed into held before. */
  private before: ReadonlyMap<string, string>;
  /** Rows whose marks are shown: those that were complete once, or all after Check. */
  private readonly shown = new Set<string>();
  /** What is to be said once the next Report is there. */
  private announcement: { readonly row?: string } | undefined;
  private isSaved = true;
  /** Files that were saved since the last change, and of what work. */
  private readonly savedFiles = new Set<string>();
  private savedWork = '';
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
    this.work = this.known(this.store.load());
    this.before = new Map(this.work);
    this.grading = new Grading(
      data,
      script,
      (report) => this.take(report),
      (reason) =>
        this.note([
          message(
            'page/no-grading',
            `Nothing can be checked here: {reason}. Save your files and hand them in.`,
            { reason },
          ),
        ]),
    );
  }

  start(): void {
    const { store } = this;
    if (!store.isKept)
      this.note([
        message(
          'page/not-kept',
          'This browser keeps nothing that you type here. Save your files before you close the page.',
        ),
      ]);
    if (this.work.size === 0) {
      const earlier = this.known(store.earlier());
      if (earlier.size > 0) {
        this.replace(earlier);
        this.note([
          message('page/earlier', 'What you typed into an earlier version of this worksheet was taken over.'),
        ]);
      }
    }
    this.showWork();
    for (const [name, field] of this.fields) this.listenTo(name, field);
    store.onChange((field, typed) => this.takeFromOtherTab(field, typed));
    // A tab that slept may have missed what happened in another one.
    window.addEventListener('pageshow', () => this.readAgain());
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && this.readAgain(),
    );
    window.addEventListener('beforeunload', (event) => {
      if (!this.isSaved) event.preventDefault();
    });
    this.listenToButtons();
    document.addEventListener('keydown', (event) => this.undoByKey(event));
    window.addEventListener('beforeprint', () => this.fitAll());
    for (const row of this.completeRows()) this.shown.add(row);
    this.grade();
  }

  private known(work: ReadonlyMap<string, string>): Map<string, string> {
    return new Map([...work].filter(([field, typed]) => this.fields.has(field) && typed !== ''));
  }

  // What is typed

  private listenTo(name: string, field: Field): void {
    field.addEventListener('focus', () => {
      this.lastField = field;
      this.highlight(this.rowOfField.get(name));
    });
    field.addEventListener('input', () => {
      this.set(name, field.value);
      if (field instanceof HTMLTextAreaElement) {
        fitHeight(field);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.grade(), pause);
      } else if (!(field instanceof HTMLSelectElement)) this.showTyping(name);
    });
    field.addEventListener('change', () => this.finish(name));
    field.addEventListener('keydown', (event) => {
      if (event instanceof KeyboardEvent) moveByArrow(event, field);
    });
  }

  /** Keeps what is typed into a field. */
  private set(name: string, typed: string): void {
    if (typed === '') this.work.delete(name);
    else this.work.set(name, typed);
    this.store.save(name, typed);
    this.isSaved = false;
    if (!this.store.isKept)
      element('saved').textContent = 'This browser does not keep what you type: save your files.';
  }

  /** Somebody has left a field that they changed. */
  private finish(name: string): void {
    this.remember();
    const row = this.rowOfField.get(name);
    if (row !== undefined && this.completeRows().includes(row)) this.shown.add(row);
    this.announcement = row !== undefined && this.shown.has(row) ? { row } : undefined;
    this.grade();
  }

  private remember(): void {
    const after = new Map(this.work);
    if (isSame(after, this.before)) return;
    this.undone.push(this.before);
    this.before = after;
    this.showUndo();
  }

  private undo(): void {
    this.remember();
    const before = this.undone.pop();
    if (!before) return;
    this.replace(before);
    this.before = new Map(before);
    this.showUndo();
    this.say('Undone.');
    this.grade();
  }

  /** Puts other texts into all fields. */
  private replace(work: ReadonlyMap<string, string>): void {
    for (const name of this.fields.keys())
      if ((this.work.get(name) ?? '') !== (work.get(name) ?? '')) this.set(name, work.get(name) ?? '');
    this.showWork();
  }

  private undoByKey(event: KeyboardEvent): void {
    const isTyping =
      event.target instanceof HTMLElement && event.target.matches('input[type=text], textarea');
    if (isTyping || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey)
      return;
    event.preventDefault();
    this.undo();
  }

  private takeFromOtherTab(name: string, typed: string): void {
    const field = this.fields.get(name);
    if (!field || field.value === typed) return;
    if (typed === '') this.work.delete(name);
    else this.work.set(name, typed);
    this.before = new Map(this.work);
    this.showWork();
    this.grade();
  }

  private readAgain(): void {
    if (!this.store.isKept) return;
    const stored = this.known(this.store.load());
    if (isSame(stored, this.work)) return;
    this.work = stored;
    this.before = new Map(stored);
    this.showWork();
    this.grade();
  }

  // What is shown

  private showWork(): void {
    for (const [name, field] of this.fields) {
      const typed = this.work.get(name) ?? '';
      if (field.value !== typed) field.value = typed;
      if (field instanceof HTMLTextAreaElement) fitHeight(field);
    }
  }

  private fitAll(): void {
    for (const field of this.fields.values()) if (field instanceof HTMLTextAreaElement) fitHeight(field);
  }

  private completeRows(): string[] {
    return rowsOf(this.data.rubric)
      .filter(({ id, cells }) => cells.every((cell) => this.work.get(fieldOf.cell(id, cell.id))?.trim()))
      .map(({ id }) => id);
  }

  private grade(): void {
    clearTimeout(this.timer);
    this.grading.grade(filesOf(this.work, this.data));
  }

  private check(): void {
    this.remember();
    for (const { id } of rowsOf(this.data.rubric)) this.shown.add(id);
    this.announcement = {};
    this.grade();
  }

  private take(report: Report): void {
    const { rubric } = this.data;
    for (const row of report.rows) {
      const isShown = this.shown.has(row.id);
      for (const cell of row.cells) this.showCell(row.id, cell, isShown);
      const said = isShown ? saidOfRow(row, report, rubric) : html``;
      const place = element(partOf.said(row.id));
      put(place, said);
      place.parentElement?.toggleAttribute('hidden', place.textContent === '');
    }
    const isAnyShown = this.shown.size > 0 && report.started;
    const result = isAnyShown ? resultOf(report) : html``;
    put(element('result'), result);
    element('result').classList.toggle('done', isAnyShown && isComplete(report));
    this.showResponses(report);
    this.announce(report);
    document.documentElement.dataset.graded = String(
      Number(document.documentElement.dataset.graded ?? 0) + 1,
    );
  }

  private showCell(row: string, cell: GradedCell, isShown: boolean): void {
    const name = fieldOf.cell(row, cell.id);
    const typed = this.work.get(name) ?? '';
    const known = rowsOf(this.data.rubric)
      .find(({ id }) => id === row)
      ?.cells.find(({ id }) => id === cell.id);
    const isQuoted = known !== undefined && isPutInQuotes(known, typed, this.data);
    const outcome = isShown ? cell.outcome : typed.trim() === '' ? 'blank' : 'ungraded';
    const { sign, word } = outcomes[outcome];
    put(element(partOf.state(name)), isShown ? stateOf(cell) : text(`${sign} ${word}`));
    put(element(partOf.reason(name)), isShown ? saidOfSlip(cell, isQuoted) : text(''));
    const field = this.fields.get(name);
    field?.setAttribute('aria-invalid', String(outcome === 'wrong' || outcome === 'invalid'));
    field?.closest('td')?.setAttribute('data-outcome', outcome);
  }

  /** While somebody types, what was said of the field before is not about what it holds now. */
  private showTyping(name: string): void {
    const { sign, word } = outcomes.ungraded;
    put(element(partOf.state(name)), text(`${sign} ${word}`));
    put(element(partOf.reason(name)), text(''));
    const field = this.fields.get(name);
    field?.setAttribute('aria-invalid', 'false');
    field?.closest('td')?.setAttribute('data-outcome', 'ungraded');
  }

  private showResponses(report: Report): void {
    const { reflection } = report;
    if (!reflection) return;
    const misread = misreadResponses(this.work, this.data.rubric);
    for (const { id, answered } of reflection.responses) {
      const name = fieldOf.response(id);
      put(
        element(partOf.state(name)),
        text(
          answered ? `${outcomes.correct.sign} counts as a response` : `${outcomes.blank.sign} no response`,
        ),
      );
    }
    for (const [name, field] of this.fields) {
      if (!(field instanceof HTMLTextAreaElement)) continue;
      const warning =
        'Some of this would be read as another part of the file, as where a line repeats a question. Say it in other words.';
      put(element(partOf.reason(name)), text(misread.includes(name) ? warning : ''));
      field.closest('.response')?.toggleAttribute('data-empty', field.value.trim() === '');
    }
    const said = saidOfResponses(report);
    // What is said again is read aloud again.
    if (element('responses').innerHTML !== markupOf(said)) put(element('responses'), said);
  }

  private announce(report: Report): void {
    const { announcement } = this;
    this.announcement = undefined;
    if (!announcement) return;
    const row = report.rows.find(({ id }) => id === announcement.row);
    this.say(row ? rowInWords(row, report) : (element('result').textContent ?? ''));
  }

  private say(words: string): void {
    element('live').textContent = words;
  }

  private note(notes: readonly Message[]): void {
    const list: HtmlText =
      notes.length === 0 ? html`` : html`<ul>${notes.map((one) => html`<li>${sentence(one)}</li>`)}</ul>`;
    put(element('notes'), list);
  }

  private showUndo(): void {
    element('undo').toggleAttribute('disabled', this.undone.length === 0);
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
    onClick('check', () => this.check());
    onClick('undo', () => this.undo());
    for (const button of document.querySelectorAll<HTMLElement>('[data-name]'))
      button.addEventListener('click', () => this.type(button.dataset.name ?? ''));
    const files = studentFiles(this.data.rubric);
    for (const button of document.querySelectorAll<HTMLElement>('[data-save]'))
      button.addEventListener('click', () => this.save(button.dataset.save ?? ''));
    for (const button of document.querySelectorAll<HTMLElement>('[data-copy]'))
      button.addEventListener('click', () => this.copy(button.dataset.copy ?? ''));
    onClick('zip', () => {
      download(`${slug(this.data.rubric.title)}.zip`, zipOf(this.texts()), 'application/zip');
      this.saved(`Saved ${files.map(baseName).join(' and ')} in one zip.`, files);
    });
    const open = element('open') as HTMLInputElement;
    open.addEventListener('change', () => {
      void this.open([...(open.files ?? [])]).then(() => {
        open.value = '';
      });
    });
    // A file that is dropped would take the place of the page.
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.open([...(event.dataTransfer?.files ?? [])]);
    });
    onClick('clear', () => this.askToClear());
    const dialog = element('confirm') as HTMLDialogElement;
    onClick('no', () => dialog.close());
    onClick('yes', () => {
      dialog.close();
      this.clear();
    });
  }

  /** Types a name where somebody typed last. */
  private type(name: string): void {
    const field = this.lastField;
    if (!(field instanceof HTMLInputElement) || field.type !== 'text') {
      this.say('First choose a cell.');
      return;
    }
    field.focus();
    field.setRangeText(name, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    this.finish(field.dataset.field ?? '');
  }

  private texts(): Map<string, string> {
    const { rubric } = this.data;
    const { answers, reflection } = filesOf(this.work, this.data);
    const texts = new Map([[rubric.file, answers]]);
    if (rubric.reflection && reflection !== undefined) texts.set(rubric.reflection.file, reflection);
    return texts;
  }

  private saved(words: string, files: readonly string[]): void {
    const work = JSON.stringify([...this.work]);
    if (work !== this.savedWork) this.savedFiles.clear();
    this.savedWork = work;
    for (const file of files) this.savedFiles.add(file);
    this.isSaved = studentFiles(this.data.rubric).every((file) => this.savedFiles.has(file));
    const left = studentFiles(this.data.rubric).filter((file) => !this.savedFiles.has(file));
    const rest = left.length === 0 ? 'Now hand in, as below.' : `Not yet: ${left.map(baseName).join(', ')}.`;
    element('saved').textContent = `${words} ${rest}`;
  }

  private save(file: string): void {
    download(baseName(file), this.texts().get(file) ?? '', 'text/plain;charset=utf-8');
    this.saved(`Saved ${baseName(file)}.`, [file]);
  }

  private copy(file: string): void {
    void copy(this.texts().get(file) ?? '').then((isCopied) => {
      if (isCopied) this.saved(`Copied what belongs into ${baseName(file)}.`, [file]);
      else element('saved').textContent = 'This browser does not let a page copy: save the file instead.';
    });
  }

  private async open(chosen: readonly File[]): Promise<void> {
    if (chosen.length === 0) return;
    const { rubric } = this.data;
    const { texts, notes: found } = await readFiles(chosen, studentFiles(rubric));
    const notes: Message[] = [...found];
    const work = new Map(this.work);
    const taken: string[] = [];
    const take = (
      file: string,
      back: { readonly work: ReadonlyMap<string, string>; readonly notes: readonly Message[] },
      isOwn: (field: string) => boolean,
    ) => {
      for (const field of this.fields.keys()) if (isOwn(field)) work.delete(field);
      for (const [field, typed] of back.work) work.set(field, typed);
      notes.push(...back.notes);
      taken.push(baseName(file));
    };
    const answers = texts.get(rubric.file);
    if (answers !== undefined) {
      const back = readAnswersBack(answers, this.data);
      if (back.isUnreadable)
        notes.push(
          ...back.notes,
          message(
            'page/unreadable',
            `${baseName(rubric.file)} cannot be read, so the cells are as they were.`,
          ),
        );
      else take(rubric.file, back, (field) => this.rowOfField.has(field));
    }
    const { reflection } = rubric;
    const responses = reflection && texts.get(reflection.file);
    if (reflection && responses !== undefined)
      take(
        reflection.file,
        readReflectionBack(responses, reflection),
        (field) => !this.rowOfField.has(field),
      );
    this.remember();
    this.replace(work);
    this.remember();
    const opened =
      taken.length === 0
        ? []
        : [message('page/opened', `Opened ${taken.join(' and ')}. Undo brings back what was here before.`)];
    this.note([...opened, ...notes]);
    element('notes').scrollIntoView({ block: 'nearest' });
    for (const row of this.completeRows()) this.shown.add(row);
    this.grade();
  }

  private askToClear(): void {
    const lost = this.isSaved ? '' : ' You have not saved all of it as files.';
    element('confirm-text').textContent =
      `Clear everything that this worksheet has kept in this browser?${lost} It cannot be undone.`;
    (element('confirm') as HTMLDialogElement).showModal();
  }

  private clear(): void {
    this.replace(new Map());
    this.store.clear();
    this.undone.length = 0;
    this.before = new Map();
    this.shown.clear();
    this.isSaved = true;
    this.showUndo();
    this.note([
      message('page/cleared', 'Everything was cleared. What you saved as files is still where you saved it.'),
    ]);
    element('saved').textContent = '';
    this.highlight(undefined);
    this.grade();
  }
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

function onClick(id: string, clicked: () => void): void {
  document.getElementById(id)?.addEventListener('click', clicked);
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

/** Makes a field as high as its text. */
function fitHeight(area: HTMLTextAreaElement): void {
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight + 2}px`;
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, typed]) => other.get(name) === typed);
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function slug(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, 8).join('-') || 'worksheet';
}

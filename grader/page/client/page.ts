import { strToU8, zipSync } from 'fflate';
import type { Report } from '../../grading/report.schema';
import { message } from '../../message';
import { html, htmlSentence, textHtml } from '../../render/escape/html';
import { nextStep } from '../../render/reasons';
import { isComplete } from '../../render/status';
import { rowsAgain, rowsOf } from '../../rubric/rubric';
import type { PageData } from '../page';
import { baseName, workFilesOf } from '../work';
import { Announcements } from './announcements';
import { download, element, fitHeight, onClick, put } from './dom';
import { type GradedWork, GradingWorker } from './grading';
import { type FormField, moveByArrow } from './keys';
import { PageView } from './page-view';
import { Values } from './values';

/** Starts the page: reads its data and connects its fields and buttons. */
export function startPage(): void {
  const data = JSON.parse(element('data').textContent ?? '') as PageData;
  new Page(data, document.currentScript?.textContent ?? '').start();
}

/** How long a pause in typing a response must be before the page grades it, in milliseconds. */
const pause = 300;

/** Reacts to typing, buttons, and grading results. */
class Page {
  private readonly data: PageData;
  private readonly values: Values;
  private readonly view: PageView;
  private readonly words = new Announcements();
  private readonly grading: GradingWorker;
  /** Whether the student has asked for marks since the last grading. */
  private isAsked = false;
  private report: Report | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastField: FormField | undefined;

  constructor(data: PageData, script: string) {
    this.data = data;
    this.values = new Values(data.rubric);
    this.view = new PageView(data, this.values);
    const failed = (reason: string) => {
      const failureText = 'Nothing can be checked here: {reason}. Save your files and hand them in.';
      this.words.note([message('page/no-grading', failureText, { reason })]);
    };
    this.grading = new GradingWorker(data, script, (report, graded) => this.take(report, graded), failed);
  }

  start(): void {
    for (const [name, field] of this.values.fields) this.listenTo(name, field);
    this.listenToButtons();
    window.addEventListener('beforeprint', () => this.view.showOnPaper());
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved().length > 0) event.preventDefault();
    });
    this.sayWhetherKept();
    for (const row of this.values.completeRows()) this.view.shown.add(row);
    // Lets the student use the page before the first grading.
    setTimeout(() => this.grade());
  }

  // Typing

  private listenTo(name: string, field: FormField): void {
    field.addEventListener('focus', () => {
      this.lastField = field;
      this.view.highlight(this.values.rowOf(name));
    });
    field.addEventListener('input', () => {
      this.values.type(name, field.value);
      this.sayWhetherKept();
      if (field instanceof HTMLTextAreaElement) {
        fitHeight(field);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.grade(), pause);
      } else if (field instanceof HTMLSelectElement) this.finish(name);
      else this.view.showTyping(name);
    });
    field.addEventListener('blur', (event) => {
      const next = event instanceof FocusEvent ? event.relatedTarget : null;
      const isLeft = !(next instanceof Node && field.closest('tr')?.contains(next));
      this.finish(name, isLeft);
    });
    field.addEventListener('keydown', (event) => {
      if (event instanceof KeyboardEvent) moveByArrow(event, field);
    });
  }

  /**
   * Handles a student leaving a field whose text may not be graded yet.
   *
   * @param isRowLeft whether the student has left its row too: if not, they may be in the middle of a correction.
   */
  private finish(name: string, isRowLeft = true): void {
    if (isRowLeft && this.values.rowOf(name) !== undefined) this.isAsked = true;
    if (!this.view.isBehind(name)) {
      if (this.isAsked) this.grade();
      return;
    }
    const row = this.values.rowOf(name);
    if (row !== undefined) {
      if (this.values.completeRows().includes(row)) this.view.shown.add(row);
      if (this.view.isMarked(row)) this.words.sayRow(row);
    }
    this.grade();
  }

  private sayWhetherKept(): void {
    if (this.values.isKept) return;
    const notKeptText =
      'This browser does not store what you type here. Save your files before you close the page.';
    this.words.note([message('page/no-storage', notKeptText)]);
    element('kept').textContent = 'This browser does not store what you type.';
  }

  // Grading

  private grade(): void {
    clearTimeout(this.timer);
    this.grading.grade(this.values.work);
  }

  private check(): void {
    for (const { id } of rowsOf(this.data.rubric)) this.view.shown.add(id);
    this.words.sayAll();
    this.isAsked = true;
    this.grade();
  }

  /** Checks the table that asks again. The other rows stay as they are: those not reached yet are not marked. */
  private checkAgain(): void {
    for (const { id } of rowsAgain(this.data.rubric)) this.words.sayRow(id);
    this.isAsked = true;
    this.grade();
  }

  private take(report: Report, graded: GradedWork): void {
    this.report = report;
    this.view.showReport(report, graded);
    this.words.graded(report);
    this.isAsked = false;
    // Lets tests wait until the work is graded.
    const { dataset } = document.documentElement;
    dataset.graded = String(Number(dataset.graded ?? 0) + 1);
  }

  // Buttons

  private listenToButtons(): void {
    // Leaving a field shows its messages, which would move a button below it away from under the pointer.
    document.addEventListener('mousedown', (event) => {
      if (event.target instanceof Element && event.target.closest('button')) event.preventDefault();
    });
    onClick('#check', () => this.check());
    onClick('#check-again', () => this.checkAgain());
    onClick('[data-name]', ({ name = '' }) => this.type(name));
    onClick('[data-save]', ({ save = '' }) => this.save(save));
    onClick('[data-copy]', ({ copy: file = '' }) => this.copy(file));
    onClick('#zip', () => this.saveZip());
    onClick('#clear', () => this.askToClear());
    onClick('#no', () => this.dialog.close());
    onClick('#yes', () => this.clear());
    element('result').addEventListener('click', ({ target }) => {
      const go = target instanceof HTMLElement ? target.dataset.go : undefined;
      const field = go === undefined ? undefined : this.values.fields.get(go);
      field?.focus();
      if (field instanceof HTMLInputElement) field.select();
    });
  }

  /** Types a name into the cell that was used last, or into the first empty cell. */
  private type(name: string): void {
    const isCell = (field: FormField) => field instanceof HTMLInputElement && field.type === 'text';
    const empty = [...this.values.fields.values()].find((field) => isCell(field) && field.value === '');
    const field = this.lastField && isCell(this.lastField) ? this.lastField : empty;
    if (!(field instanceof HTMLInputElement)) return;
    field.focus();
    // The student wants to replace a cell that is marked wrong, so select all of it.
    if (field.getAttribute('aria-invalid') === 'true') field.select();
    field.setRangeText(name, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  private texts(): Map<string, string> {
    const { rubric } = this.data;
    const { answers, reflection } = workFilesOf(this.values.work, this.data);
    const texts = new Map([[rubric.file, answers]]);
    if (rubric.reflection && reflection !== undefined) texts.set(rubric.reflection.file, reflection);
    return texts;
  }

  private unsaved(): string[] {
    return this.values.unsaved(this.texts());
  }

  private saidSaved(words: string, files: ReadonlyMap<string, string>): void {
    this.values.wasSaved(files);
    const left = this.unsaved().map(baseName);
    const isDone = this.report !== undefined && isComplete(this.report);
    const open =
      this.report && !isDone
        ? html` ${textHtml('Not finished yet:')} ${htmlSentence(nextStep(this.report, 'page'))}`
        : html``;
    const next = left.length > 0 ? `Not saved yet: ${left.join(', ')}.` : 'To hand in, continue below.';
    put(element('saved'), html`${textHtml(`${words} ${next}`)}${open}`);
  }

  private save(file: string): void {
    const content = this.texts().get(file);
    if (content === undefined) {
      element('saved').textContent = `There is nothing in ${baseName(file)} yet.`;
      return;
    }
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
        ? `Copied the text of ${baseName(file)}. Paste it over everything in that file.`
        : 'This browser does not let pages copy. Save the file instead.';
    });
  }

  private get dialog(): HTMLDialogElement {
    return element('confirm') as HTMLDialogElement;
  }

  private askToClear(): void {
    const left = this.unsaved().map(baseName);
    const lost = left.length === 0 ? '' : ` You have not saved ${left.join(' and ')}.`;
    element('confirm-text').textContent =
      `Clear everything that this worksheet has stored in this browser?${lost} You cannot undo this.`;
    this.dialog.showModal();
  }

  private clear(): void {
    this.dialog.close();
    this.values.clear();
    this.words.forget();
    this.view.forget();
    this.lastField = undefined;
    this.grade();
    const clearedText = 'Everything was cleared. Files that you saved are still where you saved them.';
    this.words.note([message('page/cleared', clearedText)]);
  }
}

/** Turns a title into a file name. */
function slug(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, 5).join('-') || 'worksheet';
}

/** Packs texts by path into an archive that is the same each time. */
function zipOf(files: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  const entries = [...files].map(
    ([name, text]) => [name, [strToU8(text), { mtime: '2000-01-01T00:00:00' }]] as const,
  );
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]) as Uint8Array<ArrayBuffer>;
}

/** Copies a text to the clipboard, even on a page that the browser does not trust with it. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}

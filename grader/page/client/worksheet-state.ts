import { strToU8, zipSync } from 'fflate';
import type { GradedCell, GradedRow, Report } from '../../grading/report.schema';
import { counted } from '../../message';
import { nextStep } from '../../render/reasons-shown';
import { cellNameOf, outcomes, scoreLine } from '../../render/status';
import { type RubricRow, rowsOf, studentFiles } from '../../rubric/rubric';
import { baseName } from '../../submission/which-files';
import { fieldOf, isField, rowOfField, type TypedWork, type WorkFiles, workFilesOf } from '../work-files';
import type { PageData } from '../worksheet-page';
import { type Diagram, diagramOf, download } from './elements';
import { type Entry, entryIn, hasText, mergeInto, newEntry, type Replaced } from './entry';
import { startGrading } from './worker';

/** Work that is sent to the grader. */
interface Job {
  readonly work: TypedWork;
  readonly files: WorkFiles;
}

/** Everything that changes on the page. */
export interface State extends Entry {
  /** The times of the entry when it was last read or written; missing until any of this work is stored. */
  readonly seen?: Entry['times'] | undefined;
  /** Whether the browser keeps the work. */
  readonly isKept: boolean;
  /** Why the worksheet is empty, if the student does not know. */
  readonly whyEmpty?: string | undefined;
  /** Earlier texts of fields that were typed in another tab as well. */
  readonly replaced: readonly Replaced[];
  /** Whether to ask whose work this is, or whether to delete it. None of it is shown before that. */
  readonly asking?: 'whose' | 'delete' | undefined;
  /** The work that was last graded, and its report. */
  readonly graded?: Job & { readonly report: Report };
  /** Why nothing can be graded. */
  readonly failure?: string;
  /** Whether the student asked for all marks. Otherwise only rows that are filled in show theirs. */
  readonly isChecked: boolean;
  /** The field that was last used. */
  readonly field?: string;
  /** The last result, for screen readers. */
  readonly heard?: string;
  /** A sentence about files that were saved or copied. */
  readonly notice?: string;
}

/** Whether this tab has the work that is stored, work that could never be stored, or different work than before. */
type Sync = 'shared' | 'alone' | 'other';

/** The page: what a student does changes its single state, and everything on it is rendered from that. */
export class Page {
  readonly data: PageData;
  readonly diagram: Diagram | undefined;
  state: State = { ...newEntry(), isKept: true, replaced: [], isChecked: false };
  private readonly element: HTMLElement;
  private readonly draw: (page: Page) => void;
  private readonly entryKey: string;
  private readonly send: (job: Job) => void;
  private timer = 0;
  /** Returns what to tell a screen reader when the work has been graded. */
  private toHear: ((report: Report, state: State) => string) | undefined;

  /** @param draw shows the page as its state is. */
  constructor(data: PageData, script: string, element: HTMLElement, draw: (page: Page) => void) {
    this.data = data;
    this.element = element;
    this.draw = draw;
    this.diagram = diagramOf(document.querySelector<SVGSVGElement>('#diagram svg'));
    this.entryKey = `worksheet/${data.rubric.digest}`;
    const onReport = (report: Report, job: Job) => this.take(report, job);
    this.send = startGrading(script, data, onReport, (failure) => this.update({ failure }));
    const stored = this.stored();
    const entry = entryIn(stored ?? null);
    this.open(entry, stored && !entry ? unreadable : undefined);
    // From now on each new tab knows the entry, so that typing in one of them shows in all.
    if (!entry) this.write();
    // A page that comes back from the browser's history has missed events.
    for (const event of ['storage', 'pageshow', 'focus']) window.addEventListener(event, () => this.sync());
    window.addEventListener('beforeunload', (event) => {
      if (!this.state.asking && this.unsaved().length > 0) event.preventDefault();
    });
  }

  update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.draw(this);
  }

  /** The text of the browser's entry, or null without one; undefined if the page may not use the storage. */
  private stored(): string | null | undefined {
    try {
      return window.localStorage.getItem(this.entryKey);
    } catch {
      return undefined;
    }
  }

  private write(): void {
    const { id, work, times, saved } = this.state;
    try {
      window.localStorage.setItem(this.entryKey, JSON.stringify({ id, work, times, saved } satisfies Entry));
      this.update({ isKept: true, seen: times });
    } catch {
      this.update({ isKept: false });
    }
  }

  /** Starts from an entry, as on a page that was just opened, or without one. */
  private open(entry: Entry | undefined, whyEmpty?: string): void {
    const asking = hasText(entry) ? 'whose' : undefined;
    const { isKept } = this.state;
    this.state = {
      ...(entry ?? newEntry()),
      seen: entry?.times,
      isKept: isKept && this.stored() !== undefined,
      whyEmpty: asking ? undefined : whyEmpty,
      replaced: [],
      asking,
      isChecked: false,
    };
    this.toHear = undefined;
    this.draw(this);
    const handout = document.querySelector<HTMLDetailsElement>('.handout');
    // A student who comes back on a phone has already read the handout.
    if (handout) handout.open = !asking || window.innerWidth >= 768;
    if (asking) this.element.focus();
    this.grade();
  }

  /** Takes what other tabs stored since this one last read it, and adds a change that was made here. */
  private sync(change?: Partial<State>): Sync {
    const text = this.stored();
    const entry = entryIn(text ?? null);
    const { id, seen } = this.state;
    if (entry?.id === id) return this.merge(entry, change);
    const isGone = seen !== undefined && (entry !== undefined || text === null);
    const isAlone = !isGone && entry !== undefined && hasText(this.state);
    const next = hasText(entry) ? entry : undefined;
    if (isGone || (next && !isAlone)) {
      this.open(next, isGone ? startedOver : undefined);
      return 'other';
    }
    // An entry without text becomes this tab's only when something is typed here: it may be for the next student.
    if (change) this.update({ ...(isAlone ? undefined : entry), ...change });
    return isAlone ? 'alone' : 'shared';
  }

  private merge(entry: Entry, change?: Partial<State>): Sync {
    const mine = { ...this.state, ...change };
    const { replaced, ...merged } = mergeInto(entry, mine, mine.seen ?? {});
    const isNews = JSON.stringify(merged.work) !== JSON.stringify(mine.work);
    const saved = mine.isKept ? entry.saved : mine.saved;
    const all = [...mine.replaced, ...replaced];
    this.update({ saved, ...change, ...merged, replaced: all, seen: entry.times });
    if (isNews) this.gradeSoon();
    return 'shared';
  }

  /** Changes both the state and the browser's entry. */
  private keep(change: Partial<State>): void {
    const sync = this.sync({ ...change, whyEmpty: undefined });
    if (sync === 'shared') this.write();
    if (sync === 'alone') this.update({ isKept: false });
  }

  // Work

  type(field: string, typed: string): void {
    const { work, times } = this.state;
    this.keep({ work: { ...work, [field]: typed }, times: { ...times, [field]: Date.now() } });
    if (!rowOfField(this.data.rubric, field)) this.gradeSoon();
  }

  leave(field: string): void {
    const { work, graded } = this.state;
    if (work[field] !== graded?.work[field]) this.grade(rowInWords(rowOfField(this.data.rubric, field)));
  }

  /** Types a name into the cell that was last used, or into the first empty one. */
  insert(name: string): void {
    const cells = [...document.querySelectorAll<HTMLInputElement>('.asked input')];
    const cell = cells.find(({ id }) => id === this.state.field) ?? cells.find(({ value }) => value === '');
    if (!cell) return;
    cell.focus();
    // A student who inserts a name into a cell that is marked wrong wants to replace its text.
    if (cell.ariaInvalid === 'true') cell.select();
    const [start, end] = [cell.selectionStart ?? 0, cell.selectionEnd ?? 0];
    const gapIn = (beside: string) => (/\w/.test(beside) ? ' ' : '');
    const { value } = cell;
    const text = `${gapIn(value.charAt(start - 1))}${name}${gapIn(value.charAt(end))}`;
    cell.setRangeText(text, start, end, 'end');
    this.type(cell.id, cell.value);
    keepInView();
  }

  /** Continues with the stored work. */
  continue(): void {
    if (this.sync() === 'other') return;
    this.update({ asking: undefined });
    this.element.focus();
  }

  /** Asks whether to delete the work. */
  askToDelete(): void {
    this.update({ asking: 'delete' });
    this.element.querySelector('button')?.focus();
  }

  startOver(): void {
    try {
      window.localStorage.removeItem(this.entryKey);
    } catch {
      // The write below reports it.
    }
    this.open(undefined);
    this.write();
    window.scrollTo(0, 0);
    this.element.focus({ preventScroll: true });
  }

  // Grading

  check(): void {
    // Screen readers read a text again only if it disappears first.
    this.update({ isChecked: true, heard: '' });
    this.grade(resultInWords);
  }

  /** After a pause in typing. */
  private gradeSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.grade(), 300);
  }

  private grade(toHear = this.toHear): void {
    clearTimeout(this.timer);
    this.toHear = toHear;
    const { work } = this.state;
    this.send({ work, files: workFilesOf(work, this.data) });
  }

  private take(report: Report, job: Job): void {
    this.update({ graded: { ...job, report } });
    if (this.toHear) this.update({ heard: this.toHear(report, this.state) });
    this.toHear = undefined;
    keepInView();
    // Lets tests wait until the work is graded.
    const { dataset } = document.documentElement;
    dataset.graded = String(Number(dataset.graded ?? 0) + 1);
  }

  // Files

  private files(): [file: string, text: string][] {
    const { answers, reflection = '' } = workFilesOf(this.state.work, this.data);
    const { file: ofAnswers } = this.data.rubric;
    return studentFiles(this.data.rubric).map((file) => [file, file === ofAnswers ? answers : reflection]);
  }

  /** The names of the files whose content has not been saved. */
  unsaved(): string[] {
    const { work, saved } = this.state;
    if (Object.keys(work).length === 0) return [];
    return this.files().flatMap(([file, text]) => (saved[file] === text ? [] : baseName(file)));
  }

  private wasSaved(what: string, files: readonly (readonly [file: string, text: string])[]): void {
    const clock = new Date().toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
    const notice = `${clock} ${what}`;
    this.keep({ notice, saved: { ...this.state.saved, ...Object.fromEntries(files) } });
  }

  save(wanted: string): void {
    if (this.sync() === 'other') return;
    const files = this.files().filter(([file]) => file === wanted);
    for (const [file, text] of files) download(baseName(file), text);
    this.wasSaved(`Saved ${this.contentOf(wanted)}.`, files);
  }

  saveZip(): void {
    if (this.sync() === 'other') return;
    const files = this.files();
    const zip = zipSync(Object.fromEntries(files.map(([file, text]) => [file, strToU8(text)])));
    const name = zipName(this.data.rubric.title, new Date());
    download(name, zip as Uint8Array<ArrayBuffer>);
    this.wasSaved(`Saved ${name}: ${files.map(([file]) => this.contentOf(file)).join(' and ')}.`, files);
  }

  /** `answers.ts with 14 of 20 cells filled in` */
  private contentOf(file: string): string {
    const { rubric } = this.data;
    const isTyped = (field: string) => (this.state.work[field] ?? '').trim() !== '';
    const cells = rowsOf(rubric).flatMap((row) => row.cells.map(({ id }) => fieldOf.cell(row.id, id)));
    const questions = (rubric.reflection?.questions ?? []).map(({ id }) => fieldOf.response(id));
    const written = questions.filter(isTyped).length;
    return file === rubric.file
      ? `${baseName(file)} with ${cells.filter(isTyped).length} of ${cells.length} cells filled in`
      : `${baseName(file)} with ${counted(written, 'response')}`;
  }

  async copy(wanted: string): Promise<void> {
    const text = this.files().find(([file]) => file === wanted)?.[1] ?? '';
    const name = baseName(wanted);
    const notice = await navigator.clipboard?.writeText(text).then(
      () => `Copied the text of ${name}. Paste it over everything in that file.`,
      () => undefined,
    );
    this.update({ notice: notice ?? `This browser does not let pages copy. Save ${name} instead.` });
  }
}

/** Scrolls the field in use into view: a reason that opens above may push it down, even below the bar. */
function keepInView(): void {
  const { activeElement } = document;
  if (activeElement && isField(activeElement.id)) activeElement.scrollIntoView({ block: 'nearest' });
}

const unreadable = 'What this browser had stored here could not be read, so the worksheet is empty.';
const startedOver =
  'Somebody started over in another tab or copy of this page, so the worksheet is empty here, too.';

/** The result of a cell, unless the cell has changed since. */
export function gradedCell({ work, graded }: State, row: string, column: string): GradedCell | undefined {
  const field = fieldOf.cell(row, column);
  if ((work[field] ?? '') !== (graded?.work[field] ?? '')) return undefined;
  return gradedRow(graded?.report, row)?.cells.find(({ id }) => id === column);
}

export function gradedRow(report: Report | undefined, row: string): GradedRow | undefined {
  return report?.rows.find(({ id }) => id === row);
}

/** Whether a row shows its marks, if there are any: the marks of half a row would hint at the rest. */
export function isMarked({ id, cells }: RubricRow, { isChecked, graded }: State): boolean {
  const isFilled = () => cells.every((cell) => graded?.work[fieldOf.cell(id, cell.id)]?.trim());
  return isChecked || isFilled();
}

/** The result as a whole, in a few sentences. */
function resultInWords(report: Report): string {
  const { points, rows, started } = report;
  const right = rows.filter(({ cells }) => cells.every(({ outcome }) => outcome === 'correct'));
  const rowsRight =
    points === null || !started ? '' : `${right.length} of ${counted(rows.length, 'row')} right. `;
  return `${rowsRight}${scoreLine(report)}. Next: ${nextStep(report, 'page').text}`;
}

/** Returns a function that gives the result of a row in a sentence, which is empty while the row shows no marks. */
function rowInWords(row: RubricRow | undefined) {
  return (report: Report, state: State): string => {
    const graded = row && gradedRow(report, row.id);
    const table = report.tables.find(({ export: name }) => name === graded?.table);
    if (!graded || !table || !isMarked(row, state)) return '';
    const cells = graded.cells.map((cell) => `${cellNameOf(cell, table)} ${outcomes[cell.outcome].word}`);
    return `${row.label}: ${cells.join(', ')}. ${scoreLine(report)}.`;
  };
}

/** The most of a title that goes into the name of a file, in whole words. */
const maxName = 18;

/** `2026-12-01-fruit-in-boxes.zip`: hosts take a number at the end for a version number. */
function zipName(title: string, now: Date): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['worksheet'];
  const fitting = words.filter(
    (_, index) => index === 0 || words.slice(0, index + 1).join('-').length <= maxName,
  );
  const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${[...date, ...fitting].join('-')}.zip`;
}

import { writtenCells } from '../../class/members/csv-table';
import { matchesFile } from '../../class/members/matches-table';
import type { Line } from '../../class/results/note';
import { personColumn } from '../../class/results/tables-by-hand';
import { download } from '../../page/client/elements';
import { groupBy } from '../../system/lists';
import type { GradingData } from '../grading-page';
import type { Graded, Options, Question, ReadFile, Reply, RunOrder, Seen } from '../orders';
import type { FilePlace, Sheet, ShownCase } from '../shown';
import {
  type Entry,
  linesAbout,
  type Step,
  stepOf,
  type Tables,
  tablesAfter,
  withoutLast,
  wordIn,
} from '../steps';

export const views = { give: 'Give', decide: 'Decide', class: 'Class', take: 'Take' } as const;

export type View = keyof typeof views;

/** The question of a form, and whom it is about; without lines, the person is chosen first. */
export interface Form {
  readonly lines: readonly Line[];
  readonly who: string;
  /** The row that it is about, if any. */
  readonly row?: ShownCase | undefined;
}

export interface Together {
  readonly rows: readonly ShownCase[];
  readonly label: string;
}

/** The panel: the sheet of a case or of any student, and perhaps one of the files. */
interface Panel {
  readonly id: string;
  readonly sheet?: Sheet | undefined;
  readonly isRevealed: boolean;
  /** The file that is shown; otherwise the sheet is. */
  readonly place?: FilePlace | undefined;
  readonly file?: ReadFile | undefined;
}

/**
 * Everything that changes on the page. It stays in memory, because other pages on this computer can read what is
 * stored.
 */
export interface State {
  readonly view: View;
  readonly files: readonly File[];
  readonly options: Options;
  readonly seen?: Seen | undefined;
  /** The job that the worker is doing, and how far it has got. */
  readonly doing?: RunOrder['wanted'] | undefined;
  readonly progress?: { readonly looked: number; readonly all: number } | undefined;
  readonly graded?: Graded | undefined;
  /** The section that is shown, if not everybody. It changes nothing else. */
  readonly section?: string | undefined;
  /** The page of the class, or of that section, as HTML. */
  readonly classPage?: { readonly section: string | undefined; readonly text: string } | undefined;
  /** The steps that are included in the grades. */
  readonly gradedSteps?: readonly Step[] | undefined;
  /** Why the last order was refused. */
  readonly refused: readonly string[];
  /** Everything that the person did, oldest first. */
  readonly steps: readonly Step[];
  /** The steps that are in the last zip. */
  readonly saved: readonly Step[];
  readonly savedAs?: string | undefined;
  readonly form?: Form | undefined;
  /** A sentence on what a form lacks. */
  readonly formFault?: string | undefined;
  /** Cases that a person is asked to decide together, with the choice that has this label. */
  readonly together?: Together | undefined;
  /** Rows that are decided, but not graded again yet. */
  readonly pending: readonly string[];
  /** The case to decide next. */
  readonly current?: string | undefined;
  /** The last decision in words, and the id of the case that it is shown above. */
  readonly trace?: { readonly text: string; readonly before: string | undefined } | undefined;
  /** The case that was just undone, which gets the focus once it is listed again. */
  readonly undone?: string | undefined;
  /** People in a row who are left out of the decision. */
  readonly leftOut: readonly string[];
  readonly panel?: Panel | undefined;
  /** The search text and the sort order for the list of names. */
  readonly search?: string;
  readonly sort?: 'name' | 'points' | 'status';
  readonly hasKeys: boolean;
  readonly showsKeys: boolean;
  /** For screen readers. */
  readonly heard: string;
}

const empty: State = {
  view: 'give',
  files: [],
  options: {},
  refused: [],
  steps: [],
  saved: [],
  pending: [],
  leftOut: [],
  hasKeys: true,
  showsKeys: false,
  heard: '',
};

/** The page: what a person does changes its single state, and everything on it is rendered from that. */
export class GradingPage {
  state = empty;
  readonly data: GradingData;
  private readonly script: string;
  private readonly draw: (page: GradingPage) => void;
  private worker: Worker | undefined;
  /** The order to send when the worker is done. */
  private next: RunOrder['wanted'] | undefined;
  /** The first row of each step that decided a case. */
  private readonly decidedBy = new WeakMap<Step, string>();
  /** The steps that the worker grades with. */
  private sent: readonly Step[] = [];
  /** The tables as last computed, and what from. */
  private computed: { readonly of: readonly unknown[]; readonly tables: Tables } = { of: [], tables: {} };

  constructor(data: GradingData, script: string, draw: (page: GradingPage) => void) {
    this.data = data;
    this.script = script;
    this.draw = draw;
    this.update({});
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved() > 0) event.preventDefault();
    });
  }

  update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.draw(this);
  }

  /** The tables that count now. */
  tables(): Tables {
    const { seen, steps } = this.state;
    const [ofSeen, ofSteps] = this.computed.of;
    if (ofSeen !== seen || ofSteps !== steps)
      this.computed = { of: [seen, steps], tables: tablesAfter(seen?.given.tables ?? {}, steps) };
    return this.computed.tables;
  }

  unsaved(): number {
    const { steps, saved } = this.state;
    return steps.filter((step) => !saved.includes(step)).length;
  }

  /** Whether all steps are included in the grades that are shown. */
  isGraded(): boolean {
    const { graded, gradedSteps, steps } = this.state;
    return graded !== undefined && gradedSteps === steps;
  }

  // Giving files

  give(added: Iterable<File>): void {
    this.lookAt([...this.state.files, ...added]);
  }

  /** Takes files that were dropped in any view, and says so if that view does not list them. */
  drop(files: Iterable<File>): void {
    const names = [...files].map(({ name }) => name).join(', ');
    if (names === '') return;
    this.give(files);
    this.update({ view: 'give', heard: `Added under Give: ${names}.` });
  }

  takeOut(file: File): void {
    this.lookAt(this.state.files.filter((one) => one !== file));
  }

  /** Looks at files. Whether their list is meant to be that of a part was said of other files. */
  private lookAt(files: readonly File[]): void {
    this.look({ files, options: { ...this.state.options, isPart: undefined } });
  }

  look(change: Partial<State>): void {
    this.update({ ...change, graded: undefined, panel: undefined, trace: undefined, refused: [] });
    this.order('look');
  }

  show(view: View): void {
    this.update({ view });
    if (view === 'take' && this.state.graded && !(this.isGraded() && this.state.graded.zip))
      this.order('zip');
    this.askForClass();
    focusView();
  }

  /** Shows one section, or everybody. */
  showSection(section: string | undefined): void {
    this.update({ section, current: undefined, trace: undefined });
    this.askForClass();
    const next = this.current();
    if (this.state.panel && next) this.open(next.id);
    else this.update({ panel: undefined });
  }

  isShown({ sections }: { readonly sections: readonly string[] }): boolean {
    const { section } = this.state;
    return section === undefined || sections.length === 0 || sections.includes(section);
  }

  private askForClass(): void {
    const { view, section } = this.state;
    if (view === 'class') this.ask({ wanted: 'class', section });
  }

  // Deciding

  /** All open cases, whatever is shown. */
  allCases(): readonly ShownCase[] {
    return this.left(this.state.graded?.open.flatMap((kind) => kind.cases) ?? []);
  }

  /** The open cases that are shown, in order. */
  cases(): readonly ShownCase[] {
    return this.allCases().filter((one) => this.isShown(one));
  }

  /** The open cases that are not decided yet. */
  left(cases: readonly ShownCase[]): readonly ShownCase[] {
    return cases.filter(({ id }) => !this.state.pending.includes(id));
  }

  current(): ShownCase | undefined {
    const cases = this.cases();
    return cases.find(({ id }) => id === this.state.current) ?? cases[0];
  }

  choose(shown: ShownCase, at: number): void {
    const choice = shown.choices[at];
    if (choice) this.decide([shown], (one) => one.choices[at]?.lines ?? [], choice.label);
  }

  /** @param linesOf the lines for each person in a row. */
  private decide(
    rows: readonly ShownCase[],
    linesOf: (row: ShownCase) => readonly (readonly Line[])[],
    label: string,
  ): void {
    const { leftOut } = this.state;
    const lines = rows.flatMap((row) => {
      const isIn = row.people.map(({ id }) => !leftOut.includes(id));
      return linesOf(row).filter((_, at) => isIn[at] !== false);
    });
    const names = rows.flatMap(({ people }) => people.filter(({ id }) => !leftOut.includes(id)));
    const who = names.length > 1 ? `${names.length} students` : (names[0]?.name ?? '');
    this.write(lines.flat(), `${who}: ${label}`, rows);
  }

  /** Decides by writing lines, which make up one step. */
  write(lines: readonly Line[], text: string, rows: readonly ShownCase[] = []): void {
    const isNobodys = rows.some((row) => row.isNobodys);
    const entries = this.entriesFor(lines, isNobodys);
    const step = stepOf(this.tables(), entries);
    const cases = this.cases();
    const ids = rows.map(({ id }) => id);
    const last = cases.findLastIndex(({ id }) => ids.includes(id));
    const isLeft = ({ id }: ShownCase) => !ids.includes(id);
    const next = cases.slice(last + 1).find(isLeft) ?? cases.find(isLeft);
    const [first] = ids;
    if (first !== undefined) this.decidedBy.set(step, first);
    const place = first === undefined ? undefined : placeOf(first);
    this.update({
      form: undefined,
      together: undefined,
      leftOut: [],
      pending: [...this.state.pending, ...ids],
      trace: first === undefined ? undefined : { text, before: next?.id },
      undone: undefined,
      current: first === undefined ? this.state.current : next?.id,
      heard: `${text}. Grading again.`,
    });
    if (next && place !== undefined) keepPlace(next.id, place);
    else if (first !== undefined) focusView();
    this.change([...this.state.steps, step]);
  }

  private entriesFor(lines: readonly Line[], isNobodys: boolean): Entry[] {
    const tables = this.tables();
    const byPerson = groupBy(lines, ({ table, cells, replaces }) =>
      JSON.stringify([table, ...this.wordsOf(table, cells[personColumn(table)] ?? '', replaces?.login)]),
    );
    return [...byPerson].map(([key, same]): Entry => {
      const [table = '', ...about] = JSON.parse(key) as string[];
      const written = [
        ...new Map(same.map(({ cells }) => [JSON.stringify(cells), writtenCells(cells)])).values(),
      ];
      if (table !== matchesFile) return { table, about, lines: written.slice(-1) };
      // A submission that also belongs to somebody else stays theirs.
      const before = isNobodys ? [] : linesAbout(tables, { table, about });
      const others = before.filter(({ login }) => !written.some((cells) => cells.login === login));
      return { table, about, lines: [...others, ...written] };
    });
  }

  /** Every word by which a table may name a person, or the name of a submission. */
  private wordsOf(table: string, word: string, other?: string): readonly string[] {
    const words = [word, ...(other === undefined ? [] : [other])].map((one) => wordIn(table, one));
    if (table === matchesFile) return words;
    const listed = this.state.graded?.people.find((one) => one.words.some((known) => words.includes(known)));
    return [...new Set([...(listed?.words ?? []), ...words])];
  }

  /** Asks for what a button cannot know. */
  fill(lines: readonly Line[], who: string, row?: ShownCase): void {
    this.update({ form: { lines, who, row } });
  }

  /** Decides several cases alike, once a person has seen the names. */
  decideTogether({ rows, label }: Together): void {
    const choiceOf = (row: ShownCase) => row.choices.find((choice) => choice.label === label);
    this.decide(rows, (row) => choiceOf(row)?.lines ?? [], label);
  }

  takeBack(entry: Entry): void {
    const tables = this.tables();
    const [line] = entry.lines;
    const rest = linesAbout(tables, entry).filter((cells) => JSON.stringify(cells) !== JSON.stringify(line));
    this.update({ trace: undefined });
    this.change([...this.state.steps, stepOf(tables, [{ ...entry, lines: rest }])]);
  }

  /** Makes lines from a file count that did not count before. */
  keep(entry: Entry): void {
    this.change([...this.state.steps, stepOf(this.tables(), [entry])]);
  }

  canUndo(): boolean {
    const { steps, saved } = this.state;
    return withoutLast(steps, saved) !== steps;
  }

  undo(): void {
    const { steps, saved, pending } = this.state;
    if (!this.canUndo()) return;
    const left = withoutLast(steps, saved);
    const dropped = left.at(-1)?.undoes ?? steps.find((step) => !left.includes(step));
    const undone = dropped && this.decidedBy.get(dropped);
    const place = this.placeOfCurrent();
    this.update({
      trace: undefined,
      heard: 'Undone. Grading again.',
      undone,
      pending: pending.filter((id) => id !== undone),
    });
    this.markUndone(place);
    this.change(left);
  }

  /** After an undo, marks the case that is listed again instead of the one that was marked. */
  private markUndone(place: number | undefined): void {
    const { undone } = this.state;
    if (undone === undefined || !this.cases().some(({ id }) => id === undone)) return;
    this.mark(undone, false);
    keepPlace(undone, place);
  }

  private placeOfCurrent(): number | undefined {
    const current = this.current();
    return current && placeOf(current.id);
  }

  /** Removes the line about the last decision, without moving what a person is reading. */
  fade(): void {
    const id = this.state.trace?.before;
    const place = id === undefined ? undefined : placeOf(id);
    this.update({ trace: undefined });
    if (id !== undefined && place !== undefined && place < window.innerHeight) scrollToPlace(id, place);
  }

  private change(steps: readonly Step[]): void {
    this.update({ steps });
    this.order('grade');
  }

  // Moving along

  /** @param by 1 for the next case, -1 for the one before. */
  step(by: number): void {
    const cases = this.cases();
    const at = cases.findIndex(({ id }) => id === this.current()?.id);
    const [from, to] = [cases[at], cases[at + by]];
    if (!from || !to) return;
    const place = placeOf(from.id);
    const isSeen = place !== undefined && place > 0 && place < window.innerHeight;
    this.mark(to.id, !isSeen);
    // Keep the place that the person is looking at.
    if (isSeen) keepPlace(to.id, place);
  }

  /** Marks a case as the next to decide. If the panel is beside the list, it follows. */
  mark(id: string, hasFocus = true): void {
    if (id !== this.state.current) this.update({ current: id });
    if (this.state.panel && this.state.panel.id !== id) this.open(id);
    if (hasFocus) document.getElementById(rowId(id))?.focus();
  }

  /** Opens a student, or one of their files. */
  open(id: string, place?: FilePlace): void {
    this.update({ panel: { id, isRevealed: false, place } });
    this.ask({ wanted: 'sheet', id, isRevealed: false });
  }

  reveal(isRevealed: boolean): void {
    const { panel } = this.state;
    if (!panel) return;
    this.update({ panel: { ...panel, isRevealed } });
    this.ask({ wanted: 'sheet', id: panel.id, isRevealed });
  }

  showFile(place: FilePlace | undefined): void {
    const { panel } = this.state;
    if (!panel) return;
    this.update({ panel: { ...panel, place, file: undefined } });
    if (place) this.ask({ wanted: 'file', submission: place.submission, path: place.path });
  }

  closePanel(): void {
    const { panel } = this.state;
    this.update({ panel: undefined });
    if (panel) document.getElementById(rowId(panel.id))?.focus();
  }

  private ask(question: Question): void {
    this.worker?.postMessage(question);
  }

  // Grading

  /** Stops the worker. What was graded before stays. */
  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.next = undefined;
    this.update({ doing: undefined, progress: undefined, pending: [], panel: undefined, heard: 'Stopped.' });
  }

  order(wanted: RunOrder['wanted']): void {
    if (this.state.doing) {
      // Files that were added meanwhile come before anything else.
      if (this.next !== 'look') this.next = wanted;
      return;
    }
    const { files, options } = this.state;
    this.update({ doing: wanted, refused: [], progress: undefined });
    const tables = wanted === 'look' ? undefined : this.tables();
    const order: RunOrder = { wanted, data: this.data, files, options, tables };
    this.sent = this.state.steps;
    this.worker ??= this.start();
    this.worker.postMessage(order);
  }

  private start(): Worker {
    const url = URL.createObjectURL(new Blob([this.script], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.onerror = ({ message }) =>
      this.finish({ refused: [message || 'This browser does not let the page grade.'] });
    worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => this.take(reply);
    return worker;
  }

  private take(reply: Reply): void {
    const { panel } = this.state;
    if ('looked' in reply) this.update({ progress: reply, heard: `${reply.looked} of ${reply.all}` });
    else if ('sheet' in reply) this.takeSheet(reply.sheet);
    else if ('classPage' in reply) {
      const { section, classPage: text } = reply;
      if (section === this.state.section) this.update({ classPage: { section, text } });
    } else if ('file' in reply) {
      if (panel && isAt(panel.place, reply.file)) this.update({ panel: { ...panel, file: reply.file } });
    } else this.finish(reply);
  }

  private takeSheet(sheet: Sheet | undefined): void {
    const { panel } = this.state;
    if (!panel || panel.id !== sheet?.id) return;
    const isFirst = panel.sheet === undefined;
    this.update({ panel: { ...panel, sheet } });
    if (isFirst && panel.place) this.showFile(panel.place);
  }

  private finish(reply: Extract<Reply, { seen: Seen } | { graded: Graded } | { refused: unknown }>): void {
    const { next } = this;
    const wanted = this.state.doing;
    this.next = undefined;
    this.update({ doing: undefined, progress: undefined });
    if ('seen' in reply)
      this.update({ seen: reply.seen, heard: reply.seen.described.map(sentenceOn).join(' ') });
    // A request made meanwhile is about a different state.
    if (next === 'look' || (next && this.state.seen?.isReady)) this.order(next);
    else if ('refused' in reply) this.refuse(reply.refused, wanted);
    else if ('graded' in reply) this.showGrades(reply.graded);
  }

  private showGrades(graded: Graded): void {
    const { view, trace, panel, undone } = this.state;
    const isFirst = view === 'give';
    const heard = `${graded.toDecide || 'Nothing is left to decide'}. ${graded.summary.join(' ')}`;
    const place = this.placeOfCurrent();
    // The list may have other sections now.
    const section = graded.sections.find((name) => name === this.state.section);
    this.update({
      graded,
      section,
      gradedSteps: this.sent,
      pending: [],
      heard,
      view: isFirst ? 'decide' : view,
    });
    this.askForClass();
    const next = this.current();
    if (isFirst) {
      this.update({ current: next?.id });
      focusView();
      if (isWide() && next) this.open(next.id);
    } else if (undone !== undefined) {
      this.markUndone(place);
      this.update({ undone: undefined });
    } else if (trace && next) {
      keepPlace(next.id, place);
      if (panel) this.open(next.id);
    } else if (panel) this.open(panel.id);
  }

  /** Takes back a decision that cannot be read. */
  private refuse(refused: readonly string[], wanted: RunOrder['wanted'] | undefined): void {
    const { steps, saved } = this.state;
    const isDecision = wanted === 'grade' && steps.length > 0 && steps.at(-1) === this.sent.at(-1);
    const dropped = isDecision && !saved.includes(steps.at(-1) as Step) ? steps.slice(0, -1) : steps;
    this.update({ refused, heard: refused.join(' '), steps: dropped, pending: [], trace: undefined });
  }

  // Saving

  save(): void {
    const { graded, steps } = this.state;
    if (!graded?.zip || !this.isGraded()) return;
    const name = `results-${new Date().toISOString().slice(0, 10)}.zip`;
    download(name, graded.zip);
    this.update({ saved: steps, savedAs: name, heard: `Saved ${name}.` });
    document.getElementById('saved')?.focus();
  }
}

/** `class.zip is a Canvas download: …`, or `photo.jpg: This is …` */
const sentenceOn = ({ name, text }: Seen['described'][number]) => name + spaced(text);

/** A text as it continues after a name. */
export const spaced = (text: string) => (text.startsWith(':') ? text : ` ${text}`);

/** Whether two places are of the same file. */
export const isAt = (one: FilePlace | undefined, other: FilePlace) =>
  one?.submission === other.submission && one.path === other.path;

/** Whether there is room for the panel beside the list. */
export const isWide = () => window.matchMedia('(width >= 64rem)').matches;

/** The id of the element that shows a case. */
export const rowId = (id: string) => `case-${id}`;

/** How far a case is from the top of the window. */
function placeOf(id: string): number | undefined {
  return document.getElementById(rowId(id))?.getBoundingClientRect().top;
}

/** Puts a case where another was on the screen, and gives it the focus. */
function keepPlace(id: string, place: number | undefined): void {
  if (place !== undefined) scrollToPlace(id, place);
  document.getElementById(rowId(id))?.focus({ preventScroll: true });
}

function scrollToPlace(id: string, place: number): void {
  window.scrollBy(0, (placeOf(id) ?? place) - place);
}

/** Makes a keyboard and a screen reader start at the top of the view. */
function focusView(): void {
  document.getElementById('view')?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

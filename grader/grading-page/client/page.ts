import { type WrittenLine, writtenLines } from '../../class/pages/decision-rows';
import type { Line } from '../../class/results/note';
import { download } from '../../page/client/elements';
import type { GradingData } from '../grading-page';
import type { Graded, Options, Order, Reply, Seen } from '../orders';
import {
  carriedOver,
  type Decision,
  decisionsIn,
  type Tables,
  unsavedIn,
  withLines,
  withoutLine,
} from '../tables';

export const views = { give: '1. Give', decide: '2. Decide', class: '3. Class', take: '4. Take' } as const;

/** Everything that changes on the page. It is in memory alone: what one page stores, others of this computer can read. */
export interface State {
  readonly view: keyof typeof views;
  readonly files: readonly File[];
  readonly options: Options;
  readonly seen?: Seen | undefined;
  /** The job that the worker does now, and how far it is. */
  readonly doing?: Order['wanted'] | undefined;
  readonly progress?: { readonly looked: number; readonly all: number } | undefined;
  readonly graded?: Graded | undefined;
  /** Why the last order was refused. */
  readonly refused: readonly string[];
  readonly tables: Tables;
  /** The tables as they were given, or saved last. */
  readonly saved: Tables;
  /** Earlier states of the tables, the last at the end. */
  readonly undo: readonly Tables[];
  /** The lines that a form fills in; empty for a student who is to be chosen. */
  readonly form?: { readonly lines: readonly Line[]; readonly who: string } | undefined;
  /** For screen readers. */
  readonly heard: string;
}

const empty: State = {
  view: 'give',
  files: [],
  options: {},
  refused: [],
  tables: {},
  saved: {},
  undo: [],
  heard: '',
};

/** The page: what a person does changes its one state, and everything that it shows is rendered from that. */
export class GradingPage {
  state = empty;
  readonly data: GradingData;
  private readonly script: string;
  private readonly draw: (page: GradingPage) => void;
  private worker: Worker | undefined;
  /** The order to send once the worker is done. */
  private next: Order['wanted'] | undefined;
  /** Where the focus goes once a decision is graded: the place of its row in the list. */
  private row: number | undefined;

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

  unsaved(): number {
    return unsavedIn(this.state.tables, this.state.saved);
  }

  decided(): readonly Decision[] {
    return decisionsIn(this.state.tables);
  }

  // Giving files

  give(added: Iterable<File>): void {
    const isSame = (one: File, other: File) => one.name === other.name;
    const news = [...added];
    const kept = this.state.files.filter((file) => !news.some((one) => isSame(one, file)));
    this.look({ files: [...kept, ...news] });
  }

  takeOut(file: File): void {
    this.look({ files: this.state.files.filter((one) => one !== file) });
  }

  look(change: Partial<State>): void {
    this.update({ ...change, graded: undefined, refused: [] });
    this.order('look');
  }

  show(view: State['view']): void {
    this.update({ view });
    if (view === 'take' && !this.state.graded?.zip) this.order('zip');
    focusView();
  }

  // Deciding

  /** @param row the place of the case in the list. */
  decide(lines: readonly WrittenLine[], row: number): void {
    const { graded, tables } = this.state;
    const blank = Object.fromEntries((graded?.layouts ?? []).map(([name, { text }]) => [name, text]));
    this.change(withLines(tables, lines, blank), row);
  }

  /** Decides by lines that a person filled in. */
  write(lines: readonly Line[]): void {
    const layouts = new Map(this.state.graded?.layouts);
    this.update({ form: undefined });
    this.decide(writtenLines(lines, { layouts }), this.row ?? 0);
  }

  /** Asks for what no button knows; without lines, of whom first. */
  fill(lines: readonly Line[], who: string, row = this.row ?? 0): void {
    this.row = row;
    this.update({ form: { lines, who } });
  }

  takeBack(decision: Decision): void {
    this.change(withoutLine(this.state.tables, decision), 0);
  }

  undoLast(): void {
    const { undo } = this.state;
    const tables = undo.at(-1);
    if (tables) this.change(tables, 0, undo.slice(0, -1));
  }

  private change(tables: Tables, row: number, undo = [...this.state.undo, this.state.tables]): void {
    this.row = row;
    this.update({ tables, undo, heard: 'Grading again.' });
    this.order('grade');
  }

  // Grading

  /** Ends what the worker does. */
  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.next = undefined;
    this.update({ doing: undefined, progress: undefined, heard: 'Stopped.' });
  }

  order(wanted: Order['wanted']): void {
    if (this.state.doing) {
      // Files that were given meanwhile are looked at before anything else.
      if (this.next !== 'look') this.next = wanted;
      return;
    }
    const { files, options, tables } = this.state;
    this.update({ doing: wanted, refused: [], progress: undefined });
    const decidedTables = wanted === 'look' ? undefined : tables;
    const order: Order = { wanted, data: this.data, files, options, tables: decidedTables };
    this.worker ??= this.start();
    this.worker.postMessage(order);
  }

  private start(): Worker {
    const url = URL.createObjectURL(new Blob([this.script], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.onerror = ({ message }) =>
      this.finish({ refused: [message || 'This browser does not let the page grade.'] });
    worker.onmessage = ({ data: reply }: MessageEvent<Reply>) =>
      'looked' in reply ? this.tell(reply) : this.finish(reply);
    return worker;
  }

  /** Says how far the worker is; to a screen reader, after each tenth. */
  private tell({ looked, all }: Extract<Reply, { looked: number }>): void {
    const isTenth = looked % Math.ceil(all / 10) === 0;
    this.update({ progress: { looked, all }, ...(isTenth && { heard: `${looked} of ${all}` }) });
  }

  private finish(reply: Exclude<Reply, { looked: number }>): void {
    const { next } = this;
    const wanted = this.state.doing;
    this.next = undefined;
    this.update({ doing: undefined, progress: undefined });
    if ('seen' in reply) this.see(reply.seen);
    // A request that was made meanwhile is about another state.
    if (next === 'look' || (next && this.state.seen?.isReady)) this.order(next);
    else if ('refused' in reply) this.refuse(reply.refused, wanted);
    else if ('graded' in reply) this.showGrades(reply.graded);
  }

  private see(seen: Seen): void {
    const { tables, saved } = this.state;
    const heard = seen.described.map(({ name, text }) => `${name}: ${text}`).join('. ');
    const now = carriedOver(tables, saved, seen.tables);
    this.update({ seen, tables: now, saved: seen.tables, undo: [], heard });
  }

  private showGrades(graded: Graded): void {
    const isFirst = this.state.view === 'give';
    const heard = `${graded.toDecide || 'Nothing is left to decide'}. ${graded.summary.join(' ')}`;
    this.update({ graded, heard, view: isFirst ? 'decide' : this.state.view });
    if (isFirst) focusView();
    else this.focusCase();
  }

  /** A decision that cannot be read is taken back. */
  private refuse(refused: readonly string[], wanted: Order['wanted'] | undefined): void {
    const { undo, tables } = this.state;
    const before = wanted === 'grade' ? undo.at(-1) : undefined;
    this.update({
      refused,
      heard: refused.join(' '),
      tables: before ?? tables,
      undo: before ? undo.slice(0, -1) : undo,
    });
  }

  private focusCase(): void {
    if (this.row === undefined) return;
    const rows = [...document.querySelectorAll('.cases tbody tr')];
    const button = rows[Math.min(this.row, rows.length - 1)]?.querySelector<HTMLElement>('.choice');
    this.row = undefined;
    if (button) button.focus();
    else focusView();
  }

  // Saving

  save(): void {
    const { graded, tables } = this.state;
    if (!graded?.zip) return;
    const name = `results-${new Date().toISOString().slice(0, 10)}.zip`;
    download(name, graded.zip);
    this.update({ saved: tables, heard: `Saved ${name}.` });
  }
}

/** Lets a keyboard and a screen reader begin at the top of what is shown. */
function focusView(): void {
  document.getElementById('view')?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

import type { VNode } from 'preact';
import type { FilePlace } from '../../class/pages/shown';
import { toDecideText } from '../../class/pages/statistics';
import { download, html } from '../../page/client/elements';
import type { GradingData } from '../grading-page';
import type { Graded, Options, Question, Reply, RunOrder, Seen } from '../orders';
import { button } from './controls';
import { DecidePage, focusView, isWide, keepPlace, nameOfSaved } from './decide-page';

export const views = { give: 'Give', decide: 'Decide', class: 'Class', take: 'Take' } as const;

export type View = keyof typeof views;

/** What the worker does, and what it has made. */
export interface Run {
  readonly view: View;
  readonly files: readonly File[];
  readonly options: Options;
  readonly seen?: Seen | undefined;
  /** The job that the worker is doing, and how far it has got. */
  readonly doing?: RunOrder['wanted'] | undefined;
  readonly progress?: { readonly looked: number; readonly all: number } | undefined;
  readonly made?: Graded | undefined;
  /** The page of the class, or of that section, as HTML. */
  readonly classPage?: { readonly section: string | undefined; readonly text: string } | undefined;
  /** How many of the lines that were made here are in the grades that are shown. */
  readonly graded?: number | undefined;
  /** Why the last order was refused. */
  readonly refused: readonly string[];
  readonly savedAs?: string | undefined;
}

/** The page that grades a class: files are given, a worker grades them, and what is decided here is graded again. */
export class GradingPage extends DecidePage {
  run: Run = { view: 'give', files: [], options: {}, refused: [] };
  readonly data: GradingData;
  readonly next = { label: 'Take', press: () => this.show('take') };
  private readonly script: string;
  private readonly render: (page: GradingPage) => void;
  private worker: Worker | undefined;
  /** The order to send when the worker is done. */
  private waitingOrder: RunOrder['wanted'] | undefined;
  /** How many lines the worker grades with. */
  private sent = 0;

  constructor(data: GradingData, script: string, render: (page: GradingPage) => void) {
    super();
    this.data = data;
    this.script = script;
    this.render = render;
    this.draw();
  }

  protected draw(): void {
    this.render(this);
  }

  /** @param change of what the worker does; and of what is shown, if that changes, too. */
  updateRun(change: Partial<Run>, shown: Parameters<DecidePage['update']>[0] = {}): void {
    this.run = { ...this.run, ...change };
    this.update(shown);
  }

  isGraded(): boolean {
    return this.run.made !== undefined && this.run.graded === this.state.made.length;
  }

  ungraded(): VNode {
    if (this.run.doing) return progressView(this) as VNode;
    return html`<span class="open">The last step is not graded yet.</span> ${button('Grade', () => this.order('grade'), { class: 'small main' })}` as VNode;
  }

  // Giving files

  give(added: Iterable<File>): void {
    this.lookAt([...this.run.files, ...added]);
  }

  /** Takes files that were dropped in any view, and says so if that view does not list them. */
  drop(files: Iterable<File>): void {
    const names = [...files].map(({ name }) => name).join(', ');
    if (names === '') return;
    this.give(files);
    this.updateRun({ view: 'give' }, { heard: `Added under Give: ${names}.` });
  }

  takeOut(file: File): void {
    this.lookAt(this.run.files.filter((one) => one !== file));
  }

  /** Looks at files. Whether their list is meant to be that of a part was said of other files. */
  private lookAt(files: readonly File[]): void {
    this.look({ files, options: { ...this.run.options, isPart: undefined } });
  }

  look(change: Partial<Run>): void {
    this.updateRun(
      { ...change, made: undefined, refused: [] },
      { graded: undefined, panel: undefined, trace: undefined },
    );
    this.order('look');
  }

  show(view: View): void {
    this.updateRun({ view });
    if (view === 'take' && this.run.made && !(this.isGraded() && this.run.made.zip)) this.order('zip');
    this.askForClass();
    focusView();
  }

  override showSection(section: string | undefined): void {
    super.showSection(section);
    this.askForClass();
  }

  private askForClass(): void {
    if (this.run.view === 'class') this.ask({ wanted: 'class', section: this.state.section });
  }

  protected askForSheet(id: string, isRevealed: boolean): void {
    this.ask({ wanted: 'sheet', id, isRevealed });
  }

  protected askForFile({ submission, path }: FilePlace): void {
    this.ask({ wanted: 'file', submission, path });
  }

  private ask(question: Question): void {
    this.worker?.postMessage(question);
  }

  protected onWritten(): void {
    this.order('grade');
  }

  // Grading

  /** Stops the worker. What was graded before stays. */
  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.waitingOrder = undefined;
    this.updateRun(
      { doing: undefined, progress: undefined },
      { pending: [], panel: undefined, heard: 'Stopped.' },
    );
  }

  order(wanted: RunOrder['wanted']): void {
    if (this.run.doing) {
      // Files that were added meanwhile come before anything else.
      if (this.waitingOrder !== 'look') this.waitingOrder = wanted;
      return;
    }
    const { files, options } = this.run;
    this.updateRun({ doing: wanted, refused: [], progress: undefined });
    const { made: lines } = this.state;
    const order: RunOrder = { wanted, data: this.data, files, options, lines };
    this.sent = lines.length;
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
    if ('looked' in reply) this.updateRun({ progress: reply }, { heard: `${reply.looked} of ${reply.all}` });
    else if ('sheet' in reply) this.takeSheet(reply.sheet);
    else if ('classPage' in reply) {
      const { section, classPage: text } = reply;
      if (section === this.state.section) this.updateRun({ classPage: { section, text } });
    } else if ('file' in reply) this.takeFile(reply.file);
    else this.finish(reply);
  }

  private finish(reply: Extract<Reply, { seen: Seen } | { graded: Graded } | { refused: unknown }>): void {
    const { waitingOrder } = this;
    this.waitingOrder = undefined;
    this.updateRun({ doing: undefined, progress: undefined });
    if ('seen' in reply) {
      const { seen } = reply;
      this.updateRun({ seen }, { given: seen.decisions, heard: seen.described.map(sentenceOn).join(' ') });
    }
    // A request made meanwhile is about a different state.
    if (waitingOrder === 'look' || (waitingOrder && this.run.seen?.isReady)) this.order(waitingOrder);
    else if ('refused' in reply)
      this.updateRun(reply, { heard: reply.refused.join(' '), pending: [], trace: undefined });
    else if ('graded' in reply) this.showGrades(reply.graded);
  }

  private showGrades(made: Graded): void {
    const { trace, panel, undone } = this.state;
    const isFirst = this.run.view === 'give';
    const place = this.placeOfCurrent();
    this.updateRun(
      { made, graded: this.sent, view: isFirst ? 'decide' : this.run.view },
      {
        graded: made,
        // The list may have other sections now.
        section: made.sections.find((name) => name === this.state.section),
        pending: [],
        heard: made.summary.join(' '),
      },
    );
    const left = toDecideText(this.leftToDecide()) || 'Nothing is left to decide';
    this.update({ heard: `${left}. ${this.state.heard}` });
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

  // Saving

  /** Saves the results, by the part that is shown, the person and the day. */
  save(): void {
    const { made } = this.run;
    if (!made?.zip || !this.isGraded()) return;
    const name = `${nameOfSaved('results', this)}.zip`;
    download(name, made.zip);
    this.updateRun({ savedAs: name }, { saved: this.state.made.length, heard: `Saved ${name}.` });
    document.getElementById('saved')?.focus();
  }
}

/** How far a run has got, with a way to stop it. */
export function progressView(page: GradingPage): VNode | undefined {
  const { doing, progress } = page.run;
  if (!doing) return undefined;
  const text = progress ? `${progress.looked} of ${progress.all}` : 'Reading …';
  return html`<progress aria-label="Graded" value=${progress?.looked} max=${progress?.all}></progress> ${text} ${button('Stop', () => page.stop(), { class: 'small' })}` as VNode;
}

/** `class.zip is a Canvas download: …`, or `photo.jpg: This is …` */
const sentenceOn = ({ name, text }: Seen['described'][number]) => name + spaced(text);

/** A text as it continues after a name. */
export const spaced = (text: string) => (text.startsWith(':') ? text : ` ${text}`);

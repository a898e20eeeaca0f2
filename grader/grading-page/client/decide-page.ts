import type { VNode } from 'preact';
import type { Decision } from '../../class/decisions/decision.schema';
import { type Journal, journalOf } from '../../class/decisions/journal';
import { type Draft, pressed, takingBack } from '../../class/decisions/press';
import type { ReadFile } from '../../class/pages/handed-in';
import { plainName } from '../../class/pages/layout';
import type { FilePlace, Sheet, ShownCase } from '../../class/pages/shown';
import type { ShownClass } from '../../class/pages/shown-class';

// The page in which a person decides: what is shown, and what a press of a button writes.

/** The question of a form. */
export interface Form {
  /** Different for each form that was opened, so that none has the fields of another. */
  readonly id: number;
  readonly title: string;
  /** The students whom it is about; empty if it is about a submission. */
  readonly people: readonly string[];
  /** The case that it was opened from. A decision closes what that shows. */
  readonly row?: ShownCase | undefined;
  /** Whose a submission is: the decision to complete. */
  readonly owners?: Draft | undefined;
}

export interface Together {
  readonly rows: readonly ShownCase[];
  readonly label: string;
}

/** The panel: the sheet of a case or of any student, and perhaps one of the files. */
export interface Panel {
  readonly id: string;
  readonly sheet?: Sheet | undefined;
  readonly isRevealed: boolean;
  /** The file that is shown; otherwise the sheet is. */
  readonly place?: FilePlace | undefined;
  readonly file?: ReadFile | undefined;
}

/** What a press of a button is about to write. */
export interface Press {
  readonly drafts: readonly Draft[];
  readonly text: string;
  readonly rows: readonly ShownCase[];
}

/** What is shown, and what was decided here. It stays in memory: other pages on this computer can read what is stored. */
export interface State {
  readonly graded?: ShownClass | undefined;
  /** The section that is shown, if not everybody. It changes nothing else. */
  readonly section?: string | undefined;
  /** The lines of the journal in the files that were given. */
  readonly given: readonly Decision[];
  /** The lines that were made here, oldest first. */
  readonly made: readonly Decision[];
  /** How many of these are in a file that was saved. */
  readonly saved: number;
  /** Who decides here; undefined until the page has asked. */
  readonly by?: string | undefined;
  /** What waits for that name. */
  readonly waiting?: Press | undefined;
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
  given: [],
  made: [],
  saved: 0,
  pending: [],
  leftOut: [],
  hasKeys: true,
  showsKeys: false,
  heard: '',
};

export abstract class DecidePage {
  state = empty;
  /** The rows that each press decided. */
  private readonly rowsOf = new Map<string, readonly string[]>();
  private readonly remembered = remembering(journalOf);
  private forms = 0;

  constructor() {
    window.addEventListener('beforeunload', (event) => {
      if (this.unsaved() > 0) event.preventDefault();
    });
  }

  protected abstract draw(): void;
  /** Asks for the sheet of the panel. */
  protected abstract askForSheet(id: string, isRevealed: boolean): void;
  /** Asks for a file, to be shown in the panel. */
  protected abstract askForFile(place: FilePlace): void;
  /** Called after lines were written, if the page grades them. */
  protected onWritten?(): void;
  /** Whether every line is in the grades that are shown. */
  abstract isGraded(): boolean;
  /** What to do with the lines that are not in them, or how far that is. */
  abstract ungraded(): VNode | undefined;
  /** What comes after deciding: the name of a button, and what it does. */
  abstract readonly next: { readonly label: string; readonly press: () => void };

  update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.draw();
  }

  /** What has become of all lines: those that were given, and those that were made here. */
  journal(): Journal {
    const { given, made } = this.state;
    return this.remembered(given, made);
  }

  /** How many presses are in no file. */
  unsaved(): number {
    const { made, saved } = this.state;
    return new Set(made.slice(saved).map(({ press }) => press)).size;
  }

  /** Shows one section, or everybody. */
  showSection(section: string | undefined): void {
    this.update({ section, current: undefined, trace: undefined });
    const next = this.current();
    if (this.state.panel && next) this.open(next.id);
    else this.update({ panel: undefined });
  }

  isShown({ sections }: { readonly sections: readonly string[] }): boolean {
    const { section } = this.state;
    return section === undefined || sections.length === 0 || sections.includes(section);
  }

  // Cases

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

  /** How many people and submissions are left, whatever is shown. */
  leftToDecide() {
    const cases = this.allCases();
    const people = cases.flatMap((one) => (one.isNobodys ? [] : one.people.map(({ id }) => id)));
    return { people: new Set(people).size, submissions: cases.filter(({ isNobodys }) => isNobodys).length };
  }

  current(): ShownCase | undefined {
    const cases = this.cases();
    return cases.find(({ id }) => id === this.state.current) ?? cases[0];
  }

  // Deciding

  choose(shown: ShownCase, at: number): void {
    const choice = shown.choices[at];
    if (choice) this.decide([shown], (row) => row.choices[at]?.drafts ?? [], choice.label);
  }

  /** Decides several cases alike, once a person has seen the names. */
  decideTogether({ rows, label }: Together): void {
    const choiceOf = (row: ShownCase) => row.choices.find((choice) => choice.label === label);
    this.decide(rows, (row) => choiceOf(row)?.drafts ?? [], label);
  }

  /** @param draftsOf the decisions about each person in a row. */
  private decide(
    rows: readonly ShownCase[],
    draftsOf: (row: ShownCase) => readonly (readonly Draft[])[],
    label: string,
  ): void {
    const drafts = rows.flatMap((row) =>
      draftsOf(row).filter((_, at) => this.isTicked(row.people[at]?.id ?? row.id)),
    );
    const names = rows.flatMap(({ people }) => people.filter(({ id }) => this.isTicked(id)));
    const who = names.length > 1 ? `${names.length} students` : (names[0]?.name ?? '');
    this.press({ drafts: drafts.flat(), text: `${who}: ${label}`, rows });
  }

  isTicked(id: string): boolean {
    return !this.state.leftOut.includes(id);
  }

  /** Writes decisions, as one press. Before the first, asks who decides. */
  press(press: Press): void {
    const { by } = this.state;
    const { drafts, text, rows } = press;
    if (by === undefined) this.update({ waiting: press });
    if (by === undefined || drafts.length === 0) return;
    const keys = new Map(this.state.graded?.keys);
    const lines = pressed(drafts, this.journal(), by, (about) =>
      'key' in about ? (keys.get(about.key) ?? about.key) : JSON.stringify([about.source, about.submission]),
    );
    this.moveOn(text, rows);
    this.write(lines, rows);
  }

  /** Takes the name of the person who decides, and what waited for it. */
  name(by: string): void {
    const { waiting } = this.state;
    this.update({ by, waiting: undefined });
    if (waiting) this.press(waiting);
  }

  /** Marks the next case, in the place of those that are decided. */
  private moveOn(text: string, rows: readonly ShownCase[]): void {
    const cases = this.cases();
    const ids = rows.map(({ id }) => id);
    const last = cases.findLastIndex(({ id }) => ids.includes(id));
    const isLeft = ({ id }: ShownCase) => !ids.includes(id);
    const next = cases.slice(last + 1).find(isLeft) ?? cases.find(isLeft);
    const [first] = ids;
    const place = first === undefined ? undefined : placeOf(first);
    this.update({
      form: undefined,
      formFault: undefined,
      together: undefined,
      leftOut: [],
      pending: [...this.state.pending, ...ids],
      trace: first === undefined ? undefined : { text, before: next?.id },
      undone: undefined,
      current: first === undefined ? this.state.current : next?.id,
      heard: `${text}.`,
    });
    if (next && place !== undefined) keepPlace(next.id, place);
    else if (first !== undefined) focusView();
  }

  private write(lines: readonly Decision[], rows: readonly ShownCase[] = []): void {
    const [line] = lines;
    if (!line) return;
    const ids = rows.map(({ id }) => id);
    this.rowsOf.set(line.press, ids);
    this.update({ made: [...this.state.made, ...lines] });
    this.onWritten?.();
  }

  /** Takes back lines that stand, or lines that took others back, so that these stand again. */
  takeBack(lines: readonly Decision[]): void {
    this.update({ trace: undefined });
    this.write(takingBack(lines, this.state.by ?? ''));
  }

  /** The lines of the last press here that can still be taken back. */
  private lastPress(): readonly Decision[] {
    const { made } = this.state;
    const { takenBack } = this.journal();
    const last = made.findLast(({ id, takesBack }) => !takesBack && !takenBack.has(id));
    return made.filter(({ id, press }) => press === last?.press && !takenBack.has(id));
  }

  canUndo(): boolean {
    return this.lastPress().length > 0;
  }

  undo(): void {
    const lines = this.lastPress();
    const [line] = lines;
    if (!line) return;
    const ids = this.rowsOf.get(line.press) ?? [];
    const place = this.placeOfCurrent();
    this.update({
      trace: undefined,
      heard: 'Undone.',
      undone: ids[0],
      pending: this.state.pending.filter((id) => !ids.includes(id)),
    });
    this.markUndone(place);
    this.write(takingBack(lines, line.by));
  }

  /** After an undo, marks the case that is listed again instead of the one that was marked. */
  protected markUndone(place: number | undefined): void {
    const { undone } = this.state;
    if (undone === undefined || !this.cases().some(({ id }) => id === undone)) return;
    this.mark(undone, false);
    keepPlace(undone, place);
  }

  protected placeOfCurrent(): number | undefined {
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

  // Forms

  /** Asks about a case what a button cannot know, for everybody in it who is ticked. */
  fill(row: ShownCase): void {
    const [closing] = row.closing;
    const people = row.people.filter(({ id }) => this.isTicked(id));
    const names = people.map(({ name }) => name);
    if (row.isNobodys) this.askWhose(`Whose is ${names[0]}?`, closing);
    else
      this.showForm({
        title: names.length > 1 ? `${names.length} students` : (names[0] ?? ''),
        people: people.map(({ id }) => id),
        row,
      });
  }

  /** Asks about a student, whatever is open. */
  fillFor(id: string): void {
    const { name = '' } = this.state.graded?.people.find((one) => one.id === id) ?? {};
    this.showForm({ title: name, people: [id] });
  }

  /** Asks whose a submission is. */
  askWhose(title: string, owners: Draft | undefined): void {
    this.showForm({ title, people: [], owners, row: this.rowAbout(owners) });
  }

  private rowAbout(owners: Draft | undefined): ShownCase | undefined {
    return this.cases().find(({ closing, isNobodys }) => isNobodys && closing[0] === owners);
  }

  private showForm(form: Omit<Form, 'id'>): void {
    this.forms++;
    this.update({ form: { ...form, id: this.forms }, formFault: undefined });
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
    this.askForSheet(id, false);
  }

  reveal(isRevealed: boolean): void {
    const { panel } = this.state;
    if (!panel) return;
    this.update({ panel: { ...panel, isRevealed } });
    this.askForSheet(panel.id, isRevealed);
  }

  showFile(place: FilePlace | undefined): void {
    const { panel } = this.state;
    if (!panel) return;
    this.update({ panel: { ...panel, place, file: undefined } });
    if (place) this.askForFile(place);
  }

  protected takeSheet(sheet: Sheet | undefined): void {
    const { panel } = this.state;
    if (!panel || panel.id !== sheet?.id) return;
    const isFirst = panel.sheet === undefined;
    this.update({ panel: { ...panel, sheet } });
    if (isFirst && panel.place) this.showFile(panel.place);
  }

  protected takeFile(file: ReadFile): void {
    const { panel } = this.state;
    if (panel && isAt(panel.place, file)) this.update({ panel: { ...panel, file } });
  }

  closePanel(): void {
    const { panel } = this.state;
    this.update({ panel: undefined });
    if (panel) document.getElementById(rowId(panel.id))?.focus();
  }
}

/** `results-thursday-ada-2026-12-04`: what is saved, the section that is shown, who decided, and when. */
export function nameOfSaved(what: string, { state: { section = '', by = '' } }: DecidePage): string {
  const parts = [section, by].filter(Boolean).map(plainName);
  return [what, ...parts, new Date().toISOString().slice(0, 10)].join('-');
}

/** Remembers what was last made of two lists of lines. */
function remembering(make: (all: readonly Decision[]) => Journal) {
  let last: { readonly of: readonly unknown[]; readonly made: Journal } | undefined;
  return (given: readonly Decision[], made: readonly Decision[]): Journal => {
    if (last?.of[0] !== given || last.of[1] !== made) {
      const all = new Map([...given, ...made].map((line) => [line.id, line]));
      last = { of: [given, made], made: make([...all.values()]) };
    }
    return last.made;
  };
}

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
export function keepPlace(id: string, place: number | undefined): void {
  if (place !== undefined) scrollToPlace(id, place);
  document.getElementById(rowId(id))?.focus({ preventScroll: true });
}

function scrollToPlace(id: string, place: number): void {
  window.scrollBy(0, (placeOf(id) ?? place) - place);
}

/** Makes a keyboard and a screen reader start at the top of the view. */
export function focusView(): void {
  document.getElementById('view')?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

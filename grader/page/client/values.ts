import { sha256 } from '../../platform';
import { type Rubric, rowsOf, tablesInFile } from '../../rubric/rubric';
import { fieldOf, type TypedWork } from '../work';
import { fitHeight } from './dom';
import { type Change, UndoHistory } from './history';
import type { FormField } from './keys';
import { Store } from './store';

/** The typed work. It is shown in the fields, kept in the browser, and can be undone step by step. */
export class Values {
  readonly fields: ReadonlyMap<string, FormField>;
  readonly work = new Map<string, string>();
  readonly store: Store;
  private readonly history = new UndoHistory();
  private readonly rubric: Rubric;
  private readonly rows = new Map<string, string>();
  /** The digests of saved files, for a browser without storage. */
  private readonly saved = new Map<string, string>();

  constructor(rubric: Rubric) {
    this.rubric = rubric;
    this.store = new Store(rubric);
    const fields = [...document.querySelectorAll<FormField>('[data-field]')];
    this.fields = new Map(fields.map((field) => [field.dataset.field ?? '', field]));
    for (const { id, cells } of rowsOf({ tables: tablesInFile(rubric) }))
      for (const cell of cells) this.rows.set(fieldOf.cell(id, cell.id), id);
  }

  /** Restores the work that was typed before, into this or an earlier version of the worksheet. */
  load(): 'earlier' | undefined {
    const kept = this.store.load();
    this.show(kept);
    if (kept.size > 0) return undefined;
    const versions = this.store.earlier().map((work) => this.changesTo(work));
    const [best = []] = versions.sort((one, other) => other.length - one.length);
    if (best.length === 0) return undefined;
    this.apply(best);
    return 'earlier';
  }

  /** Returns the row of a field, if the field is a cell. */
  rowOf(field: string): string | undefined {
    return this.rows.get(field);
  }

  valueOf(field: string): string {
    return this.work.get(field) ?? '';
  }

  /** Returns the worksheet's complete rows, without those asked again, which are not marked one by one. */
  completeRows(): string[] {
    return rowsOf(this.rubric)
      .filter(({ id, cells }) => cells.every((cell) => this.valueOf(fieldOf.cell(id, cell.id)).trim()))
      .map(({ id }) => id);
  }

  /** Records typing into a field. */
  type(name: string, typed: string): void {
    this.history.type({ field: name, before: this.valueOf(name), after: typed });
    this.set(name, typed);
  }

  /** Changes fields other than by typing, as one undo step. */
  replace(work: TypedWork): void {
    const changes = this.changesTo(work);
    this.history.replace(changes);
    this.apply(changes);
  }

  get canUndo(): boolean {
    return this.history.canUndo;
  }

  get canRedo(): boolean {
    return this.history.canRedo;
  }

  /** Undoes or redoes the last step, except in fields that another tab has changed since. */
  undo(what: 'undo' | 'redo'): Change[] {
    const changes = this.history[what]().filter(({ field, before }) => this.valueOf(field) === before);
    this.apply(changes);
    return changes;
  }

  /**
   * Shows work that is stored already.
   *
   * @returns whether anything changed.
   */
  show(work: TypedWork): boolean {
    const changes = this.changesTo(work);
    for (const { field, after } of changes) this.hold(field, after);
    if (changes.length > 0) this.write();
    return changes.length > 0;
  }

  /** Forgets everything typed here, including the undo history. */
  forget(): void {
    this.work.clear();
    this.history.forget();
    this.saved.clear();
    this.write();
  }

  /** Returns the files with content that has not been saved as a file. */
  unsaved(texts: ReadonlyMap<string, string>): string[] {
    if (this.work.size === 0) return [];
    return [...texts].flatMap(([file, content]) => {
      const digest = sha256(content);
      return [this.saved.get(file), this.store.savedFile(file)].includes(digest) ? [] : [file];
    });
  }

  wasSaved(files: ReadonlyMap<string, string>): void {
    for (const [file, content] of files) {
      const digest = sha256(content);
      this.saved.set(file, digest);
      this.store.saveFile(file, digest);
    }
  }

  private apply(changes: readonly Change[]): void {
    for (const { field, after } of changes) this.set(field, after);
    this.write();
  }

  /** Sets the text of a field without storing it. */
  private hold(name: string, typed: string): void {
    if (typed === '') this.work.delete(name);
    else this.work.set(name, typed);
  }

  /** Sets the text of a field and stores it. */
  private set(name: string, typed: string): void {
    this.hold(name, typed);
    this.store.save(name, typed);
  }

  private write(): void {
    for (const [name, field] of this.fields) {
      const typed = this.valueOf(name);
      if (field.value !== typed) field.value = typed;
      if (field instanceof HTMLTextAreaElement) fitHeight(field);
    }
  }

  /** Returns the changes that turn the current work into the given work. */
  private changesTo(work: TypedWork): Change[] {
    return [...this.fields.keys()].flatMap((field) => {
      const [before, after] = [this.valueOf(field), work.get(field) ?? ''];
      return before === after ? [] : [{ field, before, after }];
    });
  }
}

import { sha256 } from '../../platform';
import { allRowsOf, type Rubric, rowsOf } from '../../rubric/rubric';
import { fieldOf } from '../work';
import { fitHeight } from './dom';
import type { FormField } from './keys';

/** The browser's entry for this worksheet: the typed text by field, and the digests of files as they were saved. */
interface Entry {
  readonly work: Readonly<Record<string, string>>;
  readonly saved: Readonly<Record<string, string>>;
}

/** The typed work. It is shown in the fields, and kept in the browser as one entry for each release of a worksheet. */
export class Values {
  readonly fields: ReadonlyMap<string, FormField>;
  readonly work = new Map<string, string>();
  /** Whether the browser keeps the typed work. */
  isKept: boolean;
  private readonly rubric: Rubric;
  private readonly entryKey: string;
  private readonly rows = new Map<string, string>();
  private saved: Record<string, string> = {};

  constructor(rubric: Rubric) {
    this.rubric = rubric;
    this.entryKey = `worksheet/${encodeURIComponent(rubric.title)}/${rubric.digest}`;
    const fields = [...document.querySelectorAll<FormField>('[data-field]')];
    this.fields = new Map(fields.map((field) => [field.dataset.field ?? '', field]));
    for (const { id, cells } of allRowsOf(rubric))
      for (const cell of cells) this.rows.set(fieldOf.cell(id, cell.id), id);
    const kept = this.kept();
    this.isKept = kept !== undefined;
    for (const [field, typed] of Object.entries(kept?.work ?? {})) this.work.set(field, typed);
    this.saved = { ...kept?.saved };
    this.write();
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

  type(name: string, typed: string): void {
    if (typed === '') this.work.delete(name);
    else this.work.set(name, typed);
    // Another tab may have stored other fields since.
    const { [name]: _, ...others } = this.kept()?.work ?? {};
    this.keep(typed === '' ? others : { ...others, [name]: typed });
  }

  /** Forgets everything typed here, in the browser's storage too. */
  clear(): void {
    this.work.clear();
    this.saved = {};
    try {
      window.localStorage.removeItem(this.entryKey);
    } catch {
      // A page that may not use the storage has nothing in it.
    }
    this.write();
  }

  /** Returns the files with content that has not been saved as a file. */
  unsaved(texts: ReadonlyMap<string, string>): string[] {
    if (this.work.size === 0) return [];
    return [...texts].flatMap(([file, content]) => (this.saved[file] === sha256(content) ? [] : [file]));
  }

  wasSaved(files: ReadonlyMap<string, string>): void {
    for (const [file, content] of files) this.saved[file] = sha256(content);
    this.keep(this.kept()?.work ?? {});
  }

  /** Reads the browser's entry: an empty one if there is none, or undefined if the page may not use the storage. */
  private kept(): Entry | undefined {
    try {
      return JSON.parse(window.localStorage.getItem(this.entryKey) ?? '{"work":{},"saved":{}}');
    } catch {
      return undefined;
    }
  }

  private keep(work: Entry['work']): void {
    try {
      window.localStorage.setItem(this.entryKey, JSON.stringify({ work, saved: this.saved }));
      this.isKept = true;
    } catch {
      this.isKept = false;
    }
  }

  private write(): void {
    for (const [name, field] of this.fields) {
      const typed = this.valueOf(name);
      if (field.value !== typed) field.value = typed;
      if (field instanceof HTMLTextAreaElement) fitHeight(field);
    }
  }
}

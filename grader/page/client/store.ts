import type { Rubric } from '../../rubric/rubric';

/** Receives the changes made in other tabs. */
export interface StoreListener {
  changed(field: string, text: string): void;
  cleared(): void;
}

/**
 * Keeps the typed work in the browser, with one entry per field, so that two tabs that change different fields do not
 * overwrite each other. If both change one field, the last change counts, and both tabs show it. Each version of a
 * worksheet has its own entries.
 */
export class Store {
  /** The prefix of all keys of this worksheet, in every version. */
  private readonly all: string;
  /** The keys of this version: of its fields, of the digests of saved files, and of the attempts. */
  private readonly fields: string;
  private readonly saved: string;
  private readonly kept: string;
  private readonly off: string;
  /** The key of the time of the last clearing, for suspended tabs. The next page that opens removes it. */
  private readonly cleared: string;
  /** This tab has handled every clearing up to this time. */
  private since = Date.now();
  private readonly storage: Storage | undefined;
  /** Whether the browser keeps the typed work. */
  isKept: boolean;

  constructor({ title, digest }: Rubric) {
    this.all = `worksheet/${encodeURIComponent(title)}/`;
    this.fields = `${this.all}${digest}/field/`;
    this.saved = `${this.all}${digest}/saved/`;
    this.kept = `${this.all}${digest}/attempts`;
    this.off = `${this.all}attempts-off`;
    this.cleared = `${this.all}cleared`;
    this.storage = storage();
    this.isKept = this.put(`${this.all}probe`, '1');
    this.remove(`${this.all}probe`);
    this.remove(this.cleared);
  }

  load(): Map<string, string> {
    return this.below(this.fields);
  }

  /** Returns the work typed into other versions of this worksheet. */
  earlier(): Map<string, string>[] {
    const prefixes = this.keys(this.all).flatMap((key) => /^.*?\/field\//.exec(key)?.[0] ?? []);
    return [...new Set(prefixes)]
      .filter((prefix) => prefix !== this.fields)
      .map((prefix) => this.below(prefix));
  }

  save(field: string, text: string): void {
    // An empty text is saved too, so that the field is not filled from an earlier version again.
    if (!this.put(this.fields + field, text)) this.isKept = false;
  }

  /** Remembers the digest of a file as it was saved. */
  saveFile(file: string, digest: string): void {
    this.put(this.saved + file, digest);
  }

  attempts(): string | undefined {
    return this.storage?.getItem(this.kept) ?? undefined;
  }

  keepAttempts(text: string | undefined): void {
    if (text === undefined) this.remove(this.kept);
    else this.put(this.kept, text);
  }

  /** Whether keeping attempts is turned off. The setting applies to all versions of the worksheet. */
  areAttemptsOff(): boolean {
    return this.storage?.getItem(this.off) != null;
  }

  turnAttempts(isOn: boolean): void {
    if (isOn) this.remove(this.off);
    else this.put(this.off, '1');
  }

  savedFile(file: string): string | undefined {
    return this.storage?.getItem(this.saved + file) ?? undefined;
  }

  /** Removes everything that this worksheet has kept in this browser, in any version. */
  clear(): void {
    for (const key of this.keys(this.all)) this.remove(key);
    this.since = Date.now();
    this.put(this.cleared, String(this.since));
  }

  /** Whether another tab has cleared everything since the last call. */
  wasCleared(): boolean {
    const isNew = Number(this.storage?.getItem(this.cleared) ?? 0) > this.since;
    if (isNew) this.since = Date.now();
    return isNew;
  }

  listen({ changed, cleared }: StoreListener): void {
    window.addEventListener('storage', ({ key, newValue, storageArea }) => {
      if (storageArea !== this.storage || key === null) return;
      if (key === this.cleared && this.wasCleared()) cleared();
      if (key.startsWith(this.fields)) changed(key.slice(this.fields.length), newValue ?? '');
    });
  }

  private put(key: string, text: string): boolean {
    try {
      this.storage?.setItem(key, text);
      return this.storage !== undefined;
    } catch {
      return false;
    }
  }

  private remove(key: string): void {
    this.storage?.removeItem(key);
  }

  private keys(prefix: string): string[] {
    const { storage } = this;
    if (!storage) return [];
    const all = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    return all.filter((key) => key.startsWith(prefix));
  }

  private below(prefix: string): Map<string, string> {
    return new Map(
      this.keys(prefix).map((key) => [key.slice(prefix.length), this.storage?.getItem(key) ?? '']),
    );
  }
}

/** Returns the browser's storage, if the page may use it. */
function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

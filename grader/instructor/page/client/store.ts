import type { Rubric } from '../../../rubric/rubric';

/**
 * What is typed, kept in the browser: an entry for each field, so that two tabs that change different fields do not
 * overwrite each other; of one field the last change counts, and both tabs show it.
 */
export class Store {
  private readonly title: string;
  private readonly prefix: string;
  private readonly storage: Storage | undefined;
  /** Whether what is typed is kept. */
  isKept: boolean;

  constructor({ title, digest }: Rubric) {
    this.title = `worksheet/${encodeURIComponent(title)}/`;
    this.prefix = `${this.title}${digest}/`;
    this.storage = storageOf(`${this.title}probe`);
    this.isKept = this.storage !== undefined;
  }

  load(): Map<string, string> {
    return this.below(this.prefix);
  }

  /** What was typed into another version of this worksheet, the one with the most fields. */
  earlier(): Map<string, string> {
    const prefixes = new Set(this.keys(this.title).map((key) => `${key.split('/').slice(0, 3).join('/')}/`));
    const versions = [...prefixes].filter((prefix) => prefix !== this.prefix).map((one) => this.below(one));
    return versions.sort((one, other) => other.size - one.size)[0] ?? new Map();
  }

  save(field: string, text: string): void {
    try {
      if (text === '') this.storage?.removeItem(this.prefix + field);
      else this.storage?.setItem(this.prefix + field, text);
    } catch {
      this.isKept = false;
    }
  }

  /** Removes everything that this worksheet has kept in this browser, in whatever version. */
  clear(): void {
    for (const key of this.keys(this.title)) this.storage?.removeItem(key);
  }

  /** Calls back where another tab has changed a field. */
  onChange(changed: (field: string, text: string) => void): void {
    window.addEventListener('storage', ({ key, newValue, storageArea }) => {
      if (storageArea !== this.storage || !key?.startsWith(this.prefix)) return;
      changed(key.slice(this.prefix.length), newValue ?? '');
    });
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

/** The browser's storage, where it lets a page use it. */
function storageOf(probe: string): Storage | undefined {
  try {
    const { localStorage } = window;
    localStorage.setItem(probe, '');
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return undefined;
  }
}

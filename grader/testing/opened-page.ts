import { resolveObjectURL } from 'node:buffer';
import type { BrowserErrorCaptureEnum, Element, HTMLInputElement, Window as PageWindow } from 'happy-dom';
import { textOfPage } from './page-text';

/** Defined by page-environment.js, the environment of tests that open pages. */
declare const Window: typeof PageWindow;

interface Message {
  readonly data: unknown;
}

/** The global scope of a worker. */
interface Scope {
  onmessage?: (message: Message) => unknown;
  postMessage: (data: unknown) => void;
}

/** The script of each page, compiled for a worker once, because compiling takes longer than most of what it does. */
const scripts = new Map<string, (self: Scope) => void>();

function scriptOf(markup: string) {
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(markup) ?? [];
  const run = scripts.get(script) ?? (new Function('self', script) as (self: Scope) => void);
  scripts.set(script, run);
  return run;
}

/** Makes a page's workers, which run its script. A worker that has ended posts no more messages. */
function workersOf(markup: string) {
  const run = scriptOf(markup);
  let work: Promise<unknown> = Promise.resolve();
  class PageWorker {
    onmessage?: (message: Message) => void;
    private hasEnded = false;
    private readonly scope: Scope = {
      postMessage: (reply) => {
        if (!this.hasEnded) this.onmessage?.({ data: structuredClone(reply) });
      },
    };

    constructor() {
      run(this.scope);
    }

    postMessage(data: unknown): void {
      work = work.then(() => this.scope.onmessage?.({ data }));
    }

    terminate(): void {
      this.hasEnded = true;
    }
  }
  /** Waits until there is nothing left to do. */
  const idle = async () => {
    for (let done: unknown; done !== work; ) {
      done = work;
      await work;
    }
  };
  return { Worker: PageWorker, idle };
}

const settings = {
  enableJavaScriptEvaluation: true,
  suppressInsecureJavaScriptEnvironmentWarning: true,
  // Let an error in a page fail the test.
  errorCapture: 'disabled' as BrowserErrorCaptureEnum,
};

/**
 * A window with a page in it, and the files that it saved. There is no layout, so the sizes of boxes in a picture come
 * from its markup.
 */
function windowWith(
  markup: string,
  stored: Readonly<Record<string, string>>,
  storage?: Pick<PageWindow['localStorage'], 'getItem' | 'setItem' | 'removeItem'>,
) {
  const window = new Window({ url: 'https://page.test/', settings });
  if (storage) Object.defineProperty(window, 'localStorage', { value: storage });
  for (const [name, text] of Object.entries(stored)) window.localStorage.setItem(name, text);
  const { Worker, idle } = workersOf(markup);
  Object.assign(window, { Worker });
  const saved: { readonly name: string; readonly content: Blob | undefined }[] = [];
  window.HTMLAnchorElement.prototype.click = function () {
    saved.push({ name: this.download, content: resolveObjectURL(this.href) });
  };
  window.SVGGraphicsElement.prototype.getBBox = function () {
    const numberOf = (side: string) => Number(this.querySelector('rect')?.getAttribute(side));
    return new window.DOMRect(numberOf('x'), numberOf('y'), numberOf('width'), numberOf('height'));
  };
  window.document.write(markup);
  return { window, saved, idle };
}

/**
 * Opens a page without a browser: it has elements, events and a worker, but no layout and no rendering.
 *
 * @param markup the page.
 * @param stored the entries that the browser stores for it.
 * @param storage where it stores them, if several pages share that.
 */
export function openPage(
  markup: string,
  stored: Readonly<Record<string, string>> = {},
  storage?: Pick<PageWindow['localStorage'], 'getItem' | 'setItem' | 'removeItem'>,
) {
  const { window, saved, idle } = windowWith(markup, stored, storage);
  const { document } = window;
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  const field = (id: string) => document.getElementById(id) as unknown as HTMLInputElement;
  const event = (target: Element, type: string) =>
    target.dispatchEvent(new window.Event(type, { bubbles: true }));
  const enter = (id: string, text: string) => {
    const target = field(id);
    event(target, 'focusin');
    target.value = text;
    event(target, 'input');
  };
  return {
    window,
    document,
    saved,
    idle,
    all,
    field,
    /** Presses the button whose text is or begins with `name`. It has to be there and not be disabled. */
    async press(name: string): Promise<void> {
      const buttons = [...document.querySelectorAll('button')];
      const named = buttons.filter(({ textContent }) => textContent.trim().startsWith(name));
      const button = named.find(({ textContent }) => textContent.trim() === name) ?? named[0];
      if (!button || button.disabled) throw new Error(`There is no button “${name}” to press.`);
      button.click();
      await idle();
    },
    event,
    /** Types into a field and stays in it. */
    enter,
    /** Types into a field, and moves on to another. */
    async type(id: string, text: string): Promise<void> {
      enter(id, text);
      event(field(id), 'focusout');
      await idle();
    },
    /** Chooses files for a field, replacing those chosen before. */
    async choose(id: string, files: readonly File[]): Promise<void> {
      const target = Object.defineProperty(field(id), 'files', { value: files, configurable: true });
      event(target, 'change');
      await idle();
    },
    /** Presses a key in the focused field. */
    key(key: string): void {
      document.activeElement?.dispatchEvent(new window.KeyboardEvent('keydown', { key, bubbles: true }));
    },
    /** Whether the page can be closed without a warning. */
    mayClose: () => window.dispatchEvent(new window.Event('beforeunload', { cancelable: true })),
    /** The text of an element as people read it. */
    readIn(selector: string): string {
      const element = document.querySelector(selector);
      if (!element) throw new Error(`There is no ${selector}.`);
      return textOfPage(element.innerHTML);
    },
  };
}

export type OpenedPage = ReturnType<typeof openPage>;

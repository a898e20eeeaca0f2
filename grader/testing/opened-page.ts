import { resolveObjectURL } from 'node:buffer';
import type { BrowserErrorCaptureEnum, Element, HTMLInputElement, Window as PageWindow } from 'happy-dom';
import { textOfPage } from './page-text';

/** Of page-environment.js, in which a test that opens pages runs. */
declare const Window: typeof PageWindow;

interface Message {
  readonly data: unknown;
}

/** The global scope of a worker. */
interface Scope {
  onmessage?: (message: Message) => unknown;
  postMessage: (data: unknown) => void;
}

/** The script of each page, compiled for a worker: that takes longer than most of what it does. */
const scripts = new Map<string, (self: Scope) => void>();

function scriptOf(markup: string) {
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(markup) ?? [];
  const run = scripts.get(script) ?? (new Function('self', script) as (self: Scope) => void);
  scripts.set(script, run);
  return run;
}

/** Makes the workers of a page, which run its script. One that has ended says nothing more. */
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
  /** Waits until nothing is left to do. */
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
  // An error in a page fails the test.
  errorCapture: 'disabled' as BrowserErrorCaptureEnum,
};

/** A window with a page in it, and what it saved. Nothing is laid out, but a picture says itself where its boxes are. */
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
 * Opens a page without a browser: it has elements, events and a worker, and nothing is laid out or drawn.
 *
 * @param markup the page.
 * @param stored the entries that the browser keeps for it.
 * @param storage where it keeps them, if several pages share that.
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
    /** Presses a button of which all or the beginning is given. It has to be there, and not disabled. */
    async press(name: string): Promise<void> {
      const buttons = [...document.querySelectorAll('button')];
      const named = buttons.filter(({ textContent }) => textContent.trim().startsWith(name));
      const button = named.find(({ textContent }) => textContent.trim() === name) ?? named[0];
      if (!button || button.disabled) throw new Error(`There is no button “${name}” to press.`);
      button.click();
      await idle();
    },
    event,
    /** Types into a field and stays there. */
    enter,
    /** Types into a field, and goes on to another. */
    async type(id: string, text: string): Promise<void> {
      enter(id, text);
      event(field(id), 'focusout');
      await idle();
    },
    /** Chooses files for a field, in place of those before. */
    async choose(id: string, files: readonly File[]): Promise<void> {
      const target = Object.defineProperty(field(id), 'files', { value: files, configurable: true });
      event(target, 'change');
      await idle();
    },
    /** Presses a key in the field in use. */
    key(key: string): void {
      document.activeElement?.dispatchEvent(new window.KeyboardEvent('keydown', { key, bubbles: true }));
    },
    /** Whether the page lets itself be closed without a question. */
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

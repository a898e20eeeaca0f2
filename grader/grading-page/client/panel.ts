import type { VNode } from 'preact';
import { counted } from '../../message';
import { download, html } from '../../page/client/elements';
import { escapeInvisible } from '../../render/escape/safe';
import type { ReadFile } from '../orders';
import type { FilePlace, Sheet } from '../shown';
import { button, key } from './controls';
import { type GradingPage, isAt, isWide, type State } from './grading-state';

// The panel beside the list: the sheet of a student, and every file that was handed in. Nothing that a student wrote
// becomes markup, and no frame shows it.

type Panel = NonNullable<State['panel']>;

export function panelView(page: GradingPage, panel: Panel): VNode {
  const { sheet, place } = panel;
  const own = sheet?.files[0]?.submission;
  const tabs = sheet?.files.map((file) => {
    const ofOther = file.submission !== own && html` <small>${file.submission}</small>`;
    return button(html`${file.path}${ofOther}`, () => page.showFile(file), {
      'aria-pressed': String(isAt(place, file)),
    });
  });
  const ofSheet = button('Sheet', () => page.showFile(undefined), {
    'aria-pressed': String(place === undefined),
  });
  const tools = [
    button(html`${key('K')}<span aria-hidden="true">↑</span><span class="unseen">Previous</span>`, () =>
      page.step(-1),
    ),
    button(html`${key('J')}<span aria-hidden="true">↓</span><span class="unseen">Next</span>`, () =>
      page.step(1),
    ),
    button('✕', () => page.closePanel(), { 'aria-label': 'Close' }),
  ];
  const onCancel = (event: Event) => {
    event.preventDefault();
    page.closePanel();
  };
  return html`<dialog id="panel" aria-labelledby="whose" ref=${openPanel} onCancel=${onCancel}>
    <div class="top"><h2 id="whose" tabindex="-1">${sheet?.name ?? '…'} <small>${place?.path ?? 'everything'}</small></h2><div class="row tools">${tools}</div></div>
    <div class="body"><div class="tabs" role="group" aria-label="Show">${ofSheet}${tabs}</div>
      ${place === undefined ? sheetView(page, panel) : fileView(page, panel, place)}</div>
  </dialog>`;
}

/** Beside the list it is part of the page; on a small screen it covers the list. */
function openPanel(element: HTMLDialogElement | null): void {
  if (!element || element.open) return;
  if (isWide()) element.setAttribute('open', '');
  else element.showModal();
}

function sheetView(page: GradingPage, { sheet, isRevealed }: Panel): VNode | undefined {
  if (!sheet) return undefined;
  const label = isRevealed ? 'Hide what is right' : 'Show what is right';
  return html`<div class="sheet" dangerouslySetInnerHTML=${{ __html: sheet.html }}></div>
    ${sheet.canReveal && html`<p>${button(label, () => page.reveal(!isRevealed), { class: 'small', 'aria-pressed': String(isRevealed) })}</p>`}
    <div class="sheet" dangerouslySetInnerHTML=${{ __html: sheet.below }}></div>` as VNode;
}

/** The types of pictures that a browser draws without running anything. */
const pictures: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

function fileView(page: GradingPage, { sheet, file }: Panel, place: FilePlace): VNode {
  const { path } = place;
  if (!file) return html`<p>Reading …</p>`;
  const { bytes, why, inside = [] } = file;
  if (!bytes) return html`<p class="open">○ ${why}</p>`;
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const type = pictures[extension];
  const text = textIn(bytes);
  const size = counted(Math.ceil(bytes.length / 1024), 'KiB').replace(/s$/, '');
  const save = button('Save it', () => download(baseOf(path), bytes), { class: 'small' });
  const below = html`<p class="row"><span class="faint">${size}, as it was handed in</span> ${save}</p>`;
  if (type)
    return html`<img class="view" alt=${`What ${sheet?.name} handed in`} src=${dataUrl(bytes, type)} />${below}`;
  if (extension === 'pdf')
    return html`<p><a class="button" href=${blobUrl(file)} target="_blank" rel="noopener">Open it in a tab</a></p><p class="faint">The browser’s own viewer shows it. A PDF may open a dialog there; nothing in it can reach this page.</p>${below}`;
  if (inside.length > 0)
    return html`<ul class="inside">${inside.map((one) => html`<li>${button(one.slice(path.length + 1), () => page.showFile({ ...place, path: one }), { class: 'file' })}</li>`)}</ul>${below}`;
  if (text !== undefined) return html`${linesView(text, place, sheet)}${below}`;
  return html`<p>A file of this kind is not shown here. If you trust it, open it with its own program.</p>${below}`;
}

/** The name of a file without the folders around it. */
const baseOf = (path: string) => path.split('/').at(-1) ?? path;

/** The text of bytes, or undefined if they are not text. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Nobody reads more lines of a text than this. */
const maxLines = 2000;

function linesView(text: string, { submission, path }: FilePlace, sheet: Sheet | undefined): VNode {
  const slips = new Map(
    sheet?.slips
      .filter((slip) => slip.submission === submission && baseOf(slip.path) === baseOf(path))
      .map((slip) => [slip.line, slip]),
  );
  const rows = text
    .split(/\r\n?|\n/)
    .slice(0, maxLines)
    .map((line, at) => {
      const slip = slips.get(at + 1);
      const fix =
        slip &&
        html`<tr class="fix"><th scope="row">${slip.corrected !== undefined && html`<span aria-hidden="true">→</span><span class="unseen">corrected</span>`}</th><td>${escapeInvisible(slip.corrected ?? '')}<p>${escapeInvisible(slip.why)}</p></td></tr>`;
      return html`<tr class=${slip ? 'slip' : ''}><th scope="row">${slip && '▲ '}${at + 1}</th><td>${escapeInvisible(line)}</td></tr>${fix}`;
    });
  return html`<table class="code" aria-label=${path}><tbody>${rows}</tbody></table>`;
}

/** Addresses of the files that are shown, each made only once, because every key press draws the page again. */
const addresses = new WeakMap<Uint8Array, string>();

function addressOf(bytes: Uint8Array, make: () => string): string {
  const address = addresses.get(bytes) ?? make();
  addresses.set(bytes, address);
  return address;
}

function dataUrl(bytes: Uint8Array, type: string): string {
  return addressOf(bytes, () => {
    const parts: string[] = [];
    for (let start = 0; start < bytes.length; start += 0x8000)
      parts.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
    return `data:${type};base64,${btoa(parts.join(''))}`;
  });
}

function blobUrl({ bytes = new Uint8Array() }: ReadFile): string {
  return addressOf(bytes, () => URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' })));
}

import type { HtmlText } from '../../render/escape/html';

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

export function onClick(selector: string, clicked: (data: DOMStringMap) => void): void {
  for (const button of document.querySelectorAll<HTMLElement>(selector))
    button.addEventListener('click', () => clicked(button.dataset));
}

/** Fills an element. All markup gets into the page through this. */
export function put(place: HTMLElement, content: HtmlText): void {
  place.innerHTML = content;
}

/** Returns markup as the browser serializes it, for comparison. */
export function markupOf(content: HtmlText): string {
  const place = document.createElement('div');
  put(place, content);
  return place.innerHTML;
}

/** Makes a field as tall as its text. */
export function fitHeight(area: HTMLTextAreaElement): void {
  area.style.setProperty('--height', 'auto');
  area.style.setProperty('--height', `${area.scrollHeight + 2}px`);
}

/** Downloads text or bytes as a file. */
export function download(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

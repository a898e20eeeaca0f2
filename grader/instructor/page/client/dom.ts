import type { HtmlText } from '../../../render/escape/html';

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

export function onClick(selector: string, clicked: (data: DOMStringMap) => void): void {
  for (const button of document.querySelectorAll<HTMLElement>(selector))
    button.addEventListener('click', () => clicked(button.dataset));
}

/** The only way in which markup gets into the page. */
export function put(place: HTMLElement, content: HtmlText): void {
  place.innerHTML = content;
}

/** Markup as a browser writes it, to compare with. */
export function markupOf(content: HtmlText): string {
  const place = document.createElement('div');
  put(place, content);
  return place.innerHTML;
}

/** Makes a field as high as its text. */
export function fitHeight(area: HTMLTextAreaElement): void {
  area.style.setProperty('--height', 'auto');
  area.style.setProperty('--height', `${area.scrollHeight + 2}px`);
}

/** Offers some bytes for saving. */
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

import type { VNode } from 'preact';
import { html } from '../../page/client/elements';
import type { DecidePage } from './decide-page';

export const button = (label: unknown, onClick: () => void, more: object = {}) =>
  html`<button type="button" onClick=${onClick} ...${more}>${label}</button>`;

/** The key that does what the label after it says. */
export const key = (name: string) => html`<kbd aria-hidden="true">${name}</kbd>`;

/** Chooses the section that is shown, if there are several. */
export function sectionsView(page: DecidePage): VNode | undefined {
  const { graded, section } = page.state;
  const sections = graded?.sections ?? [];
  if (sections.length === 0) return undefined;
  const buttons = [undefined, ...sections].map((name) =>
    button(name ?? 'All', () => page.showSection(name), { class: 'small', 'aria-pressed': name === section }),
  );
  return html`<div class="row sections" role="group" aria-label="Section">${buttons}</div>` as VNode;
}

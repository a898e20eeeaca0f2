import type { VNode } from 'preact';
import { html } from '../../page/client/elements';
import type { GradingPage } from './grading-state';

export const button = (label: unknown, onClick: () => void, more: object = {}) =>
  html`<button type="button" onClick=${onClick} ...${more}>${label}</button>`;

/** The key that does what the label after it says. */
export const key = (name: string) => html`<kbd aria-hidden="true">${name}</kbd>`;

/** Chooses the section that is shown, if there are several. */
export function sectionsView(page: GradingPage): VNode | undefined {
  const { graded, section } = page.state;
  const sections = graded?.sections ?? [];
  if (sections.length === 0) return undefined;
  const buttons = [undefined, ...sections].map((name) =>
    button(name ?? 'All', () => page.showSection(name), { class: 'small', 'aria-pressed': name === section }),
  );
  return html`<div class="row sections" role="group" aria-label="Section">${buttons}</div>` as VNode;
}

/** How far a run has got, with a way to stop it. */
export function progressView(page: GradingPage): VNode | undefined {
  const { doing, progress } = page.state;
  if (!doing) return undefined;
  const text = progress ? `${progress.looked} of ${progress.all}` : 'Reading …';
  return html`<progress aria-label="Graded" value=${progress?.looked} max=${progress?.all}></progress> ${text} ${button('Stop', () => page.stop(), { class: 'small' })}`;
}

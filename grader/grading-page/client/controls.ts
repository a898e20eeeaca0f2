import type { VNode } from 'preact';
import { html } from '../../page/client/elements';
import type { GradingPage } from './grading-state';

export const button = (label: unknown, onClick: () => void, more: object = {}) =>
  html`<button type="button" onClick=${onClick} ...${more}>${label}</button>`;

/** The key that does what the label after it says. */
export const key = (name: string) => html`<kbd aria-hidden="true">${name}</kbd>`;

/** How far a run has got, with a way to stop it. */
export function progressView(page: GradingPage): VNode | undefined {
  const { doing, progress } = page.state;
  if (!doing) return undefined;
  const text = progress ? `${progress.looked} of ${progress.all}` : 'Reading …';
  return html`<progress aria-label="Graded" value=${progress?.looked} max=${progress?.all}></progress> ${text} ${button('Stop', () => page.stop(), { class: 'small' })}`;
}

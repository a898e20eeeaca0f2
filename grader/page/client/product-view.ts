import type { VNode } from 'preact';
import { outcomes } from '../../render/status';
import type { Picture, Shape, ShownProduct } from '../shown-products';
import { html } from './elements';

const signs = {
  waits: html`<span class="faint">${outcomes.blank.sign} not filled in</span>`,
  misses: html`<span class="bad">${outcomes.wrong.sign} does not fit</span>`,
  fits: html`<span class="strong">fits</span>`,
  right: html`<span class="good">${outcomes.correct.sign} fits</span>`,
};

/** A product that can be folded, and opens once there is something to see. */
export function productView({ name, state, words, wrong, picture }: ShownProduct, index: number): VNode {
  const go = () => document.getElementById(wrong?.field ?? '')?.focus();
  return html`<details class="product ${state}" open=${state !== 'waits'}>
    <summary>${name} ${signs[state]}</summary>
    ${picture && drawing(picture, `misfit${index}`)}
    <p>${words}</p>
    ${wrong && html`<button type="button" onClick=${go}>Go to ${wrong.label}</button>`}
  </details>`;
}

/**
 * The picture of a product. Matrices meet at its origin: the left matrix hangs below it, to the left; the right one is
 * above it, to the right; and the result fills the corner between them. A right matrix that is turned first lies on the
 * left one, edge on edge, and opens by a quarter turn if they fit.
 */
function drawing(picture: Picture, pattern: string): VNode {
  const { left, right, result, isTurned, fits } = picture;
  const hatched = (x: number, y: number, width: number, height: number) =>
    width > 0 &&
    height > 0 &&
    html`<rect class="over" x=${x} y=${y} width=${width} height=${height} fill="url(#${pattern})" />`;
  const edge = isTurned ? right.width : right.height;
  const out = isTurned ? right.height : right.width;
  const [met, below] = [Math.min(left.width, edge), left.height];
  const lying = isTurned
    ? html`<g class="turn"><g class="slide">${rectangle('matrix', -edge, -out, edge, out)}${hatched(-edge, -out, edge - left.width, out)}</g></g>`
    : html`${rectangle('matrix', 0, -edge, out, edge)}${hatched(0, -edge, out, edge - left.width)}`;
  const top = isTurned ? Math.max(out, fits ? edge : 0) : edge;
  const isOpen = fits || !isTurned;
  const bottom = Math.max(below, result?.height ?? 0);
  return html`<svg key=${JSON.stringify(picture)} class=${fits ? 'opens' : ''} viewBox="-156 ${-top - 44} 312 ${top + bottom + 84}" aria-hidden="true">
    <pattern id=${pattern} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V7" stroke="var(--wrong)" stroke-width="3" /></pattern>
    ${rectangle('matrix', -left.width, 0, left.width, below)}${hatched(-left.width, 0, left.width - edge, below)}
    ${lying}
    <path class="meet" d="M${-met} 0H0${isOpen ? `V${-met}` : ''}" />
    ${named(left, -3, below, 'end')}
    ${isTurned && html`<g class="early">${named(right, -3, -out - 44, 'end')}</g>`}
    ${isOpen && html`<g class="late"><path class="arc" d="M${-met} 0A${met} ${met} 0 0 1 0 ${-met}" />${named(right, 3, -edge - 44, 'start')}</g>`}
    ${
      result &&
      html`<g class="lay">
        ${rectangle('result', 0, 0, result.width, result.height)}
        ${hatched(0, below, result.width, result.height - below)}${hatched(out, 0, result.width - out, Math.min(result.height, below))}
        ${hatched(-left.width, result.height, left.width, below - result.height)}${hatched(result.width, -edge, out - result.width, edge)}
        ${named(result, 4, bottom, 'start')}
      </g>`
    }
  </svg>`;
}

const rectangle = (name: string, x: number, y: number, width: number, height: number) =>
  html`<rect class=${name} x=${x} y=${y} width=${width} height=${height} />`;

/** The name of a matrix, and its size below that. */
const named = ({ label, size }: Shape, x: number, y: number, anchor: 'start' | 'end') =>
  html`<text x=${x} y=${y + 17} text-anchor=${anchor}>${label}</text><text x=${x} y=${y + 34} text-anchor=${anchor}>${size}</text>`;

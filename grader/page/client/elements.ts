import htm from 'htm';
import { h, type VNode } from 'preact';
import { type Message, piecesOf } from '../../message';
import { escapeInvisible } from '../../render/escape/safe';
import type { RubricRow } from '../../rubric/rubric';

/** Makes elements. Preact writes texts as text, never as HTML. */
export const html = htm.bind(h) as (parts: TemplateStringsArray, ...values: readonly unknown[]) => VNode;

/** A message with its quotes in place, each as code. */
export function sentence(message: Message): VNode[] {
  return piecesOf(message).map((piece) =>
    'words' in piece ? html`<span>${piece.words}</span>` : html`<code>${escapeInvisible(piece.quote)}</code>`,
  );
}

/** Saves a file the way the browser saves a download. */
export function download(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const href = URL.createObjectURL(new Blob([content]));
  Object.assign(document.createElement('a'), { href, download: name }).click();
}

type Box = Pick<DOMRect, 'x' | 'y' | 'width' | 'height'>;

/** The diagram of the handout: where it and its nodes are, in its own units. */
export interface Diagram {
  readonly whole: Box;
  readonly nodes: Readonly<Record<string, Box>>;
}

export function diagramOf(svg: SVGSVGElement | null): Diagram | undefined {
  if (!svg) return undefined;
  const groups = [...svg.querySelectorAll<SVGGElement>('.node')];
  const nodes = Object.fromEntries(groups.map((node) => [node.dataset.id, node.getBBox()]));
  return { whole: svg.viewBox.baseVal, nodes };
}

/** The diagram beside the table, with the drawings in it and a mark on the row that the student is working on. */
export function wholePicture(
  { whole, nodes }: Diagram,
  drawn: readonly VNode[],
  here: RubricRow | undefined,
  caption: string,
): VNode {
  const { x, y, width, height } = whole;
  const marked = here && nodes[here.id];
  const mark =
    marked &&
    html`<rect x=${marked.x - 4} y=${marked.y - 4} width=${marked.width + 8} height=${marked.height + 8} fill="none" stroke="var(--accent)" stroke-width="3" />`;
  const picture = html`<svg viewBox="${x} ${y} ${width} ${height}" aria-hidden="true"><use href="#drawing" />${drawn}${mark}</svg>`;
  return html`<figure class="picture"><details class="drawn"><summary>The diagram</summary><p class="ask">${caption}</p>${picture}</details></figure>`;
}

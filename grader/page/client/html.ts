import htm from 'htm';
import { h, type VNode } from 'preact';
import { type Message, piecesOf } from '../../message';
import { escapeInvisible } from '../../render/escape/safe';
import { type RubricRow, rowName } from '../../rubric/rubric';

/** Makes elements. Preact writes texts as texts, never as HTML. */
export const html = htm.bind(h) as (parts: TemplateStringsArray, ...values: readonly unknown[]) => VNode;

/** A message with its quotes in place, each as code. */
export function sentence(message: Message): VNode[] {
  return piecesOf(message).map((piece) =>
    'words' in piece ? html`<span>${piece.words}</span>` : html`<code>${escapeInvisible(piece.quote)}</code>`,
  );
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

/** The diagram beside the table, with a mark on the row that the student is working on. */
export function wholePicture(diagram: Diagram | undefined, row: RubricRow | undefined): VNode | undefined {
  const drawn = diagram && drawing(diagram.whole, row && diagram.nodes[rowName(row)]);
  return drawn && html`<figure class="picture"><figcaption>Where you are</figcaption>${drawn}</figure>`;
}

/** The part of the diagram around a row, for a screen without room beside the table. */
export function pictureOf(diagram: Diagram | undefined, row: RubricRow): VNode | undefined {
  const node = diagram?.nodes[rowName(row)];
  if (!node) return undefined;
  const { x, width } = diagram.whole;
  return drawing({ x, width, y: node.y - 40, height: node.height + 80 }, node);
}

/** @param here the node to mark. */
function drawing({ x, y, width, height }: Box, here: Box | undefined): VNode {
  const mark =
    here &&
    html`<rect x=${here.x} y=${here.y} width=${here.width} height=${here.height}
      fill="none" stroke="var(--accent)" stroke-width="3" />`;
  return html`<svg viewBox="${x} ${y} ${width} ${height}" aria-hidden="true"><use href="#drawing" />${mark}</svg>`;
}

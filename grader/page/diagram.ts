import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { GraderError, messageOf } from '../error';
import { graderFolder } from '../place';
import { authored, type HtmlText, html, textHtml } from '../render/escape/html';

/** A diagram of the handout. The page sets its colors, and each node has the id that its author gave it. */
export interface Diagram {
  readonly picture: HtmlText;
  /** The ids of its nodes. */
  readonly nodes: readonly string[];
}

/**
 * Draws a Mermaid flowchart from top to bottom, so that it fits beside a table.
 *
 * @param number distinguishes it from the other diagrams of the page.
 * @throws {GraderError} if it cannot be drawn.
 */
export async function drawDiagram(mermaid: string, number: number): Promise<Diagram> {
  const downward = mermaid.replace(/^(\s*(?:flowchart|graph)\s+)(?:LR|RL)\b/, '$1TD');
  const svg = await svgOf(downward.replace(/\["([^"]*)"\]/g, (_, label: string) => `["${inLines(label)}"]`));
  const attributes = (name: string, tag: string) =>
    [...svg.matchAll(new RegExp(`<${tag}[^>]* ${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value);
  const inOne = (label = '') => label.replaceAll('\n', ' ').replaceAll(/&lt;br\/?&gt;/g, ' ');
  const labels = new Map(
    [...svg.matchAll(/<g class="node" data-id="([^"]*)" data-label="([^"]*)"/g)].map(
      ([, id = '', label = '']) => [id, label],
    ),
  );
  const [from, to] = [attributes('data-from', 'polyline'), attributes('data-to', 'polyline')];
  const arrows = from.map((id, index) => `${inOne(labels.get(id))} → ${inOne(labels.get(to[index] ?? ''))}`);
  // Removes the styles that the page's security policy forbids, and the fixed size.
  const plain = svg
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:style|data-(?:style|arrow-start|arrow-end|label|shape|from|to))="[^"]*"| r[xy]="0"/g, '')
    .replace(/ (?:points|viewBox|[cd]?[xy]|r|width|height)="[^"]*"/g, (attribute) =>
      attribute.replace(/\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10)),
    )
    .replaceAll('arrowhead', `arrowhead${number}`)
    .replace(/(<svg[^>]*?) width="[\d.]+" height="[\d.]+"/, '$1 aria-hidden="true" focusable="false"');
  const list = arrows.map((arrow) => html`<li>${authored(arrow)}</li>`);
  const inWords =
    list.length === 0
      ? html``
      : html`<ul class="unseen" aria-label="${textHtml('The diagram in words')}">${list}</ul>`;
  return { picture: html`${authored(plain)}${inWords}`, nodes: [...labels.keys()] };
}

/** Whether a diagram is a flowchart, the only kind that can be drawn. */
export function isFlowchart(mermaid: string): boolean {
  return /^\s*(?:flowchart|graph)\b/.test(mermaid);
}

/** Breaks a label into short lines, to keep the picture narrow. */
function inLines(label: string): string {
  return label.replace(/(.{20,28}?)\s+(?=\S{3})/g, '$1<br/>');
}

function svgOf(mermaid: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(path.join(graderFolder, 'page', 'mermaid.mjs'), {
      workerData: mermaid,
    });
    thread.once('message', resolve);
    thread.once('error', (error) =>
      reject(
        new GraderError(
          'folder',
          'diagram-not-drawn',
          `The diagram of the handout cannot be drawn: ${messageOf(error)}`,
        ),
      ),
    );
  });
}

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import MarkdownIt from 'markdown-it';
import { handoutOf } from '../authoring/generate/template';
import type { Course } from '../course';
import { GraderError, messageOf } from '../error';
import { graderFolder, resolvePath } from '../files';
import { authored, type HtmlText, html } from '../render/escape/html';

/**
 * The handout as the page shows it, and apart from it the flowchart that has rows of the worksheet as nodes. It loads
 * nothing: pictures are embedded, and links to files of a repository become plain text.
 *
 * @throws {GraderError} if the template or the flowchart cannot be used.
 */
export async function pageHandout(course: Course): Promise<{ body: HtmlText; diagram: HtmlText }> {
  // Comments are for editors of the handout. Other HTML is shown as text.
  const markdown = handoutOf(course, '', true).replaceAll(/<!--[\s\S]*?-->/g, '');
  const md = new MarkdownIt();
  const tokens = md.parse(markdown, {});
  const rows = course.rubric.tables.flatMap((table) => table.rows.map(({ id }) => id));
  const flowchart = tokens.find(
    ({ info, content }) =>
      info.trim() === 'mermaid' &&
      /^\s*(?:flowchart|graph)\b/.test(content) &&
      rows.some((id) => new RegExp(`(?<!\\w)${id}(?!\\w)`).test(content)),
  );
  const rendered = md.renderer.render(
    tokens.filter((token) => token !== flowchart),
    md.options,
    {},
  );
  return {
    body: authored(withoutRequests(rendered, course.root)),
    diagram: flowchart ? await drawDiagram(flowchart.content) : html``,
  };
}

/** Changes what markdown-it made of a handout to what a page may hold that loads nothing and has no inline style. */
function withoutRequests(rendered: string, root: string): string {
  return (
    rendered
      // The title of the page is above that of the handout.
      .replaceAll(/(<\/?h)([1-5])>/g, (_, tag: string, level: string) => `${tag}${Number(level) + 1}>`)
      .replaceAll(/ style="text-align:(\w+)"/g, ' class="$1"')
      // An empty corner is not a heading.
      .replaceAll(/<th([^>]*)><\/th>/g, '<td$1></td>')
      .replaceAll(/<a href="(?!https?:)[^>]*>([\s\S]*?)<\/a>/g, '$1')
      .replaceAll('<a href="', '<a target="_blank" rel="noopener noreferrer" href="')
      .replaceAll(/<img src="([^"]*)" alt="([^"]*)"[^>]*>/g, (_, source: string, label: string) => {
        const picture = pictureOf(root, source);
        return picture === undefined ? label : `<img src="${picture}" alt="${label}">`;
      })
  );
}

/** A picture beside the worksheet, as a data URL. */
function pictureOf(root: string, source: string): string | undefined {
  const pattern = /^(?:\.\/)?(assignment\/[^?#:]+\.(png|jpe?g|gif|svg|webp))$/i;
  const [, file, ending = ''] = pattern.exec(source) ?? [];
  if (file === undefined || file.includes('..') || !existsSync(resolvePath(root, file))) return undefined;
  const type = ending.toLowerCase().replace('jpg', 'jpeg').replace('svg', 'svg+xml');
  return `data:image/${type};base64,${readFileSync(resolvePath(root, file)).toString('base64')}`;
}

/**
 * Draws a flowchart from top to bottom, so that it fits beside a table, with its arrows in words. The page sets its
 * colors, and each node has the id that its author gave it.
 */
async function drawDiagram(mermaid: string): Promise<HtmlText> {
  const downward = mermaid.replace(/^(\s*(?:flowchart|graph)\s+)(?:LR|RL)\b/, '$1TD');
  // Short lines keep it narrow.
  const broken = (label: string) => label.replace(/(.{20,28}?)\s+(?=\S{3})/g, '$1<br/>');
  const svg = await svgOf(downward.replace(/\["([^"]*)"\]/g, (_, label: string) => `["${broken(label)}"]`));
  const labels = new Map(
    Array.from(
      svg.matchAll(/<g class="node" data-id="([^"]*)" data-label="([^"]*)"/g),
      ([, id = '', label = '']) => [id, label.replaceAll(/\n|&lt;br\/?&gt;/g, ' ')] as const,
    ),
  );
  const arrows = Array.from(
    svg.matchAll(/<polyline[^>]* data-from="([^"]*)" data-to="([^"]*)"/g),
    ([, from = '', to = '']) => html`<li>${authored(`${labels.get(from)} → ${labels.get(to)}`)}</li>`,
  );
  // The page's policy forbids inline styles.
  const plain = svg
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/ style="[^"]*"/g, '')
    .replace(/(<svg[^>]*?) width="[\d.]+" height="[\d.]+">/, '$1 aria-hidden="true"><g id="drawing">')
    .replace('</svg>', '</g></svg>');
  return html`<figure id="diagram">${authored(plain)}<ul class="unseen" aria-label="The diagram in words">${arrows}</ul></figure>`;
}

function svgOf(mermaid: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(path.join(graderFolder, 'page', 'mermaid.mjs'), { workerData: mermaid });
    thread.once('message', resolve);
    thread.once('error', (error) => {
      const text = `The diagram of the handout cannot be drawn: ${messageOf(error)}`;
      reject(new GraderError('folder', 'diagram-not-drawn', text));
    });
  });
}

import { existsSync, readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';
import { handoutOf } from '../authoring/generate/template';
import type { Course } from '../course';
import { resolvePath } from '../files';
import { authored, type HtmlText } from '../render/escape/html';
import { type Diagram, drawDiagram, isFlowchart } from './diagram';

/** The handout on the page: its text, and the diagram shown beside the table. */
export interface PageHandout {
  readonly body: HtmlText;
  readonly diagram?: Diagram;
}

/**
 * The handout as the page shows it. It loads nothing: pictures are embedded, and links to files of a
 * repository become plain text.
 *
 * @throws {GraderError} if the template, a diagram or a picture cannot be used.
 */
export async function pageHandout(course: Course): Promise<PageHandout> {
  const markdown = handoutOf(course, '', true);
  const md = new MarkdownIt({ html: true });
  // Drop comments, which are for editors of the handout. Show other raw HTML as text.
  const asText = (html: string) => (html.trimStart().startsWith('<!--') ? '' : md.utils.escapeHtml(html));
  md.renderer.rules.html_block = (all, index) => asText(all[index]?.content ?? '');
  md.renderer.rules.html_inline = (all, index) => asText(all[index]?.content ?? '');
  const tokens = md.parse(markdown, {});
  const rows = new Set(course.rubric.tables.flatMap((table) => table.rows.map(({ id }) => id)));
  const drawn = await Promise.all(
    tokens.map((token, index) => {
      const isDrawn = token.type === 'fence' && token.info.trim() === 'mermaid' && isFlowchart(token.content);
      return isDrawn ? drawDiagram(token.content, index) : undefined;
    }),
  );
  const diagram = drawn.find((one) => one?.nodes.some((id) => rows.has(id)));
  const kept = tokens.filter((_, index) => !diagram || drawn[index] !== diagram);
  const figures = new Map(tokens.map((token, index) => [token, drawn[index]]));
  md.renderer.rules.fence = (all, index) => {
    const token = all[index];
    const figure = token && figures.get(token);
    if (figure) return `<figure class="diagram">${figure.picture}</figure>\n`;
    return `<pre><code>${md.utils.escapeHtml(token?.content ?? '')}</code></pre>\n`;
  };
  for (const [index, token] of kept.entries()) {
    // An empty corner cell is not a heading.
    const isEmpty = token.type === 'th_open' && kept[index + 1]?.content === '';
    const close = isEmpty ? kept[index + 2] : undefined;
    if (close) [token.tag, close.tag] = ['td', 'td'];
    // Move headings down a level: the page's title is above the handout's.
    if (/^heading_/.test(token.type)) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
    if (/^t[hd]_open$/.test(token.type)) {
      const align = /text-align:(\w+)/.exec(String(token.attrGet('style') ?? ''))?.[1];
      token.attrs = align === undefined ? null : [['class', align]];
    }
  }
  md.renderer.rules.link_open = (all, index, options, _env, self) => {
    const token = all[index];
    if (!/^https?:/.test(String(token?.attrGet('href') ?? ''))) return '<span>';
    token?.attrPush(['rel', 'noopener noreferrer']);
    token?.attrPush(['target', '_blank']);
    return self.renderToken(all, index, options);
  };
  md.renderer.rules.link_close = (all, index, options, _env, self) => {
    const open = all.slice(0, index).findLast(({ type }) => type === 'link_open');
    const isLink = /^https?:/.test(String(open?.attrGet('href') ?? ''));
    return isLink ? self.renderToken(all, index, options) : '</span>';
  };
  md.renderer.rules.image = (all, index) => {
    const token = all[index];
    const label = md.utils.escapeHtml(token?.content ?? '');
    const source = pictureOf(course.root, String(token?.attrGet('src') ?? ''));
    return source === undefined ? label : `<img src="${source}" alt="${label}">`;
  };
  return {
    body: authored(md.renderer.render(kept, md.options, {})),
    ...(diagram && { diagram }),
  };
}

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

/** A picture beside the worksheet, as a data URL. */
function pictureOf(root: string, source: string): string | undefined {
  const [, file, ending = ''] = /^(?:\.\/)?(assignment\/[^?#:]+\.(\w+))$/.exec(source) ?? [];
  const type = types[ending.toLowerCase()];
  if (file === undefined || type === undefined || file.includes('..')) return undefined;
  const place = resolvePath(root, file);
  if (!existsSync(place)) return undefined;
  return `data:${type};base64,${readFileSync(place).toString('base64')}`;
}

import escapeHtml from 'escape-html';
import { sha256 } from '../../system/platform';
import { design } from '../design';
import { escapeInvisible, type Safe, safeTag } from './safe';

export type HtmlText = Safe<'html'>;

/** Escapes any text, also for use between the quotation marks of an attribute. */
export function textHtml(content: string | number): HtmlText {
  return escapeHtml(escapeInvisible(String(content))) as HtmlText;
}

/** Escapes a text of several lines, and keeps the line breaks. */
export function textLines(content: string): HtmlText {
  return content
    .split(/\r\n?|\n/)
    .map(textHtml)
    .join('<br>') as HtmlText;
}

/** The words of a page or a part of one, as they looked to the person who wrote it in an editor. */
export function wordsOfHtml(markup: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };
  return markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:(amp|lt|gt|quot|nbsp)|#0?39);/g, (_, name = '') => characters[name] ?? "'");
}

/** Joins pieces of a page. */
export const html = safeTag<HtmlText>();

/** A link to a web page; without a valid https address, only its text. */
export function htmlLink(content: string, address: string | undefined): HtmlText {
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:'
    ? html`<a href="${textHtml(url.href)}">${textHtml(content)}</a>`
    : textHtml(content);
}

/** Marks HTML that a library made from an author's text as safe. No student text ever gets here. */
export function authored(markup: string): HtmlText {
  return markup as HtmlText;
}

/** The program of a page. */
export interface Program {
  readonly script: string;
  /** The data that it reads from the element with the id `data`. */
  readonly data?: unknown;
  /** The notices that the packages in the script require to be passed on with them. */
  readonly notices?: string;
  /** The styles of pages that it shows in frames, besides the design. */
  readonly shownStyles?: readonly string[];
}

/**
 * A whole page that loads nothing, regardless of its content, and runs nothing but its program: its policy allows
 * only the style sheets and the script that it was made with, and, with data, workers of the script and pictures as data.
 */
export function page(title: string, rules: string, body: HtmlText, program?: Program): HtmlText {
  const style = design + rules;
  const { script, data, notices = '', shownStyles = [] } = program ?? {};
  const styles = [style, ...shownStyles.map((shown) => design + shown)].map((one) => `'${hashOf(one)}'`);
  const more = data ? 'img-src data:; worker-src blob:; ' : '';
  const sources = script ? `script-src '${hashOf(script)}'; ${more}` : '';
  // Inside a script element, only text that could end it needs an escape.
  const content = [
    notices && `<script type="text/plain">${notices.replaceAll('<', '(')}</script>\n`,
    data &&
      `<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>\n`,
    script && `<script>${script}</script>\n`,
  ];
  const scripts = content.filter(Boolean).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ${sources}style-src ${styles.join(' ')}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${textHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${scripts}</body>
</html>
` as HtmlText;
}

/** The hash by which a content security policy names content that it allows. */
function hashOf(content: string): string {
  return `sha256-${sha256(content, 'base64')}`;
}

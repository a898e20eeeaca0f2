import escapeHtml from 'escape-html';
import { type Message, piecesOf } from '../../message';
import { sha256 } from '../../platform';
import { escapeInvisible, type Safe } from './safe';
export type HtmlText = Safe<'html'>;

/** Any text as text, also between the quotation marks of an attribute. */
export function textHtml(content: string | number): HtmlText {
  return escapeHtml(escapeInvisible(String(content))) as HtmlText;
}

/** A text of several lines, each on a line of its own. */
export function textLines(content: string): HtmlText {
  return content
    .split(/\r\n?|\n/)
    .map(textHtml)
    .join('<br>') as HtmlText;
}

/** A message with its quotes in place, each as code. */
export function htmlSentence(message: Message): HtmlText {
  const pieces = piecesOf(message).map((piece) =>
    'words' in piece ? textHtml(piece.words) : html`<code>${textHtml(piece.quote)}</code>`,
  );
  return html`${pieces}`;
}

/** A piece of a page: joins what is safe already; anything else does not compile. */
export function html(parts: TemplateStringsArray, ...values: (HtmlText | readonly HtmlText[])[]): HtmlText {
  const joined = values.map((value) => (typeof value === 'string' ? value : value.join('')));
  return String.raw({ raw: parts }, ...joined) as HtmlText;
}

/** A link to a page of the web; an address that is none is left out. */
export function htmlLink(content: string, address: string | undefined): HtmlText {
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:'
    ? html`<a href="${textHtml(url.href)}">${textHtml(content)}</a>`
    : textHtml(content);
}

/** HTML that a library made of what a course's author wrote; nothing of a student's ever gets here. */
export function authored(markup: string): HtmlText {
  return markup as HtmlText;
}

/** What a page runs: a script, and the data that it finds in the element with the id `data`. */
export interface Program {
  readonly script: string;
  readonly data: unknown;
  /** What the packages in it ask everybody to pass on with them. */
  readonly notices: string;
}

/**
 * A whole page that loads nothing, whatever is in it, and runs nothing but its program: its policy allows the
 * style sheet and the script that it was made with, and what the script starts as a worker.
 */
export function page(title: string, style: string, body: HtmlText, program?: Program): HtmlText {
  const sources = program ? `script-src '${hashOf(program.script)}'; img-src data:; worker-src blob:; ` : '';
  // Within a script only what could end it matters.
  const data = program && JSON.stringify(program.data).replaceAll('<', '\\u003c');
  const scripts = program
    ? `<script type="text/plain">${program.notices.replaceAll('<', '(')}</script>\n<script type="application/json" id="data">${data}</script>\n<script>${program.script}</script>\n`
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ${sources}style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'">
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

/** As a policy names what it allows. */
function hashOf(content: string): string {
  return `sha256-${sha256(content, 'base64')}`;
}

import escapeHtml from 'escape-html';
import { type Message, piecesOf } from '../../message';
import { sha256 } from '../../platform';
import { escapeInvisible, type Safe } from './safe';
export type HtmlText = Safe<'html'>;

/** Any text as text, also between the quotation marks of an attribute. */
export function text(content: string | number): HtmlText {
  return escapeHtml(escapeInvisible(String(content))) as HtmlText;
}

/** A text of several lines, each on a line of its own. */
export function textLines(content: string): HtmlText {
  return content
    .split(/\r\n?|\n/)
    .map(text)
    .join('<br>') as HtmlText;
}

/** A message with its quotes in place, each as code. */
export function sentence(message: Message): HtmlText {
  const pieces = piecesOf(message).map((piece) =>
    'words' in piece ? text(piece.words) : html`<code>${text(piece.quote)}</code>`,
  );
  return html`${pieces}`;
}

/** A piece of a page: joins what is safe already; anything else does not compile. */
export function html(parts: TemplateStringsArray, ...values: (HtmlText | readonly HtmlText[])[]): HtmlText {
  const joined = values.map((value) => (typeof value === 'string' ? value : value.join('')));
  return String.raw({ raw: parts }, ...joined) as HtmlText;
}

/** A link to a page of the web; an address that is none is left out. */
export function link(content: string, address: string | undefined): HtmlText {
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' ? html`<a href="${text(url.href)}">${text(content)}</a>` : text(content);
}

/**
 * A whole page that loads nothing and runs nothing, whatever is in it: its policy allows the one style
 * sheet that it was made with.
 */
export function page(title: string, style: string, body: HtmlText): HtmlText {
  const digest = sha256(style, 'base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
` as HtmlText;
}

import MarkdownIt from 'markdown-it';
import { isVisible } from './words';

/** One line of a Markdown file apart from its marks of headings and lists; comments are kept apart. */
export interface TextLine {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly is: 'text' | 'heading' | 'code' | 'comment';
  /** Of a heading, from 1 to 6. */
  readonly level?: number;
  /** The same for lines of one paragraph, one item of a list or one quotation; counted from 1. */
  readonly block: number;
}

// Blocks as GitHub has them, and HTML kept apart from text so that comments can be told. What cannot hide
// text is left as it was typed: parsing it would cost time that a hostile file decides (a table's missing
// cells are filled in, thousands a line).
const markdown = new MarkdownIt({ html: true, maxNesting: 20 }).disable([
  'autolink',
  'emphasis',
  'image',
  'link',
  'reference',
  'strikethrough',
  'table',
]);

type Kind = Pick<TextLine, 'is' | 'level'>;

const plainText: Kind = { is: 'text' };

/** The lines of a Markdown text, in order. */
export function readLines(source: string): TextLine[] {
  const lines: TextLine[] = [];
  let kind: Kind = plainText;
  let block = 0;
  let depth = 0;
  const add = (found: readonly Omit<TextLine, 'block'>[]) => {
    for (const line of found) lines.push({ ...line, block });
  };
  for (const token of markdown.parse(source, {})) {
    const line = (token.map?.[0] ?? 0) + 1;
    const isContainer = /^(?:bullet_list|ordered_list|blockquote)_/.test(token.type);
    if (isContainer) depth += token.nesting;
    // What is inside an item or a quotation belongs to it.
    if (token.type === 'list_item_open' ? depth === 1 : token.nesting >= 0 && depth === 0 && token.block)
      block++;
    else if (token.type === 'blockquote_open' && depth === 1) block++;
    switch (token.type) {
      case 'heading_open':
        kind = { is: 'heading', level: Number(token.tag.slice(1)) };
        break;
      case 'heading_close':
        kind = plainText;
        break;
      case 'inline':
        add(inlineLines(token.children ?? [], line, kind));
        break;
      case 'fence':
        add(plainLines(token.content, line + 1, { is: 'code' }));
        break;
      case 'code_block':
        add(plainLines(token.content, line, { is: 'code' }));
        break;
      case 'html_block':
        add(htmlLines(token.content, line));
        break;
    }
  }
  return lines;
}

type InlineToken = NonNullable<ReturnType<typeof markdown.parse>[number]['children']>[number];
type Line = Omit<TextLine, 'block'>;

function inlineLines(tokens: readonly InlineToken[], first: number, kind: Kind): Line[] {
  const lines: Line[] = [];
  let line = first;
  let text = '';
  for (const token of tokens) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') {
      lines.push({ text, line: line++, ...kind });
      text = '';
    } else if (token.type === 'html_inline' && token.content.startsWith('<!--')) {
      lines.push({ text: token.content.slice(4, -3), line, is: 'comment' });
    } else if (token.type !== 'html_inline') text += token.content;
    else if (isPicture(token.content)) text += picture;
  }
  return [...lines, { text, line, ...kind }];
}

function plainLines(text: string, first: number, kind: Kind): Line[] {
  return text.split('\n').map((line, index) => ({ text: line, line: first + index, ...kind }));
}

/**
 * What a block of HTML shows. Headings, which word processors write so, come without their tags; else,
 * where there is anything to see, the block is what the student wrote, tags and all.
 */
function htmlLines(html: string, first: number): Line[] {
  const pieces = htmlPieces(html);
  const hasHeading = pieces.some(({ is, text }) => is === 'tag' && /^<h[1-6]\b/i.test(text));
  const isShown = pieces.some(({ is, text }) =>
    is === 'text' ? isVisible(markdown.utils.unescapeAll(text)) : is === 'tag' && isPicture(text),
  );
  const lines: Line[] = [];
  let line = first;
  let kind: Kind = plainText;
  for (const { is, text } of pieces) {
    const [, close, level] = (is === 'tag' && /^<(\/?)h([1-6])\b/i.exec(text)) || [];
    if (level !== undefined) kind = close ? plainText : { is: 'heading', level: Number(level) };
    if (is === 'comment') lines.push({ text, line, is });
    else if (isShown && (is === 'text' || !hasHeading)) {
      const shown = hasHeading ? markdown.utils.unescapeAll(text) : text;
      lines.push(...plainLines(shown, line, kind));
    }
    line += text.split('\n').length - 1;
  }
  return joined(lines);
}

/** Pieces that stand on one line, as one. */
function joined(lines: readonly Line[]): Line[] {
  const result: Line[] = [];
  for (const line of lines) {
    const before = result.at(-1);
    if (before?.line === line.line && before.is === line.is && before.level === line.level)
      result[result.length - 1] = { ...before, text: before.text + line.text };
    else result.push(line);
  }
  return result;
}

/** What stands for a picture in the text of a response. */
const picture = '(picture)';

function isPicture(tag: string): boolean {
  return /^<img\b/i.test(tag);
}

interface HtmlPiece {
  readonly is: 'text' | 'tag' | 'comment';
  readonly text: string;
}

/** Cuts HTML into text, tags and comments, in one pass: a mark that is never closed is looked for once. */
function htmlPieces(html: string): HtmlPiece[] {
  const pieces: HtmlPiece[] = [];
  let position = 0;
  let text = 0;
  const take = (is: 'tag' | 'comment', content: string, end: number) => {
    if (text < position) pieces.push({ is: 'text', text: html.slice(text, position) });
    pieces.push({ is, text: content });
    position = end;
    text = end;
  };
  for (;;) {
    position = html.indexOf('<', position);
    if (position < 0) break;
    if (html.startsWith('<!--', position)) {
      const close = html.indexOf('-->', position + 4);
      const end = close < 0 ? html.length : close;
      take('comment', html.slice(position + 4, end), end + 3);
    } else if (/^<[/!?]?[a-z]/i.test(html.slice(position, position + 3))) {
      const close = html.indexOf('>', position);
      if (close < 0) break;
      take('tag', html.slice(position, close + 1), close + 1);
    } else position++;
  }
  if (text < html.length) pieces.push({ is: 'text', text: html.slice(text) });
  return pieces;
}

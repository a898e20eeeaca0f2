import MarkdownIt from 'markdown-it';

/** One line of a Markdown file apart from its marks of headings and lists; comments are kept apart. */
export interface TextLine {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly is: 'text' | 'heading' | 'comment';
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

/** The lines of a Markdown text, in order. */
export function readLines(source: string): TextLine[] {
  const lines: TextLine[] = [];
  let heading = false;
  for (const token of markdown.parse(source, {})) {
    const line = (token.map?.[0] ?? 0) + 1;
    switch (token.type) {
      case 'heading_open':
        heading = true;
        break;
      case 'heading_close':
        heading = false;
        break;
      case 'inline':
        lines.push(...inlineLines(token.children ?? [], line, heading ? 'heading' : 'text'));
        break;
      case 'fence':
        lines.push(...plainLines(token.content, line + 1, 'text'));
        break;
      case 'code_block':
        lines.push(...plainLines(token.content, line, 'text'));
        break;
      case 'html_block':
        lines.push(...htmlLines(token.content, line));
        break;
    }
  }
  return lines;
}

type InlineToken = NonNullable<ReturnType<typeof markdown.parse>[number]['children']>[number];

function inlineLines(tokens: readonly InlineToken[], first: number, is: 'text' | 'heading'): TextLine[] {
  const lines: TextLine[] = [];
  let line = first;
  let text = '';
  for (const token of tokens) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') {
      lines.push({ text, line: line++, is });
      text = '';
    } else if (token.type === 'html_inline' && token.content.startsWith('<!--')) {
      lines.push({ text: token.content.slice(4, -3), line, is: 'comment' });
    } else if (token.type !== 'html_inline') text += token.content;
  }
  return [...lines, { text, line, is }];
}

function plainLines(text: string, first: number, is: TextLine['is']): TextLine[] {
  return text.split('\n').map((line, index) => ({ text: line, line: first + index, is }));
}

/** A block of HTML is either a comment or, with its tags, what the student wrote. */
function htmlLines(html: string, first: number): TextLine[] {
  const lines: TextLine[] = [];
  let line = first;
  let position = 0;
  const take = (end: number, is: TextLine['is']) => {
    const text = html.slice(position, end);
    if (is === 'comment') lines.push({ text, line, is });
    else if (text !== '') lines.push(...plainLines(text, line, is));
    line += text.split('\n').length - 1;
    position = end;
  };
  for (;;) {
    const open = html.indexOf('<!--', position);
    take(open < 0 ? html.length : open, 'text');
    if (open < 0) return lines;
    position = open + 4;
    const close = html.indexOf('-->', position);
    take(close < 0 ? html.length : close, 'comment');
    position += 3;
  }
}

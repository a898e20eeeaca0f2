import MarkdownIt from 'markdown-it';

/** One line of a Markdown file apart from its marks of headings and lists; comments are kept apart. */
export interface TextLine {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly is: 'text' | 'heading' | 'comment';
}

// Blocks as GitHub has them, and HTML kept apart from text so that comments can be told. Within a line
// only what can hide text is parsed: emphasis and links stay as they were typed.
const markdown = new MarkdownIt({ html: true }).disable([
  'emphasis',
  'strikethrough',
  'link',
  'image',
  'autolink',
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
  let position = 0;
  const lineOf = (offset: number) => first + (html.slice(0, offset).match(/\n/g)?.length ?? 0);
  while (position < html.length) {
    const open = html.indexOf('<!--', position);
    const textEnd = open < 0 ? html.length : open;
    if (textEnd > position)
      lines.push(...plainLines(html.slice(position, textEnd), lineOf(position), 'text'));
    if (open < 0) break;
    const close = html.indexOf('-->', open);
    const commentEnd = close < 0 ? html.length : close;
    lines.push({ text: html.slice(open + 4, commentEnd), line: lineOf(open), is: 'comment' });
    position = commentEnd + 3;
  }
  return lines;
}

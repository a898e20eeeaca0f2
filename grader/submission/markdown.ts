import MarkdownIt from 'markdown-it';
import { isSignature } from './signature';

/** One line of a Markdown file apart from its marks of headings and lists. */
export interface TextLine {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly kind: 'text' | 'heading' | 'code';
  /** Of a heading, from 1 to 6. */
  readonly level?: number;
  readonly begins: 'numbered item' | 'below rule' | undefined;
  /** The same for lines of one paragraph, one item of a list or one quotation; counted from 1. */
  readonly block: number;
}

// Blocks as GitHub has them, and HTML kept apart from text so that comments can be told. What cannot hide
// text is left as it was typed: parsing it would cost time that a hostile file decides (a table's missing
// cells are filled in, thousands a line).
const unread = ['autolink', 'emphasis', 'image', 'link', 'reference', 'strikethrough', 'table'];
const markdownParser = new MarkdownIt({ html: true, maxNesting: 20 }).disable(unread);

type Mark = Pick<TextLine, 'kind' | 'level'>;
type Line = Omit<TextLine, 'block' | 'kind' | 'begins'> & { readonly kind: TextLine['kind'] | 'comment' };

/**
 * The lines of a Markdown text, in order, as whoever opens the file sees them: what is inside a comment is
 * text, and so is a file that is put into one block of code. Front matter is left out.
 */
export function readLines(source: string): TextLine[] {
  const lines: TextLine[] = [];
  let block = 0;
  const read = (text: string, first: number, isWhole: boolean) => {
    let mark: Mark = { kind: 'text' };
    let begins: TextLine['begins'];
    const add = (found: readonly Line[]) => {
      for (const { kind, ...line } of found) {
        if (kind === 'comment') read(line.text.replaceAll('<!--', ''), line.line, false);
        else lines.push({ ...line, kind, block, begins });
        begins = undefined;
      }
    };
    for (const [index, token] of markdownParser.parse(text, {}).entries()) {
      const { type, content } = token;
      const line = (token.map?.[0] ?? 0) + first;
      // What is inside an item or a quotation belongs to it.
      if (token.nesting >= 0 && token.level <= (type === 'list_item_open' ? 1 : 0)) block++;
      if (type === 'list_item_open' && token.info !== '') begins = 'numbered item';
      if (type === 'hr') begins = 'below rule';
      if (type === 'heading_open') mark = { kind: 'heading', level: Number(token.tag.slice(1)) };
      if (type === 'heading_close') mark = { kind: 'text' };
      if (type === 'inline')
        add(rowLines(content, line) ?? htmlLines(inlineHtml(token.children ?? []), line, mark));
      if (type === 'html_block') add(htmlLines(content, line, mark));
      if (type === 'code_block') add(plainLines(content, line, { kind: 'code' }));
      if (type === 'fence' && isWhole && index === 0) read(content, line + 1, false);
      else if (type === 'fence') add(plainLines(content, line + 1, { kind: 'code' }));
    }
  };
  read(withoutFrontMatter(source), 1, true);
  return lines;
}

/** `---`, lines of `key: value` and what belongs to them, `---` */
const frontMatter =
  /^\s*(---|\+\+\+)[^\S\n]*\n(?:(?:\w[\w-]* ?[:=]|[^\S\n]|[#-])[^\n]*\n|\n){1,50}?\1[^\S\n]*(?:\n|$)/;

/** Blanks what tells programs of the author, the date and the like. */
function withoutFrontMatter(source: string): string {
  const [matter = ''] = frontMatter.exec(source) ?? [];
  const isSigned = matter.split('\n').some((line) => isSignature(line, true));
  return isSigned ? matter.replace(/[^\n]/g, '') + source.slice(matter.length) : source;
}

/** A line that has no cell below its heading and one more row, as a line for each column; no other table. */
function rowLines(content: string, first: number): Line[] | undefined {
  const [heads, rule = '', row, ...others] = content.split('\n');
  if (!heads?.includes('|') || !isTableRule(rule) || row === undefined || others.length > 0) return undefined;
  const [titles, cells] = [heads, row].map((line) => line.replace(/^\s*\||\|\s*$/g, '').split('|'));
  return cells?.map((cell, index) => ({
    text: [titles?.[index], cell]
      .map((text = '') => text.trim())
      .filter(Boolean)
      .join(': '),
    line: first + 2,
    kind: 'text',
  }));
}

/** `|---|:--|`, below the headings of a table. */
export function isTableRule(text: string): boolean {
  return /^[\s|:-]+$/.test(text) && text.includes('|') && text.includes('-');
}

function plainLines(text: string, first: number, mark: Mark): Line[] {
  const lines = text.split('\n').map((line, index) => ({ text: line, line: first + index, ...mark }));
  return lines.filter((line) => line.text.trim() !== '');
}

/** The text of a paragraph or a heading with its HTML, and whatever else it has as text of HTML. */
function inlineHtml(tokens: readonly { type: string; content: string }[]): string {
  return tokens
    .map(({ type, content }) => {
      if (type === 'html_inline') return content;
      return type.endsWith('break')
        ? '\n'
        : markdownParser.utils.escapeHtml(content).replaceAll('\\', '&#92;');
    })
    .join('');
}

/** What HTML shows, without its tags, and what is inside its comments. */
function htmlLines(html: string, first: number, mark: Mark): Line[] {
  let line = first;
  return html.split(/<!--(.*?)(?:-->|$)/s).flatMap((part, index) => {
    const start = line;
    line += part.split('\n').length - 1;
    return index % 2 === 1
      ? [{ text: part, line: start, kind: 'comment' as const }]
      : plainLines(withoutTags(part), start, mark);
  });
}

/** A text without its tags, on as many lines. */
function withoutTags(html: string): string {
  // `<I like tags>` is no tag, although Markdown takes it for one: what follows the name has no value.
  const tag = /<[/!?]?[a-z](?![\w-]*(?:\s+[\w'’,.!?-]+){2,}>)[^<>]*>/gi;
  const withoutTags = html.replace(tag, (text) =>
    /^<img\b/i.test(text) ? '(picture)' : text.replace(/[^\n]/g, ''),
  );
  return markdownParser.utils.unescapeAll(withoutTags);
}

import MarkdownIt from 'markdown-it';
import { isSignature } from './signature';

/** One line of a Markdown file, without its heading and list marks. */
export interface TextLine {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly kind: 'text' | 'heading' | 'code';
  /** For a heading, from 1 to 6. */
  readonly level?: number;
  readonly begins: 'numbered item' | 'below rule' | undefined;
  /** The number of the paragraph, list item or quotation that the line belongs to, counted from 1. */
  readonly block: number;
}

// Parses blocks as GitHub does, and keeps HTML apart from text so that comments can be recognized. Syntax that cannot
// hide text is left as it was typed: parsing it would take time that a hostile file controls (missing cells of a table
// are filled in, thousands per line).
const unread = ['autolink', 'emphasis', 'image', 'link', 'reference', 'strikethrough', 'table'];
const markdownParser = new MarkdownIt({ html: true, maxNesting: 20 }).disable(unread);

type Mark = Pick<TextLine, 'kind' | 'level'>;
type Line = Omit<TextLine, 'block' | 'kind' | 'begins'> & { readonly kind: TextLine['kind'] | 'comment' };

/**
 * Returns the lines of a Markdown text, in order, as a person who opens the file sees them: text inside a comment
 * counts, and so does a file that is put into one code block. Front matter is left out.
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
      // Content inside a list item or a quotation belongs to it.
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

/** `---`, lines of `key: value` with their continuation lines, `---` */
const frontMatter =
  /^\s*(---|\+\+\+)[^\S\n]*\n(?:(?:\w[\w-]* ?[:=]|[^\S\n]|[#-])[^\n]*\n|\n){1,50}?\1[^\S\n]*(?:\n|$)/;

/** Blanks front matter that states the author, the date and the like. */
function withoutFrontMatter(source: string): string {
  const [matter = ''] = frontMatter.exec(source) ?? [];
  const isSigned = matter.split('\n').some((line) => isSignature(line, true));
  return isSigned ? matter.replace(/[^\n]/g, '') + source.slice(matter.length) : source;
}

/** Turns a table with a single row below its headings into one line per column; undefined for any other table. */
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

/** Whether a line is the rule below the headings of a table: `|---|:--|`. */
export function isTableRule(text: string): boolean {
  return /^[\s|:-]+$/.test(text) && text.includes('|') && text.includes('-');
}

function plainLines(text: string, first: number, mark: Mark): Line[] {
  const lines = text.split('\n').map((line, index) => ({ text: line, line: first + index, ...mark }));
  return lines.filter((line) => line.text.trim() !== '');
}

/** The content of a paragraph or a heading as HTML. Its text is escaped. */
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

/** The lines that HTML shows, without its tags, and the text inside its comments. */
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

/** Removes the tags from a text and keeps the number of lines. */
function withoutTags(html: string): string {
  // `<I like tags>` is not a tag, although Markdown takes it for one: the words after the name have no values.
  const tag = /<[/!?]?[a-z](?![\w-]*(?:\s+[\w'’,.!?-]+){2,}>)[^<>]*>/gi;
  const withoutTags = html.replace(tag, (text) =>
    /^<img\b/i.test(text) ? '(picture)' : text.replace(/[^\n]/g, ''),
  );
  return markdownParser.utils.unescapeAll(withoutTags);
}

import { escapeInvisible, type Safe, safeTag } from './safe';
export type MarkdownText = Safe<'markdown'>;

/** Escapes the course's own words as one line of Markdown, so that no character is markup. */
export function escapeMarkdown(text: string | number): MarkdownText {
  // In CommonMark, a backslash before a punctuation character makes it literal.
  return escapeInvisible(String(text)).replace(/[\\`*_{}[\]<>#+\-.!|~:@&$=]/g, '\\$&') as MarkdownText;
}

/** A student's words in a code span, where nothing becomes a link, an image, a mention or HTML. */
export function code(text: string): MarkdownText {
  const visibleText = escapeInvisible(text);
  if (visibleText === '') return escapeMarkdown('(nothing)');
  const fence = fenceFor(visibleText, 1);
  // The space on either side is not part of the text; it keeps a backtick at either end apart from the fence.
  return `${fence} ${visibleText} ${fence}` as MarkdownText;
}

/** A student's lines as a code block below a list item, where nothing in them is markup. */
export function codeBlock(lines: readonly string[]): MarkdownText {
  const visibleLines = lines.map((line) => escapeInvisible(line));
  const fence = fenceFor(visibleLines.join('\n'), 3);
  return [fence, ...visibleLines, fence].map((line) => `  ${line}`).join('\n') as MarkdownText;
}

/** More backticks than a text has in a row anywhere. */
function fenceFor(text: string, least: number): string {
  const runs = text.match(/`+/g) ?? [];
  return '`'.repeat(Math.max(least, ...runs.map((run) => run.length + 1)));
}

/** A link with the course's own words as its text; without a valid https address, only the text. */
export function markdownLink(text: string, address: string): MarkdownText {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:') return escapeMarkdown(text);
  // A parsed URL contains no space or line end, but these characters would end the link.
  const href = url.href.replace(/[<>()\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `[${escapeMarkdown(text)}](<${href}>)` as MarkdownText;
}

/** Joins pieces of a document. */
export const markdown = safeTag<MarkdownText>();

export function join(texts: readonly MarkdownText[], between: '\n' | '\n\n'): MarkdownText {
  return texts.join(between) as MarkdownText;
}

export function row(cells: readonly MarkdownText[]): MarkdownText {
  // In a table, even a code span ends at a pipe without a backslash before it.
  return `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |` as MarkdownText;
}

/** The line between the header of a table and its rows. */
export function rule(columns: number): MarkdownText {
  return `|${' --- |'.repeat(columns)}` as MarkdownText;
}

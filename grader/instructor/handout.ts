import MarkdownIt, { type Token } from 'markdown-it';

/** Where a course has its handout; a student's copy has it as the page of the repository. */
export const handoutFile = 'assignment/README.md';

/** A table: the texts of its head, and of each row below it. */
export interface HandoutTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a handout says, as far as it has to fit the rest of the course. */
export interface Handout {
  /** Destinations of links and images, in order. */
  readonly links: readonly string[];
  /** Texts in bold. */
  readonly bold: readonly string[];
  readonly headings: readonly string[];
  readonly tables: readonly HandoutTable[];
  /** Pieces of HTML that link to something; nothing can follow or move these. */
  readonly html: readonly string[];
  /** Numbered lists, and the text of each entry. */
  readonly lists: readonly (readonly string[])[];
  /** Pictures drawn in mermaid. */
  readonly pictures: readonly string[];
}

export function readHandout(markdown: string): Handout {
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {});
  return {
    links: tokens.flatMap((token) => (token.children ?? []).flatMap(destination)),
    bold: tokens.flatMap(({ children }) => between(children ?? [], 'strong').map(textOf)),
    headings: between(tokens, 'heading').map(textOf),
    tables: between(tokens, 'table').map((table) => ({
      head: between(table, 'th').map(textOf),
      rows: between(between(table, 'tbody').flat(), 'tr').map((row) => between(row, 'td').map(textOf)),
    })),
    html: tokens
      .flatMap((token) => [token, ...(token.children ?? [])])
      .filter(({ type, content }) => /^html_/.test(type) && /\b(?:src|href)\s*=/i.test(content))
      .map(({ content }) => content.trim()),
    lists: between(tokens, 'ordered_list').map((list) => between(list, 'list_item').map(textOf)),
    pictures: tokens.filter(({ info }) => info.trim() === 'mermaid').map(({ content }) => content),
  };
}

function destination(token: Token): string[] {
  const found = token.attrGet('href') ?? token.attrGet('src');
  return found === null ? [] : [String(found)];
}

/** The tokens between each opening and the closing that belongs to it. */
function between(tokens: readonly Token[], name: string): Token[][] {
  const found: Token[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.type === `${name}_close`) depth--;
    if (depth > 0) found.at(-1)?.push(token);
    if (token.type === `${name}_open`) {
      if (depth === 0) found.push([]);
      depth++;
    }
  }
  return found;
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .flatMap((token) => token.children ?? [token])
    .map(({ type, content }) => (type === 'softbreak' ? ' ' : content))
    .join('')
    .trim();
}

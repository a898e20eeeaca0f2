import path from 'node:path';
import MarkdownIt, { type Token } from 'markdown-it';
import { GraderError } from '../error';

/** Where a course has its handout; a student's copy has it as the page of the repository. */
export const handoutFile = 'assignment/README.md';

/** What a handout says, as far as it has to fit the rest of the course. */
export interface Handout {
  /** Destinations of links and images, in order. */
  readonly links: readonly string[];
  /** Texts in bold. */
  readonly bold: readonly string[];
  readonly headings: readonly string[];
  /** Tables, their rows after the first, and the text of each cell. */
  readonly tables: readonly (readonly (readonly string[])[])[];
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
    tables: between(tokens, 'table').map((table) =>
      between(between(table, 'tbody').flat(), 'tr').map((row) => between(row, 'td').map(textOf)),
    ),
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

/** Whether a destination is a path from where the page stands. */
function isRelative(destination: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:|[/#?]|$)/i.test(destination);
}

/** A relative destination without what follows the path. */
function pathOf(destination: string): string {
  return destination.replace(/[?#].*$/, '');
}

/**
 * The files of the repository that a page links to, from its root. A path that leads out of the
 * repository, as to its Actions tab, is none.
 */
export function linkedFiles(markdown: string, folder: string): string[] {
  return readHandout(markdown)
    .links.filter(isRelative)
    .map((link) => path.posix.join(folder, decodeURI(pathOf(link))))
    .filter((file) => !file.startsWith('../'));
}

/** The workflows whose badge or runs a page links to. */
export function linkedWorkflows(markdown: string): string[] {
  const names = readHandout(markdown).links.map((link) => /\/actions\/workflows\/([^/?#]+)/.exec(link)?.[1]);
  return [...new Set(names.flatMap((name) => name ?? []))];
}

/**
 * A page of a folder as it has to read at the repository's root: every relative link leads where it
 * led before.
 *
 * @throws {GraderError} for a link that is written in a way that cannot be moved.
 */
export function movedToRoot(markdown: string, folder: string): string {
  const { links } = readHandout(markdown);
  const moved = (link: string) => (isRelative(link) ? path.posix.join(folder, link) : link);
  let page = markdown;
  for (const link of new Set(links.filter(isRelative))) {
    for (const [before, after] of [
      ['](', ')'],
      ['](', ' '],
      [']: ', '\n'],
    ]) {
      page = page.replaceAll(`${before}${link}${after}`, `${before}${moved(link)}${after}`);
    }
  }
  const found = readHandout(page).links;
  const stuck = links.find((link, index) => found[index] !== moved(link));
  if (stuck !== undefined || found.length !== links.length) {
    throw new GraderError(
      'folder',
      `${handoutFile}: the link to ${stuck ?? found.at(-1)} cannot be moved to the root of the students' copy. Write it as [text](path).`,
    );
  }
  return page;
}

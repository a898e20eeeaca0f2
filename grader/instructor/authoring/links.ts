import path from 'node:path';
import MarkdownIt, { type Token } from 'markdown-it';

/** Destinations of the links and images of a page, in order. */
function linksOf(markdown: string): string[] {
  const destination = (token: Token) => {
    const found = token.attrGet('href') ?? token.attrGet('src');
    return found === null ? [] : [String(found)];
  };
  return new MarkdownIt()
    .parse(markdown, {})
    .flatMap(({ children }) => (children ?? []).flatMap(destination));
}

/** A destination as the name of a file is written; a page holds some characters encoded. */
function decoded(destination: string): string {
  try {
    return decodeURIComponent(destination);
  } catch {
    return destination;
  }
}

/**
 * The files of the repository that a page at its root links to. A path that leads out of the
 * repository, as to its Actions tab, is none.
 */
export function linkedFiles(markdown: string): string[] {
  return linksOf(markdown)
    .filter((link) => !/^(?:[a-z][a-z0-9+.-]*:|[/#?]|$)/i.test(link))
    .map((link) => path.posix.normalize(decoded(link.replace(/[?#].*$/, ''))))
    .filter((file) => !file.startsWith('../'));
}

/** The workflows whose badge or runs a page links to. */
export function linkedWorkflows(markdown: string): string[] {
  const names = linksOf(markdown).map((link) => /\/actions\/workflows\/([^/?#]+)/.exec(link)?.[1]);
  return [...new Set(names.flatMap((name) => name ?? []))];
}

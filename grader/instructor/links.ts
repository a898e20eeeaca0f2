import path from 'node:path';
import { GraderError } from '../error';
import { handoutFile, readHandout } from './handout';

/** Whether a destination is a path from where the page stands. */
function isRelative(destination: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:|[/#?]|$)/i.test(destination);
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
 * The files of the repository that a page links to, from its root. A path that leads out of the
 * repository, as to its Actions tab, is none.
 */
export function linkedFiles(markdown: string, folder: string): string[] {
  return readHandout(markdown)
    .links.filter(isRelative)
    .map((link) => path.posix.join(folder, decoded(link.replace(/[?#].*$/, ''))))
    .filter((file) => !file.startsWith('../'));
}

/** The workflows whose badge or runs a page links to. */
export function linkedWorkflows(markdown: string): string[] {
  const names = readHandout(markdown).links.map((link) => /\/actions\/workflows\/([^/?#]+)/.exec(link)?.[1]);
  return [...new Set(names.flatMap((name) => name ?? []))];
}

/** A destination where it stands in the text: after `](` or `]:`, and perhaps in angle brackets. */
const written = /(\]\(\s*|\]:[ \t]*)(?:<([^<>\n]*)>|([^\s<>()]+))/g;

/**
 * A page of a folder as it has to read at the repository's root: every relative link leads where it
 * led before.
 *
 * @throws {GraderError} for a link that is written in a way that cannot be moved.
 */
export function movedToRoot(markdown: string, folder: string): string {
  const { links } = readHandout(markdown);
  const known = new Set(links.filter(isRelative).map(decoded));
  const moved = (link: string) => (isRelative(link) ? path.posix.join(folder, link) : link);
  const page = markdown.replace(written, (text, before: string, angled?: string, bare?: string) => {
    const link = angled ?? bare ?? '';
    if (!known.has(decoded(link))) return text;
    return angled === undefined ? `${before}${moved(link)}` : `${before}<${moved(link)}>`;
  });
  const found = readHandout(page).links;
  const stuck = links.findIndex((link, index) => found[index] !== moved(link));
  if (stuck !== -1 || found.length !== links.length) {
    throw new GraderError(
      'folder',
      `${handoutFile}: the link to ${decoded(links[stuck] ?? '')} cannot be moved to the root of the students' copy. Write it as [text](path).`,
    );
  }
  return page;
}

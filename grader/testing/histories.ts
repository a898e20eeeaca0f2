import * as fs from 'node:fs';
import path from 'node:path';
import { init, writeBlob, writeCommit, writeRef, writeTag, writeTree } from 'isomorphic-git';
import { writeFiles } from './folders';

/** One commit of a made-up history, with all its files. */
export interface MadeCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly files: Readonly<Record<string, string>>;
  /** Names of earlier entries. Defaults to the previous entry. */
  readonly parents?: readonly string[];
  readonly message?: string;
}

export interface MadeHistory {
  /** The commits, oldest first, by names that the test chooses. */
  readonly commits: Readonly<Record<string, MadeCommit>>;
  /** Full names of refs and the commits that they point to. By default, branch `head` points to the last commit. */
  readonly refs?: Readonly<Record<string, string>>;
  /** Annotated tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The branch that HEAD names; `main` by default. */
  readonly head?: string;
  /** Whether the repository is bare, with nothing checked out. */
  readonly isBare?: boolean;
}

/**
 * Writes a repository with any history: branches, merges and tags, at any time.
 *
 * @returns the ids of its commits, by name.
 */
export async function makeHistory(dir: string, history: MadeHistory): Promise<Record<string, string>> {
  const { commits, refs, tags = {}, head = 'main', isBare = false } = history;
  fs.mkdirSync(dir, { recursive: true });
  const git = isBare ? { fs, dir, gitdir: dir } : { fs, dir };
  await init({ ...git, bare: isBare, defaultBranch: head });
  const ids: Record<string, string> = {};
  let last: string | undefined;
  for (const [name, { time, files, parents, message = name }] of Object.entries(commits)) {
    const who = { name: 'x', email: 'x@example.org', timestamp: Math.floor(time / 1000), timezoneOffset: 0 };
    ids[name] = await writeCommit({
      ...git,
      commit: {
        tree: await treeOf(git, files),
        parent: (parents ?? (last ? [last] : [])).map((parent) => idOf(ids, parent)),
        author: who,
        committer: who,
        message: `${message}\n`,
      },
    });
    last = name;
  }
  const all = refs ?? { [`refs/heads/${head}`]: last ?? '' };
  for (const [ref, name] of Object.entries(all)) {
    const value = name.startsWith('ref: ') ? name.slice(5) : idOf(ids, name);
    await writeRef({ ...git, ref, value, force: true, symbolic: name.startsWith('ref: ') });
  }
  for (const [tag, name] of Object.entries(tags)) {
    const tagger = { name: 'x', email: 'x@example.org', timestamp: 1, timezoneOffset: 0 };
    const object = await writeTag({
      ...git,
      tag: { object: idOf(ids, name), type: 'commit', tag, tagger, message: tag },
    });
    await writeRef({ ...git, ref: `refs/tags/${tag}`, value: object, force: true });
  }
  const checkedOut = all[`refs/heads/${head}`];
  const files = Object.entries((checkedOut && commits[checkedOut]?.files) || {});
  if (!isBare) writeFiles(dir, Object.fromEntries(files.filter(([, text]) => !text.startsWith(link))));
  return ids;
}

function idOf(ids: Readonly<Record<string, string>>, name: string): string {
  const id = ids[name];
  if (id === undefined) throw new Error(`There is no commit ${name}`);
  return id;
}

/** The prefix of a text that stands for a link. Links are not checked out. */
const link = '-> ';

type Git = Pick<Parameters<typeof writeBlob>[0], 'fs' | 'dir' | 'gitdir'>;

async function treeOf(git: Git, files: Readonly<Record<string, string>>): Promise<string> {
  const folders = new Map<string, Record<string, string>>();
  const entries: { mode: string; path: string; oid: string; type: 'blob' | 'tree' }[] = [];
  for (const [file, text] of Object.entries(files)) {
    const [first = '', ...rest] = file.split('/');
    if (rest.length > 0) {
      folders.set(first, { ...folders.get(first), [rest.join('/')]: text });
      continue;
    }
    const isLink = text.startsWith(link);
    const blob = new Uint8Array(Buffer.from(isLink ? text.slice(link.length) : text));
    entries.push({
      mode: isLink ? '120000' : '100644',
      path: first,
      oid: await writeBlob({ ...git, blob }),
      type: 'blob',
    });
  }
  for (const [name, inner] of folders)
    entries.push({ mode: '040000', path: name, oid: await treeOf(git, inner), type: 'tree' });
  return writeTree({ ...git, tree: entries });
}

/** The path of an object in a repository. */
export function objectFile(dir: string, id: string): string {
  return path.join(dir, '.git', 'objects', id.slice(0, 2), id.slice(2));
}

import { groupBy } from '../../key/group-by';
import { message } from '../../message';
import type { Rubric } from '../../rubric/rubric';
import { failed, fileTooLarge, linkAt, maxFile } from '../../submission/decode';
import {
  type FoundFiles,
  findFiles,
  isArchive,
  mayMatter,
  pathsToRead,
  type Readers,
} from '../../submission/find';
import { maxArchive, readListed } from '../../submission/folder';
import type { GitFolder } from '../members/source';
import { Clone, type Commit, GitError } from './git';

/** One content of a student's two files in a history. */
export interface Version {
  readonly found: FoundFiles;
  /** As `contentOf` gives it. */
  readonly content: string;
  /** The commits that hold it, parents before children. */
  readonly commits: readonly Commit[];
  /** The earliest of them, whose time is when it was handed in. */
  readonly earliest: Commit;
  /** Whether the history is cut off behind that commit, so that it may be older. */
  readonly isCut: boolean;
  /** Whether a tag `submit/…` hands it in. */
  readonly isTagged: boolean;
  /** A branch that holds it, if the default branch does not. */
  readonly branch?: string | undefined;
}

/** The versions of a student's work in a clone. */
export interface History {
  readonly versions: readonly Version[];
  /** The newest commit of the default branch. */
  readonly tip: Commit;
  /** Whether the clone lacks the beginning of the history. */
  readonly isCut: boolean;
  readonly page: string | undefined;
}

/**
 * Reads every version of the worksheet's files that a clone has.
 *
 * @param repository where its git directory is.
 * @param now in milliseconds since 1970; no commit can be later.
 * @param isByTag whether tags `submit/…` hand in what no branch holds.
 * @returns undefined if there is no commit.
 * @throws {GitError} if the history cannot be read.
 */
export async function readHistory(
  root: string,
  repository: GitFolder,
  rubric: Rubric,
  readers: Readers,
  now: number,
  isByTag: boolean,
): Promise<History | undefined> {
  const clone = new Clone(root, repository);
  const {
    commits,
    branches,
    tags,
    tip: tipId,
    cut,
    page,
  } = await clone.read((file) => mayMatter(file, rubric), now);
  const tip = commits.get(tipId ?? '');
  if (!tip) {
    if (commits.size > 0) throw new GitError('its default branch is missing');
    return undefined;
  }
  const submitted = new Set(
    [...tags].flatMap(([name, id]) => (isByTag && name.startsWith('submit/') ? id : [])),
  );
  const main = ancestorsOf([tip.id], commits);
  const branchOf = new Map<string, string>();
  for (const [name, id] of branches)
    for (const one of ancestorsOf([id], commits)) if (!branchOf.has(one)) branchOf.set(one, name);
  const states = [
    ...groupBy([...commits.values()], ({ files }) => JSON.stringify([...files].sort())).values(),
  ];
  const contents = await readContents(clone, states, rubric);
  const byContent = new Map<string, { found: FoundFiles; holders: Commit[] }>();
  for (const holders of states) {
    const [{ files } = tip] = holders;
    const found = findFiles(await readListed(listedIn(files, contents), rubric), rubric, readers);
    const content = contentOf(found);
    const known = byContent.get(content) ?? { found, holders: [] };
    byContent.set(content, { ...known, holders: [...known.holders, ...holders] });
  }
  const versions = [...byContent].map(([content, { found, holders }]): Version => {
    const own = holders.filter(({ id }) => main.has(id) || submitted.has(id));
    const counting = own.length > 0 ? own : holders;
    const earliest = counting.reduce((one, other) => (other.time < one.time ? other : one));
    return {
      found,
      content,
      commits: counting,
      earliest,
      isCut: cut.has(earliest.id),
      isTagged: holders.some(({ id }) => submitted.has(id)),
      ...(own.length === 0 && { branch: branchOf.get(earliest.id) ?? 'a tag' }),
    };
  });
  return { versions, tip, isCut: [...main].some((id) => cut.has(id)), page };
}

/** Equal for submissions whose two files are equal, but for the ends of lines, which git may have changed. */
export function contentOf({ files, unread }: FoundFiles): string {
  const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n');
  const texts = [...files.values()].map(({ opened, versions = [] }) =>
    opened.kind === 'file'
      ? textOf(opened.bytes)
      : [opened.kind, ...versions.map(({ place, bytes }) => [place, textOf(bytes)])],
  );
  return JSON.stringify([texts, unread.map(({ path }) => path)]);
}

/** All commits from which some commits come, with these. */
function ancestorsOf(ids: Iterable<string>, commits: ReadonlyMap<string, Commit>): ReadonlySet<string> {
  const found = new Set(ids);
  // The set grows during this loop.
  for (const id of found) for (const parent of commits.get(id)?.parents ?? []) found.add(parent);
  return found;
}

/** Reads the contents that decide which files count, each once, whichever versions hold them. */
function readContents(
  clone: Clone,
  states: readonly (readonly Commit[])[],
  rubric: Rubric,
): Promise<Map<string, Uint8Array | number>> {
  const largest = new Map<string, number>();
  for (const [state] of states) {
    if (!state) continue;
    for (const path of pathsToRead([...state.files.keys()], rubric)) {
      const [, id = ''] = (state.files.get(path) ?? '').split(' ');
      largest.set(id, Math.max(largest.get(id) ?? 0, isArchive(path) ? maxArchive : maxFile));
    }
  }
  return clone.contents([...largest.keys()], (id) => largest.get(id) ?? 0);
}

function listedIn(files: Commit['files'], contents: ReadonlyMap<string, Uint8Array | number>) {
  return [...files].map(([path, entry]) => {
    const [mode, id = ''] = entry.split(' ');
    const content = contents.get(id);
    const missing = failed(
      message('file/unread', '{name} could not be read: the clone is not complete.', {
        name: path,
      }),
    );
    return {
      path,
      read: (largest: number) =>
        mode === '120000'
          ? linkAt(path)
          : typeof content === 'number'
            ? fileTooLarge(path, largest)
            : (content ?? missing),
    };
  });
}

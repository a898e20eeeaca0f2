import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  getConfig,
  listBranches,
  listRefs,
  listTags,
  readBlob,
  readCommit,
  readObject,
  readTag,
  readTree,
  resolveRef,
} from 'isomorphic-git';
import { type Message, message } from '../../message';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { openArchive } from '../../submission/archive';
import { fileTooLarge } from '../../submission/decode';
import {
  type FoundFile,
  type FoundFiles,
  findIn,
  isOutside,
  maxDepth,
  maxFiles,
} from '../../submission/find';
import { findInFolder } from '../../submission/folder';
import { exists, type FileResult, readFile, stat } from '../../submission/sandboxed-fs';
import { findRepository, type GitFolder } from '../members/class-folder';
import { gitFiles, sizeOfLargePack } from './git-files';

/** One commit, without its message, which can be of any size. */
export interface Commit {
  readonly id: string;
  /** When it was committed, in milliseconds since 1970. The committer can set it. */
  readonly time: number;
  /** The first parent is where the branch was before. */
  readonly parents: readonly string[];
  readonly tree: string;
}

/** The files in one commit. */
export interface Version {
  readonly commit: Commit;
  /** Equal for versions whose files are all equal. */
  readonly id: string;
  /** The files that were found there, by the path that the worksheet names. */
  readonly files: FoundFiles['files'];
  readonly found: FoundFiles;
}

/** A commit that a name points to. */
export interface Ref {
  readonly name: string;
  readonly commit: Commit;
}

/** Branches, the newest first, and how many others were not looked at. */
export interface Branches {
  readonly refs: readonly Ref[];
  readonly unseen: number;
}

/** How many commits are looked at. */
const maxCommits = 2000;
/** How many branches are looked at, the newest first. */
const maxBranches = 20;
/** How many branches are checked for their newest commit. */
const maxRefs = 200;
/** A student who hands in at every push has a few dozen tags. */
const maxTags = 500;
/** How many bytes of files are unpacked; a thousand files of the usual size are far less. */
const maxUnpacked = 200 * 1024 * 1024;
/** The largest commit that is read, in bytes; nobody writes a message of that size. */
const maxCommit = 256 * 1024;

/** A history that cannot be used, and why. */
export class HistoryError extends Error {
  readonly reason: Message;

  constructor(why: Message) {
    super(why.text);
    this.reason = why;
  }
}

/** The error for a history that was made to crash its reader. */
export function tooMuch(): HistoryError {
  return new HistoryError(
    message('history/too-much', 'Reading the history takes too much memory, so it was skipped.'),
  );
}

type Git = Omit<Parameters<typeof readTree>[0], 'oid'>;

/**
 * The history of a student's repository, commit by commit. Nothing is run: the program git would run commands from a
 * repository's own settings.
 */
export class History {
  /** The commits of the default branch as it is now, the newest first, followed by first parents. */
  readonly mainline: readonly Commit[];
  /** All commits that are reachable from the mainline, as far as they are looked at, by id. */
  readonly commits: ReadonlyMap<string, Commit>;
  /** Address of the repository on GitHub, if it came from there. */
  readonly repository: string | undefined;
  readonly remarks: readonly Message[];
  private readonly reader: Reader;

  constructor(
    found: { mainline: readonly Commit[]; commits: ReadonlyMap<string, Commit>; repository?: string },
    remarks: readonly Message[],
    reader: Reader,
  ) {
    this.mainline = found.mainline;
    this.commits = found.commits;
    this.repository = found.repository;
    this.remarks = remarks;
    this.reader = reader;
  }

  /** Commits from the newest to the oldest, by the time they claim. */
  byTime(): Commit[] {
    return [...this.commits.values()].sort((a, b) => b.time - a.time);
  }

  /** The students' files in one commit. */
  async version(commit: Commit, rubric: Rubric): Promise<Version> {
    try {
      return await this.reader.version(commit, rubric);
    } catch {
      throw new HistoryError(
        message(
          'history/unreadable',
          `The commit ${commit.id.slice(0, 7)} cannot be read: the clone is not complete.`,
        ),
      );
    }
  }

  /** Whether the clone, as far as it was looked at, lacks commits that others build on. */
  get isCut(): boolean {
    return [...this.commits.values()].some(({ parents }) => parents.some((id) => !this.commits.has(id)));
  }

  /** Whether so much was unpacked that reading more is not worth the time. */
  isSpent(): boolean {
    return this.reader.isSpent();
  }

  /** The newest commits of other branches, local and remote. */
  branches(): Promise<Branches> {
    return this.reader.branches(this.mainline[0]?.id);
  }

  /** All tags with certain names, the newest commit first. */
  tags(isWanted: (name: string) => boolean): Promise<Ref[]> {
    return this.reader.tags(isWanted);
  }

  /** The commit that is checked out now, which may be on another branch. */
  checkedOut(): Promise<Commit | undefined> {
    return this.reader.commitOf('HEAD').catch(() => undefined);
  }
}

/**
 * Opens the history of a student's repository.
 *
 * @param root a student's root folder; everything in it is considered hostile.
 * @returns undefined if there is no repository.
 * @throws {HistoryError} if there is one that cannot be read.
 */
export async function openHistory(root: string): Promise<History | undefined> {
  const git = findRepository(root);
  if (git === undefined && !exists(root, '.git')) return undefined;
  if (git === undefined || (git === '.git' && !stat(root, git)?.isDirectory()))
    throw new HistoryError(message('history/no-folder', '.git is not a folder, so there is no history.'));
  const large = sizeOfLargePack(root, git);
  if (large !== undefined)
    throw new HistoryError(
      message('history/too-large', `The history is too large to be read: ${Math.ceil(large / 2 ** 20)} MiB.`),
    );
  try {
    return await historyIn(root, git);
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(
      message('history/unreadable', 'The history cannot be read: the clone is not complete.'),
    );
  }
}

async function historyIn(root: string, folder: GitFolder): Promise<History> {
  const git: Git = {
    fs: gitFiles(root, folder),
    dir: root,
    gitdir: path.join(root, folder),
    cache: {},
  };
  const reader = new Reader(git);
  const { tip, atHost } = await reader.defaultBranch();
  let { mainline, commits } = await graphFrom(reader, tip);
  const diverged: Message[] = [];
  if (atHost !== undefined && !commits.has(atHost)) {
    const newer = await graphFrom(reader, atHost);
    if (newer.commits.has(tip)) ({ mainline, commits } = newer);
    else
      diverged.push(
        message(
          'history/diverged',
          'The clone and its host have different commits on the default branch; the clone’s count.',
        ),
      );
  }
  const address = await originOf(git);
  return new History(
    { mainline, commits, repository: address },
    [...diverged, ...remarksOn(commits, readFile(root, path.posix.join(folder, 'shallow')).kind === 'file')],
    reader,
  );
}

/** The chain of a commit's first parents, the newest first, and all commits that are reachable from it. */
async function graphFrom(
  reader: Reader,
  tip: string,
): Promise<{ mainline: readonly Commit[]; commits: ReadonlyMap<string, Commit> }> {
  const commits = new Map<string, Commit>();
  const mainline = await walk(reader, tip, commits);
  const merged = mainline.flatMap(({ parents }) => parents.slice(1));
  for (let next = merged.shift(); next !== undefined; next = merged.shift()) {
    if (commits.size >= maxCommits) break;
    const side = await walk(reader, next, commits);
    merged.push(...side.flatMap(({ parents }) => parents.slice(1)));
  }
  return { mainline, commits };
}

/** Follows first parents from one commit, until one is already known. */
async function walk(reader: Reader, from: string, commits: Map<string, Commit>): Promise<Commit[]> {
  const walked: Commit[] = [];
  for (let id: string | undefined = from; id !== undefined && !commits.has(id); ) {
    if (commits.size >= maxCommits) break;
    // In a shallow clone, parents are named but missing.
    const commit: Commit | undefined = await reader.commit(id).catch((error) => {
      if (error instanceof HistoryError) throw error;
      if (walked.length === 0 && commits.size === 0) throw error;
      return undefined;
    });
    if (!commit) break;
    commits.set(id, commit);
    walked.push(commit);
    id = commit.parents[0];
  }
  return walked;
}

function remarksOn(commits: ReadonlyMap<string, Commit>, isShallow: boolean): Message[] {
  const all = [...commits.values()];
  const isMissing = (id: string) => !commits.has(id);
  const backwards = all.find(({ time, parents }) =>
    parents.some((id) => (commits.get(id)?.time ?? 0) > time),
  );
  const cut = !isShallow && all.some(({ parents }) => parents.some(isMissing));
  return [
    ...(isShallow
      ? [message('history/shallow', 'The clone is shallow: earlier commits are not in it.')]
      : []),
    ...(cut && commits.size >= maxCommits
      ? [message('history/long', `Only ${commits.size} commits were looked at.`)]
      : []),
    ...(cut && commits.size < maxCommits
      ? [message('history/incomplete', 'A part of the history is missing in this clone.')]
      : []),
    ...(all.some(({ time }) => time === latest || time === 0)
      ? [message('history/time', 'A commit claims an impossible time.')]
      : []),
    ...(backwards
      ? [
          message(
            'history/backwards',
            `The commit ${backwards.id.slice(0, 7)} claims ${toIsoSeconds(backwards.time)}, which is earlier than the commit before it.`,
          ),
        ]
      : []),
  ];
}

/** Formats a moment as hosts write it. */
export function toIsoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** An entry of a tree, by name: a plain file, a link or a folder. */
interface TreeEntry {
  readonly kind: 'file' | 'link' | 'folder';
  readonly id: string;
}

/** A file below a tree, or the reason why the entry in its place is not read. */
interface TreeFile {
  readonly path: string;
  readonly id: string;
  readonly refused?: Message;
}

/** Reads the trees and files of one repository, each only once. */
class Reader {
  private readonly git: Git;
  private readonly trees = new Map<string, Promise<ReadonlyMap<string, TreeEntry>>>();
  private readonly listings = new Map<string, Promise<readonly TreeFile[]>>();
  private readonly blobs = new Map<string, Promise<FileResult>>();
  private unpacked = 0;

  constructor(git: Git) {
    this.git = git;
  }

  isSpent(): boolean {
    return this.unpacked > maxUnpacked;
  }

  /**
   * The commit that the host's default branch points to: in this clone, and at the host as the clone last saw it. A
   * clone that was fetched but not merged is behind, and one that was not pushed is ahead.
   */
  async defaultBranch(): Promise<{ readonly tip: string; readonly atHost?: string }> {
    const recorded = await resolveRef({ ...this.git, ref: 'refs/remotes/origin/HEAD', depth: 2 }).catch(
      () => '',
    );
    const [, name] = /^refs\/remotes\/origin\/(.+)$/.exec(recorded) ?? [];
    const resolve = (ref: string) => this.resolve(ref).catch(() => undefined);
    const atHost = name === undefined ? undefined : await resolve(recorded);
    const here = name === undefined ? await resolve('HEAD') : await resolve(`refs/heads/${name}`);
    const tip = here ?? atHost ?? (await resolve('HEAD'));
    if (tip === undefined) throw new Error('There is no commit');
    return { tip, ...(atHost !== undefined && atHost !== tip && { atHost }) };
  }

  async commit(id: string): Promise<Commit> {
    // A message can be of any size, and reading it takes several times as much memory.
    const { object } = await readObject({ ...this.git, oid: id, format: 'content' });
    if ((object as Uint8Array).length > maxCommit) throw tooMuch();
    const { commit } = await readCommit({ ...this.git, oid: id });
    return {
      id,
      time: possibleTime(commit.committer.timestamp * 1000),
      parents: commit.parent,
      tree: commit.tree,
    };
  }

  async commitOf(ref: string): Promise<Commit> {
    return this.commit(await this.resolve(ref));
  }

  async version(commit: Commit, rubric: Rubric): Promise<Version> {
    const listed = await this.listing(commit.tree, 0);
    const wanted = studentFiles(rubric);
    const blocked: TreeFile[] = [];
    for (const file of wanted)
      if (!listed.some((one) => one.path === file)) blocked.push(...(await this.blocked(commit.tree, file)));
    const entries = [...listed, ...blocked];
    const read = async (path: string, largest: number): Promise<FileResult> => {
      const { id, refused } = entries.find((entry) => entry.path === path) ?? {};
      if (refused) return { kind: 'refused', reason: refused };
      return id === undefined ? { kind: 'missing' } : this.blob(id, path, largest);
    };
    const found = await findIn(
      {
        entries,
        unsafe: [],
        async *read(asked) {
          for (const [entry, largest] of asked) yield [entry, await read(entry.path, largest)];
        },
        close: () => {},
      },
      rubric,
      openArchive,
    );
    const ids = wanted.map((file) => {
      const { place, opened } = found.files.get(file) ?? {};
      const entry = entries.find(({ path }) => place !== undefined && `${place}/`.startsWith(`${path}/`));
      return [place, opened?.kind, entry?.id];
    });
    return { commit, id: JSON.stringify([ids, found.instead]), files: found.files, found };
  }

  /** The entry that is in the place of a file but is not one: a folder, or a link on the path to it. */
  private async blocked(tree: string, file: string): Promise<TreeFile[]> {
    let id = tree;
    for (const [index, step] of file.split('/').entries()) {
      const entry = (await this.tree(id)).get(step);
      const here = file
        .split('/')
        .slice(0, index + 1)
        .join('/');
      if (!entry) return [];
      if (entry.kind === 'link') return [{ path: file, id, refused: linkAt(here) }];
      if (here === file)
        return [
          { path: file, id, refused: message('file/folder', `${file} is a folder. It has to be a file.`) },
        ];
      if (entry.kind !== 'folder')
        return [{ path: file, id, refused: message('file/not-a-folder', `${here} has to be a folder.`) }];
      id = entry.id;
    }
    return [];
  }

  async branches(except: string | undefined): Promise<Branches> {
    const heads = (await listBranches(this.git)).map((name) => `refs/heads/${name}`);
    const remotes = (await listRefs({ ...this.git, filepath: 'refs/remotes' }).catch(() => []))
      .filter((name) => !name.endsWith('/HEAD'))
      .map((name) => `refs/remotes/${name}`);
    const all = [...heads, ...remotes];
    const found = new Map<string, Ref>();
    for (const ref of all.slice(0, maxRefs)) {
      const commit = await this.commitOf(ref).catch(() => undefined);
      if (!commit || commit.id === except || found.has(commit.id)) continue;
      found.set(commit.id, {
        name: ref.replace(/^refs\/(?:heads|remotes)\//, ''),
        commit,
      });
    }
    const refs = [...found.values()].sort((a, b) => b.commit.time - a.commit.time);
    const unseen = Math.max(0, refs.length - maxBranches) + Math.max(0, all.length - maxRefs);
    return { refs: refs.slice(0, maxBranches), unseen };
  }

  async tags(isWanted: (name: string) => boolean): Promise<Ref[]> {
    // Tag names of Classroom 50 contain the time, so the last are the newest, however many there are.
    const names = (await listTags(this.git)).filter(isWanted).sort().reverse();
    const found: Ref[] = [];
    for (const name of names.slice(0, maxTags)) {
      const tag = await this.tag(name).catch(() => undefined);
      if (tag) found.push(tag);
    }
    return found.sort((a, b) => b.commit.time - a.commit.time);
  }

  private async tag(name: string): Promise<Ref> {
    const id = await this.resolve(`refs/tags/${name}`);
    const annotated = await readTag({ ...this.git, oid: id }).catch(() => undefined);
    return { name, commit: await this.commit(annotated ? annotated.tag.object : id) };
  }

  private resolve(ref: string): Promise<string> {
    return resolveRef({ ...this.git, ref });
  }

  /** The files below a tree that are looked at, with their paths; a tree that two commits share is listed once. */
  private listing(id: string, depth: number): Promise<readonly TreeFile[]> {
    return once(this.listings, `${depth} ${id}`, async () => {
      const files: TreeFile[] = [];
      for (const [name, { kind, id: inner }] of await this.tree(id)) {
        if (kind === 'file') files.push({ path: name, id: inner });
        else if (kind === 'link') files.push({ path: name, id: inner, refused: linkAt(name) });
        // List one level more than is looked at, so that files there are known to exist.
        else if (depth <= maxDepth && !isOutside(name))
          for (const file of await this.listing(inner, depth + 1))
            files.push({ ...file, path: `${name}/${file.path}` });
      }
      return files.slice(0, maxFiles + 1);
    });
  }

  private tree(id: string): Promise<ReadonlyMap<string, TreeEntry>> {
    return once(this.trees, id, async () => {
      const { tree } = await readTree({ ...this.git, oid: id });
      return new Map(
        tree.map(({ type, mode, path: name, oid }) => [
          name,
          { kind: type === 'tree' ? 'folder' : mode === '120000' ? 'link' : 'file', id: oid } as const,
        ]),
      );
    });
  }

  private blob(id: string, path: string, largest: number): Promise<FileResult> {
    return once(this.blobs, `${id} ${path}`, async () => {
      const { blob } = await readBlob({ ...this.git, oid: id });
      this.unpacked += blob.length;
      // A larger file is refused anyway, so its text is not kept.
      if (blob.length > largest) return { kind: 'refused', reason: fileTooLarge(path, largest) };
      return { kind: 'file', bytes: Buffer.from(blob) };
    });
  }
}

function linkAt(path: string): Message {
  return message('file/link', `${path} is a link. Put a plain file or folder in its place.`);
}

function once<Value>(
  known: Map<string, Promise<Value>>,
  id: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(id) ?? make();
  known.set(id, found);
  return found;
}

/** The last moment of the year 9999. Times after it, and those before 1970, are impossible. */
const latest = Date.parse('9999-12-31T23:59:59Z');

function possibleTime(time: number): number {
  return Number.isNaN(time) ? latest : Math.min(latest, Math.max(0, time));
}

/** The page of the repository on GitHub, if the clone has a remote URL of the usual form. */
async function originOf(git: Git): Promise<string | undefined> {
  const url = String(await getConfig({ ...git, path: 'remote.origin.url' }).catch(() => ''));
  const [, host, name] =
    /^(?:https:\/\/(?:[^@/]+@)?|git@)([\w.-]+(?::\d+)?)[/:]([\w.-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?\/?$/.exec(
      url,
    ) ?? [];
  // gh may be configured for another GitHub server.
  return host !== undefined && ['github.com', process.env.GH_HOST].includes(host)
    ? `https://${host}/${name}`
    : undefined;
}

/**
 * The files in a folder, or those of its newest commit if nothing is checked out.
 *
 * @throws if there is nothing at all: a student who handed in nothing has no folder, so fetching this one failed.
 */
export async function filesIn(
  root: string,
  rubric: Rubric,
  history: History | undefined,
): Promise<FoundFiles> {
  if (isCheckedOut(root, rubric)) return findInFolder(root, rubric);
  const newest = history?.mainline[0];
  if (history && newest) return (await history.version(newest, rubric)).found;
  if (findRepository(root) === '')
    throw new Error('this is a bare clone whose history cannot be read; fetch it again');
  throw new Error('the folder is empty; fetch it again');
}

/** @throws if a student's root is a link: its target may belong to anybody. */
export function assertFolder(root: string): void {
  if (lstatSync(root).isSymbolicLink())
    throw new Error('the folder is a link; put the folder itself in its place');
}

/** Whether the folder holds more than a repository. */
export function isCheckedOut(root: string, { file }: Rubric): boolean {
  const [top = ''] = file.split('/');
  if (exists(root, top)) return true;
  return findRepository(root) !== '' && readdirSync(root).some((name) => name !== '.git');
}

/** Checked-out files that differ from those in every one of some commits. */
export async function uncommitted(
  root: string,
  versions: readonly Version[],
  rubric: Rubric,
): Promise<string[]> {
  if (!isCheckedOut(root, rubric)) return [];
  const { files: found } = await findInFolder(root, rubric);
  return studentFiles(rubric).filter((file) => {
    const here = plain(found.get(file));
    return versions.every(({ files }) => plain(files.get(file)) !== here);
  });
}

/** Whether two commits have the same files. */
export function haveSameFiles(one: Version, other: Version, files: readonly string[]): boolean {
  return files.every((file) => plain(one.files.get(file)) === plain(other.files.get(file)));
}

/** The content of a file with LF line ends, because git may have changed them. */
function plain({ opened }: Partial<FoundFile> = {}): string | undefined {
  return opened?.kind === 'file'
    ? Buffer.from(opened.bytes).toString('latin1').replaceAll('\r\n', '\n')
    : undefined;
}

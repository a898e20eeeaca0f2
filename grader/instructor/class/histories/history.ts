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
import { type Message, message } from '../../../message';
import { type Rubric, studentFiles } from '../../../rubric/rubric';
import { openArchive } from '../../../submission/archive';
import { fileTooLarge } from '../../../submission/decode';
import {
  type FoundFile,
  type FoundFiles,
  findIn,
  isOutside,
  maxDepth,
  maxFiles,
} from '../../../submission/find';
import { findInFolder } from '../../../submission/folder';
import { exists, type FileResult, readFile, stat } from '../../../submission/sandboxed-fs';
import { findRepository, type GitFolder } from '../members/class-folder';
import { gitFiles, sizeOfLargePack } from './git-files';

/** One commit, without its message: that can be as large as somebody likes. */
export interface Commit {
  readonly id: string;
  /** When it was committed, in milliseconds since 1970. Whoever commits can set it. */
  readonly time: number;
  /** The first of them is where the branch was before. */
  readonly parents: readonly string[];
  readonly tree: string;
}

/** The files as one commit has them. */
export interface Version {
  readonly commit: Commit;
  /** The same where all files are the same. */
  readonly id: string;
  /** What was found there, by the path that the worksheet names. */
  readonly files: FoundFiles['files'];
  readonly found: FoundFiles;
}

/** A commit that a name points to. */
export interface Ref {
  readonly name: string;
  readonly commit: Commit;
}

/** Branches, the newest first, and how many more there are than are looked at. */
export interface Branches {
  readonly refs: readonly Ref[];
  readonly unseen: number;
}

/** Commits that are looked at. */
const maxCommits = 2000;
/** Branches that are looked at, the newest first. */
const maxBranches = 20;
/** Branches of which the newest commit is looked at. */
const maxRefs = 200;
/** A student who hands in at every push has some dozens. */
const maxTags = 500;
/** Bytes of files that are unpacked; a thousand files of the usual size are far less. */
const maxUnpacked = 200 * 1024 * 1024;
/** Nobody writes a message of that size, in bytes. */
const maxCommit = 256 * 1024;

/** A history that cannot be used, and why. */
export class HistoryError extends Error {
  readonly reason: Message;

  constructor(why: Message) {
    super(why.text);
    this.reason = why;
  }
}

/** What is said of a history that was made to bring down whoever reads it. */
export function tooMuch(): HistoryError {
  return new HistoryError(
    message('history/too-much', 'Reading the history takes too much memory, so it was skipped.'),
  );
}

type Git = Omit<Parameters<typeof readTree>[0], 'oid'>;

/**
 * What became of a student's repository, commit by commit. Nothing is run: the program git would run
 * what a repository's own settings say.
 */
export class History {
  /** The default branch as it is now, and how it came to be: the newest commit first, by first parents. */
  readonly mainline: readonly Commit[];
  /** All commits that are reachable from there, as far as they are looked at, by id. */
  readonly commits: ReadonlyMap<string, Commit>;
  /** Address of the repository on GitHub, where it came from there. */
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

  /** Commits from the newest to the oldest, as they claim it. */
  byTime(): Commit[] {
    return [...this.commits.values()].sort((a, b) => b.time - a.time);
  }

  /** The students' files as one commit has them. */
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

  /** Whether the clone, as far as it is looked at, lacks commits that others build on. */
  get isCut(): boolean {
    return [...this.commits.values()].some(({ parents }) => parents.some((id) => !this.commits.has(id)));
  }

  /** Whether so much was unpacked that no more of it is worth the time. */
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

  /** What is checked out now, which may be another branch. */
  checkedOut(): Promise<Commit | undefined> {
    return this.reader.commitOf('HEAD').catch(() => undefined);
  }
}

/**
 * Opens the history of a student's repository.
 *
 * @param root a student's root folder; everything in it is taken to be hostile.
 * @returns undefined where there is no repository.
 * @throws {HistoryError} where there is one that cannot be read.
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

/** A commit's first parents, the newest first, and all that is reachable from there. */
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

/** Goes from one commit to its first parents, as far as they are not known yet. */
async function walk(reader: Reader, from: string, commits: Map<string, Commit>): Promise<Commit[]> {
  const walked: Commit[] = [];
  for (let id: string | undefined = from; id !== undefined && !commits.has(id); ) {
    if (commits.size >= maxCommits) break;
    // In a shallow clone parents are named and not there.
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

/** A moment as hosts write it. */
export function toIsoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** What a tree holds: a plain file, a link or a folder, by name. */
interface TreeEntry {
  readonly kind: 'file' | 'link' | 'folder';
  readonly id: string;
}

/** A file below a tree, or why what stands in its place is not read. */
interface TreeFile {
  readonly path: string;
  readonly id: string;
  readonly refused?: Message;
}

/** Reads trees and files of one repository, each once. */
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
   * What the host's default branch points to: in this clone, and at the host as the clone last saw it. A
   * clone that was fetched and not merged is behind, and one that was not pushed is ahead.
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
    // A message can be of any size, and reading it takes several times that.
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

  /** What stands in the place of a file and is none: a folder, or a link on the way to it. */
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
    // Classroom 50's names hold the time, so the last are the newest of the many that there may be.
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

  /** Everything below a tree that is looked at, by path; a tree that two commits share is listed once. */
  private listing(id: string, depth: number): Promise<readonly TreeFile[]> {
    return once(this.listings, `${depth} ${id}`, async () => {
      const files: TreeFile[] = [];
      for (const [name, { kind, id: inner }] of await this.tree(id)) {
        if (kind === 'file') files.push({ path: name, id: inner });
        else if (kind === 'link') files.push({ path: name, id: inner, refused: linkAt(name) });
        // A level more than is looked at, so that what lies there is known to be there.
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
      // What is larger is refused anyway, and its text is not kept.
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

/** The last moment of the year 9999. Later ones, and those before 1970, are nobody's. */
const latest = Date.parse('9999-12-31T23:59:59Z');

function possibleTime(time: number): number {
  return Number.isNaN(time) ? latest : Math.min(latest, Math.max(0, time));
}

/** The page of the repository on GitHub, if its clone says so in the way that clones do. */
async function originOf(git: Git): Promise<string | undefined> {
  const url = String(await getConfig({ ...git, path: 'remote.origin.url' }).catch(() => ''));
  const [, host, name] =
    /^(?:https:\/\/(?:[^@/]+@)?|git@)([\w.-]+(?::\d+)?)[/:]([\w.-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?\/?$/.exec(
      url,
    ) ?? [];
  // The program gh may be told of a server of one's own.
  return host !== undefined && ['github.com', process.env.GH_HOST].includes(host)
    ? `https://${host}/${name}`
    : undefined;
}

/**
 * The files in a folder, or of its newest commit where nothing is checked out.
 *
 * @throws where there is nothing at all: whoever handed in nothing has no folder, so fetching it failed.
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

/** @throws where a student's root is a link: what it leads to may be anybody's. */
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

/** Files that are checked out and differ from what each of some commits has. */
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

/** What a file says, whatever its line ends, which git may have changed. */
function plain({ opened }: Partial<FoundFile> = {}): string | undefined {
  return opened?.kind === 'file'
    ? Buffer.from(opened.bytes).toString('latin1').replaceAll('\r\n', '\n')
    : undefined;
}

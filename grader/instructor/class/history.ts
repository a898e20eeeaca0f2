import path from 'node:path';
import { getConfig, log, type ReadCommitResult, readBlob, readTree } from 'isomorphic-git';
import { type Message, message } from '../../message';
import { largestFile, lookInside, openInside } from '../../submission/inside';
import { gitFiles } from './repository';

/** The files as one commit has them, by path; a file that it does not have is left out. */
export interface Version {
  /** When it was committed, in milliseconds since 1970. Whoever commits can set it. */
  readonly time: number;
  readonly files: ReadonlyMap<string, Buffer>;
}

export interface History {
  /** From the newest commit to the oldest; empty where there is none that can be read. */
  readonly versions: readonly Version[];
  /** Address of the repository on GitHub, where it came from there. */
  readonly repository?: string;
  readonly remarks: readonly Message[];
}

/** Commits that are looked at, from the newest on. */
const most = 1000;
/** Bytes of files that are unpacked; a thousand files of the usual size are far less. */
const mostUnpacked = 200 * 1024 * 1024;

/**
 * Reads what became of some files, commit by commit, without running anything: the program git would
 * run what a repository's own settings say.
 *
 * @param root a student's root folder; everything in it is taken to be hostile.
 */
export async function readHistory(root: string, files: readonly string[]): Promise<History> {
  const git = lookInside(root, '.git');
  if (!git) return { versions: [], remarks: [] };
  if (!git.isDirectory())
    return {
      versions: [],
      remarks: [message('history/no-folder', '.git is no folder, so there is no history.')],
    };
  try {
    return await historyIn(root, files);
  } catch {
    return {
      versions: [],
      remarks: [message('history/unreadable', 'The history cannot be read: the clone is not whole.')],
    };
  }
}

async function historyIn(root: string, files: readonly string[]): Promise<History> {
  const repository = { fs: gitFiles(root), dir: root, gitdir: path.join(root, '.git'), cache: {} };
  const commits = await log({ ...repository, ref: 'HEAD', depth: most + 1 });
  const reader = new Reader(repository);
  const versions: Version[] = [];
  for (const { commit } of commits.slice(0, most)) {
    if (reader.isSpent()) break;
    versions.push(await reader.version(commit, files));
  }
  const impossible = commits.some(({ commit: { committer } }) => {
    return possibleTime(committer.timestamp * 1000) !== committer.timestamp * 1000;
  });
  const isShallow = openInside(root, '.git/shallow').is === 'file';
  const address = await originOf(repository);
  return {
    versions,
    ...(address && { repository: address }),
    remarks: [
      ...(isShallow
        ? [message('history/shallow', 'The clone is shallow: earlier commits are not in it.')]
        : []),
      ...(commits.length > versions.length
        ? [message('history/long', `Only the last ${versions.length} commits were looked at.`)]
        : []),
      ...(impossible ? [message('history/time', 'A commit claims a time that cannot be; look at it.')] : []),
    ],
  };
}

type Repository = Parameters<typeof readTree>[0] extends infer Options
  ? Omit<Options & object, 'oid'>
  : never;

/** Reads trees and files of one repository, each once. */
class Reader {
  private readonly trees = new Map<string, Promise<Map<string, string>>>();
  private readonly blobs = new Map<string, Promise<Buffer>>();

  private readonly repository: Repository;
  private unpacked = 0;

  constructor(repository: Repository) {
    this.repository = repository;
  }

  async version({ tree, committer }: ReadCommitResult['commit'], files: readonly string[]): Promise<Version> {
    const found = new Map<string, Buffer>();
    for (const file of files) {
      const oid = await this.find(tree, file.split('/'));
      if (oid !== undefined) found.set(file, await this.blob(oid));
    }
    return { time: possibleTime(committer.timestamp * 1000), files: found };
  }

  /** Whether so much was unpacked that no more of it is worth the time. */
  isSpent(): boolean {
    return this.unpacked > mostUnpacked;
  }

  /** The object at a path below a tree. */
  private async find(tree: string, steps: readonly string[]): Promise<string | undefined> {
    let oid: string | undefined = tree;
    for (const [index, step] of steps.entries()) {
      const wanted = index === steps.length - 1 ? 'blob' : 'tree';
      oid = (await this.tree(oid)).get(`${wanted} ${step}`);
      if (oid === undefined) return undefined;
    }
    return oid;
  }

  private tree(oid: string): Promise<Map<string, string>> {
    return once(this.trees, oid, async () => {
      const { tree } = await readTree({ ...this.repository, oid });
      // A link is a blob too, with a mode of its own.
      const plain = tree.filter(({ mode }) => mode !== '120000');
      return new Map(plain.map(({ type, path: name, oid: entry }) => [`${type} ${name}`, entry]));
    });
  }

  private blob(oid: string): Promise<Buffer> {
    return once(this.blobs, oid, async () => {
      const { blob } = await readBlob({ ...this.repository, oid });
      this.unpacked += blob.length;
      // What is too large to be read is not kept either, but for its size.
      return Buffer.from(blob.length > largestFile ? blob.slice(0, largestFile + 1) : blob);
    });
  }
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
async function originOf(repository: Repository): Promise<string | undefined> {
  const url = String(await getConfig({ ...repository, path: 'remote.origin.url' }).catch(() => ''));
  const [, name] =
    /^(?:https:\/\/(?:[^@/]+@)?github\.com\/|git@github\.com:)([\w.-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?\/?$/.exec(
      url,
    ) ?? [];
  return name && `https://github.com/${name}`;
}

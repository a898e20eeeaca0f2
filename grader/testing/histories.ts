import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { newFolder, writeFiles } from './folders';

/** One commit of a made-up history, with all its files. */
export interface MadeCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  /** When it was written, if that was not the time of the commit. */
  readonly writtenAt?: number;
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** Names of earlier entries. Defaults to the previous entry. */
  readonly parents?: readonly string[];
}

export interface MadeHistory {
  /** The commits, oldest first, by names that the test chooses. */
  readonly commits: Readonly<Record<string, MadeCommit>>;
  /** Full names of refs and the commits that they point to. By default, branch `head` points to the last commit. */
  readonly refs?: Readonly<Record<string, string>>;
  /** The branch that HEAD names; `main` by default. */
  readonly head?: string;
  /** Whether the repository is bare, with nothing checked out. */
  readonly isBare?: boolean;
  /** The address that it was cloned from. */
  readonly origin?: string;
}

/** Begins a text that stands for a link. Links are not checked out. */
const link = '-> ';
export const isLink = (content: string | Buffer): content is string => content.toString().startsWith(link);

const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];

/** Full names of the refs of a history, and the commits that they point to. */
export function refsOf({ commits, head = 'main', refs }: MadeHistory): Readonly<Record<string, string>> {
  return refs ?? { [`refs/heads/${head}`]: Object.keys(commits).at(-1) ?? '' };
}

/** The commit that the checked-out branch points to; undefined if there is none. */
export function headOf({ head = 'main', ...history }: MadeHistory): string | undefined {
  return refsOf({ head, ...history })[`refs/heads/${head}`];
}

/** The parents of each commit of a history, by its name. */
export function parentsIn({ commits }: MadeHistory): ReadonlyMap<string, readonly string[]> {
  const names = Object.keys(commits);
  return new Map(
    Object.entries(commits).map(([name, { parents }], index) => [
      name,
      parents ?? names.slice(Math.max(0, index - 1), index),
    ]),
  );
}

/** Runs git in a repository that a test made. */
export function git(dir: string, args: readonly string[], input: string | Buffer = ''): string {
  return execFileSync('git', [...who, ...args], { cwd: dir, input, encoding: 'utf8', stdio: 'pipe' });
}

/**
 * Writes a repository with any history: branches, merges and tags, at any time. A single process writes it, because a
 * class has many.
 */
export function makeHistory(dir: string, history: MadeHistory): void {
  const { commits, head = 'main', isBare = false, origin } = history;
  const names = Object.keys(commits);
  const refs = refsOf(history);
  const folder = isBare ? dir : path.join(dir, '.git');
  for (const place of ['objects', 'refs/heads']) mkdirSync(path.join(folder, place), { recursive: true });
  const isSymbolic = ([, name]: readonly [string, string]) => name.startsWith('ref: ');
  writeFiles(folder, {
    HEAD: `ref: refs/heads/${head}\n`,
    config: `[core]\n\trepositoryformatversion = 0\n\tbare = ${isBare}\n${origin ? `[remote "origin"]\n\turl = ${origin}\n` : ''}`,
    ...Object.fromEntries(Object.entries(refs).filter(isSymbolic)),
  });
  const mark = (name: string) => `:${names.indexOf(name) + 1}`;
  const personAt = (time: number) => `x <x@example.org> ${Math.floor(time / 1000)} +0000`;
  const data = (content: string | Buffer) => [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
  const parentsOf = parentsIn(history);
  const stream = Object.entries(commits).flatMap(([name, { time, writtenAt = time, files }]) => {
    const parents = parentsOf.get(name) ?? [];
    return [
      // Each commit names its parents, so one ref will do for all of them until the real refs are set below.
      `reset refs/heads/${head}\ncommit refs/heads/${head}\nmark ${mark(name)}\n`,
      `author ${personAt(writtenAt)}\ncommitter ${personAt(time)}\n`,
      ...data(name),
      ...parents.map((parent, nth) => `${nth === 0 ? 'from' : 'merge'} ${mark(parent)}\n`),
      'deleteall\n',
      ...Object.entries(files).flatMap(([file, content]) =>
        isLink(content)
          ? [`M 120000 inline ${file}\n`, ...data(content.slice(link.length))]
          : [`M 100644 inline ${file}\n`, ...data(content)],
      ),
    ];
  });
  const resets = Object.entries(refs).flatMap(([ref, name]) =>
    isSymbolic([ref, name]) || name === '' ? [] : [`reset ${ref}\nfrom ${mark(name)}\n\n`],
  );
  const input = Buffer.concat([...stream, ...resets].map((part) => Buffer.from(part)));
  git(dir, [`--git-dir=${folder}`, 'fast-import', '--quiet', '--force'], input);
  if (isBare) return;
  const there = Object.entries(commits[headOf(history) ?? '']?.files ?? {});
  writeFiles(dir, Object.fromEntries(there.filter(([, content]) => !isLink(content))));
}

/** Makes a folder of clones, each named after the assignment and its student. */
export function clonesOf<Made>(
  students: Readonly<Record<string, Made>>,
  historyOf: (made: Made, login: string) => MadeHistory,
): string {
  const root = path.join(newFolder(), 'fruit-submissions');
  mkdirSync(root);
  for (const [login, made] of Object.entries(students))
    makeHistory(path.join(root, `fruit-${login}`), historyOf(made, login));
  return root;
}

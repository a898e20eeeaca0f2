import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { writeFiles } from './folders';

/** One commit of a made-up history, with all its files. */
export interface MadeCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  /** When it was written, if that was not when it was committed. */
  readonly writtenAt?: number;
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

/** The prefix of a text that stands for a link. Links are not checked out. */
const link = '-> ';

/** Runs git in a repository of the test's own. */
export function git(dir: string, args: readonly string[], input = ''): string {
  return execFileSync('git', args, { cwd: dir, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

/**
 * Writes a repository with any history: branches, merges and tags, at any time.
 *
 * @returns the ids of its commits, by name.
 */
export function makeHistory(dir: string, history: MadeHistory): Record<string, string> {
  const { commits, refs, tags = {}, head = 'main', isBare = false } = history;
  mkdirSync(dir, { recursive: true });
  git(dir, ['init', '--quiet', `--initial-branch=${head}`, ...(isBare ? ['--bare'] : [])]);
  const names = Object.keys(commits);
  const mark = (name: string) => `:${names.indexOf(name) + 1}`;
  const last = names.at(-1) ?? '';
  const all = refs ?? { [`refs/heads/${head}`]: last };
  const who = (time: number) => `x <x@example.org> ${Math.floor(time / 1000)} +0000`;
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const stream = Object.entries(commits).map(
    ([name, { time, writtenAt = time, files, parents, message = name }], index) => {
      const [first, ...others] = parents ?? names.slice(Math.max(0, index - 1), index);
      return [
        `commit refs/import/${index}\nmark ${mark(name)}\nauthor ${who(writtenAt)}\ncommitter ${who(time)}\n${data(message)}`,
        ...(first === undefined ? [] : [`from ${mark(first)}\n`]),
        ...others.map((parent) => `merge ${mark(parent)}\n`),
        'deleteall\n',
        ...Object.entries(files).map(([file, text]) =>
          text.startsWith(link)
            ? `M 120000 inline ${file}\n${data(text.slice(link.length))}`
            : `M 100644 inline ${file}\n${data(text)}`,
        ),
      ].join('');
    },
  );
  const resets = Object.entries(all).flatMap(([ref, name]) =>
    name.startsWith('ref: ') ? [] : [`reset ${ref}\nfrom ${mark(name)}\n\n`],
  );
  const annotated = Object.entries(tags).map(
    ([tag, name]) => `tag ${tag}\nfrom ${mark(name)}\ntagger ${who(1000)}\n${data(tag)}`,
  );
  const marks = path.join(dir, isBare ? 'marks' : '.git/marks');
  git(
    dir,
    ['fast-import', '--quiet', '--force', `--export-marks=${marks}`],
    [...stream, ...resets, ...annotated].join(''),
  );
  const symbolic = Object.entries(all).filter(([, name]) => name.startsWith('ref: '));
  for (const [ref, name] of symbolic) git(dir, ['symbolic-ref', ref, name.slice(5)]);
  const imported = names.map((_, index) => `delete refs/import/${index}\n`).join('');
  const ids = git(dir, ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/import']);
  git(dir, ['update-ref', '--stdin'], imported);
  const checkedOut = all[`refs/heads/${head}`];
  const files = Object.entries((checkedOut && commits[checkedOut]?.files) || {});
  if (!isBare) writeFiles(dir, Object.fromEntries(files.filter(([, text]) => !text.startsWith(link))));
  return Object.fromEntries(
    ids
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [ref = '', id = ''] = line.split(' ');
        return [names[Number(ref.split('/').at(-1))] ?? '', id];
      }),
  );
}

/** The path of an object in a repository. */
export function objectFile(dir: string, id: string): string {
  return path.join(dir, '.git', 'objects', id.slice(0, 2), id.slice(2));
}

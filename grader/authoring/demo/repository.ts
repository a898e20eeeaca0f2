import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** One commit of a made-up repository: the files that it changes; null removes a file. */
export interface MadeCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
}

/**
 * Makes a repository with some commits, oldest first, and their files.
 *
 * @throws if git is not installed.
 */
export function makeRepository(dir: string, author: string, commits: readonly MadeCommit[]): void {
  mkdirSync(dir, { recursive: true });
  const git = (args: readonly string[], input?: Uint8Array) =>
    execFileSync('git', args, { cwd: dir, input, stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true });
  git(['init', '--quiet', '--initial-branch=main']);
  git(['fast-import', '--quiet'], importOf(author, commits));
  git(['-c', 'core.autocrlf=false', 'reset', '--hard', '--quiet']);
}

/** The commits in the form that `git fast-import` reads. */
function importOf(author: string, commits: readonly MadeCommit[]): Buffer {
  const parts = commits.flatMap(({ time, message, files }) => [
    `commit refs/heads/main\ncommitter ${author} <${author}@example.org> ${Math.floor(time / 1000)} +0000\n`,
    ...data(message),
    ...Object.entries(files).flatMap(([file, content]) =>
      content === null ? [`D ${file}\n`] : [`M 100644 inline ${file}\n`, ...data(content)],
    ),
  ]);
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function data(content: string | Uint8Array): (string | Uint8Array)[] {
  return [`data ${Buffer.from(content).length}\n`, content, '\n'];
}

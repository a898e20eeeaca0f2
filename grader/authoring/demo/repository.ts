import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

type Content = string | Uint8Array;

/** One commit of a made-up repository, with the files that it changes. */
export interface MadeCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  readonly files: Readonly<Record<string, Content>>;
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
  // In the form that git fast-import reads.
  const data = (content: Content) => [`data ${Buffer.from(content).length}\n`, content, '\n'];
  const parts = commits.flatMap(({ time, message, files }) => [
    `commit refs/heads/main\ncommitter ${author} <${author}@example.org> ${Math.floor(time / 1000)} +0000\n`,
    ...data(message),
    ...Object.entries(files).flatMap(([file, content]) => [`M 100644 inline ${file}\n`, ...data(content)]),
  ]);
  git(['init', '--quiet', '--initial-branch=main']);
  git(['fast-import', '--quiet'], Buffer.concat(parts.map((part) => Buffer.from(part))));
  git(['-c', 'core.autocrlf=false', 'reset', '--hard', '--quiet']);
}

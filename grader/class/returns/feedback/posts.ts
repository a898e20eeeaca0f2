import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { jsonFile } from '../../../files';
import { groupBy } from '../../../key/group-by';
import type { MarkdownText } from '../../../render/escape/markdown';
import type { StudentResult } from '../../results/student-result.schema';

/** The feedback to post to one repository. */
export interface Post {
  /** Its page on GitHub. */
  readonly repository: string;
  /** The students who handed it in. */
  readonly logins: readonly string[];
  readonly body: string;
  /** SHA-256 of the body, so that no body is posted twice. */
  readonly digest: string;
  /** Set if two submissions claim this repository: neither student may read the other's feedback. */
  readonly conflict?: true;
}

export const postsFile = 'github.json';
const version = 3;

/** The posts that a run leaves for `npm run feedback:post`. */
export interface Posts {
  readonly version: typeof version;
  /** The logins of everyone in the class, in lower case. None of them is staff. */
  readonly enrolled: readonly string[];
  readonly posts: readonly Post[];
}

/** What everybody who handed in one submission reads. */
interface Postable {
  readonly rows: readonly StudentResult[];
  readonly markdown: () => MarkdownText;
}

/** @returns how many posts there are. */
export function writePosts(
  folder: string,
  returned: readonly Postable[],
  rows: readonly StudentResult[],
): number {
  const cloned = returned.filter(({ rows: [first] }) => first?.repository !== undefined);
  // GitHub ignores case.
  const byRepository = groupBy(cloned, ({ rows: [first] }) => (first?.repository ?? '').toLowerCase());
  const posts = [...byRepository].flatMap(([repository, [first, ...others]]): Post[] => {
    if (!first) return [];
    const body = first.markdown();
    const digest = createHash('sha256').update(body).digest('hex');
    const logins = [first, ...others].flatMap((one) => one.rows.map(({ login }) => login));
    return [{ repository, logins, body, digest, ...(others.length > 0 && { conflict: true as const }) }];
  });
  const logins = rows.filter(({ enrolled }) => enrolled).map(({ login, student }) => student?.login || login);
  const enrolled = [...new Set(logins.filter((login) => login !== '').map((login) => login.toLowerCase()))];
  const content: Posts = { version, enrolled, posts };
  writeFileSync(path.join(folder, postsFile), jsonFile(content), { mode: 0o600 });
  return posts.length;
}

/**
 * Reads the posts that a run left.
 *
 * @throws {GraderError} where there are none.
 */
export function readPosts(folder: string): Posts {
  const file = path.join(folder, postsFile);
  const read = parsed(file);
  if (read?.version !== version)
    throw new GraderError(
      'folder',
      'posts-missing',
      `${file} is missing or cannot be read. Grade clones of the students’ repositories with --feedback first: npm run grade:class -- <folder> --feedback`,
    );
  if (read.posts.length > 0) return read;
  throw new GraderError(
    'folder',
    'no-repositories',
    'No submission of this run was cloned from GitHub, so there is no repository to write to. Grade the folder that npm run fetch:class, gh repo clone or Classroom 50 made.',
  );
}

function parsed(file: string): Posts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Posts;
  } catch {
    return undefined;
  }
}

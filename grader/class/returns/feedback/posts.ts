import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { jsonFile } from '../../../files';
import type { MarkdownText } from '../../../render/escape/markdown';

/** The feedback to post to one repository. */
export interface Post {
  /** Its page on GitHub. */
  readonly repository: string;
  /** The students who handed it in. */
  readonly logins: string[];
  readonly body: string;
  /** SHA-256 of the body, so that no body is posted twice. */
  readonly digest: string;
  /** Set if two submissions claim this repository: neither student may read the other's feedback. */
  conflict?: true;
}

export const postsFile = 'github.json';

/** The posts that a run leaves for `npm run feedback:post`. */
export interface Posts {
  readonly version: 2;
  /** The logins of everyone in the class, in lower case. None of them is staff. */
  readonly enrolled: readonly string[];
  readonly posts: readonly Post[];
}

/** Collects the posts, repository by repository. */
export class PostsFile {
  private readonly folder: string;
  private readonly enrolled = new Set<string>();
  private readonly posts = new Map<string, Post>();
  private readonly submissions = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  enroll(login: string): void {
    if (login !== '') this.enrolled.add(login.toLowerCase());
  }

  /** @param submission the name of the submission. A repository belongs to one submission. */
  add(address: string, submission: string, login: string, body: MarkdownText): void {
    // GitHub ignores case.
    const repository = address.toLowerCase();
    const known = this.posts.get(repository);
    if (known) {
      known.logins.push(login);
      if (this.submissions.get(repository) !== submission) known.conflict = true;
    } else {
      this.submissions.set(repository, submission);
      const digest = createHash('sha256').update(body).digest('hex');
      this.posts.set(repository, { repository, logins: [login], body, digest });
    }
  }

  /** @returns the number of posts. */
  end(): number {
    const content: Posts = { version: 2, enrolled: [...this.enrolled], posts: [...this.posts.values()] };
    writeFileSync(path.join(this.folder, postsFile), jsonFile(content), { mode: 0o600 });
    return this.posts.size;
  }
}

/**
 * Reads the posts that a run left.
 *
 * @throws {GraderError} where there are none.
 */
export function readPosts(folder: string): Posts {
  const file = path.join(folder, postsFile);
  const read = parsed(file);
  if (!read)
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
    const content = JSON.parse(readFileSync(file, 'utf8')) as Posts | Post[];
    // Version 1 was only the list of posts, so it names nobody in the class beyond those in the list.
    if (!Array.isArray(content)) return content.version === 2 ? content : undefined;
    const enrolled = content.flatMap(({ logins }) => logins.map((login) => login.toLowerCase()));
    return { version: 2, enrolled, posts: content };
  } catch {
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../../error';
import type { MarkdownText } from '../../../../render/escape/markdown';
import { jsonFile } from '../../../files';

/** What is to be posted to one repository. */
export interface Post {
  /** Its page on GitHub. */
  readonly repository: string;
  /** Who handed it in. */
  readonly logins: string[];
  readonly body: string;
  /** SHA-256 of the body: what was posted before is not posted again. */
  readonly digest: string;
  /** Two submissions say that they come from it, and what is of one is not to be read by the other. */
  conflict?: true;
}

const postsFile = 'github.json';

/** What a run leaves for `npm run feedback:post`. */
export interface Posts {
  readonly version: 2;
  /** The logins of everybody in the class, in lower case: none of them is of the staff. */
  readonly enrolled: readonly string[];
  readonly posts: readonly Post[];
}

/** What there is to post, collected repository by repository. */
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

  /** @param submission its name: a repository is of one. */
  add(address: string, submission: string, login: string, body: MarkdownText): void {
    // GitHub makes no difference between upper and lower case.
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

  /** @returns how many there are. */
  end(): number {
    const content: Posts = { version: 2, enrolled: [...this.enrolled], posts: [...this.posts.values()] };
    writeFileSync(path.join(this.folder, postsFile), jsonFile(content), { mode: 0o600 });
    return this.posts.size;
  }
}

/**
 * What a run left to be posted.
 *
 * @throws {GraderError} where there is nothing.
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
    // The first version was the list alone, so of the class it tells no more than who is in that.
    if (!Array.isArray(content)) return content.version === 2 ? content : undefined;
    const enrolled = content.flatMap(({ logins }) => logins.map((login) => login.toLowerCase()));
    return { version: 2, enrolled, posts: content };
  } catch {
    return undefined;
  }
}

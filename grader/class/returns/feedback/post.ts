import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../../../command';
import { GraderError } from '../../../error';
import { joinNames } from '../../../files';
import { GitHubError, github } from '../../../github';
import { groupBy } from '../../../key/group-by';
import { escapeTerminal } from '../../../render/escape/terminal';
import { feedbackFolder } from './feedback';
import { type Post, type Posts, readPosts } from './posts';

interface Options {
  readonly yes?: boolean;
  readonly staff: readonly string[];
}

/** `npm run feedback:post` */
export const configureFeedbackPost: Configure = (command, context) =>
  command
    .argument('[results]', 'the folder of a run of grade:class with --feedback (default: out/)')
    .option('--yes', 'post; without it, only show what would be posted and what would prevent it')
    .option(
      '--staff <logins>',
      'who may read students’ repositories besides their admins, separated by commas',
      logins,
      [],
    )
    .addHelpText(
      'after',
      '\nPosts each student’s feedback to the pull request “Feedback” of the repository that it was graded from, or where there is none to an issue of that name, through the program gh. It can be stopped and run again: nothing is posted twice.',
    )
    .action((results: string | undefined, options: Options) => post(context, results, options));

function logins(text: string): string[] {
  return text.split(',').map((login) => login.trim().toLowerCase());
}

/** The outcome for one repository. */
interface PostOutcome {
  readonly kind: 'ready' | 'posted' | 'updated' | 'there' | 'failed';
  readonly said: string;
}

async function post(context: Context, results: string | undefined, options: Options): Promise<void> {
  const { courseRoot, print } = context;
  const say = (text: string) => print(escapeTerminal(text));
  const out = results === undefined ? path.join(courseRoot, 'out') : fromCaller(results);
  const { posts, enrolled } = readPosts(path.join(out, feedbackFolder));
  const author = await github.login();
  if (author === undefined)
    throw new GraderError(
      'folder',
      'gh-not-logged-in',
      'gh is not installed or not logged in. Run gh auth login. Nothing was posted.',
    );
  const failed: Failure[] = [];
  const counts = { ready: 0, posted: 0, updated: 0, there: 0, failed: 0 };
  for (const [index, one] of posts.entries()) {
    const { kind, said } = await outcomeOf(one, { ...options, author, enrolled });
    counts[kind]++;
    const line = `${index + 1} of ${posts.length}  ${one.repository} (${one.logins.join(', ')}): ${said}`;
    if (kind === 'failed') failed.push({ repository: one.repository, line, said });
    else say(line);
  }
  for (const line of failureLines(failed, posts.length)) say(line);
  say(
    options.yes
      ? `\n${counts.posted} posted, ${counts.updated} updated, ${counts.there} there already, ${failed.length} failed.${failed.length > 0 ? ' Run this again to post what failed: nothing is posted twice.' : ''}`
      : `\nNothing was posted. ${counts.ready} would be, ${counts.there} are there already, and ${failed.length} cannot be. Add --yes to post.`,
  );
  if (failed.length > 0) context.status = 1;
}

/** A repository that could not be posted to. */
interface Failure {
  readonly repository: string;
  readonly said: string;
  readonly line: string;
}

/** Reports a problem that several repositories share only once: often the same readers are in the way everywhere. */
function failureLines(failed: readonly Failure[], all: number): string[] {
  return [...groupBy(failed, ({ said }) => said)].flatMap(([said, alike]) => {
    if (alike.length === 1) return alike.map(({ line }) => line);
    const names = alike.map(({ repository }) => repository);
    return `${names.length} of ${all} repositories${names.length < all ? ` (${joinNames(names)})` : ''}: ${said}`;
  });
}

/** The data for writing a post. */
interface Posting extends Pick<Options, 'yes' | 'staff'>, Pick<Posts, 'enrolled'> {
  /** The login that gh posts as. */
  readonly author: string;
}

async function outcomeOf(one: Post, posting: Posting): Promise<PostOutcome> {
  try {
    return await postOne(one, posting);
  } catch (error) {
    if (error instanceof GitHubError) return { kind: 'failed', said: `not posted. ${error.message}` };
    throw error;
  }
}

async function postOne(
  { repository, logins: owners, body, digest, conflict }: Post,
  posting: Posting,
): Promise<PostOutcome> {
  const { author, yes } = posting;
  if (conflict)
    throw new GitHubError('Several submissions say that they come from here; look at their .git/config.');
  const place = placeOf(repository);
  await assertPrivate(place, owners, posting);
  const thread = await threadOf(place, posting);
  const comments =
    thread === undefined
      ? []
      : await github.list<{ id: number; body?: string; user?: { login: string } }>(
          `${place}/issues/${thread}/comments`,
        );
  // A student may write such a mark too, and then it is not ours.
  const ours = comments.filter(({ user, body: text }) => user?.login === author && text?.startsWith(mark));
  const marked = `${mark}${digest} -->\n${body}`;
  if (ours.some(({ body: text }) => text?.startsWith(`${mark}${digest}`)))
    return { kind: 'there', said: 'is there already' };
  const [before] = ours;
  if (!yes) return { kind: 'ready', said: before ? 'would be updated' : 'would be posted' };
  if (before) {
    await github.write('PATCH', `${place}/issues/comments/${before.id}`, { body: marked });
    return { kind: 'updated', said: 'updated' };
  }
  const number = thread ?? (await github.write<Thread>('POST', `${place}/issues`, newThread)).number;
  await github.write('POST', `${place}/issues/${number}/comments`, { body: marked });
  return { kind: 'posted', said: 'posted' };
}

/** An issue or a pull request. GitHub numbers both in one sequence. */
interface Thread {
  readonly number: number;
  readonly title: string;
  readonly state?: 'open' | 'closed';
  readonly user?: { readonly login: string };
  readonly pull_request?: unknown;
  readonly base?: { readonly ref: string };
}

const threadTitle = 'Feedback';

/** The issue to open where there is no pull request for feedback, as in a repository made from a template. */
const newThread = { title: threadTitle, body: 'Your instructors write here about your work.' };

/** The number of the pull request for feedback, or else of the issue that was opened for it. */
async function threadOf(place: string, { author }: Posting): Promise<number | undefined> {
  const pulls = await github.list<Thread>(`${place}/pulls?state=all`);
  const pull = openFirst(
    pulls.filter(({ base, title }) => base?.ref === 'feedback' || title === threadTitle),
  );
  if (pull) return pull.number;
  const issues = await github.list<Thread>(`${place}/issues?state=all`);
  // A student may give an issue this title too.
  const ours = issues.filter(
    ({ title, user, pull_request }) =>
      title === threadTitle && pull_request === undefined && user?.login === author,
  );
  return openFirst(ours)?.number;
}

/** Prefers an open thread. A reader may have closed a thread, but what was posted there still counts. */
function openFirst(threads: readonly Thread[]): Thread | undefined {
  return threads.find(({ state }) => state !== 'closed') ?? threads[0];
}

/** The start of our comments, which is invisible on the page. */
const mark = '<!-- worksheet feedback ';

/** `https://github.com/org/name` -> `repos/org/name` */
function placeOf(repository: string): string {
  const [, host, owner, name] =
    /^https:\/\/([^/]+)\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(repository) ?? [];
  if (owner === undefined || name === undefined)
    throw new GitHubError('This is not the address of a repository.');
  // A repository of this name on another server is a different repository.
  const asked = process.env.GH_HOST ?? host;
  if (host !== asked) throw new GitHubError(`It is on ${host}, and gh is told to ask ${asked} (GH_HOST).`);
  return `repos/${owner}/${name}`;
}

/** @throws {GitHubError} where anyone other than the student and the staff could read it. */
async function assertPrivate(
  place: string,
  owners: readonly string[],
  { author, staff, enrolled }: Posting,
): Promise<void> {
  const { private: isPrivate, visibility } = await github.get<{ private?: boolean; visibility?: string }>(
    place,
  );
  if (isPrivate !== true || (visibility !== undefined && visibility !== 'private'))
    throw new GitHubError(
      `It is ${visibility ?? 'public'}, so others could read the feedback. Make it private.`,
    );
  const readers = await github.list<Reader>(`${place}/collaborators?affiliation=all`);
  const students = new Set(owners.map((login) => login.toLowerCase()));
  // A clone says where it comes from, but the student who handed it in may have written that.
  if (!readers.some(({ login }) => students.has(login.toLowerCase())))
    throw new GitHubError(`Its student (${owners.join(', ')}) cannot read it.`);
  const others = readers.filter(
    ({ login }) => ![...students, author.toLowerCase()].includes(login.toLowerCase()),
  );
  // A student may administer a repository, or be named as staff by mistake.
  const classmates = others
    .filter(({ login }) => enrolled.includes(login.toLowerCase()))
    .map(({ login }) => login);
  if (classmates.length > 0)
    throw new GitHubError(
      `${joinNames(classmates)} can read it too. Students of the class never count as staff, so remove them from the repository.`,
    );
  const strangers = others
    .filter(({ login, permissions }) => permissions?.admin !== true && !staff.includes(login.toLowerCase()))
    .map(({ login }) => login)
    .sort();
  if (strangers.length > 0)
    throw new GitHubError(
      `${joinNames(strangers)} can read it too. If they are staff, add --staff ${[...staff, ...strangers].join(',')}`,
    );
}

/** A user who can read a repository. */
interface Reader {
  readonly login: string;
  readonly permissions?: { readonly admin?: boolean };
}

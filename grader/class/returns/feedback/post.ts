import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { type Configure, type Context, fromCaller } from '../../../command';
import { GraderError } from '../../../error';
import { joinNames } from '../../../files';
import { GitHub, GitHubError } from '../../../github';
import { groupBy } from '../../../key/group-by';
import { escapeTerminal } from '../../../render/escape/terminal';
import { feedbackFolder } from './feedback';
import { type Post, type Posts, readPosts } from './posts';

interface Options {
  readonly yes?: boolean;
  readonly retry?: boolean;
  readonly staff: readonly string[];
  readonly perMinute: number;
}

/** `npm run feedback:post` */
export const configureFeedbackPost: Configure = (command, context) =>
  command
    .argument('[results]', 'the folder of a run of grade:class with --feedback (default: out/)')
    .option('--yes', 'post; without it, only show what would be posted and what would prevent it')
    .option('--retry', 'only what failed the last time')
    .option(
      '--staff <logins>',
      'who may read students’ repositories besides their admins, separated by commas',
      logins,
      [],
    )
    .option('--per-minute <n>', 'how many comments to write per minute', perMinute, 40)
    .addHelpText(
      'after',
      '\nPosts each student’s feedback to the pull request “Feedback” of the repository that it was graded from, or where there is none to an issue of that name, through the program gh. It can be stopped and run again: nothing is posted twice.',
    )
    .action((results: string | undefined, options: Options) => post(context, results, options));

function logins(text: string): string[] {
  return text.split(',').map((login) => login.trim().toLowerCase());
}

function perMinute(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 6000) return number;
  throw new InvalidArgumentError('Write a number of comments, such as 40.');
}

/** The outcome for one repository. */
type PostOutcome =
  | { readonly kind: 'ready' | 'posted' | 'updated' | 'there'; readonly said: string }
  | { readonly kind: 'failed'; readonly said: string };

/** The file that lists the repositories that failed, one per line. */
const retryFile = 'retry.txt';

async function post(context: Context, results: string | undefined, options: Options): Promise<void> {
  const { courseRoot, print } = context;
  const say = (text: string) => print(escapeTerminal(text));
  const out = results === undefined ? path.join(courseRoot, 'out') : fromCaller(results);
  const folder = path.join(out, feedbackFolder);
  const { posts, enrolled } = toPost(folder, options);
  const github = new GitHub(options.perMinute, (rest, why) =>
    say(`Waiting ${Math.ceil(rest / 1000)} s: ${why}.`),
  );
  const author = await github.login();
  if (author === undefined && options.yes)
    throw new GraderError(
      'folder',
      'gh-not-logged-in',
      'gh is not installed or not logged in. Run gh auth login. Nothing was posted.',
    );
  if (author === undefined)
    say('gh is not installed or not logged in, so it is unknown who can read these repositories.');
  const failed: Failure[] = [];
  const counts = new Map<PostOutcome['kind'], number>();
  for (const [index, one] of posts.entries()) {
    const outcome: PostOutcome =
      author === undefined
        ? { kind: 'ready', said: 'would be posted' }
        : await outcomeOf(one, { ...options, github, author, enrolled });
    counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
    const { said } = outcome;
    const line = `${index + 1} of ${posts.length}  ${one.repository} (${one.logins.join(', ')}): ${said}`;
    if (outcome.kind === 'failed') failed.push({ repository: one.repository, line, said });
    else say(line);
    // Write the list after each post, so that it is right even if the run is stopped.
    if (options.yes)
      writeRetry(
        folder,
        [...failed, ...posts.slice(index + 1)].map(({ repository }) => repository),
      );
  }
  for (const line of failureLines(failed, posts.length)) say(line);
  const count = (kind: PostOutcome['kind']) => counts.get(kind) ?? 0;
  say('');
  say(
    options.yes
      ? `${count('posted')} posted, ${count('updated')} updated, ${count('there')} there already, ${failed.length} failed.`
      : author === undefined
        ? `Nothing was posted. ${count('ready')} are ready; run gh auth login and then this again to see which can be posted.`
        : `Nothing was posted. ${count('ready')} would be, ${count('there')} are there already, and ${failed.length} cannot be. Add --yes to post.`,
  );
  if (options.yes && failed.length > 0)
    say(`What failed is listed in ${path.join(folder, retryFile)}; run this again with --yes --retry.`);
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

function toPost(folder: string, { retry }: Options): Posts {
  const found = readPosts(folder);
  if (!retry) return found;
  const file = path.join(folder, retryFile);
  if (!existsSync(file))
    throw new GraderError('usage', 'nothing-failed', `Nothing failed the last time: there is no ${file}.`);
  const wanted = new Set(readFileSync(file, 'utf8').split(/\r?\n/));
  return { ...found, posts: found.posts.filter(({ repository }) => wanted.has(repository)) };
}

function writeRetry(folder: string, repositories: readonly string[]): void {
  const file = path.join(folder, retryFile);
  if (repositories.length === 0) rmSync(file, { force: true });
  else writeFileSync(file, `${repositories.join('\n')}\n`, { mode: 0o600 });
}

/** The data for writing a post. */
interface Posting extends Pick<Options, 'yes' | 'staff'>, Pick<Posts, 'enrolled'> {
  readonly github: GitHub;
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
  const { github, author, yes } = posting;
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
async function threadOf(place: string, { github, author }: Posting): Promise<number | undefined> {
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
  { github, author, staff, enrolled }: Posting,
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

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { type Configure, type Context, fromCaller } from '../command';
import { GraderError } from '../message';
import { escapeTerminal } from '../render/escape/terminal';
import { GitHubError, github } from '../system/github';
import { groupBy, joinNames } from '../system/lists';
import { sha256 } from '../system/platform';
import { type Post, type Posts, postsFile, postsVersion } from './downloads/github';
import { feedbackFolder } from './returns/feedback-files';

interface Options {
  readonly yes?: boolean;
  readonly staff: readonly string[];
}

/** `npm run feedback:post` */
export const configureFeedbackPost: Configure = (command, context) =>
  command
    .argument('[results]', 'the folder of a run of grade:class with --feedback (default: out/)', fromCaller)
    .option('--yes', 'post; without it, only show what would be posted')
    .addOption(
      new Option(
        '--staff <logins>',
        'who may read students’ repositories besides their admins, separated by commas',
      )
        .argParser((text) => text.split(',').map((login) => login.trim().toLowerCase()))
        .default([], 'nobody'),
    )
    .addHelpText(
      'after',
      '\nPosts each student’s feedback through gh to the pull request “Feedback” of the repository it was graded from, or else to an issue of that name. It can be run again: nothing is posted twice.\n\nExit status: 0 when everything is there, or would be posted; 1 when something was not posted; 2 when it could not begin.',
    )
    .action((results: string | undefined, options: Options) => post(context, results, options));

/** The options and facts that every post depends on. */
interface Posting extends Options, Pick<Posts, 'enrolled'> {
  /** The login that gh posts as. */
  readonly author: string;
}

async function post(context: Context, results = path.join(context.courseRoot, 'out'), options: Options) {
  const say = (text: string) => context.print(escapeTerminal(text));
  const { posts, enrolled } = readPosts(path.join(results, feedbackFolder, postsFile));
  const author = await github.login();
  const outcomes: string[] = [];
  for (const feedback of posts) {
    const outcome = await postOne(feedback, { ...options, enrolled, author }).catch((error: unknown) => {
      if (!(error instanceof GitHubError)) throw error;
      context.status = 1;
      return `not posted. ${error.message}`;
    });
    say(`${feedback.repository} (${feedback.logins.join(', ')}): ${outcome}`);
    outcomes.push(outcome);
  }
  // Often the same readers stop every post.
  for (const [outcome, sameOutcomes] of groupBy(outcomes, (one) => one))
    say(`${sameOutcomes.length} of ${posts.length}: ${outcome}`);
  if (!options.yes) say('Nothing was posted. Add --yes to post.');
}

/** @throws {GraderError} if there are no posts. */
function readPosts(file: string): Posts {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Posts;
    if (read.version === postsVersion && read.posts.length > 0) return read;
  } catch {
    // Reported below.
  }
  throw new GraderError(
    'folder',
    'posts-missing',
    `${file} is missing, cannot be read or names no repository. Grade clones with --feedback first.`,
  );
}

/**
 * Posts feedback, or updates what an earlier run posted.
 *
 * @returns what was done, or without `--yes` would be.
 * @throws {GitHubError} if it must not be posted, or GitHub refuses.
 */
async function postOne({ repository, logins, body }: Post, posting: Posting) {
  const apiPath = apiPathOf(repository);
  const staff = await privateStaffOf(apiPath, logins, posting);
  const thread = await threadOf(apiPath, staff);
  const comments =
    thread === undefined ? [] : await github.list<Comment>(`${apiPath}/issues/${thread}/comments`);
  const begin = `${mark}${sha256(body)} -->`;
  const marked = { body: `${begin}\n${body}` };
  // A student may write such a mark too, so a comment is ours only if we or another instructor wrote it.
  const ours = comments.filter((comment) => isBy(staff, comment) && comment.body?.startsWith(mark));
  if (ours.some(({ body: text }) => text?.startsWith(begin))) return 'already there';
  const [before] = ours;
  if (!posting.yes) return before ? 'would be updated' : 'would be posted';
  if (before) {
    await github.write('PATCH', `${apiPath}/issues/comments/${before.id}`, marked);
    return 'updated';
  }
  const number = thread ?? (await github.write<Thread>('POST', `${apiPath}/issues`, newThread)).number;
  await github.write('POST', `${apiPath}/issues/${number}/comments`, marked);
  return 'posted';
}

/** Something that a user wrote. */
interface Written {
  readonly body?: string;
  readonly user?: { readonly login: string };
}

interface Comment extends Written {
  readonly id: number;
}

/** An issue or a pull request. GitHub numbers both in one sequence. */
interface Thread extends Written {
  readonly number: number;
  readonly title: string;
}

/** The issue to open if there is no pull request for feedback, as in a repository made from a template. */
const newThread = { title: 'Feedback', body: 'Your instructors write here about your work.' };

/** The number of the pull request for feedback, or else of the issue that was opened for it. */
async function threadOf(apiPath: string, staff: ReadonlySet<string>) {
  // Issues may be turned off.
  for (const kind of ['pulls', 'issues']) {
    // A reader may have closed the oldest, but what was posted there still counts.
    const threads = await github.list<Thread>(`${apiPath}/${kind}?state=all&direction=asc`);
    // A student may give an issue the same title.
    const isOurs = (thread: Thread) => kind === 'pulls' || isBy(staff, thread);
    const feedbackThread = threads.find((thread) => thread.title === newThread.title && isOurs(thread));
    if (feedbackThread) return feedbackThread.number;
  }
  return undefined;
}

function isBy(staff: ReadonlySet<string>, { user }: Written) {
  return user !== undefined && staff.has(user.login.toLowerCase());
}

/** The start of our comments, which is invisible on the page. */
const mark = '<!-- worksheet feedback ';

/** `https://github.com/org/name` -> `repos/org/name` */
function apiPathOf(repository: string) {
  const [, host, name] = /^https:\/\/([^/]+)\/([\w.-]+\/[\w.-]+)$/.exec(repository) ?? [];
  if (name === undefined) throw new GitHubError('This is not the address of a repository.');
  // A repository with this name on another server is a different repository.
  const asked = process.env.GH_HOST ?? host;
  if (host !== asked) throw new GitHubError(`It is on ${host}, and gh is told to ask ${asked} (GH_HOST).`);
  return `repos/${name}`;
}

/**
 * The logins of the staff who can read a repository, in lower case: one of them may have posted there before.
 *
 * @throws {GitHubError} if anyone other than the student and the staff could read it.
 */
async function privateStaffOf(
  apiPath: string,
  logins: readonly string[],
  { author, staff, enrolled }: Posting,
) {
  const { visibility = 'public' } = await github.get<{ visibility?: string }>(apiPath);
  if (visibility !== 'private')
    throw new GitHubError(`It is ${visibility}, so others could read the feedback. Make it private.`);
  const readers = await github.list<Reader>(`${apiPath}/collaborators?affiliation=all`);
  const isAdmin = new Map(
    readers.map(({ login, permissions }) => [login.toLowerCase(), permissions?.admin === true]),
  );
  const [poster = '', ...students] = [author, ...logins].map((login) => login.toLowerCase());
  // A clone says where it comes from, but the student who handed it in may have written that.
  if (!students.some((login) => isAdmin.has(login)))
    throw new GitHubError(`Its student (${logins.join(', ')}) cannot read it.`);
  // A student may administer a repository, or be named as staff by mistake.
  const isStaff = (reader: string) =>
    !enrolled.includes(reader) && (isAdmin.get(reader) || staff.includes(reader));
  const outsiders = [...isAdmin.keys()]
    .filter((reader) => reader !== poster && !students.includes(reader) && !isStaff(reader))
    .sort();
  if (outsiders.length > 0)
    throw new GitHubError(
      `${joinNames(outsiders)} can read it too. If they are staff, add --staff ${[...staff, ...outsiders].join(',')}. Students never count as staff: remove them from the repository.`,
    );
  return new Set([
    poster,
    ...[...isAdmin.keys()].filter((reader) => !students.includes(reader) && isStaff(reader)),
  ]);
}

/** A user who can read a repository. */
interface Reader {
  readonly login: string;
  readonly permissions?: { readonly admin?: boolean };
}

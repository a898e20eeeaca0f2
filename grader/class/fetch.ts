import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../command';
import { GraderError, messageOf } from '../message';
import { jsonFile } from '../render/escape/json';
import { escapeTerminal } from '../render/escape/terminal';
import { writeFile } from '../system/files';
import { assertGit, earlierEnd, fetchRepository, GitHubError, github } from '../system/github';
import { inParallel } from '../system/lists';
import { holdLock, rename } from '../system/lock';
import { ignoreFile, notFetchedFile } from './members/source';

interface Options {
  readonly org: string;
  readonly prefix: string;
  readonly out?: string;
}

/** `npm run fetch:class` */
export const configureFetchClass: Configure = (command, context) =>
  command
    .requiredOption('--org <organization>', 'where the students’ repositories are')
    .requiredOption('--prefix <text>', 'how the names of its repositories begin, such as shapes-')
    .option('--out <folder>', 'where to put them (default: submissions/)', fromCaller)
    .addHelpText(
      'after',
      `
Brings each repository of an assignment with its history, default branch and tags, through gh and git. It can be stopped
and run again. It never runs anything that students wrote.

Exit status: 0 when every repository matches GitHub; 1 when one could not be fetched; 2 when it could not begin.`,
    )
    .action((options: Options) => fetchClass(context, options));

/** A repository as GitHub lists it. */
interface Listed {
  readonly name: string;
  readonly clone_url: string;
  readonly is_template?: boolean;
}

/** A repository as GitHub describes it when asked for that one. */
interface Repository {
  readonly template_repository?: { readonly full_name: string } | null;
}

/** How many repositories are fetched at a time: GitHub asks clients to limit concurrent requests. */
const atOnce = 4;

const refused = (code: string, text: string) =>
  new GraderError('folder', code, `${text} Nothing was fetched.`);

async function fetchClass(
  context: Context,
  { org, prefix, out = path.join(context.courseRoot, 'submissions') }: Options,
) {
  assertGit();
  const isWanted = (name: string) => name.toLowerCase().startsWith(prefix.toLowerCase());
  const wanted = await listRepositories(org, isWanted);
  if (wanted.length === 0)
    throw refused('no-repositories-to-fetch', `No repository of ${org} begins with ${prefix}.`);
  mkdirSync(out, { recursive: true });
  const clones = readdirSync(out).filter((name) => existsSync(path.join(out, name, '.git')));
  const unwanted = clones.find((name) => !isWanted(name));
  if (unwanted !== undefined)
    throw refused(
      'another-assignment',
      `${out} holds ${unwanted}, which does not begin with ${prefix}. Name another folder with --out.`,
    );
  const addresses = new Map<string, string | undefined>(clones.map((name) => [name, undefined]));
  for (const { name, clone_url } of wanted) addresses.set(name, clone_url);
  const release = holdLock(`${out}.lock`, `Another run fetches into ${out}`);
  try {
    await fetchAll(context, out, addresses);
  } finally {
    release();
  }
}

/** Lists the repositories of an assignment, but not its own template. */
async function listRepositories(org: string, isWanted: (name: string) => boolean) {
  await github.login();
  try {
    const listed = await github.list<Listed>(`orgs/${encodeURIComponent(org)}/repos`);
    // Skip names that no repository can have: each name is also used for a folder.
    const wanted = listed.filter(({ name }) => /^(?!\.)[\w.-]+$/.test(name) && isWanted(name));
    const isMarked = wanted.some(({ is_template }) => is_template);
    const template = isMarked ? await templateOf(org, wanted) : undefined;
    return wanted.filter(({ name }) => `${org}/${name}`.toLowerCase() !== template);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw refused(
      'organization-unreadable',
      `The repositories of ${org} cannot be listed: ${error.message}. Check its name, and whether you may read it.`,
    );
  }
}

/**
 * Finds the template of an assignment: at least two repositories were made from it. A student may have marked their own
 * as a template, too.
 *
 * @returns `<organization>/<name>` in lower case.
 */
async function templateOf(org: string, repositories: readonly Listed[]): Promise<string | undefined> {
  const seen = new Set<string>();
  for (const { name } of repositories.filter((one) => !one.is_template)) {
    const { template_repository: template } = await github.get<Repository>(`repos/${org}/${name}`);
    const from = template?.full_name.toLowerCase();
    if (from === undefined) continue;
    if (seen.has(from)) return from;
    seen.add(from);
  }
  return undefined;
}

/** Puts back the earlier clones that a killed run had moved away, and removes everything else that run left behind. */
function restoreEarlier(work: string, out: string) {
  for (const name of existsSync(work) ? readdirSync(work) : []) {
    const clone = path.join(out, name.slice(0, -earlierEnd.length));
    if (name.endsWith(earlierEnd) && !existsSync(clone)) rename(path.join(work, name), clone);
  }
  rmSync(work, { recursive: true, force: true });
}

/**
 * Fetches repositories, a few at a time. A file lists those that are missing or incomplete until they are there, so
 * that nobody thinks a student whose repository is missing handed in nothing.
 *
 * @param addresses by name; earlier clones that are no longer on GitHub have none.
 */
async function fetchAll(context: Context, out: string, addresses: ReadonlyMap<string, string | undefined>) {
  const say = (line: string) => context.print(escapeTerminal(line));
  // Nobody will mistake this folder for a submission, because its name begins with a dot.
  const work = path.join(out, '.fetch');
  const template = path.join(work, 'template');
  restoreEarlier(work, out);
  // Disables filters for all files, no matter what the attributes of a repository say.
  writeFile(template, 'info/attributes', '* !filter\n');
  // Keep students' work out of the course's own repository.
  writeFile(out, ignoreFile, '*\n');
  const left = new Set(addresses.keys());
  const record = () => writeFile(out, notFetchedFile, jsonFile([...left].sort()));
  record();
  await inParallel(addresses, atOnce, async ([name, address]) => {
    try {
      const folder = path.join(out, name);
      if (address === undefined)
        throw new GitHubError(
          `It is not on GitHub under this name any more. If that is on purpose, delete ${folder}`,
        );
      const kept = await fetchRepository(address, folder, path.join(work, name), template);
      left.delete(name);
      record();
      const lost = kept === 1 ? 'a commit that is' : `${kept} commits that are`;
      say(`${name}: fetched${kept > 0 ? `; refs/earlier/ keeps ${lost} no longer on GitHub` : ''}`);
    } catch (error) {
      say(`${name}: not fetched. ${messageOf(error)}`);
    }
  });
  restoreEarlier(work, out);
  say(
    `${addresses.size - left.size} of ${addresses.size} repositories match GitHub; ${left.size} could not be fetched.`,
  );
  if (left.size > 0) context.status = 1;
}

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../command';
import { GraderError, messageOf } from '../error';
import { jsonFile } from '../files';
import { assertGit, fetchRepository, GitHubError, github } from '../github';
import { holdLock } from '../lock';
import { escapeTerminal } from '../render/escape/terminal';
import { notFetchedFile } from './members/source';

interface Options {
  readonly org: string;
  readonly prefix: string;
  readonly out?: string;
}

/** `npm run fetch:class` */
export const configureFetchClass: Configure = (command, context) =>
  command
    .requiredOption('--org <organization>', 'where the students’ repositories are')
    .requiredOption(
      '--prefix <text>',
      'how the names of the assignment’s repositories begin, such as shapes-',
    )
    .option('--out <folder>', 'where to put them (default: submissions/ in this repository)')
    .addHelpText(
      'after',
      `
Brings each repository of an assignment with its history, default branch and tags, through the programs gh and git. It
can be stopped and run again. It never runs anything of the students'.

Exit status: 0 when every repository is as it is on GitHub; 1 when one could not be fetched; 2 when it could not begin.`,
    )
    .action((options: Options) => fetchClass(context, options));

/** A repository as GitHub lists it. */
interface Listed {
  readonly name: string;
  readonly clone_url: string;
  readonly is_template?: boolean;
  /** In KiB. */
  readonly size?: number;
}

/** The largest repository that is fetched, in KiB; larger ones are not worksheets. */
const maxSize = 500 * 1024;

/** How many repositories are fetched at a time: GitHub asks clients to limit concurrent requests. */
const atOnce = 4;

async function fetchClass(context: Context, { org, prefix, out: named }: Options): Promise<void> {
  const { courseRoot, print } = context;
  const say = (line: string) => print(escapeTerminal(line));
  assertGit();
  const isWanted = ({ name }: Pick<Listed, 'name'>) => name.toLowerCase().startsWith(prefix.toLowerCase());
  const wanted = (await listRepositories(org)).filter(isWanted);
  if (wanted.length === 0)
    throw new GraderError(
      'folder',
      'no-repositories-to-fetch',
      `No repository of ${org} has a name that begins with ${prefix}. Nothing was fetched.`,
    );
  const out = named === undefined ? path.join(courseRoot, 'submissions') : fromCaller(named);
  mkdirSync(out, { recursive: true });
  const there = readdirSync(out).filter((name) => existsSync(path.join(out, name, '.git')));
  const other = there.find((name) => !isWanted({ name }));
  if (other !== undefined)
    throw new GraderError(
      'folder',
      'another-assignment',
      `${out} holds another repository than those that begin with ${prefix}: ${other}. Name another folder with --out. Nothing was fetched.`,
    );
  const lock = holdLock(`${out}.lock`, `Another run fetches into ${out}`);
  try {
    const gone = there.filter((name) => !wanted.some((one) => one.name === name));
    for (const name of gone)
      say(
        `${name}: not on GitHub under this name any more, so what was fetched before does not count. If it was renamed or deleted on purpose, delete ${path.join(out, name)}`,
      );
    const failed = await fetchAll(out, wanted, gone, say);
    say(
      `\n${wanted.length - failed} of ${wanted.length} repositories are as on GitHub; ${failed} could not be fetched.`,
    );
    if (failed + gone.length > 0) context.status = 1;
  } finally {
    lock.release();
  }
  const place = JSON.stringify(path.relative(fromCaller('.'), out) || '.');
  say(`Next: npm run grade:class -- ${place} --roster <your class>`);
}

async function listRepositories(org: string): Promise<Listed[]> {
  if ((await github.login()) === undefined)
    throw new GraderError(
      'folder',
      'gh-needed',
      'gh is not installed or not logged in. Install it from https://cli.github.com, and run gh auth login. Nothing was fetched.',
    );
  try {
    const listed = await github.list<Listed>(`orgs/${encodeURIComponent(org)}/repos`);
    // A name that is not valid for a repository is not used for a folder either.
    return listed.filter(({ name, is_template }) => /^(?!\.)[\w.-]+$/.test(name) && is_template !== true);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw new GraderError(
      'folder',
      'organization-unreadable',
      `The repositories of the organization ${org} cannot be listed: ${error.message}. Check its name, and whether you may read it. Nothing was fetched.`,
    );
  }
}

/**
 * Fetches repositories, some at a time. The names of those that are not there yet, or not whole, are in a file until
 * they are, so that nobody takes a missing one for a student who handed in nothing.
 *
 * @param gone earlier clones that are not on GitHub any more.
 * @returns how many could not be fetched.
 */
async function fetchAll(
  out: string,
  wanted: readonly Listed[],
  gone: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  // A folder that nobody mistakes for a submission: its name begins with a dot.
  const work = path.join(out, '.fetch');
  const template = path.join(work, 'template');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(path.join(template, 'info'), { recursive: true });
  // Disables filters for all files, no matter what the attributes of a repository say.
  writeFileSync(path.join(template, 'info', 'attributes'), '* !filter\n');
  // Keep students' work out of the repository of the course.
  writeFileSync(path.join(out, '.gitignore'), '*\n');
  const left = new Set(wanted.map(({ name }) => name));
  const record = () => writeFileSync(path.join(out, notFetchedFile), jsonFile([...left, ...gone].sort()));
  record();
  const waiting = wanted.values();
  const fetchSome = async () => {
    for (const { name, clone_url, size = 0 } of waiting)
      try {
        if (size > maxSize)
          throw new Error(`It has ${Math.round(size / 1024)} MiB, too large for a worksheet.`);
        await fetchRepository(clone_url, path.join(out, name), path.join(work, name), template);
        left.delete(name);
        record();
        say(`${name}: fetched`);
      } catch (error) {
        say(`${name}: not fetched. ${messageOf(error)}`);
      }
  };
  await Promise.all(Array.from({ length: atOnce }, fetchSome));
  rmSync(work, { recursive: true, force: true });
  return left.size;
}

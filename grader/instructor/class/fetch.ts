import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../../command';
import { GraderError } from '../../error';
import { groupBy } from '../../key/group-by';
import { escapeTerminal } from '../../render/escape/terminal';
import { jsonFile } from '../files';
import { cloneRepository, GitHub, GitHubError } from '../github';
import { onInterrupt } from '../interrupt';
import { holdLock } from '../lock';
import { readRoster } from './members/roster';

interface Options {
  readonly org: string;
  readonly roster: string;
  readonly prefix?: string;
  readonly out?: string;
}

/** `npm run fetch:class` */
export const configureFetchClass: Configure = (command, context) =>
  command
    .requiredOption('--org <organization>', 'where the students’ repositories are')
    .requiredOption('--roster <file>', 'the roster of the class, with logins')
    .option(
      '--prefix <text>',
      'what the names of the repositories begin with, such as shapes- (default: what stands before the logins)',
    )
    .option('--out <folder>', 'where to put them (default: submissions/ in this repository)')
    .addHelpText(
      'after',
      `
Brings each repository of an assignment with its history, default branch and tags, through the programs gh and git. It
can be stopped and run again: what has not changed is left, and what has is fetched anew and put in the place of what
is there. Nothing of the students' is run.

Exit status: 0 when every repository is as it is on GitHub; 1 when one could not be fetched; 2 when it could not begin.`,
    )
    .action((options: Options) => fetchClass(context, options));

/** A repository as GitHub lists it. */
interface Listed {
  readonly name: string;
  readonly clone_url: string;
  /** ISO 8601; null where nothing was ever pushed. */
  readonly pushed_at: string | null;
  readonly is_template?: boolean;
}

async function fetchClass(context: Context, options: Options): Promise<void> {
  const { courseRoot, print } = context;
  const say = (line: string) => print(escapeTerminal(line));
  const rosterFile = fromCaller(options.roster);
  const { students, notes } = readRoster(rosterFile);
  for (const note of notes) say(note);
  const github = new GitHub(60, (rest, why) => say(`Waiting ${Math.ceil(rest / 1000)} s: ${why}.`));
  const all = await listRepositories(github, options.org);
  const logins = students.flatMap(({ login }) => (login === '' ? [] : [login]));
  const prefix = options.prefix ?? prefixOf(all, logins, options.org);
  const wanted = all.filter(
    ({ name, is_template }) => name.toLowerCase().startsWith(prefix.toLowerCase()) && is_template !== true,
  );
  if (wanted.length === 0)
    throw new GraderError(
      'folder',
      'no-repositories-to-fetch',
      `No repository of ${options.org} has a name that begins with ${prefix}. Nothing was fetched.`,
    );
  const out = options.out === undefined ? path.join(courseRoot, 'submissions') : fromCaller(options.out);
  const failed = await fetchAll(new FetchFolder(out, options.org, prefix), wanted, say);
  const names = new Set(wanted.map(({ name }) => name.toLowerCase()));
  const without = students.filter(
    ({ login }) => login === '' || !names.has(`${prefix}${login}`.toLowerCase()),
  );
  for (const { login, name, line } of without)
    say(
      login === ''
        ? `${name || `line ${line}`}: no login in the roster, so nobody knows which repository is theirs`
        : `${login}: there is no ${prefix}${login}; not accepted yet, or in a team`,
    );
  const others = wanted.length - (students.length - without.length);
  say('');
  say(
    `${wanted.length - failed} of ${wanted.length} repositories are in ${out}; ${failed} could not be fetched. ` +
      `${without.length} of ${students.length} students have none under their login, and ${others} repositories have no login in their name.`,
  );
  const here = (file: string) => path.relative('', file) || '.';
  say(`Next: npm run grade:class -- ${here(out)} --roster ${here(rosterFile)}`);
  if (failed > 0) context.status = 1;
}

async function listRepositories(github: GitHub, org: string): Promise<Listed[]> {
  if ((await github.login()) === undefined)
    throw new GraderError(
      'folder',
      'gh-needed',
      'gh is not installed or not logged in. Install it from https://cli.github.com, and run gh auth login. Nothing was fetched.',
    );
  try {
    const listed = await github.list<Listed>(`orgs/${encodeURIComponent(org)}/repos`);
    // What is no name of a repository is no name of a folder either.
    return listed.filter(({ name }) => /^(?!\.)[\w.-]+$/.test(name));
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw new GraderError(
      'folder',
      'organization-unreadable',
      `The repositories of the organization ${org} cannot be listed: ${error.message}. Is that its name, and may you read it? Nothing was fetched.`,
    );
  }
}

/** What stands before the logins in the names of repositories, where that is the same for all. */
function prefixOf(all: readonly Listed[], logins: readonly string[], org: string): string {
  const longestFirst = logins.map((login) => login.toLowerCase()).sort((a, b) => b.length - a.length);
  const prefixes = all.flatMap(({ name, is_template }) => {
    const login = longestFirst.find((one) => name.toLowerCase().endsWith(`-${one}`));
    return login === undefined || is_template === true ? [] : [name.slice(0, -login.length)];
  });
  const counts = [...groupBy(prefixes, (prefix) => prefix)].map(([prefix, { length }]) => ({
    prefix,
    length,
  }));
  const [only, ...more] = counts.sort((a, b) => b.length - a.length);
  if (only && more.length === 0) return only.prefix;
  const found = counts.map(({ prefix, length }) => `${prefix} (${length})`).join(', ');
  throw new GraderError(
    'folder',
    only ? 'several-prefixes' : 'no-prefix',
    only
      ? `In ${org} logins stand after several beginnings: ${found}. Name that of the assignment with --prefix.`
      : `No repository of ${org} has a name that ends with a login of the roster. Name what they begin with: --prefix`,
  );
}

/** So many are cloned at a time: GitHub asks not to be asked for much at once. */
const atOnce = 4;

/** @returns how many could not be fetched. */
async function fetchAll(
  folder: FetchFolder,
  wanted: readonly Listed[],
  say: (line: string) => void,
): Promise<number> {
  try {
    let failed = 0;
    const waiting = [...wanted];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        try {
          say(`${next.name}: ${await folder.fetch(next)}`);
        } catch (error) {
          failed++;
          say(`${next.name}: not fetched. ${error instanceof Error ? error.message : error}`);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return failed;
  } finally {
    folder.close();
  }
}

/** What was fetched before, and when that had been pushed, by the names of the repositories. */
interface State {
  readonly org: string;
  readonly prefix: string;
  readonly pushed: Record<string, string>;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Where the repositories of one assignment are put. */
class FetchFolder {
  private readonly out: string;
  /** What nobody takes for a submission: its name begins with a dot. */
  private readonly own: string;
  private readonly state: State;
  private readonly end: () => void;

  /** @throws {GraderError} where another run is at work there, or the repositories of another assignment are. */
  constructor(out: string, org: string, prefix: string) {
    this.out = out;
    this.own = path.join(out, '.fetch');
    mkdirSync(this.own, { recursive: true });
    const lock = holdLock(path.join(this.own, 'lock'), `Another run fetches into ${out}`);
    const off = onInterrupt(() => this.close());
    this.end = () => {
      off();
      lock.release();
    };
    try {
      this.state = this.readState() ?? { org, prefix, pushed: {} };
      if (this.state.org !== org || this.state.prefix !== prefix)
        throw new GraderError(
          'folder',
          'another-assignment',
          `${out} holds the repositories ${this.state.prefix}… of ${this.state.org}. Name another folder with --out. Nothing was fetched.`,
        );
      // A run that was killed may have been between two names.
      for (const name of namesIn(this.placeOf('old')))
        if (!existsSync(path.join(out, name))) renameSync(this.placeOf('old', name), path.join(out, name));
      this.clear();
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /**
   * Fetches a repository, if it has changed.
   *
   * @returns what became of it.
   * @throws where it cannot be fetched; what was there before still is.
   */
  async fetch({ name, clone_url, pushed_at }: Listed): Promise<string> {
    const target = path.join(this.out, name);
    const [made, earlier] = [this.placeOf('new', name), this.placeOf('old', name)];
    const pushed = pushed_at ?? 'never';
    const known = this.state.pushed[name];
    const isThere = existsSync(target);
    if (isThere && known === pushed) return 'there already';
    if (isThere && known === undefined)
      throw new Error(`${target} is there, and was not put there by this. Move it away.`);
    for (const place of [made, earlier]) mkdirSync(path.dirname(place), { recursive: true });
    await cloneRepository(clone_url, made);
    if (isThere) renameSync(target, earlier);
    renameSync(made, target);
    rmSync(earlier, { recursive: true, force: true });
    this.state.pushed[name] = pushed;
    writeFileSync(this.placeOf('state.json'), jsonFile(this.state));
    return isThere ? 'fetched anew' : 'fetched';
  }

  close(): void {
    this.clear();
    this.end();
  }

  private clear(): void {
    for (const name of ['new', 'old']) rmSync(this.placeOf(name), { recursive: true, force: true });
  }

  private placeOf(...names: string[]): string {
    return path.join(this.own, ...names);
  }

  private readState(): State | undefined {
    try {
      return JSON.parse(readFileSync(this.placeOf('state.json'), 'utf8'));
    } catch {
      return undefined;
    }
  }
}

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { goBack, removeFolder, rename } from '../atomic-folder';
import { type Configure, type Context, fromCaller } from '../command';
import { GraderError } from '../error';
import { jsonFile } from '../files';
import { assertGit, cloneRepository, GitHub, GitHubError } from '../github';
import { onInterrupt } from '../interrupt';
import { groupBy } from '../key/group-by';
import { holdLock } from '../lock';
import { escapeTerminal } from '../render/escape/terminal';
import { isValid } from '../validate';
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
      'the prefix of the repository names, such as shapes- (default: the text before the logins)',
    )
    .option('--out <folder>', 'where to put them (default: submissions/ in this repository)')
    .addHelpText(
      'after',
      `
Brings each repository of an assignment with its history, default branch and tags, through the programs gh and git. It
can be stopped and run again: what has not changed is left alone, and what has is fetched again and replaces the old
copy. It never runs anything of the students'.

Exit status: 0 when every repository is as it is on GitHub; 1 when one could not be fetched; 2 when it could not begin.`,
    )
    .action((options: Options) => fetchClass(context, options));

/** A repository as GitHub lists it. */
interface Listed {
  readonly name: string;
  readonly clone_url: string;
  /** ISO 8601; null if nothing was ever pushed. */
  readonly pushed_at: string | null;
  readonly is_template?: boolean;
  readonly default_branch?: string;
  /** In KiB. */
  readonly size?: number;
}

/** The state of a repository: if any part of it changes, the repository is cloned again. */
function stateOf({ pushed_at, default_branch = '', clone_url }: Listed): string {
  return `${pushed_at ?? 'never'} ${default_branch} ${clone_url}`;
}

async function fetchClass(context: Context, options: Options): Promise<void> {
  const { courseRoot, print } = context;
  const say = (line: string) => print(escapeTerminal(line));
  const rosterFile = fromCaller(options.roster);
  const { students, notes } = readRoster(rosterFile);
  for (const note of notes) say(note);
  assertGit();
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
  say(`Fetching the repositories of ${options.org} that begin with ${prefix} into ${out}`);
  const folder = new FetchFolder(out, options.org, prefix);
  const { failed, gone } = await fetchAll(folder, wanted, say);
  const names = new Set(wanted.map(({ name }) => name.toLowerCase()));
  const without = students.filter(
    ({ login }) => login === '' || !names.has(`${prefix}${login}`.toLowerCase()),
  );
  for (const { login, name, line } of without)
    say(
      login === ''
        ? `${name || `line ${line}`}: no login in the roster, so their repository is unknown`
        : `${login}: there is no ${prefix}${login}; perhaps not accepted yet, or in a team`,
    );
  const others = wanted.length - (students.length - without.length);
  say('');
  say(
    `${wanted.length - failed} of ${wanted.length} repositories are as on GitHub; ${failed} could not be fetched. ` +
      `${without.length} of ${students.length} students have none under their login, and ${others} repositories have no login in their name.`,
  );
  const here = (file: string) => JSON.stringify(path.relative(fromCaller('.'), file) || '.');
  say(`Next: npm run grade:class -- ${here(out)} --roster ${here(rosterFile)}`);
  if (failed + gone > 0) context.status = 1;
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
    // A name that is not valid for a repository is not used for a folder either.
    return listed.filter(({ name }) => /^(?!\.)[\w.-]+$/.test(name));
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw new GraderError(
      'folder',
      'organization-unreadable',
      `The repositories of the organization ${org} cannot be listed: ${error.message}. Check its name, and whether you may read it. Nothing was fetched.`,
    );
  }
}

/** The text before the logins in repository names, if only one covers at least half of the logins. */
function prefixOf(all: readonly Listed[], logins: readonly string[], org: string): string {
  const longestFirst = logins.map((login) => login.toLowerCase()).sort((a, b) => b.length - a.length);
  const prefixes = all.flatMap(({ name, is_template }) => {
    const login = longestFirst.find((one) => name.toLowerCase().endsWith(`-${one}`));
    return login === undefined || is_template === true ? [] : [name.slice(0, -login.length)];
  });
  const counts = [...groupBy(prefixes, (prefix) => prefix.toLowerCase())]
    .map(([prefix, { length }]) => ({ prefix, length }))
    .sort((one, other) => other.length - one.length);
  // If few names match, the rest of the class may have another prefix.
  const [only, ...more] = counts.filter(({ length }) => 2 * length >= logins.length);
  if (only && more.length === 0) return only.prefix;
  const found = counts.map(({ prefix, length }) => `${prefix} (${length})`).join(', ');
  throw new GraderError(
    'folder',
    counts.length > 0 ? 'uncertain-prefix' : 'no-prefix',
    counts.length > 0
      ? `In ${org} the prefix of the class’s repositories is not certain. Prefixes before logins: ${found}. Give the assignment’s with --prefix.`
      : `No repository of ${org} has a name that ends with a login on the roster. Give their prefix: --prefix`,
  );
}

/** How many repositories are cloned at a time: GitHub asks clients to limit concurrent requests. */
const atOnce = 4;

/** @returns how many could not be fetched, and how many are no longer on GitHub under their name. */
async function fetchAll(
  folder: FetchFolder,
  wanted: readonly Listed[],
  say: (line: string) => void,
): Promise<{ failed: number; gone: number }> {
  try {
    let failed = 0;
    const gone = folder.putAway(wanted);
    for (const { name, place } of gone)
      say(`${name}: no longer on GitHub under this name; what had been fetched is in ${place}`);
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
    return { failed, gone: gone.length };
  } finally {
    folder.close();
  }
}

/** The record of earlier runs. */
interface State {
  readonly org: string;
  readonly prefix: string;
  /** The state of each repository, by its name; see `stateOf`. */
  readonly fetched: Record<string, string>;
}

const stateSchema = {
  type: 'object',
  required: ['org', 'prefix', 'fetched'],
  properties: {
    org: { type: 'string' },
    prefix: { type: 'string' },
    fetched: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The largest repository that is fetched, in KiB; larger ones are not worksheets. */
const maxSize = 500 * 1024;

/** The folder for the repositories of one assignment. */
class FetchFolder {
  private readonly out: string;
  /** A folder that nobody mistakes for a submission: its name begins with a dot. */
  private readonly own: string;
  /** The folder of this run alone: a process of an earlier run may still write to its own. */
  private readonly work: string;
  private readonly state: State;
  private readonly end: () => void;

  /** @throws {GraderError} if another run is active there, or it holds the repositories of another assignment. */
  constructor(out: string, org: string, prefix: string) {
    this.out = out;
    this.own = path.join(out, '.fetch');
    mkdirSync(this.own, { recursive: true });
    const lock = holdLock(path.join(this.own, 'lock'), `Another run fetches into ${out}`);
    const off = onInterrupt(() => this.close());
    this.work = this.placeOf(`run-${lock.token}`);
    this.end = () => {
      off();
      lock.release();
    };
    try {
      this.state = this.readState() ?? { org, prefix, fetched: {} };
      const { org: knownOrg, prefix: knownPrefix } = this.state;
      if (`${knownOrg}/${knownPrefix}`.toLowerCase() !== `${org}/${prefix}`.toLowerCase())
        throw new GraderError(
          'folder',
          'another-assignment',
          `${out} holds the repositories ${knownPrefix}… of ${knownOrg}. Name another folder with --out. Nothing was fetched.`,
        );
      // Keep students' work out of the repository of the course.
      writeFileSync(this.placeOf('..', '.gitignore'), '*\n');
      this.repair();
      mkdirSync(path.join(this.work, 'template', 'info'), { recursive: true });
      writeFileSync(path.join(this.work, 'template', 'info', 'attributes'), attributes);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /**
   * Moves repositories that are no longer listed out of the way, so that they are not graded.
   *
   * @returns their names, and where they are now.
   */
  putAway(listed: readonly Listed[]): { name: string; place: string }[] {
    const names = new Set(listed.map(({ name }) => name));
    const gone = Object.keys(this.state.fetched).filter((name) => !names.has(name));
    return gone.flatMap((name) => {
      delete this.state.fetched[name];
      this.writeState();
      if (!existsSync(path.join(this.out, name))) return [];
      const place = path.join(this.own, 'gone', `${name}-${Date.now()}`);
      mkdirSync(path.dirname(place), { recursive: true });
      rename(path.join(this.out, name), place);
      return [{ name, place }];
    });
  }

  /**
   * Fetches a repository, if it has changed.
   *
   * @returns what was done.
   * @throws if it cannot be fetched; an earlier clone stays in place.
   */
  async fetch(repository: Listed): Promise<string> {
    const { name, clone_url, size = 0 } = repository;
    const target = path.join(this.out, name);
    const isThere = existsSync(target);
    const known = this.state.fetched[name];
    if (isThere && known === stateOf(repository)) return 'there already';
    if (isThere && known === undefined)
      throw new Error(`${target} exists, but this command did not make it. Move it away.`);
    if (size > maxSize) throw new Error(`It has ${Math.round(size / 1024)} MiB, too large for a worksheet.`);
    const [made, earlier] = [path.join(this.work, 'new', name), path.join(this.work, 'old', name)];
    for (const place of [made, earlier]) mkdirSync(path.dirname(place), { recursive: true });
    const note = await cloneRepository(clone_url, made, path.join(this.work, 'template'));
    // Record the folder as ours before it is put there, in case the run is stopped before its state is recorded.
    this.state.fetched[name] ??= 'nothing yet';
    this.writeState();
    const replacement = { target, made, earlier };
    try {
      if (isThere) rename(target, earlier);
      rename(made, target);
    } catch (error) {
      goBack([replacement]);
      throw error;
    }
    removeFolder(earlier);
    this.state.fetched[name] = stateOf(repository);
    this.writeState();
    return `${isThere ? 'fetched again' : 'fetched'}${note}`;
  }

  close(): void {
    this.repair();
    this.end();
  }

  /** Removes what earlier runs have left, after moving back any clone that was not replaced. */
  private repair(): void {
    for (const run of entriesOf(this.own).filter((name) => name.startsWith('run-'))) {
      const old = this.placeOf(run, 'old');
      for (const name of entriesOf(old))
        if (!existsSync(path.join(this.out, name))) rename(path.join(old, name), path.join(this.out, name));
      removeFolder(this.placeOf(run));
    }
  }

  private placeOf(...names: string[]): string {
    return path.join(this.own, ...names);
  }

  private readState(): State | undefined {
    if (!existsSync(this.placeOf('state.json'))) return undefined;
    try {
      const state: unknown = JSON.parse(readFileSync(this.placeOf('state.json'), 'utf8'));
      if (isValid<State>(stateSchema, state)) return state;
    } catch {
      // Reported below.
    }
    throw new GraderError(
      'folder',
      'fetch-state-unreadable',
      `${this.placeOf('state.json')} cannot be read, so it is unknown what was fetched into ${this.out}. Move that folder away and run this again. Nothing was fetched.`,
    );
  }

  private writeState(): void {
    const file = this.placeOf('state.json');
    writeFileSync(`${file}.new`, jsonFile(this.state));
    rename(`${file}.new`, file);
  }
}

/** Disables filters for all files, no matter what the attributes of a repository say. */
const attributes = '* !filter\n';

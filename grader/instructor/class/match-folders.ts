import { readdirSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { archiveForm, isOtherArchive } from '../../submission/container';
import { mayHoldWork } from '../../submission/find';
import { exists, fileNames } from '../../submission/sandboxed-fs';
import { named } from '../files';
import type { DownloadedFiles } from './downloads/download';
import { findRepository } from './git-files';
import type { MatchedBy } from './matching';
import type { Student } from './roster';

/** Something that was handed in: a folder of the class, or what was read out of a download. */
export interface Work {
  /** The name of the folder, or what the download calls it. */
  readonly folder: string;
  readonly download?: DownloadedFiles;
  /** What a team is called that handed it in together, where the roster names none. */
  readonly team?: string;
  /** What told whose it is; a folder's name holds the login. */
  readonly matchedBy?: MatchedBy;
  /** Whether others handed it in as well, or it belongs to a group; see `openClass`. */
  readonly isShared?: boolean;
}

/** One student and the work that is theirs: none where nothing was handed in. */
export interface Member {
  /** As hosts compare it, in lower case; it is unique in a class. */
  readonly key: string;
  readonly login: string;
  readonly student?: Student;
  readonly work: readonly Work[];
  /** Logins that the work may belong to, where its name does not tell; then it is nobody's. */
  readonly candidates?: readonly string[];
}

/** The folders of a class, and what lies beside them. */
export interface ClassFolder {
  readonly root: string;
  /** Names, sorted. */
  readonly folders: readonly string[];
  /** Links, which are never followed: named, so that nobody is lost. */
  readonly links: readonly string[];
  readonly otherFiles: number;
}

/**
 * Lists a folder of submissions.
 *
 * @throws {GraderError} where it holds none.
 */
export function listClass(root: string): ClassFolder {
  const entries = readEntries(root).filter(({ name }) => !name.startsWith('.'));
  const namesOf = (list: typeof entries) => list.map(({ name }) => name).sort();
  const folders = namesOf(entries.filter((entry) => entry.isDirectory()));
  const links = namesOf(entries.filter((entry) => entry.isSymbolicLink()));
  const files = entries.filter((entry) => entry.isFile());
  if (folders.length + links.length === 0) {
    const [archive] = files.filter(({ name }) => archiveForm(name) !== undefined || isOtherArchive(name));
    const found = archive ? `no folders, and ${archive.name}; give that` : 'no folders';
    throw new GraderError(
      'folder',
      `${root} has ${found} in it. Give the folder that holds one folder a student.`,
    );
  }
  return { root, folders, links, otherFiles: files.length };
}

function readEntries(root: string) {
  try {
    return readdirSync(root, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? 'There is no folder'
        : code === 'ENOTDIR'
          ? 'This is no folder and no archive:'
          : `(${code}) This cannot be read:`;
    throw new GraderError('folder', `${reason} ${root}. Give the folder that holds one folder a student.`);
  }
}

/**
 * Joins folders and roster: every student of the roster and every folder, once, sorted.
 *
 * A folder's name holds the login, and logins hold hyphens as well. What stands before the login is the
 * same for a whole class: what hosts name the folder around it by, `<slug>-submissions`, or else what
 * stands before the login in most names. A name that can be read in two ways is nobody's.
 */
export function matchFolders(
  { root, folders, links }: Pick<ClassFolder, 'root' | 'folders' | 'links'>,
  roster: readonly Student[] | undefined,
  byHand: ReadonlyMap<string, readonly Student[]> = new Map(),
): Member[] {
  const names = [...folders, ...links].sort();
  const students = new Map((roster ?? []).filter(({ login }) => login).map(({ key, login }) => [key, login]));
  const groups = groupsIn(roster ?? []);
  // A folder is named by a login or by a group; no group is called as a login is.
  const logins = new Map([...students, ...[...groups].map(([key, { name }]) => [key, name] as const)]);
  const [, slug] = /^(.+)-submissions$/.exec(path.basename(path.resolve(root))) ?? [];
  const prefix = slug === undefined ? undefined : `${slug.toLowerCase()}-`;
  const isSlug = prefix !== undefined && names.some((name) => name.toLowerCase().startsWith(prefix));
  const readName = isSlug ? bySlug(prefix, logins) : byPrefix(names, logins);
  const enrolled = new Map<string, { login: string; student?: Student; work: Work[] }>();
  for (const student of roster ?? []) {
    enrolled.set(student.key, { login: student.login, student, work: [] });
  }
  const ambiguous: Member[] = [];
  for (const folder of names) {
    const known = byHand.get(folder);
    if (known) {
      for (const { key } of known) enrolled.get(key)?.work.push({ folder, matchedBy: 'matches.csv' });
      continue;
    }
    const read = readName(folder);
    if ('candidates' in read) {
      ambiguous.push({ key: `(folder ${folder.toLowerCase()})`, login: folder, work: [{ folder }], ...read });
      continue;
    }
    const student = enrolled.get(read.login.toLowerCase());
    const group = groups.get(read.login.toLowerCase());
    for (const key of group?.keys ?? []) enrolled.get(key)?.work.push({ folder, matchedBy: 'group' });
    if (group) continue;
    const work: Work = { folder, matchedBy: 'login' };
    if (student) student.work.push(work);
    else enrolled.set(read.login.toLowerCase(), { login: read.login, work: [{ folder }] });
  }
  const hasFolder = (key: string) => (enrolled.get(key)?.work.length ?? 0) > 0;
  return [...[...enrolled].map(([key, entry]) => ({ key, ...entry })), ...ambiguous]
    .map((entry) => withCandidates(entry, logins, hasFolder))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The groups of a roster by name in lower case, with the keys of who is in each. */
function groupsIn(roster: readonly Student[]): ReadonlyMap<string, { name: string; keys: string[] }> {
  const groups = new Map<string, { name: string; keys: string[] }>();
  for (const { key, group } of roster) {
    if (group === '') continue;
    const known = groups.get(group.toLowerCase()) ?? { name: group, keys: [] };
    known.keys.push(key);
    groups.set(group.toLowerCase(), known);
  }
  return groups;
}

/** What a folder's name says: a login or a group, or several that it may be. */
type ReadName = { readonly login: string } | { readonly candidates: readonly string[] };

/** The host's own word for what stands before a login comes first. */
function bySlug(prefix: string, logins: ReadonlyMap<string, string>): (folder: string) => ReadName {
  return (folder) => {
    const name = nameOf(folder);
    const rest = name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length) : undefined;
    const whole = logins.get(name.toLowerCase());
    if (rest === undefined) return { login: whole ?? name };
    const login = logins.get(rest.toLowerCase());
    return login === undefined && whole !== undefined ? { candidates: [whole] } : { login: login ?? rest };
  };
}

/** What stands before the login in most names; a name that is a login as a whole may be either's. */
function byPrefix(
  names: readonly string[],
  logins: ReadonlyMap<string, string>,
): (folder: string) => ReadName {
  const lower = new Set(names.map((name) => nameOf(name).toLowerCase()));
  const prefixes = commonPrefixes([...lower], logins);
  return (folder) => {
    const name = nameOf(folder);
    const whole = logins.get(name.toLowerCase());
    const readings = prefixes
      .filter((prefix) => name.toLowerCase().startsWith(prefix))
      .map((prefix) => logins.get(name.slice(prefix.length).toLowerCase()));
    const [rest] = readings;
    if (readings.some((reading) => reading !== rest)) {
      return { candidates: [...new Set([whole, ...readings].filter((login) => login !== undefined))] };
    }
    if (whole === undefined || rest === undefined) return { login: whole ?? rest ?? name };
    // Whoever is called as the whole name has a folder of the usual kind: then this one is the other's.
    if (prefixes.some((prefix) => lower.has(`${prefix}${whole.toLowerCase()}`))) return { login: rest };
    return { candidates: [whole, rest] };
  };
}

/**
 * What stands before the longest login in most names; of two, what more names begin with. Several where
 * it is a tie all the same.
 */
function commonPrefixes(names: readonly string[], logins: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const login = endsOf(name).find((end) => logins.has(end));
    if (login === undefined) continue;
    const prefix = name.slice(0, name.length - login.length);
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const ranked = [...counts].map(([prefix, count]) => ({
    prefix,
    rank: count * (names.length + 1) + names.filter((name) => name.startsWith(prefix)).length,
  }));
  const best = Math.max(...ranked.map(({ rank }) => rank));
  const chosen = ranked.filter(({ rank }) => rank === best).map(({ prefix }) => prefix);
  // What stands before other logins as a part of it may be all that stands before: nobody can tell.
  const shorter = ranked.filter(({ prefix }) =>
    chosen.some((long) => long !== prefix && long.startsWith(prefix)),
  );
  return [...chosen, ...shorter.map(({ prefix }) => prefix)];
}

/** What stands after each hyphen of a name, the longest first: `a-b-c` -> `b-c`, `c`. */
function endsOf(name: string): string[] {
  const ends: string[] = [];
  for (let at = name.indexOf('-'); at !== -1; at = name.indexOf('-', at + 1)) ends.push(name.slice(at + 1));
  return ends;
}

/** A mirror clone is called `name.git`. */
function nameOf(folder: string): string {
  return folder.replace(/\.git$/i, '');
}

/** A folder of nobody's may belong to whoever has none and is called as its name ends. */
function withCandidates(
  entry: Member,
  logins: ReadonlyMap<string, string>,
  hasFolder: (key: string) => boolean,
): Member {
  if (logins.size === 0 || entry.student || entry.candidates) return entry;
  const candidates = entry.work
    .flatMap(({ folder }) => endsOf(nameOf(folder).toLowerCase()))
    .flatMap((end) => (hasFolder(end) ? [] : (logins.get(end) ?? [])));
  return candidates.length > 0 ? { ...entry, candidates } : entry;
}

/**
 * Refuses a folder that is not the class: it would give everybody a grade, and a wrong one.
 *
 * @param roster the name of the roster's file, where there is one.
 * @returns a note, where fewer than half of the roster have a folder.
 * @throws {GraderError} that says what was expected, what is there and what was probably meant.
 */
export function assertSubmissions(
  { root, folders, links }: ClassFolder,
  students: readonly Member[],
  rubric: Rubric,
  roster: string | undefined,
): string[] {
  const [top = ''] = rubric.file.split('/');
  if (
    studentFiles(rubric).some((file) => exists(root, file)) ||
    folders.some((name) => name !== top && name.toLowerCase() === top.toLowerCase())
  )
    throw refused(
      `${root} is a single submission`,
      `Give the folder around it (${path.dirname(root)}), or grade it alone: npm run grade -- ${root}`,
    );
  const onRoster = students.filter(({ student }) => student?.login);
  const found = onRoster.filter((student) => student.work.length > 0).length;
  const isEmptyHanded = onRoster.length > 0 && found === 0;
  // What failed to be fetched is empty, so one folder that looks like a submission is enough.
  if (isEmptyHanded || !folders.some((name) => looksLikeSubmission(path.join(root, name), rubric))) {
    const there = named([...folders, ...links], 5);
    const expected = isEmptyHanded
      ? `None of the ${onRoster.length} students with a login in ${roster} has a folder in ${root}. Expected one folder a student, named by the login (${onRoster[0]?.login}, or with the same prefix for all)`
      : `No folder in ${root} looks like a submission. Expected one folder a student, with ${rubric.file} in it`;
    throw refused(`${expected}; found ${there}`, suggestion(root, folders, rubric));
  }
  return found * 2 < onRoster.length
    ? [
        `Only ${found} of the ${onRoster.length} students with a login in ${roster} have a folder. Is this the right folder?`,
      ]
    : [];
}

function refused(reason: string, advice: string): GraderError {
  return new GraderError('folder', `${reason}.`, advice, 'Nothing was graded.');
}

function suggestion(root: string, folders: readonly string[], rubric: Rubric): string {
  const inner = folders.find((name) => {
    const folder = path.join(root, name);
    return !looksLikeSubmission(folder, rubric) && holdsSubmissions(folder, rubric);
  });
  if (inner !== undefined) return `Did you mean ${path.join(root, inner)}?`;
  if (looksLikeSubmission(root, rubric)) return `Did you mean the folder around it, ${path.dirname(root)}?`;
  const archive = folders
    .flatMap((name) => fileNames(root, name).map((file) => path.join(name, file)))
    .find((file) => archiveForm(file) !== undefined || isOtherArchive(file));
  if (archive !== undefined)
    return `There are archives, such as ${archive}. To look into them, add --from folders.`;
  return 'Give the folder that holds one folder a student, as gh classroom clone leaves it.';
}

function holdsSubmissions(folder: string, rubric: Rubric): boolean {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .slice(0, 200)
      .some(({ name }) => looksLikeSubmission(path.join(folder, name), rubric));
  } catch {
    return false;
  }
}

/** Whether a folder holds a repository, a file that students edit, or what was probably meant to be one. */
function looksLikeSubmission(folder: string, rubric: Rubric): boolean {
  try {
    return (
      exists(folder, '.git') ||
      findRepository(folder) !== undefined ||
      studentFiles(rubric).some((file) => exists(folder, file)) ||
      fileNames(folder, '').some((name) => mayHoldWork(name, rubric))
    );
  } catch {
    return false;
  }
}

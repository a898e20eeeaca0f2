import { readdirSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import type { Student } from './roster';

/** One student and the folders that are theirs: none where nothing was handed in. */
export interface Enrolled {
  /** As hosts compare it, in lower case; it is unique in a class. */
  readonly key: string;
  readonly login: string;
  readonly student?: Student;
  readonly folders: readonly string[];
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
  const named = (list: typeof entries) => list.map(({ name }) => name).sort();
  const folders = named(entries.filter((entry) => entry.isDirectory()));
  const links = named(entries.filter((entry) => entry.isSymbolicLink()));
  const files = entries.filter((entry) => entry.isFile());
  if (folders.length + links.length === 0) {
    const archives = files.filter(({ name }) => /\.(?:zip|tar|t?gz|7z|rar)$/i.test(name)).length;
    const found = archives > 0 ? `${archives} archives and no folder; unpack them first` : 'no folder';
    throw new GraderError(
      'folder',
      `${root} holds ${found}. Give the folder that holds one folder a student.`,
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
          ? 'This is no folder:'
          : `(${code}) This cannot be read:`;
    throw new GraderError('folder', `${reason} ${root}. Give the folder that holds one folder a student.`);
  }
}

/**
 * Joins folders and roster: every student of the roster and every folder, once, sorted.
 *
 * A folder's name holds the login, and logins hold hyphens as well. What stands before the login is the
 * same for a whole class: what hosts name the folder around it by, `<slug>-submissions`, or else what
 * stands most often before a login of the roster. A name that begins otherwise is nobody's but its own.
 */
export function enrol(
  { root, folders, links }: ClassFolder,
  roster: readonly Student[] | undefined,
): Enrolled[] {
  const names = [...folders, ...links].sort();
  const logins = new Map((roster ?? []).filter(({ login }) => login).map(({ key, login }) => [key, login]));
  const [, slug] = /^(.+)-submissions$/.exec(path.basename(path.resolve(root))) ?? [];
  const prefixes = slug === undefined ? commonPrefixes(names, logins) : [`${slug.toLowerCase()}-`];
  const enrolled = new Map<string, { login: string; student?: Student; folders: string[] }>();
  for (const student of roster ?? []) {
    enrolled.set(student.key, { login: student.login, student, folders: [] });
  }
  for (const folder of names) {
    const login = loginIn(folder, prefixes, logins, slug !== undefined);
    const known = enrolled.get(login.toLowerCase());
    if (known) known.folders.push(folder);
    else enrolled.set(login.toLowerCase(), { login, folders: [folder] });
  }
  return [...enrolled].map(([key, entry]) => ({ key, ...entry })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function loginIn(
  folder: string,
  prefixes: readonly string[],
  logins: ReadonlyMap<string, string>,
  isSlug: boolean,
): string {
  const whole = logins.get(folder.toLowerCase());
  if (whole !== undefined) return whole;
  for (const prefix of prefixes) {
    if (!folder.toLowerCase().startsWith(prefix)) continue;
    const rest = folder.slice(prefix.length);
    const login = logins.get(rest.toLowerCase());
    if (login !== undefined || isSlug) return login ?? rest;
  }
  return folder;
}

/** What stands most often before a login of the roster, in names of folders; several where it is a tie. */
function commonPrefixes(names: readonly string[], logins: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const name of names.map((folder) => folder.toLowerCase())) {
    // The longest login that the name ends in.
    for (let at = name.indexOf('-'); at !== -1; at = name.indexOf('-', at + 1)) {
      if (!logins.has(name.slice(at + 1))) continue;
      const prefix = name.slice(0, at + 1);
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
      break;
    }
  }
  const most = Math.max(0, ...counts.values());
  return [...counts].filter(([, count]) => count === most).map(([prefix]) => prefix);
}

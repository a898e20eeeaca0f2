import { readdirSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { keyOf, type Student } from './roster';

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
 * A folder's name holds the login, and logins hold hyphens as well. So the roster decides which part
 * of it is one; else what hosts name the folder around it, `<slug>-submissions`; else it is the whole.
 */
export function enrol(
  { root, folders, links }: ClassFolder,
  roster: readonly Student[] | undefined,
): Enrolled[] {
  const [, slug] = /^(.+)-submissions$/.exec(path.basename(path.resolve(root))) ?? [];
  const byLogin = new Map(
    (roster ?? []).filter(({ login }) => login).map((student) => [keyOf(student), student]),
  );
  const enrolled = new Map<string, { login: string; student?: Student; folders: string[] }>();
  for (const student of roster ?? []) {
    enrolled.set(keyOf(student), { login: student.login, student, folders: [] });
  }
  for (const folder of [...folders, ...links].sort()) {
    const login = loginIn(folder, slug, byLogin);
    const known = enrolled.get(login.toLowerCase());
    if (known) known.folders.push(folder);
    else enrolled.set(login.toLowerCase(), { login, folders: [folder] });
  }
  return [...enrolled].map(([key, entry]) => ({ key, ...entry })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function loginIn(folder: string, slug: string | undefined, roster: ReadonlyMap<string, Student>): string {
  const name = folder.toLowerCase();
  const afterSlug =
    slug && name.startsWith(`${slug.toLowerCase()}-`) ? folder.slice(slug.length + 1) : undefined;
  for (const candidate of [afterSlug, folder]) {
    const student = candidate && roster.get(candidate.toLowerCase());
    if (student) return student.login;
  }
  // The longest end of the name that the roster knows.
  for (let at = name.indexOf('-'); at !== -1; at = name.indexOf('-', at + 1)) {
    const student = roster.get(name.slice(at + 1));
    if (student) return student.login;
  }
  return afterSlug ?? folder;
}

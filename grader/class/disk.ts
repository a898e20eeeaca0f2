import { existsSync, openAsBlob, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fromCaller } from '../command';
import { GraderError, message, messageOf } from '../message';
import { openArchive } from '../submission/archive';
import { isSystems } from '../submission/find';
import { exists, listFolder, readFile } from '../submission/folder';
import { hasGit } from '../system/github';
import { groupBy } from '../system/lists';
import { readHistory } from './histories/read-history';
import { hosts } from './hosts/hosts';
import type { TableFile } from './members/csv-table';
import { archiveItem, type Clone, type GivenSource, type Item, tablesBeside } from './members/source';

// The sources and tables of a class on a disk.

/** @throws {GraderError} if the file cannot be read. */
export function tableAt(file: string): TableFile {
  try {
    return { name: file, bytes: readFileSync(file) };
  } catch (error) {
    throw new GraderError('folder', 'table-unreadable', `${file} cannot be read: ${messageOf(error)}.`);
  }
}

/**
 * Opens the sources of a class.
 *
 * @param out where its results will go.
 * @throws {GraderError} if one cannot be used.
 */
export function openSources(sources: readonly string[], out: string): Promise<GivenSource[]> {
  const places = sources.map(fromCaller);
  for (const place of places) assertOutside(place, out);
  return Promise.all(namedSources(places).map(openSource));
}

/**
 * Names sources. Those that are called alike are told apart by the folders that they are in, and not by their order,
 * for tables that people fill in use these names.
 *
 * @throws {GraderError} if two are alike even so.
 */
function namedSources(places: readonly string[]) {
  const shortName = (place: string) => path.basename(place).replace(/\.zip$/i, '');
  const alike = groupBy(places, shortName);
  const named = places.map((place) => {
    const name = shortName(place);
    const isAlone = alike.get(name)?.length === 1;
    return { place, name: isAlone ? name : `${path.basename(path.dirname(place))}/${name}` };
  });
  for (const [name, same] of groupBy(named, (source) => source.name))
    if (same.length > 1)
      throw new GraderError(
        'folder',
        'sources-alike',
        `${same.map(({ place }) => place).join(' and ')} are both called ${name}, so tables could not tell them apart.`,
        'Give each once, and rename one of them. Nothing was graded.',
      );
  return named;
}

/** Rejects an output folder inside the folder of submissions, where it would be taken for one. */
function assertOutside(source: string, out: string) {
  if (!existsSync(source) || !`${out}${path.sep}`.startsWith(`${realpathSync(source)}${path.sep}`)) return;
  throw new GraderError(
    'folder',
    'out-in-submissions',
    `${out} is inside the folder of submissions. Choose another folder with --out.`,
  );
}

/** @throws {GraderError} if it is neither a folder nor a zip. */
async function openSource({
  place,
  name,
}: {
  readonly place: string;
  readonly name: string;
}): Promise<GivenSource> {
  if (/\.csv$/i.test(place))
    throw new GraderError(
      'folder',
      'source-is-table',
      `${place} is a table, and no submissions. If it is the report of a Moodle quiz: npm run quiz:page -- "${place}". Nothing was graded.`,
    );
  if (!existsSync(place))
    throw new GraderError(
      'folder',
      'source-missing',
      `There is no file or folder ${place}. Nothing was graded.`,
    );
  const title = path.basename(place).replace(/\.zip$/i, '');
  const around = path.dirname(place);
  const beside = tablesBeside(hosts)
    .filter((table) => exists(around, table))
    .map((table) => fileItem(around, table));
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory())
    return { name, place, around: { ...folderItem(place), name: title }, beside };
  try {
    return { name, place, around: archiveItem(title, await openArchive(await blobOf(place))), beside };
  } catch (error) {
    throw new GraderError(
      'folder',
      'source-unusable',
      `${place} is neither a folder nor a zip that can be used: ${messageOf(error)}. Nothing was graded.`,
    );
  }
}

/** @throws an Error for a file whose size Node.js takes for another (20 to 24 do, whose number has 32 bits). */
async function blobOf(place: string): Promise<Blob> {
  const blob = await openAsBlob(place);
  if (blob.size === statSync(place).size) return blob;
  throw new Error('it has 4 GiB or more: unzip it and give the folder, or grade it in the grading page');
}

const aLink = message('file/link', 'This is a link and no folder; put the folder itself in its place.');

function fileItem(folder: string, name: string): Item {
  const file = { path: name, read: (largest: number) => readFile(folder, name, largest) };
  return { name, isFile: true, files: () => [file], inside: () => [] };
}

function folderItem(place: string): Item {
  return {
    name: path.basename(place),
    isFile: false,
    clone: cloneIn(place),
    files: () => listFolder(place),
    inside: () => itemsIn(place),
  };
}

function itemsIn(place: string): Item[] {
  const entries = readdirSync(place, { withFileTypes: true }).filter(({ name }) => !isSystems(name));
  return entries.map((entry): Item => {
    if (entry.isFile()) return fileItem(place, entry.name);
    if (entry.isDirectory()) return folderItem(path.join(place, entry.name));
    return { name: entry.name, isFile: false, lost: aLink, files: () => [], inside: () => [] };
  });
}

/** The clone that a folder is, if it is one: with its repository in `.git`, or in the folder itself if it is bare. */
function cloneIn(root: string): Clone | undefined {
  const isBare = !exists(root, '.git') && ['HEAD', 'objects', 'refs'].every((name) => exists(root, name));
  if (!isBare && !exists(root, '.git')) return undefined;
  const gitDir = isBare ? root : path.join(root, '.git');
  return {
    isBare,
    read: hasGit() ? (finder, isByTag) => readHistory(gitDir, finder, isByTag) : undefined,
  };
}

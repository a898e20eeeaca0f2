import { existsSync, openAsBlob, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fromCaller } from '../command';
import { GraderError, message, messageOf } from '../message';
import { openArchive } from '../submission/archive';
import { exists, lengthOf, listFolder, readFile } from '../submission/folder';
import { isSystems } from '../submission/which-files';
import { hasGit } from '../system/github';
import { groupBy } from '../system/lists';
import { classHosts } from './downloads/class-hosts';
import { readHistory } from './histories/read-history';
import type { TableFile } from './members/csv-table';
import { archiveItem, type Clone, type GivenSource, type Item, tablesBeside } from './members/source';

// Reads the sources and tables of a class from a disk.

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
 * @param out the folder that the results will go to.
 * @throws {GraderError} if a source cannot be used.
 */
export function openSources(sources: readonly string[], out: string): Promise<GivenSource[]> {
  const givenSources = sources.map(fromCaller);
  for (const source of givenSources) assertOutside(source, out);
  return Promise.all(namedSources(givenSources).map(({ source, name }) => openSource(source, name)));
}

/** The name of a folder or an archive, without its parent folder. */
const shortName = (source: string) => path.basename(source).replace(/\.zip$/i, '');

/**
 * Names sources. The parent folders tell apart sources with equal names, so their order does not matter.
 *
 * @throws {GraderError} if two still have the same name.
 */
function namedSources(sources: readonly string[]) {
  const alike = groupBy(sources, shortName);
  const named = sources.map((source) => {
    const name = shortName(source);
    const isAlone = alike.get(name)?.length === 1;
    return { source, name: isAlone ? name : `${path.basename(path.dirname(source))}/${name}` };
  });
  for (const [name, same] of groupBy(named, (source) => source.name))
    if (same.length > 1)
      throw new GraderError(
        'folder',
        'sources-alike',
        `${same.map(({ source }) => source).join(' and ')} are both called ${name}, so they could not be told apart.`,
        'Give each once, and rename one of them. Nothing was graded.',
      );
  return named;
}

/** Rejects an output folder inside the folder of submissions, where it would look like a submission. */
function assertOutside(source: string, out: string) {
  if (!existsSync(source) || !`${out}${path.sep}`.startsWith(`${realpathSync(source)}${path.sep}`)) return;
  throw new GraderError(
    'folder',
    'out-in-submissions',
    `${out} is inside the folder of submissions. Choose another folder with --out.`,
  );
}

/** @throws {GraderError} if it is neither a folder nor a zip. */
async function openSource(source: string, name: string): Promise<GivenSource> {
  if (/\.csv$/i.test(source))
    throw new GraderError(
      'folder',
      'source-is-table',
      `${source} is a table, not a download of submissions. Nothing was graded.`,
    );
  if (!existsSync(source))
    throw new GraderError(
      'folder',
      'source-missing',
      `There is no file or folder ${source}. Nothing was graded.`,
    );
  const around = path.dirname(source);
  const beside = tablesBeside(classHosts)
    .filter((table) => exists(around, table))
    .map((table) => fileItem(around, table));
  if (statSync(source, { throwIfNoEntry: false })?.isDirectory())
    return { name, givenAs: source, top: { ...folderItem(source), name: shortName(source) }, beside };
  try {
    const top = archiveItem(shortName(source), await openArchive(await blobOf(source)));
    return { name, givenAs: source, top, beside };
  } catch (error) {
    throw new GraderError(
      'folder',
      'source-unusable',
      `${source} is neither a folder nor a zip that can be used: ${messageOf(error)}. Nothing was graded.`,
    );
  }
}

/** @throws an Error if Node.js gets the file's size wrong: versions 20 to 24 keep it in 32 bits. */
async function blobOf(file: string): Promise<Blob> {
  const blob = await openAsBlob(file);
  if (blob.size === statSync(file).size) return blob;
  throw new Error('it has 4 GiB or more: unzip it and give the folder, or grade it in the grading page');
}

const aLink = message('file/link', 'This is a link, not a folder; put the folder itself in its place.');

function fileItem(folder: string, name: string): Item {
  const file = {
    path: name,
    read: (largest: number) => readFile(folder, name, largest),
    stamp: () => lengthOf(folder, name),
  };
  return { name, isFile: true, files: () => [file], inside: () => [] };
}

function folderItem(folder: string): Item {
  return {
    name: path.basename(folder),
    isFile: false,
    clone: cloneIn(folder),
    files: () => listFolder(folder),
    inside: () => itemsIn(folder),
  };
}

function itemsIn(folder: string): Item[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !isSystems(name));
  return entries.map((entry): Item => {
    if (entry.isFile()) return fileItem(folder, entry.name);
    if (entry.isDirectory()) return folderItem(path.join(folder, entry.name));
    return { name: entry.name, isFile: false, lost: aLink, files: () => [], inside: () => [] };
  });
}

/** The clone in a folder, if it is one: the repository is in `.git`, or in the folder itself if it is bare. */
function cloneIn(root: string): Clone | undefined {
  const isBare = !exists(root, '.git') && ['HEAD', 'objects', 'refs'].every((name) => exists(root, name));
  if (!isBare && !exists(root, '.git')) return undefined;
  const gitDir = isBare ? root : path.join(root, '.git');
  return {
    isBare,
    isCutOff: exists(gitDir, 'shallow'),
    read: hasGit() ? (finder) => readHistory(gitDir, finder) : undefined,
  };
}

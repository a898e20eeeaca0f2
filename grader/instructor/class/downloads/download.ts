import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { asUntrusted, type Message } from '../../../message';
import { type Rubric, studentFiles } from '../../../rubric/rubric';
import { openArchive } from '../../../submission/archive';
import {
  archiveEnd,
  archiveForm,
  type Container,
  ContainerError,
  type Entry,
  isClutter,
  isOtherArchive,
} from '../../../submission/container';
import { FileFinder, type FoundFiles } from '../../../submission/find';
import { openFolder } from '../../../submission/folder';
import type { FileResult, ListingLimits } from '../../../submission/sandboxed-fs';
import { named } from '../../files';
import { type Format, formats, type Handed, type Part } from './formats';

/** A student's files as they were read out of a download: plain data, so that other threads can be given it. */
export interface DownloadedFiles {
  readonly found: FoundFiles;
  /** What is odd about it, for the instructor. */
  readonly remarks: readonly Message[];
  /** When it was handed in, in milliseconds since 1970, where the host says so. */
  readonly submitted?: number;
}

/** One submission of a download, read. */
export interface DownloadedSubmission extends Omit<Handed, 'parts' | 'remarks' | 'submitted'> {
  readonly content: DownloadedFiles;
}

/** A class as a host packs it. */
export interface Download {
  /** Of the archive or the folder, without what says that it is one. */
  readonly name: string;
  readonly format: Format;
  readonly submissions: readonly DownloadedSubmission[];
  /** The text of Classroom 50's `teams.json`, where that lies at the top. */
  readonly teams?: string;
  /** What is odd about the download as a whole. */
  readonly notes: readonly string[];
}

const mostNamed = 5;
const mebibyte = 1024 * 1024;
/** Classroom 50's table of who is in which team. */
export const teamsFile = 'teams.json';
/** The table of who handed in which. */
const largestMetadata = 64 * mebibyte;
const classLimits: ListingLimits = {
  maxDepth: 12,
  maxEntries: 200_000,
  isOutside: (folder) => /(?:^|\/)(?:\.git|node_modules)$/.test(folder),
};
/** Folders around everything, as archives have them. */
const mostWrapped = 3;

/**
 * Reads a class as a host packs it: an archive, or a folder with the content of one.
 *
 * @param from the format's id, where it is not to be told from the content.
 * @returns nothing for a folder that no host packs so: one folder for each student, which is read where
 *   it lies, with its history.
 * @throws {GraderError} where the archive cannot be used.
 */
export async function readDownload(
  source: string,
  rubric: Rubric,
  from: string | undefined,
): Promise<Download | undefined> {
  if (isFolder(source)) {
    // Repositories hold a great deal, and what lies at the top tells that they are some.
    const names = readdirSync(source).filter((name) => !isClutter(name) && !name.startsWith('.'));
    const [only, ...others] = names;
    // A folder around a download and nothing else is that download.
    if (only !== undefined && others.length === 0 && isDownload(path.join(source, only)))
      return readDownload(path.join(source, only), rubric, from);
    const format = from === undefined ? formatAt(names) : formatOf(from);
    const isMixed = format.id === 'classroom50' && names.some((name) => isFolder(path.join(source, name)));
    return from === undefined && (format.id === 'folders' || isMixed)
      ? undefined
      : readWith(openFolder(source, classLimits), rubric, format, source);
  }
  if (archiveForm(source) === undefined && !isOtherArchive(source)) return undefined;
  if (!existsSync(source))
    throw new GraderError(
      'folder',
      `There is no file ${source}. Give the folder or the archive that the host made.`,
    );
  try {
    if (isOtherArchive(source)) throw new ContainerError('It has a form that cannot be read.');
    const container = await openArchive(source);
    try {
      const wanted = from === undefined ? undefined : formatOf(from);
      return await readWith(container, rubric, wanted, source);
    } finally {
      container.close();
    }
  } catch (error) {
    if (!(error instanceof ContainerError)) throw error;
    throw new GraderError(
      'folder',
      `${source} cannot be used. ${error.message}`,
      'Download it again as a zip. Nothing was graded.',
    );
  }
}

/** @throws {GraderError} where there is none. */
function formatOf(id: string): Format {
  const found = formats.find((format) => format.id === id);
  if (found) return found;
  throw new GraderError(
    'folder',
    `There is no format ${id}. There are ${formats.map((one) => one.id).join(', ')}.`,
  );
}

/** Whether something is an archive, or a folder that some host packs so. */
function isDownload(place: string): boolean {
  if (isFolder(place)) return formatAt(readdirSync(place)).id !== 'folders';
  return archiveForm(place) !== undefined;
}

/** The format of a download, as far as its names tell. */
function formatAt(paths: readonly string[]): Format {
  return formats.find((format) => format.detect(paths)) ?? formatOf('folders');
}

/** The format of some entries, and what lies in the folder around all of them that it leaves aside. */
function detected(entries: readonly Entry[], rubric: Rubric): { format: Format; parts: Part[] } {
  let parts = entries.map((entry) => ({ entry, path: entry.path }));
  for (let depth = 0; ; depth++) {
    const paths = parts.map(({ path: name }) => name);
    const format = formatAt(paths);
    const around = `${paths[0]?.split('/')[0]}/`;
    const isWrapped = paths.length > 0 && paths.every((name) => name.startsWith(around));
    // Around a student's files there is the student's own folder.
    const isOne = studentFiles(rubric).some((file) =>
      paths.some((name) => name.startsWith(`${around}${file.split('/')[0]}/`)),
    );
    if (format.id !== 'folders' || !isWrapped || isOne || depth === mostWrapped) return { format, parts };
    const inner = parts.map((part) => ({ ...part, path: part.path.slice(around.length) }));
    // Around the files of a single submission there is its own folder.
    const innerPaths = inner.map(({ path: name }) => name);
    if (formatAt(innerPaths).id === 'folders' && innerPaths.some((name) => !name.includes('/')))
      return { format, parts };
    parts = inner;
  }
}

async function readWith(
  container: Container,
  rubric: Rubric,
  wanted: Format | undefined,
  source: string,
): Promise<Download> {
  const { entries, unsafe } = container;
  const { parts, ...found } = detected(entries, rubric);
  const format = wanted ?? found.format;
  const metadata = await metadataOf(container, parts, format, source);
  const teams = await textOf(container, parts, teamsFile);
  const handed = format.submissions(parts, metadata);
  const [single] = parts;
  if (parts.length === 1 && single && !single.path.includes('/') && archiveForm(single.path) && !wanted)
    throw new GraderError(
      'folder',
      `${source} holds a single archive, ${single.path}. Take it out, and give that. Nothing was graded.`,
    );
  if (handed.length === 0)
    throw new GraderError(
      'folder',
      `No submission was found in ${source}, read as ${format.id}.`,
      wanted
        ? 'Leave out --from, or name another host. Nothing was graded.'
        : 'Give the download as it came, or name the host with --from. Nothing was graded.',
    );
  const known = new Set(handed.flatMap((one) => one.parts.map(({ entry }) => entry)));
  const strays = parts.filter(
    ({ entry, path: name }) =>
      !known.has(entry) && name !== format.metadata && name !== teamsFile && !isTyped(name),
  );
  return {
    format,
    name: path.basename(source).replace(archiveEnd, ''),
    submissions: await readAll(container, handed, rubric),
    ...(teams !== undefined && { teams }),
    notes: [
      ...(strays.length > 0
        ? [
            `Nobody’s, and not read: ${named(
              strays.map(({ path: name }) => name),
              mostNamed,
            )}.`,
          ]
        : []),
      ...(unsafe.length > 0
        ? [`Not read, because the name leads out of the download: ${named(unsafe, mostNamed)}.`]
        : []),
    ],
  };
}

function isTyped(name: string): boolean {
  return /_(?:text|link)\.html$/.test(name) || /_assignsubmission_onlinetext/.test(name);
}

/** The text of a file at the top, where it is there and can be read. */
async function textOf(
  container: Container,
  parts: readonly Part[],
  file: string,
): Promise<string | undefined> {
  const part = parts.find(({ path: name }) => name === file);
  if (!part) return undefined;
  for await (const [, content] of container.read(new Map([[part.entry, largestMetadata]])))
    if (content.kind === 'file') return Buffer.from(content.bytes).toString('utf8');
  return undefined;
}

/** @throws {GraderError} where it is not there, or cannot be read. */
async function metadataOf(
  container: Container,
  parts: readonly Part[],
  { metadata }: Format,
  source: string,
): Promise<string> {
  if (metadata === undefined) return '';
  const text = await textOf(container, parts, metadata);
  if (text !== undefined) return text;
  const part = parts.some(({ path: name }) => name === metadata);
  throw new GraderError(
    'folder',
    `${path.basename(source)} is read as Gradescope’s, and ${metadata} in it is ${part ? 'not readable: download it again' : 'missing: leave out --from, or name another host'}. Nothing was graded.`,
  );
}

async function readAll(
  container: Container,
  handed: readonly Handed[],
  rubric: Rubric,
): Promise<DownloadedSubmission[]> {
  const wanted = new Map<Entry, number>();
  const places = new Map<Entry, { readonly finder: FileFinder; readonly named: Entry }>();
  const started = handed.map((submission) => {
    const finder = new FileFinder(rubric, openArchive);
    const sources = new Map(
      submission.parts.map(({ entry, path: name, order }) => [
        order === undefined ? { path: name } : { path: name, order },
        entry,
      ]),
    );
    if (submission.lost) finder.miss(submission.lost);
    const selected = finder.select({ entries: [...sources.keys()], unsafe: [] });
    for (const [named, largest] of selected) {
      const entry = sources.get(named);
      if (!entry) continue;
      wanted.set(entry, largest);
      places.set(entry, { finder, named });
    }
    return { submission, finder };
  });
  for await (const [entry, content] of container.read(wanted)) {
    const place = places.get(entry);
    if (place) await place.finder.add(place.named, namedFor(content, place.named));
  }
  return started.map(({ submission: { name, owners, remarks, returnsAs, submitted }, finder }) => ({
    name,
    owners,
    ...(returnsAs !== undefined && { returnsAs }),
    content: { found: finder.finish(), remarks, ...(submitted !== undefined && { submitted }) },
  }));
}

/** What is said of an entry names it as its student did. */
function namedFor(content: FileResult<Uint8Array>, { path: name }: Entry): FileResult<Uint8Array> {
  if (!('reason' in content)) return content;
  return { ...content, reason: { ...content.reason, quotes: { name: asUntrusted(name) } } };
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

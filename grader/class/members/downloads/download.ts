import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { joinNames } from '../../../files';
import { asUntrusted, type Message } from '../../../message';
import { type Rubric, studentFiles } from '../../../rubric/rubric';
import { openArchive } from '../../../submission/archive';
import {
  archiveEnd,
  type Container,
  type ContainerEntry,
  ContainerError,
  isArchive,
  isClutter,
  isOtherArchive,
  mebibyte,
} from '../../../submission/container';
import { FileFinder, type FoundFiles } from '../../../submission/find';
import { openFolder } from '../../../submission/folder';
import type { FileResult, ListingLimits } from '../../../submission/sandboxed-fs';
import { type DownloadPart, type Format, formats, type Handed } from './formats';

/** A student's files as read from a download. This is plain data, so that it can be passed to other threads. */
export interface DownloadedFiles {
  readonly found: FoundFiles;
  /** Remarks on the submission, for the instructor. */
  readonly remarks: readonly Message[];
  /** When it was handed in, in milliseconds since 1970, if the host says so. */
  readonly submitted?: number | undefined;
}

/** A class as downloaded from a host. */
export interface Download {
  /** The name of the archive or folder, without the archive extension. */
  readonly name: string;
  readonly format: Format;
  readonly submissions: readonly (Handed & { readonly content: DownloadedFiles })[];
  /** The text of Classroom 50's `teams.json`, if it is at the top level. */
  readonly teams?: string | undefined;
  /** Notes on the download as a whole. */
  readonly notes: readonly string[];
}

/** Classroom 50's table of who is in which team. */
export const teamsFile = 'teams.json';
/** The maximum size of `teams.json` or a host's metadata file, in bytes. */
const maxMetadata = 64 * mebibyte;
const classLimits: ListingLimits = {
  maxDepth: 12,
  maxEntries: 200_000,
  isOutside: (folder) => /(?:^|\/)(?:\.git|node_modules)$/.test(folder),
};
/** Names that Canvas and Moodle give to work that was typed in, not handed in as a file. */
const typed = /_(?:text|link)\.html$|_assignsubmission_onlinetext/;
/** The most folders that may wrap the whole content, as archives have them. */
const maxWrapped = 3;

/**
 * Reads a class as downloaded from a host: an archive, or a folder with the content of one.
 *
 * @param from the format's id, if it should not be detected from the content.
 * @returns undefined for a folder that is not a download: it has one folder for each student and is read in place,
 *   with its history.
 * @throws {GraderError} if the archive cannot be used.
 */
export async function readDownload(
  source: string,
  rubric: Rubric,
  from: string | undefined,
): Promise<Download | undefined> {
  const wanted = from === undefined ? undefined : formatOf(from);
  if (isFolder(source)) {
    // Repositories can be large, and their top-level names are enough to recognize them.
    const names = readdirSync(source).filter((name) => !isClutter(name) && !name.startsWith('.'));
    const [only = '', ...others] = names;
    const inside = path.join(source, only);
    // A folder that contains only a download is treated as that download.
    if (only !== '' && others.length === 0 && isDownload(inside)) return readDownload(inside, rubric, from);
    const format = wanted ?? formatAt(names);
    const isMixed = format.id === 'classroom50' && names.some((name) => isFolder(path.join(source, name)));
    if (!wanted && (format.id === 'folders' || isMixed)) return undefined;
    return readWith(openFolder(source, classLimits), rubric, format, source);
  }
  if (!isArchive(source) && !isOtherArchive(source)) return undefined;
  if (!existsSync(source))
    throw new GraderError(
      'folder',
      'no-download',
      `There is no file ${source}. Give the folder or the archive that the host made.`,
    );
  let container: Container | undefined;
  try {
    if (isOtherArchive(source))
      throw new ContainerError(
        'Only zip archives can be read: unpack it, and give the folder or a zip of it.',
      );
    container = await openArchive(source);
    return await readWith(container, rubric, wanted, source);
  } catch (error) {
    if (!(error instanceof ContainerError)) throw error;
    const advice = 'Download it again as a zip. Nothing was graded.';
    throw new GraderError(
      'folder',
      'download-unusable',
      `${source} cannot be used. ${error.message}`,
      advice,
    );
  } finally {
    container?.close();
  }
}

/** @throws {GraderError} if there is no such format. */
function formatOf(id: string): Format {
  const found = formats.find((format) => format.id === id);
  const ids = formats.map((one) => one.id).join(', ');
  if (!found) throw new GraderError('usage', 'unknown-format', `There is no format ${id}. There are ${ids}.`);
  return found;
}

/** Whether a path is an archive, or a folder that looks like a host's download. */
function isDownload(place: string): boolean {
  if (isFolder(place)) return formatAt(readdirSync(place)).id !== 'folders';
  return isArchive(place);
}

/** Detects the format of a download from its names. */
function formatAt(paths: readonly string[]): Format {
  return formats.find((format) => format.detect(paths)) ?? formatOf('folders');
}

/** Detects the format of entries, and removes the folders that wrap all of them from their paths. */
function detected(
  parts: DownloadPart[],
  rubric: Rubric,
  depth = 0,
): { format: Format; parts: DownloadPart[] } {
  const paths = parts.map((part) => part.path);
  const format = formatAt(paths);
  const around = `${paths[0]?.split('/')[0]}/`;
  const isWrapped = paths.length > 0 && paths.every((name) => name.startsWith(around));
  if (format.id !== 'folders' || !isWrapped || depth === maxWrapped) return { format, parts };
  const inner = parts.map((part) => ({ ...part, path: part.path.slice(around.length) }));
  const names = inner.map((part) => part.path);
  const tops = studentFiles(rubric).map((file) => `${file.split('/')[0]}/`);
  // A folder around the files of a single submission is the student's own, so it stays.
  const isOne =
    tops.some((top) => names.some((name) => name.startsWith(top))) ||
    (formatAt(names).id === 'folders' && names.some((name) => !name.includes('/')));
  return isOne ? { format, parts } : detected(inner, rubric, depth + 1);
}

async function readWith(
  container: Container,
  rubric: Rubric,
  wanted: Format | undefined,
  source: string,
): Promise<Download> {
  const { entries, unsafe } = container;
  const { parts, ...found } = detected(
    entries.map((entry) => ({ entry, path: entry.path })),
    rubric,
  );
  const format = wanted ?? found.format;
  const teams = await partTextOf(container, parts, teamsFile);
  const metadata = await partTextOf(container, parts, format.metadata);
  const refused = (code: string, reason: string, advice: string) =>
    new GraderError('folder', code, reason, `${advice} Nothing was graded.`);
  if (format.metadata !== undefined && metadata === undefined)
    throw refused(
      'metadata-missing',
      `${source} is read as a Gradescope download, but its ${format.metadata} is missing or cannot be read.`,
      'Download it again, or name another host with --from.',
    );
  const handed = format.submissions(parts, metadata ?? '');
  const [single] = parts;
  if (parts.length === 1 && single && !single.path.includes('/') && isArchive(single.path) && !wanted)
    throw refused(
      'single-archive',
      `${source} holds a single archive, ${single.path}.`,
      'Take it out and give that.',
    );
  if (handed.length === 0)
    throw refused(
      'no-submission-in-download',
      `No submission was found in ${source}, read as ${format.id}.`,
      'Give the download as it came, or name its format with --from.',
    );
  const known = new Set(handed.flatMap((one) => one.parts.map(({ entry }) => entry)));
  const strays = parts
    .filter(({ entry }) => !known.has(entry))
    .map((part) => part.path)
    .filter((name) => name !== format.metadata && name !== teamsFile && !typed.test(name));
  return {
    format,
    teams,
    name: path.basename(source).replace(archiveEnd, ''),
    submissions: await readAll(container, handed, rubric),
    notes: [
      ['Nobody’s, and not read', strays] as const,
      ['Not read, because the name leads out of the download', unsafe] as const,
    ].flatMap(([said, names]) => (names.length > 0 ? [`${said}: ${joinNames(names, 5)}.`] : [])),
  };
}

/** Reads the text of a file at the top level; undefined if it is missing or cannot be read. */
async function partTextOf(
  container: Container,
  parts: readonly DownloadPart[],
  file: string | undefined,
): Promise<string | undefined> {
  const part = parts.find(({ path: name }) => name === file);
  if (!part) return undefined;
  for await (const [, content] of container.read(new Map([[part.entry, maxMetadata]])))
    if (content.kind === 'file') return Buffer.from(content.bytes).toString('utf8');
  return undefined;
}

async function readAll(
  container: Container,
  handed: readonly Handed[],
  rubric: Rubric,
): Promise<Download['submissions']> {
  const wanted = new Map<ContainerEntry, number>();
  const places = new Map<ContainerEntry, { readonly finder: FileFinder; readonly named: ContainerEntry }>();
  const started = handed.map((submission) => {
    const finder = new FileFinder(rubric, openArchive, submission.isPacked ? 1 : 0);
    if (submission.lost) finder.miss(submission.lost);
    const sources = new Map<ContainerEntry, ContainerEntry>(
      submission.parts.map(({ entry, path: name, order = 0 }) => [{ path: name, order }, entry]),
    );
    const selected = finder.select({ entries: [...sources.keys()], unsafe: [] });
    for (const [named, entry] of sources) {
      const largest = selected.get(named);
      if (largest === undefined) continue;
      wanted.set(entry, largest);
      places.set(entry, { finder, named });
    }
    return { submission, finder };
  });
  for await (const [entry, content] of container.read(wanted)) {
    const place = places.get(entry);
    if (place) await place.finder.add(place.named, namedFor(content, place.named));
  }
  return started.map(({ submission, finder }) => {
    const { remarks, submitted } = submission;
    return { ...submission, content: { found: finder.finish(), remarks, submitted } };
  });
}

/** Puts the student's own name for an entry into the reason why it cannot be read. */
function namedFor(content: FileResult<Uint8Array>, { path: name }: ContainerEntry): FileResult<Uint8Array> {
  if (!('reason' in content)) return content;
  return { ...content, reason: { ...content.reason, quotes: { name: asUntrusted(name) } } };
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

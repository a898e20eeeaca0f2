import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { joinNames } from '../../files';
import { asUntrusted, type Message, message } from '../../message';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { ArchiveError, openArchive } from '../../submission/archive';
import {
  type HandedInFile,
  isArchive,
  isOtherArchive,
  type ListedFile,
  mayHoldWork,
} from '../../submission/find';
import { exists, listFolder, readFile } from '../../submission/folder';
import { isValid } from '../../validate';
import { type Format, formats, type Packed } from './formats';

/** Something that was handed in, wherever it comes from. */
export interface Submission extends Omit<Packed, 'files'> {
  readonly source: Source;
  /** The folder on disk, which may be a clone; none for what a download holds. */
  readonly folder?: string;
  /** Where the repository of the folder is, if it is a clone. */
  readonly repository?: GitFolder | undefined;
  readonly files: () => readonly ListedFile[];
}

/** A folder or a download of submissions. */
export interface Source {
  /** The name of the folder or the archive. */
  readonly name: string;
  readonly place: string;
  readonly format: Format;
  /** The text of Classroom 50's table of teams, if it is there. */
  readonly teams?: string | undefined;
  /** Whether any of its submissions shows when it was handed in. If none does, nobody is late. */
  readonly hasTimes: boolean;
  /** Notes on the source as a whole. */
  readonly notes: readonly string[];
}

/** The list that `npm run fetch:class` leaves beside its clones: the names of those that it could not fetch. */
export const notFetchedFile = 'not-fetched.json';
export const teamsFile = 'teams.json';

/** The maximum size of a table that a host adds to the submissions, in bytes. */
const maxMetadata = 64 * 1024 * 1024;
/** Names that Canvas and Moodle give to work that was typed in, not handed in as a file. */
const typed = /_(?:text|link)\.html$|_assignsubmission_onlinetext/;
/** The most folders that may wrap the whole content, as archives have them. */
const maxWrapped = 3;

/**
 * Lists the submissions of one source: a folder with one folder per student, or a host's download, zipped or not.
 *
 * @param from the format's id, if it is not recognized from the names.
 * @throws {GraderError} if the source cannot be used.
 */
export async function readSource(place: string, rubric: Rubric, from?: string): Promise<Submission[]> {
  const wanted = from === undefined ? undefined : formatOf(from);
  const stats = statSync(place, { throwIfNoEntry: false });
  if (!stats) throw unusable('source-missing', `There is no folder or file ${place}.`);
  if (!stats.isDirectory()) return readPacked(place, await openZip(place), rubric, wanted);
  const names = readdirSync(place).filter((name) => !name.startsWith('.') && name !== '__MACOSX');
  const [only = '', ...others] = names;
  const inside = path.join(place, only);
  // A folder that contains only a download is that download.
  const isWrapped =
    names.length > 0 &&
    others.length === 0 &&
    (isArchive(only) || (statSync(inside).isDirectory() && formatIn(readdirSync(inside)).id !== 'folders'));
  if (isWrapped) return readSource(inside, rubric, from);
  const format = chosen(formatIn(names), wanted);
  if (format.id === 'folders' || format.id === 'classroom50') return readFolder(place, names, rubric);
  return readPacked(place, listFolder(place), rubric, format);
}

async function openZip(place: string): Promise<readonly ListedFile[]> {
  if (!isArchive(place))
    throw unusable(
      'source-unusable',
      `${place} is neither a folder nor a zip.${isOtherArchive(place) ? ' Unpack it, and give the folder.' : ''}`,
    );
  try {
    return (await openArchive(readFileSync(place))).files;
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw unusable(
      'source-unusable',
      `${place} cannot be used: ${error.message}. Download it again as a zip.`,
    );
  }
}

/** Lists a folder with one folder or archive per student. */
function readFolder(place: string, names: readonly string[], rubric: Rubric): Submission[] {
  const isFile = (name: string) => lstatSync(path.join(place, name)).isFile();
  const own = names.filter((name) => isArchive(name) || !isFile(name)).sort();
  const besides =
    names.length - own.length - [notFetchedFile, teamsFile].filter((name) => names.includes(name)).length;
  const table = (name: string) =>
    names.includes(name) ? readFileSync(path.join(place, name), 'utf8') : undefined;
  const notFetched = table(notFetchedFile);
  const missing = notFetched === undefined ? [] : namesIn(notFetched, path.join(place, notFetchedFile));
  assertClass(place, own, rubric);
  const repositories = new Map(own.map((name) => [name, findRepository(path.join(place, name))]));
  const source: Source = {
    name: path.basename(place),
    place,
    format: formatOf('folders'),
    teams: table(teamsFile),
    hasTimes: [...repositories.values()].some((repository) => repository !== undefined),
    notes:
      besides > 0
        ? [
            `Not graded: ${besides} file${besides === 1 ? '' : 's'} beside the folders in ${path.basename(place)}.`,
          ]
        : [],
  };
  const lost = message('class/not-fetched', 'The repository was not fetched: run npm run fetch:class again.');
  return [...new Set([...own, ...missing])].sort().map((name): Submission => {
    const folder = path.join(place, name);
    const common = { name, source, owners: [{ label: name.replace(/\.(?:zip|git)$/i, '') }], remarks: [] };
    if (missing.includes(name)) return { ...common, files: () => [], lost };
    if (isArchive(name) && isFile(name))
      return { ...common, files: () => [{ path: name, read: (largest) => readFile(place, name, largest) }] };
    const link = message('file/link', 'The folder is a link; put the folder itself in its place.');
    if (lstatSync(folder).isSymbolicLink()) return { ...common, files: () => [], lost: link };
    return { ...common, folder, repository: repositories.get(name), files: () => listFolder(folder) };
  });
}

function namesIn(text: string, file: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(text);
    if (isValid<string[]>({ type: 'array', items: { type: 'string' } }, names)) return names;
  } catch {
    // Reported below.
  }
  throw unusable('not-fetched-unreadable', `${file} cannot be read. Run npm run fetch:class again.`);
}

/** @throws {GraderError} if a folder is not a class: grading it would give everybody a wrong grade. */
function assertClass(place: string, names: readonly string[], rubric: Rubric): void {
  const files = studentFiles(rubric);
  const looksLikeOne = (folder: string) =>
    isArchive(folder) ||
    ['.git', 'objects', ...files].some((file) => exists(folder, file)) ||
    (statSync(folder).isDirectory() && readdirSync(folder).some((name) => mayHoldWork(name, rubric)));
  const [top = ''] = rubric.file.toLowerCase().split('/');
  if (files.some((file) => exists(place, file)) || names.some((name) => name.toLowerCase() === top))
    throw unusable(
      'single-submission',
      `${place} is a single submission.`,
      `Give the folder around it (${path.dirname(place)}), or grade it alone: npm run grade -- ${place}`,
    );
  // A failed fetch leaves an empty folder, so one that looks like a submission is enough.
  if (names.some((name) => looksLikeOne(path.join(place, name)))) return;
  const found = names.length === 0 ? 'found no folders' : `found ${joinNames(names, 5)}`;
  throw unusable(
    'not-the-class',
    `No folder in ${place} looks like a submission. Expected one folder per student, with ${rubric.file} in it; ${found}.`,
    'Give the folder that holds one folder per student. npm run fetch:class makes one.',
  );
}

/** Lists the submissions of a download, once its format is known. */
async function readPacked(
  place: string,
  files: readonly ListedFile[],
  rubric: Rubric,
  wanted: Format | undefined,
): Promise<Submission[]> {
  const { format: recognized, files: inner } = detect(files, rubric);
  const format = chosen(recognized, wanted);
  const [single] = inner;
  if (inner.length === 1 && single && isArchive(single.path) && !single.path.includes('/') && !wanted)
    throw unusable(
      'single-archive',
      `${place} holds a single archive, ${single.path}.`,
      'Take it out and give that.',
    );
  const metadata = await textOf(inner, format.metadata);
  if (format.metadata !== undefined && metadata === undefined)
    throw unusable(
      'metadata-missing',
      `${place} is read as a ${format.title} download, but its ${format.metadata} is missing or cannot be read.`,
      'Download it again, or name another host with --from.',
    );
  const packed = format.submissions(inner, metadata ?? '');
  if (packed.length === 0)
    throw unusable(
      'no-submission-in-download',
      `No submission was found in ${place}, read as ${format.id}.`,
      'Give the download as it came, or name its format with --from.',
    );
  const known = new Set(packed.flatMap((one) => one.files.map(({ read }) => read)));
  const strays = inner
    .filter(
      ({ path: name, read }) =>
        !known.has(read) && name !== format.metadata && name !== teamsFile && !typed.test(name),
    )
    .map(({ path: name }) => name);
  const source: Source = {
    name: path.basename(place).replace(/\.zip$/i, ''),
    place,
    format,
    teams: await textOf(inner, teamsFile),
    hasTimes: packed.some(({ submittedAt }) => submittedAt !== undefined),
    notes: strays.length > 0 ? [`Nobody’s, and not read: ${joinNames(strays, 5)}.`] : [],
  };
  return packed.map(({ files: own, ...one }: Packed) => ({ ...one, source, files: () => own.map(named) }));
}

/** Puts the student's own name for a file into the reason why it cannot be read. */
function named(file: ListedFile): ListedFile {
  const quotes: Message['quotes'] = { name: asUntrusted(file.path) };
  const withName = (content: HandedInFile['content']) =>
    content && 'kind' in content ? { ...content, reason: { ...content.reason, quotes } } : content;
  return { ...file, read: async (largest) => withName(await file.read(largest)) };
}

/** Recognizes the format of a download, and removes the folders that wrap all of it from its paths. */
function detect(
  files: readonly ListedFile[],
  rubric: Rubric,
  depth = 0,
): { format: Format; files: readonly ListedFile[] } {
  const paths = files.map((file) => file.path);
  const format = formatIn(paths);
  const around = `${paths[0]?.split('/')[0]}/`;
  const isWrapped = paths.length > 0 && paths.every((name) => name.startsWith(around));
  if (format.id !== 'folders' || !isWrapped || depth === maxWrapped) return { format, files };
  const inner = files.map((file) => ({ ...file, path: file.path.slice(around.length) }));
  const names = inner.map((file) => file.path);
  // A folder around the files of a single submission is the student's own, so it stays.
  const isOne =
    studentFiles(rubric).some((file) => names.some((name) => name.startsWith(`${file.split('/')[0]}/`))) ||
    (formatIn(names).id === 'folders' && names.some((name) => !name.includes('/')));
  return isOne ? { format, files } : detect(inner, rubric, depth + 1);
}

async function textOf(files: readonly ListedFile[], name: string | undefined): Promise<string | undefined> {
  const content = await files.find((file) => file.path === name)?.read(maxMetadata);
  return content instanceof Uint8Array ? Buffer.from(content).toString('utf8') : undefined;
}

function formatIn(paths: readonly string[]): Format {
  return formats.find((format) => format.detect(paths)) ?? formatOf('folders');
}

/** The format that was recognized, or else the one that was named. */
function chosen(recognized: Format, wanted: Format | undefined): Format {
  return recognized.id === 'folders' ? (wanted ?? recognized) : recognized;
}

/** @throws {GraderError} if there is no such format. */
function formatOf(id: string): Format {
  const found = formats.find((format) => format.id === id);
  if (found) return found;
  throw new GraderError(
    'usage',
    'unknown-format',
    `There is no format ${id}. There are ${formats.map((one) => one.id).join(', ')}.`,
  );
}

function unusable(code: string, ...lines: string[]): GraderError {
  return new GraderError('folder', code, ...lines, 'Nothing was graded.');
}

/** Finds Classroom 50's table of teams beside a source. */
export function teamsBeside({ place, teams }: Source): string | undefined {
  const file = path.join(path.dirname(place), teamsFile);
  return teams ?? (isArchive(place) && existsSync(file) ? readFileSync(file, 'utf8') : undefined);
}

/** Where the repository of a clone is: in `.git`, or in the folder itself for a bare or mirror clone. */
export type GitFolder = '.git' | '.';

/** Finds the repository of a student's folder, if there is one. */
function findRepository(root: string): GitFolder | undefined {
  if (exists(root, '.git')) return '.git';
  return ['HEAD', 'objects', 'refs'].every((name) => exists(root, name)) ? '.' : undefined;
}

import { type Message, message } from '../message';
import { type Rubric, studentFiles } from '../rubric/rubric';
import { wordingOf } from '../rubric/wording';
import { isUntouched, readAnswers } from './cells';
import {
  type Container,
  type ContainerEntry,
  ContainerError,
  isArchive,
  isClutter,
  isOtherArchive,
  mebibyte,
  type OpenArchive,
} from './container';
import { decode, decodeProse, maxFile } from './decode';
import { readReflection } from './reflection';
import type { FileResult } from './sandboxed-fs';

// Decides which files of a submission count, whether it is a folder, an archive, a commit or an upload.

/** A file that counts, or the reason why none does. */
export interface FoundFile {
  /** Where the file is: `work/boxes.ts`, or `upload.zip/boxes (1).ts`. */
  readonly place: string;
  readonly opened: FileResult<Uint8Array> | { readonly kind: 'undecided'; readonly reason: Message };
  /** Versions that differ, if only a person can choose. Until then none of them counts. */
  readonly versions?: readonly FileVersion[];
}

/** One of several versions of a file. */
export interface FileVersion {
  readonly place: string;
  readonly bytes: Uint8Array;
}

/** The files found in a submission, as plain data so that it can be passed to other threads. */
export interface FoundFiles {
  /** By the path that the worksheet names. */
  readonly files: ReadonlyMap<string, FoundFile>;
  /** Remarks for the student and the instructor. They cost no points. */
  readonly remarks: readonly Message[];
  /** Files that were probably meant to be a file of the worksheet but cannot be read as one, by that file's path. */
  readonly documents: ReadonlyMap<string, string>;
  /** Other handed-in files that may be work: documents, or all files if neither of the two is there. */
  readonly instead: readonly string[];
}

/** How many levels of folders are searched, and how many files. A worksheet needs one level and two files. */
export const maxDepth = 5;
export const maxFiles = 2000;
/** In bytes; two files of a worksheet take a thousandth of it. */
const maxArchive = 20 * mebibyte;
/** In bytes: how much the archives of a submission may unpack to in total, counting only entries that are read. */
const maxUnpacked = 256 * mebibyte;
const maxArchives = 10;
/** How deep archives may be nested: an archive in a student's own archive. */
const maxNesting = 2;
/** How many files are considered for each of the two. */
const maxCandidates = 6;
const maxOthers = 500;
/** How many versions of a file are shown to choose from. */
const maxVersions = 5;

/** Folders that never hold a student's answers. */
const outside: ReadonlySet<string> = new Set(['solution', 'examples', 'grader', 'node_modules', 'dist']);

/** Whether to skip a folder below a submission. */
export function isOutside(folder: string): boolean {
  const name = nameOfFile(folder);
  return name.startsWith('.') || outside.has(name) || isClutter(name);
}

/** Finds the files of a worksheet in one container. */
export async function findIn(
  container: Container,
  rubric: Rubric,
  openArchive: OpenArchive,
): Promise<FoundFiles> {
  const finder = new FileFinder(rubric, openArchive);
  const wanted = finder.select(container);
  for await (const [entry, content] of container.read(wanted)) await finder.add(entry, content);
  return finder.finish();
}

/** Wraps files of our own, which are in their places, as found files. */
export function asFoundFiles(files: Readonly<Record<string, string | Uint8Array>>): FoundFiles {
  const found = Object.entries(files).map(([place, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return [place, { place, opened: { kind: 'file', bytes } }] as const;
  });
  return { files: new Map(found), remarks: [], documents: new Map(), instead: [] };
}

/** Whether a name is that of a worksheet file, exactly or nearly, or of an archive that may contain one. */
export function mayHoldWork(name: string, rubric: Rubric): boolean {
  return isArchive(name) || studentFiles(rubric).some((file) => rankOf(name, file) < itsKind);
}

/** How well a name matches a file, from the best match to none. */
const [itsPath, itsName, nearlyItsName, itsKind, notIt] = [0, 1, 2, 3, 4];

/** The outcome of choosing among the candidates for a file. */
interface Choice {
  readonly found?: FoundFile;
  readonly isFilled: boolean;
}

/** A file that may be one of the worksheet's. */
interface FileCandidate extends ContainerEntry {
  readonly rank: number;
  readonly opened: FileResult<Uint8Array>;
}

/** A candidate whose text was decoded and read. */
interface ReadCandidate extends FileCandidate {
  /** The content apart from spacing; undefined if it cannot be read. */
  readonly content: string | undefined;
  /** Whether it holds anything that a student wrote. */
  readonly isFilled: boolean;
}

/**
 * Finds the files of a worksheet by their names and contents. The file that is filled in counts, regardless of its
 * place and name, and a remark says what was done. If two files differ, the later one counts if the host says which
 * that is; otherwise neither counts.
 */
export class FileFinder {
  private readonly rubric: Rubric;
  private readonly openArchive: OpenArchive;
  private readonly around: number;
  private readonly candidates: ReadonlyMap<string, FileCandidate[]>;
  /** The worksheet files that each entry may be. */
  private readonly meant = new Map<ContainerEntry, readonly string[]>();
  private readonly others: string[] = [];
  private readonly remarks: Message[] = [];
  /** Why part of the submission could not be searched. A missing file may be there. */
  private unread: Message | undefined;
  /** The first file left out because of a limit. */
  private unlisted: string | undefined;
  /** Folders that hold files. If the worksheet's folders are among them, a file beside those is not in its place. */
  private readonly folders = new Set<string>();
  private looked = 0;
  private archives = 0;
  private unpacked = 0;

  /** @param around how many archives around the student's own belong to the host. */
  constructor(rubric: Rubric, openArchive: OpenArchive, around = 0) {
    this.rubric = rubric;
    this.openArchive = openArchive;
    this.around = around;
    this.candidates = new Map(studentFiles(rubric).map((file) => [file, []]));
  }

  /** Records that part of the submission is lost, and why. A missing file may be there. */
  miss(reason: Message): void {
    this.unread ??= reason;
  }

  /**
   * Chooses which entries of a container to read.
   *
   * @returns the entries, each with its size limit in bytes.
   */
  select({ entries, unsafe, unlisted }: Omit<Container, 'read' | 'close'>): Map<ContainerEntry, number> {
    const wanted = new Map<ContainerEntry, number>();
    for (const name of unsafe)
      this.remarks.push(
        message('file/path', '{name} points outside its archive, so it is not read.', { name }),
      );
    this.unlisted ??= unlisted;
    const inside = entries.filter((entry) => this.isLookedAt(entry.path));
    for (const file of this.candidates.keys()) {
      const byRank = inside
        .map((entry) => ({ entry, rank: rankOf(entry.path, file) }))
        .filter(({ rank }) => rank < notIt)
        .sort((a, b) => a.rank - b.rank);
      for (const { entry } of byRank.slice(0, maxCandidates)) {
        wanted.set(entry, maxFile);
        this.meant.set(entry, [...(this.meant.get(entry) ?? []), file]);
      }
      if (byRank.slice(maxCandidates).some(({ rank }) => rank < itsKind)) this.unlisted ??= file;
    }
    for (const entry of inside) {
      const { path: name } = entry;
      this.folders.add(folderOf(withinArchive(name)));
      if (isArchive(name)) {
        if (++this.archives <= maxArchives) wanted.set(entry, maxArchive);
        else this.refuse(name, 'there are too many archives');
      } else if (isOtherArchive(name))
        this.refuse(name, 'only zip archives can be read; make a zip of the folder and hand that in');
      if (!wanted.has(entry) && this.others.length < maxOthers) this.others.push(name);
    }
    return wanted;
  }

  private isLookedAt(name: string): boolean {
    const steps = withinArchive(name).split('/');
    if (isClutter(name) || folderSteps(name).some(isOutside)) return false;
    const isWork = mayHoldWork(name, this.rubric);
    // Files that cannot be work do not count toward the limit.
    if (steps.length <= maxDepth + 1 && (!isWork || ++this.looked <= maxFiles)) return true;
    if (isWork) this.unlisted ??= name;
    return false;
  }

  /** Takes the content of an entry that `select` chose. */
  async add(entry: ContainerEntry, content: FileResult<Uint8Array>, nesting = 1): Promise<void> {
    if (isArchive(entry.path)) return this.addArchive(entry, content, nesting);
    for (const file of this.meant.get(entry) ?? []) {
      const known = this.candidates.get(file) ?? [];
      if (known.length >= maxCandidates) this.unlisted ??= entry.path;
      else known.push({ ...entry, rank: rankOf(entry.path, file), opened: content });
    }
  }

  private async addArchive(
    { path: name, order = 0 }: ContainerEntry,
    content: FileResult<Uint8Array>,
    nesting: number,
  ): Promise<void> {
    if (content.kind === 'missing') return;
    if (content.kind !== 'file') {
      this.unread ??= content.reason;
      this.remarks.push(content.reason);
      return;
    }
    if (nesting > maxNesting + this.around)
      return this.refuse(name, 'it is an archive in too many others; make one zip of the folder');
    try {
      const container = await this.openArchive(name, content.bytes);
      const sources = new Map<ContainerEntry, ContainerEntry>(
        container.entries.map((entry) => [{ path: `${name}/${entry.path}`, order }, entry]),
      );
      const wanted = new Map<ContainerEntry, number>();
      const named = new Map<ContainerEntry, ContainerEntry>();
      for (const [entry, largest] of this.select({ ...container, entries: [...sources.keys()] })) {
        const source = sources.get(entry);
        if (!source) continue;
        wanted.set(source, largest);
        named.set(source, entry);
      }
      for await (const [source, read] of container.read(wanted)) {
        this.unpacked += read.kind === 'file' ? read.bytes.length : 0;
        if (this.unpacked > maxUnpacked) {
          this.refuse(name, 'all together unpacks to too much');
          break;
        }
        const entry = named.get(source);
        if (entry) await this.add(entry, read, nesting + 1);
      }
      container.close();
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      this.refuse(
        name,
        `${error.message.slice(0, 1).toLowerCase()}${error.message.slice(1).replace(/\.$/, '')}`,
      );
    }
  }

  private refuse(name: string, why: string): void {
    const reason = message('file/archive', `{name} was not opened: ${why}.`, { name });
    this.unread ??= reason;
    this.remarks.push(reason);
  }

  finish(): FoundFiles {
    const files = new Map<string, FoundFile>();
    const documents = new Map<string, string>();
    for (const [file, candidates] of this.candidates) {
      const document = this.others.find((name) => isCalled(nameOfFile(name), nameOfFile(file)));
      const isDoubted = this.unread !== undefined || this.unlisted !== undefined || document !== undefined;
      const [only, ...more] = candidates;
      // If there is no choice, the content does not need to be examined.
      const isClear = only && more.length === 0 && only.rank < itsKind && !isDoubted;
      const { found, isFilled } = isClear ? this.chosen(file, only, false) : this.choose(file, candidates);
      if (found) files.set(file, found);
      if (!isFilled && document !== undefined) documents.set(file, document);
    }
    const isMeant = (name: string) => [...documents.values()].includes(name);
    const isWork = (name: string) =>
      files.size === 0 || isDocument(name) || isOtherArchive(name) || isMeant(name);
    return { files, remarks: this.remarks, documents, instead: this.others.filter(isWork) };
  }

  /** Chooses the candidate that counts: one that is filled in, else one that cannot be read, else the stub. */
  private choose(file: string, candidates: readonly FileCandidate[]): Choice {
    const read = [...candidates]
      .sort((a, b) => a.rank - b.rank || depthOf(a) - depthOf(b) || (a.path < b.path ? -1 : 1))
      .map((one) => this.read(file, one))
      .filter(({ rank, isFilled }) => rank < itsKind || isFilled);
    const all = read.filter(({ isFilled }) => isFilled);
    // Files with other names count only if none with the right name is filled in.
    const named = all.filter(({ rank }) => rank < itsKind);
    const filled = this.latest(file, named.length > 0 ? named : all);
    const [first = read.find(({ content }) => content === undefined) ?? read[0], ...others] = filled;
    if (filled.length === 0 && (this.unread || (this.unlisted !== undefined && !first)))
      return { found: this.notLookedThrough(file), isFilled: false };
    if (!first) return { isFilled: false };
    if (others.length > 0) return { found: this.undecided(file, filled), isFilled: true };
    const isInPlace = read.some(({ path: place }) => place === file);
    return { ...this.chosen(file, first, isInPlace), isFilled: filled.length > 0 };
  }

  /** @param isInPlace whether there is a file in its place, this one or another. */
  private chosen(file: string, { path: place, opened, rank }: FileCandidate, isInPlace: boolean): Choice {
    const isNatural = rank === itsPath ? !isInPlace : rank === itsName && this.isFlat(file, place);
    if (!isNatural && place !== file)
      this.remarks.push(message('found/elsewhere', `{place} counts as ${file}.`, { place }));
    return { found: { place, opened }, isFilled: true };
  }

  /** Whether a file is at the top and its folder does not exist, as when somebody uploads just the two files. */
  private isFlat(file: string, place: string): boolean {
    const folder = folderOf(file);
    const isAtTop = !withinArchive(place).includes('/');
    return isAtTop && ![...this.folders].some((one) => one === folder || one.startsWith(`${folder}/`));
  }

  /** Keeps one file for each distinct content. Of files with the same path, keeps the latest if that is known. */
  private latest(file: string, filled: readonly ReadCandidate[]): ReadCandidate[] {
    const isEarlier = (one: ReadCandidate) =>
      filled.find((other) => other.path === one.path && (other.order ?? 0) > (one.order ?? 0));
    for (const one of filled) {
      if (isEarlier(one) && !filled.some((other) => !isEarlier(other) && other.content === one.content))
        this.remarks.push(
          message(
            'found/newer',
            `There are several versions of ${file}. The last one handed in counts: {place}.`,
            { place: one.path },
          ),
        );
    }
    const late = filled.filter((one) => !isEarlier(one));
    return late.filter((one, index) => late.findIndex(({ content }) => content === one.content) === index);
  }

  private undecided(file: string, versions: readonly ReadCandidate[]): FoundFile {
    const [{ path: one = file } = {}, { path: other = file } = {}] = versions;
    const more = versions.length > 2 ? `, and ${versions.length - 2} more` : '';
    const text = `There are different versions of ${file}: {one} and {other}${more}. None of them counts until you keep the one you mean and delete the others.`;
    const reason = message('file/several', text, { one, other });
    return {
      place: one,
      opened: { kind: 'undecided', reason },
      versions: versions
        .slice(0, maxVersions)
        .flatMap(({ path: place, opened }) => (opened.kind === 'file' ? { place, bytes: opened.bytes } : [])),
    };
  }

  private notLookedThrough(file: string): FoundFile {
    const reason =
      this.unread ??
      message(
        'file/limits',
        `{name} is in too many nested folders, or among too many files, to be found as ${file}. Hand in the file itself.`,
        {
          name: this.unlisted ?? '',
        },
      );
    return { place: file, opened: { kind: 'failed', reason } };
  }

  private read(file: string, candidate: FileCandidate): ReadCandidate {
    const { opened, rank } = candidate;
    const { reflection, tables } = this.rubric;
    const decodeAs = file === reflection?.file ? decodeProse : decode;
    const decoded = opened.kind === 'file' ? decodeAs(opened.bytes, file) : undefined;
    if (!decoded || !('text' in decoded)) return { ...candidate, content: undefined, isFilled: false };
    const { text } = decoded;
    if (file === reflection?.file) {
      const { responses, unsorted, dispute } = readReflection(text, reflection);
      // Any text is a response, so a file with another name is recognized by its headings.
      const isFilled =
        rank < itsKind
          ? responses.size > 0 || unsorted.length > 0 || dispute !== undefined
          : responses.size > 0 && hasQuestions(text, reflection);
      return { ...candidate, content: text.replace(/\s+/g, ' ').trim(), isFilled };
    }
    const answers = readAnswers(text, this.rubric);
    const isFilled =
      holdsTable(text, tables) && !isUntouched(answers) && (rank < itsKind || !answers.isUnreadable);
    const content = JSON.stringify([
      answers.problems.map(({ reason }) => reason.code),
      answers.rows.map(({ cells }) =>
        cells.map((cell) =>
          cell.kind === 'value' ? cell.value : [cell.kind, 'sourceText' in cell && cell.sourceText],
        ),
      ),
    ]);
    return { ...candidate, content, isFilled };
  }
}

/** `a/mine.zip/work/boxes.ts` -> `work/boxes.ts` */
function withinArchive(name: string): string {
  const steps = name.split('/');
  const last = steps.slice(0, -1).findLastIndex((step) => isArchive(step));
  return steps.slice(last + 1).join('/');
}

/** The folders in a path. */
function folderSteps(name: string): string[] {
  return name.split('/').slice(0, -1);
}

function depthOf({ path: name }: ContainerEntry): number {
  return name.split('/').length;
}

/** Whether a file has one of the tables, in any letter case. A file without one is of another worksheet. */
function holdsTable(text: string, tables: Rubric['tables']): boolean {
  return tables.some(({ export: name }) =>
    new RegExp(`\\b(?:const|let|var)\\s+${name}\\b|\\bexport\\s+default\\b|\\bas\\s+${name}\\b`, 'i').test(
      text,
    ),
  );
}

/** Whether at least two questions of the reflection are headings of a text. */
function hasQuestions(text: string, { questions }: NonNullable<Rubric['reflection']>): boolean {
  const headings = text
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map(wordingOf);
  return questions.filter(({ label }) => headings.includes(wordingOf(label))).length > 1;
}

function rankOf(name: string, file: string): number {
  const within = withinArchive(name);
  if (within === file || within.endsWith(`/${file}`)) return itsPath;
  const [base, wanted] = [nameOfFile(name), nameOfFile(file)];
  if (base === wanted) return itsName;
  const end = extensionOf(wanted);
  const [, begin = '', extension = ''] = /^([^.]+)((?:\.\w+){1,2})$/.exec(base.toLowerCase()) ?? [];
  const isText = [end, `${end}.txt`, '.txt'].includes(extension);
  if (isText && isCalled(begin, wanted)) return nearlyItsName;
  return base.endsWith(end) && !base.endsWith(`.d${end}`) ? itsKind : notIt;
}

/** Whether a name contains that of the file: `Kopie von answers_v2 (12)`, `ann-answers`. */
function isCalled(name: string, file: string): boolean {
  const words = (text: string) => {
    const [first = ''] = text.normalize('NFKC').toLowerCase().split('.');
    return ` ${first
      .split(/[^\p{L}]+/u)
      .filter(Boolean)
      .join(' ')} `;
  };
  return words(file).trim() !== '' && words(name).includes(words(file));
}

/** Whether a file is in a document format that cannot be read here. */
function isDocument(name: string): boolean {
  return /\.(?:docx?|odt|pages|pdf|rtf|ipynb|html?)$/i.test(name);
}

/** `work/boxes.ts` -> `boxes.ts` */
function nameOfFile(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `work/boxes.ts` -> `work` */
function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/** `work/boxes.ts` -> `.ts` */
function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.'));
}

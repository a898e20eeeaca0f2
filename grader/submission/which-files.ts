import { type Message, message, quoteList } from '../message';
import { type Rubric, studentFiles } from '../rubric/rubric';
import { groupBy } from '../system/lists';
import { type Answers, isUntouched, readAnswers } from './cells';
import { decode, decodeProse, failed, maxFile, type NotRead, refused } from './decode';
import { namesRows } from './elsewhere';
import { type Reflection, readReflection } from './reflection';

// Decides which files of a submission count, whether the submission is a folder, an archive, a commit or an upload.

/** A file that was handed in, wherever it comes from. */
export interface HandedInFile {
  /** With forward slashes. Files in an archive have the archive in their path: `upload.zip/boxes (1).ts`. */
  readonly path: string;
  /** The bytes, or the reason why they cannot be read; missing if the name alone shows that they are not needed. */
  readonly content?: Uint8Array | NotRead | undefined;
  /** The name under which it was handed in, if the host may have changed it. Used only to recognize a worksheet file. */
  readonly sentAs?: string | undefined;
  /** Among files handed in under the same name, the host received the one with the higher number later. */
  readonly order?: number | undefined;
  /** Its length and its checksum, as far as the listing has them. */
  stamp?(): string;
}

/** A file as listed by a folder, an archive or a commit, before it is read. */
export interface ListedFile extends Omit<HandedInFile, 'content'> {
  /** @param largest in bytes; a larger file is not read. */
  read(largest: number): Promise<Content> | Content;
}

type Content = HandedInFile['content'];

/** A file that counts, or the reason why none does. */
interface FoundFile {
  /** Where the file is: `work/boxes.ts`, or `upload.zip/boxes (1).ts`. */
  readonly path: string;
  readonly opened:
    | { readonly kind: 'file'; readonly bytes: Uint8Array }
    | { readonly kind: 'refused' | 'failed' | 'undecided'; readonly reason: Message };
  /** Versions that differ, if only a person can choose. None of them counts until then. */
  readonly versions?: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** The files found in a submission. */
export interface FoundFiles {
  /** By the path that the worksheet names. */
  readonly files: ReadonlyMap<string, FoundFile>;
  /** Remarks for the student and the instructor. They cost no points. */
  readonly remarks: readonly Message[];
  /** The remarks about files that count although they are not in their place. */
  readonly elsewhere: readonly Message[];
  /**
   * Names the documents beside the worksheet, if there are any. This is a remark, unless one was handed in instead of
   * the worksheet.
   */
  readonly beside?: Message | undefined;
  /**
   * Handed-in files that may contain work but are not readable as the worksheet: documents, pictures, archives, links.
   */
  readonly unread: readonly UnreadFile[];
  /** Each README.md that has numbers after the names of rows. */
  readonly pages?: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** All other files, if neither of the two is there. */
  readonly others: readonly string[];
  /** The length and the checksum of each of these, and of the unread files, as far as they are known. */
  readonly stamps: readonly string[];
}

/** The functions that read texts. A caller that reads many submissions reuses results for equal texts. */
export interface Readers {
  readonly answers: (text: string, form: Rubric) => Answers;
  readonly reflection: (text: string, form: NonNullable<Rubric['reflection']>) => Reflection;
  /** Whether numbers follow the name of a row in a page beside the two files. */
  readonly page: (text: string, form: Rubric) => boolean;
}

export const plainReaders: Readers = { answers: readAnswers, reflection: readReflection, page: namesRows };

/** In bytes; the two files of a worksheet take a thousandth of this. */
export const maxArchive = 20 * 1024 * 1024;

/** An archive may contain thousands of files that cannot be read, all for the same reason. */
const maxReasons = 9;

/** How many levels of folders are searched. A worksheet needs one. */
const maxDepth = 5;

/** Folders of a course that contain no student's answers. Elsewhere, a student may have named a folder like this. */
const ofTheCourse: ReadonlySet<string> = new Set(['solution', 'examples', 'grader', 'dist', 'demo']);

/** Whether a name is that of a worksheet file, or close to it, or that of an archive that may contain one. */
export function mayHoldWork(name: string, rubric: Rubric): boolean {
  return mayBe(name, studentFiles(rubric), nearlyItsName);
}

/** Whether a file is an archive that can be read, judging by its name. */
export function isArchive(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** Whether a path alone may affect which files count, whatever is in the file. */
export function mayMatter(path: string, rubric: Rubric): boolean {
  const wanted = studentFiles(rubric);
  const isRubric = baseName(path) === 'rubric.yaml';
  return isRubric || mayBe(path, wanted, itsKind) || unreadFile({ path }, wanted) !== undefined;
}

/** Where git keeps a repository. In a list of files, it marks a repository inside the work. */
export const gitFolder = '.git';

/** Whether an entry in a list of files marks a repository. */
export function isRepository(path: string): boolean {
  return baseName(path) === gitFolder;
}

/** The remark on a repository inside the work. */
export function nestedRepository(path: string): Message {
  const text =
    '{place} is a git repository inside of your work. Its history is not read, and pushing the rest of your work leaves it out.';
  const next = 'Move your files out of it, and commit them.';
  return message('found/nested-repository', text, { place: folderOf(path) }, { next });
}

/**
 * Files and folders that systems and programs put beside submissions. A person's or team's name may also begin with a
 * dot.
 */
const systemNames: ReadonlySet<string> = new Set(['.DS_Store', '.fetch', '.git', '__MACOSX', 'node_modules']);

/** Whether a name at the top of a download, or in an archive, does not belong to a submission. */
export function isSystems(name: string): boolean {
  return systemNames.has(name);
}

/** Whether to leave out a folder wherever it is: it contains packages, or a system put it there. */
export function isLeftOut(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules' || folder === '__MACOSX';
}

/**
 * The paths of the files whose contents decide which files of a submission or an archive count, each with the size up
 * to which it is read, in bytes.
 */
export function limitsOf(paths: readonly string[], rubric: Rubric): ReadonlyMap<string, number> {
  const wanted = studentFiles(rubric);
  const handedInPaths = handedIn(paths.map((path) => ({ path }))).map(({ path }) => path);
  const toRead = handedInPaths.filter((path) => mayBe(path, wanted, itsKind) && !isTooDeep(path));
  return new Map(toRead.map((path) => [path, isArchive(path) ? maxArchive : maxFile]));
}

/**
 * Whether a path may be, or may contain, one of these files: by its name, as an archive, or because it is where one of
 * their folders should be.
 *
 * @param worst the last rank that is near enough.
 */
function mayBe(path: string, wanted: readonly string[], worst: number): boolean {
  return isArchive(path) || wanted.some((file) => rankOf(path, file) <= worst || file.startsWith(`${path}/`));
}

/** Leaves out files that are not the student's: the folders of a course, hidden files, and leftovers of systems. */
function handedIn<One extends HandedInFile>(files: readonly One[]): One[] {
  const roots = new Set(
    files.flatMap(({ path }) => (baseName(path) === 'rubric.yaml' ? folderOf(path) : [])),
  );
  return files.filter(({ path }) => {
    const steps = folderOf(path).split('/');
    const isOfCourse = (step: string, index: number) =>
      ofTheCourse.has(step) && roots.has(steps.slice(0, index).join('/'));
    const isHidden = /^(?:\.|~\$|Thumbs\.db$|desktop\.ini$)/i.test(baseName(path));
    return !isHidden && !steps.some((step, index) => isLeftOut(step) || isOfCourse(step, index));
  });
}

/** How well a name matches a file, from the best match to no match. */
const [itsPath, itsName, nearlyItsName, itsKind, notIt] = [0, 1, 2, 3, 4];

/** A file that may be one of the worksheet's, once it has been read. */
interface Candidate extends HandedInFile {
  /** Its path, or the name of the worksheet's file if it was handed in under that name. */
  readonly sentAs: string;
  readonly rank: number;
  readonly bytes: Uint8Array;
  /** Undefined if it is not text. */
  readonly text: string | undefined;
  /** Whether it contains anything that a student wrote. */
  readonly isFilled: boolean;
}

/**
 * Finds the files of a worksheet by their names and contents. The one that is filled in counts, regardless of its place
 * and name, and a remark says so. If several differ, the one that the host received last counts, if that is known;
 * otherwise none counts until a person decides.
 *
 * @param submissionFiles every file of the submission, with the contents of those that `limitsOf` names.
 */
export function findFiles(
  submissionFiles: readonly HandedInFile[],
  rubric: Rubric,
  readers: Readers = plainReaders,
): FoundFiles {
  const given = handedIn(submissionFiles);
  const wanted = studentFiles(rubric);
  const read = wanted.map((file) => {
    const candidates = given.flatMap((one) => candidateFor(file, one, rubric, readers) ?? []);
    return { file, candidates, ...choose(file, candidates, given) };
  });
  const isEmpty = read.every(({ chosen }) => !chosen);
  const mayHold: readonly UnreadFile[] = [
    ...given.flatMap((one) => unreadFile(one, wanted) ?? []),
    ...submissionFiles.flatMap(({ path }) =>
      isRepository(path) ? { path, why: failed(nestedRepository(path)) } : [],
    ),
  ];
  const files = new Map<string, FoundFile>();
  for (const { file, candidates, chosen } of read) {
    const foundFile = chosen ?? lost(file, mayHold, isEmpty) ?? stubIn(candidates);
    if (foundFile) files.set(file, foundFile);
  }
  const isNothing = files.size === 0;
  // Look in files with other names only if nothing else was found.
  const unread = mayHold.filter(({ hasOtherName }) => isNothing || !hasOtherName);
  const reasons = [...files.values()].map(({ opened }) => 'reason' in opened && opened.reason);
  const more = unread.flatMap(({ why }) => (why && !reasons.includes(why.reason) ? why.reason : []));
  const remarks = [...read.flatMap((one) => one.remarks), ...more.slice(0, maxReasons)];
  const unreadPaths = new Set(unread.map(({ path }) => path));
  const isUnread = ({ path }: HandedInFile) => unreadPaths.has(path);
  const isOther = (one: HandedInFile) =>
    wanted.every((file) => rankOf(one.path, file) === notIt) && !isUnread(one);
  const others = isNothing ? given.filter(isOther) : [];
  return {
    files,
    remarks,
    elsewhere: read.flatMap(({ elsewhere = [] }) => elsewhere),
    beside: documentsBeside(unread),
    unread,
    pages: given.flatMap((one) => pageWithNumbers(one, rubric, readers) ?? []),
    others: others.map(({ path }) => path),
    stamps: [...given.filter(isUnread), ...others].map((one) => one.stamp?.() ?? ''),
  };
}

/** A README.md in which somebody may have filled in the tables. */
function pageWithNumbers({ path, content }: HandedInFile, rubric: Rubric, readers: Readers) {
  if (baseName(path).toLowerCase() !== 'readme.md' || !(content instanceof Uint8Array)) return undefined;
  const decoded = decodeProse(content, path);
  return 'text' in decoded && readers.page(decoded.text, rubric) ? { path, bytes: content } : undefined;
}

/** Names the documents that are not read, whatever they are called, but not the copies that editors keep. */
function documentsBeside(unread: readonly UnreadFile[]): Message | undefined {
  const { text, quotes } = quoteList(unread.flatMap(({ path, isDocument }) => (isDocument ? path : [])));
  return text === ''
    ? undefined
    : message('found/beside', `Not read, since it is not the worksheet: ${text}.`, quotes);
}

/** A file that may contain work but cannot be read, with the reason if there is more to say than its name. */
interface UnreadFile {
  readonly path: string;
  readonly why?: NotRead;
  /** It has the extension of a worksheet file, but not its name. */
  readonly hasOtherName?: boolean;
  /** It is a document or a picture, not a copy that an editor keeps. */
  readonly isDocument?: boolean;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the reasons stand one below the other, in their order.
function unreadFile({ path, content }: HandedInFile, wanted: readonly string[]): UnreadFile | undefined {
  if (mayBe(path, wanted, itsKind)) {
    const hasOtherName = !mayBe(path, wanted, nearlyItsName);
    const tooDeep = '{name} is in too many nested folders, so it was not read. Hand in the file itself.';
    if (isTooDeep(path))
      return { path, hasOtherName, why: failed(message('file/limits', tooDeep, { name: path })) };
    if (content && 'kind' in content) return { path, hasOtherName, why: content };
    const decoded = hasOtherName && content ? decode(content, path) : undefined;
    if (decoded && 'reason' in decoded) return { path, hasOtherName, why: refused(decoded.reason) };
  }
  const notZip = '{name} was not opened: only zip archives can be read; hand in a zip of the folder.';
  if (isOtherArchive(path)) return { path, why: failed(message('file/archive', notZip, { name: path })) };
  // A handout may have pictures beside the worksheet.
  const isBeside = wanted.some((file) => folderOf(file) !== '' && folderOf(path).endsWith(folderOf(file)));
  const isDocument = /\.(?:docx?|odt|pages|pdf|rtf|ipynb|html?)$/i.test(path);
  const isNearly = wanted.some((file) => rankOf(path, file) === notIt && isNearlyCalled(path, file));
  const isPicture = /\.(?:png|jpe?g|heic)$/i.test(path) && (isNearly || !isBeside);
  return isDocument || isPicture || isNearly ? { path, isDocument: isDocument || isPicture } : undefined;
}

/**
 * The result for a file that nobody filled in, if its work may be in something that cannot be read.
 *
 * @param isEmpty whether no file is filled in, so that an archive or a repository may contain all work.
 */
function lost(file: string, unread: readonly UnreadFile[], isEmpty: boolean): FoundFile | undefined {
  const mayHoldAll = (path: string) => isArchive(path) || isOtherArchive(path) || isRepository(path);
  const mayHold = ({ path, why }: UnreadFile) =>
    why && (mayHoldAll(path) ? isEmpty : mayBe(path, [file], nearlyItsName));
  const holder = unread.find(mayHold);
  return holder?.why && { path: holder.path, opened: holder.why };
}

/** The worksheet file that nobody filled in, or one that is not text. */
function stubIn(candidates: readonly Candidate[]): FoundFile | undefined {
  const named = candidates.filter(({ rank }) => rank < itsKind);
  const stub = named.find(({ text }) => text === undefined) ?? named.sort(byRank)[0];
  return stub && { path: stub.path, opened: { kind: 'file', bytes: stub.bytes } };
}

function byRank(one: Candidate, other: Candidate): number {
  const depth = ({ path }: Candidate) => path.split('/').length;
  return one.rank - other.rank || depth(one) - depth(other) || (one.path < other.path ? -1 : 1);
}

/** The chosen file, if any, with the remarks on it. */
interface Chosen {
  readonly chosen?: FoundFile;
  readonly remarks: readonly Message[];
  /** The remarks which say that it is not in its place. */
  readonly elsewhere?: readonly Message[];
}

/** Chooses among the candidates that are filled in. */
function choose(file: string, candidates: readonly Candidate[], given: readonly HandedInFile[]): Chosen {
  const filled = candidates.filter(({ isFilled }) => isFilled).sort(byRank);
  const last = new Map<string, number>();
  for (const { sentAs, order = 0 } of filled) last.set(sentAs, Math.max(order, last.get(sentAs) ?? 0));
  const isEarlier = ({ sentAs, order = 0 }: Candidate) => order < (last.get(sentAs) ?? 0);
  const [first, ...later] = filled.filter((one) => !isEarlier(one));
  if (!first) return { remarks: [] };
  // Keep the first of the files with the same content. Most students have only one, so there is nothing to compare.
  const alike = later.length === 0 ? [] : [...groupBy([first, ...later], saidIn).values()];
  const otherVersions = alike.slice(1).map(([version]) => version);
  const versions = [first, ...otherVersions].map(({ path, bytes }) => ({ path, bytes }));
  if (otherVersions.length > 0) {
    const more = otherVersions.length > 1 ? `, and ${otherVersions.length - 1} more` : '';
    const text = `There are different versions of ${file}: {one} and {other}${more}. None of them counts.`;
    const next = 'Keep the one you mean, delete the others, and hand in again.';
    const reason = message(
      'file/several',
      text,
      { one: first.path, other: otherVersions[0]?.path ?? '' },
      { next },
    );
    return { chosen: { path: first.path, opened: { kind: 'undecided', reason }, versions }, remarks: [] };
  }
  const remarks: Message[] = [];
  const remark = (code: string, text: string) => remarks.push(message(code, text, { place: first.path }));
  if (filled.some((one) => isEarlier(one) && saidIn(one) !== saidIn(first)))
    remark('found/newer', `There are several versions of ${file}. The last one handed in counts: {place}.`);
  // Usual places: the file's own path, perhaps inside one more folder, or the top of an upload of just the two files.
  const isBeside = candidates.some((one) => one.sentAs !== first.sentAs && byRank(one, first) < 0);
  const isInFolder = ({ path }: HandedInFile) => `/${withinArchive(path)}`.includes(`/${folderOf(file)}/`);
  const isAtTop = withinArchive(first.sentAs) === baseName(file) && !given.some(isInFolder);
  const isElsewhere = isBeside || (first.rank !== itsPath && !isAtTop);
  if (isElsewhere) remark('found/elsewhere', `{place} counts as ${file}.`);
  return {
    chosen: { path: first.path, opened: { kind: 'file', bytes: first.bytes } },
    remarks,
    elsewhere: isElsewhere ? remarks.slice(-1) : [],
  };
}

/** Equal for files that differ only in white space. */
function saidIn({ text }: Candidate): string | undefined {
  return text?.replace(/\s+/g, ' ').trim();
}

function candidateFor(
  file: string,
  { path, content, order, sentAs: sent = path }: HandedInFile,
  rubric: Rubric,
  readers: Readers,
): Candidate | undefined {
  const sentAs = baseName(sent) === baseName(file) ? sent : path;
  const rank = rankOf(sentAs, file);
  if (rank === notIt || isTooDeep(path) || !content || 'kind' in content) return undefined;
  const { reflection } = rubric;
  const candidate = { path, sentAs, order, rank, bytes: content };
  const decoded = (file === reflection?.file ? decodeProse : decode)(content, file);
  const isNamed = rank < itsKind;
  if (!('text' in decoded)) return isNamed ? { ...candidate, text: undefined, isFilled: false } : undefined;
  const { text } = decoded;
  if (file === reflection?.file) {
    const { responses, unsorted, dispute, hasHeadings } = readers.reflection(text, reflection);
    const isFilled = responses.size > 0 || unsorted.length > 0 || dispute !== undefined;
    // Any text is a response, so a file with a different name is recognized by its headings.
    return { ...candidate, text, isFilled: isFilled && (isNamed || hasHeadings === true) };
  }
  const answers = readers.answers(text, rubric);
  return { ...candidate, text, isFilled: holdsTable(text, rubric.tables) && !isUntouched(answers) };
}

/** `a/mine.zip/work/boxes.ts` -> `work/boxes.ts` */
function withinArchive(path: string): string {
  // Recognizes archives as `isArchive` does; a name may contain a line end.
  return path.replace(/^.*\.zip\//is, '');
}

function isTooDeep(path: string): boolean {
  return withinArchive(path).split('/').length > maxDepth + 1;
}

/** Whether a file has one of the tables, in any letter case. A file without any belongs to another worksheet. */
function holdsTable(text: string, tables: Rubric['tables']): boolean {
  const any = `(?:${tables.map((table) => table.export).join('|')})\\b`;
  return new RegExp(`\\b(?:const|let|var)\\s+${any}|\\bexport\\s+default\\b|\\bas\\s+${any}`, 'i').test(text);
}

function rankOf(path: string, file: string): number {
  if (`/${withinArchive(path)}`.endsWith(`/${file}`)) return itsPath;
  const [name, wanted] = [baseName(path), baseName(file)];
  if (name === wanted) return itsName;
  const end = wanted.slice(wanted.lastIndexOf('.'));
  const [, begin = '', extension = ''] = /^([^.]+)((?:\.\w+){1,2})$/.exec(name.toLowerCase()) ?? [];
  if ([end, `${end}.txt`, '.txt'].includes(extension) && isNearlyCalled(begin, wanted)) return nearlyItsName;
  return name.endsWith(end) && !name.endsWith(`.d${end}`) ? itsKind : notIt;
}

/** Whether a name contains that of the file: `Kopie von answers_v2 (12)`, `ann-answers`. */
export function isNearlyCalled(path: string, file: string): boolean {
  const wanted = wordsIn(file);
  return wanted !== '' && wordsIn(path).includes(wanted);
}

/** `my/Kopie von answers_v2 (12).ts` -> ` kopie von answers v ` */
function wordsIn(path: string): string {
  const [name = ''] = baseName(path).normalize('NFKC').toLowerCase().split('.');
  const words = name.split(/[^\p{L}]+/u).filter(Boolean);
  return words.length > 0 ? ` ${words.join(' ')} ` : '';
}

/** Whether a file is an archive in a format that we cannot read. */
function isOtherArchive(path: string): boolean {
  return /\.(?:7z|rar|tar|tgz|tbz2?|txz|bz2|xz|zst|gz)$/i.test(path);
}

/** `work/boxes.ts` -> `boxes.ts` */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `work/boxes.ts` -> `work` */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

import { Type } from '@sinclair/typebox';
import { GraderError, type Message, message } from '../../message';
import { wordsOfHtml } from '../../render/escape/html';
import { isFeedback } from '../../render/feedback-mark';
import type { Rubric } from '../../rubric/rubric';
import { text } from '../../schema';
import { openArchive } from '../../submission/archive';
import type { WorkFinder } from '../../submission/read-files';
import { type ListedFile, maxArchive, mayHoldWork } from '../../submission/which-files';
import { groupBy, joinNames } from '../../system/lists';
import type { History } from '../histories/versions';
import {
  type Download,
  type Entry,
  hostOf,
  type Owner,
  readHostTable,
  type SubmissionFacts,
} from './download';

/** Something that was handed in, from any source. */
export interface CollectedSubmission extends SubmissionFacts, Omit<Item, 'isFile' | 'inside'> {
  readonly source: Source;
  readonly remarks: readonly Message[];
  /** Whether a table from the host says that a team handed it in. */
  readonly isOfTeam?: boolean;
  readonly isTest?: boolean;
  /** The name under which feedback goes back, so that the host finds the student again. */
  readonly returnsAs?: string;
}

/** A folder or a download of submissions. */
interface Source {
  /** The name of the folder or the archive, as given; if two have the same name, with the folder around it. */
  readonly name: string;
  readonly host: Download;
  /** Whether any of its submissions shows when it was handed in. If none does, nobody is late. */
  readonly hasTimes: boolean;
  /** The names of files that belong to nobody. */
  readonly strays: readonly string[];
  /** The start of its folders' names, if the folder around them tells: `shapes-` from `shapes-submissions`. */
  readonly prefix?: string;
}

/** The list that `npm run fetch:class` leaves beside its clones: the names of those that it could not fetch. */
export const notFetchedFile = 'not-fetched.json';

/** Tables in a folder with submissions, or in one around it. */
export function tablesBeside(hosts: readonly Download[]) {
  return [notFetchedFile, ...hosts.flatMap(({ teams }) => teams?.name ?? [])];
}

/** How much of a typed text we look at, in bytes. */
const maxTyped = 1024 * 1024;

/** The maximum size of a table that a host adds to the submissions, in bytes. */
const maxTable = 64 * 1024 * 1024;

const notFetched = message(
  'class/not-fetched',
  'The repository was not fetched: run npm run fetch:class again.',
);
const cutOff = message(
  'history/cut',
  'This clone is shallow, so its whole history is not known: run git fetch --unshallow in it, and grade again.',
);
const notExported = message(
  'file/not-exported',
  'The export names this submission but does not contain it. Download it again.',
);

/** Facts about a class that are needed to read a source. */
interface SourceOptions {
  readonly hosts: readonly Download[];
  /** The host's id, if it is not recognized from the names. */
  readonly from?: string | undefined;
  /** The course's own. */
  readonly timezone: string;
  /** Whether the owner that a name may mean is on the roster. Asked if the name can be read in two ways. */
  isSomebody(owner: Owner): boolean;
}

/** A source as it was given: a folder or an archive. */
export interface GivenSource {
  /** No other source of a run has this name. */
  readonly name: string;
  /** Where it is, for messages. */
  readonly givenAs: string;
  /** The folder or the archive itself. */
  readonly top: Item;
  /** A host's tables that lie beside it. */
  readonly beside?: readonly Item[];
}

/**
 * Lists the submissions of one source: a folder with one folder per student, or a host's download, zipped or not.
 *
 * @throws {GraderError} if the source cannot be used.
 */
export async function readSource(
  given: GivenSource,
  rubric: Rubric,
  { hosts, from, timezone, isSomebody }: SourceOptions,
): Promise<CollectedSubmission[]> {
  const { name, givenAs } = given;
  const { around, tables } = unwrapped(given.top, rubric, hosts);
  const items = around.inside();
  const host = hostOf(hosts, namesOf(items), from);
  const textOf = async (wanted: string) => {
    const inReach = [...items, ...tables, ...(given.beside ?? [])];
    const [file] = inReach.find((item) => item.name === wanted)?.files() ?? [];
    const content = await file?.read(maxTable);
    return content && new TextDecoder().decode(content instanceof Uint8Array ? content : undefined);
  };
  const { table } = host;
  const factsByName =
    table?.read((await textOf(table.name)) ?? '', timezone) ?? new Map<string, SubmissionFacts>();
  const missing = readHostTable(notFetchedFile, Type.Array(text), (await textOf(notFetchedFile)) ?? '[]');
  // The names in any other host's download already say whose the work is.
  const teamTables = host.isOfFolders ? hosts.flatMap(({ teams }) => teams ?? []) : [];
  const teamTexts = await Promise.all(teamTables.map(({ name: wanted }) => textOf(wanted)));
  const [membersOf] = teamTables.flatMap(({ read }, index) => {
    const teamsText = teamTexts[index];
    return teamsText === undefined ? [] : read(teamsText);
  });
  const allItems = [...items, ...missing.map(missingItem)];
  const { parts, strays } = partsAmong(allItems, host, rubric, { hosts, isSomebody });
  const byName = groupBy(parts, ({ name }) => name);
  const names = [...new Set([...byName.keys(), ...factsByName.keys()])].sort();
  // Feedback has the names of the host's own files, so it could be mistaken for a download.
  if (!host.isOfFolders) await assertIsWork(givenAs, parts);
  assertIsClass(givenAs, items, parts, host, rubric);
  const typed = await typedRemarks(parts, host);
  const teamsByName = membersOf ? await teamsAmong(parts, membersOf) : undefined;
  const submissions = names.map((name) => {
    const ownParts = byName.get(name) ?? [];
    const owner: Owner = ownParts[0]?.owner ?? {};
    const team = teamsByName?.get(name);
    const clone = host.isOfFolders ? ownParts[0]?.clone : undefined;
    return {
      name,
      owners: team ?? (ownParts.length > 0 ? [owner] : []),
      isOfTeam: team !== undefined,
      isTest: ownParts.some(({ isTest }) => isTest),
      ...factsByName.get(name),
      clone,
      files: () =>
        ownParts.flatMap(({ isFile, file = name, sentAs, order, files }) =>
          files().map((listed) => ({ ...listed, sentAs, order, path: isFile ? file : listed.path })),
        ),
      remarks: [...ownParts.flatMap(({ remark }) => remark ?? []).slice(0, 1), ...(typed.get(name) ?? [])],
      ...lossOf(ownParts, clone),
      returnsAs: host.returnsAs?.(ownParts.flatMap(({ returnsAs }) => returnsAs ?? [])),
    };
  });
  const source = {
    name,
    prefix: /^(.+-)submissions$/.exec(around.name.toLowerCase())?.[1],
    host,
    hasTimes: submissions.some(({ submittedAt, clone }) => submittedAt !== undefined || clone !== undefined),
    strays,
  };
  return submissions.map((submission) => ({ ...submission, source }));
}

/** The members of each team, by the name of its submission. */
async function teamsAmong(
  parts: readonly (Item & Entry)[],
  membersOf: ReturnType<NonNullable<Download['teams']>['read']>,
) {
  const teams = new Map<string, readonly Owner[] | undefined>();
  // Go one by one: a part may be a large archive that has to be opened.
  for (const part of parts)
    teams.set(part.name, await membersOf(part.owner.label ?? '', () => repositoryIn(part)));
  return teams;
}

/**
 * The organization and name of a repository that GitHub packed, from the folder `<organization>-<repository>-<commit>`.
 */
async function repositoryIn(part: Item): Promise<string> {
  const inside = part.isFile ? await itemsInArchive(part) : part.inside();
  const [name = '', ...others] = namesOf(inside);
  const [, repository = ''] = /^(.+)-[0-9a-f]{7,40}$/.exec(name) ?? [];
  return others.length === 0 ? repository : '';
}

/** The files and folders at the top of an archive; none if it cannot be opened, which the student's result reports. */
async function itemsInArchive(part: Item): Promise<Item[]> {
  try {
    const [file] = part.files();
    const content = await file?.read(maxArchive);
    return content instanceof Uint8Array ? itemsAmong(await openArchive(content)) : [];
  } catch {
    return [];
  }
}

/** Why the files of a submission are missing though it was handed in, if they are. */
function lossOf(parts: readonly Item[], clone: Clone | undefined): Pick<Item, 'lost' | 'isNotFetched'> {
  if (parts.length === 0) return { lost: notExported };
  if (clone?.isCutOff) return { lost: cutOff, isNotFetched: true };
  const { lost, isNotFetched } = parts.find((part) => part.lost) ?? {};
  return { lost, isNotFetched };
}

/** Remarks that quote text typed into a host's editor, by the name of the submission. No answers are read from it. */
async function typedRemarks(parts: readonly (Item & Entry)[], { title }: Download) {
  const typedItems = parts.filter(({ isTyped }) => isTyped);
  const remarks = await Promise.all(
    typedItems.map(async ({ name, files }) => {
      const [file] = files();
      const content = await file?.read(maxTyped);
      const html = content instanceof Uint8Array ? new TextDecoder().decode(content) : '';
      const words = { words: wordsOfHtml(html) };
      return { name, said: message('download/typed', `Typed into ${title}’s own editor: {words}`, words) };
    }),
  );
  return new Map(
    [...groupBy(remarks, ({ name }) => name)].map(([name, all]) => [name, all.map((one) => one.said)]),
  );
}

/** How much of a feedback file we look at, in bytes. */
const maxFeedback = 256 * 1024;

/** @throws {GraderError} if all of it is feedback that an earlier run made for students. */
async function assertIsWork(givenAs: string, parts: readonly Item[]) {
  for (const part of parts) if (!(await isAllFeedback(part))) return;
  if (parts.length > 0)
    throw new GraderError(
      'folder',
      'is-feedback',
      `${givenAs} is the feedback of an earlier run, not what students handed in. Nothing was graded.`,
    );
}

async function isAllFeedback(part: Item): Promise<boolean> {
  try {
    const contents = await Promise.all(part.files().map(({ read }) => read(maxFeedback)));
    const isOne = (content: (typeof contents)[number]) =>
      content instanceof Uint8Array && isFeedback(new TextDecoder().decode(content));
    return contents.length > 0 && contents.every(isOne);
  } catch {
    // If the system does not let us read a file, the student's result reports it.
    return false;
  }
}

/** @throws {GraderError} if it is a single submission, or none: grading it would give everybody a wrong grade. */
function assertIsClass(
  givenAs: string,
  items: readonly Item[],
  parts: readonly Item[],
  host: Download,
  rubric: Rubric,
) {
  const [top = ''] = rubric.file.toLowerCase().split('/');
  const isSingle = items.some(({ name }) => name.toLowerCase() === top);
  // A failed fetch leaves an empty folder, so one that looks like a submission is enough.
  const isClass = parts.some((part) => !host.isOfFolders || hasWork(part, rubric));
  if (isSingle || !isClass)
    throw new GraderError(
      'folder',
      'not-the-class',
      `${givenAs} is not a class. Expected one folder per student, with ${rubric.file} in it; found ${joinNames(namesOf(items), 5) || 'none'}.`,
      {
        command:
          'Give the folder around those (npm run fetch:class makes one) or a download as it came. To grade a single submission: npm run grade -- <folder>. Nothing was graded.',
        page: 'Give a download of the whole class, as it came.',
      },
    );
}

/** Written by `fetch:class`, so that nobody commits students' work. */
export const ignoreFile = '.gitignore';

/** The items of a source that are somebody's, each with the facts in its name, and the names of all other items. */
function partsAmong(
  items: readonly Item[],
  host: Download,
  rubric: Rubric,
  { hosts, isSomebody }: Pick<SourceOptions, 'hosts' | 'isSomebody'>,
) {
  const parts: (Item & Entry)[] = [];
  const strays: string[] = [];
  for (const item of items) {
    const entries = host.entriesOf?.(item.name, item.isFile) ?? [];
    const entry = entries.find(({ owner }) => isSomebody(owner)) ?? entries[0];
    // A program's folder, such as .vscode, is nobody's; but a team may be called .NET.
    const isPrograms = host.isOfFolders && item.name.startsWith('.') && !hasWork(item, rubric);
    if (entry && !isPrograms) parts.push({ ...item, ...entry });
    else if (![host.table?.name, ...tablesBeside(hosts), ignoreFile].includes(item.name))
      strays.push(item.name);
  }
  return { parts, strays };
}

/** A file or a folder at the top of a source or in another folder, on disk or in an archive. */
export interface Item {
  /** Unique in its source or folder. */
  readonly name: string;
  readonly isFile: boolean;
  readonly clone?: Clone | undefined;
  /** Why it cannot be looked into, or why the files of a submission are missing though it was handed in. */
  readonly lost?: Message | undefined;
  /** Whether it is a repository that could not be fetched. */
  readonly isNotFetched?: boolean | undefined;
  /** The file itself, or all files below the folder, with paths relative to it. */
  files(): readonly ListedFile[];
  /** The files and folders at the top of a folder. */
  inside(): readonly Item[];
}

/** A folder that is a clone of a repository. */
export interface Clone {
  /** Whether nothing is checked out. */
  readonly isBare: boolean;
  /** Whether its history is cut off: then it seems to begin with all its files, and nobody knows how old they are. */
  readonly isCutOff: boolean;
  /** Reads its history, unless there is no git; undefined if there is no commit. */
  readonly read?: ((finder: WorkFinder) => Promise<History | undefined>) | undefined;
}

/** A submission that could not be fetched. */
function missingItem(name: string): Item {
  return { name, isFile: false, lost: notFetched, isNotFetched: true, files: () => [], inside: () => [] };
}

/** An archive as an item, by the files that are listed in it. */
export function archiveItem(name: string, listed: readonly ListedFile[]): Item {
  return { name, isFile: false, files: () => listed, inside: () => itemsAmong(listed) };
}

function itemsAmong(files: readonly ListedFile[]): Item[] {
  const byTop = groupBy(files, ({ path }) => path.split('/')[0] ?? '');
  return [...byTop].map(([name, sameTop]) => {
    const isFile = sameTop.some(({ path }) => path === name);
    const within = sameTop.map((file) => ({ ...file, path: file.path.slice(name.length + 1) }));
    return {
      name,
      isFile,
      files: () => (isFile ? sameTop : within),
      inside: () => (isFile ? [] : itemsAmong(within)),
    };
  });
}

function namesOf(items: readonly Item[]) {
  return items.map(({ name }) => name);
}

/** Whether an item looks like somebody's submission. */
function hasWork(item: Item, rubric: Rubric) {
  return (
    item.isFile ||
    item.clone !== undefined ||
    namesOf(item.inside()).some((name) => mayHoldWork(name, rubric))
  );
}

/** If one folder contains everything and is not a student's, goes into it and keeps the tables beside it. */
function unwrapped(
  around: Item,
  rubric: Rubric,
  hosts: readonly Download[],
  tables: readonly Item[] = [],
): { readonly around: Item; readonly tables: readonly Item[] } {
  const items = around.inside();
  const [only, ...siblings] = items.filter(
    ({ name }) => !tablesBeside(hosts).includes(name) && !name.startsWith('.'),
  );
  const isOfFolders = (names: readonly string[]) => hostOf(hosts, names).isOfFolders === true;
  if (!only || siblings.length > 0 || !isOfFolders([only.name])) return { around, tables };
  const isStudents = isOfFolders(namesOf(only.inside())) && hasWork(only, rubric);
  if (isStudents) return { around, tables };
  return unwrapped(only, rubric, hosts, [...items.filter((item) => item !== only), ...tables]);
}

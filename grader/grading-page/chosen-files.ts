import { earlierRun } from '../class/changes';
import { type DecisionsFile, isDecisionsFile, readDecisions } from '../class/decisions/journal';
import { classHosts } from '../class/downloads/class-hosts';
import { layoutOf } from '../class/members/csv-table';
import { People } from '../class/members/people';
import { type Roster, readRoster, withGroups } from '../class/members/roster';
import { archiveItem, type GivenSource, readSource } from '../class/members/source';
import type { OutputFiles } from '../class/output-files';
import { type EarlierRun, resultsFile, runFile, unmatchedFile } from '../class/results/graded-class';
import { headingsByHand } from '../class/results/tables-by-hand';
import type { Course } from '../course/course';
import { counted, GraderError, messageOf } from '../message';
import { dayText } from '../rubric/moment';
import { type Rubric, rowsOf } from '../rubric/rubric';
import { openArchive } from '../submission/archive';
import type { ListedFile } from '../submission/which-files';
import { joinNames } from '../system/lists';
import { type GivenTables, mergedTables, type TablesOfFile, wordsFor } from './given-tables';
import { entriesIn, type Tables } from './steps';

// Recognizes dropped files by their content, whatever their names.

/** A file that a person has chosen or dropped, as a browser gives it. */
export type ChosenFile = Blob & Pick<File, 'name' | 'lastModified'>;

/** The kind of a file, or why it cannot be used. */
export interface DescribedFile {
  readonly name: string;
  /** Completes a sentence that begins with the name: `is a Canvas download: …`; for a refused file, `: This is …`. */
  readonly text: string;
  /** `replaced` if newer files have everything that it says. */
  readonly use: 'used' | 'replaced' | 'refused';
}

/** All files that a person has chosen. */
export interface ChosenFiles {
  readonly described: readonly DescribedFile[];
  readonly sources: readonly GivenSource[];
  readonly roster: Roster | undefined;
  /** If there are several runs, the last. */
  readonly earlier: EarlierRun | undefined;
  /** The files of the earlier run, by name. */
  readonly before: ReadonlyMap<string, ListedFile>;
  readonly given: GivenTables;
  /** The files of decisions, loose or in zips of results. */
  readonly decisions: readonly DecisionsFile[];
}

/** The content of one file. */
interface Part extends Partial<Omit<ChosenFiles, 'described' | 'sources' | 'given'>> {
  readonly text: string;
  readonly source?: GivenSource;
  /** Only the last chosen file of each of these kinds is used. */
  readonly kind?: 'list' | 'groups';
  readonly tables?: Tables;
  /** When the run that gave these results began, in milliseconds since 1970. */
  readonly started?: number;
}

/** The largest table or results that are read, in bytes. */
const maxTable = 64 * 1024 ** 2;
const maxResults = 512 * 1024 ** 2;

/** A file up to this size is read at once, in bytes; for a larger one, a browser takes a millisecond per slice. */
const maxAtOnce = 256 * 1024 ** 2;

const contentOf = async (file: ChosenFile) =>
  file.size <= maxAtOnce ? new Uint8Array(await file.arrayBuffer()) : file;

export async function readChosen(
  files: readonly ChosenFile[],
  course: Pick<Course, 'rubric' | 'key'>,
  from: string | undefined,
): Promise<ChosenFiles> {
  const parts: (Part & DescribedFile)[] = [];
  const others = await withoutTwins(files);
  for (const file of files)
    try {
      if (!others.includes(file)) throw new Error('This file was given already.');
      parts.push({ name: file.name, use: 'used', ...(await partIn(file, course, from)) });
    } catch (error) {
      parts.push({
        name: file.name,
        use: 'refused',
        text: afterName(file.name, errorLines(error).join(' ')),
      });
    }
  const lastOf = (kind: Part['kind']) => parts.findLast((part) => part.kind === kind);
  const isUsed = (part: Part) => part.kind === undefined || part === lastOf(part.kind);
  const list = lastOf('list');
  const groups = lastOf('groups');
  const roster =
    list?.roster && groups?.roster
      ? withGroups(list.roster, groups.roster)
      : (list?.roster ?? groups?.roster);
  const [run] = parts
    .filter(({ started }) => started !== undefined)
    .sort((one, other) => (other.started ?? 0) - (one.started ?? 0));
  const withTables = parts.flatMap(({ name, tables, started }) => (tables ? { name, tables, started } : []));
  const given = mergedTables(withTables, wordsFor(new People(roster?.students ?? [])));
  const describe = (part: Part & DescribedFile): DescribedFile => {
    const { name, text, use } = part;
    if (!isUsed(part)) return { name, text: 'is not used, because another one is given.', use: 'replaced' };
    if (use === 'refused') return { name, text, use };
    const replaced = isReplaced(part, run, given);
    return replaced
      ? { name, text: `${text}, replaced by newer files.`, use: 'replaced' }
      : { name, text: `${text}${insteadOf(part, withTables)}.`, use };
  };
  return {
    described: parts.map(describe),
    sources: parts.flatMap(({ source }) => source ?? []),
    roster,
    earlier: run?.earlier,
    before: run?.before ?? new Map(),
    given,
    decisions: parts.flatMap(({ decisions = [] }) => decisions),
  };
}

/** Continues a sentence after a name, without repeating the name if the sentence begins with it. */
function afterName(name: string, sentence: string): string {
  return sentence.startsWith(`${name} `) ? sentence.slice(name.length + 1) : `: ${sentence}`;
}

/** Whether no result of a run counts any more, because there is a later run and newer files replace its decisions. */
function isReplaced(
  { name, tables, started }: Part & DescribedFile,
  last: Part | undefined,
  given: GivenTables,
) {
  if (started === undefined) return false;
  const decided = entriesIn(tables ?? {}).length;
  const unused = [...given.replaced, ...given.missing].filter(({ file }) => file === name).length;
  return unused >= decided && (decided > 0 || started !== last?.started);
}

/** Says which zips a separate table is newer than. */
function insteadOf({ tables = {}, started }: Part, all: readonly TablesOfFile[]): string {
  const [table] = Object.keys(tables);
  if (started !== undefined || table === undefined) return '';
  const older = all.filter((file) => file.started !== undefined && Object.hasOwn(file.tables, table));
  return older.length === 0 ? '' : `, used instead of those in ${joinNames(older.map(({ name }) => name))}`;
}

/** Removes files that have the same bytes as an earlier one: a browser gives a file again if it is chosen twice. */
async function withoutTwins(files: readonly ChosenFile[]): Promise<ChosenFile[]> {
  const kept: ChosenFile[] = [];
  for (const file of files) {
    const areEqual = await Promise.all(kept.map((other) => haveSameBytes(file, other)));
    if (!areEqual.includes(true)) kept.push(file);
  }
  return kept;
}

/** How many bytes of two files are compared at a time. */
const step = 4 * 1024 ** 2;

async function haveSameBytes(one: ChosenFile, other: ChosenFile): Promise<boolean> {
  if (one.size !== other.size) return false;
  for (let start = 0; start < one.size; start += step) {
    const parts = [one, other].map((file) => file.slice(start, start + step).arrayBuffer());
    const [bytes, otherBytes] = (await Promise.all(parts)).map((part) => new Uint8Array(part));
    if (bytes?.some((byte, at) => byte !== otherBytes?.[at])) return false;
  }
  return true;
}

/** The text of an error for the person who uses the page. */
export const errorLines = (error: unknown) =>
  error instanceof GraderError ? error.linesOnPage : [messageOf(error)];

/** @throws an Error if it cannot be used for anything. */
async function partIn(
  file: ChosenFile,
  course: Pick<Course, 'rubric' | 'key'>,
  from: string | undefined,
): Promise<Part> {
  const begin = await beginOf(file);
  const isZip = begin.startsWith('PK');
  if (isZip && /\.xls[xm]$|\.ods$/i.test(file.name))
    throw new Error('This is a spreadsheet. Save it as “CSV UTF-8”, and give that.');
  if (isZip) {
    const listed = (await openArchive(await contentOf(file))).map(remembering);
    const results = await resultsIn(listed, course);
    return results ?? sourceIn(file.name, listed, course.rubric, from);
  }
  if (/\.jsonl$/i.test(file.name)) {
    const decisions = [{ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }];
    return { text: `has ${counted(readDecisions(decisions).length, 'line')} of decisions`, decisions };
  }
  if (!/\.(?:csv|tsv|txt)$/i.test(file.name) || begin.includes('\0'))
    throw new Error('This is neither a zip nor a table (CSV). Give the download of your host as it came.');
  const bytes = new Uint8Array(await file.slice(0, maxTable).arrayBuffer());
  const table = { name: file.name, bytes };
  const { headings } = layoutOf(table);
  const [name] = Object.entries(headingsByHand).find(([, known]) => isOfTable(headings, known)) ?? [];
  if (name !== undefined) {
    const tables = { [name]: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
    return { text: `has ${counted(entriesIn(tables).length, 'decision')}`, tables };
  }
  const roster = readRoster(table, classHosts);
  const whoseTable = roster.host ? `${roster.host.title}’s own table` : 'a table';
  // Canvas exports its groups as a separate table, because its gradebook does not have them.
  const kind = headings.includes('group_name') ? 'groups' : 'list';
  return {
    kind,
    text: `is ${whoseTable} of ${counted(roster.students.length, 'student')}, used as the roster`,
    roster,
  };
}

/** Whether headings belong to a table of decisions: its person or submission, and what is decided. */
function isOfTable(headings: readonly string[], [first = '', ...others]: readonly string[]): boolean {
  const isKnown = (heading: string) => heading === '' || heading === first || others.includes(heading);
  return (
    headings.includes(first) && others.some((other) => headings.includes(other)) && headings.every(isKnown)
  );
}

async function beginOf(file: ChosenFile): Promise<string> {
  try {
    return new TextDecoder('latin1').decode(await file.slice(0, 512).arrayBuffer());
  } catch {
    throw new Error('This cannot be read. If it is a folder, drop the zip as it came from your host.');
  }
}

async function sourceIn(
  givenAs: string,
  listed: readonly ListedFile[],
  rubric: Rubric,
  from: string | undefined,
): Promise<Part> {
  const name = givenAs.replace(/\.zip$/i, '');
  const source = { name, givenAs, top: archiveItem(name, listed) };
  // This only decides whose the submissions are, not when they came.
  const options = { hosts: classHosts, from, timezone: 'UTC', isSomebody: () => true };
  const submissions = await readSource(source, rubric, options);
  const [first] = submissions;
  const isOfFolders = first?.source.host.isOfFolders === true;
  const kind = isOfFolders ? 'has folders of students' : `is a ${first?.source.host.title} download`;
  // A browser has no git.
  const without = isOfFolders
    ? '. Files count as they are here, without their histories, so decisions about lateness made here do not hold in npm run grade:class'
    : '';
  const people = new Set(submissions.flatMap(({ owners }) => owners.map((owner) => JSON.stringify(owner))))
    .size;
  const text = `${kind}: ${counted(submissions.length, 'submission')} of ${people === 1 ? 'one person' : `${people} people`}${without}`;
  return { text, source };
}

/** The largest file that stays in memory once it is unpacked, in bytes: worksheets do, photos do not. */
const maxKept = 64 * 1024;

/** A file in an archive that is unpacked only once, because every decision grades the class again. */
function remembering(file: ListedFile): ListedFile {
  let kept: Uint8Array | undefined;
  return {
    ...file,
    read: async (largest) => {
      if (kept && kept.length <= largest) return kept;
      const content = await file.read(largest);
      if (content instanceof Uint8Array && content.length <= maxKept) kept = content;
      return content;
    },
  };
}

/** The content of a zip that this page saved, or one that has the results of the command; undefined for any other. */
async function resultsIn(
  listed: readonly ListedFile[],
  { rubric, key }: Pick<Course, 'rubric' | 'key'>,
): Promise<Part | undefined> {
  const isRun = ({ path }: ListedFile) => path.split('/').length <= 2 && path.split('/').at(-1) === runFile;
  const folder = listed.find(isRun)?.path.slice(0, -runFile.length);
  if (folder === undefined) return undefined;
  const before = new Map(
    listed.flatMap((one) =>
      one.path.startsWith(folder) ? [[one.path.slice(folder.length), one] as const] : [],
    ),
  );
  const textOf = async (name: string) => {
    const content = await before.get(name)?.read(maxResults);
    return content instanceof Uint8Array ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(content) : '';
  };
  const tables: Record<string, string> = {};
  for (const name of Object.keys(headingsByHand)) if (before.has(name)) tables[name] = await textOf(name);
  const decisions: DecisionsFile[] = [];
  for (const [name, one] of before) {
    const content = isDecisionsFile(name) ? await one.read(maxResults) : undefined;
    if (content instanceof Uint8Array) decisions.push({ name, bytes: content });
  }
  readDecisions(decisions);
  const recordsIn = async (name: string) => (await textOf(name)).split('\n').filter(Boolean);
  const runText = await textOf(runFile);
  const run = JSON.parse(runText) as OutputFiles['run'];
  const ids = rowsOf(rubric).map(({ id }) => id);
  // Older runs do not say which rows they have.
  if (run.rows?.every((id) => !ids.includes(id)))
    throw new Error(`Its results are from “${run.title}”, another worksheet.`);
  const earlier = earlierRun(runText, await recordsIn(resultsFile), await recordsIn(unmatchedFile));
  const ofOtherVersion = earlier
    ? ''
    : '. They come from another version of the grader: the decisions are used, but what changed since then is not known. The page that made them can tell you';
  const decided = counted(entriesIn(tables).length, 'decision');
  const isOther = run.rubric !== rubric.digest || run.key !== key.digest;
  const ofOtherKey = isOther ? '. They come from another rubric or key of this worksheet' : '';
  const text = `has the results of ${dayText(run.started)}, with ${decided}${ofOtherVersion}${ofOtherKey}`;
  return { text, tables, decisions, earlier, before, started: Date.parse(run.started) };
}

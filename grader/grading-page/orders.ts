import { type Zippable, zipSync } from 'fflate';
import { changedForHosts, changeLines, gradeChanges } from '../class/changes';
import { gradeToFiles } from '../class/class-run';
import { classHosts } from '../class/downloads/class-hosts';
import type { TableLayout } from '../class/members/csv-table';
import { matchesFile } from '../class/members/matches-table';
import { type ClassInput, openClass } from '../class/open-class';
import type { OutputFiles } from '../class/output-files';
import { countsIn, countToDecide, toDecideText } from '../class/pages/statistics';
import { type GradedClass, graderOf } from '../class/results/graded-class';
import { type Line, withAdvice } from '../class/results/note';
import { ownLineFor } from '../class/results/to-decide';
import { listOfPart } from '../class/results/unlisted';
import { toDoText } from '../class/returns/class-host';
import type { Course } from '../course/course';
import { plainKey } from '../key/judge';
import { GraderError, interpolate } from '../message';
import { openArchive } from '../submission/archive';
import { isArchive, type ListedFile } from '../submission/which-files';
import { bytesOf, concat } from '../system/platform';
import {
  type ChosenFile,
  type ChosenFiles,
  type DescribedFile,
  errorLines,
  readChosen,
} from './chosen-files';
import type { GivenTables } from './given-tables';
import type { GradingData } from './grading-page';
import { type Sheet, type ShownCase, type ShownKind, sheetOf, shownCases } from './shown';
import type { Tables } from './steps';

/** The choices of a person for a run, besides its files. */
export type Options = Pick<ClassInput, 'due' | 'from' | 'canvasColumn' | 'isPart'>;

/** A request from the page: to identify the files, to grade, or to make all files of a run. */
export interface RunOrder {
  readonly wanted: 'look' | 'grade' | 'zip';
  readonly data: GradingData;
  readonly files: readonly ChosenFile[];
  readonly options: Options;
  /** The current tables. To identify the files: the tables in them. */
  readonly tables?: Tables | undefined;
}

/** A request from the page about the class that was graded last: a student, a file, or the page of a section. */
export type Question =
  | { readonly wanted: 'class'; readonly section: string | undefined }
  | { readonly wanted: 'sheet'; readonly id: string; readonly isRevealed: boolean }
  | { readonly wanted: 'file'; readonly submission: string; readonly path: string };

export type Order = RunOrder | Question;

/** The kinds of the files, and what has to be known before grading. */
export interface Seen {
  readonly described: readonly DescribedFile[];
  readonly notes: readonly string[];
  /** Files that would help, and why. */
  readonly missing: readonly string[];
  /** Why nothing can be graded. */
  readonly refused: readonly string[];
  /** Whether there is something to grade. */
  readonly isReady: boolean;
  readonly given: GivenTables;
  /** Whether a person has to say first that the list is meant to be that of a part. */
  readonly asksIfPart: boolean;
}

/** A student in a list. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly points: string;
  readonly status: string;
  readonly ownLine: Line;
  readonly sections: readonly string[];
  /** Every word that a table may use for them and for nobody else. */
  readonly words: readonly string[];
}

/** A graded class as the page shows it. */
export interface Graded {
  readonly summary: readonly string[];
  readonly notes: readonly string[];
  readonly open: readonly ShownKind[];
  /** People with notes that need no decision. */
  readonly settled: readonly ShownCase[];
  /** The ids of people whose points were set by hand without saying what was looked at. */
  readonly notLookedAt: readonly string[];
  /** How many people and submissions are left to decide, in words; empty if there are none. */
  readonly toDecide: string;
  readonly counts: ReturnType<typeof countToDecide>;
  /** The sections of the class, if there are several. */
  readonly sections: readonly string[];
  /** Everybody, by name. */
  readonly people: readonly Listed[];
  /** The current tables: their forms, and the texts of those that nobody has written in yet. */
  readonly layouts: readonly (readonly [name: string, TableLayout & { readonly text: string }])[];
  /** Things to do with the files, in this order, and things that are only good to know. */
  readonly toDo: readonly string[];
  readonly notices: readonly string[];
  /** The grades at the host that differ from those here. */
  readonly others: readonly string[];
  /** How the grades of an earlier run changed. */
  readonly changes: readonly string[];
  readonly zip?: Uint8Array<ArrayBuffer>;
}

/** A file that was handed in, or why it cannot be shown. */
export interface ReadFile {
  readonly submission: string;
  readonly path: string;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** The paths inside, if it is an archive. */
  readonly inside?: readonly string[];
  readonly why?: string;
}

/** A reply of the worker. A reply about a run that does not report progress ends an order. */
export type Reply =
  | { readonly sheet: Sheet | undefined }
  | { readonly file: ReadFile }
  | { readonly classPage: string; readonly section: string | undefined }
  | { readonly looked: number; readonly all: number }
  | { readonly seen: Seen }
  | { readonly graded: Graded }
  | { readonly refused: readonly string[] };

/**
 * Returns a function that carries out orders, one after the other. Each can use what earlier ones have read.
 *
 * @param post receives the progress of an order, and how it ends.
 */
export function orderHandler(post: (reply: Reply) => void): (order: Order) => Promise<void> {
  let course: Course | undefined;
  let grader: ClassInput['grader'];
  let last: { readonly of: string; readonly chosen: ChosenFiles } | undefined;
  let graded: GradedClass | undefined;
  let classPage: OutputFiles['classPage'] | undefined;
  const answerTo = async (question: Question): Promise<Reply> => {
    const { wanted } = question;
    if (wanted === 'class')
      return { classPage: classPage?.(question.section) ?? '', section: question.section };
    if (wanted === 'file') return { file: await fileIn(graded, question) };
    return { sheet: graded && (await sheetOf(graded, question.id, question.isRevealed)) };
  };
  return async (order) => {
    if (!('files' in order)) return post(await answerTo(order));
    const { data, files, options } = order;
    try {
      const { file, rubric, solution } = data;
      course ??= { root: '', file, rubric, solution, key: plainKey(rubric, solution) };
      grader ??= graderOf(course);
      // A file of the same name may have changed since.
      const signature = JSON.stringify([
        ...files.map(({ name, size, lastModified }) => [name, size, lastModified]),
        options.from,
      ]);
      const chosen = last?.of === signature ? last.chosen : await readChosen(files, course, options.from);
      last = { of: signature, chosen };
      const input = { ...inputOf(order, chosen), grader };
      if (order.wanted === 'look') return post({ seen: await look(course, input, chosen) });
      const made = await gradeToFiles(course, input, {
        at: (name: string) => name,
        atOnce: 8,
        // Each report redraws the page, which takes longer than grading most students who were graded before.
        onProgress: (looked: number, all: number) => {
          if (looked % Math.ceil(all / 10) === 0) post({ looked, all });
        },
      });
      ({ graded, classPage } = made);
      post({ graded: await shownOf(made, chosen, order.wanted === 'zip' ? input : undefined) });
    } catch (error) {
      post({ refused: errorLines(error) });
    }
  };
}

function inputOf({ wanted, data, options, tables }: RunOrder, chosen: ChosenFiles): ClassInput {
  const { sources, roster, earlier, decisions } = chosen;
  const texts = Object.entries(tables ?? chosen.given.tables);
  return {
    ...options,
    sources,
    roster,
    earlier,
    decisions,
    tables: new Map(texts.map(([name, text]) => [name, { name, bytes: bytesOf(text) }])),
    release: data.release,
    askAgain: data.askAgain,
    started: new Date(),
    feedback: wanted === 'zip',
  };
}

async function look(course: Course, input: ClassInput, chosen: ChosenFiles): Promise<Seen> {
  const { described, given, sources, roster } = chosen;
  const notes: string[] = [];
  const missing: string[] = [];
  if (sources.length === 0) missing.push('Still missing: the download of what students handed in.');
  else if (!roster)
    missing.push('There is no list of students, so students who handed in nothing will not be listed.');
  const { title } = roster?.host ?? {};
  if (title !== undefined && !course.file.deadline?.timezone)
    notes.push(`Times in ${title}’s list are read as UTC, because the worksheet has no time zone.`);
  const seen = {
    described,
    given,
    asksIfPart: false,
    notes,
    missing,
    refused: [],
    isReady: sources.length > 0,
  };
  try {
    if (!chosen.earlier && hasGrades(course, input))
      missing.push(
        'The list already has grades. Give the zip that you saved last time as well; without it, this page does not know what was decided then.',
      );
    if (sources.length === 0) return seen;
    const { run } = await openClass(course, input);
    return { ...seen, notes: [...notes, ...notesOn(run)] };
  } catch (error) {
    const asksIfPart = error instanceof GraderError && error.code === listOfPart;
    return { ...seen, asksIfPart, refused: errorLines(error) };
  }
}

/** The notes on a run, except those that the list of files shows. */
const notesOn = ({ notes }: Pick<GradedClass, 'notes'>) =>
  notes.filter(({ isKind }) => !isKind).map((note) => withAdvice(note, 'page'));

/** Whether the host's own list has a grade for anybody. */
function hasGrades(course: Course, { roster, canvasColumn }: ClassInput): boolean {
  const host = classHosts.find(({ id }) => id === roster?.host?.id);
  const hostGrade = host?.hostGrades?.({ course, roster, canvasColumn, students: [] });
  return (
    roster?.students.some((student) => /\d/.test(hostGrade?.({ student, points: null })?.text ?? '')) === true
  );
}

/**
 * A graded class as the page shows it.
 *
 * @param zipped the input of the run, if all of its files also go into a zip.
 */
async function shownOf(
  made: Awaited<ReturnType<typeof gradeToFiles>>,
  chosen: ChosenFiles,
  zipped: ClassInput | undefined,
): Promise<Graded> {
  const { graded } = made;
  const { people } = graded;
  const changes = chosen.earlier ? changeLines(gradeChanges(chosen.earlier, graded)) : [];
  const shown = {
    summary: countsIn(graded),
    notes: notesOn(graded),
    ...shownCases(graded),
    sections: graded.sections,
    toDecide: toDecideText(graded),
    counts: countToDecide(graded),
    people: graded.students
      .map((result) => ({
        id: result.key,
        name: people.nameOf(result.student),
        points: String(result.points ?? '–'),
        status: result.status,
        ownLine: ownLineFor(result, graded),
        sections: graded.sectionsOf.get(result.key) ?? [],
        words: people.wordsOf(result.student),
      }))
      .sort((one, other) => one.name.localeCompare(other.name, 'en')),
    others: becoming.flatMap(([wanted, says]) =>
      made.others
        .filter(({ becomes }) => becomes === wanted)
        .map(({ row, text }) => `${people.nameOf(row.student)}: ${text}.${says}`),
    ),
    layouts: [...graded.layouts],
    toDo: made.toDo.map((one) => toDoText(one, 'page')),
    notices: made.notices.map((one) => toDoText(one, 'page')),
  };
  if (!zipped) return { ...shown, changes };
  const contents = new Map<string, Uint8Array>();
  for (const [name, { bytes }] of zipped.tables) if (name !== matchesFile) contents.set(name, bytes);
  for (const [name, parts] of made.files)
    contents.set(name, concat([...parts].map((part) => (typeof part === 'string' ? bytesOf(part) : part))));
  const changed = await changedSince(chosen, contents);
  const upload = chosen.earlier ? changedForHosts(contents.keys(), (name) => changed.has(name)) : [];
  const zip = zipSync(Object.fromEntries(contents) as Zippable, { level: 6 });
  return { ...shown, changes: [...changes, ...upload], zip: zip as Uint8Array<ArrayBuffer> };
}

/** Texts about a grade at the host, by what will become of it; those that wait for a person come first. */
const becoming = [
  ['waits', ' It was changed there by hand and waits for your choice.'],
  ['stays', ' It stays as it is there.'],
  ['changes', ' It changes with the upload.'],
  ['capped', ''],
] as const;

/** The largest file that is shown or saved, in bytes. */
const maxShown = 20 * 1024 ** 2;

/** Reads a file that was handed in, perhaps from an archive in it. */
async function fileIn(
  graded: GradedClass | undefined,
  { submission, path }: Extract<Question, { wanted: 'file' }>,
): Promise<ReadFile> {
  try {
    const handedIn = graded?.submissions.get(submission);
    if (handedIn !== opened.of) opened = { of: handedIn, archives: new Map() };
    const file = await fileAt(handedIn?.files() ?? [], path);
    const content = await file?.read(maxShown);
    if (!file || !content) return { submission, path, why: 'It is no longer there.' };
    if (!(content instanceof Uint8Array)) return { submission, path, why: interpolate(content.reason) };
    // An archive that is broken can still be saved.
    const listed = isArchive(path) ? await filesIn(file, path).catch(() => []) : [];
    const inside = listed.slice(0, maxInside).map((one) => `${path}/${one.path}`);
    return { submission, path, bytes: new Uint8Array(content), inside };
  } catch (error) {
    return { submission, path, why: errorLines(error).join(' ') };
  }
}

/** How many files of an archive are listed. */
const maxInside = 100;

/** A file in a list, or in an archive in that list. */
async function fileAt(
  files: readonly ListedFile[],
  path: string,
  folder = '',
): Promise<ListedFile | undefined> {
  const around = files.find((one) => isArchive(one.path) && path.startsWith(`${folder}${one.path}/`));
  if (!around) return files.find((one) => folder + one.path === path);
  const archive = folder + around.path;
  return fileAt(await filesIn(around, archive), path, `${archive}/`);
}

/** The archives of one submission that were opened, by path: a person may look at several of 100,000 files in one. */
let opened: { readonly of: object | undefined; readonly archives: Map<string, readonly ListedFile[]> } = {
  of: undefined,
  archives: new Map(),
};

async function filesIn(archive: ListedFile, path: string): Promise<readonly ListedFile[]> {
  const known = opened.archives.get(path);
  if (known) return known;
  const content = await archive.read(maxShown);
  const files = content instanceof Uint8Array ? await openArchive(content) : [];
  opened.archives.set(path, files);
  return files;
}

/** The names of files from an earlier run that now differ. */
async function changedSince(
  { before }: ChosenFiles,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<Set<string>> {
  const changed = new Set<string>();
  for (const [name, bytes] of contents) {
    const old = await bytesIn(before, name);
    if (old && (old.length !== bytes.length || old.some((byte, at) => byte !== bytes[at]))) changed.add(name);
  }
  return changed;
}

/** The content of a file of the earlier run, if that run had one of this name. */
async function bytesIn(before: ChosenFiles['before'], name: string): Promise<Uint8Array | undefined> {
  const content = await before.get(name)?.read(Number.MAX_SAFE_INTEGER);
  return content instanceof Uint8Array ? content : undefined;
}

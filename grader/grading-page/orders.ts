import { type Zippable, zipSync } from 'fflate';
import { changedForHosts, changeLines, gradeChanges } from '../class/changes';
import { gradeToFiles } from '../class/class-run';
import type { Decision } from '../class/decisions/decision.schema';
import { decisionsText, readDecisions } from '../class/decisions/journal';
import { classHosts } from '../class/downloads/class-hosts';
import { type ClassInput, openClass } from '../class/open-class';
import type { OutputFiles } from '../class/output-files';
import { errorLines, fileIn, type ReadFile } from '../class/pages/handed-in';
import { type Sheet, sheetOf } from '../class/pages/shown';
import { type ShownClass, shownClass } from '../class/pages/shown-class';
import { countsIn } from '../class/pages/statistics';
import { type GradedClass, graderOf } from '../class/results/graded-class';
import { withAdvice } from '../class/results/note';
import { listOfPart } from '../class/results/unlisted';
import { toDoText } from '../class/returns/class-host';
import { answersIn } from '../class/returns/feedback';
import type { Course } from '../course/course';
import { plainKey } from '../key/judge';
import { GraderError } from '../message';
import { bytesOf, concat } from '../system/platform';
import { type ChosenFile, type ChosenFiles, type DescribedFile, readChosen } from './chosen-files';
import type { GradingData } from './grading-page';

/** The choices of a person for a run, besides its files. */
export type Options = Pick<ClassInput, 'due' | 'from' | 'canvasColumn' | 'isPart'>;

/** A request from the page: to identify the files, to grade, or to make all files of a run. */
export interface RunOrder {
  readonly wanted: 'look' | 'grade' | 'zip';
  readonly data: GradingData;
  readonly files: readonly ChosenFile[];
  readonly options: Options;
  /** What was decided on the page. */
  readonly lines: readonly Decision[];
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
  /** The lines of the journal in the files. */
  readonly decisions: readonly Decision[];
  /** Whether a person has to say first that the list is meant to be that of a part. */
  readonly asksIfPart: boolean;
}

/** A graded class as the page shows it. */
export interface Graded extends ShownClass {
  readonly summary: readonly string[];
  readonly notes: readonly string[];
  /** Things to do with the files, in this order, and things that are only good to know. */
  readonly toDo: readonly string[];
  readonly notices: readonly string[];
  /** The grades at the host that differ from those here. */
  readonly others: readonly string[];
  /** How the grades of an earlier run changed. */
  readonly changes: readonly string[];
  readonly zip?: Uint8Array<ArrayBuffer>;
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
    const { id, isRevealed } = question;
    const answers = isRevealed && graded ? answersIn(graded.course) : undefined;
    return { sheet: graded && (await sheetOf(graded, id, answers)) };
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

function inputOf({ wanted, data, options, lines }: RunOrder, chosen: ChosenFiles): ClassInput {
  const { sources, roster, earlier, tables, decisions } = chosen;
  const made = { name: 'this page', bytes: bytesOf(decisionsText(lines)) };
  return {
    ...options,
    ...{ sources, roster, earlier, tables },
    decisions: [...decisions, made],
    release: data.release,
    askAgain: data.askAgain,
    followUp: () => data.followUp,
    started: new Date(),
    feedback: wanted === 'zip',
  };
}

async function look(course: Course, input: ClassInput, chosen: ChosenFiles): Promise<Seen> {
  const { described, sources, roster, refused } = chosen;
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
    decisions: readDecisions(chosen.decisions),
    asksIfPart: false,
    notes,
    missing,
    refused,
    isReady: sources.length > 0 && refused.length === 0,
  };
  try {
    if (!chosen.earlier && hasGrades(course, input))
      missing.push(
        'The list already has grades. Give the zip that you saved last time as well; without it, this page does not know what was decided then.',
      );
    if (!seen.isReady) return seen;
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
    ...shownClass(graded),
    others: becoming.flatMap(([wanted, says]) =>
      made.others
        .filter(({ becomes }) => becomes === wanted)
        .map(({ row, text }) => `${people.nameOf(row.student)}: ${text}.${says}`),
    ),
    toDo: made.toDo.map((one) => toDoText(one, 'page')),
    notices: made.notices.map((one) => toDoText(one, 'page')),
  };
  if (!zipped) return { ...shown, changes };
  const contents = new Map<string, Uint8Array>();
  for (const [name, { bytes }] of zipped.tables) contents.set(name, bytes);
  for (const [name, parts] of made.files) {
    const all: Uint8Array[] = [];
    for await (const part of parts) all.push(typeof part === 'string' ? bytesOf(part) : part);
    contents.set(name, concat(all));
  }
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

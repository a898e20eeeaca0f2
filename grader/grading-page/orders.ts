import { type Zippable, zipSync } from 'fflate';
import { changedForHosts, changeLines, gradeChanges } from '../class/changes';
import { gradeToFiles } from '../class/class-run';
import { classHosts } from '../class/hosts/hosts';
import type { TableLayout } from '../class/members/csv-table';
import { matchesFile } from '../class/members/matches-table';
import { type ClassInput, openClass } from '../class/open-class';
import { decisions } from '../class/pages/decision-rows';
import { countsIn, toDecideText } from '../class/pages/statistics';
import { graderOf, withAdvice } from '../class/results/graded-class';
import type { Line } from '../class/results/note';
import { casesIn, ownLineFor } from '../class/results/to-decide';
import type { Course } from '../course/course';
import { plainKey } from '../key/judge';
import { bytesOf, concat } from '../system/platform';
import {
  type ChosenFile,
  type ChosenFiles,
  type DescribedFile,
  errorLines,
  readChosen,
} from './chosen-files';
import type { GradingData } from './grading-page';
import type { Tables } from './tables';

/** The choices of a person for a run, beside its files. */
export type Options = Pick<ClassInput, 'due' | 'section' | 'from' | 'canvasColumn'>;

/** A request of the page: what the files are, the grades, or all files of a run. */
export interface Order {
  readonly wanted: 'look' | 'grade' | 'zip';
  readonly data: GradingData;
  readonly files: readonly ChosenFile[];
  readonly options: Options;
  /** The decisions so far; without them, as in a look, those that the files hold count. */
  readonly tables?: Tables | undefined;
}

/** The kinds of the files, and what has to be known before they are graded. */
export interface Seen {
  readonly described: readonly DescribedFile[];
  readonly notes: readonly string[];
  /** Why nothing can be graded. */
  readonly refused: readonly string[];
  /** Whether there is something to grade. */
  readonly isReady: boolean;
  readonly tables: Tables;
}

/** A student as a list shows one. */
interface Listed {
  readonly name: string;
  readonly points: string;
  readonly status: string;
  readonly ownLine: Line;
}

/** A graded class as the page shows it. */
export interface Graded {
  readonly summary: readonly string[];
  readonly notes: readonly string[];
  /** The list of cases, as HTML. */
  readonly cases: string;
  /** How many people and submissions are left to decide, in words; empty where nothing is. */
  readonly toDecide: string;
  /** Everybody, by name. */
  readonly people: readonly Listed[];
  /** The tables as they are: their forms, and texts of those that nobody wrote into yet. */
  readonly layouts: readonly (readonly [name: string, TableLayout & { readonly text: string }])[];
  /** The page of the class, as HTML. */
  readonly classPage: string;
  readonly steps: readonly string[];
  /** The grades at the host that are not those here. */
  readonly others: readonly string[];
  /** How the grades of an earlier run changed. */
  readonly changes: readonly string[];
  readonly zip?: Uint8Array<ArrayBuffer>;
}

/** A reply of the worker; one that is no progress ends an order. */
export type Reply =
  | { readonly looked: number; readonly all: number }
  | { readonly seen: Seen }
  | { readonly graded: Graded }
  | { readonly refused: readonly string[] };

/**
 * Returns a function that carries out orders, one after the other. What one has read serves the next.
 *
 * @param post is told how far an order is, and how it ends.
 */
export function orderHandler(post: (reply: Reply) => void): (order: Order) => Promise<void> {
  let course: Course | undefined;
  let grader: ClassInput['grader'];
  let last: { readonly of: string; readonly chosen: ChosenFiles } | undefined;
  return async (order) => {
    const { data, files, options } = order;
    try {
      course ??= courseIn(data);
      grader ??= graderOf(course);
      // A file of the same name may be another one since.
      const signature = JSON.stringify([
        ...files.map(({ name, size, lastModified }) => [name, size, lastModified]),
        options.from,
      ]);
      const chosen =
        last?.of === signature ? last.chosen : await readChosen(files, course.rubric, options.from);
      last = { of: signature, chosen };
      const input = { ...inputOf(order, chosen), grader };
      if (order.wanted === 'look') post({ seen: await look(course, input, chosen) });
      else post({ graded: await grade(course, input, chosen, order.wanted, post) });
    } catch (error) {
      post({ refused: errorLines(error) });
    }
  };
}

/** The course that a page holds. */
function courseIn({ file, rubric, solution }: GradingData): Course {
  return { root: '', file, rubric, solution, key: plainKey(rubric, solution) };
}

function inputOf({ wanted, data, options, tables }: Order, chosen: ChosenFiles): ClassInput {
  const { sources, roster, earlier } = chosen;
  const texts = Object.entries(tables ?? chosen.tables);
  return {
    ...options,
    sources,
    roster,
    earlier,
    tables: new Map(texts.map(([name, text]) => [name, { name, bytes: bytesOf(text) }])),
    release: data.release,
    askAgain: data.askAgain,
    started: new Date(),
    feedback: wanted === 'zip',
  };
}

async function look(course: Course, input: ClassInput, chosen: ChosenFiles): Promise<Seen> {
  const { described, tables, sources, roster } = chosen;
  const notes: string[] = [];
  if (sources.length === 0) notes.push('Still missing: the download of what students handed in.');
  else if (!roster) notes.push('No list of students is given: whoever handed in nothing is not listed then.');
  const seen = { described, tables, notes, refused: [], isReady: sources.length > 0 };
  try {
    if (!chosen.earlier && hasGrades(course, input))
      notes.push(
        'The list has grades already: give the zip that you saved last time, too, or what was decided then is not known.',
      );
    if (sources.length === 0) return seen;
    const { run } = await openClass(course, input);
    return { ...seen, notes: [...notes, ...run.notes.map((note) => withAdvice(note, 'page'))] };
  } catch (error) {
    return { ...seen, refused: errorLines(error) };
  }
}

/** Whether the host's own list has a grade for anybody. */
function hasGrades(course: Course, { roster, canvasColumn }: ClassInput): boolean {
  const host = classHosts.find(({ id }) => id === roster?.host?.id);
  const gradeThere = host?.gradesThere?.({ course, roster, canvasColumn, students: [] });
  return (
    roster?.students.some((student) => /\d/.test(gradeThere?.({ student, points: null })?.text ?? '')) ===
    true
  );
}

async function grade(
  course: Course,
  input: ClassInput,
  chosen: ChosenFiles,
  wanted: Order['wanted'],
  post: (reply: Reply) => void,
): Promise<Graded> {
  const made = await gradeToFiles(course, input, {
    at: (name) => `${name} in the zip`,
    atOnce: 8,
    // A hundred of them are enough to see it move.
    onProgress: (looked, all) => looked % Math.ceil(all / 100) === 0 && post({ looked, all }),
  });
  const { graded, files } = made;
  const cases = casesIn(graded);
  const changes = chosen.earlier ? changeLines(gradeChanges(chosen.earlier, graded)) : [];
  const shown = {
    summary: countsIn(graded),
    notes: graded.notes.map((note) => withAdvice(note, 'page')),
    cases: decisions(cases, graded, { hasLines: false }),
    toDecide: toDecideText(graded),
    people: graded.students
      .map((result) => ({
        name: graded.people.nameOf(result.student),
        points: String(result.points ?? '–'),
        status: result.status,
        ownLine: ownLineFor(result, graded),
      }))
      .sort((one, other) => one.name.localeCompare(other.name, 'en')),
    others: made.others.map(({ row, text, stays }) => {
      const becomes = stays ? 'It stays as it is there.' : 'It changes with the upload.';
      return `${graded.people.nameOf(row.student)}: ${text}. ${becomes}`;
    }),
    layouts: [...graded.layouts],
    classPage: made.classPage(),
    steps: made.steps,
  };
  if (wanted === 'grade') return { ...shown, changes };
  const contents = new Map<string, Uint8Array>();
  for (const [name, { bytes }] of input.tables) if (name !== matchesFile) contents.set(name, bytes);
  for (const [name, parts] of files) contents.set(name, bytesOfParts([...parts]));
  const changed = await changedSince(chosen, contents);
  const upload = chosen.earlier ? changedForHosts(contents.keys(), (name) => changed.has(name)) : [];
  const zip = zipSync(Object.fromEntries(contents) as Zippable, { level: 6 });
  return { ...shown, changes: [...changes, ...upload], zip: zip as Uint8Array<ArrayBuffer> };
}

function bytesOfParts(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));
}

/** The names of files that an earlier run had, and that differ. */
async function changedSince(
  { before }: ChosenFiles,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<Set<string>> {
  const changed = new Set<string>();
  for (const [name, bytes] of contents) {
    const old = await before.get(name)?.read(Number.MAX_SAFE_INTEGER);
    if (
      old instanceof Uint8Array &&
      (old.length !== bytes.length || old.some((byte, at) => byte !== bytes[at]))
    )
      changed.add(name);
  }
  return changed;
}

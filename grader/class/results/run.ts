import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Course } from '../../course';
import { type GradedTables, gradeAnswers, reportOf } from '../../grading/score';
import { GraderError } from '../../message';
import type { Deadline } from '../../rubric/file.schema';
import { readAnswers } from '../../submission/cells';
import type { FoundFiles, Readers } from '../../submission/find';
import { readReflection } from '../../submission/reflection';
import { readSubmission, type Submission } from '../../submission/submission';
import { removeFolder, rename, startDraft } from '../../system/draft';
import { isValid } from '../../validate';
import { matchesFile } from '../members/matching';
import type { People } from '../members/people';
import type { Roster } from '../members/roster';
import { emptyTables } from './by-hand';
import type { StudentResult } from './student-result.schema';
import schema from './student-result.schema.json';

/** What is known of a class, graded or not. */
export interface ClassFacts {
  readonly course: Course;
  /** Everybody in the class, for lines that name a student. */
  readonly people: People;
  readonly roster: Roster | undefined;
  /** SHA-256 of the members of the class and of everything that grades depend on, except the submissions. */
  readonly digest: string;
  /** The last moment at which anybody's work may still count, if there is a deadline. */
  readonly openUntil: number | undefined;
  readonly started: Date;
  /** Notes on the run as a whole, the most important first. */
  readonly notes: readonly string[];
  /** The content of `matches.csv`, unless it is there already. */
  readonly matches?: string;
}

/** What every student of a run is graded by. */
export interface Run extends ClassFacts {
  /** When the work of some students is due, by key, in milliseconds since 1970. */
  readonly extensions: ReadonlyMap<string, number>;
  readonly hasGit: boolean;
  readonly grader: ReturnType<typeof graderOf>;
}

/** A part of a class: every `of`th student, from the `index`th on, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** A graded class: everything that its files are made from. */
export interface GradedClass extends ClassFacts {
  /** Sorted by key. */
  readonly rows: readonly StudentResult[];
  /** Heading of the grade column for Canvas, if one was given. */
  readonly canvasColumn?: string;
  /** The instructor's additions to the feedback, by key. */
  readonly comments: ReadonlyMap<string, string>;
  /** The lines that set points by hand, by key. */
  readonly overrides: ReadonlyMap<string, { readonly line: number }>;
  readonly shard?: Shard;
  /** Whether the feedback includes the answers, if it is written, and the reason, for the instructor who made the run. */
  readonly feedback?: { readonly hasAnswers: boolean; readonly why: string };
}

/** Reads and grades each distinct text once in a run, whoever handed it in. */
export function graderOf({ rubric, key }: Course) {
  const readers: Readers = { answers: once(readAnswers), reflection: once(readReflection) };
  const known = new WeakMap<object, Promise<GradedTables>>();
  return {
    readers,
    read: (found: FoundFiles) => readSubmission(found, rubric, readers),
    score: async (submission: Submission) => {
      const { answers } = submission;
      const graded = known.get(answers.rows) ?? gradeAnswers(rubric, answers, key);
      known.set(answers.rows, graded);
      return reportOf(rubric, submission, key, await graded);
    },
  };
}

/** Remembers each distinct text as it was read. Messages name the file, so what is elsewhere is read anew. */
function once<Form extends { readonly file: string }, Content>(read: (text: string, form: Form) => Content) {
  const known = new Map<string, Content>();
  return (text: string, form: Form) => {
    const key = `${form.file}\n${text}`;
    const content = known.get(key) ?? read(text, form);
    known.set(key, content);
    return content;
  };
}

/** The file with the rows of a run, one JSON text per line, sorted by key. */
export const resultsFile = 'results.jsonl';

/** The file that a run writes last. If it is there, the run is complete. */
export const runFile = 'run.json';

/** The version of the format; no other is read. */
export const runVersion = 13;

/** What is read of a run: enough to say whether another was graded in the same way. */
export interface ClassRun {
  readonly version: number;
  readonly rubric: string;
  readonly key: string;
  /** SHA-256 of who is in the class, and of all else that grades depend on. */
  readonly class: string;
  /** SHA-256 of who is on the roster; null where there was none. */
  readonly roster: string | null;
  readonly deadline?: Deadline;
  /** The last moment at which anybody's work may still count. */
  readonly openUntil?: string;
  readonly shard?: Shard;
  readonly students: number;
  /** Notes on the run as a whole. */
  readonly notes: readonly string[];
  readonly started: string;
}

/**
 * Reads a complete run.
 *
 * @throws {GraderError} where the folder holds none of this version.
 */
export function readRun(folder: string) {
  const textOf = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  try {
    const run = JSON.parse(textOf(runFile)) as ClassRun;
    const rows = textOf(resultsFile)
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));
    const isWhole = run.version === runVersion && rows.length === run.students;
    if (isWhole && rows.every((row) => isValid<StudentResult>(schema, row))) return { ...run, rows };
  } catch {
    // It is damaged, as is what does not hold what it should.
  }
  throw new GraderError(
    'folder',
    'run-unreadable',
    `${folder} holds no complete run of this version of the grader. Grade into another folder, with the tables that you filled in copied there.`,
  );
}

/** The tables that an instructor fills in. A folder that holds nothing else counts as new. */
const byHand = [...Object.keys(emptyTables), matchesFile];

/** Files that operating systems leave in a folder that somebody opened. */
const harmless = ['.DS_Store', 'Thumbs.db', 'desktop.ini'];

/**
 * Starts to write results beside their place, which holds the earlier run or the new one, never half of either. What a
 * killed run left there is deleted, or put in place if it was complete.
 *
 * @returns the new folder, and whether it replaces an earlier run. `close` removes what was written, unless `commit` has
 *   put it in its place. That returns where the earlier run is kept, if there was one, and throws a GraderError if a
 *   table was filled in meanwhile: the person would assume that it counts.
 * @throws {GraderError} where another run is active there, or something else is in the way.
 */
export function openResults(out: string) {
  const hasRun = (place: string) => existsSync(path.join(place, runFile));
  const tablesIn = (place: string) => byHand.filter((name) => existsSync(path.join(place, name)));
  const textsIn = (place: string) =>
    JSON.stringify(tablesIn(place).map((name) => readFileSync(path.join(place, name), 'utf8')));
  const prepare = (folder: string) => {
    // A run that was killed between its two renames was complete.
    if (!existsSync(out) && hasRun(folder)) rename(folder, out);
    removeFolder(folder);
    const names = existsSync(out) && !hasRun(out) ? readdirSync(out) : [];
    const foreign = names.find((name) => !harmless.includes(name) && !byHand.includes(name));
    if (foreign !== undefined)
      throw new GraderError(
        'folder',
        'out-holds-other-files',
        `${out} holds ${foreign}, which no grading put there. It was not changed. Choose another folder with --out.`,
      );
    // These are student records: only the user who grades has to read them.
    mkdirSync(folder, { mode: 0o700 });
    for (const name of tablesIn(out)) copyFileSync(path.join(out, name), path.join(folder, name));
  };
  const draft = startDraft(out, `Another run writes to ${out}`, prepare);
  const { folder } = draft;
  const tables = textsIn(folder);
  const replaces = hasRun(out);
  return {
    folder,
    replaces,
    close: draft.discard,
    commit: () => {
      const earlier = `${out}.before-${new Date().toISOString().replaceAll(':', '-').replace('Z', '')}`;
      draft.commit(folder, earlier, () => {
        if (textsIn(earlier) !== tables)
          throw new GraderError(
            'folder',
            'by-hand-changed',
            `A table in ${out} was changed while the class was graded. Nothing was replaced; run it again.`,
          );
      });
      if (replaces) return earlier;
      removeFolder(earlier);
      return undefined;
    },
  };
}

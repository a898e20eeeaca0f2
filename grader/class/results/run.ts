import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Course } from '../../course/course';
import { type GradedTables, gradeAnswers, reportOf } from '../../grading/score';
import { GraderError } from '../../message';
import { readAnswers } from '../../submission/cells';
import type { FoundFiles, Readers } from '../../submission/find';
import { workFinder } from '../../submission/folder';
import { readReflection } from '../../submission/reflection';
import { readSubmission, type Submission } from '../../submission/submission';
import { isValid } from '../../validate';
import type { Due } from '../histories/deadline';
import type { People } from '../members/people';
import type { Roster } from '../members/roster';
import type { StudentResult } from './student-result.schema';
import schema from './student-result.schema.json';

/** Something about a run as a whole that the instructor has to know. */
export interface Note {
  readonly text: string;
  /** Whether it names people, files or places, which no page for the lecture shows. */
  readonly hasNames?: boolean;
}

/** A class as it is known before it is graded: all that every student of it is graded by. */
export interface OpenClass {
  readonly course: Course;
  /** Everybody in the class, for lines that name a student. */
  readonly people: People;
  readonly roster: Roster | undefined;
  /** The last moment at which anybody's work may still count, if there is a deadline. */
  readonly openUntil: number | undefined;
  readonly started: Date;
  /** Notes on the run as a whole, the most important first. */
  readonly notes: readonly Note[];
  /** The content of `matches.csv`. */
  readonly matches: string;
  /** When the work of some students is due, by key, in milliseconds since 1970. */
  readonly extensions: ReadonlyMap<string, number>;
  readonly grader: ReturnType<typeof graderOf>;
}

/** The basis on which the work of one student is graded. */
export interface Grading extends OpenClass {
  readonly due: Due;
}

/** A graded class: everything that its files are made from. */
export interface GradedClass extends OpenClass {
  /** Sorted by key. */
  readonly rows: readonly StudentResult[];
  /** Heading of the grade column for Canvas, if one was given. */
  readonly canvasColumn?: string;
  /** The instructor's additions to the feedback, by key. */
  readonly comments: ReadonlyMap<string, string>;
  /** The lines that set points by hand, by key. */
  readonly overrides: ReadonlyMap<string, { readonly line: number }>;
  /**
   * Whether the feedback includes the answers, if it is written, and the reason, for the instructor who made the run.
   */
  readonly feedback?: { readonly hasAnswers: boolean; readonly why: string };
}

/** Reads and grades each distinct text once in a run, whoever handed it in. */
export function graderOf({ rubric, key }: Course) {
  const readers: Readers = { answers: once(readAnswers), reflection: once(readReflection) };
  const known = new Map<object, Promise<GradedTables>>();
  return {
    readers,
    finder: workFinder(rubric, readers),
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
  const known = new Map<string, Map<string, Content>>();
  return (text: string, form: Form) => {
    const ofPlace = known.get(form.file) ?? new Map<string, Content>();
    const content = ofPlace.get(text) ?? read(text, form);
    known.set(form.file, ofPlace.set(text, content));
    return content;
  };
}

/** The file with the rows of a run, one JSON text per line, sorted by key. */
export const resultsFile = 'results.jsonl';

/** The file that a run writes last. If it is there, the run is complete. */
export const runFile = 'run.json';

/** The version of the format; no other is read. */
export const runVersion = 15;

/** The part of the file that is read. */
interface RunRecord {
  readonly version: number;
  /** The last moment at which anybody's work may still count. */
  readonly openUntil?: string;
  readonly students: number;
  /** How many submissions belong to nobody. */
  readonly unmatched: number;
}

/**
 * Reads a complete run.
 *
 * @throws {GraderError} where the folder holds none of this version.
 */
export function readRun(folder: string) {
  try {
    const run = JSON.parse(readFileSync(path.join(folder, runFile), 'utf8')) as RunRecord;
    const rows = [...linesOf(path.join(folder, resultsFile))].map((line): unknown => JSON.parse(line));
    const isWhole = run.version === runVersion && rows.length === run.students + run.unmatched;
    if (isWhole && rows.every((row) => isValid<StudentResult>(schema, row))) return { ...run, rows };
  } catch {
    // The run is damaged, as is one that does not hold what it should.
  }
  throw new GraderError(
    'folder',
    'run-unreadable',
    `${folder} holds no complete run of this version of the grader. Grade into another folder, with the tables that you filled in copied there.`,
  );
}

/** The lines of a file. Those of a large class do not fit into one text. */
function* linesOf(file: string) {
  const bytes = readFileSync(file);
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\n', start);
    if (end === -1) throw new Error('the last line is cut off');
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

import type { Course } from '../../course/course';
import type { GradedTables } from '../../grading/report.schema';
import { gradeAnswers, reportOf } from '../../grading/score';
import { type Advice, GraderError } from '../../message';
import { readAnswers } from '../../submission/cells';
import { namesRows } from '../../submission/elsewhere';
import { workFinder } from '../../submission/read-files';
import { readReflection } from '../../submission/reflection';
import { readSubmission, type Submission } from '../../submission/submission';
import type { FoundFiles, Readers } from '../../submission/which-files';
import type { DecidedAbout } from '../decisions/decided';
import type { Journal } from '../decisions/journal';
import type { TableLayout, TableRow } from '../members/csv-table';
import type { People, Student } from '../members/people';
import type { Roster } from '../members/roster';
import type { CollectedSubmission } from '../members/source';
import type { Hold } from './answers-shut';
import type { Due, HostDue } from './deadline';
import type { RunNote } from './note';
import type { StudentResult, UnmatchedResult } from './student-result.schema';

/** A class before it is graded: everything that is the same for all of its students. */
export interface OpenClass {
  readonly course: Course;
  /** Everybody in the class, for lines that name a student. */
  readonly people: People;
  readonly roster: Roster | undefined;
  /** The sections of the class, if there are several, and those of each student, by key. */
  readonly sections: readonly string[];
  readonly sectionsOf: ReadonlyMap<string, readonly string[]>;
  /** The last moment at which anybody's work may still count, if there is a deadline; `Infinity` if nobody knows. */
  readonly openUntil: number | undefined;
  /** The due dates after the course's that keep the answers back until then. */
  readonly holds: readonly Hold[];
  /** The hosts whose downloads were given. */
  readonly hostsGiven: ReadonlySet<string>;
  readonly started: Date;
  /** When the release that students started from was made, in ISO format, if known. */
  readonly released: string | undefined;
  /** The keys of students who may own an unmatched submission. */
  readonly candidates: ReadonlySet<string>;
  /** Notes on the run as a whole, the most important first. */
  readonly notes: readonly RunNote[];
  /** The content of `matches.csv`. */
  readonly matches: string;
  /** When the work of some students is due, by key, in milliseconds since 1970. */
  readonly extensions: ReadonlyMap<string, number>;
  /** The due dates of some students in the host's record, by key. A line of `extensions.csv` takes precedence. */
  readonly hostDues: ReadonlyMap<string, HostDue>;
  /**
   * Extensions that an earlier run knew and that nothing grants any more, and those of people not in this class, by
   * key. They extend nothing, but nobody gets the answers before the last of them.
   */
  readonly heldExtensions: ReadonlyMap<string, number>;
  /** The rows of people of earlier runs who are in no list now. */
  readonly unlisted: readonly StudentResult[];
  /** Everything that was handed in, by name. */
  readonly submissions: ReadonlyMap<string, CollectedSubmission>;
  readonly grader: ReturnType<typeof graderOf>;
  /** Everything that people decided, in any run. */
  readonly journal: Journal;
  /** The decisions that stand about a student. */
  readonly decidedAbout: DecidedAbout;
  /** Called with how much of a submission was read, unless it is read from a clone. */
  readonly onRead: ReturnType<typeof readingLimit>;
}

/** Everything needed to grade the work of one student. */
export interface Grading extends OpenClass {
  /** Undefined for work that is nobody's. */
  readonly student: Student | undefined;
  /** Whether the student has several different works, but a host's record has only one time for them. */
  readonly isTimeShared?: boolean;
  readonly due: Due;
}

/** Students and submissions that belong to nobody, each sorted by key. */
export interface Results {
  readonly students: readonly StudentResult[];
  readonly unmatched: readonly UnmatchedResult[];
}

/** A graded class: everything that its files are made from. */
export interface GradedClass extends OpenClass, Results {
  /** The instructor's additions to the feedback, by key. */
  readonly comments: ReadonlyMap<string, string>;
  /** Names the grade column of Canvas, if somebody said which it is. */
  readonly canvasColumn?: string | undefined;
  /** Whether the feedback includes the answers, if there is any, and the reason, for the instructor who ran it. */
  readonly feedback?: { readonly hasAnswers: boolean; readonly why: Advice } | undefined;
  /** The tables that people fill in, by name: their forms, and everything in them. */
  readonly layouts: ReadonlyMap<string, TableLayout & { readonly text: string }>;
  /** The lines of `overrides.csv` by key, whether they count or not. */
  readonly overrides: ReadonlyMap<string, TableRow>;
}

/** Reads and grades each distinct text once in a run, whoever handed it in. */
export function graderOf({ rubric, key }: Course) {
  const readers: Readers = {
    answers: once(readAnswers),
    reflection: once(readReflection),
    page: once(namesRows),
  };
  const gradedBefore = new Map<object, Promise<GradedTables>>();
  return {
    readers,
    finder: workFinder(rubric, readers),
    read: (found: FoundFiles) => readSubmission(found, rubric, readers),
    score: async (submission: Submission) => {
      const { answers } = submission;
      const graded = gradedBefore.get(answers.rows) ?? gradeAnswers(rubric, answers, key);
      gradedBefore.set(answers.rows, graded);
      return reportOf(rubric, submission, key, await graded);
    },
  };
}

/** How much of what a class handed in is read, in bytes. A class with 600 MB of photos in zips takes a tenth of it. */
const maxRead = 8 * 1024 ** 3;

/**
 * Tracks how much of what a class handed in is read, unpacked.
 *
 * @returns a function to call for each file of a submission, which throws a GraderError once it is too much.
 */
export function readingLimit() {
  const sizes = new Map<string, number>();
  let total = 0;
  return (submission: string, bytes: number) => {
    total += bytes;
    sizes.set(submission, (sizes.get(submission) ?? 0) + bytes);
    if (total <= maxRead) return;
    const [name, size] = [...sizes].reduce((most, one) => (one[1] > most[1] ? one : most));
    throw new GraderError(
      'folder',
      'archives-too-large',
      `The work of this class unpacks to more than ${maxRead / 1024 ** 3} GiB; ${name} alone to ${Math.round(size / 1024 ** 2)} MiB. Remove from the download what is not a worksheet, and grade again. Nothing was graded.`,
    );
  };
}

/**
 * Remembers how each distinct text was read. Messages name the file, so an equal text in another file is read again.
 */
function once<Form extends { readonly file: string }, Content>(read: (text: string, form: Form) => Content) {
  const readBefore = new Map<string, Map<string, Content>>();
  return (text: string, form: Form) => {
    const ofPlace = readBefore.get(form.file) ?? new Map<string, Content>();
    const content = ofPlace.get(text) ?? read(text, form);
    readBefore.set(form.file, ofPlace.set(text, content));
    return content;
  };
}

/** The files with the results of a run, one JSON text per line, sorted by key. */
export const resultsFile = 'results.jsonl';
export const unmatchedFile = 'unmatched.jsonl';

/** The file that a run writes last. If it exists, the run is complete. */
export const runFile = 'run.json';

/** The version of the format; we read no other. */
export const runVersion = 22;

/** An earlier complete run, as far as it is read; its students include those who were in no list then. */
export interface EarlierRun extends Pick<Results, 'students'> {
  /** In ISO format. */
  readonly started: string;
  /** When the work of some students is due, by key, or `not read`. It includes dates that nothing grants any more. */
  readonly extensions: Readonly<Record<string, string>>;
  /** When the last run was started that made each archive of feedback, by its name; in ISO format. */
  readonly archives: Readonly<Record<string, string>>;
}

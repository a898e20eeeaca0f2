import type { Course } from '../../course';
import type { Report } from '../../grading/report.schema';
import { type GradedTables, gradeAnswers, reportOf } from '../../grading/score';
import { type Answers, readAnswers } from '../../submission/cells';
import type { FoundFiles, Readers } from '../../submission/find';
import { type Reflection, readReflection } from '../../submission/reflection';
import { readSubmission, type Submission } from '../../submission/submission';
import type { People } from '../members/people';
import type { Roster } from '../members/roster';
import type { Protected } from './integrity';
import type { StudentResult } from './student-result.schema';

/** What every student of a run is graded by. */
export interface Run {
  readonly course: Course;
  readonly hasRoster: boolean;
  /** When the work of some students is due, by key, in milliseconds since 1970. */
  readonly extensions: ReadonlyMap<string, number>;
  /** The released files that students need not change, if they are known. */
  readonly released: Protected | undefined;
  readonly hasGit: boolean;
  /** When the run started, in milliseconds since 1970. */
  readonly now: number;
  readonly grader: Grader;
}

/** A part of a class: every `of`th student, from the `index`th on, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The rules for what the feedback of a run may tell. */
export interface FeedbackPolicy {
  /** Whether the feedback includes the answers. */
  readonly hasAnswers: boolean;
  /** The reason, for the instructor who made the run. */
  readonly why: string;
}

/** A graded class: everything that its files are made from. */
export interface GradedClass {
  readonly course: Course;
  /** Sorted by key. */
  readonly rows: readonly StudentResult[];
  /** Everybody in the class, for lines that name a student. */
  readonly people: People;
  readonly roster: Roster | undefined;
  /** SHA-256 of the members of the class and of everything that grades depend on, except the submissions. */
  readonly digest: string;
  /** The last moment at which anybody's work may still count, if there is a deadline. */
  readonly openUntil?: number | undefined;
  readonly started: Date;
  /** Notes on the run as a whole, the most important first. */
  readonly notes: readonly string[];
  /** Heading of the grade column for Canvas. */
  readonly canvasColumn: string;
  /** The content of `matches.csv`, unless it is there already. */
  readonly matches?: string | undefined;
  /** The instructor's additions to the feedback, by key. */
  readonly comments: ReadonlyMap<string, string>;
  /** The lines that set points by hand, by key. */
  readonly overrides: ReadonlyMap<string, number>;
  readonly shard?: Shard | undefined;
  /** What the feedback may tell, if it is written. */
  readonly feedback?: FeedbackPolicy | undefined;
}

/** Reads and grades each distinct text once in a run, whoever handed it in. */
export class Grader {
  readonly readers: Readers;
  private readonly course: Course;
  private readonly answers = new Map<string, Answers>();
  private readonly reflections = new Map<string, Reflection>();
  private readonly graded = new WeakMap<object, Promise<GradedTables>>();

  constructor(course: Course) {
    this.course = course;
    // A file elsewhere is named so in its messages, so its readings are its own.
    this.readers = {
      answers: (text, form) => once(this.answers, `${form.file}\n${text}`, () => readAnswers(text, form)),
      reflection: (text, form) =>
        once(this.reflections, `${form.file}\n${text}`, () => readReflection(text, form)),
    };
  }

  read(found: FoundFiles): Submission {
    return readSubmission(found, this.course.rubric, this.readers);
  }

  async score(submission: Submission): Promise<Report> {
    const { rubric, key } = this.course;
    const { rows } = submission.answers;
    const graded = this.graded.get(rows) ?? gradeAnswers(rubric, submission.answers, key);
    this.graded.set(rows, graded);
    return reportOf(rubric, submission, key, await graded);
  }
}

function once<Read>(known: Map<string, Read>, text: string, read: () => Read): Read {
  const found = known.get(text) ?? read();
  known.set(text, found);
  return found;
}

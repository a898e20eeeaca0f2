import { closeSync, existsSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Course } from '../course';
import { GraderError } from '../error';
import { jsonFile } from '../files';
import { type CsvCell, csvRows, gradebookKey, own, untrusted } from '../render/escape/csv';
import { isValid } from '../validate';
import { matchesFile } from './members/matches';
import type { MoodleWorksheet } from './members/moodle-worksheet';
import { type Student, wordFor } from './members/people';
import { followUpFile, type OverrideLines, renderFollowUp } from './pages/follow-up';
import type { Who } from './pages/follow-up-stats';
import { pageFile } from './pages/layout';
import { pollFile, renderPoll } from './pages/poll';
import { renderPage } from './pages/report';
import { ClassStats } from './pages/statistics';
import { pollOf } from './pages/vote';
import { type ClassRun, resultsFile, resultText, runFile } from './results/results-file';
import { byHand } from './results/staging';
import type { StudentResult } from './results/student-result.schema';
import schema from './results/student-result.schema.json';
import { type Gradebook, indistinguishable } from './returns/gradebooks/gradebook';
import { grades } from './returns/gradebooks/grades';
import { gradebooks } from './returns/gradebooks/registry';

/** The inputs for the files of a run, besides its rows. */
export interface OutputOptions {
  readonly course: Course;
  readonly roster: readonly Student[] | undefined;
  /** Whether `roster` comes from the names in a download, not from a file. */
  readonly isNamedByDownload?: boolean;
  /** Heading of the grade column for Canvas. */
  readonly canvasColumn: string;
  /** Notes on the run as a whole. */
  readonly notes: readonly string[];
  /** Moodle's grading worksheet, if that is the roster. */
  readonly worksheet?: MoodleWorksheet;
  /** The instructor's additions to the feedback, by key. */
  readonly comments: ReadonlyMap<string, string>;
  /** The initial content of `matches.csv`, if it has lines to fill in. */
  readonly emptyMatches?: string;
}

/** The facts to report when a run is over. */
export interface Summary {
  readonly stats: ClassStats;
  readonly run: ClassRun;
  /** Students on the roster whom a gradebook leaves out, by its file. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
  /** Why there is nothing to vote on, if so. */
  readonly noPoll: string | undefined;
}

/** Every response to the reflection, with the names of students. */
export const responsesFile = 'responses.csv';

/** Writes the files of a run row by row (results, tables and gradebooks), and the page at the end. */
export class Outputs {
  private readonly folder: string;
  private readonly options: OutputOptions;
  private readonly students: ReadonlyMap<string, Student>;
  private readonly rows: Stream;
  private readonly responses: CsvStream;
  private readonly books: readonly (readonly [Gradebook, CsvStream])[];
  /** Students whom a host could not tell apart, by gradebook. */
  private readonly indistinguishable: ReadonlyMap<Gradebook, ReadonlySet<string>>;
  private readonly leftOut = new Map<string, string[]>();
  private readonly stats: ClassStats;
  private rowCount = 0;

  /**
   * @param students by key; see `Member`.
   * @param isWhole whether the run covers a whole class, so that it has files to be filled in by hand.
   */
  constructor(
    folder: string,
    options: OutputOptions,
    students: ReadonlyMap<string, Student>,
    isWhole: boolean,
  ) {
    const { course, roster = [], isNamedByDownload, canvasColumn, worksheet, emptyMatches } = options;
    this.folder = folder;
    this.options = options;
    this.students = students;
    this.stats = new ClassStats(course.rubric, (row) => this.who(row), course.solution.misconceptions);
    this.rows = new Stream(path.join(folder, resultsFile));
    this.responses = new CsvStream(path.join(folder, responsesFile));
    this.responses.add(['login', 'name', 'question', 'response'].map(own));
    mkdirSync(path.join(folder, 'gradebooks'), { mode: 0o700 });
    const books = Object.values(gradebooks).flatMap(
      (make) =>
        make({
          canvasColumn,
          students: roster,
          key: isNamedByDownload ? untrusted : gradebookKey,
          worksheet,
        }) ?? [],
    );
    this.indistinguishable = new Map(books.map((book) => [book, indistinguishable(roster, book)]));
    this.books = [
      [grades, new CsvStream(path.join(folder, grades.file))] as const,
      ...books.map((book) => [book, new CsvStream(path.join(folder, 'gradebooks', book.file))] as const),
    ];
    for (const [name, empty] of byHand) {
      const file = path.join(folder, name);
      const text = name === matchesFile ? (emptyMatches ?? empty) : empty;
      if (isWhole && !existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
    }
    for (const [book, stream] of this.books) {
      stream.add(book.columns.map(([heading]) => own(heading)));
      const first = book.firstRow?.(course.rubric);
      if (first) stream.add(book.columns.map(([heading]) => first[heading] ?? null));
    }
  }

  /**
   * @param feedback the student's feedback, as plain text, if it is written.
   * @throws {GraderError} if a row does not match the published schema: another program could not read it.
   */
  add(row: StudentResult, feedback?: string): void {
    assertStudentResult(row);
    this.rowCount++;
    const { rubric } = this.options.course;
    const student = this.students.get(row.key);
    this.rows.write(`${resultText(row)}\n`);
    this.stats.add(row);
    for (const [book, stream] of this.books) {
      const comment = this.options.comments.get(row.key);
      const entry = { result: row, student, rubric, comment, feedback };
      const isKnown = (book.knows?.(entry) ?? true) && !this.indistinguishable.get(book)?.has(row.key);
      if (isKnown) stream.add(book.columns.map(([, cell]) => cell(entry)));
      else if (student) this.leaveOut(book, student.login || row.key);
    }
    const who = [row.login, student?.name ?? ''].map(untrusted);
    for (const { question, text } of row.responses)
      this.responses.add([...who, own(question), untrusted(text)]);
  }

  private leaveOut({ file }: Gradebook, login: string): void {
    const known = this.leftOut.get(file);
    if (known) known.push(login);
    else this.leftOut.set(file, [login]);
  }

  /**
   * Finishes every file. The file that marks the run as complete comes last.
   *
   * @param expected the number of rows that there have to be.
   * @param overrideLines the lines that set points by hand, by key.
   * @throws {GraderError} if a row or a file is missing.
   */
  finish(
    expected: number,
    run: Omit<ClassRun, 'students' | 'statuses' | 'needsReview'>,
    overrideLines: OverrideLines['lines'] = new Map(),
  ): Summary {
    for (const stream of this.streams()) stream.end();
    const { course } = this.options;
    const wordOf = (key: string) => wordFor({ key, student: this.students.get(key) });
    const found = pollOf(course, this.stats);
    const [poll, noPoll] = 'reason' in found ? [undefined, found.reason] : [found, undefined];
    const { students, statusCounts: statuses } = this.stats.totals;
    const { needsReview } = this.stats.followUp;
    const whole = {
      ...run,
      students,
      statuses: Object.fromEntries([...statuses].sort()),
      needsReview: Object.fromEntries([...needsReview].sort()),
    };
    const texts = [
      [
        pageFile,
        renderPage(this.stats, {
          notes: run.notes,
          asked: poll?.idea,
          explanations: course.solution.explanations,
        }),
      ],
      ...(poll ? [[pollFile, renderPoll(poll, course.rubric.title)] as const] : []),
      [followUpFile, renderFollowUp(this.stats, { lines: overrideLines, wordOf }, poll?.idea.id)],
      [runFile, jsonFile(whole)],
    ] as const;
    for (const [name, text] of texts) writeFileSync(path.join(this.folder, name), text, { mode: 0o600 });
    if (this.rowCount !== expected)
      throw incomplete('students-missing', `${this.rowCount} of ${expected} students were graded`);
    for (const stream of this.streams()) stream.assertWritten();
    for (const [name, text] of texts) assertSize(path.join(this.folder, name), Buffer.byteLength(text));
    return { stats: this.stats, run: whole, leftOut: this.leftOut, noPoll };
  }

  /** Closes the files of a run that is given up. */
  abandon(): void {
    for (const stream of this.streams()) stream.close();
  }

  private streams(): Stream[] {
    return [this.rows, this.responses, ...this.books.map(([, book]) => book)];
  }

  private who({ key, login, repository }: StudentResult): Who {
    const name = this.students.get(key)?.name;
    const label = name && login ? `${name} (${login})` : name || login || key;
    return { label, ...(repository && { link: repository }) };
  }
}

function assertStudentResult(row: StudentResult): void {
  const { login, key } = row;
  if (isValid<StudentResult>(schema, row)) return;
  throw new GraderError(
    'report',
    'invalid-result',
    `The grader made a result for ${login || key} that does not match its own schema. This is a bug in the grader: report it, with this student's two files.`,
  );
}

function incomplete(code: string, what: string): GraderError {
  return new GraderError(
    'folder',
    code,
    `The run is not complete: ${what}. Nothing was replaced; run it again.`,
  );
}

function assertSize(file: string, size: number): void {
  if (statSync(file, { throwIfNoEntry: false })?.size !== size)
    throw incomplete('output-changed', `${file} was removed or changed while the class was graded`);
}

const buffered = 1024 * 1024;

/** A file that is written from start to end. */
class Stream {
  private readonly file: string;
  private readonly descriptor: number;
  private size = 0;
  private waiting: string[] = [];
  private length = 0;
  private isOpen = true;

  constructor(file: string) {
    this.file = file;
    this.descriptor = openSync(file, 'wx', 0o600);
  }

  write(text: string): void {
    this.waiting.push(text);
    this.length += text.length;
    if (this.length >= buffered) this.flush();
  }

  end(): void {
    this.flush();
    this.close();
  }

  /** @throws {GraderError} if some of it is missing. */
  assertWritten(): void {
    assertSize(this.file, this.size);
  }

  close(): void {
    if (this.isOpen) closeSync(this.descriptor);
    this.isOpen = false;
  }

  private flush(): void {
    const bytes = Buffer.from(this.waiting.join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    this.size += bytes.length;
    this.waiting = [];
    this.length = 0;
  }
}

/** A table that is written row by row. */
class CsvStream extends Stream {
  private rows: (readonly CsvCell[])[] = [];

  add(cells: readonly CsvCell[]): void {
    if (this.rows.push(cells) >= 500) this.writeRows();
  }

  override end(): void {
    this.writeRows();
    super.end();
  }

  private writeRows(): void {
    this.write(csvRows(this.rows));
    this.rows = [];
  }
}

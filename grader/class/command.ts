import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { manifestName } from '../authoring/release/manifest';
import { type Configure, type Context, fromCaller } from '../command';
import { type Course, loadCourse, withDeadline } from '../course';
import { GraderError } from '../error';
import { colors } from '../render/escape/colors';
import { indentedJson } from '../render/escape/json';
import { escapeTerminal, terminal } from '../render/escape/terminal';
import { momentForm, momentOf } from '../rubric/moment';
import { verificationFiles, verifyOnce } from '../verified';
import { formats } from './members/downloads/formats';
import type { Student } from './members/people';
import { openClass, type Shard } from './results/class';
import { type ClassGrading, startGrading } from './results/pool';
import type { StudentResult } from './results/student-result.schema';
import { classTable, maxLinesShown } from './terminal';
import {
  type OutputArguments,
  resultsFolder,
  type WrittenRun,
  withOutputOptions,
  writeOptions,
  writeResults,
} from './write-results';

interface Options extends OutputArguments {
  readonly due?: string;
  readonly extensions?: string;
  readonly release?: string;
  readonly keyChanged?: boolean;
  readonly shard?: Shard;
  readonly section?: string;
  readonly from?: string;
}

/** `npm run grade:class` */
export const configureGradeClass: Configure = (command, context) =>
  withOutputOptions(
    command.argument(
      '<submissions>',
      'a folder with one folder per student, as npm run fetch:class makes it, or a download from Canvas, Moodle, Gradescope or Classroom 50, zipped or not',
    ),
  )
    .option(
      '--due <moment>',
      'when work is due, such as 2026-12-01T23:59-05:00, instead of the rubric’s due',
      dueOption,
    )
    .option('--extensions <file.csv>', 'a table of later due times for some students: login,due')
    .option(
      '--release <folder>',
      'the release that students started from, to find changed files (default: dist/, if it is there)',
    )
    .option(
      '--key-changed',
      'grade with this repository’s key and rubric although the release has others; the results say so',
    )
    .option(
      '--shard <i/n>',
      'grade only every nth student, starting at the ith; npm run grade:merge joins the parts',
      shardOption,
    )
    .option(
      '--from <host>',
      `the format of the download, if it is not recognized: ${formats.map(({ id }) => id).join(', ')}`,
    )
    .option('--section <name>', 'grade only this section of the roster')
    .addHelpText(
      'after',
      '\nExit status: 0 if the class was graded, whatever the grades; 2 if it could not be.',
    )
    .action((folder: string, options: Options) => gradeClass(context, folder, options));

async function gradeClass(context: Context, folder: string, options: Options): Promise<void> {
  const { courseRoot, print } = context;
  if (options.shard && options.feedback)
    throw new GraderError(
      'usage',
      'feedback-of-part',
      '--feedback needs the whole class, because points set by hand count only there. Give it to npm run grade:merge.',
    );
  const started = new Date();
  // Note these files before the course is loaded: any that change during the run are not the ones that were loaded.
  const others = verificationFiles(courseRoot);
  const course = withDue(loadCourse(courseRoot, false), options.due);
  const opened = await openClass(course, {
    root: fromCaller(folder),
    out: resultsFolder(courseRoot, options),
    ...(options.roster !== undefined && { roster: fromCaller(options.roster) }),
    ...(options.extensions !== undefined && { extensions: fromCaller(options.extensions) }),
    ...releaseOf(courseRoot, options.release),
    ...(options.keyChanged && { keyChanged: true }),
    shard: options.shard,
    section: options.section,
    from: options.from,
    canvasColumn: options.canvasColumn,
  });
  if (!options.json) for (const note of opened.notes) print(escapeTerminal(note));
  const grading = startGrading(opened.students, opened.context);
  try {
    // Threads start meanwhile; nothing is written before the key is verified.
    verifyOnce(course, others);
    const finished = await writeResults(withProgress(grading, opened.students.length), {
      ...writeOptions(course, options, opened.roster?.assignments),
      started,
      digest: opened.digest,
      roster: opened.known,
      isNamedByDownload: opened.roster === undefined,
      emptyMatches: opened.emptyMatches,
      worksheet: opened.roster?.worksheet,
      download: opened.download,
      people: opened.people,
      students: opened.students.length,
      notes: opened.notes,
      openUntil: opened.openUntil,
      shard: options.shard,
    });
    if (options.json) print(indentedJson(finished.told));
    else tell(context, finished, course, opened.known);
  } finally {
    await grading.end();
  }
}

async function* withProgress(grading: ClassGrading, all: number): AsyncGenerator<StudentResult> {
  const progress = new Progress(all);
  for await (const row of grading.rows()) {
    progress.step();
    yield row;
  }
  progress.end();
}

function tell(
  { print, hasColors }: Context,
  { rows, text }: WrittenRun,
  course: Course,
  students: readonly Student[] = [],
): void {
  const names = new Map(students.map(({ key, name }) => [key, name] as const));
  if (rows.length <= maxLinesShown) print(`${classTable(rows, course, colors(hasColors), names)}\n`);
  print(text);
}

function withDue(course: Course, due: string | undefined): Course {
  if (due === undefined) return course;
  const { deadline } = course.file;
  if (deadline?.cutoff !== undefined && (momentOf(deadline.cutoff) ?? 0) < (momentOf(due) ?? 0))
    throw new GraderError(
      'usage',
      'due-after-cutoff',
      `--due ${due} is later than the cutoff in rubric.yaml (${deadline.cutoff}), after which nothing counts. Change the cutoff there, too.`,
    );
  return withDeadline(course, { ...deadline, due });
}

function releaseOf(courseRoot: string, named: string | undefined): { release?: string } {
  if (named !== undefined) {
    const place = fromCaller(named);
    return { release: path.basename(place) === manifestName ? path.dirname(place) : place };
  }
  const usual = path.join(courseRoot, 'dist');
  return existsSync(path.join(usual, manifestName)) ? { release: usual } : {};
}

function dueOption(text: string): string {
  if (momentOf(text) !== undefined) return text;
  throw new InvalidArgumentError(`Use ${momentForm}, of a date that exists.`);
}

function shardOption(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError('Write which part of how many, such as 2/8.');
}

/** The progress of a long run: one line that changes on a terminal, or an occasional line in a log. */
export class Progress {
  private readonly all: number;
  private readonly start = performance.now();
  private done = 0;
  private told = 0;
  private readonly isTerminal = process.stderr.isTTY === true;

  constructor(all: number) {
    this.all = all;
  }

  step(): void {
    this.done++;
    const now = performance.now();
    const pause = this.isTerminal ? 100 : 10_000;
    if (now - Math.max(this.told, this.start) < pause) return;
    this.told = now;
    const line = escapeTerminal(this.line((now - this.start) / 1000));
    process.stderr.write(this.isTerminal ? terminal`\r\x1b[K${line}` : `${line}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.isTerminal && this.told > 0) process.stderr.write('\r\x1b[K');
  }

  private line(seconds: number): string {
    const rate = this.done / seconds;
    const left = Math.ceil((this.all - this.done) / rate);
    const number = (count: number) => Math.round(count).toLocaleString('en');
    return `${number(this.done)} of ${number(this.all)} graded, ${number(rate)} per second, ${number(left)} s left`;
  }
}

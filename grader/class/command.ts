import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import type { Configure, Context } from '../command';
import { type Course, loadCourse, withDeadline } from '../course';
import { GraderError } from '../error';
import { escapeTerminal, terminal } from '../render/escape/terminal';
import { hasMomentForm, momentForm, momentOf } from '../rubric/moment';
import { formats } from './members/formats';
import type { Member } from './members/matching';
import { type ClassOptions, type OpenedClass, openClass } from './open-class';
import { assertNothingByHand, readComments, withOverrides } from './results/by-hand';
import { gradeMember } from './results/grade';
import type { Run, Shard } from './results/run';
import type { StudentResult } from './results/student-result.schema';
import { type OutputArguments, withOutputOptions, writeResults } from './write-results';

interface Options extends OutputArguments, ClassOptions {
  readonly due?: string;
  readonly shard?: Shard;
}

/** `npm run grade:class` */
export const configureGradeClass: Configure = (command, context) =>
  withOutputOptions(
    command.argument(
      '<submissions...>',
      'a folder with one folder per student, as npm run fetch:class makes it, or a download from Canvas, Moodle, Gradescope or Classroom 50, zipped or not; several if the class hands in at several places',
    ),
  )
    .option(
      '--due <moment>',
      'when work is due, such as 2026-12-01T23:59-05:00, instead of the rubric’s due',
      dueOption,
    )
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
      `the format of a download that is not recognized: ${formats.map(({ id }) => id).join(', ')}`,
    )
    .option('--section <name>', 'grade only this section of the roster')
    .addHelpText(
      'after',
      '\nExit status: 0 if the class was graded, whatever the grades; 2 if it could not be.',
    )
    .action((sources: string[], options: Options) => gradeClass(context, sources, options));

async function gradeClass(context: Context, sources: string[], options: Options): Promise<void> {
  const { courseRoot } = context;
  const { shard } = options;
  if (shard && options.feedback)
    throw new GraderError(
      'usage',
      'feedback-of-part',
      '--feedback needs the whole class, because points set by hand count only there. Give it to npm run grade:merge.',
    );
  const started = new Date();
  const course = withDue(loadCourse(courseRoot, false), options.due);
  await writeResults(context, course, options, async (out) => {
    if (shard) assertNothingByHand(out);
    const opened = await openClass(course, sources, out, options);
    const { members, people, run, ...rest } = opened;
    const comments = readComments(out, people);
    const wanted = shard ? members.filter((_, index) => index % shard.of === shard.index - 1) : members;
    const computed = await gradeAll(wanted, run);
    assertClock(computed);
    const set = withOverrides(computed, out, people, course.rubric.possible);
    return { ...rest, ...set, people, notes: [...opened.notes, ...set.notes], comments, started, shard };
  });
}

/** Grades as many students at once as there are cores: git reads histories in processes of its own. */
export async function gradeAll(members: OpenedClass['members'], run: Run): Promise<StudentResult[]> {
  const rows = new Map<Member, StudentResult>();
  const progress = new Progress(members.length);
  const waiting = members.values();
  const work = async () => {
    for (const member of waiting) {
      rows.set(member, await gradeMember(member, run));
      progress.step();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  progress.end();
  return members.flatMap((member) => rows.get(member) ?? []);
}

/** @throws {GraderError} if so much work is from the future that the clock of this machine has to be wrong. */
function assertClock(rows: readonly StudentResult[]): void {
  const isFuture = ({ warnings }: StudentResult) => warnings.some(({ topic }) => topic === 'clock');
  const all = rows.filter(({ folder }) => folder !== undefined).length;
  const count = rows.filter(isFuture).length;
  if (2 * count <= all) return;
  throw new GraderError(
    'folder',
    'clock-behind',
    `The work of ${count} of ${all} students is from the future: the clock of this machine says ${new Date().toISOString()}. Set it, and run this again. Nothing was graded.`,
  );
}

function withDue(course: Course, due: string | undefined): Course {
  if (due === undefined) return course;
  const { deadline } = course.file;
  const dueAt = momentOf(due, deadline?.timezone);
  if (dueAt === undefined)
    throw new GraderError(
      'usage',
      'due-without-zone',
      `--due ${due} does not say in which time zone it is. Write an offset, as in ${due}-05:00, or deadline.timezone in rubric.yaml.`,
    );
  const until = deadline?.late?.until;
  if (until !== undefined && (momentOf(until, deadline?.timezone) ?? 0) < dueAt)
    throw new GraderError(
      'usage',
      'due-after-cutoff',
      `--due ${due} is later than late.until in rubric.yaml (${until}), after which nothing counts. Change it there, too.`,
    );
  return withDeadline(course, { ...deadline, due });
}

function dueOption(text: string): string {
  if (hasMomentForm(text) && momentOf(text, 'UTC') !== undefined) return text;
  throw new InvalidArgumentError(`Use ${momentForm}, of a date that exists.`);
}

function shardOption(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError('Write which part of how many, such as 2/8.');
}

/** The progress of a long run: one line that changes on a terminal, or an occasional line in a log. */
class Progress {
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
    const rate = this.done / ((now - this.start) / 1000);
    const left = Math.ceil((this.all - this.done) / rate);
    const line = escapeTerminal(`${this.done} of ${this.all} graded, ${left} s left`);
    process.stderr.write(this.isTerminal ? terminal`\r\x1b[K${line}` : `${line}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.isTerminal && this.told > 0) process.stderr.write('\r\x1b[K');
  }
}

import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import { type Configure, type Context, fromCaller } from '../command';
import { type Course, loadCourse, withDeadline } from '../course/course';
import { GraderError } from '../message';
import { momentForm, momentOf } from '../rubric/moment';
import { inParallel } from '../system/lists';
import { timeText } from './histories/deadline';
import { formats } from './members/formats';
import type { Matching } from './members/matching';
import { byKey } from './members/people';
import { readRoster } from './members/roster';
import { type ClassOptions, openClass } from './open-class';
import { type OutputOptions, writeResults } from './outputs';
import { withTables } from './results/by-hand';
import type { OpenClass } from './results/run';
import type { StudentResult } from './results/student-result.schema';
import { gradeMember, gradeUnmatched } from './results/student-row';

interface Options extends OutputOptions, ClassOptions {
  readonly due?: string;
}

/** `npm run grade:class` */
export const configureGradeClass: Configure = (command, context) =>
  command
    .argument(
      '<submissions...>',
      'a folder of one per student, as npm run fetch:class makes it, or a host’s download; or several',
    )
    .option(
      '--roster <file.csv>',
      "the class: the host's own roster, Canvas's gradebook, Moodle's grading worksheet, or a table login,name,email",
      (file) => readRoster(fromCaller(file)),
    )
    .option('--out <folder>', 'where the results go (default: out/)', fromCaller)
    .option(
      '--canvas-column <title>',
      "heading of Canvas's column, as Title (123) (default: the only one of the gradebook, or the rubric's title)",
    )
    .option(
      '--feedback',
      'also write feedback/ for each student, with the answers once rubric.yaml allows it',
    )
    .option('--apply', 'replace an earlier run, which is kept')
    .option('--json', 'print only a summary of the run, as JSON')
    .option('--due <moment>', 'when work is due, instead of the rubric’s due')
    .option('--release <folder>', 'the release that students started from (default: dist/)', fromCaller)
    .option('--key-changed', 'grade with a key or rubric other than the released')
    .addOption(
      new Option('--from <host>', 'the format of a download that is not recognized').choices(
        formats.map(({ id }) => id),
      ),
    )
    .option('--section <name>', 'grade only this section of the roster')
    .addHelpText(
      'after',
      '\nExit status: 0 if the class was graded, whatever the grades; 2 if it could not be.',
    )
    .action((sources: string[], options: Options) => gradeClass(context, sources, options));

async function gradeClass(context: Context, sources: readonly string[], options: Options) {
  const course = withDue(loadCourse(context.courseRoot, false), options.due);
  await writeResults(context, course, options, (out) => gradeSources(course, sources, out, options));
}

/** Grades a class from its sources, with the tables that an instructor filled in. */
export async function gradeSources(
  course: Course,
  sources: readonly string[],
  out: string,
  options: ClassOptions,
) {
  const { matching, run } = await openClass(course, sources, out, options);
  const rows = await gradeAll(matching, run);
  const notes = [...run.notes, ...clockNotes(rows, run)];
  return withTables({ ...run, notes }, rows, out);
}

/** How often a long run says how far it is, in milliseconds. */
const pause = 10_000;

/** Grades as many students at once as there are cores: git reads histories in processes of its own. */
export async function gradeAll({ members, unmatched }: Matching, run: OpenClass) {
  const rows: StudentResult[] = [];
  const tasks = [
    ...members.map((member) => () => gradeMember(member, run)),
    ...unmatched.map((submission) => () => gradeUnmatched(submission, run)),
  ];
  let told = Date.now();
  await inParallel(tasks, availableParallelism(), async (grade) => {
    rows.push(await grade());
    if (Date.now() - told < pause) return;
    told = Date.now();
    process.stderr.write(`${rows.length} of ${tasks.length} looked at\n`);
  });
  return rows.sort(byKey);
}

/** Says so where so much work is from the future that the clock of this machine may be wrong. */
function clockNotes(rows: readonly StudentResult[], { started, course }: OpenClass) {
  const future = rows.filter(({ warnings }) => warnings.some(({ kind }) => kind === 'future')).length;
  const handedIn = rows.filter(({ folder }) => folder !== undefined).length;
  if (2 * future <= handedIn) return [];
  const now = timeText(started.getTime(), course.file.deadline);
  return [
    {
      text: `The work of ${future} of ${handedIn} students is from the future: the clock of this machine says ${now}. If that is wrong, set it, and grade again.`,
    },
  ];
}

/** @throws {GraderError} if the moment cannot be used. */
function withDue(course: Course, due: string | undefined): Course {
  if (due === undefined) return course;
  const deadline = { timezone: 'UTC', ...course.file.deadline, due };
  const { timezone, late } = deadline;
  const dueAt = momentOf(due, timezone);
  const closesAt = momentOf(late?.until ?? '', timezone) ?? Number.POSITIVE_INFINITY;
  if (dueAt !== undefined && dueAt <= closesAt) return withDeadline(course, deadline);
  const fault = dueAt === undefined ? `not ${momentForm}` : 'after late.until of rubric.yaml';
  throw new GraderError('usage', 'due-unusable', `--due ${due} is ${fault}.`);
}

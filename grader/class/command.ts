import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { type Configure, type Context, fromCaller } from '../command';
import { type Course, loadCourse, withDeadline } from '../course';
import { GraderError } from '../error';
import { momentForm, momentOf } from '../rubric/moment';
import { formats } from './members/formats';
import type { Member } from './members/matching';
import { type ClassOptions, openClass } from './open-class';
import { type OutputOptions, withOutputOptions, writeResults } from './outputs';
import { assertNothingByHand, withTables } from './results/by-hand';
import { gradeMember } from './results/grade';
import type { Run, Shard } from './results/run';
import type { StudentResult } from './results/student-result.schema';

interface Options extends OutputOptions, ClassOptions {
  readonly due?: string;
  readonly shard?: Shard;
}

/** `npm run grade:class` */
export const configureGradeClass: Configure = (command, context) =>
  withOutputOptions(
    command.argument(
      '<submissions...>',
      'a folder of one per student, as npm run fetch:class makes it, or a host’s download; or several',
    ),
  )
    .option('--due <moment>', 'when work is due, instead of the rubric’s due')
    .option('--release <folder>', 'the release that students started from (default: dist/)', fromCaller)
    .option('--key-changed', 'grade with a key or rubric other than the released')
    .option(
      '--shard <i/n>',
      'grade only every nth student, from the ith on; npm run grade:merge joins the parts',
      shardOption,
    )
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

async function gradeClass(context: Context, sources: string[], options: Options) {
  const { shard } = options;
  const course = withDue(loadCourse(context.courseRoot, false), options.due);
  await writeResults(context, course, options, async (out) => {
    if (shard) assertNothingByHand(out);
    const { members, run } = await openClass(course, sources, out, options);
    const wanted = shard ? members.filter((_, index) => index % shard.of === shard.index - 1) : members;
    const rows = await gradeAll(wanted, run);
    assertClock(rows);
    return { ...withTables(run, rows, out), shard };
  });
}

/** How often a long run says how far it is, in milliseconds. */
const pause = 10_000;

/** Grades as many students at once as there are cores: git reads histories in processes of its own. */
export async function gradeAll(members: readonly Member[], run: Run) {
  const rows = new Map<Member, StudentResult>();
  const waiting = members.values();
  let told = Date.now();
  const work = async () => {
    for (const member of waiting) {
      rows.set(member, await gradeMember(member, run));
      if (Date.now() - told < pause) continue;
      told = Date.now();
      process.stderr.write(`${rows.size} of ${members.length} graded\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return members.flatMap((member) => rows.get(member) ?? []);
}

/** @throws {GraderError} if so much work is from the future that the clock of this machine has to be wrong. */
function assertClock(rows: readonly StudentResult[]) {
  const future = rows.filter(({ warnings }) => warnings.some(({ topic }) => topic === 'clock'));
  const all = rows.filter(({ folder }) => folder !== undefined);
  if (2 * future.length <= all.length) return;
  throw new GraderError(
    'folder',
    'clock-behind',
    `The work of ${future.length} of ${all.length} students is from the future: the clock of this machine says ${new Date().toISOString()}. Set it, and grade again.`,
  );
}

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

function shardOption(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError('Write which part of how many, such as 2/8.');
}

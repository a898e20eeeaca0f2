import { type Context, command, fromCaller, main } from '../../command';
import { GraderError } from '../../error';
import { json } from '../../report/escape/json';
import type { Deadline } from '../../rubric/file.schema';
import { loadCourse, withDeadline } from '../course';
import { finish } from './finish';
import type { Graded } from './graded.schema';
import { finishOptions, type OutputArguments, withOutputOptions } from './options';
import { readRoster } from './roster';
import { mergeRows, readRows } from './rows';
import { type Run, readRun } from './run';

/** `npm run grade:merge` */
export const mergeCommand = (context: Context) =>
  withOutputOptions(
    command(
      'grade:merge',
      'Join the parts of a class that were graded with --shard into what one run would have written.',
    ).argument('<parts...>', 'the output folders of all parts'),
  )
    .addHelpText('after', '\nExit status: 0 when they were joined; 2 when they could not be.')
    .action((parts: string[], options: OutputArguments) => join(context, parts, options));

async function join(
  { courseRoot, print }: Context,
  named: string[],
  options: OutputArguments,
): Promise<void> {
  const course = loadCourse(courseRoot);
  const parts = named.map((folder) => ({ folder: fromCaller(folder), run: readRun(fromCaller(folder)) }));
  refuseUnlike(parts, course.rubric.digest, course.key.digest);
  const started = new Date(Math.min(...parts.map((part) => Date.parse(part.run.started))));
  const deadline = parts[0]?.run.deadline as Deadline | undefined;
  const roster = options.roster === undefined ? undefined : readRoster(fromCaller(options.roster)).students;
  const finished = await finish(
    mergeRows(parts.map(wholePart)),
    finishOptions(withDeadline(course, deadline), roster, started, parts[0]?.run.class ?? '', options),
  );
  print(options.json ? json(finished.told) : finished.text);
}

/** @throws {GraderError} where a part has not the rows that it says it has. */
function* wholePart({ folder, run: { students } }: Part): Generator<Graded> {
  let count = 0;
  for (const row of readRows(folder)) {
    count++;
    yield row;
  }
  if (count !== students)
    throw unlike(`${folder} holds ${count} of its ${students} students. Grade that part again.`);
}

interface Part {
  readonly folder: string;
  readonly run: Run;
}

/** @throws {GraderError} where parts are missing, there twice, or not of one class. */
function refuseUnlike(parts: readonly Part[], rubric: string, key: string): void {
  const of = parts[0]?.run.shard?.of ?? 0;
  const found = new Map<number, string>();
  for (const { folder, run: part } of parts) {
    const { shard } = part;
    if (!shard) throw unlike(`${folder} is a whole run and no part of one.`);
    if (shard.of !== of)
      throw unlike(`${folder} is one of ${shard.of} parts, and ${parts[0]?.folder} one of ${of}.`);
    const twin = found.get(shard.index);
    if (twin !== undefined) throw unlike(`${folder} and ${twin} are both part ${shard.index} of ${of}.`);
    if (part.rubric !== rubric || part.key !== key)
      throw unlike(
        `${folder} was graded by another rubric or key than this repository has. Grade that part again.`,
      );
    if (part.class !== parts[0]?.run.class) {
      const first = parts[0]?.folder;
      throw unlike(
        `${folder} is of another class than ${first}, or was graded with another roster, deadline, release or extensions.`,
      );
    }
    found.set(shard.index, folder);
  }
  const lost = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !found.has(index));
  if (lost.length > 0)
    throw unlike(
      `Part ${lost.join(', ')} of ${of} is missing. Grade it alone: npm run grade:class -- <folder> --shard ${lost[0]}/${of}`,
    );
}

function unlike(text: string): GraderError {
  return new GraderError('folder', text);
}

if (require.main === module) main(mergeCommand);

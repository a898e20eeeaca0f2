import path from 'node:path';
import { command, courseRoot, fromCaller, run } from '../../command';
import { GraderError } from '../../error';
import { json } from '../../report/escape/json';
import { loadCourse, withDeadline } from '../course';
import { finish } from './finish';
import { readRoster } from './roster';
import { mergeRows, readRows } from './rows';
import { type Run, readRun } from './run';

interface Options {
  readonly roster?: string;
  readonly out?: string;
  readonly canvasColumn?: string;
  readonly anonymous?: boolean;
  readonly apply?: boolean;
  readonly json?: boolean;
}

run(
  command(
    'grade:merge',
    'Join the parts of a class that were graded with --shard into what one run would have written.',
  )
    .argument('<parts...>', 'the output folders of all parts')
    .option('--roster <file.csv>', 'the same roster that the parts were graded with')
    .option('--out <folder>', 'where the results go (default: out/ in this repository)')
    .option(
      '--canvas-column <title>',
      "heading of Canvas's column, as Title (123) (default: the rubric's title)",
    )
    .option('--anonymous', 'leave names, logins and links out of the page')
    .option('--apply', 'replace an earlier run, which is kept beside it')
    .option('--json', 'print what became of it as JSON and nothing else')
    .addHelpText('after', '\nExit status: 0 when they were joined; 2 when they could not be.')
    .action(async (named: string[], options: Options) => {
      const course = loadCourse(courseRoot);
      const parts = named.map((folder) => ({ folder: fromCaller(folder), run: readRun(fromCaller(folder)) }));
      refuseUnlike(parts, course.rubric.digest, course.key.digest);
      const out = options.out === undefined ? path.join(courseRoot, 'out') : fromCaller(options.out);
      const started = new Date(Math.min(...parts.map((part) => Date.parse(part.run.started))));
      const deadline = parts[0]?.run.deadline as typeof course.file.deadline;
      const finished = await finish(mergeRows(parts.map(({ folder }) => readRows(folder))), {
        out,
        started,
        course: withDeadline(course, deadline),
        roster: options.roster === undefined ? undefined : readRoster(fromCaller(options.roster)).students,
        isAnonymous: options.anonymous === true,
        canvasColumn: options.canvasColumn ?? course.rubric.title,
        applies: options.apply === true,
      });
      console.log(options.json ? json(finished.told) : finished.text);
    }),
);

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
    if (JSON.stringify(part.deadline) !== JSON.stringify(parts[0]?.run.deadline))
      throw unlike(`${folder} was graded with another deadline than ${parts[0]?.folder}.`);
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

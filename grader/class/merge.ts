import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../command';
import { loadCourse, withDeadline } from '../course';
import { GraderError } from '../error';
import type { Deadline } from '../rubric/file.schema';
import { matchesFile } from './members/matching';
import { People } from './members/people';
import { readRoster, rosterDigest } from './members/roster';
import { extensionsFile, readComments, withOverrides } from './results/by-hand';
import { readRun } from './results/results-file';
import { type OutputArguments, withOutputOptions, writeResults } from './write-results';

const unlike = (text: string) => new GraderError('folder', 'parts-unlike', text);

/** `npm run grade:merge` */
export const configureMerge: Configure = (command, context) =>
  withOutputOptions(command.argument('<parts...>', 'the output folders of all parts'))
    .addHelpText('after', '\nExit status: 0 when they were joined; 2 when they could not be.')
    .action((parts: string[], options: OutputArguments) => joinParts(context, parts, options));

async function joinParts(context: Context, folders: string[], options: OutputArguments): Promise<void> {
  const parts = folders.map((folder) => ({ folder: fromCaller(folder), ...readRun(fromCaller(folder)) }));
  const [first] = parts;
  if (!first) return;
  const course = withDeadline(loadCourse(context.courseRoot), first.deadline as Deadline | undefined);
  const roster = options.roster === undefined ? undefined : readRoster(fromCaller(options.roster));
  const indexes = parts.map(({ shard }) => shard?.index ?? 0).sort((a, b) => a - b);
  if (first.shard?.of !== parts.length || indexes.join() !== parts.map((_, index) => index + 1).join())
    throw unlike(`These are the parts ${indexes.join(', ')} of ${first.shard?.of}. Give all, and each once.`);
  const isGraded = { class: first.class, rubric: course.rubric.digest, key: course.key.digest };
  for (const part of parts)
    for (const what of ['class', 'rubric', 'key'] as const)
      if (part[what] !== isGraded[what])
        throw unlike(
          `${part.folder} was graded with another ${what === 'class' ? `class, roster, deadline, release or extensions than ${first.folder}` : `${what} than this repository’s`}. Grade that part again.`,
        );
  if ((roster ? rosterDigest(roster) : null) !== first.roster)
    throw unlike('The parts were graded with another roster. Give that one as --roster, if there was one.');
  await writeResults(context, course, options, async (out) => {
    for (const name of [extensionsFile, matchesFile]) {
      const [here, there] = [path.join(out, name), path.join(first.folder, name)];
      if (existsSync(here) && readFileSync(here, 'utf8') !== readFileSync(there, 'utf8'))
        throw unlike(
          `${here} is not that of the parts. Put it into the folder of each, and grade them again.`,
        );
      copyFileSync(there, path.join(`${out}.new`, name));
    }
    const all = parts.flatMap(({ rows }) => rows).sort((one, other) => (one.key < other.key ? -1 : 1));
    const people = new People(all);
    const set = withOverrides(all, out, people, course.rubric.possible);
    const closesAt = first.openUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(first.openUntil);
    return {
      ...set,
      people,
      roster,
      digest: first.class,
      ...(first.deadline && { openUntil: closesAt }),
      started: new Date(Math.min(...parts.map(({ started }) => Date.parse(started)))),
      notes: [...new Set(parts.flatMap((part) => part.notes)), ...set.notes],
      comments: readComments(out, people),
    };
  });
}

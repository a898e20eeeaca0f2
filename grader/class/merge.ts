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

/** `npm run grade:merge` */
export const configureMerge: Configure = (command, context) =>
  withOutputOptions(command.argument('<parts...>', 'the output folders of all parts'))
    .addHelpText('after', '\nExit status: 0 when they were joined; 2 when they could not be.')
    .action((parts: string[], options: OutputArguments) => joinParts(context, parts, options));

async function joinParts(context: Context, folders: string[], options: OutputArguments): Promise<void> {
  const parts = folders.map((folder) => ({ folder: fromCaller(folder), ...readRun(fromCaller(folder)) }));
  const [first, ...others] = parts;
  if (!first) return;
  const course = withDeadline(loadCourse(context.courseRoot), first.deadline as Deadline | undefined);
  const roster = options.roster === undefined ? undefined : readRoster(fromCaller(options.roster));
  const { of = 0 } = first.shard ?? {};
  const indexes = parts.map(({ shard }) => shard?.index ?? 0).sort((a, b) => a - b);
  if (indexes.join() !== Array.from({ length: of }, (_, index) => index + 1).join())
    throw unlike(`There are the parts ${indexes.join(', ')} of ${of}. Give each part once, and all of them.`);
  for (const { folder, rubric, key, class: digest } of parts) {
    if (rubric !== course.rubric.digest || key !== course.key.digest)
      throw unlike(
        `${folder} was graded with another rubric or key than this repository’s. Grade that part again.`,
      );
    if (digest !== first.class)
      throw unlike(
        `${folder} is of a different class from ${first.folder}, or was graded with a different roster, deadline, release or extensions.`,
      );
  }
  if ((roster ? rosterDigest(roster) : null) !== first.roster)
    throw unlike(
      'The parts were graded with another roster. Give the one that they were graded with as --roster, if there was one.',
    );
  await writeResults(context, course, options, async (out) => {
    const rows = [...parts.flatMap((part) => part.rows)].sort((one, other) => (one.key < other.key ? -1 : 1));
    const people = new People(rows);
    for (const name of [extensionsFile, matchesFile]) {
      const [here, there] = [path.join(out, name), path.join(first.folder, name)];
      if (existsSync(here) && readFileSync(here, 'utf8') !== readFileSync(there, 'utf8'))
        throw unlike(
          `${here} is not as the parts were graded with. Put it into the folder of each part, and grade those again.`,
        );
      copyFileSync(there, path.join(`${out}.new`, name));
    }
    const set = withOverrides(rows, out, people, course.rubric.possible);
    return {
      rows: set.rows,
      overrides: set.lines,
      roster,
      digest: first.class,
      openUntil:
        first.openUntil === undefined
          ? first.deadline
            ? Number.POSITIVE_INFINITY
            : undefined
          : Date.parse(first.openUntil),
      started: new Date(Math.min(...parts.map((part) => Date.parse(part.started)))),
      notes: [...new Set([first, ...others].flatMap(({ notes }) => notes)), ...set.notes],
      comments: readComments(out, people),
    };
  });
}

function unlike(text: string): GraderError {
  return new GraderError('folder', 'parts-unlike', text);
}

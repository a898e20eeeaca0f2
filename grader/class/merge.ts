import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Configure, type Context, fromCaller } from '../command';
import { loadCourse, withDeadline } from '../course';
import { GraderError } from '../message';
import { matchesFile } from './members/matching';
import { People } from './members/people';
import { rosterDigest } from './members/roster';
import { type OutputOptions, withOutputOptions, writeResults } from './outputs';
import { extensionsFile, withTables } from './results/by-hand';
import { readRun } from './results/run';

const unlike = (text: string) => new GraderError('folder', 'parts-unlike', text);

/** `npm run grade:merge` */
export const configureMerge: Configure = (command, context) =>
  withOutputOptions(command.argument('<parts...>', 'the output folders of all parts'))
    .addHelpText('after', '\nExit status: 0 when they were joined; 2 when they could not be.')
    .action((parts: string[], options: OutputOptions) => joinParts(context, parts.map(fromCaller), options));

async function joinParts(context: Context, folders: string[], options: OutputOptions) {
  const parts = folders.map((folder) => ({ folder, ...readRun(folder) }));
  const [first] = parts;
  if (!first) return;
  const { roster } = options;
  const course = withDeadline(loadCourse(context.courseRoot), first.deadline);
  const there = new Set(parts.flatMap(({ shard }) => (shard?.of === parts.length ? shard.index : [])));
  if (there.size < parts.length) throw unlike(`Give all ${first.shard?.of} parts of one class, each once.`);
  const given = [first.class, roster ? rosterDigest(roster) : null, course.rubric.digest, course.key.digest];
  for (const part of parts)
    if (!isDeepStrictEqual([part.class, part.roster, part.rubric, part.key], given))
      throw unlike(
        `${part.folder} was graded with another class, roster, rubric or key than the others or this repository. Give the roster of the parts, or grade that part again.`,
      );
  await writeResults(context, course, options, async (out, folder) => {
    for (const name of [extensionsFile, matchesFile]) {
      const [here, there] = [path.join(out, name), path.join(first.folder, name)];
      if (existsSync(here) && readFileSync(here, 'utf8') !== readFileSync(there, 'utf8'))
        throw unlike(
          `${here} is not that of the parts. Put it into the folder of each, and grade them again.`,
        );
      copyFileSync(there, path.join(folder, name));
    }
    const rows = parts.flatMap((part) => part.rows).sort((one, other) => (one.key < other.key ? -1 : 1));
    const facts = {
      course,
      people: new People(rows),
      roster,
      digest: first.class,
      openUntil: Date.parse(first.openUntil ?? '') || undefined,
      started: new Date(Math.min(...parts.map(({ started }) => Date.parse(started)))),
      notes: [...new Set(parts.flatMap(({ notes }) => notes))],
    };
    return withTables(facts, rows, out);
  });
}

import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Context } from '../command';
import type { Course } from '../course/course';
import { GraderError } from '../message';
import { indentedJson } from '../render/escape/json';
import { escapeTerminal, lines } from '../render/escape/terminal';
import { systemFiles } from '../system/files';
import { removeFolder, rename, startDraft, unwritable } from '../system/lock';
import { isValid } from '../validate';
import { changedForHosts, changeLines, earlierRun, gradeChanges } from './changes';
import { gradeToFiles } from './class-run';
import { type DecisionsFile, isDecisionsFile } from './decisions/journal';
import { tableAt } from './disk';
import type { TableFile } from './members/csv-table';
import type { ClassInput } from './open-class';
import type { OutputFiles } from './output-files';
import { type EarlierRun, resultsFile, runFile, unmatchedFile } from './results/graded-class';
import { type RunNote, withAdvice } from './results/note';
import type { StudentResult } from './results/student-result.schema';
import schema from './results/student-result.schema.json';
import { headingsByHand } from './results/tables-by-hand';
import { feedbackFolder } from './returns/feedback-files';

// Puts the results of a class on a disk, replacing those of an earlier run.

/** The options that decide what a run writes, and where. */
export interface OutputOptions {
  readonly out?: string;
  readonly apply?: boolean;
  readonly json?: boolean;
}

/** A folder of results before a run: what people decided there, and the earlier run. */
export interface Before extends Pick<ClassInput, 'tables' | 'decisions' | 'earlier'> {
  readonly place: string;
}

/** Results that are made beside their place, which holds the earlier run or the new one, never half of either. */
interface OpenResults extends Before {
  /** Where they are made. */
  readonly folder: string;
  /**
   * Puts them in their place.
   *
   * @returns where the earlier run is kept, if there was one.
   * @throws {GraderError} if a table was filled in meanwhile: the person would assume that it counts.
   */
  readonly commit: () => string | undefined;
  /** Removes what was made, unless it is in its place. */
  readonly close: () => void;
}

/**
 * Grades a class into open results, compares them with the earlier run there, and replaces that run only if asked to.
 *
 * @throws {GraderError} if the results are not complete or cannot be written. Everything there stays as it was.
 */
export async function writeResults(
  { print }: Context,
  course: Course,
  input: ClassInput,
  { place, folder, earlier, commit }: OpenResults,
  { apply = false, json = false }: Pick<OutputOptions, 'apply' | 'json'>,
) {
  const say = (texts: readonly string[]) => print(lines(texts.map(escapeTerminal)));
  try {
    let opened: readonly RunNote[] = [];
    const { graded, ...made } = await gradeToFiles(course, input, {
      at: (file) => path.join(place, file),
      atOnce: availableParallelism(),
      onOpened: (notes) => {
        if (!json) say(notes.map((note) => withAdvice(note, 'command')));
        opened = notes;
      },
      onProgress: progress(),
    });
    writeFiles(folder, made.files);
    const moves = earlier ? gradeChanges(earlier, graded) : [];
    const written = !earlier || apply;
    const changed = earlier ? changedForHosts(made.files.keys(), isOtherIn(folder, place)) : [];
    if (existsSync(path.join(place, feedbackFolder)) && !graded.feedback)
      changed.push('The earlier run had feedback, but this one has none: grade again with --feedback.');
    const kept = written ? commit() : undefined;
    // Summaries often end up in a log, where names do not belong.
    const unnamed = moves.map(({ who: _, ...move }) => move);
    if (json)
      return print(indentedJson({ run: made.run, moves: unnamed, written, kept, feedback: graded.feedback }));
    const summary = graded.notes.flatMap((note) =>
      opened.includes(note) ? [] : withAdvice(note, 'command'),
    );
    if (earlier) summary.push(...changeLines(moves));
    if (kept !== undefined) summary.push(`The earlier run is kept in ${kept}.`);
    if (written) summary.push(...made.summary, ...changed);
    else
      summary.push(
        `Nothing is replaced, and no feedback is written: ${place} holds the earlier run. Add --apply to put this one in its place.`,
      );
    say(summary);
  } catch (error) {
    throw unwritable(place, error);
  }
}

/** How often a long run reports its progress, in milliseconds. */
const pause = 10_000;

function progress() {
  let lastAt = Date.now();
  return (looked: number, all: number) => {
    if (Date.now() - lastAt < pause) return;
    lastAt = Date.now();
    process.stderr.write(`${looked} of ${all} looked at\n`);
  };
}

/** Writes files below a folder, readable only by the user who grades: results are student records. */
function writeFiles(folder: string, files: OutputFiles['files']) {
  for (const [name, parts] of files) {
    const file = path.join(folder, ...name.split('/'));
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const descriptor = openSync(file, 'w', 0o600);
    for (const part of parts) appendFileSync(descriptor, part);
    closeSync(descriptor);
  }
}

/**
 * Reads a complete run.
 *
 * @throws {GraderError} if there is no complete run of this version in the folder.
 */
export function readRun(folder: string): EarlierRun {
  try {
    const run = readFileSync(path.join(folder, runFile), 'utf8');
    const listIn = (name: string) => [...linesIn(path.join(folder, name))];
    const earlier = earlierRun(run, listIn(resultsFile), listIn(unmatchedFile));
    if (earlier?.students.every((student) => isValid<StudentResult>(schema, student))) return earlier;
  } catch {
    // The run is damaged, or is not one of ours.
  }
  throw new GraderError(
    'folder',
    'run-unreadable',
    `${folder} holds no complete run of this version of the grader. Copy the tables that you filled in to another folder, and grade into that one.`,
  );
}

/** The lines of a file. Those of a large class do not fit into one string. */
function* linesIn(file: string) {
  const bytes = readFileSync(file);
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\n', start);
    if (end === -1) throw new Error('the last line is cut off');
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

/** Tells whether a file of a run differs from the earlier one. */
function isOtherIn(folder: string, resultsFolder: string) {
  return (name: string) => {
    const old = path.join(resultsFolder, name);
    return existsSync(old) && !readFileSync(old).equals(readFileSync(path.join(folder, name)));
  };
}

/** Whether a file is what people decided. A folder with nothing else in it counts as new. */
const isGiven = (name: string) => name in headingsByHand || isDecisionsFile(name);

const givenIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).filter(isGiven).sort() : []);

/** The tables in a folder that an instructor filled in, by name. */
function tablesIn(folder: string, resultsFolder: string): ReadonlyMap<string, TableFile> {
  return new Map(
    givenIn(folder)
      .filter((name) => !isDecisionsFile(name))
      .map((name) => {
        const { bytes } = tableAt(path.join(folder, name));
        return [name, { name: path.join(resultsFolder, name), bytes }];
      }),
  );
}

/**
 * Opens the results of a class. Anything that a killed run left beside them is deleted, or put in place if it was
 * complete.
 *
 * @throws {GraderError} if another run is active there, if something else is in the way, or if the earlier run cannot
 *   be read.
 */
export function openResults(out: string): OpenResults {
  // A link there is the caller's own, so follow it.
  const place = existsSync(out) ? realpathSync(out) : out;
  try {
    const draft = startDraft(place, `Another run writes to ${place}`, (folder) => prepare(folder, place));
    const { folder, discard: close } = draft;
    try {
      const earlier = hasRun(place) ? readRun(place) : undefined;
      const textsBefore = textsIn(folder);
      const commit = () => {
        const kept = `${place}.before-${new Date().toISOString().replaceAll(':', '-').replace('Z', '')}`;
        draft.commit(folder, kept, () => {
          if (textsIn(kept) !== textsBefore)
            throw new GraderError(
              'folder',
              'by-hand-changed',
              `A table or a file of decisions in ${place} was changed while the class was graded. Nothing was replaced; run it again.`,
            );
        });
        if (earlier) return kept;
        removeFolder(kept);
        return undefined;
      };
      return {
        ...{ place, folder, earlier, commit, close },
        tables: tablesIn(folder, place),
        decisions: decisionsIn(folder, place),
      };
    } catch (error) {
      close();
      throw error;
    }
  } catch (error) {
    throw unwritable(place, error);
  }
}

const hasRun = (folder: string) => existsSync(path.join(folder, runFile));

/** The files with decisions in a folder. */
const decisionsIn = (folder: string, resultsFolder: string): DecisionsFile[] =>
  givenIn(folder)
    .filter(isDecisionsFile)
    .map((name) => ({
      name: path.join(resultsFolder, name),
      bytes: readFileSync(path.join(folder, name)),
    }));

/** What people decided in a folder, as one text to compare. */
const textsIn = (folder: string) =>
  JSON.stringify(givenIn(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));

/** Makes the folder of a run, with what people decided in its place. */
function prepare(folder: string, place: string) {
  // A run that was killed between its two renames was complete.
  if (!existsSync(place) && hasRun(folder)) rename(folder, place);
  removeFolder(folder);
  const names = existsSync(place) && !hasRun(place) ? readdirSync(place) : [];
  const foreign = names.find((name) => !systemFiles.includes(name) && !isGiven(name));
  if (foreign !== undefined)
    throw new GraderError(
      'folder',
      'out-holds-other-files',
      `${place} holds ${foreign}, which the grader did not put there. It was not changed. Choose another folder with --out.`,
    );
  // Results are student records, so only the user who grades may read them.
  mkdirSync(folder, { mode: 0o700 });
  for (const name of givenIn(place)) copyFileSync(path.join(place, name), path.join(folder, name));
}

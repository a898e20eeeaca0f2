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
import path from 'node:path';
import { version } from '../../package.json';
import type { Context } from '../command';
import type { Course } from '../course/course';
import { GraderError } from '../message';
import { csvRows, own, untrusted } from '../render/escape/csv';
import { indentedJson, jsonFile, jsonLine } from '../render/escape/json';
import { escapeTerminal, lines } from '../render/escape/terminal';
import { systemFiles, writePrivate } from '../system/files';
import { removeFolder, rename, startDraft, unwritable } from '../system/lock';
import { toIsoSeconds } from './histories/deadline';
import { matchesFile } from './members/matching';
import { described } from './members/people';
import type { Roster } from './members/roster';
import { renderFollowUp } from './pages/follow-up';
import { followUpFile, pageFile, voteFile } from './pages/layout';
import { renderPage } from './pages/report';
import { statisticsOf, statusCounts, studentsIn, summaryOf, toReview } from './pages/statistics';
import { renderVote, voteOf } from './pages/vote-page';
import { emptyTables, overridesFile } from './results/by-hand';
import { type GradedClass, readRun, resultsFile, runFile, runVersion } from './results/run';
import type { StudentResult } from './results/student-result.schema';
import { feedbackPolicy } from './returns/feedback';
import { gradebooks, moodleSteps, writeGradebooks } from './returns/gradebooks';
import { archives, feedbackFolder, writeFeedback } from './returns/returns';

/** The options that decide what a run writes, and where. */
export interface OutputOptions extends Pick<GradedClass, 'canvasColumn'> {
  readonly roster?: Roster;
  readonly out?: string;
  readonly feedback?: boolean;
  readonly apply?: boolean;
  readonly json?: boolean;
}

/**
 * Makes the results of a class beside their place and then puts them there. Compares them with an earlier run there
 * first, and replaces that run only if asked to.
 *
 * @param make makes the results, once nobody else writes there.
 * @throws {GraderError} where the results are not complete or cannot be written. What was there stays as it was.
 */
export async function writeResults(
  { print }: Context,
  course: Course,
  { out = path.join(course.root, 'out'), canvasColumn, ...options }: OutputOptions,
  make: (place: string) => Promise<GradedClass>,
) {
  // A link there is the caller's own, and is followed.
  const place = existsSync(out) ? realpathSync(out) : out;
  let draft: ReturnType<typeof openResults> | undefined;
  try {
    draft = openResults(place);
    const earlier = draft.replaces ? readRun(place) : undefined;
    const made = await make(place);
    const feedback = options.feedback ? feedbackPolicy(made, earlier?.openUntil) : undefined;
    const { run, told } = await writeRunFiles(draft.folder, place, { ...made, canvasColumn, feedback });
    const moves = earlier ? gradeChanges(studentsIn(earlier.rows), studentsIn(made.rows)) : [];
    const written = !earlier || options.apply === true;
    const changed = earlier ? changedForHosts(draft.folder, place) : [];
    const kept = written ? draft.commit() : undefined;
    // A log, where such a summary often ends, is no place for names.
    const unnamed = moves.map(({ who: _, ...move }) => move);
    if (options.json) return print(indentedJson({ run, moves: unnamed, written, kept, feedback }));
    const summary = made.notes.map(({ text }) => text);
    if (earlier) summary.push(...changeLines(moves));
    if (kept !== undefined) summary.push(`The earlier run is kept in ${kept}.`);
    if (written) summary.push(...told, ...changed);
    else
      summary.push(
        `Nothing is replaced, and no feedback is written: ${place} holds the earlier run. Add --apply to put this one in its place.`,
      );
    print(lines(summary.map(escapeTerminal)));
  } catch (error) {
    throw unwritable(place, error);
  } finally {
    draft?.close();
  }
}

/** Every response to the reflection, with the names of students. */
export const responsesFile = 'responses.csv';

/**
 * Writes the files of a run: rows, tables, gradebooks, pages and feedback. The one that marks it as complete is last.
 *
 * @param folder an empty folder, or one with the tables that an instructor filled in.
 * @param place its final place, for what is said.
 * @returns what the run is, and what to tell about its files.
 */
async function writeRunFiles(folder: string, place: string, results: GradedClass) {
  const { course, rows, openUntil, notes } = results;
  const file = openSync(path.join(folder, resultsFile), 'w', 0o600);
  // The lines of a large class do not fit into one text.
  for (const row of rows) appendFileSync(file, `${jsonLine(row)}\n`);
  closeSync(file);
  for (const [name, empty] of Object.entries(emptyTables))
    if (!existsSync(path.join(folder, name))) writePrivate(folder, name, empty);
  writePrivate(folder, matchesFile, results.matches);
  const told = [
    ...summaryOf(rows),
    ...writeGradebooks(folder, results),
    '',
    ...(await writePages(folder, place, results)),
    ...moodleSteps(place, results),
    ...(results.feedback ? writeFeedback(folder, place, results) : []),
  ];
  const students = studentsIn(rows);
  // Everything needed to reproduce a grade, apart from the submissions.
  const run = {
    version: runVersion,
    grader: version,
    node: process.version,
    rubric: course.rubric.digest,
    key: course.key.digest,
    deadline: course.file.deadline,
    openUntil: openUntil && Number.isFinite(openUntil) ? toIsoSeconds(openUntil) : undefined,
    students: students.length,
    unmatched: rows.length - students.length,
    statuses: Object.fromEntries(statusCounts(students).sort()),
    notes: notes.map(({ text }) => text),
    needsReview: toReview(rows),
    started: results.started.toISOString(),
    ended: new Date().toISOString(),
  };
  writePrivate(folder, runFile, jsonFile(run));
  return { run, told };
}

/** Writes what people read about a whole class, and says where it is. */
async function writePages(
  folder: string,
  place: string,
  { course, rows, people, overrides, notes }: GradedClass,
) {
  const { rubric, solution } = course;
  const forAll = notes.filter(({ hasNames }) => !hasNames).map(({ text }) => text);
  const stats = statisticsOf(rubric, rows, solution.misconceptions);
  const vote = await voteOf(course, stats);
  writePrivate(folder, responsesFile, responsesOf(rows));
  writePrivate(folder, pageFile, renderPage(stats, { notes: forAll, vote, solution }));
  writePrivate(
    folder,
    followUpFile,
    renderFollowUp(stats, { people, overrides, notes: notes.map(({ text }) => text) }),
  );
  if ('asked' in vote) writePrivate(folder, voteFile, renderVote(vote, rubric.title));
  const at = (file: string) => path.join(place, file);
  return [
    `What to teach next: ${at(pageFile)}`,
    'asked' in vote ? `For the projector: ${at(voteFile)}` : `No vote: ${vote.reason}`,
    `Who needs what: ${at(followUpFile)}, with names.`,
    `The grades: ${at('grades.csv')}; to set some by hand, fill in ${overridesFile} and grade again.`,
  ];
}

function responsesOf(rows: readonly StudentResult[]) {
  return csvRows([
    ['login', 'name', 'question', 'response'].map(own),
    ...rows.flatMap(({ login, student, responses }) =>
      responses.map(({ question, text }) => [login, student?.name ?? '', question, text].map(untrusted)),
    ),
  ]);
}

/** The students whose points or status changed between two runs, and why. */
function gradeChanges(before: readonly StudentResult[], after: readonly StudentResult[]) {
  const [olds, news] = [before, after].map((rows) => new Map(rows.map((row) => [row.key, row])));
  const keys = [...new Set([...before, ...after].map(({ key }) => key))].sort();
  return keys.flatMap((key) => {
    const [old, now] = [olds?.get(key), news?.get(key)];
    if (old?.points === now?.points && old?.status === now?.status) return [];
    return {
      who: described(now?.student ?? old?.student ?? { key }),
      login: now?.login || old?.login || key,
      before: old?.points ?? null,
      after: now?.points ?? null,
      reasons: reasonsFor(old, now),
    };
  });
}

/** The facts that a grade comes from. One about work is undefined where there is none. */
const gradeOrigins: Record<string, (row: StudentResult) => unknown> = {
  'the rubric': ({ report }) => report?.rubric,
  'the answer key': ({ report }) => report?.key,
  'the answers or their marks': ({ report }) => report?.rows,
  'the reflection': ({ responses }) => responses,
  'lateness or points set by hand': ({ adjustments }) => adjustments,
  'the status': ({ status }) => status,
};

function reasonsFor(old?: StudentResult, now?: StudentResult) {
  if (!old || !now) return [old ? 'is no longer in the class' : 'is new in the class'];
  return Object.entries(gradeOrigins).flatMap(([fact, of]) => {
    const [before, after] = [of(old), of(now)];
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    return isSame || before === undefined || after === undefined ? [] : `${fact} changed`;
  });
}

function changeLines(changes: ReturnType<typeof gradeChanges>) {
  const listed = changes.map(({ who, before, after, reasons }) => {
    // No file for a host takes points back.
    const left = before !== null && after === null ? '. If a host has these points, delete them there' : '';
    return `    ${who}: ${before ?? '-'} to ${after ?? '-'}: ${reasons.join(', ')}${left}`;
  });
  return [`Grades that differ from the earlier run: ${changes.length || 'none'}.`, ...listed];
}

/** Says which files for hosts are not as in the earlier run, and so have to be uploaded again, or made again first. */
function changedForHosts(folder: string, place: string) {
  const forHosts = Object.keys(gradebooks).filter((name) => path.dirname(name) !== '.');
  const files = [...forHosts, ...archives.map((name) => `${feedbackFolder}/${name}`)];
  const isOther = (name: string) => {
    const old = path.join(place, name);
    const now = path.join(folder, name);
    return existsSync(old) && existsSync(now) && !readFileSync(old).equals(readFileSync(now));
  };
  const changed = files.filter(isOther);
  const hasFeedback = (results: string) => existsSync(path.join(results, feedbackFolder));
  const told: string[] = [];
  if (changed.length > 0) told.push(`Changed, so upload again what you had uploaded: ${changed.join(', ')}.`);
  if (hasFeedback(place) && !hasFeedback(folder))
    told.push('The earlier run had feedback, and this one has none: grade again with --feedback.');
  return told;
}

/** The tables that an instructor fills in. A folder that holds nothing else counts as new. */
const byHand = [...Object.keys(emptyTables), matchesFile];

/**
 * Starts to write results beside their place, which holds the earlier run or the new one, never half of either. What a
 * killed run left there is deleted, or put in place if it was complete.
 *
 * @returns the new folder, and whether it replaces an earlier run. `close` removes what was written, unless `commit`
 *   has put it in its place. That returns where the earlier run is kept, if there was one, and throws a GraderError if a
 *   table was filled in meanwhile: the person would assume that it counts.
 * @throws {GraderError} where another run is active there, or something else is in the way.
 */
function openResults(out: string) {
  const hasRun = (place: string) => existsSync(path.join(place, runFile));
  const tablesIn = (place: string) => byHand.filter((name) => existsSync(path.join(place, name)));
  const textsIn = (place: string) =>
    JSON.stringify(tablesIn(place).map((name) => readFileSync(path.join(place, name), 'utf8')));
  const prepare = (folder: string) => {
    // A run that was killed between its two renames was complete.
    if (!existsSync(out) && hasRun(folder)) rename(folder, out);
    removeFolder(folder);
    const names = existsSync(out) && !hasRun(out) ? readdirSync(out) : [];
    const foreign = names.find((name) => !systemFiles.includes(name) && !byHand.includes(name));
    if (foreign !== undefined)
      throw new GraderError(
        'folder',
        'out-holds-other-files',
        `${out} holds ${foreign}, which no grading put there. It was not changed. Choose another folder with --out.`,
      );
    // Results are student records: only the user who grades has to read them.
    mkdirSync(folder, { mode: 0o700 });
    for (const name of tablesIn(out)) copyFileSync(path.join(out, name), path.join(folder, name));
  };
  const draft = startDraft(out, `Another run writes to ${out}`, prepare);
  const { folder } = draft;
  const tables = textsIn(folder);
  const replaces = hasRun(out);
  return {
    folder,
    replaces,
    close: draft.discard,
    commit: () => {
      const earlier = `${out}.before-${new Date().toISOString().replaceAll(':', '-').replace('Z', '')}`;
      draft.commit(folder, earlier, () => {
        if (textsIn(earlier) !== tables)
          throw new GraderError(
            'folder',
            'by-hand-changed',
            `A table in ${out} was changed while the class was graded. Nothing was replaced; run it again.`,
          );
      });
      if (replaces) return earlier;
      removeFolder(earlier);
      return undefined;
    },
  };
}

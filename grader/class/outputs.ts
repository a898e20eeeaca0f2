import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GraderError } from '../error';
import { graderRoot, jsonFile, readText } from '../files';
import { csvRows, own, untrusted } from '../render/escape/csv';
import { jsonLine } from '../render/escape/json';
import { isValid } from '../validate';
import { toIsoSeconds } from './histories/deadline';
import { matchesFile } from './members/matching';
import { wordFor } from './members/people';
import { rosterDigest } from './members/roster';
import { followUpFile, renderFollowUp } from './pages/follow-up';
import { pageFile } from './pages/layout';
import { pollFile, renderPoll } from './pages/poll';
import { renderPage } from './pages/report';
import { ClassStats } from './pages/statistics';
import { pollOf } from './pages/vote';
import { emptyTables } from './results/by-hand';
import { type ClassRun, resultsFile, runFile, runVersion } from './results/results-file';
import type { GradedClass } from './results/run';
import type { StudentResult } from './results/student-result.schema';
import schema from './results/student-result.schema.json';
import { writeFeedback } from './returns/feedback/feedback';
import { indistinguishable } from './returns/gradebooks/gradebook';
import { grades, gradesFile } from './returns/gradebooks/grades';
import { gradebooks } from './returns/gradebooks/registry';

/** The facts to report when a run is over. */
export interface Summary {
  readonly stats: ClassStats;
  readonly run: ClassRun;
  /** Students on the roster whom a gradebook leaves out, by its file. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
  /** Why there is nothing to vote on, if so. */
  readonly noPoll: string | undefined;
  /** What to do with the feedback. */
  readonly returned: readonly string[];
}

/** Every response to the reflection, with the names of students. */
export const responsesFile = 'responses.csv';

/** The version of this package. */
const graderVersion = String(
  (JSON.parse(readText(graderRoot, 'package.json')) as { version?: string }).version,
);

/**
 * Writes the files of a run: rows, tables, gradebooks, pages and feedback. The one that marks it as complete is last.
 *
 * @param folder an empty folder, or one with the tables that an instructor filled in.
 * @param place its final place, for what is said.
 * @throws {GraderError} if a row does not match the published schema: another program could not read it.
 */
export async function writeOutputs(folder: string, place: string, results: GradedClass): Promise<Summary> {
  const { course, rows, shard, roster, digest, openUntil } = results;
  for (const row of rows) assertStudentResult(row);
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  await writeFile(path.join(folder, resultsFile), linesOf(rows), { mode: 0o600 });
  for (const [name, empty] of Object.entries(emptyTables))
    if (!existsSync(path.join(folder, name))) write(name, empty);
  if (results.matches !== undefined) write(matchesFile, results.matches);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const nameOf = ({ key, login, repository, student }: StudentResult) => {
    const label = student?.name && login ? `${student.name} (${login})` : student?.name || login || key;
    return { label, ...(repository && { link: repository }) };
  };
  const stats = new ClassStats(course.rubric, nameOf, course.solution.misconceptions);
  for (const row of rows) stats.add(row);
  const found = pollOf(course, stats);
  const poll = 'reason' in found ? undefined : found;
  const leftOut = shard ? new Map() : writeTables(folder, results);
  const returned = results.feedback ? writeFeedback(folder, place, results, results.feedback) : [];
  const run: ClassRun = {
    version: runVersion,
    grader: graderVersion,
    node: process.version,
    rubric: course.rubric.digest,
    key: course.key.digest,
    class: digest,
    roster: roster ? rosterDigest(roster) : null,
    deadline: course.file.deadline,
    ...(Number.isFinite(openUntil) && { openUntil: toIsoSeconds(openUntil ?? 0) }),
    ...(shard && { shard }),
    students: rows.length,
    statuses: Object.fromEntries([...stats.totals.statusCounts].sort()),
    notes: [...results.notes],
    needsReview: Object.fromEntries([...stats.followUp.needsReview].sort()),
    started: results.started.toISOString(),
    ended: new Date().toISOString(),
  };
  if (!shard) {
    const { explanations } = course.solution;
    write(pageFile, renderPage(stats, { notes: results.notes, asked: poll?.idea, explanations }));
    if (poll) write(pollFile, renderPoll(poll, course.rubric.title));
    write(
      followUpFile,
      renderFollowUp(stats, { lines: results.overrides, rows: byKey, people: results.people }, poll?.idea.id),
    );
  }
  write(runFile, jsonFile(run));
  return { stats, run, leftOut, noPoll: 'reason' in found ? found.reason : undefined, returned };
}

/** The lines of `results.jsonl`, some at a time: those of a large class do not fit into one text. */
function* linesOf(rows: readonly StudentResult[]): Generator<string> {
  for (let at = 0; at < rows.length; at += 200)
    yield rows
      .slice(at, at + 200)
      .map((row) => `${jsonLine(row)}\n`)
      .join('');
}

/** @returns the students whom a gradebook leaves out, because its host could not find them, by its file. */
function writeTables(folder: string, graded: GradedClass): Map<string, string[]> {
  const { rows } = graded;
  const students = rows.flatMap(({ student }) => student ?? []);
  mkdirSync(path.join(folder, 'gradebooks'), { mode: 0o700 });
  const leftOut = new Map<string, string[]>();
  const books = Object.entries(gradebooks).flatMap(([file, make]) => {
    const book = make(graded);
    return book ? [{ file: path.join('gradebooks', file), book }] : [];
  });
  for (const { file, book } of [
    { file: gradesFile, book: grades(graded.course.rubric.possible) },
    ...books,
  ]) {
    const { columns, top, knows } = book;
    const alike = indistinguishable(students, book);
    const lines = rows.flatMap((row) => {
      if ((knows?.(row) ?? true) && !alike.has(row.key)) return [columns.map(([, cell]) => cell(row))];
      const name = path.basename(file);
      if (row.student) leftOut.set(name, [...(leftOut.get(name) ?? []), wordFor(row)]);
      return [];
    });
    const first = top ? [columns.map(([heading]) => top[heading] ?? null)] : [];
    const heads = columns.map(([heading]) => own(heading));
    writeFileSync(path.join(folder, file), csvRows([heads, ...first, ...lines]), { mode: 0o600 });
  }
  const responses = rows.flatMap(({ login, student, responses: all }) =>
    all.map(({ question, text }) => [
      untrusted(login),
      untrusted(student?.name ?? ''),
      own(question),
      untrusted(text),
    ]),
  );
  const heads = ['login', 'name', 'question', 'response'].map(own);
  writeFileSync(path.join(folder, responsesFile), csvRows([heads, ...responses]), { mode: 0o600 });
  return leftOut;
}

function assertStudentResult(row: StudentResult): void {
  const isOfSchema: boolean = isValid<StudentResult>(schema, row);
  if (isOfSchema) return;
  throw new GraderError(
    'report',
    'invalid-result',
    `The grader made a result for ${row.login || row.key} that does not match its own schema. This is a bug in the grader: report it, with this student's two files.`,
  );
}

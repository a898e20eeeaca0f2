import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../command';
import { type Course, loadCourse } from '../course/course';
import { voteSizesOf } from '../course/fair-sizes';
import { type QuizQuestion, quizParts, readManifest } from '../course/released';
import { answersText } from '../course/stub';
import { kindOf } from '../kinds/registry';
import { quoted } from '../kinds/text';
import { counted, GraderError } from '../message';
import { escapeTerminal, lines } from '../render/escape/terminal';
import { gradedCells } from '../render/status';
import type { Rubric, RubricCell } from '../rubric/rubric';
import { reflectionOf } from '../submission/reflection';
import { unwritable } from '../system/lock';
import { bytesOf } from '../system/platform';
import { tableAt } from './disk';
import { byKey } from './members/people';
import { studentOf } from './members/roster';
import { renderPage } from './pages/class-page';
import { pageFile, voteFile } from './pages/layout';
import { statisticsOf } from './pages/statistics';
import { renderVote, voteOf } from './pages/vote-page';
import { type Attempt, type QuizReport, readQuizReport } from './quiz-report';
import { graderOf, runFile } from './results/graded-class';
import type { StudentResult } from './results/student-result.schema';

interface Options {
  readonly out?: string;
  readonly release?: string;
}

/** `npm run quiz:page` */
export const configureQuizPage: Configure = (command, context) =>
  command
    .argument('<responses.csv>', 'the report “Responses” of the quiz, as Moodle downloads it')
    .option('--out <folder>', 'where the pages go (default: out/)', fromCaller)
    .option('--release <folder>', 'the release that the quiz was made with (default: dist/)', fromCaller)
    .action((file: string, options: Options) => makePages(context, fromCaller(file), options));

async function makePages({ courseRoot, print }: Context, file: string, options: Options) {
  const course = loadCourse(courseRoot, false);
  const { out = path.join(courseRoot, 'out'), release = path.join(courseRoot, 'dist') } = options;
  if (existsSync(path.join(out, runFile)))
    throw new GraderError(
      'folder',
      'out-has-a-class',
      `${out} holds the results of a class, whose page would be lost. Choose another folder with --out. Nothing was made.`,
    );
  const { files, notes, whyNoVote } = await quizPages(course, file, release);
  try {
    mkdirSync(out, { recursive: true, mode: 0o700 });
    for (const [name, text] of files) writeFileSync(path.join(out, name), text, { mode: 0o600 });
  } catch (error) {
    throw unwritable(out, error);
  }
  const summary = [
    ...notes,
    'The grades of the quiz are in Moodle.',
    `What to teach next: ${path.join(out, pageFile)}`,
    whyNoVote === undefined ? `For the projector: ${path.join(out, voteFile)}` : `No vote: ${whyNoVote}`,
  ];
  print(lines(summary.map(escapeTerminal)));
}

/**
 * Makes the pages of a quiz.
 *
 * @param file the report, on disk.
 * @param release the folder of the release that the quiz was made with.
 * @returns the pages by name, what a person has to know, and why there is no vote, if so.
 * @throws {GraderError} if the report is none, or of another quiz.
 */
export async function quizPages(course: Course, file: string, release: string) {
  const report = readQuizReport(tableAt(file), questionsOf(course, release));
  const grader = graderOf(course);
  const attempts = [...report.attempts].sort(byKey);
  const results = await Promise.all(attempts.map((attempt) => attemptResult(attempt, course.rubric, grader)));
  assertOfThisQuiz(file, report, results);
  const stats = statisticsOf(
    course.rubric,
    results.map(({ result }) => result),
    course.solution,
  );
  const vote = await voteOf(course, voteSizesOf(course), stats);
  const notes = notesOnReport(report);
  const page = renderPage(stats, { notes, vote, solution: course.solution, beside: [voteFile] });
  const isAsked = 'asked' in vote;
  return {
    files: [
      [pageFile, page] as const,
      ...(isAsked ? [[voteFile, renderVote(vote, course.rubric.title)] as const] : []),
    ],
    notes,
    whyNoVote: isAsked ? undefined : vote.reason,
  };
}

/** The questions of the quiz in the order of a release, or else in that of the present rubric. */
function questionsOf({ rubric }: Course, release: string): QuizQuestion[][] {
  const parts = quizParts(rubric);
  const questions = new Map(parts.flat().map((question) => [question.id, question]));
  const released = readManifest(release)?.quiz;
  return released?.map((part) => part.flatMap((id) => questions.get(id) ?? [])) ?? parts;
}

/** The result of an attempt, for the page alone. */
async function attemptResult(attempt: Attempt, rubric: Rubric, grader: ReturnType<typeof graderOf>) {
  const read = grader.read(await grader.finder.find(typedFiles(rubric, attempt.responses)));
  const report = await grader.score(read);
  const responses = [...(read.reflection?.responses ?? [])].map(([question, { text }]) => ({
    question,
    text,
  }));
  const student = { ...studentOf({ name: attempt.name }, 0), key: attempt.key };
  const result = { key: attempt.key, login: '', student, status: 'graded' as const, points: report.points };
  const none = { adjustments: [], notes: [], beside: [] };
  return { attempt, result: { ...result, ...none, report, responses } satisfies StudentResult };
}

/** The files that hold what was typed into the questions. */
function typedFiles(rubric: Rubric, responses: Attempt['responses']) {
  const answers = answersText(rubric, (row, cell) =>
    asSource(cell, responses.get(`${row}.${cell.id}`) ?? ''),
  );
  const { reflection } = rubric;
  const written = [[rubric.file, answers] as const];
  if (reflection) {
    const texts = reflection.questions.map(({ id }) => [id, responses.get(`response.${id}`) ?? '']);
    written.push([reflection.file, reflectionOf(reflection, Object.fromEntries(texts))]);
  }
  return written.map(([file, text]) => ({ path: file, read: () => bytesOf(text) }));
}

/** A plain number as Moodle and the worksheet read it alike. */
const plainNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A plain number as it is; anything else in quotes, so that its kind says what it takes. */
function asSource(cell: RubricCell, text: string): string {
  if (text === '') return 'null';
  return kindOf(cell).valueKind === 'number' && plainNumber.test(text) ? text : quoted(text);
}

type Results = Awaited<ReturnType<typeof attemptResult>>[];

/**
 * Compares our marks with those that Moodle gave: in another quiz, or another order of questions, they differ.
 *
 * @throws {GraderError} if they contradict each other, or where nothing else shows that it is the quiz, cannot be compared.
 */
function assertOfThisQuiz(file: string, { hasTexts }: QuizReport, results: Results) {
  const compared = results.flatMap(({ attempt, result }) => {
    const cells = result.report ? gradedCells(result.report) : [];
    const isPlain = cells.every(({ outcome }) => outcome !== 'invalid');
    if (attempt.mark === undefined || !isPlain) return [];
    const possible = cells.reduce((sum, cell) => sum + cell.possible, 0);
    const earned = cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0);
    const given = attempt.mark * possible;
    // Moodle rounds to two digits.
    const isAlike = Math.abs(given - earned) < 0.01;
    return {
      isAlike,
      text: `${attempt.name}: Moodle gave ${Number(given.toFixed(2))} of ${possible}, and here the answers earn ${earned}`,
    };
  });
  const others = compared.filter(({ isAlike }) => !isAlike).map(({ text }) => text);
  const stop = (why: string) =>
    new GraderError('folder', 'quiz-other', `${file} may not be of this quiz: ${why} Nothing was made.`);
  if (3 * others.length > compared.length)
    throw stop(
      `the marks of ${others.length} of ${counted(compared.length, 'attempt')} contradict it (${others.slice(0, 3).join('; ')}). It may be another quiz, have its questions in another order or mixed, take off penalties, or the report may lack “Response”.`,
    );
  if (!hasTexts && (compared.length < 3 || 2 * compared.length < results.length))
    throw stop(
      `only ${compared.length} of ${counted(results.length, 'attempt')} could be compared with it. Tick “Question text” in the report, and download it again.`,
    );
}

function notesOnReport({ attempts, inProgress, unmarked, hasTries }: QuizReport): string[] {
  const notes = [
    hasTries
      ? `${counted(attempts.length, 'student')}, each with the first answers of the first attempt.`
      : `${counted(attempts.length, 'student')}, each with the answers of the first attempt that the report has. A hint repairs what this page is about: the report “First try” has the answers before it.`,
  ];
  if (inProgress > 0)
    notes.push(`${counted(inProgress, 'student')} with no finished attempt, who are not counted.`);
  if (unmarked > 0) notes.push(`${counted(unmarked, 'attempt')} not yet marked in Moodle.`);
  return notes;
}

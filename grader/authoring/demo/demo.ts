import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { tableAt } from '../../class/disk';
import { classHosts } from '../../class/downloads/class-hosts';
import { classInput } from '../../class/grade-class';
import { readRoster } from '../../class/members/roster';
import { openResults, writeResults } from '../../class/outputs';
import { type Configure, type Context, fromCaller } from '../../command';
import { type Course, loadCourse, withDeadline } from '../../course/course';
import { solvedText, worksheetFiles } from '../../course/stub';
import type { Misconception } from '../../key/known-answers';
import { GraderError } from '../../message';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import type { Deadline } from '../../rubric/file.schema';
import { dueLines, rowsOf } from '../../rubric/rubric';
import { reflectionOf } from '../../submission/reflection';
import { writeFile } from '../../system/files';
import { neededGit } from '../../system/git-version';
import { hasGit } from '../../system/github';
import { unwritable } from '../../system/lock';

export const configureDemo: Configure = (command, context) =>
  command
    .option('--out <folder>', 'where to make it (default: demo/ in this repository)')
    .action(async ({ out }: { out?: string }) => {
      const folder = out === undefined ? path.join(context.courseRoot, 'demo') : fromCaller(out);
      await makeDemo(context, folder);
    });

/** Makes a class and grades it. */
async function makeDemo(context: Context, folder: string): Promise<void> {
  takeFolder(folder);
  const isGitFound = hasGit();
  const course = withDeadline(loadCourse(context.courseRoot), isGitFound ? due : undefined);
  const root = path.join(folder, 'worksheet-submissions');
  writeClass(course, root, isGitFound);
  const rows = students.map(({ name, login }) => `${login},${name},${login}@example.org\n`);
  writeFile(folder, 'roster.csv', `login,name,email\n${rows.join('')}`);
  const roster = readRoster(tableAt(path.join(folder, 'roster.csv')), classHosts);
  const results = openResults(path.join(folder, 'out'));
  try {
    // The demo class never got a release. One in dist/ may belong to an earlier worksheet, so compare with none.
    const input = await classInput(course, [root], { roster, keyChanged: true }, results);
    const { deadline } = course.file;
    const release = { grades: [], words: [], due: deadline && dueLines(deadline) };
    await writeResults(context, course, { ...input, release }, results, {});
  } finally {
    results.close();
  }
  const next = [
    isGitFound ? '' : `${neededGit} is not installed, so this class has no lateness.`,
    'Grade your own, with a deadline in rubric.yaml if you like:',
    '    npm run grade:class -- <folder with one folder per student> --roster <roster.csv>',
  ];
  context.print(lines(next.map(escapeTerminal)));
}

/** The file that marks a folder as the demo's own, so that the demo may replace it. */
const markFile = 'demo.json';

/** @throws {GraderError} if the folder contains anything, unless a demo made it. */
function takeFolder(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  if (names.length > 0 && !names.includes(markFile))
    throw new GraderError(
      'folder',
      'demo-holds-other-files',
      `${folder} holds files that no demo put there. It was not changed. Choose another folder: npm run demo -- --out <folder>`,
    );
  try {
    rmSync(folder, { recursive: true, force: true });
    writeFile(
      folder,
      markFile,
      '"A sample class. npm run demo replaces this folder and everything in it."\n',
    );
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** The deadline of the sample class, if it has histories. */
export const due: Deadline = {
  due: '2026-10-01T23:59',
  timezone: 'UTC',
  late: { per_day: '10%', at_most: '30%', until: '2026-10-08T23:59' },
};

const students =
  'Ada Lovelace, Alan Turing, Grace Hopper, Emmy Noether, Katherine Johnson, Edsger Dijkstra, Barbara Liskov, Donald Knuth, Hedy Lamarr, John Backus, Frances Allen, Tony Hoare, Sofia Kovalevskaya, Claude Shannon, Mary Jackson, Niklaus Wirth, Radia Perlman, Ken Thompson, Shafi Goldwasser, Dennis Ritchie, Jean Bartik, Leslie Lamport, Annie Easley, Robin Milner, Karen Jones, Michael Rabin, Evelyn Granville, Dana Scott, Ida Rhodes, Stephen Cook, Lynn Conway'
    .split(', ')
    .map((name) => ({ name, login: name.toLowerCase().replace(' ', '-') }));

/** Students with an odd submission, by their index in the list. */
const odd = { notStarted: 5, slip: 14, hostile: 16, absent: 30 };

/**
 * Writes a sample class of students who are right, wrong, late, barely started, hostile or in a hurry.
 *
 * @param isGitFound whether to make repositories with histories; else folders with the final files.
 */
function writeClass(course: Course, root: string, isGitFound: boolean): void {
  for (const { login, commits } of sampleClass(course)) {
    const folder = path.join(root, `worksheet-${login}`);
    if (isGitFound) makeRepository(folder, login, commits);
    else
      for (const [file, text] of commits.flatMap(({ files }) => Object.entries(files)))
        writeFile(folder, file, text);
  }
}

/** Who handed in what, when. One student is missing. */
export function sampleClass(course: Course): { login: string; commits: MadeCommit[] }[] {
  return students.flatMap(({ login }, index) =>
    index === odd.absent ? [] : { login, commits: commitsOf(course, index) },
  );
}

/** The commits of the handout, a first try, and the final files; every seventh student is late. */
function commitsOf(course: Course, index: number): MadeCommit[] {
  const { rubric, solution } = course;
  const { file, reflection } = rubric;
  const at = (hours: number, message: string, files: MadeCommit['files']) => ({
    time: Date.parse(`${due.due}Z`) + hours * 60 * 60 * 1000,
    message,
    files,
  });
  const stub = at(-200, 'Initial commit', worksheetFiles(rubric));
  if (index === odd.notStarted) return [stub];
  const textOf = (idea: Misconception | undefined) => {
    const valueIn = (row: string, column: string) => (idea?.row === row ? idea.values[column] : undefined);
    const text = solvedText(rubric, solution, valueIn);
    if (index === odd.slip) return text.replace('{', '');
    if (index !== odd.hostile) return text;
    return `require('node:child_process').execSync('id');\n${text.replace(/\d+/, '"<script>alert(1)</script>"')}`;
  };
  const first = ideaAtFirst(course, index);
  const final = textOf(index % 3 !== 1 ? first : undefined);
  const late = index % 7 === 3 ? 10 * index : 0;
  const notes = reflection && { [reflection.file]: reflectionOf(reflection, responsesOf(course, index)) };
  return [
    stub,
    at(late - 21, 'First try', { [file]: textOf(first) }),
    at(late - 1, 'Hand in', { [file]: final, ...notes }),
  ];
}

/** The mistake in a student's first try: the same one for every second student, different ones for the rest. */
function ideaAtFirst({ solution, rubric }: Course, index: number): Misconception | undefined {
  const known = solution.misconceptions;
  const ofTheDay = known.find(({ row }) => row === rowsOf(rubric).at(-3)?.id);
  return index % 2 === 0 ? ofTheDay : known[(7 * index) % known.length];
}

/** Responses to as many questions as required, each worded differently; some students answer only one. */
function responsesOf({ rubric }: Course, index: number): Record<string, string> {
  const { questions = [], choose = 0 } = rubric.reflection ?? {};
  const labels = rowsOf(rubric).map(({ label }) => label.replace(/ \(.*/, ''));
  const first = index % labels.length;
  const remarks = [...labels.slice(first), ...labels.slice(0, first)].flatMap(remarksOn);
  if (index === odd.hostile)
    remarks.unshift('=HYPERLINK("https://example.org") <img src=x onerror=alert(1)> ::error::\u001b[2J');
  const begin = index % questions.length;
  const chosen = [...questions, ...questions].slice(begin, begin + (index % 6 === 5 ? 1 : choose));
  return Object.fromEntries(chosen.map(({ id }, place) => [id, remarks[place] ?? '']));
}

function remarksOn(row: string): string[] {
  return [
    `I am still not sure about ${row}. Drawing a picture helped.`,
    `We talked about ${row} in pairs, and then it made sense.`,
    `Could we go through ${row} once more, with other numbers?`,
    `I would like to see where ${row} matters in practice.`,
    `Last year we met something like ${row}, under another name.`,
  ];
}

type Content = string | Uint8Array;

/** One commit of a made-up repository, with the files that it changes. */
export interface MadeCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  readonly files: Readonly<Record<string, Content>>;
}

/**
 * Makes a repository with some commits, oldest first, and their files.
 *
 * @throws if git is not installed.
 */
export function makeRepository(dir: string, author: string, commits: readonly MadeCommit[]): void {
  mkdirSync(dir, { recursive: true });
  const git = (args: readonly string[], input?: Uint8Array) =>
    execFileSync('git', args, { cwd: dir, input, stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true });
  // In the format that git fast-import reads.
  const data = (content: Content) => [`data ${Buffer.from(content).length}\n`, content, '\n'];
  const parts = commits.flatMap(({ time, message, files }) => [
    `commit refs/heads/main\ncommitter ${author} <${author}@example.org> ${Math.floor(time / 1000)} +0000\n`,
    ...data(message),
    ...Object.entries(files).flatMap(([file, content]) => [`M 100644 inline ${file}\n`, ...data(content)]),
  ]);
  git(['init', '--quiet', '--initial-branch=main']);
  git(['fast-import', '--quiet'], Buffer.concat(parts.map((part) => Buffer.from(part))));
  git(['-c', 'core.autocrlf=false', 'reset', '--hard', '--quiet']);
}

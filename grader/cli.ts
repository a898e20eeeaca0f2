import { once } from 'node:events';
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Argument, Option } from 'commander';
import { type Commands, type Configure, type Context, fromCaller, runCommand, runProcess } from './command';
import { GraderError } from './error';
import { gradeFolder, loadExample, loadGradingContext } from './grading/context';
import { isTellable } from './grading/judge';
import type { GradedCell, GradedRow, Report } from './grading/report.schema';
import { hostCommands } from './hosts/bundled';
import { watchBegins, watchEnds } from './hosts/vscode/render';
import { gradeAsAction, isAction } from './jest/action';
import { publishedReport } from './jest/artifacts';
import { WatchedAttempts, watchEnvironment } from './jest/attempts';
import { hasSolution, loadSolution } from './key/solution';
import { graderFolder } from './place';
import { indentedJson } from './render/escape/json';
import { escapeTerminal, lines, type TerminalText } from './render/escape/terminal';
import { exampleOf, renderExample } from './render/example';
import { renderPlain } from './render/plain';
import { gradedCells } from './render/status';
import { renderTerminal } from './render/terminal';
import { loadRubric } from './rubric/load';
import { type Rubric, rowsOf, studentFiles } from './rubric/rubric';

/** The commands that students can run. */
export const studentCommands: Commands = {
  grade: {
    description:
      'Grade one submission: print its worksheet with marks, points, reasons and hints. It never runs anything the student wrote.',
    load: () => configureGrade,
  },
  watch: {
    description: 'Grade assignment/ now, and again whenever the answers or the reflection are saved.',
    load: () => configureWatch,
  },
  autograde: {
    description: 'Grade assignment/ with Jest, one test per cell. Options go to Jest.',
    load: () => configureAutograde,
  },
  types: {
    description: 'Check the types of the files with TypeScript.',
    load: () => configureTypes,
  },
  action: {
    description: 'Grade a checkout as an action of GitHub.',
    isHidden: true,
    load: () => configureAction,
  },
  ...hostCommands,
};

export { runProcess } from './command';
export { gradeForJest } from './jest/grade';

/** The entry point for Node.js. */
export function main(): void {
  const args = process.argv.slice(2);
  runProcess(studentCommands, args.length === 0 && isAction() ? ['action'] : args);
}

/** Runs one of the students' commands; see `runCommand`. */
export function runStudentCommand(args: readonly string[], context?: Partial<Context>): Promise<number> {
  return runCommand(studentCommands, args, context);
}

interface GradeOptions {
  readonly json?: boolean;
  readonly verify?: boolean;
  readonly explain?: boolean;
  readonly all?: boolean;
  readonly plain?: boolean;
  /** The row, or true if none is named. */
  readonly example?: string | true;
}

const configureGrade: Configure = (command, { courseRoot, print, hasColors }) =>
  command
    .addArgument(submissionArgument(courseRoot))
    .option('--json', 'print the Report and nothing else')
    .option('--all', 'explain every wrong row, not only the first three')
    .addOption(
      new Option(
        '--example [row]',
        'show a row worked out at other sizes, once it is right or shows a known mistake; without a row, the whole worksheet, once all of it is right',
      ).conflicts('json'),
    )
    .addOption(
      new Option('--plain', 'print sentences instead of a table, for a screen reader').conflicts([
        'json',
        'example',
      ]),
    )
    .option('--verify', 'first run the real computation, and stop if the answer key disagrees with it')
    .option('--explain', 'print why each row is right, without grading; needs solution/')
    .addHelpText('after', '\nExit status: 0 if it graded, whatever the score; 2 if it could not.')
    .action(async (named: string, options: GradeOptions) => {
      if (options.explain) {
        print(explanationsFor(courseRoot));
        return;
      }
      const folder = callersFolder(named);
      const { rubric, key } = loadGradingContext(courseRoot, options.verify);
      const report = await gradeFolder(folder, rubric, key);
      if (options.example !== undefined) {
        print(exampleFor(courseRoot, rubric, report, options.example));
        return;
      }
      if (options.verify && !options.json)
        print(escapeTerminal('The answer key is verified: a real run gives the derived values.\n'));
      const isWhole = options.all === true;
      if (options.json) print(indentedJson(report));
      else
        print(
          options.plain ? renderPlain(report, { isWhole }) : renderTerminal(report, { hasColors, isWhole }),
        );
    });

/**
 * Explains why each row of a course's worksheet is as it is.
 *
 * @throws {GraderError} if there is no solution with the explanations.
 */
function explanationsFor(courseRoot: string): TerminalText {
  if (!hasSolution(courseRoot))
    throw new GraderError(
      'key',
      'no-explanations',
      'There is no solution/ here. Grading explains each row that is right.',
    );
  const rubric = loadRubric(courseRoot);
  const { explanations } = loadSolution(courseRoot, rubric, false);
  const texts = rowsOf(rubric).map(
    ({ id, label }) => `${label}: ${explanations[id] ?? '(solution/ says nothing of it)'}`,
  );
  return lines(texts.map(escapeTerminal));
}

/**
 * The worked example of a course: one row of it, or all rows if none is named.
 *
 * @throws {GraderError} if there is none, or it may not be shown yet: a student who has not tried learns
 *   little from it.
 */
function exampleFor(courseRoot: string, rubric: Rubric, report: Report, id: string | true): TerminalText {
  const example = loadExample(courseRoot, rubric);
  if (!example) throw new GraderError('key', 'no-example', 'There is no worked example here.');
  const isRight = ({ outcome }: GradedCell) => outcome === 'correct';
  const rows = `The rows are ${report.rows.map((row) => row.id).join(', ')}.`;
  if (id === true) {
    if (gradedCells(report).every(isRight)) return renderExample(example);
    const one = `to see one row, name it: npm run grade -- --example ${report.rows[0]?.id}.`;
    throw new GraderError(
      'folder',
      'example-not-yet',
      `The whole example is shown once every row is right; ${one} ${rows}`,
    );
  }
  const row = report.rows.find((candidate) => candidate.id === id);
  if (!row) throw new GraderError('usage', 'unknown-example-row', `There is no row ${id}. ${rows}`);
  const open = row.cells.find((cell) => !isRight(cell) && !isKnown(cell, row, report));
  if (!open) return renderExample(exampleOf(example, id));
  throw new GraderError(
    'folder',
    'example-row-not-yet',
    `Give ${row.label} your best try first: ${open.label} ${untried[open.outcome] ?? 'is neither right nor a known mistake'}. Then you will see the row worked out at other sizes.`,
  );
}

const untried: Partial<Record<GradedCell['outcome'], string>> = {
  blank: 'is not filled in',
  invalid: 'cannot be read',
};

/** Whether the key knows a wrong answer: as a misconception, perhaps of the whole table, or as a quantity. */
function isKnown({ cause }: GradedCell, row: GradedRow, { tables }: Report): boolean {
  if (cause?.kind === 'misconception' || cause?.kind === 'quantity') return true;
  return isTellable(row) && tables.some((table) => table.hint && table.export === row.table);
}

export function submissionArgument(courseRoot: string): Argument {
  return new Argument('[folder]', "the submission's root, which holds assignment/").default(
    courseRoot,
    'this repository',
  );
}

/** Resolves the folder that the caller named. Follows a link, because the caller chose it. */
export function callersFolder(named: string): string {
  try {
    const folder = realpathSync(fromCaller(named));
    if (named !== '' && statSync(folder).isDirectory()) return folder;
  } catch {
    // Reported below.
  }
  throw new GraderError(
    'folder',
    'no-folder',
    `There is no folder ${named || 'without a name'}. Give the submission’s root folder, which holds assignment/.`,
  );
}

/** Editors write a file in several steps. Grading waits until nothing has happened for this long, in milliseconds. */
const quiet = 100;

const configureWatch: Configure = (command, { courseRoot, print }) =>
  command.action(() => {
    assertInstalled('jest');
    const { watch } = require('chokidar') as typeof import('chokidar');
    const rubric = loadRubric(courseRoot);
    const files = studentFiles(rubric);
    const attempts = new WatchedAttempts(courseRoot, rubric);
    const say = (text: string) => () => print(escapeTerminal(text));
    const again = grader(courseRoot, say(watchBegins), () => {
      print(escapeTerminal(watchEnds));
      const report = publishedReport(courseRoot);
      if (report) attempts.see(report);
    });
    // Jest itself must not watch here: it would react to the files beside the two as well.
    watch(courseRoot, {
      // A file that replaces another of its name is a new file, and only its folder reports it.
      ignored: (place) => !isOnTheWay(path.relative(courseRoot, place).split(path.sep).join('/'), files),
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: quiet, pollInterval: quiet / 4 },
    }).on('all', again);
    again();
  });

/** Whether a path is one of the files, or a folder that contains one of them. */
function isOnTheWay(place: string, files: readonly string[]): boolean {
  return files.some((file) => place === '' || file === place || file.startsWith(`${place}/`));
}

/** Returns a function that grades, and grades once more if it is called meanwhile. */
function grader(courseRoot: string, begun: () => void, ended: () => void): () => void {
  let [running, wanted] = [false, false];
  const grade = () => {
    if (running) {
      wanted = true;
      return;
    }
    running = true;
    if (process.stdout.isTTY) console.clear();
    begun();
    const autograde = [path.join(graderFolder, 'start.js'), 'autograde'];
    startNode(autograde, courseRoot, watchEnvironment).on('close', () => {
      ended();
      running = false;
      if (!wanted) return;
      wanted = false;
      grade();
    });
  };
  return grade;
}

/** Jest sets the exit status of the process. */
const configureAutograde: Configure = (command) =>
  command
    .argument('[options...]')
    .allowUnknownOption()
    .addHelpText(
      'after',
      '\nExit status: 0 if every cell is right or none is filled in; 1 if something is not right; 2 if it could not grade.',
    )
    .action(async (options: string[]) => {
      assertInstalled('jest');
      process.env.NODE_ENV ??= 'test';
      const { run } = require('jest') as typeof import('jest');
      await run(['--config', path.join(graderFolder, 'jest', 'jest.config.js'), ...options]);
    });

const configureAction: Configure = (command, context) =>
  command.addHelpText('after', '\nExit status: the same as autograde.').action(async () => {
    const { text, status } = await gradeAsAction(context.courseRoot);
    context.print(text);
    context.status = status;
  });

const configureTypes: Configure = (command, context) =>
  command
    .addHelpText('after', '\nExit status: 0 if it finds nothing wrong; otherwise not 0.')
    .action(async () => {
      assertInstalled('typescript');
      const compiler = require.resolve('typescript/bin/tsc');
      [context.status] = await once(startNode([compiler, '--noEmit'], context.courseRoot), 'close');
    });

/** Starts another Node.js process, which prints to the same output. */
function startNode(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}) {
  // Loaded here, because grading needs no process.
  const { spawn } = require('node:child_process') as typeof import('node:child_process');
  return spawn(process.execPath, args, { cwd, stdio: 'inherit', env: { ...process.env, ...environment } });
}

/** @throws {GraderError} if a package that only some commands need is not installed. */
function assertInstalled(name: 'jest' | 'typescript'): void {
  try {
    // Bundling the grader into one file leaves no other way to ask unchanged.
    if (name === 'jest') require.resolve('jest');
    else require.resolve('typescript/bin/tsc');
  } catch {
    throw new GraderError(
      'folder',
      'packages-missing',
      'Some packages are not installed. Run npm ci, and then run this again.',
    );
  }
}

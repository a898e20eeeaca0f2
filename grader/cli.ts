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

/** What students can run. */
export const studentCommands: Commands = {
  grade: {
    description:
      "Grade one submission: print its worksheet back with marks, points, reasons and hints. Nothing of the student's is run.",
    load: () => configureGrade,
  },
  watch: {
    description: 'Grade assignment/ now, and again at each save of the answers or of the reflection.',
    load: () => configureWatch,
  },
  autograde: {
    description: 'Grade assignment/ through Jest, with a test for each cell. Jest gets the options.',
    load: () => configureAutograde,
  },
  types: {
    description: 'Print what TypeScript says of the files.',
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

/** What Node.js runs. */
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
  /** The row, or true where none is named. */
  readonly example?: string | true;
}

const configureGrade: Configure = (command, { courseRoot, print, hasColors }) =>
  command
    .addArgument(submissionArgument(courseRoot))
    .option('--json', 'print the Report and nothing else')
    .option('--all', 'tell of every row that is wrong, and not only of the first three')
    .addOption(
      new Option(
        '--example [row]',
        'show a row worked out for other sizes, once it is right or wrong in a way that is known; without a row the whole worksheet, once all of it is right',
      ).conflicts('json'),
    )
    .addOption(
      new Option('--plain', 'print sentences in place of a table, for a screen reader').conflicts([
        'json',
        'example',
      ]),
    )
    .option('--verify', 'first run the real computation, and stop if the answer key disagrees with it')
    .option('--explain', 'print why each row is as it is, and grade nothing; it takes solution/')
    .addHelpText('after', '\nExit status: 0 when it graded, whatever the score; 2 when it could not.')
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
        print(escapeTerminal('The answer key is verified: a real run gives what it derives.\n'));
      const isWhole = options.all === true;
      if (options.json) print(indentedJson(report));
      else
        print(
          options.plain ? renderPlain(report, { isWhole }) : renderTerminal(report, { hasColors, isWhole }),
        );
    });

/**
 * Why each row of a course's worksheet is as it is.
 *
 * @throws {GraderError} where there is no solution that says it.
 */
function explanationsFor(courseRoot: string): TerminalText {
  if (!hasSolution(courseRoot))
    throw new GraderError(
      'key',
      'no-explanations',
      'There is no solution/ here. A row that is right explains itself when it is graded.',
    );
  const rubric = loadRubric(courseRoot);
  const { explanations } = loadSolution(courseRoot, rubric, false);
  const texts = rowsOf(rubric).map(
    ({ id, label }) => `${label}: ${explanations[id] ?? '(solution/ says nothing of it)'}`,
  );
  return lines(texts.map(escapeTerminal));
}

/**
 * The worked example of a course: one row of it, or all where no row is named.
 *
 * @throws {GraderError} where there is none, or it is not to be seen yet: who has not tried learns little
 *   from it.
 */
function exampleFor(courseRoot: string, rubric: Rubric, report: Report, id: string | true): TerminalText {
  const example = loadExample(courseRoot, rubric);
  if (!example) throw new GraderError('key', 'no-example', 'There is no worked example here.');
  const isRight = ({ outcome }: GradedCell) => outcome === 'correct';
  const rows = `The rows are ${report.rows.map((row) => row.id).join(', ')}.`;
  if (id === true) {
    if (gradedCells(report).every(isRight)) return renderExample(example);
    const one = `for one row, write its name: npm run grade -- --example ${report.rows[0]?.id}.`;
    throw new GraderError(
      'folder',
      'example-not-yet',
      `All of the example is shown once every row is right; ${one} ${rows}`,
    );
  }
  const row = report.rows.find((candidate) => candidate.id === id);
  if (!row) throw new GraderError('usage', 'unknown-example-row', `There is no row ${id}. ${rows}`);
  const open = row.cells.find((cell) => !isRight(cell) && !isKnown(cell, row, report));
  if (!open) return renderExample(exampleOf(example, id));
  throw new GraderError(
    'folder',
    'example-row-not-yet',
    `Fill in ${row.label} with a considered answer first: ${open.label} ${untried[open.outcome] ?? 'is neither right nor a mistake that is known'}. Then this shows the row worked out for other sizes.`,
  );
}

const untried: Partial<Record<GradedCell['outcome'], string>> = {
  blank: 'is not filled in',
  invalid: 'cannot be read',
};

/** Whether the key knows a wrong answer: a misconception, perhaps of the whole table, or a quantity. */
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

/** The folder that was named. A link that the caller named is the caller's own, and is followed. */
export function callersFolder(named: string): string {
  try {
    const folder = realpathSync(fromCaller(named));
    if (named !== '' && statSync(folder).isDirectory()) return folder;
  } catch {
    // told below
  }
  throw new GraderError(
    'folder',
    'no-folder',
    `There is no folder ${named || 'without a name'}. Give the root of a submission, the folder that holds assignment/.`,
  );
}

/** Editors write a file in several steps; this long nothing has to happen, in milliseconds. */
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
    // Jest itself must not watch there: it would take what lies beside the two files for its own.
    watch(courseRoot, {
      // A file that is replaced by another of its name is a new one, and only its folder tells of it.
      ignored: (place) => !isOnTheWay(path.relative(courseRoot, place).split(path.sep).join('/'), files),
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: quiet, pollInterval: quiet / 4 },
    }).on('all', again);
    again();
  });

/** Whether a path is one of some files or a folder that one of them lies in. */
function isOnTheWay(place: string, files: readonly string[]): boolean {
  return files.some((file) => place === '' || file === place || file.startsWith(`${place}/`));
}

/** Grades when it is called, and once more where it is called meanwhile. */
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
      '\nExit status: 0 when every cell is right, or none is filled in; 1 when something is not right; 2 when it could not grade.',
    )
    .action(async (options: string[]) => {
      assertInstalled('jest');
      process.env.NODE_ENV ??= 'test';
      const { run } = require('jest') as typeof import('jest');
      await run(['--config', path.join(graderFolder, 'jest', 'jest.config.js'), ...options]);
    });

const configureAction: Configure = (command, context) =>
  command.addHelpText('after', '\nExit status: as that of autograde.').action(async () => {
    const { text, status } = await gradeAsAction(context.courseRoot);
    context.print(text);
    context.status = status;
  });

const configureTypes: Configure = (command, context) =>
  command.addHelpText('after', '\nExit status: 0 when it finds nothing; else another.').action(async () => {
    assertInstalled('typescript');
    const compiler = require.resolve('typescript/bin/tsc');
    [context.status] = await once(startNode([compiler, '--noEmit'], context.courseRoot), 'close');
  });

/** Another process of Node.js, which prints where this one does. */
function startNode(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}) {
  // Loaded here, for grading needs no process.
  const { spawn } = require('node:child_process') as typeof import('node:child_process');
  return spawn(process.execPath, args, { cwd, stdio: 'inherit', env: { ...process.env, ...environment } });
}

/** @throws {GraderError} where a package is not installed that only some commands need. */
function assertInstalled(name: 'jest' | 'typescript'): void {
  try {
    // No other way to ask is left alone where the grader is put into one file.
    if (name === 'jest') require.resolve('jest');
    else require.resolve('typescript/bin/tsc');
  } catch {
    throw new GraderError(
      'folder',
      'packages-missing',
      'The packages that this needs are not installed. Run npm ci, and then this again.',
    );
  }
}

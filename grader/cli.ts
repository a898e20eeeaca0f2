import { once } from 'node:events';
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Argument, Option } from 'commander';
import { type Commands, type Configure, fromCaller, runProcess } from './command';
import { gradeFolder, loadGradingContext } from './grading/context';
import { watchBegins, watchEnds } from './hosts/host';
import { hostCommands, hosts } from './hosts/registry';
import { plainVariable } from './jest/autograde';
import { GraderError } from './message';
import { indentedJson } from './render/escape/json';
import { escapeTerminal } from './render/escape/terminal';
import { renderPlain } from './render/view-plain';
import { renderTerminal } from './render/view-terminal';
import { loadRubric } from './rubric/load';
import { sizesText, studentFiles } from './rubric/rubric';
import { graderFolder } from './system/files';

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
  ...hostCommands,
};

export { runProcess } from './command';
export { gradeForJest } from './jest/autograde';

/** The entry point for Node.js. */
export function main(): void {
  runProcess(studentCommands, process.argv.slice(2));
}

interface GradeOptions {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly plain?: boolean;
  readonly as?: string;
}

const plainOption = ['--plain', 'print sentences instead of a table, for a screen reader'] as const;

const configureGrade: Configure = (command, { courseRoot, print, hasColors }) =>
  command
    .addArgument(
      new Argument('[folder]', "the submission's root, which holds assignment/, or a zip of it").default(
        courseRoot,
        'this repository',
      ),
    )
    .option('--json', 'print the Report and nothing else')
    .option('--all', 'explain every wrong row, not only the first three')
    .addOption(new Option(...plainOption).conflicts('json'))
    .addOption(
      new Option('--as <host>', 'print what a host would show or be given')
        .choices(hosts.flatMap(({ id, preview }) => (preview ? id : [])))
        .conflicts(['json', 'plain', 'all']),
    )
    .addHelpText('after', '\nExit status: 0 if it graded, whatever the score; 2 if it could not.')
    .action(async (named: string, options: GradeOptions) => {
      const folder = callersFolder(named);
      const { rubric, key, given } = loadGradingContext(courseRoot, folder);
      const report = await gradeFolder(folder, rubric, key);
      const showsAll = options.all === true;
      const host = hosts.find(({ id }) => id === options.as);
      if (host?.preview) print(host.preview(report));
      else if (options.json) print(indentedJson(report));
      else
        print(
          options.plain
            ? renderPlain(report, { showsAll })
            : renderTerminal(report, { hasColors, columns: process.stdout.columns, showsAll }),
        );
      if (given && !options.json && !host)
        print(escapeTerminal(`Graded at the sizes under given in its fixture.yaml: ${sizesText(given)}.`));
    });

/** Resolves the folder or zip that the caller named. Follows links, because the caller chose the path. */
function callersFolder(named: string): string {
  try {
    const folder = realpathSync(fromCaller(named));
    if (named !== '' && (statSync(folder).isDirectory() || /\.zip$/i.test(folder))) return folder;
  } catch {
    // Reported below.
  }
  throw new GraderError(
    'folder',
    'no-folder',
    `There is no folder or zip ${named || 'without a name'}. Give the submission’s root folder, which holds assignment/, or a zip of it.`,
  );
}

/** Editors write a file in several steps, so grading waits until nothing has happened for this many milliseconds. */
const quiet = 100;

const configureWatch: Configure = (command, { courseRoot, print }) =>
  command.option(...plainOption).action(({ plain }: { readonly plain?: boolean }) => {
    assertInstalled();
    const { watch } = require('chokidar') as typeof import('chokidar');
    const { spawn } = require('node:child_process') as typeof import('node:child_process');
    const rubric = loadRubric(courseRoot);
    const files = studentFiles(rubric);
    const autograde = [path.join(graderFolder, 'start.js'), 'autograde', ...(plain ? ['--plain'] : [])];
    let [isGrading, isWanted] = [false, false];
    // Grades, and then once more if it was called meanwhile.
    const grade = async () => {
      isWanted = true;
      if (isGrading) return;
      isGrading = true;
      while (isWanted) {
        isWanted = false;
        if (process.stdout.isTTY) console.clear();
        print(escapeTerminal(watchBegins));
        await once(spawn(process.execPath, autograde, { cwd: courseRoot, stdio: 'inherit' }), 'close');
        print(escapeTerminal(watchEnds));
      }
      isGrading = false;
    };
    // Do not let Jest watch: it would also react to the files beside the student's two.
    watch(courseRoot, {
      // Editors may replace a file by a new one of the same name, which only an event of its folder reports.
      ignored: (file) => !isOnTheWay(path.relative(courseRoot, file).split(path.sep).join('/'), files),
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: quiet, pollInterval: quiet / 4 },
    }).on('all', grade);
    return grade();
  });

/** Whether a path is one of these files, or a folder that contains one. */
function isOnTheWay(watched: string, files: readonly string[]): boolean {
  return files.some((file) => watched === '' || file === watched || file.startsWith(`${watched}/`));
}

/** Jest sets the exit status of the process itself. */
const configureAutograde: Configure = (command) =>
  command
    .argument('[options...]')
    .option(...plainOption)
    .allowUnknownOption()
    .addHelpText(
      'after',
      '\nExit status: 0 if every cell is right or none is filled in; 1 if something is not right; 2 if it could not grade.',
    )
    .action(async (options: string[], { plain }: { readonly plain?: boolean }) => {
      assertInstalled();
      process.env.NODE_ENV ??= 'test';
      if (plain) process.env[plainVariable] = '1';
      const { run } = require('jest') as typeof import('jest');
      await run(['--config', path.join(graderFolder, 'jest', 'jest.config.js'), ...options]);
    });

/** @throws {GraderError} if Jest, which only some commands need, is not installed. */
function assertInstalled(): void {
  try {
    require.resolve('jest');
  } catch {
    throw new GraderError(
      'folder',
      'packages-missing',
      'Some packages are not installed. Run npm ci, and then run this again.',
    );
  }
}

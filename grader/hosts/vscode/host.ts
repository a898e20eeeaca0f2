import type { Report } from '../../grading/report.schema';
import { indentedJson } from '../../render/escape/json';
import { escapeTerminal, lines, type TerminalText } from '../../render/escape/terminal';
import { failuresOf } from '../../render/tests';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { escapeRegExp } from '../../system/lists';
import { type Host, watchBegins, watchEnds } from '../host';

/** Set by an editor's task, so that problems are also printed in the form that its problem matcher reads. */
const problemsVariable = 'WORKSHEET_PROBLEMS';

/** The parts of a line of `renderProblems`, for a problem matcher. */
const problemPattern = {
  regexp: '^(.+):(\\d+):(\\d+): (warning|error): (.*)$',
  file: 1,
  line: 2,
  column: 3,
  severity: 4,
  message: 5,
};

/** Visual Studio Code, on a student's machine or in GitHub Codespaces. */
export const vscode: Host = {
  id: 'vscode',
  studentFiles: (rubric) => ({
    '.vscode/tasks.json': `${indentedJson(tasks)}\n`,
    '.vscode/settings.json': `${indentedJson(settings(rubric))}\n`,
    '.devcontainer/devcontainer.json': `${indentedJson(devcontainer(rubric))}\n`,
  }),
  isRunning: (variables) => Boolean(variables[problemsVariable]),
  publish: (report) => [escapeTerminal(''), renderProblems(report)],
};

/** One line for each remark that has a place, for an editor to underline. */
export function renderProblems(report: Report): TerminalText {
  const problems = failuresOf(report).flatMap(({ file, line, column, title, text }) =>
    line === undefined
      ? []
      : `${file}:${line}:${column}: warning: ${title}: ${text.replaceAll(/\s*\n\s*/g, ' ')}`,
  );
  return lines(problems.map(escapeTerminal));
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the editor fills it in.
const workspace = '${workspaceFolder}';

const matcher = {
  owner: 'worksheet',
  source: 'worksheet',
  fileLocation: ['relative', workspace],
  pattern: problemPattern,
};

const patternOf = (line: string) => `^${escapeRegExp(line)}`;

/** PowerShell may refuse to run npm's script, so the tasks use cmd.exe on Windows. */
const shell = {
  type: 'shell',
  options: { env: { [problemsVariable]: '1' } },
  windows: { options: { shell: { executable: 'cmd.exe', args: ['/d', '/c'] } } },
  presentation: { clear: true, showReuseMessage: false },
};

const tasks = {
  version: '2.0.0',
  tasks: [
    {
      label: 'Grade the worksheet',
      command: 'npm test',
      ...shell,
      group: { kind: 'test', isDefault: true },
      problemMatcher: matcher,
    },
    {
      label: 'Grade the worksheet at each save',
      command: 'npm run watch',
      ...shell,
      isBackground: true,
      problemMatcher: {
        ...matcher,
        background: {
          activeOnStart: true,
          beginsPattern: patternOf(watchBegins),
          endsPattern: patternOf(watchEnds),
        },
      },
    },
  ],
};

/** Makes all files read-only except those that students edit. */
function settings(rubric: Rubric) {
  const edited = studentFiles(rubric);
  return {
    'files.readonlyInclude': { '**': true },
    'files.readonlyExclude': Object.fromEntries(edited.map((file) => [file, true])),
    'files.exclude': { '.graded': true },
  };
}

/** Lets GitHub Codespaces and other editors in a container start with everything installed. */
function devcontainer(rubric: Rubric) {
  return {
    name: rubric.title,
    image: 'mcr.microsoft.com/devcontainers/typescript-node:4-24-bookworm',
    waitFor: 'updateContentCommand',
    updateContentCommand: 'npm ci',
    customizations: { codespaces: { openFiles: ['README.md', ...studentFiles(rubric)] } },
  };
}

import { Command } from 'commander';
import { matchesFile } from './class/members/matching';
import { responsesFile } from './class/outputs';
import { followUpFile, pageFile, pollFile } from './class/pages/layout';
import { emptyTables } from './class/results/by-hand';
import { resultsFile, runFile } from './class/results/run';
import { statuses } from './class/results/student-result.schema';
import { gradebooks, gradesColumns } from './class/returns/gradebooks';
import { archives, feedbackFolder, postsFile } from './class/returns/returns';
import type { Context } from './command';
import { hosts } from './hosts/registry';
import { instructorCommands } from './instructor';
import { kinds } from './kinds/registry';
import { RubricFileSchema } from './rubric/file.schema';
import { readText } from './system/files';
import { packageRoot } from './testing/folders';

/** Lists every command, option, setting, status, kind, host, file that a run writes, and column of grades.csv. */
function surfaceOf(context: Context): string {
  const { scripts } = JSON.parse(readText(context.courseRoot, 'package.json')) as { scripts: object };
  const parts = {
    command: Object.keys(scripts).filter((name) => !name.startsWith('post')),
    option: Object.entries(context.commands).flatMap(([name, { load }]) =>
      load()(new Command(name), context).options.map(({ long }) => `${name} ${long}`),
    ),
    setting: [...new Set(settingsIn(RubricFileSchema))],
    status: statuses,
    kind: kinds.map(({ id }) => id),
    host: hosts.map(({ id }) => id),
    file: [
      ...[pageFile, pollFile, followUpFile, resultsFile, runFile, responsesFile],
      ...Object.keys(emptyTables),
      matchesFile,
      ...Object.keys(gradebooks),
      ...[...archives, postsFile].map((file) => `${feedbackFolder}/${file}`),
    ],
    column: gradesColumns.map(([heading]) => heading),
  };
  return Object.entries(parts)
    .flatMap(([part, names]) => names.map((name) => `${part} ${name}\n`))
    .join('');
}

/** `tables.rows.id`, for each property that a JSON Schema knows at any depth. */
function settingsIn(schema: object, above = ''): string[] {
  return Object.entries(schema).flatMap(([name, part]: [string, unknown]) => {
    if (typeof part !== 'object' || part === null) return [];
    if (name !== 'properties') return settingsIn(part, above);
    return Object.entries(part).flatMap(([own, below]) => [
      above + own,
      ...settingsIn(below, `${above}${own}.`),
    ]);
  });
}

// A snapshot of everything that people see of the program, so that a change shows what it adds.
test('the snapshot lists every command, option, setting, status, kind, host, file and column that there is', () => {
  const nowhere = { print: () => {}, printError: () => {}, hasColors: false, status: 0 };
  const context = { ...nowhere, courseRoot: packageRoot, commands: instructorCommands };
  expect(surfaceOf(context)).toMatchSnapshot();
});

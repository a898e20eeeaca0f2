import { Command } from 'commander';
import { matchesFile } from '../../class/members/matching';
import { responsesFile } from '../../class/outputs';
import { followUpFile } from '../../class/pages/follow-up';
import { pageFile } from '../../class/pages/layout';
import { pollFile } from '../../class/pages/poll';
import { emptyTables } from '../../class/results/by-hand';
import { resultsFile, runFile } from '../../class/results/results-folder';
import { statuses } from '../../class/results/student-result.schema';
import { gradebooks, gradesColumns } from '../../class/returns/gradebooks';
import { archives, feedbackFolder, postsFile } from '../../class/returns/returns';
import type { Context } from '../../command';
import { readText } from '../../files';
import { hosts } from '../../hosts/registry';
import { kinds } from '../../kinds/registry';
import { RubricFileSchema } from '../../rubric/file.schema';

/** Where everything that people see of the program is listed, so that a change shows what it adds. */
export const surfaceFile = 'grader/surface.txt';

/** Lists every command, option, setting, status, kind, host, file that a run writes, and column of grades.csv. */
export function surfaceOf(context: Context): string {
  const { scripts } = JSON.parse(readText(context.courseRoot, 'package.json')) as { scripts: object };
  const files = [
    ...[pageFile, pollFile, followUpFile, resultsFile, runFile, responsesFile],
    ...Object.keys(emptyTables),
    matchesFile,
    ...Object.keys(gradebooks),
    ...[...archives, postsFile].map((file) => `${feedbackFolder}/${file}`),
  ];
  const parts = {
    command: Object.keys(scripts).filter((name) => !name.startsWith('post')),
    option: optionsOf(context),
    setting: [...new Set(settingsIn(RubricFileSchema as SchemaPart, ''))],
    status: statuses,
    kind: kinds.map(({ id }) => id),
    host: hosts.map(({ id }) => id),
    file: files,
    column: gradesColumns.map(([heading]) => heading),
  };
  const lines = Object.entries(parts).flatMap(([what, names]) => names.map((name) => `${what} ${name}\n`));
  return lines.join('');
}

/** `grade --json`, for each command that a course has. */
function optionsOf(context: Context): string[] {
  return Object.entries(context.commands).flatMap(([name, { load }]) => {
    const { options } = load()(new Command(name), context);
    return options.map(({ long }) => `${name} ${long}`);
  });
}

/** A part of a JSON Schema, as far as settings are in it. */
interface SchemaPart {
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly patternProperties?: Readonly<Record<string, SchemaPart>>;
  readonly items?: SchemaPart;
  readonly anyOf?: readonly SchemaPart[];
}

/** `tables[].rows[].id`; `*` stands for a name of the author's own. */
function settingsIn(
  { properties = {}, patternProperties = {}, items, anyOf = [] }: SchemaPart,
  at: string,
): string[] {
  const below = at === '' ? '' : `${at}.`;
  return [
    ...Object.entries(properties).flatMap(([name, part]) => [
      below + name,
      ...settingsIn(part, below + name),
    ]),
    ...Object.values(patternProperties).flatMap((part) => settingsIn(part, `${below}*`)),
    ...(items ? settingsIn(items, `${at}[]`) : []),
    ...anyOf.flatMap((part) => settingsIn(part, at)),
  ];
}

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { StudentResultSchema } from '../../class/results/student-result.schema';
import type { Configure, Context } from '../../command';
import { type Course, handoutFile, loadCourse } from '../../course';
import { listFiles, readText, resolvePath, writeFile } from '../../files';
import { gradeFolder } from '../../grading/context';
import { ReportSchema } from '../../grading/report.schema';
import { SolutionSchema } from '../../key/solution.schema';
import { escapeTerminal } from '../../render/escape/terminal';
import { renderTerminal } from '../../render/terminal';
import { RubricFileSchema } from '../../rubric/file.schema';
import { blankFolder, madeFixtures, referenceFolder } from './fixtures';
import { surfaceFile, surfaceOf } from './surface';
import { handoutOf } from './template';
import { isTypes, typesBeside, worksheetFiles } from './worksheet';

/** The texts of files by path: undefined for a file that is no longer generated. */
type Texts = Readonly<Record<string, string | undefined>>;

/**
 * Generates every file that is derived from rubric.yaml and solution/, but for README.md. A student file that somebody
 * has filled in is left out: the stub is also in the fixture blank, and is handed out from there.
 *
 * @returns the files, and notes on what was left out.
 * @throws {GraderError} if a template or a fixture cannot be used.
 */
export function generate(course: Course): { files: Texts; notes: string[] } {
  const { root, rubric } = course;
  const before = [...filesIn(root, referenceFolder), ...filesIn(root, blankFolder)].filter(
    (file) => path.posix.basename(file) !== 'fixture.yaml',
  );
  const files: Record<string, string | undefined> = {
    ...Object.fromEntries(before.map((file) => [file, undefined])),
    ...madeFixtures(course),
    [handoutFile]: handoutOf(course, path.posix.dirname(handoutFile)),
  };
  const begin = `${blankFolder}/`;
  const handedOut = before.flatMap((file) => (file.startsWith(begin) ? file.slice(begin.length) : []));
  const notes: string[] = [];
  const worksheet: Texts = worksheetFiles(rubric);
  for (const file of new Set([...Object.keys(worksheet), ...handedOut, ...handedOut.map(typesBeside)])) {
    // Nobody has to fill in what is missing, what is current, and what was handed out before.
    const unfilled = [undefined, worksheet[file], textAt(root, `${blankFolder}/${file}`)];
    if (isTypes(file) || unfilled.includes(textAt(root, file))) files[file] = worksheet[file];
    else
      notes.push(`${file} is filled in, so it is left as it is. Students get the stub of ${blankFolder}/.`);
  }
  return { files, notes };
}

function filesIn(root: string, folder: string): string[] {
  return existsSync(resolvePath(root, folder)) ? listFiles(root, folder) : [];
}

function textAt(root: string, file: string): string | undefined {
  return existsSync(resolvePath(root, file)) ? readText(root, file) : undefined;
}

/** A marker that names a fixture to grade, and the block below it that holds the output. */
const exampleBlock = /(<!-- generated: grade (solution\/[\w/-]+) -->\n+```text\n)[\s\S]*?(?<=\n)(?=```\n)/g;

/** README.md of a course, if it has one, with what each fixture in it gives as it is now. */
export async function withExamples({ root, rubric, key }: Course): Promise<Texts> {
  let page = textAt(root, 'README.md');
  for (const [block, head = '', folder = ''] of page?.matchAll(exampleBlock) ?? []) {
    const report = await gradeFolder(resolvePath(root, folder), rubric, key);
    const output = renderTerminal(report, { hasColors: false }).trimEnd();
    page = page?.replace(block, () => `${head}${output}\n`);
  }
  return { 'README.md': page };
}

export const configureGenerate: Configure = (command, context) =>
  command
    .addHelpText('after', '\nExit status: 0 when all is written; 2 when it could not be.')
    .action(() => writeGenerated(context));

/** Writes what is generated and lists the changes, for this course and for each example course. */
export async function writeGenerated(context: Context): Promise<void> {
  const { courseRoot, print } = context;
  const isGrader = existsSync(resolvePath(courseRoot, 'grader/rubric'));
  const ofGrader = isGrader ? { ...schemaFiles, [surfaceFile]: surfaceOf(context) } : {};
  if (update(context, ofGrader) > 0) {
    // This process has loaded the old schemas, so start a new one.
    const args = [...process.execArgv, ...process.argv.slice(1)];
    context.status = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 2;
    return;
  }
  let changes = 0;
  // Other courses in the same repository, which use its grader.
  const examples = filesIn(courseRoot, 'examples').filter((file) =>
    /^examples\/[^/]+\/rubric\.yaml$/.test(file),
  );
  for (const folder of ['', ...examples.map((file) => path.posix.dirname(file))]) {
    const course = loadCourse(resolvePath(courseRoot, folder), false);
    const { files, notes } = generate(course);
    changes += update(context, files, folder);
    // Its examples grade fixtures that have just been written.
    changes += update(context, await withExamples(course), folder);
    for (const note of notes) print(escapeTerminal(path.posix.join(folder, note)));
  }
  if (changes === 0) print(escapeTerminal('Everything is up to date.'));
}

/** Writes or removes the files that differ, and lists them. @returns the number of these files. */
function update({ courseRoot, print }: Context, files: Texts, folder = ''): number {
  const root = resolvePath(courseRoot, folder);
  const changed = outdated(root, files);
  for (const file of changed) {
    const text = files[file];
    if (text === undefined) rmSync(resolvePath(root, file));
    else writeFile(root, file, text);
    print(escapeTerminal(`${text === undefined ? 'removed' : 'wrote'} ${path.posix.join(folder, file)}`));
  }
  return changed.length;
}

/** The files that are not as they are generated. */
export function outdated(root: string, files: Texts): string[] {
  return Object.keys(files).filter((file) => textAt(root, file) !== files[file]);
}

const schemas: Readonly<Record<string, TSchema>> = {
  'grader/rubric/rubric.schema.json': RubricFileSchema,
  'grader/grading/report.schema.json': ReportSchema,
  'grader/class/results/student-result.schema.json': StudentResultSchema,
  'grader/key/solution.schema.json': SolutionSchema,
};

/** The published JSON Schemas, by path, each from the TypeScript source that also defines the type. */
export const schemaFiles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(schemas).map(([file, schema]) => [file, `${JSON.stringify(schema, null, 2)}\n`]),
);

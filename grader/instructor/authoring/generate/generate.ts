import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import type { Configure, Context } from '../../../command';
import { ReportSchema } from '../../../grading/report.schema';
import { score } from '../../../grading/score';
import { ExampleSchema } from '../../../key/example.schema';
import { SealedFileSchema } from '../../../key/sealed-file.schema';
import { escapeTerminal } from '../../../render/escape/terminal';
import { renderTerminal } from '../../../render/terminal';
import { RubricFileSchema } from '../../../rubric/file.schema';
import { StudentResultSchema } from '../../class/results/student-result.schema';
import { type Course, handoutFile, loadCourse } from '../../course';
import { listFiles, readText, resolvePath, writeFile } from '../../files';
import { fixtureFolders, makeFixtures, readMade } from './fixtures';
import { factsOf, handoutTemplate, render } from './template';
import { isTypes, typesBegin, typesBeside, worksheetFiles } from './worksheet';

/** Where a course writes its handout. */

/** What repeats rubric.yaml and solution/, by path: null for a file that nothing makes any more. */
export interface Generated {
  readonly files: ReadonlyMap<string, Buffer | null>;
  /** What was skipped, and why. */
  readonly notes: readonly string[];
}

/** The fixture that is the stub: students get theirs from there. */
export const blankFolder = 'solution/fixtures/blank';

/**
 * Makes everything that repeats rubric.yaml and solution/. A file of students' that somebody has filled
 * in is left out: the stub is in the fixture blank as well, and is handed out from there.
 *
 * @throws {GraderError} where a template or a fixture cannot be used.
 */
export async function generate(course: Course): Promise<Generated> {
  const { root, rubric } = course;
  const fixtures = await makeFixtures(course);
  const files = new Map<string, Buffer | null>();
  const put = (made: Readonly<Record<string, string | Buffer>>) => {
    for (const [file, content] of Object.entries(made)) files.set(file, Buffer.from(content));
  };
  put(fixtures.files);
  put({ [handoutFile]: handoutOf(course, path.posix.dirname(handoutFile)) });
  put(schemaFiles(root));
  put(await pagesWithExamples(course, fixtures.files));
  for (const folder of fixtureFolders(root))
    for (const file of listFiles(root, folder))
      if (!files.has(file) && file !== `${folder}/fixture.yaml`) files.set(file, null);
  const notes = [...fixtures.notes];
  const worksheet = worksheetFiles(rubric);
  for (const file of new Set([...Object.keys(worksheet), ...handedOut(root)])) {
    const content = worksheet[file];
    if (isTypes(file) ? isForeign(root, file) : isFilledIn(root, file, content))
      notes.push(`${file} is filled in, so it is left as it is. Students get the stub of ${blankFolder}/.`);
    else files.set(file, content === undefined ? null : Buffer.from(content));
  }
  return { files, notes };
}

/** The handout as it reads in a folder of a repository; '' is its root. */
export function handoutOf(course: Pick<Course, 'root' | 'rubric' | 'solution'>, folder: string): string {
  return render(readText(course.root, handoutTemplate), factsOf(course, folder), handoutTemplate);
}

/** What was handed out when the blank fixture was made. */
function handedOut(root: string): string[] {
  return existsSync(resolvePath(root, blankFolder))
    ? listFiles(root, blankFolder)
        .map((file) => path.posix.relative(blankFolder, file))
        .filter((file) => !/^(?:fixture|expected)\.yaml$/.test(file))
        .flatMap((file) => [file, typesBeside(file)])
    : [];
}

/** Whether a file with the name of the types is none of ours. */
function isForeign(root: string, file: string): boolean {
  return existsSync(resolvePath(root, file)) && !readText(root, file).startsWith(typesBegin);
}

/** Whether a file is neither what was handed out nor what is to be. */
function isFilledIn(root: string, file: string, stub: string | undefined): boolean {
  const [own, before] = [resolvePath(root, file), resolvePath(root, `${blankFolder}/${file}`)];
  if (!existsSync(own)) return false;
  const text = readFileSync(own, 'utf8');
  return text !== stub && !(existsSync(before) && text === readFileSync(before, 'utf8'));
}

/** A grading in a page, whose output stands in the block below it. */
const exampleBlock = /(<!-- generated: grade (solution\/[\w/-]+) -->\n+```text\n)[\s\S]*?(?<=\n)(?=```\n)/g;

/** The pages of the repository with the output of each example as it is now. */
async function pagesWithExamples(
  { root, rubric, key }: Course,
  fixtures: Readonly<Record<string, string | Buffer>>,
): Promise<Record<string, string>> {
  const docs = existsSync(resolvePath(root, 'docs')) ? listFiles(root, 'docs') : [];
  const pages: Record<string, string> = {};
  for (const file of ['README.md', ...docs].filter((name) => name.endsWith('.md'))) {
    const page = existsSync(resolvePath(root, file)) ? readText(root, file) : '';
    const outputs = new Map<string, string>();
    for (const [, , folder = ''] of page.matchAll(exampleBlock)) {
      const inFolder = Object.entries(fixtures).filter(([name]) => name.startsWith(`${folder}/`));
      const files = Object.fromEntries(inFolder.map(([name, text]) => [name.slice(folder.length + 1), text]));
      const report = await score(rubric, await readMade(files, rubric), key);
      outputs.set(folder, `${renderTerminal(report, { hasColors: false }).trimEnd()}\n`);
    }
    if (outputs.size > 0)
      pages[file] = page.replace(
        exampleBlock,
        (_, head: string, folder: string) => head + (outputs.get(folder) ?? ''),
      );
  }
  return pages;
}

export const configureGenerate: Configure = (command, context) =>
  command
    .addHelpText('after', '\nExit status: 0 when all is written; 2 when it could not be.')
    .action(() => writeGenerated(context));

/** Writes what `generate` makes, and lists what changed; then for each example in the repository. */
export async function writeGenerated(context: Context): Promise<void> {
  const { courseRoot, print } = context;
  const schemas = new Map(
    Object.entries(schemaFiles(courseRoot)).map(([file, text]) => [file, Buffer.from(text)]),
  );
  if (update(context, schemas) > 0) {
    // This process has loaded the old ones.
    const args = [...process.execArgv, ...process.argv.slice(1)];
    context.status = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 2;
    return;
  }
  let changes = 0;
  for (const folder of ['', ...examplesIn(courseRoot)]) {
    const place = resolvePath(courseRoot, folder);
    const { files, notes } = await generate(loadCourse(place, false));
    changes += update({ ...context, courseRoot: place }, files, folder);
    for (const note of notes) print(escapeTerminal(path.posix.join(folder, note)));
  }
  if (changes === 0) print(escapeTerminal('Everything is up to date.'));
}

/** Other courses in the same repository, which use its grader. */
function examplesIn(root: string): string[] {
  const folder = resolvePath(root, 'examples');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names
    .map((name) => `examples/${name}`)
    .filter((example) => existsSync(resolvePath(root, `${example}/rubric.yaml`)));
}

/** Writes what differs, and lists it. @returns how many files that were. */
function update({ courseRoot, print }: Context, files: Generated['files'], folder = ''): number {
  const changed = differences(courseRoot, files);
  for (const { file } of changed) {
    const content = files.get(file);
    if (content) writeFile(courseRoot, file, content);
    else rmSync(resolvePath(courseRoot, file));
    print(escapeTerminal(`${content ? 'wrote' : 'removed'} ${path.posix.join(folder, file)}`));
  }
  return changed.length;
}

/** A generated file that is not what it should be, and the first line that differs. */
export interface Difference {
  readonly file: string;
  readonly line?: number;
}

export function differences(root: string, files: Generated['files']): Difference[] {
  return [...files].flatMap(([file, content]) => {
    const place = resolvePath(root, file);
    const found = existsSync(place) ? readFileSync(place) : undefined;
    if (content === null) return found ? [{ file }] : [];
    if (!found) return [{ file }];
    if (found.equals(content)) return [];
    const [now, then] = [content, found].map((bytes) => bytes.toString('latin1').split('\n'));
    const line = (now?.findIndex((text, index) => text !== then?.[index]) ?? 0) + 1;
    return [{ file, line: line > 0 ? line : (now?.length ?? 0) + 1 }];
  });
}

/** The published JSON Schemas, each from the one TypeScript source that also gives the type. */
export const schemas: Readonly<Record<string, TSchema>> = {
  'grader/rubric/rubric.schema.json': RubricFileSchema,
  'grader/key/example.schema.json': ExampleSchema,
  'grader/key/sealed-file.schema.json': SealedFileSchema,
  'grader/grading/report.schema.json': ReportSchema,
  'grader/instructor/class/results/student-result.schema.json': StudentResultSchema,
};

/** Their files, by path, where the grader is a part of the course's own repository. */
export function schemaFiles(root: string): Record<string, string> {
  if (!existsSync(resolvePath(root, 'grader/rubric'))) return {};
  return Object.fromEntries(
    Object.entries(schemas).map(([file, schema]) => [file, `${JSON.stringify(schema, null, 2)}\n`]),
  );
}

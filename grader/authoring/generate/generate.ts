import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { DecisionSchema } from '../../class/decisions/decision.schema';
import { StudentResultSchema } from '../../class/results/student-result.schema';
import type { Configure, Context } from '../../command';
import { type Course, handoutFile, loadCourse } from '../../course/course';
import { handoutOf, handoutTemplate } from '../../course/handout';
import { isTypes, solvedText, worksheetFiles } from '../../course/stub';
import { ReportSchema } from '../../grading/report.schema';
import { SolutionSchema } from '../../key/solution.schema';
import { kinds } from '../../kinds/registry';
import { escapeTerminal } from '../../render/escape/terminal';
import { RubricFileSchema } from '../../rubric/file.schema';
import { type Given, studentFiles } from '../../rubric/rubric';
import { readYaml } from '../../rubric/yaml-file';
import { byName, oneOf, record } from '../../schema';
import { reflectionOf } from '../../submission/reflection';
import { conflictLine, listFiles, readText, resolvePath, writeFile } from '../../system/files';

const words = Type.String({ description: 'a text' });
const rights = 'all, none, or a list of rows, such as total, and cells, such as total.count';

const FixtureSchema = record(
  {
    about: words,
    /** Which rows and cells are right. */
    right: Type.Optional(
      Type.Union([oneOf(['all', 'none'], rights), Type.Array(words, { description: rights })], {
        description: rights,
      }),
    ),
    /** Questions with a response. */
    responses: Type.Optional(Type.Array(words, { description: 'a list of ids of questions' })),
    /** The sizes that its answers were written for, if they differ from those of rubric.yaml. */
    given: Type.Optional(
      Type.Unsafe<Given>({ type: 'object', description: 'the sizes that its answers were written for' }),
    ),
    /** Only in the reference: its responses, by question. */
    reflection: Type.Optional(byName(words, 'responses by question, or leave it out')),
  },
  { description: 'a fixture: about, right, responses and given' },
);

export const referenceFolder = 'solution/reference';
/** The fixture that contains the stub as students get it. */
export const blankFolder = 'solution/fixtures/blank';
const fixturesFolder = 'solution/fixtures';

/** A submission to try. */
export interface Fixture extends Static<typeof FixtureSchema> {
  /** The folder with its files, as a student would hand them in. */
  readonly folder: string;
  /** The file that describes it. */
  readonly file: string;
}

/**
 * Reads the description of each fixture, and of the reference, which earns all points.
 *
 * @throws {GraderError} that names the place of a fault.
 */
export function fixturesOf({ root }: Pick<Course, 'root'>): Fixture[] {
  const folder = resolvePath(root, fixturesFolder);
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const fixtures = names.sort().map((name) => describedFixture(root, `${fixturesFolder}/${name}`));
  const reference = describedFixture(root, referenceFolder);
  const responses = Object.keys(reference.reflection ?? {});
  return [{ ...reference, right: 'all', responses }, ...fixtures];
}

function describedFixture(root: string, folder: string): Fixture {
  const file = `${folder}/fixture.yaml`;
  const description = readYaml<Static<typeof FixtureSchema>>(file, readText(root, file), FixtureSchema);
  return { folder, file, ...description };
}

/** The texts of files by path: undefined for a file that is no longer generated. */
type Texts = Readonly<Record<string, string | undefined>>;

/**
 * Generates every file that is derived from rubric.yaml and solution/. Leaves out a student file that somebody has
 * filled in: the stub is also in the fixture `blank`, and is handed out from there.
 *
 * @returns the files, and notes on what was left out.
 * @throws {GraderError} if a template or a fixture cannot be used.
 */
export function generate(course: Course): { files: Texts; notes: string[] } {
  const { root, rubric, solution } = course;
  const { reflection } = rubric;
  const stub = worksheetFiles(rubric);
  const files: Record<string, string | undefined> = {};
  // Only the description of a generated fixture is written by hand.
  for (const folder of [referenceFolder, blankFolder])
    for (const file of filesIn(root, folder).filter((one) => one !== `${folder}/fixture.yaml`))
      files[file] = undefined;
  for (const file of studentFiles(rubric)) files[`${blankFolder}/${file}`] = stub[file];
  files[`${referenceFolder}/${rubric.file}`] = solvedText(rubric, solution);
  if (reflection) {
    const { reflection: responses } = describedFixture(root, referenceFolder);
    files[`${referenceFolder}/${reflection.file}`] = reflectionOf(reflection, responses);
  }
  files[handoutFile] = handoutOf(course, path.posix.dirname(handoutFile));
  const notes: string[] = [];
  for (const [file, text] of Object.entries(stub)) {
    // A file counts as not filled in if it is missing, up to date, or as it was handed out before.
    const unfilled = [undefined, text, textAt(root, `${blankFolder}/${file}`)];
    const now = textAt(root, file);
    const isConflict = conflictLine(now ?? '') !== undefined;
    const isFilled = !isTypes(file) && !unfilled.includes(now) && !isConflict;
    if (!isFilled) files[file] = text;
    if (isConflict)
      notes.push(`${file} had two versions that git could not merge. It is the stub of ${blankFolder}/ now.`);
    if (isFilled)
      notes.push(`${file} is filled in, so it is left as it is. Students get the stub of ${blankFolder}/.`);
  }
  return { files, notes };
}

/** The main source of a generated file. */
export function sourceOf(file: string): string {
  if (file === handoutFile) return handoutTemplate;
  if (!file.startsWith(`${referenceFolder}/`)) return 'rubric.yaml';
  return file.endsWith('.md') ? `${referenceFolder}/fixture.yaml` : 'solution/index.ts';
}

/** The files in a folder of the course; none if there is no such folder. */
export function filesIn(root: string, folder: string): string[] {
  return existsSync(resolvePath(root, folder)) ? listFiles(root, folder) : [];
}

function textAt(root: string, file: string): string | undefined {
  return existsSync(resolvePath(root, file)) ? readText(root, file) : undefined;
}

export const configureGenerate: Configure = (command, context) =>
  command
    .addHelpText('after', '\nExit status: 0 when all is written; 2 when it could not be.')
    .action(() => writeGenerated(context));

/** Writes what is generated and lists the changes, for this course and for each example course. */
export async function writeGenerated(context: Context): Promise<void> {
  const { courseRoot, print } = context;
  const isGrader = existsSync(resolvePath(courseRoot, 'grader/rubric'));
  let changes = isGrader ? update(context, graderFiles(courseRoot)) : 0;
  // Other courses in this repository use its grader, too.
  const examples = filesIn(courseRoot, 'examples').filter((file) =>
    /^[^/]+\/[^/]+\/rubric\.yaml$/.test(file),
  );
  for (const folder of ['', ...examples.map(path.posix.dirname)]) {
    const course = loadCourse(resolvePath(courseRoot, folder), false);
    const { files, notes } = generate(course);
    changes += update(context, files, folder);
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

/** The files that differ from what would be generated. */
export function outdated(root: string, files: Texts): string[] {
  return Object.keys(files).filter((file) => textAt(root, file) !== files[file]);
}

const schemas: Readonly<Record<string, TSchema>> = {
  'grader/rubric/rubric.schema.json': RubricFileSchema,
  'grader/grading/report.schema.json': ReportSchema,
  'grader/class/results/student-result.schema.json': StudentResultSchema,
  'grader/class/decisions/decision.schema.json': DecisionSchema,
  'grader/key/solution.schema.json': SolutionSchema,
};

const authorsPage = 'docs/write-a-worksheet.md';

/**
 * Files of the grader that repeat its sources: the published JSON Schemas, each from the source that also defines the
 * type, and the authors' page, with its table of the kinds of answers.
 */
export function graderFiles(root: string): Readonly<Record<string, string>> {
  const texts = Object.entries(schemas).map(([file, schema]) => [
    file,
    `${JSON.stringify(schema, null, 2)}\n`,
  ]);
  const page = readText(root, authorsPage).replace(/^\| `kind` \|.*\n(?:\|.*\n)+/m, () => kindsTable());
  return { ...Object.fromEntries(texts), [authorsPage]: page };
}

function kindsTable(): string {
  const rows = kinds.map(({ id, about, settings, required }, index) => {
    const name = `\`${id}\`${index === 0 ? ' (without `kind`)' : ''}`;
    const each = Object.entries(settings).map(([setting, { description }]) => {
      const perhaps = required.includes(setting) ? '' : 'perhaps ';
      return `${perhaps}\`${setting}\`: ${description}`;
    });
    return `| ${name} | ${about} | ${each.join('; ')} |\n`;
  });
  return ['| `kind` | takes | settings |\n', '| :--- | :--- | :--- |\n', ...rows].join('');
}

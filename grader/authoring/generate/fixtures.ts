import { existsSync, readdirSync } from 'node:fs';
import { type Static, Type } from '@sinclair/typebox';
import { nearest } from '../../answers/diagnostics';
import type { Course } from '../../course';
import { GraderError } from '../../error';
import { readText, resolvePath } from '../../files';
import type { Report } from '../../grading/report.schema';
import { score } from '../../grading/score';
import { partsOf } from '../../key/plain';
import { kindOf } from '../../kinds/registry';
import { misconceptionIn, startedAgain } from '../../render/status';
import { allRowsOf, type Rubric, type RubricRow, rowName } from '../../rubric/rubric';
import { YamlFile } from '../../rubric/yaml-file';
import { findFiles } from '../../submission/find';
import { readSubmission, type Submission } from '../../submission/submission';
import { reflectionOf } from './reflection';
import { type Facts, factsOf, render } from './template';
import { cellNotes, rowComment, tableBegin, tableComment, typesImport, worksheetFiles } from './worksheet';

const FixtureValue = Type.Unsafe<number | string | null>({
  type: ['number', 'string', 'null'],
  description: 'a number, a text or null',
});
const Text = Type.String({ description: 'some text' });

/** How a submission differs from the reference, which has every answer right. */
const FixtureSchema = Type.Object(
  {
    about: Type.String({ minLength: 1, description: 'what the submission shows' }),
    start: Type.Optional(
      Type.Unsafe<'reference' | 'stub'>({
        type: 'string',
        enum: ['reference', 'stub'],
        description: 'reference or stub',
      }),
    ),
    answers: Type.Optional(
      Type.Record(Type.String(), FixtureValue, {
        description:
          'by row or row.column: a number, null, the name of a fact, transposed (of a row), or the source text to write',
      }),
    ),
    rename: Type.Optional(
      Type.Record(Type.String(), Text, { description: 'other names, by row or row.column' }),
    ),
    before: Type.Optional(Text),
    after: Type.Optional(Text),
    text: Type.Optional(Type.String({ description: 'the whole file, in place of all the above' })),
    encoding: Type.Optional(
      Type.Unsafe<'windows' | 'utf-16'>({
        type: 'string',
        enum: ['windows', 'utf-16'],
        description: 'windows or utf-16',
      }),
    ),
    reflection: Type.Optional(
      Type.Unsafe<string[] | Record<string, string> | string>({
        type: ['array', 'object', 'string'],
        items: Text,
        additionalProperties: Text,
        description:
          'a list of questions that are answered as in the reference, responses by question, or the whole file',
      }),
    ),
    place: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'a path, or null' }),
        { description: 'answers, reflection: where the file lies, or null where there is none' },
      ),
    ),
  },
  { additionalProperties: false, description: 'a fixture: about, and how it differs from the reference' },
);

type Fixture = Static<typeof FixtureSchema>;

export const referenceFolder = 'solution/reference';
const fixturesFolder = 'solution/fixtures';
const descriptionName = 'fixture.yaml';

/** Generated files by path, and notes about the parts of descriptions that were skipped. */
export interface MadeFixtures {
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly notes: readonly string[];
}

/** Returns the folder of the reference, and then that of every fixture. */
export function fixtureFolders(root: string): string[] {
  const folder = resolvePath(root, fixturesFolder);
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return [referenceFolder, ...names.sort().map((name) => `${fixturesFolder}/${name}`)];
}

/**
 * Makes the submissions that the course's fixtures describe, each with the result it earns.
 *
 * @throws {GraderError} if a description cannot be used.
 */
export async function makeFixtures(course: Course): Promise<MadeFixtures> {
  const files: Record<string, string | Buffer> = {};
  const notes: string[] = [];
  const facts = factsOf(course, '');
  const reference = read(course.root, referenceFolder);
  for (const folder of fixtureFolders(course.root)) {
    const fixture = folder === referenceFolder ? reference : read(course.root, folder);
    const maker = new Maker(course, facts, fixture, reference, `${folder}/${descriptionName}`);
    const made = maker.files();
    const submission = readMade(made, course.rubric);
    const report = await score(course.rubric, submission, course.key);
    for (const [file, content] of Object.entries(made)) files[`${folder}/${file}`] = content;
    files[`${folder}/expected.yaml`] = expectedText(report, fixture.about);
    notes.push(...maker.notes);
  }
  return { files, notes };
}

/** Reads a submission from files in memory, wherever they are placed. */
export function readMade(made: Readonly<Record<string, string | Uint8Array>>, rubric: Rubric): Submission {
  const files = Object.entries(made).map(([path, content]) => ({
    path,
    content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  }));
  return readSubmission(findFiles(files, rubric), rubric);
}

function read(root: string, folder: string): Fixture {
  const file = `${folder}/${descriptionName}`;
  if (!existsSync(resolvePath(root, file)))
    throw new GraderError(
      'folder',
      'fixture-without-file',
      `${file} is missing. Write one, or delete the folder: docs/write-a-worksheet.md says what it holds.`,
    );
  const source = new YamlFile(file, readText(root, file));
  const fixture = source.toValue();
  const { faults } = source.faultsOf(FixtureSchema, fixture);
  if (faults.length > 0) throw source.error(faults);
  return fixture as Fixture;
}

/** The questions answered in the reference, each with its response. */
function responsesOf({ reflection }: Fixture): Record<string, string> {
  return typeof reflection === 'object' && !Array.isArray(reflection) ? reflection : {};
}

/** Makes one submission from its description. */
class Maker {
  readonly notes: string[] = [];
  private readonly course: Course;
  private readonly fixture: Fixture;
  private readonly reference: Fixture;
  private readonly file: string;
  private readonly facts: Facts;

  constructor(course: Course, facts: Facts, fixture: Fixture, reference: Fixture, file: string) {
    this.course = course;
    this.fixture = fixture;
    this.reference = reference;
    this.file = file;
    this.facts = facts;
  }

  files(): Record<string, string | Buffer> {
    const { file: answersFile, reflection } = this.course.rubric;
    const { place = {}, encoding } = this.fixture;
    const placed = (own: string, named: string | null | undefined, text: string) => {
      const file = named === undefined ? own : named && this.render(named);
      return file === null ? [] : [[file, encoded(text, encoding)] as const];
    };
    const files = [
      ...placed(answersFile, place.answers, this.answers()),
      ...(reflection ? placed(reflection.file, place.reflection, this.responses(reflection)) : []),
    ];
    // Git does not keep empty folders.
    return files.length > 0 ? Object.fromEntries(files) : { '.gitkeep': '' };
  }

  private answers(): string {
    const { rubric } = this.course;
    const { text, before, after, start, answers = {} } = this.fixture;
    if (text !== undefined) return this.render(text);
    const stub = worksheetFiles(rubric)[rubric.file] ?? '';
    if (start === 'stub' && Object.keys(answers).length === 0) return stub;
    this.noteUnknown();
    const tables = rubric.tables.map((table) => {
      const notes = cellNotes(table);
      const rows = table.rows.map(
        (row) => `${rowComment(row, notes)}\n  ${this.renamed(row)}: ${this.row(row)},`,
      );
      return `${tableComment(table)}${tableBegin(table, rubric)}\n${rows.join('\n\n')}\n};`;
    });
    return [
      typesImport(rubric),
      ...(before === undefined ? [] : [this.render(before).trimEnd()]),
      ...tables,
      ...(after === undefined ? [] : [this.render(after).trimEnd()]),
    ]
      .map((part) => `${part}\n`)
      .join('\n');
  }

  private row({ id, repeats, cells: rubric }: RubricRow): string {
    const { answers = {} } = this.fixture;
    const expected =
      partsOf(this.course.solution)
        .flatMap((part) => part.expected)
        .find((row) => row.id === id)?.cells ?? [];
    // Rows that are asked again are filled in only if a fixture says so; the reference fills in all of them.
    const isStub =
      this.fixture.start === 'stub' || (repeats !== undefined && this.fixture !== this.reference);
    const whole = answers[id];
    if (typeof whole === 'string' && whole !== 'transposed') return this.render(whole);
    if (whole === 'transposed' && expected.length !== 2)
      throw new GraderError(
        'folder',
        'fixture-not-transposable',
        `${this.file}: ${id} is transposed, which takes a row of two cells, and it has ${expected.length}.`,
      );
    const values = whole === 'transposed' ? [...expected].reverse() : expected;
    const cells = expected.map((cell, index) => {
      const other = answers[`${id}.${cell.id}`];
      const isBlank = whole === null || (isStub && whole === undefined);
      const kind = rubric.find((one) => one.id === cell.id);
      const right = values[index]?.value;
      const own = isBlank || !kind || right === undefined ? 'null' : kindOf(kind).sourceText(right);
      return `${this.fixture.rename?.[`${id}.${cell.id}`] ?? cell.id}: ${other === undefined ? own : this.sourceText(other)}`;
    });
    return `{ ${cells.join(', ')} }`;
  }

  private sourceText(value: number | string | null): string {
    if (typeof value !== 'string') return String(value);
    const fact = /^[A-Za-z]\w*$/.test(value) ? this.facts[value] : undefined;
    return typeof fact === 'number' ? String(fact) : this.render(value);
  }

  private renamed(row: RubricRow): string {
    return this.fixture.rename?.[row.id] ?? rowName(row);
  }

  /** Adds a note for each entry about a row or cell that the rubric does not have; such entries are skipped. */
  private noteUnknown(): void {
    const rows = allRowsOf(this.course.rubric);
    const known = rows.flatMap((row) => [row.id, ...row.cells.map(({ id }) => `${row.id}.${id}`)]);
    for (const name of Object.keys({ ...this.fixture.answers, ...this.fixture.rename }))
      if (!known.includes(name)) this.noteSkipped(name, 'row or cell', known);
  }

  private noteSkipped(name: string, what: string, known: readonly string[]): void {
    const meant = nearest(name, known);
    const advice = meant === undefined ? '' : ` Is ${meant} meant?`;
    this.notes.push(`${this.file}: ${name} is skipped, for rubric.yaml has no such ${what}.${advice}`);
  }

  private responses(rubric: NonNullable<Course['rubric']['reflection']>): string {
    const { reflection = [], start } = this.fixture;
    if (typeof reflection === 'string') return this.render(reflection);
    const known = responsesOf(this.reference);
    const responses =
      this.fixture === this.reference
        ? Object.fromEntries(Object.entries(known).slice(0, rubric.choose))
        : Array.isArray(reflection)
          ? Object.fromEntries(reflection.map((id) => [id, known[id] ?? '']))
          : reflection;
    const questions = rubric.questions.map(({ id }) => id);
    // The reference itself uses only the first of its responses. The others are there for fixtures, so check them all.
    for (const id of Object.keys(this.fixture === this.reference ? known : responses))
      if (!questions.includes(id)) this.noteSkipped(id, 'question', questions);
    return reflectionOf(rubric, start === 'stub' && reflection.length === 0 ? {} : responses);
  }

  private render(template: string): string {
    return render(template, this.facts, `${this.file}, in “${template.trim()}”`);
  }
}

function encoded(text: string, encoding: Fixture['encoding']): string | Buffer {
  switch (encoding) {
    case 'windows':
      return `\ufeff${text.replaceAll('\n', '\r\n')}`;
    case 'utf-16':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case undefined:
      return text;
  }
}

/** The points that a fixture earns, and why. Authors review this text whenever it changes. */
function expectedText(report: Report, about: string): string {
  const { points, started, problems, rows, reflection } = report;
  const isAgain = startedAgain(report) !== undefined;
  const tables = report.tables.filter(({ complete }) => complete === undefined || isAgain);
  const hinted = tables.flatMap(({ export: name, hint }) =>
    hint ? [{ name, hint: hint.misconception }] : [],
  );
  const columns = ({ columns: all }: Report['tables'][number]) => all.map(({ id }) => id).join(', ');
  const isOne = tables.length === 1;
  const hints = rows.flatMap(({ id, cells }) => {
    const ids = new Set(cells.flatMap((cell) => misconceptionIn(cell) ?? []));
    return ids.size > 0 ? [[id, [...ids].join(', ')] as const] : [];
  });
  const responses = reflection?.responses.flatMap(({ id, answered }) => (answered ? id : [])) ?? [];
  const lines = [
    `# ${about}`,
    '# Written by npm run generate. Review each change here.',
    `points: ${points}`,
    `started: ${started}`,
    ...(problems.length > 0 ? [`problems: [${problems.map(({ reason }) => reason.code).join(', ')}]`] : []),
    `cells:${isOne ? tables.map((table) => ` # ${columns(table)}`).join('') : ''}`,
    ...tables.flatMap((table) => [
      ...(isOne ? [] : [`  # ${table.export}: ${columns(table)}`]),
      ...rows
        .filter((row) => row.table === table.export)
        .map(({ id, cells }) => `  ${id}: [${cells.map(({ outcome }) => outcome).join(', ')}]`),
    ]),
    ...(hints.length > 0
      ? ['hints:', ...hints.map(([id, misconception]) => `  ${id}: ${misconception}`)]
      : []),
    ...hinted.map(({ name, hint }) => `hint${isOne ? '' : ` of ${name}`}: ${hint}`),
    ...(reflection ? [`responses: [${responses.join(', ')}]`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

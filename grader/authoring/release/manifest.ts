import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Course } from '../../course';
import { fileDigest, listFiles, resolvePath } from '../../files';
import { expectedRows, partsOf } from '../../key/plain';
import type { CellKind } from '../../kinds/registry';
import { allRowsOf, type Rubric, type RubricItem, type RubricTable, studentFiles } from '../../rubric/rubric';

/** Describes what a release was made from. It stays with the instructor. */
export interface Manifest {
  readonly about: string;
  readonly version: typeof manifestVersion;
  readonly rubric: string;
  /** Digest of the key that the release was made from. */
  readonly key: string;
  readonly selfCheck: 'scored' | 'form';
  /** The facts that grades depend on; missing in a release of an earlier version. */
  readonly grading?: GradingFacts;
  /** The files that students edit; every other file is protected. */
  readonly edited: readonly string[];
  /** Each file that was released, by its path below the output folder. */
  readonly files: Readonly<Record<string, ReleasedFile>>;
}

export interface ReleasedFile {
  readonly sha256: string;
  /** In bytes; missing in some releases of earlier versions. */
  readonly size?: number;
}

export const manifestName = 'release.json';

/** The version of the manifest. What earlier ones say of grades is not read: it lacked something. */
const manifestVersion = 4;

/** The folder of the students' copy within a release. */
export const studentPart = 'student';

/** The folder of the page that needs no install. */
export const pagePart = 'page';

/** @param folder contains the released files and nothing else. */
export function manifestOf(course: Course, folder: string): Manifest {
  const { rubric, key } = course;
  return {
    about:
      "What the students' copy beside this file was made of. Keep it: it tells which files were changed later.",
    version: manifestVersion,
    rubric: rubric.digest,
    key: key.digest,
    selfCheck: rubric.selfCheck,
    edited: studentFiles(rubric),
    grading: gradingFacts(course, randomBytes(16).toString('hex')),
    files: Object.fromEntries(
      listFiles(folder).map((file) => {
        const { size } = statSync(resolvePath(folder, file));
        return [file, { sha256: fileDigest(folder, file), size }];
      }),
    ),
  };
}

/** The manifest of an earlier release, or undefined if there is none that can be read. */
export function readManifest(out: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(path.join(out, manifestName), 'utf8'));
    if (![2, 3, manifestVersion].includes(manifest.version)) return undefined;
    const files = Object.entries<ReleasedFile | string>(manifest.files).map(
      ([file, released]) => [file, typeof released === 'string' ? { sha256: released } : released] as const,
    );
    const isOurs = files.every(([, released]) => /^[0-9a-f]{64}$/.test(String(released.sha256)));
    if (!isOurs) return undefined;
    const { grading, ...others } = manifest;
    const isEarlier = manifest.version !== manifestVersion;
    return { ...others, ...(!isEarlier && { grading }), files: Object.fromEntries(files) };
  } catch {
    return undefined;
  }
}

/** The facts that points depend on, so that a later run can tell what has changed. Contains no expected value. */
export interface GradingFacts {
  /** Salts the digests, so that nobody can have computed them before. */
  readonly salt: string;
  readonly file: string;
  readonly tables: readonly Pick<RubricTable, 'export' | 'columns'>[];
  readonly rows: readonly (RubricItem & {
    /** By column. */
    readonly points: Readonly<Record<string, number>>;
    /** The kind of answer of each cell with its settings, by column. */
    readonly kinds: Readonly<Record<string, CellKind>>;
    /** Salted SHA-256 of the row's expected values. */
    readonly expected: string;
  })[];
  /** Salted SHA-256 of the known wrong answers and their hints. */
  readonly hints: string;
  readonly reflection?: NonNullable<Rubric['reflection']>;
}

/** The facts that a course's grades depend on. */
function gradingFacts({ rubric, solution }: Course, salt: string): GradingFacts {
  const digest = (value: unknown) =>
    createHash('sha256')
      .update(`${salt}${JSON.stringify(value)}`)
      .digest('hex');
  return {
    salt,
    file: rubric.file,
    tables: rubric.tables.map(({ export: name, columns }) => ({ export: name, columns })),
    rows: allRowsOf(rubric).map(({ id, label, cells }) => ({
      id,
      label,
      points: Object.fromEntries(cells.map((cell) => [cell.id, cell.points])),
      kinds: Object.fromEntries(cells.map(({ id: column, kind, settings }) => [column, { kind, settings }])),
      expected: digest(expectedRows(solution).find((row) => row.id === id)?.cells),
    })),
    hints: digest(partsOf(solution).map(({ misconceptions }) => misconceptions)),
    reflection: rubric.reflection,
  };
}

/** The changes since a release. */
export interface Changes {
  /** Changes that can lead to other grades, in words and without any expected value. */
  readonly grades: readonly string[];
  /** Changes that affect only the wording. */
  readonly words: readonly string[];
}

const ofEarlierVersion =
  'The release was made by an earlier version of the grader, which does not say what its grades depend on.';

/** Compares what a release was made from with the current course. */
export function changesSince(release: Pick<Manifest, 'grading'>, course: Course): Changes {
  const { grading: was } = release;
  if (!was) return { grades: [ofEarlierVersion], words: [] };
  const now = gradingFacts(course, was.salt);
  return {
    grades: [...changedTables(was, now), ...changedRows(was, now), ...changedReflection(was, now)],
    words: [
      ...changedLabels('row', was.rows, now.rows),
      ...changedLabels('column', columnsOf(was), columnsOf(now)),
      ...(was.hints === now.hints ? [] : ['The hints for wrong answers.']),
    ],
  };
}

function columnsOf({ tables }: GradingFacts): RubricItem[] {
  return tables.flatMap(({ columns }) => columns);
}

function changedTables(was: GradingFacts, now: GradingFacts): string[] {
  const facts = [
    ['The file with the answers', was.file, now.file],
    ['The name of the export', exportNames(was), exportNames(now)],
    ['The columns', ids(columnsOf(was)), ids(columnsOf(now))],
    ['The rows', ids(was.rows), ids(now.rows)],
  ] as const;
  return facts.flatMap(([what, before, after]) => changed(what, before, after));
}

function exportNames({ tables }: GradingFacts): string {
  return tables.map((table) => table.export).join(', ');
}

function changedRows(was: GradingFacts, now: GradingFacts): string[] {
  const differing: string[] = [];
  const points: string[] = [];
  for (const row of now.rows) {
    const before = was.rows.find(({ id }) => id === row.id);
    if (!before) continue;
    if (before.expected !== row.expected) differing.push(row.label);
    points.push(...changed(`The points of ${row.label}`, list(before.points), list(row.points)));
    points.push(...changed(`What counts as an answer in ${row.label}`, kindsOf(before), kindsOf(row)));
  }
  return [...(differing.length > 0 ? [`The expected values of: ${differing.join(', ')}.`] : []), ...points];
}

function changedReflection({ reflection: was }: GradingFacts, { reflection: now }: GradingFacts): string[] {
  if (!was || !now) return was === now ? [] : [`The reflection: ${was ? 'there is none now' : 'it is new'}.`];
  const questions = now.questions.flatMap(({ id, label }) => {
    const before = was.questions.find((question) => question.id === id);
    return before ? changed(`The question ${id}`, before.label, label) : [];
  });
  return [
    ...changed('The file with the reflection', was.file, now.file),
    ...changed('How many responses count', was.choose, now.choose),
    ...changed('The points of a response', was.points, now.points),
    ...changed(
      'What stands in place of a response',
      was.placeholder ?? 'nothing',
      now.placeholder ?? 'nothing',
    ),
    ...changed('What stands above the questions', was.intro ?? 'nothing', now.intro ?? 'nothing'),
    ...changed('The heading for disputes', was.dispute ?? 'none', now.dispute ?? 'none'),
    ...changed('The questions', ids(was.questions), ids(now.questions)),
    ...questions,
  ];
}

function changedLabels(what: string, was: readonly RubricItem[], now: readonly RubricItem[]): string[] {
  return now.flatMap(({ id, label }) => {
    const before = was.find((item) => item.id === id);
    return before ? changed(`The label of the ${what} ${id}`, before.label, label) : [];
  });
}

function changed(what: string, was: string | number | boolean, now: string | number | boolean): string[] {
  return was === now ? [] : [`${what}: ${was} in the release, ${now} now.`];
}

function ids(items: readonly RubricItem[]): string {
  return items.map(({ id }) => id).join(', ');
}

/** `rows count, size decimal (tolerance 2%)` */
function kindsOf({ kinds }: GradingFacts['rows'][number]): string {
  return Object.entries(kinds)
    .map(([column, { kind, settings }]) => {
      const settingTexts = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
      return `${column} ${kind}${settingTexts.length > 0 ? ` (${settingTexts.join(', ')})` : ''}`;
    })
    .join(', ');
}

function list(points: Readonly<Record<string, number>>): string {
  return Object.entries(points)
    .map(([column, count]) => `${column} ${count}`)
    .join(', ');
}

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { otherSizes } from '../../again';
import { pollFile } from '../../class/pages/poll';
import { readResults } from '../../class/results/results-file';
import { type Course, loadCourse } from '../../course';
import { GraderError } from '../../error';
import { listFiles, readText } from '../../files';
import { contentAgain, loadSolution, onlyRows } from '../../key/solution';
import { textHtml } from '../../render/escape/html';
import type { GivenValue, RubricFile } from '../../rubric/file.schema';
import { type Given, givenText, type Rubric, rowsOf, rubricOf, sizesText } from '../../rubric/rubric';
import { suggestion } from '../../rubric/yaml-file';
import { unfair } from '../check/again';
import { handoutTemplate, statedNumbers } from '../generate/template';

/** How many rows to ask of those that most students missed. One that most had right is added, for comparison. */
const missedRows = 2;

/** A follow-up course for a graded class: its files by path, and what it asks. */
export interface FollowUpCourse {
  readonly files: Readonly<Record<string, string>>;
  /** The labels of the rows. */
  readonly asked: readonly string[];
  readonly sizes: string;
  readonly title: string;
  /** The folder of the results. */
  readonly results: string;
  /** The packages that solution/ imports, with the versions of the course. */
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * Makes a short course from rows that a class was graded on, at other sizes: the rows that most students missed, and
 * one that most had right.
 *
 * @param results the folder of the class run.
 * @param given sizes such as `model=Tree,apples=12`; by default the next sizes under `vote` that were not voted on.
 * @throws {GraderError} if the run or the sizes cannot be used.
 */
export function followUpCourse(
  courseRoot: string,
  results: string,
  given: string | undefined,
): FollowUpCourse {
  const course = loadCourse(courseRoot, false);
  const rows = rowsToAsk(course.rubric, results);
  const chosen = given === undefined ? nextSizes(course, results) : givenOf(given, course);
  const sizes = { ...course.rubric.given, ...chosen };
  assertFair(course, rows, sizes, given === undefined ? chosen : undefined);
  const file = rubricFile(course, rows, sizes);
  const solution = Object.fromEntries(
    listFiles(courseRoot, 'solution')
      .filter(
        (one) => !/^solution\/(?:reference|fixtures)\/|\.test\.ts$/.test(one) && one !== handoutTemplate,
      )
      .map((one) => [one, readText(courseRoot, one)]),
  );
  const labels = rowsOf(course.rubric).filter(({ id }) => rows.includes(id));
  return {
    files: {
      ...solution,
      'rubric.yaml': `# Asked once more, some days later. After a change, run: npm run generate\n\n${stringify(file)}`,
      'solution/handout.md': handoutOf(course, rows, sizes),
      'solution/reference/fixture.yaml': 'about: Everything right.\n',
      'solution/fixtures/blank/fixture.yaml': 'about: The stub as it is handed out.\nstart: stub\n',
      'README.md': readmeOf(results),
    },
    packages: packagesIn(Object.values(solution), courseRoot),
    asked: labels.map(({ label }) => label),
    sizes: sizesText(sizes),
    title: file.title,
    results,
  };
}

/** The packages that some source files import, with the versions that the course has. */
function packagesIn(sources: readonly string[], courseRoot: string): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(readText(courseRoot, 'package.json')) as Partial<
    Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
  >;
  const known = { ...devDependencies, ...dependencies };
  const imported = sources.flatMap((source) =>
    [...source.matchAll(/\bfrom\s*(['"])((?:@[^/'"]+\/)?[^./'"][^/'"]*)/g)].map(([, , name = '']) => name),
  );
  return Object.fromEntries(
    [...new Set(imported)].sort().flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]])),
  );
}

/** @throws {GraderError} if the run has no answers to this worksheet. */
function rowsToAsk(rubric: Rubric, results: string): string[] {
  const right = new Map(rowsOf(rubric).map(({ id }) => [id, 0]));
  let started = 0;
  for (const { report } of readResults(results)) {
    if (!report?.started) continue;
    started++;
    for (const { id, cells } of report.rows)
      if (right.has(id) && cells.every(({ outcome }) => outcome === 'correct'))
        right.set(id, (right.get(id) ?? 0) + 1);
  }
  if (started === 0)
    throw new GraderError(
      'folder',
      'again-without-answers',
      `Nobody in ${results} has started the worksheet, so there is nothing to ask again.`,
    );
  const byRight = [...right].sort(([, few], [, many]) => few - many).map(([id]) => id);
  return [...new Set([...byRight.slice(0, missedRows), ...byRight.slice(-1)])];
}

/** The first sizes under `vote` that the vote of these results does not show. */
function nextSizes({ file }: Course, results: string): Given {
  const place = path.join(results, pollFile);
  const poll = existsSync(place) ? readFileSync(place, 'utf8') : '';
  const isTaken = (sizes: Given) =>
    Object.entries(sizes).every(([name, value]) => poll.includes(textHtml(`${name}: ${givenText(value)}`)));
  const next = file.vote?.find((sizes) => !isTaken(sizes));
  if (next) return next;
  throw new GraderError(
    'usage',
    'again-without-sizes',
    `The vote of ${results} uses every size under vote in rubric.yaml. Give others: --given ${Object.keys(
      file.given ?? {},
    )
      .map((name) => `${name}=…`)
      .join(',')}`,
  );
}

/** Parses `model=Tree,apples=12`; `model.width=960,model.heads=10` gives numbers by name. */
function givenOf(text: string, { rubric }: Course): Given {
  const given: Record<string, GivenValue> = {};
  for (const part of text.split(',')) {
    const [, name = '', inner, value = ''] =
      /^\s*([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?\s*=\s*(\S.*?)\s*$/.exec(part) ?? [];
    const number = Number(value);
    const known = given[name];
    const names = Object.keys(rubric.given);
    if (name === '' || (inner !== undefined && Number.isNaN(number)))
      throw new GraderError(
        'usage',
        'given-not-read',
        `--given ${text}: “${part.trim()}” is not name=value, such as tokens=48. Separate several with commas.`,
      );
    if (!names.includes(name))
      throw new GraderError(
        'usage',
        'given-not-known',
        `--given ${text}: there is no ${name}; ${suggestion(name, names)}.`,
      );
    if (inner === undefined) given[name] = Number.isNaN(number) ? value : number;
    else given[name] = { ...(typeof known === 'object' ? known : {}), [inner]: number };
  }
  return given;
}

/** @throws {GraderError} if an answer is already used elsewhere, or misconceptions cannot be told apart. */
function assertFair(course: Course, rows: readonly string[], given: Given, ownVote: Given | undefined): void {
  const rubric = rubricOf({ ...course.file, again: { given, rows: [...rows] } });
  const solutionAgain = loadSolution(course.root, { ...onlyRows(course.rubric, rows), given }, true);
  const solution = { ...course.solution, again: contentAgain(rubric, solutionAgain) };
  // Sizes that come from the list of votes are in it themselves, which is no conflict.
  const vote = course.file.vote?.filter((sizes) => sizes !== ownVote);
  const others = [
    ...otherSizes({ ...course, file: { ...course.file, vote } }),
    ...(course.solutionAgain ? [{ name: 'the second table', solution: course.solutionAgain }] : []),
  ];
  const found = unfair({ ...course, rubric, solution, solutionAgain }, others);
  const failed = found.filter(({ kind }) => kind === 'failed');
  if (failed.length > 0)
    throw new GraderError(
      'usage',
      'again-unfair',
      `At ${sizesText(given)} this is not a fair question. Choose others with --given.`,
      ...failed.map(({ text }) => text.replace(/^again in rubric\.yaml: /, '')),
    );
}

function rubricFile({ file }: Course, rows: readonly string[], given: Given): RubricFile {
  return {
    title: `Once more: ${file.title}`,
    given: { ...given },
    // With marks, students would have more than one try.
    self_check: 'form',
    attempts: 'off',
    ...(file.page && { page: file.page }),
    ...(file.contact !== undefined && { contact: file.contact }),
    file: file.file,
    tables: file.tables.flatMap((table) => {
      const kept = table.rows.filter(({ id }) => rows.includes(id));
      const columns = table.columns.filter(({ id }) => kept.some(({ cells = {} }) => !cells[id]?.void));
      return kept.length === 0
        ? []
        : [
            {
              ...table,
              columns,
              rows: kept.map((row) => ({
                ...row,
                ...cellsIn(
                  row,
                  columns.map(({ id }) => id),
                ),
              })),
            },
          ];
    }),
  };
}

/** The cell settings of a row, for the columns that are kept. */
function cellsIn({ cells }: RubricFile['tables'][number]['rows'][number], columns: readonly string[]) {
  if (!cells) return {};
  const kept = Object.fromEntries(Object.entries(cells).filter(([id]) => columns.includes(id)));
  return { cells: Object.keys(kept).length > 0 ? kept : undefined };
}

/**
 * The page that students read: the sizes, the conditions that hold at any sizes, and nothing else of the first
 * worksheet.
 */
function handoutOf(course: Course, rows: readonly string[], given: Given): string {
  const solution = loadSolution(course.root, { ...onlyRows(course.rubric, rows), given }, false);
  const stated = statedNumbers(course, solution).map(({ name, phrase }) => `- {{ ${name} }}: ${phrase}`);
  const named = Object.entries(given).flatMap(([name, value]) => {
    if (typeof value === 'object') return [];
    return typeof value === 'number' ? [`- {{ ${name} }}: ${name}`] : [`- ${name}: **{{ ${name} }}**`];
  });
  return `# {{ title }}

**In class, alone, notes closed.** It takes about five minutes, and there is no timer. This page does not show whether you
are right. Change your answers as you like, and hand in once. Your instructor will say whether it counts.

What is given:

${[...named, ...stated].join('\n')}

${conditionsIn(course)}
{% unless isOnPage -%}
{{ table }}

Fill in [\`{{ answers.path }}\`]({{ answers.link }}): replace each \`null\`.

{% endunless -%}
`;
}

/** The part of the handout that is marked there as valid at any sizes, if there is one. */
function conditionsIn({ root }: Course): string {
  const handout = readText(root, handoutTemplate);
  const [, conditions] =
    /\{% comment %\} at any sizes \{% endcomment -?%\}([\s\S]*?)\{% comment %\} end \{% endcomment -?%\}/.exec(
      handout,
    ) ?? [];
  return conditions === undefined ? '' : `${conditions.trim()}\n\n`;
}

function readmeOf(results: string): string {
  return `# Once more, some days later

Made from the rows that a class missed. \`npm run release\` makes the page for students, \`dist/page/worksheet.html\`, which is all they need.
Grade what comes back against the earlier run:

\`\`\`
npm run grade:class -- <folder> --roster <roster.csv> --before ${/^[\w./\\:-]+$/.test(results) ? results : JSON.stringify(results)}
\`\`\`

\`report.html\` then shows what is still right.
`;
}

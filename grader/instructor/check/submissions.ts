import { existsSync, readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isMap, parseDocument } from 'yaml';
import { isUntouched } from '../../answers/answers';
import { gradeFolder } from '../../grade';
import { labelsOf } from '../../report/labels';
import { outcomeWord, placeText } from '../../report/next';
import type { Report } from '../../report/report.schema';
import type { Rubric } from '../../rubric/rubric';
import { folderSource, readSubmission } from '../../submission/read';
import { isUntouchedReflection } from '../../submission/submission';
import { type Course, studentFiles } from '../course';
import { at, readFile } from '../files';
import { broken, type Check, type Finding } from './check';

const blank = 'solution/fixtures/blank';

export const stub: Check = {
  promise: 'The stub is not started, and is the fixture blank to the letter',
  async find({ root, rubric, key }) {
    const files = studentFiles(rubric);
    const texts = files.map((file) => [readFile(root, file), readFile(root, `${blank}/${file}`)] as const);
    const { started } = await gradeFolder(root, rubric, key);
    if (started) {
      const { answers, reflection } = readSubmission(folderSource(root), rubric);
      const isBegun = [!isUntouched(answers), reflection !== undefined && !isUntouchedReflection(reflection)];
      return files
        .filter((_, index) => isBegun[index])
        .map((file) =>
          broken(`${file} is begun, and would be handed out so. Put back the stub, as in ${blank}/.`),
        );
    }
    return files
      .filter((_, index) => texts[index]?.[0] !== texts[index]?.[1])
      .map((file) => broken(`${file} and ${blank}/${file} differ. Copy the one you mean over the other.`));
  },
};

export const reference: Check = {
  promise: 'The reference earns every point',
  async find({ root, rubric, key }) {
    const report = await gradeFolder(at(root, 'solution/reference'), rubric, key);
    if (report.points === rubric.possible) return [];
    const said = `solution/reference earns ${report.points} of ${rubric.possible}`;
    return [broken(`${said}: ${lost(report, rubric)}. Mend it, or the key, if that is what is wrong.`)];
  },
};

/** The first reason why a report is not full. */
function lost({ problems: [problem], cells, reflection }: Report, rubric: Rubric): string {
  const cell = cells.find(({ outcome }) => outcome !== 'correct');
  const why = problem?.why ?? (cell ? undefined : reflection?.why);
  if (why) return why.text.replace(/\.$/, '');
  if (!cell) return 'the reflection';
  const place = cell.at ? ` (${placeText(cell.at)})` : '';
  return `${labelsOf(rubric).cell(cell)} is ${outcomeWord(cell)}${place}`;
}

/** `expected.yaml` beside a fixture. */
interface Expectation {
  points: number;
  started: boolean;
  /** Codes, in order. */
  problems: string[];
  /** Outcomes of each row, in the order of the columns. */
  cells: Record<string, string[]>;
  /** By row, where it has any: ids of its hints. */
  hints: Record<string, string>;
  /** Id of the hint for the whole table. */
  hint: string | null;
  /** Ids of the questions that are answered. */
  responses: string[];
}

export const fixtures: Check = {
  promise: 'Every fixture gets the points, outcomes and hints beside it',
  async find(course) {
    const folder = at(course.root, 'solution/fixtures');
    const names = existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      : [];
    if (names.length === 0) {
      return [broken('solution/fixtures is empty. Put submissions there, and at least blank.')];
    }
    return (await Promise.all(names.map(({ name }) => fixture(course, name)))).flat();
  },
};

async function fixture({ root, rubric, key }: Course, name: string): Promise<Finding[]> {
  const file = `solution/fixtures/${name}/expected.yaml`;
  if (!existsSync(at(root, file))) return [broken(`${file} is missing. It says what the fixture must get.`)];
  const document = parseDocument(readFile(root, file));
  const [error] = document.errors;
  if (error || !isMap(document.contents)) {
    return [
      broken(`${file} is no list of names and values. ${error ? error.message : 'Write points: and so on.'}`),
    ];
  }
  const written = document.toJS() as Partial<Expectation>;
  const expected = { problems: [], hints: {}, hint: null, responses: [], ...written };
  const found = expectationOf(await gradeFolder(at(root, `solution/fixtures/${name}`), rubric, key), rubric);
  return differences(found, expected).map(({ name: part, is, said }) =>
    broken(
      `${file}: ${part} should say ${is}, and says ${said}. If the course has changed, change the fixture's own files; if not, mend this one.`,
    ),
  );
}

interface Difference {
  readonly name: string;
  readonly is: string;
  readonly said: string;
}

/** Where two groups of values differ, a value at a time; groups inside are gone through as well. */
function differences(found: object, expected: object, within = ''): Difference[] {
  const [one, two] = [found, expected].map((group) => new Map<string, unknown>(Object.entries(group)));
  return [...new Set([...(one?.keys() ?? []), ...(two?.keys() ?? [])])].flatMap((key) => {
    const [is, said] = [one?.get(key), two?.get(key)];
    const name = `${within}${key}`;
    if (isDeepStrictEqual(is, said)) return [];
    if (isGroup(is) && isGroup(said)) return differences(is, said, `${name}.`);
    return { name, is: written(is), said: written(said) };
  });
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return isGroup(value) ? JSON.stringify(value) : String(value ?? 'nothing');
}

function expectationOf(report: Report, { table }: Rubric): Expectation {
  const inRow = (id: string) => report.cells.filter(({ row }) => row === id);
  const hints = table.rows.flatMap(({ id }) => {
    const ids = new Set(inRow(id).flatMap(({ hint }) => hint?.misconception ?? []));
    return ids.size > 0 ? [[id, [...ids].join(', ')] as const] : [];
  });
  return {
    points: report.points ?? 0,
    started: report.started,
    problems: report.problems.map(({ why }) => why.code),
    cells: Object.fromEntries(table.rows.map(({ id }) => [id, inRow(id).map(({ outcome }) => outcome)])),
    hints: Object.fromEntries(hints),
    hint: report.hint?.misconception ?? null,
    responses: (report.reflection?.responses ?? []).flatMap(({ answered, question }) =>
      answered ? question : [],
    ),
  };
}

import { existsSync, readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { gradeFolder } from '../../grade';
import { labelsOf } from '../../report/labels';
import { outcomeWord, placeText } from '../../report/next';
import type { Report } from '../../report/report.schema';
import type { Rubric } from '../../rubric/rubric';
import { type Course, studentFiles } from '../course';
import { at, readFile } from '../files';
import { broken, type Check, type Finding } from './check';

const blank = 'solution/fixtures/blank';

export const stub: Check = {
  promise: 'The stub is not started, and is the fixture blank to the letter',
  async find({ root, rubric, key }) {
    const { started, points, problems } = await gradeFolder(root, rubric, key);
    const files = studentFiles(rubric).map((file) => ({ file, text: readFile(root, file) }));
    if (started) {
      const names = files.map(({ file }) => file).join(' and ');
      return [
        broken(`${names} are filled in, and would be handed out so. Put back the stubs, as in ${blank}/.`),
      ];
    }
    return [
      ...problems.map(({ why }) => broken(`The stub cannot be graded: ${why.text}`)),
      ...(points ? [broken(`The stub earns ${points} points. Take out what earns them.`)] : []),
      ...files
        .filter(({ file, text }) => text !== readFile(root, `${blank}/${file}`))
        .map(({ file }) =>
          broken(`${file} and ${blank}/${file} differ. Copy the one you mean over the other.`),
        ),
    ];
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
  if (problem) return problem.why.text;
  if (!cell) return reflection?.why?.text ?? 'the reflection';
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
    const names = existsSync(folder) ? readdirSync(folder) : [];
    if (names.length === 0)
      return [broken('solution/fixtures is empty. Put submissions there, and at least blank.')];
    return (await Promise.all(names.sort().map((name) => fixture(course, name)))).flat();
  },
};

async function fixture({ root, rubric, key }: Course, name: string): Promise<Finding[]> {
  const file = `solution/fixtures/${name}/expected.yaml`;
  const written = parse(readFile(root, file)) as Partial<Expectation> | null;
  const expected = { problems: [], hints: {}, hint: null, responses: [], ...written };
  const found = expectationOf(await gradeFolder(at(root, `solution/fixtures/${name}`), rubric, key), rubric);
  const keys = [...new Set([...Object.keys(found), ...Object.keys(expected)])] as (keyof Expectation)[];
  return keys
    .filter((part) => !isDeepStrictEqual(found[part], expected[part]))
    .map((part) => {
      const [is, said] = [found[part], expected[part]].map((value) => JSON.stringify(value) ?? 'nothing');
      return broken(
        `${file}: ${part} should say ${is} by the key, and says ${said}. Mend whichever is wrong.`,
      );
    });
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

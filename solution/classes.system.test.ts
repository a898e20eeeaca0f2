import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { statisticsOf, topicOf } from '../grader/class/pages/statistics';
import { loadCourse } from '../grader/course/course';
import { answersText } from '../grader/course/stub';
import { expectedIn } from '../grader/key/judge';
import { rowText } from '../grader/render/status';
import { rowsOf } from '../grader/rubric/rubric';
import { resultOf } from '../grader/testing/classes';
import { packageRoot } from '../grader/testing/folders';
import { gradeTexts } from '../grader/testing/grade';
import { tries } from '../grader/testing/long';
import { Random } from '../grader/testing/sampler';

// Checks sentences on the pages with random classes: of guessers, of classes that share an answer, and of known wrong
// answers.

const course = loadCourse(packageRoot, false);
const { rubric, solution, key } = course;
const rows = rowsOf(rubric);
const text = (file: string) => readFileSync(path.join(packageRoot, file), 'utf8');

type Learner = { readonly row: string; readonly rows: number; readonly columns: number };
type Shape = readonly [rows: number, columns: number];
/** A shape for each row of the worksheet. */
type Sheet = Readonly<Record<string, Shape>>;

const numberIn = (row: string, column: string) => Number(expectedIn(solution, row, column)?.value);
const allRight: Sheet = Object.fromEntries(
  rows.map(({ id }) => [id, [numberIn(id, 'rows'), numberIn(id, 'columns')]]),
);

const learners = parse(text('solution/learners.yaml')) as Learner[];
const learnerOf = (random: Random) => random.pick(learners, learners[0] as Learner);

const stated = text('assignment/README.md').match(/(?<![\d.])\d{2,}(?:,\d{3})*(?![\d.])/g) ?? [];
const numbers = [...new Set(stated.map((digits) => Number(digits.replaceAll(',', ''))))];

/** Two random numbers among those that the handout states. */
const guess = (random: Random): Shape => [random.pick(numbers, 0), random.pick(numbers, 0)];

const size = 30;
const gradedClasses = tries(200 * 5, 2);

test('people who guess with the numbers of the handout seldom share an answer', async () => {
  const named = await countClasses(
    (random) => Object.fromEntries(rows.map(({ id }) => [id, guess(random)])),
    (stats) => topicOf(stats) !== undefined,
  );
  expect(named).toBeLessThanOrEqual(0.15);
}, 120_000);

test.each([
  [1 / 3, 0.95],
  [3 / 5, 0.85],
])(
  'the answer that a fifth of a class share is named where the others guess in %d of their rows',
  async (part, least) => {
    const named = await countClasses(
      (random, student, { row, ...shared }) => {
        const sheet = rows.map(({ id }) => [id, random.chance(part) ? guess(random) : allRight[id]]);
        const own = student < size / 5 ? { [row]: [shared.rows, shared.columns] } : {};
        return { ...Object.fromEntries(sheet), ...own };
      },
      (stats, shared) => {
        const idea = topicOf(stats);
        const wanted = { rows: shared.rows, columns: shared.columns };
        return (
          idea?.row.id === shared.row &&
          rowText(rubric, idea.row, idea.values) === rowText(rubric, idea.row, wanted)
        );
      },
    );
    expect(named).toBeGreaterThanOrEqual(least);
  },
  120_000,
);

/** Makes `gradedClasses` classes, and returns the share of those for which `isSo` holds. */
async function countClasses(
  sheetOf: (random: Random, student: number, shared: Learner) => Sheet,
  isSo: (stats: Awaited<ReturnType<typeof statisticsFor>>, shared: Learner) => boolean,
) {
  let count = 0;
  for (let seed = 1; seed <= gradedClasses; seed++) {
    const random = new Random(seed);
    const shared = learnerOf(random);
    const sheets = Array.from({ length: size }, (_, student) => sheetOf(random, student, shared));
    if (isSo(await statisticsFor(sheets), shared)) count++;
  }
  return count / gradedClasses;
}

async function statisticsFor(sheets: readonly Sheet[]) {
  const results = await Promise.all(
    sheets.map(async (sheet, index) => {
      const answers = answersText(rubric, (row, { id }) => {
        const [height, width] = sheet[row] ?? ['null', 'null'];
        return String(id === 'rows' ? height : width);
      });
      return resultOf(await gradeTexts(answers, undefined, key, rubric), index);
    }),
  );
  return statisticsOf(rubric, results, solution);
}

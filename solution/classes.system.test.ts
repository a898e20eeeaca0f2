import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { statisticsOf, topicOf } from '../grader/class/pages/statistics';
import { voteOf } from '../grader/class/pages/vote-page';
import { loadCourse } from '../grader/course/course';
import { sizesOf, statedAt, voteSizesOf } from '../grader/course/fair-sizes';
import { answersText } from '../grader/course/stub';
import { questionAbout, type Vote } from '../grader/course/vote';
import { expectedIn } from '../grader/key/judge';
import { loadSolution } from '../grader/key/solution';
import { rowText } from '../grader/render/status';
import { rowsOf } from '../grader/rubric/rubric';
import { resultOf } from '../grader/testing/classes';
import { packageRoot } from '../grader/testing/folders';
import { gradeTexts } from '../grader/testing/grade';
import { tries } from '../grader/testing/long';
import { Random } from '../grader/testing/sampler';
import { modelCards } from './cards';

// Sentences of the pages about classes made by chance: of guessers, of a class that shares an answer, and of known wrong answers.

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

/** A shape of numbers that the handout states. */
const guess = (random: Random): Shape => [random.pick(numbers, 0), random.pick(numbers, 0)];

const voteSizes = voteSizesOf(course);
const size = 30;
const classes = tries(200 * 5);
/** Of those that are graded, which takes longer. */
const gradedClasses = tries(200 * 5, 2);

test('people who guess with the numbers of the handout share no answer', async () => {
  const named = await countClasses(
    (random) => Object.fromEntries(rows.map(({ id }) => [id, guess(random)])),
    (stats) => topicOf(stats) !== undefined,
  );
  expect(named).toBeLessThanOrEqual(0.05);
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

/** For each way to guess from the form of the options alone, how likely it finds the right one; ties are shared. */
function luckOf({ options }: Vote) {
  const shapes = options.map((option) => option.text.split(' × '));
  const column = (side: number) => shapes.map((shape) => shape[side]);
  const countIn = (list: readonly unknown[], item: unknown) => list.filter((other) => other === item).length;
  const most = (list: readonly unknown[]) => Math.max(...list.map((item) => countIn(list, item)));
  const ways = {
    'the most frequent number of each column': (shape: readonly string[]) =>
      [0, 1].filter((side) => countIn(column(side), shape[side]) === most(column(side))).length,
    'what shares most numbers with the others': (shape: readonly string[]) =>
      [0, 1].reduce((sum, side) => sum + countIn(column(side), shape[side]), 0),
    'what shares most, in any column': (shape: readonly string[]) =>
      shapes.filter((other) => other.some((number) => shape.includes(number))).length,
  };
  const right = options.findIndex(({ isRight }) => isRight);
  return Object.entries(ways).flatMap(([way, scoreOf]) => {
    const scores = shapes.map(scoreOf);
    // A guess by the most, the second most, and so on, is among those that have that.
    const levels = [...new Set(scores)].sort((a, b) => b - a);
    return ['', ', second', ', least'].map((rank, index) => {
      const level = index === 2 ? levels.at(-1) : (levels[index] ?? levels[0]);
      const picked = scores.flatMap((score, option) => (score === level ? option : []));
      return [`${way}${rank}`, picked.includes(right) ? 1 / picked.length : 0] as const;
    });
  });
}

/** Checks that neither the form of the options nor their order tells what is right, over many questions. */
function expectNothingTold(votes: readonly Vote[]) {
  for (const { options } of votes) expect(new Set(options.map((option) => option.text)).size).toBe(4);
  const sums = new Map<string, number>();
  for (const [way, chance] of votes.flatMap(luckOf)) sums.set(way, (sums.get(way) ?? 0) + chance);
  for (const [way, sum] of sums) expect([way, sum / votes.length <= 0.35]).toEqual([way, true]);
  // A question has its options in one order, however many classes get it.
  const questions = new Map(votes.map((vote) => [vote.options.map(({ text }) => text).join(), vote.options]));
  for (const place of [0, 1, 2, 3]) {
    const there =
      [...questions.values()].filter((options) => options[place]?.isRight).length / questions.size;
    expect([place, there >= 0.15 && there <= 0.35]).toEqual([place, true]);
  }
}

test('the form of a vote tells nothing, for each row at the sizes of each model, whatever known answer the class gives', async () => {
  const votes: Vote[] = [];
  for (const model of Object.keys(modelCards)) {
    const given = { model, tokens: 48 };
    const own = { ...rubric, given, tables: rubric.tables.slice(0, 1) };
    const [worksheet] = sizesOf(course);
    const solved = loadSolution(course.root, own, false);
    const sizes = statedAt(course, { ...worksheet, given, solution: solved });
    for (const row of rows) {
      const known = solution.misconceptions.filter((idea) => idea.row === row.id);
      for (const written of [
        [],
        ...known.map(({ values }) => [{ row, values: { ...rightOf(row.id), ...values } }]),
      ]) {
        const vote = await questionAbout(course, sizes, row, written);
        if (vote) votes.push(vote);
      }
    }
  }
  expect(votes.length).toBeGreaterThan(Object.keys(modelCards).length * rows.length);
  expectNothingTold(votes);
}, 120_000);

const rightOf = (row: string) => ({ rows: numberIn(row, 'rows'), columns: numberIn(row, 'columns') });

test('the form of a vote tells nothing in classes that give the wrong answers of learners, some of them often', async () => {
  const votes: Vote[] = [];
  for (let seed = 1; seed <= classes; seed++) {
    const random = new Random(seed);
    const frequent = [learnerOf(random), learnerOf(random)];
    const sheets = Array.from({ length: 12 }, (): Sheet => {
      const own = random.chance(0.4) ? frequent : [learnerOf(random), learnerOf(random)];
      return { ...allRight, ...Object.fromEntries(own.map((one) => [one.row, [one.rows, one.columns]])) };
    });
    const vote = await voteOf(course, voteSizes, await statisticsFor(sheets));
    if ('reason' in vote) throw new Error(vote.reason);
    votes.push(vote);
  }
  expectNothingTold(votes);
}, 120_000);

/** Makes that many classes, and counts those of which something is so. */
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

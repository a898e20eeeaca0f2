import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Configure, Context } from '../../command';
import { type Course, loadCourse } from '../../course';
import { GraderError } from '../../error';
import { joinNames, readText, resolvePath } from '../../files';
import { gradeFolder } from '../../grading/context';
import { rightAnswers } from '../../key/hints';
import { expectedIn, plainKey } from '../../key/plain';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { colors } from '../../render/escape/colors';
import { escapeTerminal, formatTable } from '../../render/escape/terminal';
import { type CellName, holds } from '../../rubric/laws';
import { allRowsOf, rowsOf } from '../../rubric/rubric';
import { withTempDir } from '../../temp-dir';
import { blankFolder, fixturesOf, referenceFolder } from '../generate/fixtures';
import { generate, outdated, withExamples } from '../generate/generate';
import { handoutTemplate, numbersByHand } from '../generate/template';
import { filesLinkedFrom, makeRelease } from '../release/make';
import { studentPart } from '../release/manifest';
import { askedCells, otherNames, type Sizes, sizesOf, solutionAt, unfair } from './fair';
import { leaks, tells } from './leaks';

/** Something that a check found: a failure with what to do, or something to know. */
export interface Finding {
  readonly kind: 'failed' | 'note';
  readonly text: string;
}

type Findings = AsyncIterable<Finding> | Iterable<Finding>;

const failed = (text: string): Finding => ({ kind: 'failed', text });
const note = (text: string): Finding => ({ kind: 'note', text });

/** `npm run check` */
export const configureCheck: Configure = (command, context) =>
  command
    .addHelpText(
      'after',
      '\nExit status: 0 when every check passed; 1 when one failed; 2 when they could not run.',
    )
    .action(async () => {
      const course = await withTempDir((folder) => runAndPrint(context, folder));
      if (!course) context.status = 1;
    });

/** The checks of a course. The first loads it, and the last makes a release in an empty folder. */
const checks: [claim: string, find: (course: Course, folder: string) => Findings][] = [
  ['rubric.yaml and solution/ load, and the two derivations agree', misnamed],
  ['Each generated file is what rubric.yaml and solution/ give', outOfDate],
  ['No text tells an answer, and each known wrong answer has its hint', telling],
  ['Each fixture gives the points that its fixture.yaml says', fixtures],
  ['The second table and the vote are fair', fairness],
  ['A release holds nothing of solution/, and all that its handout links to', release],
];

/**
 * Runs every check, prints each result as it ends, and makes a release of the course.
 *
 * @param folder an empty folder for the release.
 * @returns the course, if all checks pass.
 */
export async function runAndPrint(
  { courseRoot, print, hasColors }: Context,
  folder: string,
): Promise<Course | undefined> {
  const { good, bad } = colors(hasColors);
  const safe = escapeTerminal;
  let course: Course | undefined;
  let failures = 0;
  for (const [claim, find] of checks) {
    const findings = await findingsOf(() => {
      course ??= loadCourse(courseRoot);
      return find(course, folder);
    });
    const hasFailed = findings.some(({ kind }) => kind === 'failed');
    if (hasFailed) failures++;
    const mark = hasFailed ? bad(safe('failed')) : good(safe('ok'));
    const found = findings.flatMap(({ kind, text }) =>
      `${kind === 'note' ? 'Note: ' : ''}${text}`.split('\n'),
    );
    const rows = [[mark, safe(claim)], ...found.map((line) => [safe(''), safe(line)])];
    print(
      formatTable(
        [8, 72],
        rows.map((row) => row.map((text) => ({ text }))),
      ),
    );
    if (course) continue;
    print(safe('The other checks need this one to pass first.'));
    break;
  }
  print(safe(''));
  print(failures > 0 ? bad(safe(`Failed: ${failures}.`)) : good(safe(`All ${checks.length} checks passed.`)));
  return failures > 0 ? undefined : course;
}

/** Collects the findings of a check; an error that says what to do is one too. */
export async function findingsOf(find: () => Findings): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    for await (const finding of find()) findings.push(finding);
  } catch (error) {
    if (!(error instanceof GraderError) || error.kind === 'interrupted') throw error;
    findings.push(failed(error.message));
  }
  return findings;
}

/** Notes a title or label that names what the worksheet is not about: a model, say, where `given` has another now. */
export function* misnamed({ rubric, solution, atOtherSizes }: Course): Generator<Finding> {
  const read = [
    { texts: [rubric.title], about: solution },
    ...rubric.tables.map(({ export: name, label = '', columns, rows }) => ({
      texts: [label, ...[...columns, ...rows].map((one) => one.label)],
      about: atOtherSizes.get(name) ?? solution,
    })),
  ];
  for (const { texts, about } of read)
    for (const text of texts) {
      const other = otherNames(about).find((name) => tells(text, name));
      if (other !== undefined)
        yield note(`rubric.yaml: “${text}” names ${other}, which given does not. Change the text, or given.`);
    }
}

export async function* outOfDate(course: Course): AsyncGenerator<Finding> {
  const { files, notes } = generate(course);
  const found = outdated(course.root, { ...files, ...(await withExamples(course)) });
  if (found.length > 0)
    yield failed(`${joinNames(found, 3)}: not what rubric.yaml and solution/ give. Run npm run generate.`);
  for (const found of numbersByHand(readText(course.root, handoutTemplate)))
    yield failed(`${handoutTemplate}:${found} is typed by hand. Write the name of a fact, as in {{ name }}.`);
  yield* notes.map(note);
}

export function* telling(course: Course): Generator<Finding> {
  const { worksheet, others } = sizesOf(course);
  yield* tellingTexts(course);
  yield* wideTolerances(worksheet);
  yield* brokenLaws(course, [worksheet, ...others]);
  // At the sizes of the worksheet alone, a fault is a coincidence.
  const same = others.filter(({ tables }) => tables === worksheet.tables);
  const elsewhere = same.map((sizes) => hintless(sizes));
  for (const text of hintless(worksheet))
    yield elsewhere.every((faults) => faults.includes(text))
      ? failed(`solution/: ${text} Change it, or remove it.`)
      : note(`${text} At other sizes it does.`);
}

/** Finds right answers in what students read before they have them right. */
function* tellingTexts({ rubric, solution }: Course): Generator<Finding> {
  for (const row of rowsOf(rubric)) {
    const asked = row.cells.flatMap(({ label, guidingQuestion = '' }) => [label, guidingQuestion]);
    const labels = [row.heading ?? '', ...asked];
    const read = [
      ...labels,
      ...solution.misconceptions.flatMap((idea) => (idea.row === row.id ? idea.text : [])),
      ...Object.entries(solution.explanations).flatMap(([id, text]) => (id === row.id ? [] : text)),
    ];
    for (const { id, label } of row.cells.filter((cell) => !kindOf(cell).options)) {
      const right = expectedIn(solution, row.id, id);
      // A single digit may be in any text.
      const answers = (right ? rightAnswers(right) : []).filter((answer) => !(Number(answer) < 10));
      const told = read.find((text) => answers.some((answer) => tells(text, answer)));
      const place = labels.includes(told ?? '') ? 'rubric.yaml' : 'solution/';
      if (told) yield failed(`${place}: “${told}” tells what is right for ${label}. Reword it.`);
    }
  }
}

/** Notes where what is right for one row also counts in another. */
function* wideTolerances({ tables, solution }: Sizes): Generator<Finding> {
  for (const table of tables) {
    const cells = askedCells({ tables: [table], solution });
    for (const { column, label, kind, answers } of cells) {
      const [right = ''] = answers;
      const isTaken = (answer: Answer) => answer !== right && kind.matches(answer, right);
      const other = cells.find(
        (one) => one.column === column && one.label !== label && one.answers.some(isTaken),
      );
      if (other)
        yield note(
          `The tolerance of ${label} also takes what is right for ${other.label}. Write a smaller one if that is not meant.`,
        );
    }
  }
}

function* brokenLaws({ rubric }: Course, all: readonly Sizes[]): Generator<Finding> {
  for (const { law, equations } of rubric.laws)
    for (const { name, solution } of all) {
      const numberIn = ({ row, column }: CellName) => {
        const value = expectedIn(solution, row, column)?.value;
        return typeof value === 'number' ? value : undefined;
      };
      if (equations.some((equation) => holds(equation, numberIn) === false))
        yield failed(`rubric.yaml: the law ${law} does not hold in ${name}. Correct it, or remove it.`);
    }
}

/** Finds known wrong answers that are right, and values of one cell with more than one cause. */
function hintless({ tables, solution }: Sizes): string[] {
  return solution.misconceptions.flatMap(({ id, row, values }) => {
    const columns = Object.keys(values);
    const named = `The misconception ${id} of row ${row} (${columns.join(', ')})`;
    const cells = allRowsOf({ tables }).find((one) => one.id === row)?.cells ?? [];
    const isRight = cells.every((cell) => {
      const [value, right] = [values[cell.id], expectedIn(solution, row, cell.id)];
      if (value === undefined || !right) return true;
      return rightAnswers(right).some((one) => kindOf(cell).matches(value, one));
    });
    if (isRight) return `${named} counts as right, so it gives no hint.`;
    const twin = solution.misconceptions.find(
      (other) => other.row === row && other.id !== id && isDeepStrictEqual(other.values, values),
    );
    return twin && columns.length < cells.length
      ? `${named} has the value of ${twin.id}, so it gives no hint.`
      : [];
  });
}

export async function* fixtures(course: Course): AsyncGenerator<Finding> {
  const { root, rubric } = course;
  for (const { folder, place, points, given } of fixturesOf(course)) {
    const solution =
      given && solutionAt(root, { ...rubric, given }, `${place}: At the sizes under given there`);
    const key = solution ? plainKey(rubric, solution) : course.key;
    const report = await gradeFolder(resolvePath(root, folder), rubric, key);
    const advice =
      folder === referenceFolder
        ? 'Run npm run generate, or correct its responses.'
        : `Write points: ${report.points}, or correct its files, or the sizes under given.`;
    if (report.points !== points)
      yield failed(
        `${place}: gives ${report.points} of ${rubric.possible} points, and not ${points}. ${advice}`,
      );
    if (folder === blankFolder && report.reflection && !report.reflection.untouched)
      yield failed('rubric.yaml: something in intro is read as a response before anybody wrote. Change it.');
  }
}

export function* fairness(course: Course): Generator<Finding> {
  const { worksheet, others } = sizesOf(course);
  const all = [worksheet, ...others];
  for (const [index, sizes] of others.entries()) {
    const rest = all.filter((one) => one !== sizes);
    const { found, fair } = unfair(course, sizes, all.slice(0, index + 1), rest);
    if (found.length > 0) yield failed(`rubric.yaml: ${found.join('\n')}`);
    // The next proposal has to be fair beside this one.
    if (fair) all[index + 1] = fair;
  }
}

export async function* release(course: Course, folder: string): AsyncGenerator<Finding> {
  await makeRelease(course, folder);
  yield* leaks(course, folder).map(failed);
  const copy = resolvePath(folder, studentPart);
  for (const file of filesLinkedFrom(readText(copy, 'README.md')))
    if (!existsSync(resolvePath(copy, file)))
      yield failed(
        `${handoutTemplate} links to ${file}, which students do not get. Remove the link, or put the file into assignment/.`,
      );
}

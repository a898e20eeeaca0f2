import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Configure, Context } from '../../command';
import { askAgainOf } from '../../course/ask-again';
import { type Course, loadCourse } from '../../course/course';
import { handoutTemplate, numbersByHand, proseOf } from '../../course/handout';
import { gradeFolder } from '../../grading/context';
import type { Report } from '../../grading/report.schema';
import { warning } from '../../grading-page/grading-page';
import { expectedIn, plainKey } from '../../key/judge';
import { isRightAnswer, type KeyContent, type Misconception, rightAnswers } from '../../key/known-answers';
import { loadSolution, placeInSolution, type Solution } from '../../key/solution';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { counted, GraderError, interpolate } from '../../message';
import { colors, escapeTerminal, terminal } from '../../render/escape/terminal';
import { locationText, problemsShown, type RowValues } from '../../render/status';
import { type CellName, holds } from '../../rubric/laws';
import { edgesOf } from '../../rubric/products';
import { type Rubric, type RubricCell, type RubricRow, rowsOf, wordingOf } from '../../rubric/rubric';
import { listFiles, placeIn, readText, resolvePath } from '../../system/files';
import { escapeRegExp, groupBy, joinNames, nearestName } from '../../system/lists';
import { withTempDir } from '../../system/lock';
import {
  blankFolder,
  type Fixture,
  fixturesOf,
  generate,
  outdated,
  referenceFolder,
  sourceOf,
} from '../generate/generate';
import { makeRelease } from '../release/contents';

/** Something that a check found: a fault, with what to do, or a note. */
interface Found {
  readonly kind: 'fault' | 'note';
  readonly text: string;
}

type AllFound = AsyncIterable<Found> | Iterable<Found>;

const fault = (text: string): Found => ({ kind: 'fault', text });
const note = (text: string): Found => ({ kind: 'note', text });

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
const checks: [claim: string, find: (course: Course, folder: string) => AllFound][] = [
  ['rubric.yaml and solution/ load, and the two derivations agree', misnamed],
  ['Each generated file matches rubric.yaml and solution/', outOfDate],
  ['No text gives an answer away', telling],
  ['Each law holds, and each known wrong answer has its hint, also at the sizes of ask_again', atBothSizes],
  ['Each fixture is right where its fixture.yaml says so', fixtures],
  ['A release holds nothing from solution/', release],
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
  const mark = (isFailed: boolean) => (isFailed ? bad(safe('failed  ')) : good(safe('ok      ')));
  let course: Course | undefined;
  let failures = 0;
  const shownTexts = new Set<string>();
  for (const [claim, find] of checks) {
    const found = await foundBy(() => {
      course ??= loadCourse(courseRoot);
      return find(course, folder);
    });
    const isFailed = found.some(({ kind }) => kind === 'fault');
    // One fault may stop several checks.
    const news = found.filter(({ text }) => !shownTexts.has(text));
    for (const { text } of news) shownTexts.add(text);
    if (news.some(({ kind }) => kind === 'fault')) failures++;
    print(terminal`${mark(isFailed)}${safe(claim)}`);
    const texts = news.map(({ kind, text }) => `${kind === 'note' ? 'Note: ' : ''}${text}`);
    if (news.length === 0 && isFailed) texts.push('For the reason above.');
    for (const line of texts.flatMap((text) => text.split('\n'))) print(safe(`        ${line}`));
    if (course) continue;
    print(safe('The other checks need this one to pass first.'));
    break;
  }
  print(safe(''));
  print(failures > 0 ? bad(safe(`Failed: ${failures}.`)) : good(safe(`All ${checks.length} checks passed.`)));
  return failures > 0 ? undefined : course;
}

/** Collects everything that a check finds. An error that says what to do counts as a fault. */
export async function foundBy(find: () => AllFound): Promise<Found[]> {
  const found: Found[] = [];
  try {
    for await (const one of find()) found.push(one);
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    found.push(fault(error.message));
  }
  return found;
}

/**
 * Notes titles and labels that name something the worksheet is not about, such as a model that `given` no longer has,
 * and passes on the solution's own notes.
 */
export function* misnamed({ root, rubric, solution }: Course): Generator<Found> {
  const { notes, otherNames } = solution.handoutFacts;
  const labels = rubric.tables.flatMap(({ label = '', columns, rows }) =>
    [{ label }, ...columns, ...rows].map((part) => part.label),
  );
  for (const text of [rubric.title, ...labels]) {
    const otherName = listIn(otherNames).find((name) => tells(text, name));
    if (otherName !== undefined)
      yield note(
        `${inRubric(root, (line) => tells(line, otherName))}: “${text}” names ${otherName}, which given does not. Change the text, or given.`,
      );
  }
  for (const [index, line] of readText(root, 'rubric.yaml').split('\n').entries()) {
    const [, cut] = cutLabel.exec(line) ?? [];
    if (cut !== undefined)
      yield note(
        `rubric.yaml:${index + 1}: this text ends before “${cut}”, which YAML reads as a comment. If that belongs to the text, put the text in quotes.`,
      );
  }
  yield* listIn(notes).map(note);
}

/** An unquoted text that YAML cuts off at a #. Unlike most comments, it has no space after the #, so it is probably text. */
const cutLabel = /^\s*(?:- )?(?:title|label|heading|ask|because|dispute):\s+[^\s"'|>#{[][^#]*\s(#[^\s#].*)$/;

/** Texts that a solution may list for its handout. */
function listIn(fact: unknown): string[] {
  return Array.isArray(fact) ? fact.map(String) : [];
}

export function* outOfDate(course: Course): Generator<Found> {
  const { files, notes } = generate(course);
  const outdatedFiles = outdated(course.root, files);
  if (outdatedFiles.length > 0) {
    const places = outdatedFiles.map((file) => differingPlace(course.root, file, files[file]));
    const sources = [...new Set(outdatedFiles.map(sourceOf))];
    const sourcesGive = `${joinNames(sources)} ${sources.length === 1 ? 'gives' : 'give'}`;
    yield fault(`${joinNames(places, 3)}: not what ${sourcesGive}. Run npm run generate.`);
  }
  for (const typedNumber of numbersByHand(readText(course.root, handoutTemplate)))
    yield fault(
      `${handoutTemplate}:${typedNumber} is typed by hand. Write the name of a fact, as in {{ name }}.`,
    );
  yield* notes.map(note);
}

/** The first line in which a file of the course differs from a text. */
function differingPlace(root: string, file: string, text = ''): string {
  if (!existsSync(resolvePath(root, file))) return file;
  const lines = text.split('\n');
  const now = readText(root, file).split('\n');
  return `${file}:${now.findIndex((line, index) => line !== lines[index]) + 1 || now.length}`;
}

/** Finds right answers in texts that students read before they have solved the cell. */
export function* telling(course: Course): Generator<Found> {
  const { root, rubric, solution } = course;
  for (const row of rowsOf(rubric)) {
    const labels = [
      row.heading ?? '',
      ...row.cells.flatMap(({ label, guidingQuestion = '' }) => [label, guidingQuestion]),
    ];
    const ideas = solution.misconceptions.filter((idea) => idea.row === row.id);
    const otherExplanations = Object.entries(solution.explanations).filter(([id]) => id !== row.id);
    const read = [...labels, ...ideas.map(({ text }) => text), ...otherExplanations.map(([, text]) => text)];
    for (const { id, label } of row.cells.filter((cell) => !kindOf(cell).options)) {
      const answers = secretAnswers(solution, row.id, id, []);
      const isTold = (text: string) => answers.some((answer) => tells(text, answer));
      const told = read.find(isTold);
      if (!told) continue;
      const idea = ideas.find(({ text }) => text === told);
      // The label of a cell is made of two labels.
      const isWritten = (line: string) => isTold(line) && told.split(' · ').some((part) => tells(line, part));
      const place = labels.includes(told) ? inRubric(root, isWritten) : inSolution(root, told, idea?.id);
      yield fault(`${place}: “${told}” gives away what is right for ${label}. Reword it.`);
    }
  }
  yield* toldInPassing(course);
}

/** Notes right answers in other texts that students read, ignoring numbers that the worksheet states. */
function* toldInPassing(course: Course): Generator<Found> {
  const { rubric, solution } = course;
  const stated = Object.values({ ...solution.handoutFacts, ...rubric.given });
  const cells = rowsOf(rubric).flatMap(({ id, cells }) =>
    cells
      .filter((cell) => !kindOf(cell).options)
      .map(({ id: column, label }) => ({ label, answers: secretAnswers(solution, id, column, stated) })),
  );
  for (const { place, text } of passages(course))
    for (const { label, answers } of cells) {
      const answer = answers.find((right) => tells(text, right));
      if (answer !== undefined)
        yield note(`${place()}: “${answer}” is right for ${label}. If this gives it away, reword it.`);
    }
}

/** The texts that students read beside labels, hints and explanations. */
function* passages({ root, rubric, solution }: Course): Generator<{ text: string; place: () => string }> {
  for (const [index, text] of proseOf(readText(root, handoutTemplate)).split('\n').entries())
    yield { text, place: () => `${handoutTemplate}:${index + 1}` };
  const { intro = '', questions = [] } = rubric.reflection ?? {};
  const inYaml = [
    ...rubric.laws.map(({ because }) => because),
    ...intro.split('\n'),
    ...questions.map(({ label }) => label),
  ];
  for (const text of inYaml)
    yield { text, place: () => inRubric(root, (line) => line.includes(text.trim())) };
  for (const { phrase } of solution.quantities) yield { text: phrase, place: () => inSolution(root, phrase) };
}

/**
 * The right answers of a cell that a text could give away. Leaves out single digits, which any text may contain, and
 * negative numbers, because texts are searched without signs.
 */
function secretAnswers(solution: KeyContent, row: string, column: string, stated: readonly unknown[]) {
  const right = expectedIn(solution, row, column);
  return (right ? rightAnswers(right) : []).filter(
    (answer) => !(Number(answer) < 0 || /^\d$/.test(String(answer)) || stated.includes(answer)),
  );
}

/** The place of the first line of rubric.yaml that `fits` accepts; see `placeIn`. */
function inRubric(root: string, fits: (line: string) => boolean): string {
  return placeIn(root, 'rubric.yaml', fits);
}

/** Where a text is written in the solution, or else the id of its misconception. */
function inSolution(root: string, told: string, id?: string): string {
  return placeInSolution(root, told, id) ?? 'solution/index.ts:1';
}

/** Tries laws, derivations and known wrong answers at the sizes of the worksheet and at those of `ask_again`. */
export function* atBothSizes(course: Course): Generator<Found> {
  const { root, solution } = course;
  const place = inRubric(root, (line) => /^ask_again:/.test(line));
  yield* brokenLaws(course, 'in the worksheet', solution);
  const there = askAgainOf(course, true, place)?.solution;
  if (there) {
    yield* brokenLaws(course, `at the sizes of ask_again (${place})`, there);
    yield* sameAnswers(course, place, there);
  }
  yield* unequalEdges(course, [
    ['in the worksheet', solution],
    ...(there ? [[`at the sizes of ask_again (${place})`, there] as const] : []),
  ]);
  const equal = equalByChance(course);
  if (equal !== undefined) {
    yield fault(`${inRubric(root, (line) => /^given:/.test(line))}: ${equal}`);
    return;
  }
  // If something is wrong only at the sizes of the worksheet, that is a coincidence.
  const elsewhere = there && hintless(course, there);
  const here = hintless(course, solution);
  for (const [text, idea] of here) {
    const where = inSolution(root, idea.text, idea.id);
    yield elsewhere === undefined || elsewhere.has(text)
      ? fault(`${where}: ${text} Change it or given, or remove it.`)
      : note(`${where}: ${text} At the sizes of ask_again it does.`);
  }
  for (const text of elsewhere?.keys() ?? [])
    if (!here.has(text)) yield note(`${place}: at these sizes: ${text}`);
}

function* brokenLaws({ root, rubric }: Course, where: string, solution: KeyContent): Generator<Found> {
  const numberIn = ({ row, column }: CellName) => Number(expectedIn(solution, row, column)?.value);
  for (const { law, equations } of rubric.laws)
    if (equations.some((equation) => holds(equation, numberIn) === false))
      yield fault(
        `${inRubric(root, (line) => line.includes(law))}: the law ${law} does not hold ${where}. Correct it, or remove it.`,
      );
}

/** Finds products whose matrices do not fit at some sizes, although all of their answers are right. */
function* unequalEdges(
  { root, rubric }: Course,
  sizes: readonly (readonly [where: string, solution: KeyContent])[],
): Generator<Found> {
  const products = rubric.tables.flatMap(({ draw }) =>
    draw ? (draw.products ?? []).map((product) => ({ product, edges: edgesOf(draw, product) })) : [],
  );
  for (const { product, edges } of products) {
    const [first] = sizes.flatMap(([where, solution]) => {
      const numberIn = ({ row, column }: CellName) => expectedIn(solution, row, column)?.value;
      return [edges.meeting, ...edges.around].flatMap(([one, other]) =>
        numberIn(one) === numberIn(other)
          ? []
          : `${one.row}.${one.column} and ${other.row}.${other.column} are not equal ${where}`,
      );
    });
    const place = inRubric(root, (line) => line.includes(`left: ${product.left}`));
    if (first !== undefined)
      yield fault(`${place}: ${first}, so the product does not fit. Correct or remove it.`);
  }
}

/** Notes cells whose right number is the same at both sizes. Words, options and zeros do not depend on the sizes. */
function* sameAnswers({ rubric, solution }: Course, place: string, there: Solution): Generator<Found> {
  const same = rowsOf(rubric).flatMap((row) =>
    row.cells.filter((cell) => {
      const right = expectedIn(there, row.id, cell.id)?.value;
      return typeof right === 'number' && right !== 0 && isRightIn(solution, row, cell, right);
    }),
  );
  if (same.length > 0)
    yield note(
      `${place}: what is right at these sizes is right in the worksheet, too: ${joinNames(same.map(({ label }) => label))}.`,
    );
}

/** Finds known wrong answers that are right, or whose hint is hidden by another, keyed by what to say about each. */
function hintless({ rubric }: Course, solution: KeyContent): Map<string, Misconception> {
  const { misconceptions } = solution;
  const told = misconceptions.flatMap((idea): [string, Misconception][] => {
    const { id, row, values } = idea;
    const columns = Object.keys(values);
    const asked = rowsOf(rubric).find((one) => one.id === row);
    const isOfCell = columns.length < (asked?.cells.length ?? 0);
    const inSameRow = misconceptions.filter((other) => isOfCell && other.row === row && other.id !== id);
    // A hint for the whole row is shown in place of one for a cell.
    const alone = asked && { ...rightIn(solution, asked), ...values };
    const hiding = inSameRow.find((other) => isDeepStrictEqual(other.values, alone));
    const twin = inSameRow.find((other) => isDeepStrictEqual(other.values, values));
    const reasons = [
      countsAsRight(rubric, solution, idea) && 'counts as right',
      twin && `has the value of ${twin.id}`,
      hiding && `is hidden by ${hiding.id} where the rest of the row is right`,
    ];
    const [why] = reasons.filter(Boolean);
    const text = `The misconception ${id} of row ${row} (${columns.join(', ')}) ${why}, so it gives no hint.`;
    return why ? [[text, idea]] : [];
  });
  return new Map(told);
}

/** Returns the right answers of a row, by column. */
function rightIn(content: KeyContent, { id, cells }: RubricRow): RowValues {
  const right = cells.map((cell) => [cell.id, expectedIn(content, id, cell.id)?.value] as const);
  return Object.fromEntries(right);
}

function isRightIn(content: KeyContent, { id }: RubricRow, cell: RubricCell, answer: Answer | undefined) {
  return isRightAnswer(cell, expectedIn(content, id, cell.id), answer);
}

/** Whether a known wrong answer counts as right at some sizes if the rest of its row is right. */
function countsAsRight(rubric: Rubric, solution: KeyContent, { row: id, values }: Misconception): boolean {
  const row = rowsOf(rubric).find((one) => one.id === id);
  if (!row) return false;
  return row.cells.every((cell) => !(cell.id in values) || isRightIn(solution, row, cell, values[cell.id]));
}

/**
 * Finds two numbers of the worksheet that are equal only by chance, so that mistakes count as right: one of them does
 * not change when the other does.
 */
function equalByChance({ root, rubric, solution }: Course): string | undefined {
  const count = mistakesIn(rubric, solution);
  const facts = Object.entries({ ...solution.handoutFacts, ...rubric.given });
  const changes = Object.entries(rubric.given).flatMap(([name, value]) =>
    typeof value === 'number' ? [value + 1, 2 * value].map((changed) => ({ name, value, changed })) : [],
  );
  if (count === 0) return undefined;
  for (const { name, value, changed } of changes) {
    const given = { ...rubric.given, [name]: changed };
    const there = solutionOrNone(root, { ...rubric, given });
    if (!there || mistakesIn(rubric, there) >= count) continue;
    const otherFacts: Record<string, unknown> = { ...there.handoutFacts, ...given };
    const equal = facts.flatMap(([fact, same]) =>
      fact !== name && same === value && otherFacts[fact] === value ? fact : [],
    );
    if (equal.length > 0)
      return `${joinNames(equal)} and ${name} are ${equal.length > 1 ? 'all' : 'both'} ${value}: ${count} known ${count === 1 ? 'mistake counts' : 'mistakes count'} as right. Change ${name}, or what it is equal to.`;
  }
  return undefined;
}

/** How many known wrong answers count as right at some sizes. */
function mistakesIn(rubric: Rubric, solution: KeyContent): number {
  return solution.misconceptions.filter((idea) => countsAsRight(rubric, solution, idea)).length;
}

/** The solution at some sizes, or undefined if it refuses them or never ends. */
function solutionOrNone(root: string, rubric: Rubric): Solution | undefined {
  try {
    return loadSolution(root, rubric, false);
  } catch (error) {
    if (error instanceof GraderError) return undefined;
    throw error;
  }
}

export async function* fixtures(course: Course): AsyncGenerator<Found> {
  const { root } = course;
  // The check of generated files reports the outdated ones.
  const outdatedFiles = outdated(root, generate(course).files);
  const all = fixturesOf(course);
  const strays = all.flatMap((fixture) => strayNames(course, fixture));
  // After rows or questions were removed, everything that they left behind is a single thing to do.
  for (const [meant, named] of groupBy(strays, (stray) => stray.meant)) {
    const places = new Set(named.map(({ file, name }) => placeOfName(root, file, name)));
    const names = joinNames([...new Set(named.map(({ name }) => name))], 40);
    const advice = meant === undefined ? 'Delete that there.' : `Write "${meant}", or delete it.`;
    yield fault(`${joinNames([...places], 40)}: rubric.yaml does not have ${names}. ${advice}`);
  }
  for (const fixture of all) {
    const isOutdated = outdatedFiles.some((name) => name.startsWith(`${fixture.folder}/`));
    const hasStrays = strays.some(({ file }) => file === fixture.file);
    if (!isOutdated && !hasStrays) yield* gradedFixture(course, fixture);
  }
}

/** Grades a fixture at the sizes that it was written for, and compares the result with its description. */
async function* gradedFixture(course: Course, fixture: Fixture): AsyncGenerator<Found> {
  const { root, rubric } = course;
  const { folder, file, given } = fixture;
  const place = placeIn(root, file, (line) => /^given:/.test(line));
  const lacking = Object.keys(rubric.given).filter((name) => given && !Object.hasOwn(given, name));
  if (lacking.length > 0) {
    yield fault(`${place}: given lacks ${joinNames(lacking)}, which rubric.yaml has. Add it.`);
    return;
  }
  const where = `${place}: At the sizes under given there: `;
  const solution = given && loadSolution(root, { ...rubric, given }, false, where);
  const key = solution ? plainKey(rubric, solution) : course.key;
  const report = await gradeFolder(resolvePath(root, folder), rubric, key);
  const odd = [...cellsNotAsListed(fixture, report), ...responsesNotAsListed(course, fixture, report)];
  const listed = placeIn(root, file, (line) => /^right:/.test(line));
  const unread = unreadPart(fixture, report);
  if (odd.length > 0)
    yield fault(
      unread === undefined
        ? `${listed}: ${joinNames(odd, 3)}. Correct its files, what it says, or the sizes under given there.`
        : `${unread} Correct that, or what ${listed} says: ${joinNames(odd, 3)}.`,
    );
  if (folder === referenceFolder) yield* missingResponses(course, file, report);
  if (folder === blankFolder && report.reflection && !report.reflection.untouched)
    yield fault(
      `${inRubric(root, (line) => /^\s*intro:/.test(line))}: something in intro is read as a response before anybody has written one. Change it.`,
    );
}

/** Where and why a fixture's answers cannot be read, if that keeps the cells of a table from being as listed. */
function unreadPart(fixture: Fixture, report: Report): string | undefined {
  const isOdd = (table: string | undefined) => {
    const rows = report.rows.filter((row) => report.unreadable || row.table === table);
    return cellsNotAsListed(fixture, { ...report, rows }).length > 0;
  };
  const unread = problemsShown(report).find(({ problem }) => isOdd(problem.table));
  if (!unread) return undefined;
  const { location, reason } = unread.problem;
  const place = location ? locationText(location) : report.file;
  // The next step is for students.
  return `${fixture.folder}/${place}: ${interpolate({ ...reason, next: undefined })}`;
}

/** A name in a fixture.yaml that rubric.yaml does not have. */
interface Stray {
  readonly file: string;
  readonly name: string;
  /** The name that was probably meant, if any. */
  readonly meant: string | undefined;
}

function strayNames({ rubric }: Course, { file, right = [], responses = [], given = {} }: Fixture): Stray[] {
  const rows = rowsOf(rubric);
  const cells = rows.flatMap(({ id, cells }) => [id, ...cells.map((cell) => `${id}.${cell.id}`)]);
  const questions = rubric.reflection?.questions ?? [];
  const strayIn = (names: readonly string[], known: readonly string[]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({ file, name, meant: nearestName(name, known) }));
  return [
    ...strayIn(typeof right === 'string' ? [] : right, cells),
    ...strayIn(
      responses,
      questions.map(({ id }) => id),
    ),
    ...strayIn(Object.keys(given), Object.keys(rubric.given)),
  ];
}

/** The line of a fixture.yaml that has a name, apart from its description. */
function placeOfName(root: string, file: string, name: string): string {
  const word = new RegExp(`(?<![\\w.])${escapeRegExp(name)}(?![\\w.])`);
  return placeIn(root, file, (line) => !/^about:/.test(line) && word.test(line));
}

/** Reports it if the reference does not earn all points for its responses. Its cells are all listed as right. */
function* missingResponses({ root, rubric }: Course, file: string, { reflection }: Report): Generator<Found> {
  const wanted = rubric.reflection?.choose ?? 0;
  const count = reflection?.responses.filter(({ answered }) => answered).length ?? 0;
  if (count < wanted)
    yield fault(
      `${placeIn(root, file, (line) => /^reflection:/.test(line))}: ${counted(count, 'response')}, where ${wanted} count. Under reflection there, write enough of them to earn all points.`,
    );
}

/** The cells that are right but that a fixture does not list as right, or the other way round. */
function cellsNotAsListed({ right = 'none' }: Fixture, { rows }: Report): string[] {
  const isListed = (row: string, cell: string) =>
    right === 'all' || (right !== 'none' && [row, cell].some((name) => right.includes(name)));
  return rows.flatMap((row) =>
    row.cells.flatMap(({ id, outcome }) => {
      const name = `${row.id}.${id}`;
      const isRight = outcome === 'correct';
      const listed = isListed(row.id, name);
      if (isRight === listed) return [];
      return isRight
        ? `${name} is right, but is not listed under right`
        : `${name} is listed under right, but is ${outcome}`;
    }),
  );
}

/** Responses that are not as the fixture lists them; none if its file still asks older questions than rubric.yaml. */
function responsesNotAsListed({ root, rubric }: Course, fixture: Fixture, { reflection }: Report): string[] {
  const { folder, responses = [] } = fixture;
  const { questions = [], dispute = '' } = rubric.reflection ?? {};
  const knownHeadings = [...questions.map(({ label }) => label), dispute].map(wordingOf);
  const lines = listFiles(root, folder).flatMap((file) => readText(root, file).split(/\r?\n/));
  const headings = lines.filter((line) => line.startsWith('## ')).map(wordingOf);
  if (headings.length === 0 || !headings.every((heading) => knownHeadings.includes(heading))) return [];
  const answered = reflection?.responses.filter((response) => response.answered).map(({ id }) => id) ?? [];
  return questions.flatMap(({ id }) => {
    if (answered.includes(id) === responses.includes(id)) return [];
    return answered.includes(id)
      ? `${id} has a response, but is not listed under responses`
      : `${id} has no response, but is listed under responses`;
  });
}

export async function* release(course: Course, folder: string): AsyncGenerator<Found> {
  await makeRelease(course, folder);
  yield* leaks(course, folder).map(fault);
}

/**
 * The words of a text in lower case, with its numbers without separators: 1,024 and 1_024 become 1024. Each word has a
 * space on either side, so that only whole words match.
 */
function wordsOfAnswer(text: Answer): string {
  const joined = String(text)
    .toLowerCase()
    .replace(/(?<=\d)[,_](?=\d{3}(?!\d))/g, '');
  const words = joined.match(/\d+(?:\.\d+)?(?![\p{L}\p{N}])|[\p{L}\p{N}_]+/gu) ?? [];
  return words.map((word) => ` ${word} `).join('');
}

/** Whether a text contains a phrase or an answer as whole words. */
function tells(text: string, part: Answer): boolean {
  const words = wordsOfAnswer(part);
  return words !== '' && wordsOfAnswer(text).includes(words);
}

/**
 * Finds parts of the solution in a release: several words in a row, or the name of a row with its right answer. The
 * code that makes a release uses expected values only to seal them, so it is enough to search texts that a person wrote
 * for others to read.
 */
export function leaks(course: Course, release: string): string[] {
  const texts = new Map<string, string>();
  // Archives are skipped: their content is also beside them.
  for (const file of listFiles(release).filter((name) => !name.endsWith('.zip'))) {
    const whole = readText(release, file);
    if (whole.includes(warning)) return [`${file} is the grading page, with the answers. Remove it.`];
    const shown = whole.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>|<[^>]*>/g, ' ');
    texts.set(file.endsWith('.html') ? shown : whole, file);
  }
  const read = [...texts].map(([text, file]) => [file, wordsOfAnswer(text)] as const);
  const rows = rightRowTexts(course, release, read);
  // If numbers of the worksheet are equal by chance, the author has to change those, not a sentence that repeats them.
  const isByChance = rows.length > 0 && equalByChance(course) !== undefined;
  return [...samePhrases(course, read), ...(isByChance ? [] : rows)];
}

type Texts = readonly (readonly [file: string, words: string])[];

/** This many words in a row are no coincidence. */
const phraseLength = 8;

function phrasesIn(text: string): string[] {
  const words = wordsOfAnswer(text).trim().split(/ +/);
  return words.slice(phraseLength - 1).map((_, index) => words.slice(index, index + phraseLength).join(' '));
}

/** Finds runs of words that the release shares with the solution. */
function samePhrases({ root, solution }: Course, texts: Texts): string[] {
  // The meaning of a number gives away no answer.
  const open = new Set(solution.quantities.flatMap(({ phrase }) => phrasesIn(phrase)));
  const secret = new Map<string, string>();
  // Tests repeat the rest of the solution, the handout is there to be handed out, and submissions repeat the stub.
  const closed = /^(?!.*\.test\.ts$|solution\/(?:handout\.md$|reference\/|fixtures\/))/;
  for (const file of listFiles(root, 'solution').filter((name) => closed.test(name))) {
    // Imports look alike everywhere, and URLs are public.
    const own = readText(root, file).replace(/^import\b[^;]*;$|https?:\S+/gm, '');
    for (const phrase of phrasesIn(own)) if (!open.has(phrase)) secret.set(phrase, file);
  }
  return texts.flatMap(([file, words]) => {
    const phrase = phrasesIn(words).find((candidate) => secret.has(candidate));
    const source = secret.get(phrase ?? '');
    if (phrase === undefined || source === undefined) return [];
    return `${lastPlace(root, source, (text) => tells(text, phrase))}: ${file} says “${phrase}”, too. Reword it.`;
  });
}

/** The last line of a file from which the next 20 lines still contain what `isTold` looks for. */
function lastPlace(root: string, file: string, isTold: (text: string) => boolean): string {
  const lines = readText(root, file).split('\n');
  const index = lines.findLastIndex((_, begin) => isTold(lines.slice(begin, begin + 20).join('\n')));
  return `${file}:${Math.max(index, 0) + 1}`;
}

/** How many characters a row's values need in total for their place after its name to be no coincidence. */
const tellingLength = 3;
/** The most words allowed between the name of a row and the end of its values, as in a table or a sentence. */
const nearName = 12;
/** A few words between two values, as in `100 rows and 128 columns`. */
const between = '(?: \\S+ ){0,3}';

/** Finds the name of a row with all of its right values after it, in their order. */
function rightRowTexts({ rubric, solution }: Course, release: string, texts: Texts): string[] {
  // The grader and its packages contain nothing of a course, but much that looks like numbers beside a name. Another
  // check covers rubric.yaml and the stub, which contain labels.
  const read = texts.filter(([file]) => !/\.(?:js(?:on)?|ts|yaml)$/.test(file));
  return rowsOf(rubric).flatMap((row) => {
    // The rubric lists all options, right and wrong.
    const cells = row.cells.filter((cell) => !kindOf(cell).options);
    const values = cells.flatMap(({ id }) => expectedIn(solution, row.id, id)?.value ?? []);
    if (values.join('').length < tellingLength) return [];
    const wanted = new RegExp(
      values.map((value) => wordsOfAnswer(value).replaceAll('.', '\\.')).join(between),
    );
    const names = [row.id, row.label].map(wordsOfAnswer).filter(Boolean);
    const toldIn = (words: string) =>
      names
        .flatMap((name) => words.split(name).slice(1))
        .map((after) => wordsOfAnswer(after.trim().split(/ +/).slice(0, nearName).join(' ')))
        .find((after) => wanted.test(after));
    return read.flatMap(([file, words]) => {
      const told = toldIn(words);
      if (told === undefined) return [];
      const place = lastPlace(release, file, (text) => toldIn(wordsOfAnswer(text)) !== undefined);
      return `${place}: it says “${row.label} … ${told.trim().replace(/ +/g, ' ')}”, which is a right answer. Remove it.`;
    });
  });
}

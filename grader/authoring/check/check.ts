import { isDeepStrictEqual } from 'node:util';
import type { Configure, Context } from '../../command';
import { type Course, loadCourse } from '../../course/course';
import {
  blurred,
  countsAsRight,
  otherNames,
  type Sizes,
  sizesOf,
  statedAt,
  unfair,
} from '../../course/fair-sizes';
import { handoutTemplate, numbersByHand } from '../../course/handout';
import { hidesTheRight, optionsFor, rightIn } from '../../course/vote';
import { gradeFolder } from '../../grading/context';
import type { Report } from '../../grading/report.schema';
import { warning } from '../../grading-page/grading-page';
import { expectedIn, plainKey } from '../../key/judge';
import { rightAnswers } from '../../key/known-answers';
import { loadSolution } from '../../key/solution';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { GraderError } from '../../message';
import { colors, escapeTerminal, terminal } from '../../render/escape/terminal';
import { type CellName, holds } from '../../rubric/laws';
import { allRowsOf, rowName, rowsOf, wordingOf } from '../../rubric/rubric';
import { listFiles, readText, resolvePath } from '../../system/files';
import { joinNames } from '../../system/lists';
import { withTempDir } from '../../system/lock';
import { blankFolder, type Fixture, fixturesOf, generate, outdated } from '../generate/generate';
import { makeRelease } from '../release/contents';

/** Something that a check found: a failure with what to do, or something to know. */
interface Finding {
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
  ['Each fixture is right where its fixture.yaml says so', fixtures],
  ['The second table and the vote are fair', fairness],
  ['A release holds nothing of solution/', release],
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
    const findings = await findingsOf(() => {
      course ??= loadCourse(courseRoot);
      return find(course, folder);
    });
    const isFailed = findings.some(({ kind }) => kind === 'failed');
    // One fault may stop several checks.
    const news = findings.filter(({ text }) => !shownTexts.has(text));
    for (const { text } of news) shownTexts.add(text);
    if (news.some(({ kind }) => kind === 'failed')) failures++;
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

/** Collects the findings of a check; an error that says what to do is one too. */
export async function findingsOf(find: () => Findings): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    for await (const finding of find()) findings.push(finding);
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    findings.push(failed(error.message));
  }
  return findings;
}

/**
 * Notes a title or label that names what the worksheet is not about: a model, say, where `given` has another now; and
 * what the solution notes.
 */
export function* misnamed({ rubric, solution, atOtherSizes }: Course): Generator<Finding> {
  const labels = rubric.tables.flatMap(({ export: name, label = '', columns, rows }) =>
    [{ label }, ...columns, ...rows].map((part) => [part.label, atOtherSizes.get(name) ?? solution] as const),
  );
  for (const [text, solutionThere] of [[rubric.title, solution] as const, ...labels]) {
    const otherName = otherNames(solutionThere).find((name) => tells(text, name));
    if (otherName !== undefined)
      yield note(
        `rubric.yaml: “${text}” names ${otherName}, which given does not. Change the text, or given.`,
      );
  }
  const { notes } = solution.handoutFacts;
  if (Array.isArray(notes)) yield* notes.map((text) => note(String(text)));
}

export function* outOfDate(course: Course): Generator<Finding> {
  const { files, notes } = generate(course);
  const outdatedFiles = outdated(course.root, files);
  if (outdatedFiles.length > 0)
    yield failed(
      `${joinNames(outdatedFiles, 3)}: not what rubric.yaml and solution/ give. Run npm run generate.`,
    );
  for (const typedNumber of numbersByHand(readText(course.root, handoutTemplate)))
    yield failed(
      `${handoutTemplate}:${typedNumber} is typed by hand. Write the name of a fact, as in {{ name }}.`,
    );
  yield* notes.map(note);
}

export function* telling(course: Course): Generator<Finding> {
  const [worksheet, ...otherSizes] = sizesOf(course);
  yield* tellingTexts(course);
  yield* brokenLaws(course, [worksheet, ...otherSizes]);
  const blur = blurred(course, worksheet);
  if (blur !== undefined) {
    yield failed(`${inRubric(course.root, (line) => worksheet.line.test(line))}: ${blur}`);
    return;
  }
  // At the sizes of the worksheet alone, a fault is a coincidence.
  const elsewhere = otherSizes.filter(({ tables }) => tables === worksheet.tables).map(hintless);
  for (const text of hintless(worksheet))
    yield elsewhere.every((faults) => faults.includes(text))
      ? failed(`solution/: ${text} Change it or given, or remove it.`)
      : note(`${text} At other sizes it does.`);
}

/** Finds right answers in what students read before they have them right. */
function* tellingTexts({ root, rubric, solution }: Course): Generator<Finding> {
  for (const row of rowsOf(rubric)) {
    const labels = [
      row.heading ?? '',
      ...row.cells.flatMap(({ label, guidingQuestion = '' }) => [label, guidingQuestion]),
    ];
    const ideas = solution.misconceptions.filter((idea) => idea.row === row.id);
    const otherExplanations = Object.entries(solution.explanations).filter(([id]) => id !== row.id);
    const read = [...labels, ...ideas.map(({ text }) => text), ...otherExplanations.map(([, text]) => text)];
    for (const { id, label } of row.cells.filter((cell) => !kindOf(cell).options)) {
      const right = expectedIn(solution, row.id, id);
      // A single digit may be in any text, and a text is searched without its signs.
      const answers = (right ? rightAnswers(right) : []).filter(
        (answer) => !(Number(answer) < 0 || /^\d$/.test(String(answer))),
      );
      const isTold = (text: string) => answers.some((answer) => tells(text, answer));
      const told = read.find(isTold);
      if (!told) continue;
      // The label of a cell is made of two.
      const isWritten = (line: string) => isTold(line) && told.split(' · ').some((part) => tells(line, part));
      const place = labels.includes(told) ? inRubric(root, isWritten) : 'solution/';
      yield failed(`${place}: “${told}” tells what is right for ${label}. Reword it.`);
    }
  }
}

/** `rubric.yaml:12`, the first line that is the one; without a line if it is written in another way. */
function inRubric(root: string, isIt: (line: string) => boolean): string {
  const line = readText(root, 'rubric.yaml').split('\n').findIndex(isIt) + 1;
  return line > 0 ? `rubric.yaml:${line}` : 'rubric.yaml';
}

function* brokenLaws({ root, rubric }: Course, allSizes: readonly Sizes[]): Generator<Finding> {
  for (const { law, equations } of rubric.laws)
    for (const { name, solution } of allSizes) {
      const numberIn = ({ row, column }: CellName) => Number(expectedIn(solution, row, column)?.value);
      if (equations.some((equation) => holds(equation, numberIn) === false))
        yield failed(
          `${inRubric(root, (line) => line.includes(law))}: the law ${law} does not hold in ${name}. Correct it, or remove it.`,
        );
    }
}

/** Finds known wrong answers that are right, and those that another keeps from giving their hint. */
function hintless({ tables, solution }: Sizes): string[] {
  const { misconceptions } = solution;
  return misconceptions.flatMap((idea) => {
    const { id, row, values } = idea;
    const columns = Object.keys(values);
    const asked = allRowsOf({ tables }).find(({ id: name }) => name === row);
    const isOfCell = columns.length < (asked?.cells.length ?? 0);
    const inSameRow = misconceptions.filter((other) => isOfCell && other.row === row && other.id !== id);
    // A hint for the whole row is shown in place of one for a cell.
    const alone = asked && { ...rightIn(solution, asked), ...values };
    const hiding = inSameRow.find((other) => isDeepStrictEqual(other.values, alone));
    const twin = inSameRow.find((other) => isDeepStrictEqual(other.values, values));
    const isRight = countsAsRight({ tables, solution }, idea);
    const reasons = [
      isRight && 'counts as right',
      twin && `has the value of ${twin.id}`,
      hiding && `is hidden by ${hiding.id} where the rest of the row is right`,
    ];
    const [why] = reasons.filter(Boolean);
    return why
      ? `The misconception ${id} of row ${row} (${columns.join(', ')}) ${why}, so it gives no hint.`
      : [];
  });
}

export async function* fixtures(course: Course): AsyncGenerator<Finding> {
  const { root, rubric } = course;
  // Those are told by the check of generated files.
  const outdatedFiles = outdated(root, generate(course).files);
  for (const fixture of fixturesOf(course)) {
    const { folder, file, given } = fixture;
    if (outdatedFiles.some((file) => file.startsWith(`${folder}/`))) continue;
    const names = given && [given, rubric.given].map((values) => Object.keys(values).sort().join(', '));
    if (names && names[0] !== names[1]) {
      yield failed(`${file} states ${names[0]}; rubric.yaml has ${names[1]}. Write the same names there.`);
      continue;
    }
    const where = `${file}: At the sizes under given there: `;
    const solution = given && loadSolution(root, { ...rubric, given }, false, where);
    const key = solution ? plainKey(rubric, solution) : course.key;
    const report = await gradeFolder(resolvePath(root, folder), rubric, key);
    const odd = [...cellsNotAsListed(fixture, report), ...responsesNotAsListed(course, fixture, report)];
    if (odd.length > 0)
      yield failed(
        `${file}: ${joinNames(odd, 3)}. Correct its files, what it says, or the sizes under given there.`,
      );
    if (folder === blankFolder && report.reflection && !report.reflection.untouched)
      yield failed('rubric.yaml: something in intro is read as a response before anybody wrote. Change it.');
  }
}

/** The cells that are right and not listed so by a fixture, or the other way round. */
function cellsNotAsListed({ right = 'none' }: Fixture, { rows }: Report): string[] {
  const isListed = (row: string, cell: string) =>
    right === 'all' || (right !== 'none' && [row, cell].some((name) => right.includes(name)));
  return rows.flatMap((row) =>
    row.cells.flatMap(({ id, outcome, possible }) => {
      const name = `${row.id}.${id}`;
      const isRight = outcome === 'correct';
      const listed = isListed(row.id, name);
      // A table without points counts where a fixture names it.
      if (isRight === listed || (possible === 0 && (right === 'all' || !listed))) return [];
      return isRight ? `${name} is right, and not under right` : `${name} is under right, and ${outcome}`;
    }),
  );
}

/** Responses not as a fixture lists them, if its file asks what rubric.yaml asks now; else it is older. */
function responsesNotAsListed({ root, rubric }: Course, fixture: Fixture, { reflection }: Report): string[] {
  const { folder, responses = [] } = fixture;
  const { questions = [], dispute = '' } = rubric.reflection ?? {};
  const isOlder = responses.some((name) => !questions.some(({ id }) => id === name));
  const knownHeadings = [...questions.map(({ label }) => label), dispute].map(wordingOf);
  const lines = listFiles(root, folder).flatMap((file) => readText(root, file).split(/\r?\n/));
  const headings = lines.filter((line) => line.startsWith('## ')).map(wordingOf);
  if (isOlder || headings.length === 0 || !headings.every((heading) => knownHeadings.includes(heading)))
    return [];
  const answered = reflection?.responses.filter((response) => response.answered).map(({ id }) => id) ?? [];
  return questions.flatMap(({ id }) => {
    if (answered.includes(id) === responses.includes(id)) return [];
    return answered.includes(id)
      ? `${id} has a response, and is not under responses`
      : `${id} has no response, and is under responses`;
  });
}

export function* fairness(course: Course): Generator<Finding> {
  const [worksheet, ...otherSizes] = sizesOf(course);
  const voteSizes = course.file.vote && otherSizes.at(-1);
  for (const [index, sizes] of otherSizes.entries()) {
    const compared = otherSizes.filter((other) => other !== sizes);
    const { faults, fair } = unfair(course, sizes, [worksheet, ...compared]);
    const place = inRubric(course.root, (line) => sizes.line.test(line));
    if (faults.length > 0) yield failed(`${place}: ${faults.join('\n')}`);
    // The next proposal has to be fair beside this one.
    if (fair) otherSizes[index] = fair;
  }
  if (voteSizes) yield* voteFindings(course, voteSizes);
}

/** Finds rows about which a vote would tell what is right, whatever known wrong answer the class gives. */
function* voteFindings(course: Course, sizes: Sizes): Generator<Finding> {
  const { root, rubric, solution } = course;
  const vote = statedAt(course, sizes);
  const place = inRubric(root, (line) => sizes.line.test(line));
  const rows = rowsOf(rubric).filter((row) => optionsFor(course, vote, row, []));
  if (rows.length === 0)
    yield note(`${place}: no row has four different answers at these sizes, so there is no vote.`);
  for (const row of rows)
    for (const { id, values } of solution.misconceptions.filter((idea) => idea.row === row.id)) {
      const options = optionsFor(course, vote, row, [
        { row, values: { ...rightIn(solution, row), ...values } },
      ]);
      if (!options || !hidesTheRight(row, options))
        yield failed(
          `${place}: a vote about ${row.label} would tell what is right where the class shows ${id}. Choose other sizes.`,
        );
    }
}

export async function* release(course: Course, folder: string): AsyncGenerator<Finding> {
  await makeRelease(course, folder);
  yield* leaks(course, folder).map(failed);
}

/**
 * The words of a text in lower case, and its numbers without separators: 1,024 and 1_024 as 1024. Each has a space on
 * either side, so that only whole words are found in them.
 */
function wordsOfAnswer(text: Answer): string {
  const joined = String(text)
    .toLowerCase()
    .replace(/(?<=\d)[,_](?=\d{3}(?!\d))/g, '');
  const words = joined.match(/\d+(?:\.\d+)?(?![\p{L}\p{N}])|[\p{L}\p{N}_]+/gu) ?? [];
  return words.map((word) => ` ${word} `).join('');
}

/** Whether a text contains some words, one after the other. */
function tells(text: string, part: Answer): boolean {
  const words = wordsOfAnswer(part);
  return words !== '' && wordsOfAnswer(text).includes(words);
}

/**
 * Finds parts of the solution in a release: several words together, or the name of a row with its right answer. No code that
 * makes a release is given an expected value but for sealing it, so answers are looked for where a person wrote what
 * another person reads.
 */
export function leaks(course: Course, release: string): string[] {
  const texts = new Map<string, string>();
  // The content of archives is also beside them.
  for (const file of listFiles(release).filter((name) => !name.endsWith('.zip'))) {
    const whole = readText(release, file);
    if (whole.includes(warning)) return [`${file} is the grading page, with the answers. Remove it.`];
    const shown = whole.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>|<[^>]*>/g, ' ');
    texts.set(file.endsWith('.html') ? shown : whole, file);
  }
  const read = [...texts].map(([text, file]) => [file, wordsOfAnswer(text)] as const);
  return [...samePhrases(course, read), ...rightRowTexts(course, read)];
}

type Texts = readonly (readonly [file: string, words: string])[];

/** The number of words together that is no coincidence. */
const phraseLength = 8;

function phrasesIn(text: string): string[] {
  const words = wordsOfAnswer(text).trim().split(/ +/);
  return words.slice(phraseLength - 1).map((_, index) => words.slice(index, index + phraseLength).join(' '));
}

/** Finds words together that the release shares with the solution. */
function samePhrases({ root, solution }: Course, texts: Texts): string[] {
  // The meaning of a number reveals no answer.
  const open = new Set(solution.quantities.flatMap(({ phrase }) => phrasesIn(phrase)));
  const secret = new Map<string, string>();
  // Tests repeat the rest of the solution, the handout is meant to be handed out, and submissions repeat the stub.
  const closed = /^(?!.*\.test\.ts$|solution\/(?:handout\.md$|reference\/|fixtures\/))/;
  for (const file of listFiles(root, 'solution').filter((name) => closed.test(name))) {
    // Imports are alike everywhere, and addresses are public.
    const own = readText(root, file).replace(/^import\b[^;]*;$|https?:\S+/gm, '');
    for (const phrase of phrasesIn(own)) if (!open.has(phrase)) secret.set(phrase, file);
  }
  return texts.flatMap(([file, words]) => {
    const phrase = phrasesIn(words).find((candidate) => secret.has(candidate));
    return phrase === undefined ? [] : `${file} says “${phrase}”, as ${secret.get(phrase)} does. Reword it.`;
  });
}

/** The characters that a row's values need together so that they are no coincidence beside its name. */
const tellingLength = 3;
/** The most words between the name of a row and the end of its values, as in a table or a sentence. */
const nearName = 12;
/** A few words between two values, as in `100 rows and 128 columns`. */
const between = '(?: \\S+ ){0,3}';

/** Finds the name of a row with all of its right values after it, in their order. */
function rightRowTexts({ rubric, solution }: Course, texts: Texts): string[] {
  // The grader and its packages hold no course, and much that looks like numbers beside a name. rubric.yaml and the
  // stub hold labels, which another check reads, and the sizes that a table states, which may be what is right there.
  const read = texts.filter(([file]) => !/\.(?:js(?:on)?|ts|yaml)$/.test(file));
  return allRowsOf(rubric).flatMap((row) => {
    // The rubric lists all options, the right one and the others.
    const cells = row.cells.filter((cell) => !kindOf(cell).options);
    const values = cells.flatMap(({ id }) => expectedIn(solution, row.id, id)?.value ?? []);
    if (values.join('').length < tellingLength) return [];
    const wanted = new RegExp(
      values.map((value) => wordsOfAnswer(value).replaceAll('.', '\\.')).join(between),
    );
    const names = [rowName(row), row.label].map(wordsOfAnswer).filter(Boolean);
    return read.flatMap(([file, words]) => {
      const wordsAfter = names
        .flatMap((name) => words.split(name).slice(1))
        .map((after) => wordsOfAnswer(after.trim().split(/ +/).slice(0, nearName).join(' ')))
        .find((after) => wanted.test(after));
      if (wordsAfter === undefined) return [];
      return `${file} says “${row.label} … ${wordsAfter.trim().replace(/ +/g, ' ')}”, which is right there. Remove it.`;
    });
  });
}

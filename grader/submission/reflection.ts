import { distance } from 'fastest-levenshtein';
import { asUntrusted, type Location, type Message, message, type Untrusted } from '../message';
import { linesAbove, type Rubric } from '../rubric/rubric';
import { isVisible, repeatsOneWord, wordingOf } from '../rubric/wording';
import { readLines, type TextLine } from './markdown';

type ReflectionRubric = NonNullable<Rubric['reflection']>;

export interface Response {
  readonly text: Untrusted;
  readonly location: Location;
  /** For the instructor: it looks like filler. Costs nothing. */
  readonly warning?: Message;
}

/** What was read of the reflection's text: responses by question id, of the questions that have one. */
export interface Reflection {
  readonly responses: ReadonlyMap<string, Response>;
  /** What stands under no question and counts as responses all the same. */
  readonly unsorted: readonly Response[];
  /** What to know of responses that count. */
  readonly remark?: Message;
  /** What the student thinks is right and is marked wrong; it earns nothing. */
  readonly dispute?: Response;
  /** Why there are fewer responses than asked for. */
  readonly reason?: Message;
  /** It is there, and as it was handed out. */
  readonly isUntouched?: true;
}

/** What a reflection's file holds as it was written, with its marks of lists and the like. */
export interface ReflectionSources {
  /** By question, of those that have something. */
  readonly responses: ReadonlyMap<string, string>;
  readonly dispute?: string;
  /** Lines above the questions that are none of the template's, counted from 1. */
  readonly elsewhere: readonly number[];
}

/** The text under each question of an exit ticket, as it was written. */
export function reflectionSources(source: string, rubric: ReflectionRubric): ReflectionSources {
  const lines = wordedLines(source);
  const find = questionFinder(lines, rubric);
  const written = source.split(/\r\n|\r|\n/);
  const placeholder = wordingOf(rubric.placeholder ?? '') || undefined;
  const isTemplate = ({ kind, wording }: WordedLine) =>
    kind === 'comment' && [placeholder, wordingOf(usualPlaceholder)].includes(wording);
  const empty = new Set(lines.filter(isTemplate).map(({ line }) => line));
  const marks = lines.flatMap((line) => {
    const found = find(line);
    return found ? [{ ...found, line: line.line, isHeading: line.kind === 'heading' }] : [];
  });
  const texts = new Map<string, string[]>();
  for (const [index, { id, rest, line, isHeading }] of marks.entries()) {
    const end = marks[index + 1]?.line ?? written.length + 1;
    // The line below a heading may be what makes it one.
    const isUnderlined = isHeading && !/^\s*(?:#|<)/.test(written[line - 1] ?? '');
    const first = line + (isUnderlined ? 2 : 1);
    const own = written.slice(first - 1, end - 1).filter((_, at) => !empty.has(first + at));
    texts.set(id, [...(texts.get(id) ?? []), ...(rest === '' ? [] : [rest]), ...own]);
  }
  const said = [...texts].flatMap(([id, text]) => {
    const first = text.findIndex((line) => line.trim() !== '');
    const trimmed = text.slice(Math.max(0, first)).join('\n').trimEnd();
    return trimmed === '' ? [] : [[id, trimmed] as const];
  });
  const responses = new Map(said);
  const dispute = responses.get(disputeId);
  responses.delete(disputeId);
  const { above } = sectionsOf(lines, rubric);
  const isTitle = ({ kind, level }: TextLine) => kind === 'heading' && level === 1;
  return {
    responses,
    ...(dispute !== undefined && { dispute }),
    elsewhere: above.lines.filter((line) => !isTitle(line) && isVisible(line.text)).map(({ line }) => line),
  };
}

/** How many responses there are, under a question or not. */
export function responseCount({ responses, unsorted }: Reflection): number {
  return responses.size + unsorted.length;
}

/** What was found under one question. */
interface Section {
  readonly lines: TextLine[];
  /** Text of the student's that stands inside a comment, where nobody sees it. */
  hidden?: TextLine;
}

/**
 * Reads the exit ticket: a response is text under its question that is neither the template, a
 * comment nor the question itself. What it says does not matter, nor in which language. What is under
 * no question counts as well, as far as responses are missing: nobody loses points for a heading.
 */
export function readReflection(source: string, rubric: ReflectionRubric): Reflection {
  const lines = wordedLines(source);
  const { sections, above } = sectionsOf(lines, rubric);
  const responses = new Map<string, Response>();
  for (const { id } of rubric.questions) {
    const response = responseOf(sections.get(id)?.lines ?? [], rubric);
    if (response) responses.set(id, response);
  }
  const dispute = responseOf(sections.get(disputeId)?.lines ?? [], rubric);
  const missing = rubric.choose - responses.size;
  const unsorted = missing > 0 ? unsortedResponses(above, sections.size > 0, missing, rubric) : [];
  const count = responses.size + unsorted.length;
  const shortfall = shortfallOf(rubric, sections, count);
  return {
    responses,
    unsorted,
    ...(unsorted.length > 0 && { remark: remarkOn(unsorted) }),
    ...(dispute && { dispute }),
    // Whoever disputes a mark has not left the file as it was.
    ...(dispute && shortfall.reason ? { reason: shortfall.reason } : shortfall),
  };
}

/** What a template has under each question, where the rubric does not say. */
export const usualPlaceholder = 'Write your response here.';

function wordedLines(source: string): WordedLine[] {
  return readLines(source).map((line) => ({
    ...line,
    wording: line.text === '' ? '' : wordingOf(line.text),
  }));
}

/** The section for disputes, among those of questions; no question can be called so. */
const disputeId = '(dispute)';

/** The reflection of a file that could not be read. */
export function unreadReflection(reason: Message): Reflection {
  return { responses: new Map(), unsorted: [], reason };
}

function sectionsOf(
  lines: readonly WordedLine[],
  rubric: ReflectionRubric,
): { sections: Map<string, Section>; above: Section } {
  const find = questionFinder(lines, rubric);
  const intro = introOf(lines, rubric);
  const placeholder = wordingOf(rubric.placeholder ?? '') || undefined;
  const sections = new Map<string, Section>();
  const above: Section = { lines: [] };
  let section = above;
  for (const line of lines) {
    const found = find(line);
    if (found) {
      section = sections.get(found.id) ?? { lines: [] };
      sections.set(found.id, section);
    }
    const text = found ? found.rest : line.text;
    const wording = found ? wordingOf(text) : line.wording;
    if (text.trim() === '' || intro.has(line.block) || wording === placeholder) continue;
    if (line.kind === 'comment') section.hidden ??= line;
    else section.lines.push({ ...line, text });
  }
  return { sections, above };
}

function responseOf(lines: readonly TextLine[], rubric: ReflectionRubric): Response | undefined {
  const text = lines
    .map((line) => line.text)
    .join('\n')
    .trim();
  if (!lines[0] || !isVisible(text)) return undefined;
  const location = { file: rubric.file, line: lines[0].line, column: 1 };
  const warning = fillerWarning(text);
  return { text: asUntrusted(text), location, ...(warning && { warning }) };
}

/**
 * What stands under no question, as that many responses at most: a paragraph or an item of a list each,
 * a heading with what is below it.
 *
 * @param isAbove whether there are questions further down.
 */
function unsortedResponses(
  { lines }: Section,
  isAbove: boolean,
  most: number,
  rubric: ReflectionRubric,
): Response[] {
  // Without knowing what the template says there, nobody can tell it from a response.
  if (isAbove && rubric.intro === undefined) return [];
  const blocks: TextLine[][] = [];
  for (const block of blocksOf(lines)) {
    const [first] = block;
    const text = block.map((line) => line.text).join(' ');
    if (!isVisible(text)) continue;
    // A title above the questions is one, also where it was changed.
    const isTitle = first?.kind === 'heading' && first.level === 1;
    if (isTitle && (isAbove || rubric.intro === undefined)) continue;
    const before = blocks.at(-1);
    // The text below a heading goes with it.
    const isBelow = before?.at(-1)?.kind === 'heading' && first?.kind !== 'heading';
    if (before && (isBelow || blocks.length === most)) before.push(...block);
    else blocks.push(block);
  }
  return blocks.flatMap((block) => responseOf(block, rubric) ?? []);
}

function blocksOf<Line extends TextLine>(lines: readonly Line[]): Line[][] {
  const blocks = new Map<number, Line[]>();
  for (const line of lines) {
    const block = blocks.get(line.block);
    if (block) block.push(line);
    else blocks.set(line.block, [line]);
  }
  return [...blocks.values()];
}

/** The blocks that say what the template says above its questions, perhaps with a slip of the pen. */
function introOf(lines: readonly WordedLine[], rubric: ReflectionRubric): ReadonlySet<number> {
  const known = linesAbove(rubric).map(wordingOf).filter(Boolean);
  const found = new Set<number>();
  if (known.length === 0) return found;
  for (const block of blocksOf(lines)) {
    const [first] = block;
    if (!first || block.some(({ kind }) => kind === 'comment')) continue;
    const wording = block.length === 1 ? first.wording : wordingOf(block.map(({ text }) => text).join(' '));
    if (known.some((text) => isNearly(wording, text))) found.add(first.block);
  }
  return found;
}

function isNearly(one: string, other: string): boolean {
  const most = Math.max(one.length, other.length) / 5;
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

function remarkOn(unsorted: readonly Response[]): Message {
  const places = unsorted.map(({ location }) => `line ${location.line}`).join(' and ');
  const [is, counts] =
    unsorted.length === 1 ? ['is', 'It counts as a response'] : ['are', 'They count as responses'];
  return message(
    'reflection/unsorted',
    `The text${unsorted.length === 1 ? '' : 's'} in ${places} ${is} under none of the questions. ${counts}; to say what is answered, put the text under the heading of a question.`,
  );
}

function fillerWarning(text: string): Message | undefined {
  const known = /\blorem ipsum\b|\basdf|\bqwert/i.test(text);
  return known || repeatsOneWord(text)
    ? message('reflection/filler', 'This looks like filler; it counts all the same.')
    : undefined;
}

/** Why there are fewer responses than asked for, if there are. */
function shortfallOf(
  rubric: ReflectionRubric,
  sections: ReadonlyMap<string, Section>,
  found: number,
): Pick<Reflection, 'reason' | 'isUntouched'> {
  const missing = rubric.choose - found;
  if (missing <= 0) return {};
  for (const { hidden, lines } of sections.values()) {
    if (hidden && !isVisible(lines.map(({ text }) => text).join(''))) {
      return {
        reason: message(
          'reflection/hidden',
          `What you wrote in line ${hidden.line} is between <!-- and -->, which hides it. Write it outside these marks.`,
        ),
      };
    }
  }
  if (found === 0 && sections.size === 0) {
    return {
      reason: message(
        'reflection/no-questions',
        'The headings with the questions are gone, and nothing is written. Put them back, and write your text below them.',
      ),
    };
  }
  if (found === 0) {
    return {
      reason: message(
        'reflection/untouched',
        `Nothing is written under the questions yet. ${rubric.choose === 1 ? 'Pick one and react to it.' : `Pick ${rubric.choose} and react to them.`}`,
      ),
      isUntouched: true,
    };
  }
  if (sections.size === 0) {
    return {
      reason: message(
        'reflection/too-few',
        `So far ${found} of ${rubric.choose} responses. Write another paragraph; the questions, whose headings are gone, are in the handout.`,
      ),
    };
  }
  const more = missing === 1 ? 'one more question' : `${missing} more questions`;
  return {
    reason: message('reflection/too-few', `So far ${found} of ${rubric.choose} responses. Pick ${more}.`),
  };
}

/** More headings than any reflection has; the rest are text. */
const mostHeadings = 200;
/** How many letters in a hundred may differ in what is nearly a whole question. */
const nearly = 25;

/** A line with what it says, apart from how it is written: see `wordingOf`. */
interface WordedLine extends TextLine {
  readonly wording: string;
}

/** The question that a line puts, and what stands after it on the same line. */
interface FoundQuestion {
  readonly id: string;
  readonly rest: string;
}

/**
 * Tells which lines put a question. A heading of the template's level does, if it says nearly the whole
 * question or is plainly its number; and a line that says the question to the letter. Every other
 * heading is the student's own.
 *
 * @param lines all lines of the file, which tell at what level its questions are.
 */
function questionFinder(
  lines: readonly WordedLine[],
  rubric: ReflectionRubric,
): (line: WordedLine) => FoundQuestion | undefined {
  const { dispute } = rubric;
  const asked = rubric.questions.map(({ id, label }) => ({ id, wording: wordingOf(label) }));
  const questions = [
    ...asked,
    ...(dispute === undefined ? [] : [{ id: disputeId, wording: wordingOf(dispute) }]),
  ];
  const headings = lines.filter(({ kind }) => kind === 'heading').slice(0, mostHeadings);
  const known = new Map(headings.map((line) => [line, find(line, questions, asked.length)]));
  const byWording = headings.filter((line) => known.get(line)?.how === 'wording');
  // A number alone tells only the questions that no heading says in words: “Lecture 2” may be an answer.
  const said = new Set(byWording.map((line) => known.get(line)?.id));
  for (const [line, found] of known) if (found?.how === 'number' && said.has(found.id)) known.delete(line);
  const level = commonLevel(byWording.length > 0 ? byWording : headings.filter((line) => known.get(line)));
  const inOrder = byWording.length > 0 ? undefined : translated(headings, level, rubric, known);
  return (line) => {
    if (line.kind === 'comment' || line.kind === 'code' || line.text === '') return undefined;
    const found =
      line.kind === 'heading' && line.level === level ? (known.get(line) ?? inOrder?.get(line)) : undefined;
    if (found) return { id: found.id, rest: found.rest };
    const same = questions.find(({ wording }) => wording === line.wording);
    return same && { id: same.id, rest: '' };
  };
}

interface Found extends FoundQuestion {
  readonly how: 'wording' | 'number' | 'order';
}

/**
 * The question that a heading puts, whatever its level.
 *
 * @param numbered how many of the questions have a number in the template.
 */
function find(
  { text, wording }: WordedLine,
  questions: readonly { id: string; wording: string }[],
  numbered: number,
): Found | undefined {
  const [begun] = questions
    .filter((question) => wording.startsWith(question.wording))
    .sort((a, b) => b.wording.length - a.wording.length);
  if (begun) {
    const rest = begun.wording === wording ? '' : afterWording(text, begun.wording);
    return { id: begun.id, rest, how: 'wording' };
  }
  const [best, second] = questions
    .map((question) => ({ id: question.id, off: differs(wording, question.wording) }))
    .sort((a, b) => a.off - b.off);
  if (best && best.off <= nearly && best.off !== second?.off)
    return { id: best.id, rest: '', how: 'wording' };
  const number = numberOf(text);
  const id = number === undefined || number > numbered ? undefined : questions[number - 1]?.id;
  return id === undefined ? undefined : { id, rest: '', how: 'number' };
}

/** How many letters in a hundred differ. */
function differs(one: string, other: string): number {
  return (100 * distance(one, other)) / Math.max(one.length, other.length, 1);
}

/** `2.`, `(2)`, `Question 2`, `Q2:`, `第2题`, `2. a translation`, `II.`; in the digits of any script. */
function numberOf(text: string): number | undefined {
  const plain = text.slice(0, mostOfNumber).normalize('NFKC').trim();
  const [, digits] =
    /^[\p{P}\s]*(?:\p{L}{1,20}[\s.]*)?(\p{Nd}{1,2})\s*(?:[\p{Script=Han}\p{Script=Hangul}]{1,2}|[\p{P}].*|)$/u.exec(
      plain,
    ) ?? [];
  if (digits !== undefined) return Number([...digits].map(digitOf).join(''));
  const [, roman] = /^[\p{P}\s]*([IVX]{1,5})\s*\p{P}?$/u.exec(plain) ?? [];
  const index = roman === undefined ? -1 : romans.indexOf(roman);
  return index < 0 ? undefined : index + 1;
}

/** A number stands at the start of its heading. */
const mostOfNumber = 100;

const romans = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X'];

/** The value of a decimal digit of any script: they come in runs of ten. */
function digitOf(digit: string): number {
  const point = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(point - value - 1))) value++;
  return value;
}

function commonLevel(headings: readonly TextLine[]): number {
  const counts = new Map<number, number>();
  for (const { level = 0 } of headings) counts.set(level, (counts.get(level) ?? 0) + 1);
  const [best] = [...counts].sort(([a, many], [b, few]) => few - many || a - b);
  return best?.[0] ?? usualLevel;
}

/** `## 1. A question` */
const usualLevel = 2;

/** Where no heading says a question of the template, and there are just as many, they are its translation. */
function translated(
  headings: readonly WordedLine[],
  level: number,
  { questions, dispute }: ReflectionRubric,
  known: ReadonlyMap<TextLine, Found | undefined>,
): ReadonlyMap<TextLine, Found> | undefined {
  const own = headings.filter((line) => line.level === level);
  const ids = [...questions.map(({ id }) => id), ...(dispute === undefined ? [] : [disputeId])];
  if (own.length !== ids.length || own.some((line) => known.get(line))) return undefined;
  return new Map(own.map((line, index) => [line, { id: ids[index] ?? '', rest: '', how: 'order' }]));
}

/** What is left of a line once its question, and the marks after it, are taken away. */
function afterWording(text: string, wording: string): string {
  let end = 0;
  for (const character of text) {
    if (wordingOf(text.slice(0, end)).length >= wording.length) break;
    end += character.length;
  }
  return text.slice(end).replace(/^[\s\p{P}]+/u, '');
}

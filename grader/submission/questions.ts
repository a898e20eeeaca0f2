import { distance } from 'fastest-levenshtein';
import type { Rubric } from '../rubric/rubric';
import { wordingOf } from '../rubric/wording';
import type { TextLine } from './markdown';

/** More headings than any reflection has; the rest are text. */
const mostHeadings = 200;
/** How many letters in a hundred may differ in what is nearly a whole question. */
const nearly = 25;

type ReflectionRubric = NonNullable<Rubric['reflection']>;

/** A line with what it says, apart from how it is written: see `wordingOf`. */
export interface WordedLine extends TextLine {
  readonly wording: string;
}

/** The question that a line puts, and what stands after it on the same line. */
export interface FoundQuestion {
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
export function questionFinder(
  lines: readonly WordedLine[],
  rubric: ReflectionRubric,
): (line: WordedLine) => FoundQuestion | undefined {
  const questions = rubric.questions.map(({ id, label }) => ({ id, wording: wordingOf(label) }));
  const headings = lines.filter(({ kind }) => kind === 'heading').slice(0, mostHeadings);
  const known = new Map(headings.map((line) => [line, find(line, questions)]));
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

/** The question that a heading puts, whatever its level. */
function find(
  { text, wording }: WordedLine,
  questions: readonly { id: string; wording: string }[],
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
  const id = number === undefined ? undefined : questions[number - 1]?.id;
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
  { questions }: ReflectionRubric,
  known: ReadonlyMap<TextLine, Found | undefined>,
): ReadonlyMap<TextLine, Found> | undefined {
  const own = headings.filter((line) => line.level === level);
  if (own.length !== questions.length || own.some((line) => known.get(line))) return undefined;
  return new Map(
    own.map((line, index) => [line, { id: questions[index]?.id ?? '', rest: '', how: 'order' }]),
  );
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

import { distance } from 'fastest-levenshtein';
import { asUntrusted, type Location, type Message, message, type Untrusted } from '../message';
import { linesAbove, type Rubric } from '../rubric/rubric';
import { isVisible, repeatsOneWord, wordingOf, wordsOf } from '../rubric/wording';
import { isTableRule, readLines, type TextLine } from './markdown';
import { isName, isSignature } from './signature';

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
  const { find } = questionFinder(lines, rubric);
  const written = source.split(/\r\n|\r|\n/);
  const empty = placeholdersOf(rubric);
  const isEmpty = (line: string) => /^\s*<!--.*-->\s*$/.test(line) && empty.includes(wordingOf(line));
  const marks = lines.flatMap((line) => {
    const found = find(line);
    return found ? [{ ...found, line: line.line, isHeading: line.kind === 'heading' }] : [];
  });
  const texts = new Map<string, string[]>();
  for (const [index, { id, rest, line, isHeading }] of marks.entries()) {
    const end = marks[index + 1]?.line ?? written.length + 1;
    // The line below a heading may be what makes it one.
    const isUnderlined = isHeading && !/^\s*(?:#|<)/.test(written[line - 1] ?? '');
    const own = written.slice(isUnderlined ? line + 1 : line, end - 1).filter((text) => !isEmpty(text));
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
  const elsewhere = above.filter((line) => !isTitle(line) && isVisible(line.text));
  return {
    responses,
    ...(dispute !== undefined && { dispute }),
    elsewhere: elsewhere.map(({ line }) => line),
  };
}

/** How many responses there are, under a question or not. */
export function responseCount({ responses, unsorted }: Reflection): number {
  return responses.size + unsorted.length;
}

/**
 * Reads the exit ticket: a response is what the student wrote under a question, in whatever language and
 * whatever it says. What the template says is none, nor is a name or a date. As far as responses are missing,
 * what stands under no question counts as well, and what may be a second response under one: nobody loses
 * points for a heading.
 */
export function readReflection(source: string, rubric: ReflectionRubric): Reflection {
  const { above, sections, open } = sectionsOf(wordedLines(source), rubric);
  const asked = rubric.questions.map(({ id, label }) => ({ id, words: new Set(plainWords(label)) }));
  // The headings of a table are none of its cells.
  const isResponse = (lines: readonly TextLine[]) =>
    lines.some(({ text }, index) => isOwn(text, asked) && !isTableRule(lines[index + 1]?.text ?? ''));
  const answered = rubric.questions.flatMap(({ id }) => {
    const lines = sections.get(id) ?? [];
    return isResponse(lines) ? [{ id, lines }] : [];
  });
  const disputed = sections.get(disputeId) ?? [];
  const missing = Math.max(0, rubric.choose - answered.length);
  const pieces = (lines: Piece, isApart: boolean, id?: string): Piece[] =>
    missing > 0 ? piecesOf(lines, asked, isApart, id).filter(isResponse) : [lines];
  const isOpen = (id: string) => answered.length < 2 && sections.size > 1 && open.has(id);
  const inOrder = answered.map(({ id, lines }) => ({ id, pieces: pieces(lines, isOpen(id), id) }));
  // Who disputes a mark names a number; several paragraphs without one may be responses below everything.
  const isBelow =
    answered.length === 0 && !disputed.some(({ text }) => /\p{Nd}/u.test(text.replace(itsNumber, '')));
  const below = isBelow ? pieces(disputed, true) : [];
  const further = [
    ...pieces(aboveQuestions(above, sections.size > 0, rubric), true),
    ...inOrder.flatMap(({ pieces: [, ...others] }) => others),
    ...(below.length > 1 || disputed.some((line) => namedIn(namingWords(line), asked)) ? below : []),
  ];
  const responses = inOrder.map(({ id, pieces: [lines = []] }) => [id, responseOf(lines, rubric)] as const);
  const unsorted = atMost(missing, further).map((lines) => responseOf(lines, rubric));
  const shortfall = shortfallOf(rubric, sections.size > 0, responses.length + unsorted.length);
  const dispute = isResponse(disputed) ? responseOf(disputed, rubric) : undefined;
  return {
    responses: new Map(responses),
    unsorted,
    ...(unsorted.length > 0 && { remark: remarkOn(unsorted) }),
    ...(dispute && { dispute }),
    // Whoever disputes a mark has not left the file as it was.
    ...(dispute && shortfall.reason ? { reason: shortfall.reason } : shortfall),
  };
}

/** What templates had under each question, in a comment. */
const usualPlaceholder = 'Write your response here.';

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

/** What stands under each question and above them all, without what the template says. */
interface Sections {
  readonly above: readonly WordedLine[];
  readonly sections: ReadonlyMap<string, readonly WordedLine[]>;
  /** The questions below which there may be more: another heading is missing there, or the file ends. */
  readonly open: ReadonlySet<string>;
}

function sectionsOf(lines: readonly WordedLine[], rubric: ReflectionRubric): Sections {
  const { find, isTranslated } = questionFinder(lines, rubric);
  const isTemplate = templateTest(rubric);
  const placeholders = placeholdersOf(rubric);
  const above: WordedLine[] = [];
  const sections = new Map<string, WordedLine[]>();
  const order: string[] = [];
  let introLines = linesAbove(rubric).length;
  let introBlock = 0;
  for (const line of lines) {
    const found = find(line);
    if (found) {
      order.push(found.id);
      if (!sections.has(found.id)) sections.set(found.id, []);
    }
    const section = sections.get(order.at(-1) ?? '') ?? above;
    const text = found ? found.rest : withoutBeginning(line, placeholders);
    const leastPart = section !== above ? Infinity : line.block === introBlock ? 1 : 5;
    if (!found && isTemplate(line.wording, leastPart)) {
      if (line.block !== introBlock && section === above) introLines--;
      introBlock = line.block;
    } else if (text.trim() !== '') section.push({ ...line, text });
  }
  const ids = templateIds(rubric);
  const isNextMissing = (id: string) => !sections.has(ids[ids.indexOf(id) + 1] ?? id);
  const open = order.filter((id, index) => index === order.length - 1 || isNextMissing(id));
  // Whoever put a question twice had more to say on it.
  const isOnce = (id: string) => order.indexOf(id) === order.lastIndexOf(id);
  const result = { sections, above, open: new Set(open.filter(isOnce)) };
  if (!isTranslated) return result;
  // As many blocks as the template has above its questions, and what is the same under many of them.
  const intro = [...new Set(above.map(({ block }) => block))].slice(0, Math.max(0, introLines));
  const counts = new Map<string, number>();
  for (const wording of [...sections.values()].flatMap((own) => [
    ...new Set(own.map((line) => line.wording)),
  ]))
    counts.set(wording, (counts.get(wording) ?? 0) + 1);
  const isCopy = ({ wording }: WordedLine) => (counts.get(wording) ?? 0) >= fewestCopies;
  return {
    ...result,
    above: above.filter(({ block }) => !intro.includes(block)),
    sections: new Map([...sections].map(([id, own]) => [id, own.filter((line) => !isCopy(line))])),
  };
}

/** What comes as often is no chance: under that many questions it is a translation of what the template says there. */
const fewestCopies = 3;

function templateIds({ questions, dispute }: ReflectionRubric): string[] {
  return [...questions.map(({ id }) => id), ...(dispute === undefined ? [] : [disputeId])];
}

/** Of this course, and of files that were handed out with what is usual. */
function placeholdersOf({ placeholder = '' }: ReflectionRubric): string[] {
  return [placeholder, usualPlaceholder].map(wordingOf).filter(Boolean);
}

/** What a line says after what the template says in its place. */
function withoutBeginning({ text, wording }: WordedLine, placeholders: readonly string[]): string {
  const begun = placeholders.find((placeholder) => wording.startsWith(placeholder));
  return begun === undefined ? text : afterWording(text, begun);
}

/**
 * Tells which lines say what the template says beside its questions, perhaps with a slip of the pen, or a part
 * of it of so many letters, where an editor wrapped it.
 */
function templateTest(rubric: ReflectionRubric): (wording: string, leastPart: number) => boolean {
  const known = [...linesAbove(rubric).map(wordingOf), ...placeholdersOf(rubric)].filter(Boolean);
  const isSlip = (wording: string, text: string) =>
    wording === text || (!wording.includes(text) && differs(wording, text) <= nearly);
  return (wording, leastPart) =>
    known.some((text) => isSlip(wording, text) || (wording.length >= leastPart && text.includes(wording)));
}

function isTitle({ kind, level }: TextLine): boolean {
  return kind === 'heading' && level === 1;
}

/** What may be responses of what stands above the questions, or anywhere in a file without them. */
function aboveQuestions(above: readonly TextLine[], isAbove: boolean, rubric: ReflectionRubric): TextLine[] {
  // Without knowing what the template says there, nobody can tell it from a response.
  if (isAbove && rubric.intro === undefined) return [];
  // A title above the questions is one, also where it was changed.
  const lines = above.filter((line) => !isTitle(line) || !(isAbove || rubric.intro === undefined));
  const isSigned = ({ text }: TextLine) => isName(text) || isSignature(text, isAbove);
  // Two words with capitals may also be all that somebody has to say.
  const isHeaded = lines.some((line) => isVisible(line.text) && !isSigned(line));
  return lines.filter((line, index) => !isSigned(line) || !(isAbove || (isHeaded && index === 0)));
}

/** What may be one response. */
type Piece = readonly TextLine[];

/** The words that a question has, to tell where it is named. */
interface Asked {
  readonly id: string;
  readonly words: ReadonlySet<string>;
}

/** The question that some words name: with a long one that no other question has. */
function namedIn(words: readonly string[], asked: readonly Asked[]): Asked | undefined {
  for (const word of words) {
    const [one, ...others] = asked.filter((question) =>
      [...question.words].some((known) => known.length >= longWord && isAlike(word, known)),
    );
    if (one && others.length === 0) return one;
  }
  return undefined;
}

const longWord = 7;

/** `muddy` and `muddiest`, `connection` and `connect`. */
function isAlike(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  const start = Math.max(4, shorter - 1);
  return shorter >= 5 && one.slice(0, start) === other.slice(0, start);
}

function plainWords(text: string): string[] {
  return wordsOf(text.toLowerCase());
}

/** Whether a line is the student's: more than the words of a question, its number, a name or a date. */
function isOwn(text: string, asked: readonly Asked[]): boolean {
  if (!isVisible(text) || isSignature(text, false)) return false;
  if (onlyNumber.test(text)) return false;
  const words = plainWords(text);
  const question = namedIn(words, asked);
  return !question || words.some((word) => !question.words.has(word));
}

/** `2: a text` */
const itsNumber = /^[^\p{L}\p{N}]*Q?\p{Nd}{1,2}\s*[.):]/u;

/** `Q1:`, `| 2 | |`, `[x] Question 3` */
const onlyNumber =
  /^[^\p{L}\p{N}[]*(?:\[[ xX]\]\s*(?:\p{L}{1,20}\s?)?\d{1,2}\P{L}*|(?:\p{L}{1,20}\s?)?\d{1,2}\s*[:)|][\s|]*)$/u;

/**
 * Cuts what stands in one place into what may be one response each: where a line names another question,
 * where several begin with a number or the like, and, if they stand apart, at each paragraph or item of a list.
 */
function piecesOf(
  all: readonly TextLine[],
  asked: readonly Asked[],
  isApart: boolean,
  id?: string,
): TextLine[][] {
  const lines = all.flatMap(splitAtNumbers).flatMap(splitAtSentences);
  const isOpening = (line: TextLine, index: number) =>
    isMarked(line) && (line.kind !== 'heading' || lines[index - 1]?.block !== line.block);
  const isMany = lines.filter(isOpening).length > 1;
  // Sentences that begin alike are a list: I learned this. I wonder about that. I hope for more.
  const beginnings = lines.map(({ text }) => /\p{L}+/u.exec(text)?.[0]);
  const isOneLine = new Set(lines.map((one) => one.line)).size === 1;
  const isList = isOneLine && lines.length >= fewestCopies && new Set(beginnings).size === 1;
  let current = id;
  const pieces: TextLine[][] = [];
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const piece = pieces.at(-1);
    const begins = !before || beginsSentence(line, before);
    const named = begins ? namedIn(namingWords(line), asked)?.id : undefined;
    const isNext =
      line.begins === 'below rule' ||
      isList ||
      (isMany && isOpening(line, index)) ||
      (named !== undefined && named !== current) ||
      (isApart && begins && (before?.line !== line.line || before.block !== line.block));
    current = named ?? current;
    if (piece && before && (!isNext || leadsTo(before, line) || !isVisible(line.text))) piece.push(line);
    else pieces.push([line]);
  }
  return pieces;
}

/** `1) this 2) that` as two lines. */
function splitAtNumbers(line: TextLine): TextLine[] {
  const isFirst = line.begins === 'numbered item' || /^\(?Q?1[.):]\s/.test(line.text);
  const [text = '', ...others] = isFirst ? line.text.split(/\s(?=\(?Q?[2-9][.):]\s)/) : [line.text];
  const { begins, ...plain } = line;
  return [{ ...line, text }, ...others.map((other) => ({ ...plain, text: other }))];
}

/** `This was clear. That was not.` as two lines. */
function splitAtSentences(line: TextLine): TextLine[] {
  if (line.kind !== 'text') return [line];
  const { begins, ...plain } = line;
  const [text = '', ...others] = line.text.split(/(?<=[.!?…。！？])\s+(?=[\p{L}\p{Extended_Pictographic}])/u);
  return [{ ...line, text }, ...others.map((other) => ({ ...plain, text: other }))];
}

function beginsSentence(line: TextLine, before: TextLine): boolean {
  const isAfterEnd = /[.!?…:。！？：][\s\p{Pe}\p{Pf}*_"']*$/u.test(before.text.slice(-20));
  return line.block !== before.block || line.kind === 'heading' || isAfterEnd || /^\s*\|/.test(line.text);
}

/** Words with which somebody says early what follows. */
function namingWords({ text, kind }: TextLine): string[] {
  return plainWords(text.slice(0, 100)).slice(0, kind === 'heading' ? 20 : 6);
}

/** `1.`, `**2)**`, `Q3:`, `#4`, `a)`, `| 5 |`, a heading, or a few words and a colon. */
function isMarked({ text, kind, begins }: TextLine): boolean {
  if (kind === 'code') return false;
  const start = text.slice(0, 80);
  const [, lead] = /^([^:：]{1,60})[:：](?!\/\/)/.exec(start) ?? [];
  return (
    begins === 'numbered item' ||
    kind === 'heading' ||
    (lead !== undefined && wordsOf(lead).length < 7) ||
    /^[^\p{L}\p{N}]*(?:\p{L}{1,20}[\s.]*)?\p{Nd}{1,2}\s*[*_]*(?:[.):|．、）](?!\p{Nd})|[-–—]\s|\ufe0f?\u20e3)/u.test(
      start,
    ) ||
    /^[^\p{L}\p{N}]*(?:[a-e]\s?[.)]\s|(?<=#)\d)/iu.test(start)
  );
}

/** Whether a line goes with the one above: with its heading, with what announces it, or code with its text. */
function leadsTo(before: TextLine, { kind }: TextLine): boolean {
  if (before.kind === 'heading') return kind !== 'heading';
  return /[:：][\s*_]*$/.test(before.text.slice(-20)) || isTableRule(before.text) || kind === 'code';
}

/** The last of so many pieces has all that follows. */
function atMost(most: number, pieces: readonly Piece[]): Piece[] {
  const first = pieces.slice(0, Math.max(0, most - 1));
  const rest = most > 0 ? pieces.slice(first.length).flat() : [];
  return rest.length > 0 ? [...first, rest] : first;
}

function responseOf(lines: readonly TextLine[], { file }: ReflectionRubric): Response {
  const text = lines
    .map((line, index) => (line.line === lines[index - 1]?.line ? ' ' : '\n') + line.text)
    .join('')
    .trim();
  const warning = fillerWarning(text);
  const location = { file, line: lines[0]?.line ?? 1, column: 1 };
  return { text: asUntrusted(text), location, ...(warning && { warning }) };
}

function remarkOn(unsorted: readonly Response[]): Message {
  const places = unsorted.map(({ location }) => `line ${location.line}`).join(' and ');
  const [texts, count] =
    unsorted.length === 1
      ? ['The text in', 'is under no question of its own. It counts as a response']
      : ['The texts in', 'are under no questions of their own. They count as responses'];
  return message(
    'reflection/unsorted',
    `${texts} ${places} ${count}; to say what is answered, put each response under the heading of its question.`,
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
  { choose }: ReflectionRubric,
  hasQuestions: boolean,
  found: number,
): Pick<Reflection, 'reason' | 'isUntouched'> {
  const missing = choose - found;
  if (missing <= 0) return {};
  if (found === 0 && !hasQuestions) {
    const text =
      'The headings with the questions are gone, and nothing is written. Put them back, and write your text below them.';
    return { reason: message('reflection/no-questions', text) };
  }
  if (found === 0) {
    const pick = choose === 1 ? 'Pick one and react to it.' : `Pick ${choose} and react to them.`;
    const text = `Nothing is written under the questions yet. ${pick}`;
    return { reason: message('reflection/untouched', text), isUntouched: true };
  }
  const next = hasQuestions
    ? `Pick ${missing === 1 ? 'one more question' : `${missing} more questions`}.`
    : 'Write another paragraph; the questions, whose headings are gone, are in the handout.';
  return { reason: message('reflection/too-few', `So far ${found} of ${choose} responses. ${next}`) };
}

/** More headings than any reflection has; the rest are text. */
const mostHeadings = 200;
/** How many letters in a hundred may differ in what is nearly the template's. */
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

interface QuestionFinder {
  find(line: WordedLine): FoundQuestion | undefined;
  /** No heading says a question in the template's words, and yet there are headings in their place. */
  readonly isTranslated: boolean;
}

/**
 * Tells which lines put a question: headings that say nearly the whole of it, and any line that says it to the
 * letter. Where no heading does, those with its number or in its place are taken for translations. Every
 * other heading is the student's own.
 *
 * @param lines all lines of the file.
 */
function questionFinder(lines: readonly WordedLine[], rubric: ReflectionRubric): QuestionFinder {
  const labels = [...rubric.questions.map(({ label }) => label), rubric.dispute ?? ''].map(wordingOf);
  const questions = templateIds(rubric).map((id, index) => ({ id, wording: labels[index] ?? '' }));
  const headings = lines.filter(({ kind }) => kind === 'heading').slice(0, mostHeadings);
  const said = new Map(headings.flatMap((line) => found(line, questions)));
  const isTranslated = said.size === 0;
  const known = isTranslated ? new Map(translated(headings, rubric)) : said;
  const same = ({ wording }: WordedLine) => questions.find((question) => question.wording === wording)?.id;
  const outsideCode = new Set(lines.flatMap((line) => (line.kind === 'code' ? [] : (same(line) ?? []))));
  return {
    isTranslated: isTranslated && known.size > 0,
    find(line) {
      const [[, row] = []] = /^\s*\|/.test(line.text) ? found(line, questions) : [];
      const id = same(line);
      // What is quoted in code is put elsewhere; a file may be code as a whole.
      const isQuoted = line.kind === 'code' && id !== undefined && outsideCode.has(id);
      return known.get(line) ?? row ?? (id === undefined || isQuoted ? undefined : { id, rest: '' });
    },
  };
}

type FoundLine = [line: WordedLine, found: FoundQuestion];

/** A line with the question that it begins with, or nearly says. */
function found(line: WordedLine, questions: readonly { id: string; wording: string }[]): FoundLine[] {
  const { text, wording } = line;
  const [begun] = questions
    .filter((question) => wording.startsWith(question.wording))
    .sort((a, b) => b.wording.length - a.wording.length);
  if (begun) {
    const rest = begun.wording === wording ? '' : afterWording(text, begun.wording);
    return [[line, { id: begun.id, rest }]];
  }
  const [best, second] = questions
    .map((question) => ({ id: question.id, off: differs(wording, question.wording) }))
    .sort((a, b) => a.off - b.off);
  return best && best.off <= nearly && best.off !== second?.off ? [[line, { id: best.id, rest: '' }]] : [];
}

/** How many letters in a hundred differ; of texts that differ much in length, at least so many. */
function differs(one: string, other: string): number {
  const longer = Math.max(one.length, other.length, 1);
  const least = (100 * Math.abs(one.length - other.length)) / longer;
  return least > nearly ? least : (100 * distance(one, other)) / longer;
}

/** Headings that are as many as the template's in its order, or else those with the number of a question. */
function translated(headings: readonly WordedLine[], rubric: ReflectionRubric): FoundLine[] {
  const ids = templateIds(rubric);
  const questions = rubric.questions.map(({ id }) => id);
  const isInOrder = (own: readonly WordedLine[]) =>
    [ids.length, questions.length].includes(own.length) &&
    own.every(({ text }, index) => (numberOf(text) ?? index + 1) === index + 1);
  const levels = [1, 2, 3, 4, 5, 6].map((level) => headings.filter((line) => line.level === level));
  const inOrder = levels.find(isInOrder);
  return (inOrder ?? headings).flatMap((line, index) => {
    const id = inOrder ? ids[index] : questions[(numberOf(line.text) ?? 0) - 1];
    return id === undefined ? [] : [[line, { id, rest: '' }]];
  });
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

/** What is left of a line once its question, and the marks after it, are taken away. */
function afterWording(text: string, wording: string): string {
  let end = 0;
  for (const character of text) {
    if (wordingOf(text.slice(0, end)).length >= wording.length) break;
    end += character.length;
  }
  return text.slice(end).replace(/^[\s\p{P}]+/u, '');
}

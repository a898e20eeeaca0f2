import { distance } from 'fastest-levenshtein';
import { asUntrusted, countWord, type Location, type Message, message, type Untrusted } from '../message';
import { linesAbove, type Rubric } from '../rubric/rubric';
import { isVisible, repeatsOneWord, wordingOf, wordsOf } from '../rubric/wording';
import { isTableRule, readLines, type TextLine } from './markdown';
import { isSignature } from './signature';

type ReflectionRubric = NonNullable<Rubric['reflection']>;

export interface Response {
  readonly text: Untrusted;
  readonly location: Location;
  /** For the instructor: the text looks like filler. Costs no points. */
  readonly warning?: Message;
}

/** The contents of a reflection: responses by question id, for the questions that have one. */
export interface Reflection {
  readonly responses: ReadonlyMap<string, Response>;
  /** Responses that are under no question. They count all the same. */
  readonly unsorted: readonly Response[];
  /** A note on responses that count. */
  readonly remark?: Message;
  /** The student's text on something marked wrong that they think is right. It earns no points. */
  readonly dispute?: Response;
  /** Why there are fewer responses than asked for. */
  readonly reason?: Message;
  /** The file is there, as it was handed out. */
  readonly isUntouched?: true;
}

/** How many responses there are, under a question or not. */
export function responseCount({ responses, unsorted }: Reflection): number {
  return responses.size + unsorted.length;
}

/**
 * Reads the exit ticket. A response is any text that the student wrote under a question, in any language. Text of the
 * template, a name or a date is not a response. If responses are missing, text that is under no question counts as
 * well, and so does text that may be a second response under one question: nobody loses points for a heading.
 */
export function readReflection(source: string, rubric: ReflectionRubric): Reflection {
  const { above, sections, open, isRepeated } = sectionsOf(source, rubric);
  const asked = new Map(rubric.questions.map(({ id, label }) => [id, new Set(wordsOf(label.toLowerCase()))]));
  // The headings of a table are not a response.
  const isResponse = (lines: readonly TextLine[]) =>
    lines.some((line, index) => isOwn(line, asked) && !isTableRule(lines[index + 1]?.text ?? ''));
  const answered = rubric.questions
    .map(({ id }) => ({ id, lines: sections.get(id) ?? [] }))
    .filter(({ lines }) => isResponse(lines));
  const disputed = sections.get(disputeId) ?? [];
  const missing = Math.max(0, rubric.choose - answered.length);
  const pieces = (lines: readonly TextLine[], isApart: boolean, id?: string): (readonly TextLine[])[] =>
    missing > 0 ? reflectionParts(lines, asked, isApart, id).filter(isResponse) : [lines];
  const inOrder = answered.map(({ id, lines }) => ({ id, pieces: pieces(lines, open.has(id), id) }));
  // A dispute names a number. Several paragraphs without one may be responses written below everything.
  const itsNumber = /^[^\p{L}\p{N}]*Q?\p{Nd}{1,2}\s*[.):]/u;
  const isBelow = !disputed.some(({ text }) => /\p{Nd}/u.test(text.replace(itsNumber, '')));
  const below = isBelow && answered.length === 0 ? pieces(disputed, true) : [];
  const further = [
    ...pieces(aboveQuestions(above, sections.size > 0, rubric), true),
    ...inOrder.flatMap(({ pieces: [, ...others] }) => others),
    ...(below.length > 1 || disputed.some((line) => namedIn(line, asked)) ? below : []),
  ];
  const responses = inOrder.map(({ id, pieces: [lines = []] }) => [id, responseOf(lines, rubric)] as const);
  const unsorted = atMost(missing, further).map((lines) => responseOf(lines, rubric));
  const count = responses.length + unsorted.length;
  const dispute = isResponse(disputed) ? responseOf(disputed, rubric) : undefined;
  const isCopied =
    isRepeated || [...sections.values()].some((lines) => lines.some(({ text }) => isVisible(text)));
  return {
    responses: new Map(responses),
    unsorted,
    ...(unsorted.length > 0 && { remark: remarkOn(unsorted) }),
    ...(dispute && { dispute }),
    ...(count < rubric.choose && {
      reason: shortfallOf(rubric, { hasQuestions: sections.size > 0, isCopied }, count),
    }),
    // A student who disputes a mark has changed the file.
    ...(count === 0 && sections.size > 0 && !dispute && { isUntouched: true }),
  };
}

/** The id of the section for disputes among those of questions. No question can have this id. */
const disputeId = '(dispute)';

/** The reflection of a file that could not be read. */
export function unreadReflection(reason: Message): Reflection {
  return { responses: new Map(), unsorted: [], reason };
}

/**
 * Returns the text under each question and above all of them, without the template's text. An open question, one of
 * several, may have further responses below it: the next heading is missing there, or the file ends.
 */
function sectionsOf(source: string, rubric: ReflectionRubric) {
  const { lines, isTranslated } = wordedLines(source, rubric);
  const intro = linesAbove(rubric).map(wordingOf);
  const isTemplate = ({ wording }: WordedLine, isAbove: boolean) =>
    [...intro, placeholder].some(
      (text) => wording === text || (!wording.includes(text) && isNearly(wording, text)),
    ) ||
    // An editor may have wrapped the line.
    (isAbove && wording.length >= 5 && intro.some((text) => text.includes(wording)));
  const above: WordedLine[] = [];
  const sections = new Map<string, WordedLine[]>();
  const order: string[] = [];
  let section = above;
  for (const line of lines) {
    const { question } = line;
    if (question) {
      order.push(question.id);
      section = sections.get(question.id) ?? [];
      sections.set(question.id, section);
    }
    const isBegun = line.wording.startsWith(placeholder);
    const text = question?.rest ?? (isBegun ? afterWording(line.text, placeholder) : line.text);
    const isOwn = question || !isTemplate(line, section === above);
    if (isOwn && text.trim() !== '') section.push({ ...line, text });
  }
  const ids = templateQuestions(rubric).map(({ id }) => id);
  const isNextMissing = (id: string) => !sections.has(ids[ids.indexOf(id) + 1] ?? id);
  // A student who repeated a question had more to say on it.
  const isOnce = (id: string) => order.indexOf(id) === order.lastIndexOf(id);
  const open = order.filter((id) => isOnce(id) && (id === order.at(-1) || isNextMissing(id)));
  const result = {
    lines,
    above,
    sections,
    open: new Set(sections.size > 1 ? open : []),
    isRepeated: new Set(order).size < order.length,
  };
  if (!isTranslated) return result;
  const kept = lines.filter(({ wording }) => intro.includes(wording)).length;
  // Leave out as many blocks as the template has above its questions, and first lines that three questions share.
  const blocks = [...new Set(above.map(({ block }) => block))].slice(0, Math.max(0, intro.length - kept));
  const firsts = [...sections.values()].map(([line]) => line?.wording);
  const isCopy = ({ wording }: WordedLine) => firsts.filter((first) => first === wording).length > 2;
  return {
    ...result,
    above: above.filter(({ block }) => !blocks.includes(block)),
    sections: new Map([...sections].map(([id, own]) => [id, own.filter((line) => !isCopy(line))])),
  };
}

/** The questions that have a heading in the template. */
function templateQuestions({ questions, dispute: label }: ReflectionRubric): { id: string; label: string }[] {
  return label === undefined ? [...questions] : [...questions, { id: disputeId, label }];
}

/** What many files that were handed out have under each question. */
const placeholder = wordingOf('Write your response here.');

/** The lines above the questions, or anywhere in a file without questions, that may be responses. */
function aboveQuestions(above: readonly TextLine[], isAbove: boolean, rubric: ReflectionRubric) {
  // Without the template's introduction, nobody can tell its text from a response.
  if (isAbove && rubric.intro === undefined) return [];
  // A title above the questions is the template's, even if it was changed.
  const own = above.filter(({ text, level }, index) =>
    isAbove ? level !== 1 && !isSignature(text, true) : index > 0 || !isSignature(text, true),
  );
  // Two capitalized words look like a name, but may also be all that a student has to say.
  return isAbove || own.some(({ text }) => isVisible(text)) ? own : above;
}

/** The words of each question, by question id. Used to recognize where a question is named. */
type Asked = ReadonlyMap<string, ReadonlySet<string>>;

/** The question that a line names near its start, by a long word that no other question has. */
function namedIn({ text, kind }: TextLine, asked: Asked): string | undefined {
  for (const word of wordsOf(text.slice(0, 100).toLowerCase()).slice(0, kind === 'heading' ? 20 : 6)) {
    const named = [...asked].filter(([, words]) => [...words].some((known) => isAlike(word, known)));
    if (named.length === 1) return named[0]?.[0];
  }
  return undefined;
}

/** Whether two words share a long start: `muddy` and `muddiest`, `connection` and `connect`. */
function isAlike(word: string, known: string): boolean {
  const start = Math.min(word.length, known.length) - 1;
  return known.length > 6 && start > 3 && word.slice(0, start) === known.slice(0, start);
}

/** Whether a line is the student's own: more than words of a question, its number, a name or a date. */
function isOwn({ text, kind }: TextLine, asked: Asked): boolean {
  if (!isVisible(text) || isSignature(text, false) || onlyNumber.test(text)) return false;
  const words = wordsOf(text.toLowerCase());
  // A word or two of a question may well be the answer, except in a heading.
  const isPart = (known: ReadonlySet<string>) =>
    (kind === 'heading' || 2 * new Set(words).size > known.size) && words.every((word) => known.has(word));
  return ![...asked.values()].some(isPart);
}

/** `Q1:`, `| 2 | |`, `[x] Question 3` */
const onlyNumber =
  /^[^\p{L}\p{N}[]*(?:\[[ xX]\]\s*(?:\p{L}{1,20}\s?)?\d{1,2}\P{L}*|(?:\p{L}{1,20}\s?)?\d{1,2}\s*[:)|][\s|]*)$/u;

/**
 * Cuts the lines of one place into pieces that may each be a response: where a line names another question, where
 * several lines begin with a number or the like, and, if `isApart`, at each paragraph or list item.
 */
function reflectionParts(all: readonly TextLine[], asked: Asked, isApart: boolean, id?: string) {
  const lines = all.flatMap(splitLine);
  const isOpening = (line: TextLine, index: number) =>
    isMarked(line) && (line.kind !== 'heading' || lines[index - 1]?.block !== line.block);
  const isMany = lines.filter(isOpening).length > 1;
  // Sentences that begin with the same word are a list: I learned this. I wonder about that. I hope for more.
  const beginnings = new Set(lines.map(({ text }) => /\p{L}+/u.exec(text)?.[0]));
  const isList = all.length === 1 && lines.length > 2 && beginnings.size === 1;
  let current = id;
  const pieces: TextLine[][] = [];
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    const begins = before?.block !== line.block || endOfSentence.test(before.text.slice(-20));
    const named = begins ? namedIn(line, asked) : undefined;
    const isNext =
      line.begins === 'below rule' ||
      isList ||
      (isMany && isOpening(line, index)) ||
      (named !== undefined && named !== current) ||
      (isApart && begins && (before?.line !== line.line || before.block !== line.block));
    current = named ?? current;
    if (!before || (isNext && !leadsTo(before, line) && isVisible(line.text))) pieces.push([line]);
    else pieces.at(-1)?.push(line);
  }
  return pieces;
}

const endOfSentence = /[.!?…:。！？：][\s\p{Pe}\p{Pf}*_"']*$/u;

/** Splits `1) this 2) that` and `This was clear. That was not.` into two lines each. */
function splitLine(line: TextLine): TextLine[] {
  return line.text
    .split(/\s(?=\(?Q?[2-9][.):]\s)(?<=\s\S+\s)|(?<=[.!?…。！？])\s+(?=[\p{L}\p{Extended_Pictographic}])/u)
    .map((text, index) => ({ ...line, text, begins: index === 0 ? line.begins : undefined }));
}

/** Recognizes `1.`, `2)`, `Q3:`, `Question 4 -`, `a)`, `| 5 |`, a heading, or a few words and a colon. */
function isMarked({ text, kind, begins }: TextLine): boolean {
  if (kind === 'code') return false;
  const start = text.slice(0, 80);
  return (
    begins === 'numbered item' ||
    kind === 'heading' ||
    /^(?:[^\s:：]+\s+){0,6}[^\s:：]*[:：](?!\/\/)/.test(start) ||
    /^[^\p{L}\p{N}]*(?:[a-e]|(?:\p{L}{1,20}[\s.]*)?\p{Nd}{1,2})\s*(?:[.):|．、）]|[-–—]\s)(?!\p{Nd})/iu.test(
      start,
    )
  );
}

/** Whether a line belongs to the one above: to its heading, to what announces it, or, for code, to its text. */
function leadsTo(before: TextLine, { kind }: TextLine): boolean {
  if (before.kind === 'heading') return kind !== 'heading';
  return /[:：][\s*_]*$/.test(before.text.slice(-20)) || kind === 'code';
}

/** Returns at most so many pieces. The last one gets all that follow. */
function atMost(most: number, pieces: readonly (readonly TextLine[])[]): (readonly TextLine[])[] {
  if (pieces.length <= most || most === 0) return pieces.slice(0, most);
  return [...pieces.slice(0, most - 1), pieces.slice(most - 1).flat()];
}

function responseOf(lines: readonly TextLine[], { file }: ReflectionRubric): Response {
  const text = lines
    .map((line, index) => (line.line === lines[index - 1]?.line ? ' ' : '\n') + line.text)
    .join('')
    .trim();
  const isFiller = /\blorem ipsum\b|\basdf|\bqwert/i.test(text) || repeatsOneWord(text);
  const warning = message('reflection/filler', 'This looks like filler, but it counts.');
  const location = { file, line: lines[0]?.line ?? 1, column: 1 };
  return { text: asUntrusted(text), location, ...(isFiller && { warning }) };
}

function remarkOn(unsorted: readonly Response[]): Message {
  const places = unsorted.map(({ location }) => `line ${location.line}`).join(' and ');
  const text = `The text in ${places} has no question of its own, but it counts`;
  const next = 'to show what you are answering, put each response below its question.';
  return message('reflection/unsorted', `${text}; ${next}`);
}

function shortfallOf(
  { choose }: ReflectionRubric,
  { hasQuestions, isCopied }: { readonly hasQuestions: boolean; readonly isCopied: boolean },
  count: number,
): Message {
  if (count === 0 && !hasQuestions) {
    const text = 'The headings with the questions are gone, and nothing else is written.';
    return message(
      'reflection/no-questions',
      text,
      {},
      { next: 'Put them back and write your responses below them.' },
    );
  }
  if (count === 0) {
    const pick = choose === 1 ? 'Pick one and react to it.' : `Pick ${countWord(choose)} and react to them.`;
    if (isCopied) {
      const text = 'There is only a question or a name below the questions.';
      return message('reflection/copied', text, {}, { next: `Write what you think. ${pick}` });
    }
    return message(
      'reflection/untouched',
      'You have not written anything below the questions yet.',
      {},
      { next: pick },
    );
  }
  const more = `${countWord(choose - count)} more question${choose - count === 1 ? '' : 's'}`;
  const next = hasQuestions
    ? `Pick ${more}.`
    : 'Write another paragraph. The headings with the questions are gone; you can find the questions in the handout.';
  return message('reflection/too-few', `So far ${count} of ${choose} responses.`, {}, { next });
}

/** Whether two wordings match except for typos: at most a quarter of the letters differ. */
function isNearly(one: string, other: string): boolean {
  const most = Math.max(one.length, other.length) / 4;
  // The distance is at least the difference in length, which is quick to check.
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/** A line, its wording (see `wordingOf`), and the question that it puts, with the text that follows the question. */
interface WordedLine extends TextLine {
  readonly wording: string;
  readonly question?: { readonly id: string; readonly rest: string } | undefined;
}

/**
 * Returns the lines of a file with the questions that they put: headings that say nearly the whole question, and any
 * line that repeats it exactly. If no heading does, headings with a question's number or in its place are taken for
 * translations. Any other heading is the student's own.
 */
function wordedLines(source: string, rubric: ReflectionRubric) {
  const questions = templateQuestions(rubric).map(({ id, label }) => ({ id, wording: wordingOf(label) }));
  const lines = readLines(source).map((line) => ({ ...line, wording: wordingOf(line.text) }));
  const headings = lines.filter(({ kind }) => kind === 'heading');
  const hasHeading = headings.some((line) => found(line, questions));
  const translations = hasHeading ? new Map<TextLine, string>() : translated(headings, rubric);
  const wordings = new Set(questions.map(({ wording }) => wording));
  const outsideCode = new Set(lines.map(({ kind, wording }) => (kind === 'code' ? '' : wording)));
  const put = (line: WordedLine) => {
    const { kind, text, wording } = line;
    const id = translations.get(line);
    if (id !== undefined) return { id, rest: '' };
    // A question in code does not count if it is also outside code. The whole file may be code.
    const isSame = wordings.has(wording) && !(kind === 'code' && outsideCode.has(wording));
    return isSame || kind === 'heading' || /^\s*\|/.test(text) ? found(line, questions) : undefined;
  };
  const marked: WordedLine[] = lines.map((line) => ({ ...line, question: put(line) }));
  return { lines: marked, isTranslated: translations.size > 0 };
}

/** The question that a line begins with or nearly repeats. */
function found({ text, wording }: WordedLine, questions: readonly { id: string; wording: string }[]) {
  const [best] = questions
    .filter((question) => wording.startsWith(question.wording) || isNearly(wording, question.wording))
    .map((question) => ({ ...question, off: distance(wording, question.wording) }))
    .sort((one, other) => one.off - other.off);
  const hasMore = best && best.off > 0 && wording.startsWith(best.wording);
  return best && { id: best.id, rest: hasMore ? afterWording(text, best.wording) : '' };
}

/** Maps headings to questions: by order if one level has as many as the template, else by question number. */
function translated(headings: readonly TextLine[], rubric: ReflectionRubric): Map<TextLine, string> {
  const ids = templateQuestions(rubric).map(({ id }) => id);
  const inOrder = [1, 2, 3, 4, 5, 6]
    .map((level) => headings.filter((line) => line.level === level))
    .find(({ length }) => length === ids.length || length === rubric.questions.length);
  const found = (inOrder ?? headings).flatMap((line, index) => {
    const id = inOrder ? ids[index] : rubric.questions[numberOf(line.text) - 1]?.id;
    return id === undefined ? [] : [[line, id] as const];
  });
  return new Map(found);
}

/**
 * The number in `2.`, `(2)`, `Question 2`, `Q2:`, `第2题`, `2. a translation` or `II.`, in digits of any script, or 0.
 */
function numberOf(text: string): number {
  const [, digits = '', roman = ''] =
    /^[\p{P}\s]*(?:(?:\p{L}{1,20}[\s.]*)?(\p{Nd}{1,2})\s*\p{Lo}{0,2}(?:\p{P}.*)?|([IVX]+)\s*\p{P}?)$/u.exec(
      text.slice(0, 100).trim(),
    ) ?? [];
  const romans = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X'];
  return Math.max(romans.indexOf(roman), Number([...digits].map(digitOf).join('')));
}

/** The value of a decimal digit of any script. Each script has its ten digits in a row. */
function digitOf(digit: string): number {
  const point = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value++;
  return value;
}

/** The rest of a line after its question and the punctuation that follows. */
function afterWording(text: string, wording: string): string {
  let end = 0;
  for (const character of text) {
    if (wordingOf(text.slice(0, end)).length >= wording.length) break;
    end += character.length;
  }
  return text.slice(end).replace(/^[\s\p{P}]+/u, '');
}

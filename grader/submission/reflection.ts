import MarkdownIt from 'markdown-it';
import { asUntrusted, countWord, type Location, type Message, message, type Untrusted } from '../message';
import { leadingNumber, linesAbove, type Rubric, wordingOf } from '../rubric/rubric';
import { groupBy } from '../system/lists';

type ReflectionRubric = NonNullable<Rubric['reflection']>;

interface Response {
  readonly text: Untrusted;
  readonly location: Location;
}

/** The contents of a reflection: responses by question id, for the questions that have one. */
export interface Reflection {
  readonly responses: ReadonlyMap<string, Response>;
  /** Further responses, when no heading is left for them. They count all the same. */
  readonly unsorted: readonly Response[];
  /** A note on the file, which is read all the same. */
  readonly remark?: Message;
  /** The student's text about something that was marked wrong but that they think is right. */
  readonly dispute?: Response;
  /** Why there are fewer responses than asked for. */
  readonly reason?: Message;
  /** The file is there, but the student wrote nothing in it. */
  readonly isUntouched?: true;
  /** It has at least two questions as headings, which is how a file under another name is recognized. */
  readonly hasHeadings?: boolean;
}

/** How many responses there are, under a question or elsewhere. */
export function responseCount({ responses, unsorted }: Reflection): number {
  return responses.size + unsorted.length;
}

/** The reflection of a file that could not be read. */
export function unreadReflection(reason: Message): Reflection {
  return { responses: new Map(), unsorted: [], reason };
}

/**
 * Reads the reflection: everything except the template's own lines, in any language. Text under a heading of the
 * template is the response to that question. If responses are missing, and only then, further numbered items and
 * sub-headings under it count too, and so does each paragraph or list item under no question, and, if the student wrote
 * nothing else, under the heading for disputes. When in doubt, the student gets the points.
 */
export function readReflection(source: string, rubric: ReflectionRubric): Reflection {
  const { choose, questions } = rubric;
  const { pieces, headingIds, hasQuestions, isUntouched, placeholder } = responsePieces(source, rubric);
  const piecesUnder = (id: string) => (pieces.get(id) ?? []).map(({ lines }) => lines);
  const response = (lines: readonly Line[]): Response => ({
    text: asUntrusted(
      lines
        .map(({ text }) => text)
        .join('\n')
        .trim(),
    ),
    location: { file: rubric.file, line: lines[0]?.line ?? 1, column: 1 },
  });
  const answers = questions.flatMap(({ id }) => {
    const [first, ...others] = piecesUnder(id);
    return first ? [{ id, first, others }] : [];
  });
  const isComplete = answers.length >= choose;
  const responses = answers.map(({ id, first, others }) => {
    return [id, response(isComplete ? [first, ...others].flat() : first)] as const;
  });
  const further = [...piecesUnder(noQuestion), ...answers.flatMap(({ others }) => others)];
  const disputed = piecesUnder(disputeId);
  const besides = answers.length + further.length === 0 ? disputed : further;
  const unsorted = isComplete ? [] : besides;
  const count = responses.length + unsorted.length;
  return {
    responses: new Map(responses),
    unsorted: unsorted.map(response),
    dispute: disputed.length > 0 ? response(disputed.flat()) : undefined,
    reason:
      count < choose ? shortfallOf(choose, count, { hasQuestions, isUntouched, placeholder }) : undefined,
    isUntouched: isUntouched ? true : undefined,
    hasHeadings: questions.filter(({ id }) => headingIds.has(id)).length > 1,
  };
}

/** The contents of a file that has too few responses. */
interface Found {
  readonly hasQuestions: boolean;
  readonly isUntouched: boolean;
  /** A line that is a placeholder for a response. */
  readonly placeholder: string | undefined;
}

function shortfallOf(
  choose: number,
  count: number,
  { hasQuestions, isUntouched, placeholder }: Found,
): Message {
  const pick = `Pick ${countWord(choose - count)}${count > 0 ? ' more' : ''} question${choose - count === 1 ? '' : 's'}`;
  const next = hasQuestions ? `${pick}.` : `${pick}; you can find the questions in the handout.`;
  const [noResponse, quotes] =
    placeholder === undefined ? [[], {}] : [['{placeholder} is not a response yet.'], { placeholder }];
  if (count > 0 || placeholder !== undefined) {
    const soFar = count > 0 ? [`So far ${count} of ${choose} responses.`] : [];
    return message('reflection/too-few', [...soFar, ...noResponse].join(' '), quotes, { next });
  }
  return isUntouched
    ? message('reflection/untouched', 'You have not written anything below the questions yet.', {}, { next })
    : message('reflection/copied', 'There is only a name, or the same text again and again.', {}, { next });
}

// No question can have these ids.
const noQuestion = '(none)';
const disputeId = '(dispute)';

/** A line that occurs this often is either a placeholder or the same response to every question. */
const tooOften = 3;

const templates = new WeakMap<ReflectionRubric, ReturnType<typeof newTemplate>>();

/** The text of the file before anybody writes in it. Computed once for all students. */
function templateOf(rubric: ReflectionRubric) {
  const template = templates.get(rubric) ?? newTemplate(rubric);
  templates.set(rubric, template);
  return template;
}

function newTemplate(rubric: ReflectionRubric) {
  const { questions, dispute } = rubric;
  /** The question of each heading, by its wording. */
  const ids = new Map(questions.map(({ id, label }) => [wordingOf(label), id]));
  if (dispute !== undefined) ids.set(wordingOf(dispute), disputeId);
  return { ids, wordings: new Set([...linesAbove(rubric).map(wordingOf), ...ids.keys()].filter(Boolean)) };
}

/** The student's text under each question and under none, in pieces that may each be a response. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over the lines, with what it looks for above it.
function responsePieces(source: string, rubric: ReflectionRubric) {
  const { ids, wordings } = templateOf(rubric);
  const lines = linesOf(source, (wording) => ids.has(wording));
  // An editor may have wrapped the line.
  const isTemplate = ({ wording, whole }: Line) => wordings.has(wording) || wordings.has(whole);
  const headingIds = new Set(lines.map(({ kind, wording }) => kind === 'heading' && ids.get(wording)));
  const order = [...ids.values()];
  // If the next heading was changed, the text below it is read as part of this question.
  const isOpen = (id: string) =>
    id === noQuestion || !headingIds.has(order[order.indexOf(id) + 1] ?? noQuestion);
  const signatures = signaturesIn(lines, isTemplate, rubric);
  const pieces: Piece[] = [];
  let id = noQuestion;
  let before: Line | undefined;
  for (const line of lines.filter((one) => !signatures.has(one))) {
    if (isTemplate(line)) {
      if (line.kind === 'heading') id = ids.get(line.wording) ?? noQuestion;
      before = undefined;
      continue;
    }
    const labeled = id === noQuestion ? labeledFor(line, rubric) : undefined;
    if (before && !labeled && !isNext(before, line, isOpen(id))) pieces.at(-1)?.lines.push(line);
    else pieces.push(labeled ?? { id, lines: [line] });
    // A line that names its question is a piece by itself.
    before = labeled ? undefined : line;
  }
  const times = new Map<string, number>();
  for (const { wording } of lines) if (wording !== '') times.set(wording, (times.get(wording) ?? 0) + 1);
  const isResponse = ({ lines: own }: Piece) =>
    own.some(({ text, wording }) => isVisible(text) && (times.get(wording) ?? 0) < tooOften);
  return {
    pieces: groupBy(pieces.filter(isResponse), (piece) => piece.id),
    headingIds,
    hasQuestions: lines.some(({ wording }) => ids.has(wording)),
    placeholder: placeholderLine.exec(source)?.[1],
    isUntouched:
      !frontMatter.test(source) && lines.every((line) => isTemplate(line) || !isVisible(line.text)),
  };
}

/** Lines by a student that may be a response, and the question above them. */
interface Piece {
  readonly id: string;
  readonly lines: Line[];
}

/** Whether a line begins a new piece below another line. If `isOpen`, each paragraph is a piece. */
function isNext(before: Line, line: Line, isOpen: boolean): boolean {
  if (before.kind === 'heading' && line.kind !== 'heading') return false;
  if (line.kind === 'numbered' || leadingNumber.test(line.text)) return true;
  return before.block !== line.block && (isOpen || line.kind === 'heading');
}

/** `Name: Ann Lee`, but not the address of a page. */
const labelForm = /^([^:：]{0,30})[:：](?!\/)(.{0,100})$/u;

/**
 * The lines at the top that only say who wrote the file, or when: `Name: Ann Lee`, and one line without a label, such
 * as `Ann Lee` or `4 March 2026`. Several lines without a label may be answers.
 */
function signaturesIn(lines: readonly Line[], isTemplate: (line: Line) => boolean, rubric: ReflectionRubric) {
  const { ids } = templateOf(rubric);
  const ownLines = lines.filter((line) => line.kind === 'heading' || !isTemplate(line));
  const isOver = (line: Line) =>
    line.kind === 'heading' ? !isTemplate(line) || ids.has(line.wording) : !isSignature(line, rubric);
  const end = ownLines.findIndex(isOver);
  const top = ownLines.slice(0, end < 0 ? ownLines.length : end).filter(({ kind }) => kind !== 'heading');
  const bare = top.filter(({ text }) => !labelForm.test(text));
  return new Set(bare.length > 1 ? top.filter((line) => !bare.includes(line)) : top);
}

/** Whether a line may be a name, a number, a date or a course. */
function isSignature({ text, kind }: Line, { questions }: ReflectionRubric): boolean {
  if (kind !== 'text' || leadingNumber.test(text)) return false;
  const [, label, rest = text] = labelForm.exec(text) ?? [];
  if (rest.length > 100 || questionsNamed(label ?? '', questions).length > 0) return false;
  const words = rest.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  // A single word may be the student's whole response.
  const fewest = label !== undefined || !/\p{L}/u.test(rest) ? 1 : 2;
  return words.length >= fewest && words.every((word) => /^\P{L}*\p{Lu}|[\p{N}@]/u.test(word));
}

/** A line as a response to a question, if its label has a word that only that question has: `Muddiest: the mask`. */
function labeledFor(line: Line, { questions }: ReflectionRubric): Piece | undefined {
  const [, label = '', rest = ''] = labelForm.exec(line.text) ?? [];
  const [question, ...others] = questionsNamed(label, questions);
  if (!question || others.length > 0 || !isVisible(rest)) return undefined;
  return { id: question.id, lines: [{ ...line, text: rest.trim() }] };
}

function questionsNamed(label: string, questions: ReflectionRubric['questions']) {
  const words = new Set(contentWords(label));
  return questions.filter((one) => contentWords(one.label).some((word) => words.has(word)));
}

/** Words that are long enough to identify a question. */
function contentWords(text: string) {
  return text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
}

/** One line, without its heading and list marks. */
interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly kind: 'heading' | 'numbered' | 'bullet' | 'text';
  /** The number of the paragraph, list item or quotation that it belongs to. */
  readonly block: number;
  /** See `wordingOf`: the wording of this line, and of its whole paragraph. */
  readonly wording: string;
  readonly whole: string;
}

// Inline Markdown hides nothing, so it is left as typed: parsing it takes time that a hostile file controls.
const markdown = new MarkdownIt({ maxNesting: 20 }).disable(['inline', 'reference']);

/** Wider tables are not read as tables: short rows are padded, so a wide table takes quadratic time. */
const maxColumns = 8;

const tableRuler = new MarkdownIt().block.ruler;
tableRuler.enableOnly('table');
const [tableRule] = tableRuler.getRules('');
markdown.block.ruler.at(
  'table',
  (state, startLine, endLine, isSilent) => {
    const head = state.src.slice(state.bMarks[startLine], state.eMarks[startLine]);
    const isWide = head.split('|').length > maxColumns + 2;
    return !isWide && tableRule?.(state, startLine, endLine, isSilent) === true;
  },
  { alt: ['paragraph', 'reference'] },
);

const frontMatter = /^\s*---[^\S\n]*\n(?:[\w-]+:[^\n]*\n|[^\S\n][^\n]*\n)+---[^\S\n]*(?:\n|$)/;

/** An HTML tag, except a picture and words such as `<I like tags>`. */
const tag = /<\/?(?!img\b)[a-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*\/?>/gi;

/**
 * Returns the lines that a person sees who opens the file: without HTML tags, but with the text of comments. In a
 * table, a question in the first cell of a row is the heading for the rest of the row.
 */
function linesOf(source: string, isQuestion: (wording: string) => boolean): Line[] {
  const body = source.replace(frontMatter, blank).replace(/<!--|-->/g, '');
  let block = 0;
  let kind: Line['kind'] = 'text';
  const lines: Line[] = [];
  let row: Token[] | undefined;
  for (const token of markdown.parse(body, {})) {
    const { type, content } = token;
    if (beginsBlock(token)) block++;
    kind = kindAfter(token) ?? kind;
    if (type === 'tr_open') row = [];
    row?.push(token);
    if (type === 'tr_close') {
      lines.push(...linesOfRow(row ?? [], isQuestion).map((line) => ({ ...line, block })));
      row = undefined;
    }
    if (row || content === '') continue;
    lines.push(...shownIn(token, kind).map((line) => ({ ...line, block })));
    kind = 'text';
  }
  return lines;
}

/** The lines of a row of a table: a question and its response, or everything as one text. */
function linesOfRow(row: readonly Token[], isQuestion: (wording: string) => boolean): Omit<Line, 'block'>[] {
  const line = (row[0]?.map?.[0] ?? 0) + 1;
  const shown = row.flatMap(({ content }) =>
    content === '' ? [] : markdown.utils.unescapeAll(content.replace(tag, blank)),
  );
  const [first = '', ...others] = shown;
  const lineOf = (text: string, kind: Line['kind']) => {
    const wording = wordingOf(text);
    return { text, line, kind, wording, whole: wording };
  };
  const response = others.join(' | ');
  if (!isQuestion(wordingOf(first))) return shown.length > 0 ? [lineOf(shown.join(' | '), 'text')] : [];
  return [lineOf(first, 'heading'), ...(response.trim() === '' ? [] : [lineOf(response, 'text')])];
}

type Token = ReturnType<typeof markdown.parse>[number];

/** Whether a token begins a block: everything inside a list item or a quotation belongs to it. */
function beginsBlock({ type, level, nesting }: Token): boolean {
  return nesting >= 0 && level <= (type === 'list_item_open' ? 1 : 0);
}

/** The kind of line that a token begins, if it begins one. */
function kindAfter({ type, info }: Token): Line['kind'] | undefined {
  if (type === 'list_item_open') return info === '' ? 'bullet' : 'numbered';
  return type === 'heading_open' ? 'heading' : undefined;
}

const blank = (text: string) => text.replace(/[^\n]/g, '');

/** The lines of a token that a person sees. After the first line of an item, every line is plain text. */
function shownIn({ type, content, map }: Token, kind: Line['kind']): Omit<Line, 'block'>[] {
  const first = (map?.[0] ?? 0) + (type === 'fence' ? 2 : 1);
  const whole = wordingOf(content);
  const lines = content
    .replace(tag, blank)
    .split('\n')
    .flatMap((shown, index) => {
      if (shown.trim() === '') return [];
      const text = markdown.utils.unescapeAll(shown);
      const wording = text === content ? whole : wordingOf(text);
      return [{ text, line: first + index, wording, whole }];
    });
  return lines.map((line, index) => ({ ...line, kind: index > 0 && kind !== 'heading' ? 'text' : kind }));
}

/**
 * The text of a reflection file. Leaves only empty space below each question: if a comment said where to write, people
 * would write inside the comment.
 *
 * @param responses the responses to write below the questions, by question id.
 * @param disputed the text below the last heading, if the rubric has that heading.
 */
export function reflectionOf(
  rubric: ReflectionRubric,
  responses: Readonly<Record<string, string>> = {},
  disputed = '',
): string {
  const { dispute, questions } = rubric;
  const [title, ...paragraphs] = linesAbove(rubric);
  const parts = title ? [`# ${title}`, ...paragraphs] : [];
  for (const [index, { id, label }] of questions.entries())
    parts.push(`## ${index + 1}. ${label}\n\n${responses[id] ?? ''}`);
  if (dispute !== undefined) parts.push(`## ${dispute}\n\n${disputed}`);
  return `${parts.join('\n\n').trimEnd()}\n`;
}

/** A placeholder for a response: a dash, dots, or words that programmers use. */
const placeholderLine = /^[^\S\n]*(-|–|—|\.{2,}|…|TODO|TBD)[.:…]*[^\S\n]*$/im;

/** Whether a text has more than a placeholder: letters, digits, pictures, question marks, or exclamation marks. */
function isVisible(text: string): boolean {
  if (text.length < 40 && placeholderLine.test(text)) return false;
  return /[\p{L}\p{N}\p{Extended_Pictographic}?!¿¡？！؟]/u.test(
    text
      .slice(0, 65_536)
      // Checkboxes, and link definitions, which Markdown does not show.
      .replace(/^\s*(?:\[[ xX]\]|\[[^\]\n]{1,200}\]:[^\n]*)/gmu, '')
      .replace(/[\p{Default_Ignorable_Code_Point}☑✅✔]/gu, ''),
  );
}

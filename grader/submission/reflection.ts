import { type Message, message, raw } from '../message';
import type { Rubric } from '../rubric/rubric';
import { readLines, type TextLine } from './markdown';
import type { Reflection, Response } from './submission';
import { lettersOf, overlap, wordsOf } from './words';

type Ticket = NonNullable<Rubric['reflection']>;

/** What was found under one question. */
interface Section {
  readonly lines: TextLine[];
  /** Text of the student's that stands inside a comment, where nobody sees it. */
  hidden?: TextLine;
}

/**
 * Reads the exit ticket: a response is text under its question that is neither the template, a
 * comment nor the question itself. What it says does not matter, nor in which language. Headings may
 * be reordered, renumbered or typed again.
 */
export function readReflection(source: string, ticket: Ticket): Reflection {
  const sections = sectionsOf(readLines(source), ticket);
  const responses = new Map<string, Response>();
  for (const { id } of ticket.questions) {
    const lines = sections.get(id)?.lines ?? [];
    const text = lines
      .map((line) => line.text)
      .join('\n')
      .trim();
    if (lines[0] && isResponse(text)) {
      const at = { file: ticket.file, line: lines[0].line, column: 1 };
      const warning = fillerWarning(text);
      responses.set(id, { text: raw(text), at, ...(warning && { warning }) });
    }
  }
  const why = shortfall(ticket, sections, responses);
  return { responses, ...(why && { why }) };
}

/** The reflection of a file that could not be read. */
export function unreadReflection(why: Message): Reflection {
  return { responses: new Map(), why };
}

function sectionsOf(lines: readonly TextLine[], ticket: Ticket): Map<string, Section> {
  const questions = new QuestionFinder(ticket);
  const placeholder = lettersOf(ticket.placeholder ?? '');
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  for (const line of lines) {
    const question = line.is === 'comment' ? undefined : questions.find(line);
    if (question !== undefined) {
      section = sections.get(question) ?? { lines: [] };
      sections.set(question, section);
      continue;
    }
    if (!section || line.text.trim() === '' || lettersOf(line.text) === placeholder) continue;
    if (line.is === 'comment') section.hidden ??= line;
    else section.lines.push(line);
  }
  return sections;
}

/** More headings than any exit ticket has; the rest are text. */
const mostHeadings = 200;

/** Tells which question a line puts, however it is written. */
class QuestionFinder {
  private readonly questions: { id: string; letters: string; words: string[]; own: Set<string> }[];
  private headings = 0;

  constructor({ questions }: Ticket) {
    const words = questions.map(({ label }) => wordsOf(label));
    this.questions = questions.map(({ id, label }, index) => {
      const others = new Set(words.flatMap((list, other) => (other === index ? [] : list)));
      const list = words[index] ?? [];
      return {
        id,
        letters: lettersOf(label),
        words: list,
        own: new Set(list.filter((word) => !others.has(word))),
      };
    });
  }

  find({ is, text }: TextLine): string | undefined {
    if (is === 'text') return this.questions.find(({ letters }) => letters === lettersOf(text))?.id;
    if (is !== 'heading' || ++this.headings > mostHeadings) return undefined;
    const words = wordsOf(text);
    return this.byWords(words) ?? this.byNumber(text, words);
  }

  /** A heading may be short or reworded, as long as it has a word that no other question has. */
  private byWords(words: readonly string[]): string | undefined {
    const likely = this.questions
      .filter(({ own }) => words.some((word) => own.has(word)))
      .map((question) => ({ id: question.id, ...overlap(words, question.words) }))
      .filter(({ ofFound }) => ofFound >= 0.6)
      .sort((a, b) => b.ofFound - a.ofFound || b.ofBoth - a.ofBoth);
    return likely[0]?.id;
  }

  /** `## 2.` or `## Question 2` */
  private byNumber(text: string, words: readonly string[]): string | undefined {
    const number = words.length <= 1 ? /\d+/.exec(text)?.[0] : undefined;
    return number === undefined ? undefined : this.questions[Number(number) - 1]?.id;
  }
}

function isResponse(text: string): boolean {
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
}

function fillerWarning(text: string): Message | undefined {
  const words = wordsOf(text);
  const repeated = words.length > 2 && new Set(words).size === 1;
  const known = /\blorem ipsum\b|\basdf|\bqwert/i.test(text);
  return repeated || known
    ? message('reflection/filler', 'This looks like filler; it counts all the same.')
    : undefined;
}

/** Why there are fewer responses than asked for, if there are. */
function shortfall(
  ticket: Ticket,
  sections: Map<string, Section>,
  responses: Map<string, Response>,
): Message | undefined {
  const missing = ticket.choose - responses.size;
  if (missing <= 0) return undefined;
  for (const [id, { hidden }] of sections) {
    if (hidden && !responses.has(id)) {
      return message(
        'reflection/hidden',
        `What you wrote in line ${hidden.line} stands between <!-- and -->, which hides it. Write it below, outside these marks.`,
      );
    }
  }
  if (sections.size === 0) {
    return message(
      'reflection/no-questions',
      'None of the questions stands in this file, so nothing can be told to answer one. Put their headings back.',
    );
  }
  if (responses.size === 0) {
    return message(
      'reflection/untouched',
      `Nothing is written under the questions yet. Pick ${ticket.choose} and react to them.`,
    );
  }
  const more = missing === 1 ? 'one more question' : `${missing} more questions`;
  return message(
    'reflection/too-few',
    `So far ${responses.size} of ${ticket.choose} responses. Pick ${more}.`,
  );
}

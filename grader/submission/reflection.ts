import { type Message, message, raw } from '../message';
import type { Rubric } from '../rubric/rubric';
import { readLines, type TextLine } from './markdown';
import { QuestionFinder } from './questions';
import { type Reflection, type Response, untouchedReflection } from './submission';
import { lettersOf, repeatsOneWord } from './words';

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
  const placeholder = lettersOf(ticket.placeholder ?? '') || undefined;
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  for (const line of lines) {
    const found = questions.find(line);
    if (found) {
      section = sections.get(found.id) ?? { lines: [] };
      sections.set(found.id, section);
    }
    const text = found ? found.rest : line.text;
    if (!section || text.trim() === '' || lettersOf(text) === placeholder) continue;
    if (line.is === 'comment') section.hidden ??= line;
    else section.lines.push({ ...line, text });
  }
  return sections;
}

function isResponse(text: string): boolean {
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
}

function fillerWarning(text: string): Message | undefined {
  const known = /\blorem ipsum\b|\basdf|\bqwert/i.test(text);
  return known || repeatsOneWord(text)
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
        `What you wrote in line ${hidden.line} stands between <!-- and -->, which hides it. Write it outside these marks.`,
      );
    }
  }
  if (sections.size === 0) {
    return message(
      'reflection/no-questions',
      'The headings with the questions are gone, so it is not clear what answers what. Put them back above your text.',
    );
  }
  if (responses.size === 0) {
    return message(
      untouchedReflection,
      `Nothing is written under the questions yet. Pick ${ticket.choose} and react to them.`,
    );
  }
  const more = missing === 1 ? 'one more question' : `${missing} more questions`;
  return message(
    'reflection/too-few',
    `So far ${responses.size} of ${ticket.choose} responses. Pick ${more}.`,
  );
}

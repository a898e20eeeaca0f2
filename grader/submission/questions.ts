import { distance } from 'fastest-levenshtein';
import type { Rubric } from '../rubric/rubric';
import type { TextLine } from './markdown';
import { lettersOf, overlap, wordsOf } from './words';

/** More headings than any exit ticket has; the rest are text. */
const mostHeadings = 200;
/** A word of this length tells a question even if it stands alone. */
const telling = 6;

type Ticket = NonNullable<Rubric['reflection']>;

/** The question that a line puts, and what stands after it on the same line. */
export interface FoundQuestion {
  readonly id: string;
  readonly rest: string;
}

interface Question {
  readonly id: string;
  readonly letters: string;
  readonly words: readonly string[];
  /** Words that no other question has. */
  readonly own: readonly string[];
}

/** What is known of the questions of each ticket: cutting them into words takes longer than most files do. */
const known = new WeakMap<Ticket, readonly Question[]>();

function questionsOf(ticket: Ticket): readonly Question[] {
  const found = known.get(ticket);
  if (found) return found;
  const words = ticket.questions.map(({ label }) => wordsOf(label));
  const questions = ticket.questions.map(({ id, label }, index) => {
    const others = new Set(words.flatMap((list, other) => (other === index ? [] : list)));
    const list = words[index] ?? [];
    return { id, letters: lettersOf(label), words: list, own: list.filter((word) => !others.has(word)) };
  });
  known.set(ticket, questions);
  return questions;
}

/** Tells which question a line puts, however it is written. For one file. */
export class QuestionFinder {
  private readonly questions: readonly Question[];
  private headings = 0;

  constructor(ticket: Ticket) {
    this.questions = questionsOf(ticket);
  }

  find({ is, text }: TextLine): FoundQuestion | undefined {
    if (is === 'comment') return undefined;
    const letters = lettersOf(text);
    const same = this.questions.find((question) => question.letters === letters);
    if (same) return { id: same.id, rest: '' };
    if (is !== 'heading' || ++this.headings > mostHeadings) return undefined;
    const begun = this.questions.find((question) => letters.startsWith(question.letters));
    if (begun) return { id: begun.id, rest: afterLetters(text, begun.letters) };
    const id = this.byWords(wordsOf(text)) ?? this.byNumber(text);
    return id === undefined ? undefined : { id, rest: '' };
  }

  /** A heading may be short, reworded or misspelt, as long as it has a word that no other question has. */
  private byWords(words: readonly string[]): string | undefined {
    const likely = this.questions
      .filter(({ own }) => words.some((word) => own.some((known) => isAlike(word, known))))
      .map((question) => ({
        ...question,
        ...overlap(
          words.map((word) => question.words.find((known) => isAlike(word, known)) ?? word),
          question.words,
        ),
      }))
      .filter(({ ofFound, shared, own }) => {
        const tells =
          shared > 1 ||
          words.some((word) => word.length >= telling && own.some((known) => isAlike(word, known)));
        return ofFound >= 0.6 && tells;
      })
      .sort((a, b) => b.ofFound - a.ofFound || b.ofBoth - a.ofBoth);
    return likely[0]?.id;
  }

  /** `## 2.`, `## Question 2` or `## 2. a translation` */
  private byNumber(text: string): string | undefined {
    const number = /^\s*(?:\p{L}+\s*)?(\d{1,2})\s*(?:[.):]|$)/u.exec(text)?.[1];
    return number === undefined ? undefined : this.questions[Number(number) - 1]?.id;
  }
}

/** The same word, or one with a slip of the pen in it. */
function isAlike(word: string, known: string): boolean {
  return word === known || (known.length >= telling && word.length <= 40 && distance(word, known) <= 1);
}

/** What is left of a line once its first letters, and the marks after them, are taken away. */
function afterLetters(text: string, letters: string): string {
  let passed = '';
  let position = 0;
  for (const character of text) {
    if (passed.length >= letters.length) break;
    passed += lettersOf(character);
    position += character.length;
  }
  return text.slice(position).replace(/^[\s\p{P}]+/u, '');
}

import { limits, Refusal, tooDeep, tooLarge } from './refusal';
import { Scanner } from './scanner';
import { unclosed } from './slips/brackets';
import { unexpected } from './slips/slip';
import type { Action } from './syntax';
import type { Chunk, Token } from './token';

/** Words that can never name a constant. */
const reserved = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

export function isReserved(word: string): boolean {
  return reserved.has(word);
}

/**
 * One token of look-ahead over a file, shared by everything that parses. It only moves forwards, and
 * it counts how deep the parser has gone.
 */
export class Cursor {
  readonly source: string;
  token: Token;
  /** The token before `token`. */
  previous: Token;
  /** Brackets open around the value being read; outside all of them a line end can end it. */
  brackets = 0;
  /** The first entry that began a line no further in than the line of the bracket it stands in. */
  suspect: { open: Token; next: Token } | undefined;
  /** Every name passed so far, but for those after a dot. */
  readonly names: Token[] = [];
  /** Parts passed so far that would do something when run. */
  readonly actions: Action[] = [];
  private readonly scanner: Scanner;
  /** Whether code that was passed over would do something when run. */
  acts = false;
  /** Whether the round bracket before closed the head of an if or of a loop. */
  afterHead = false;
  private depth = 0;
  private tokens = 0;

  constructor(source: string) {
    this.source = source;
    this.scanner = new Scanner(source);
    this.token = this.scanner.next();
    this.previous = this.token;
  }

  advance(): Token {
    if (++this.tokens > limits.tokens) throw tooLarge(this.token.start);
    if (this.token.kind === 'name' && this.previous.text !== '.') this.names.push(this.token);
    this.previous = this.token;
    this.token = this.scanner.next();
    return this.previous;
  }

  /** The rest of a template literal's current piece; `token` is its backtick, or the `}` after a value. */
  chunk(): Chunk {
    const chunk = this.scanner.chunk();
    this.token = { ...this.token, end: chunk.end };
    return chunk;
  }

  is(...marks: string[]): boolean {
    return this.token.kind === 'mark' && marks.includes(this.token.text);
  }

  isWord(...words: string[]): boolean {
    return this.token.kind === 'name' && words.includes(this.token.text);
  }

  eat(mark: string): boolean {
    if (!this.is(mark)) return false;
    this.advance();
    return true;
  }

  eatWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.advance();
    return true;
  }

  want(mark: string): void {
    if (!this.eat(mark)) throw unexpected(this.source, this.token, mark);
  }

  wantWord(word: string): void {
    if (!this.eatWord(word)) throw unexpected(this.source, this.token, `the word ${word}`);
  }

  /** A name that the file may give to a constant or a type. */
  wantName(): Token {
    if (this.token.kind !== 'name' || isReserved(this.token.text)) {
      throw unexpected(this.source, this.token, 'a name');
    }
    return this.advance();
  }

  /** The end of a statement: `;`, a line end, or the end of the file. */
  wantEnd(): void {
    if (this.eat(';') || this.token.afterNewline || this.token.kind === 'end') return;
    throw unexpected(this.source, this.token, 'the end of the line');
  }

  /** Runs `work` one level deeper, and refuses the file where that is too deep. */
  nested<Result>(work: () => Result): Result {
    if (++this.depth > limits.depth) throw tooDeep(this.token.start);
    const result = work();
    this.depth--;
    return result;
  }

  /** As `nested`, for what a bracket encloses. */
  enclosed<Result>(work: () => Result): Result {
    this.brackets++;
    const result = this.nested(work);
    this.brackets--;
    return result;
  }

  /** As `enclosed`; `token` is the bracket that opens. */
  bracketed<Result>(work: (open: Token) => Result): Result {
    const open = this.advance();
    return this.enclosed(() => work(open));
  }

  /** Notes an entry that starts a line no further in than the line that opened its bracket. */
  watch(open: Token): void {
    const isEntry = this.token.kind === 'name' || this.token.kind === 'text';
    if (this.suspect || !isEntry || !this.token.afterNewline) return;
    if (this.indentation(this.token.start) <= this.indentation(open.start)) {
      this.suspect = { open, next: this.token };
    }
  }

  /** The refusal for a bracket that is still open where `token` stands, if that is what went wrong. */
  leftOpen(open: Token): Refusal | undefined {
    const { suspect, token, previous, source } = this;
    if (suspect && suspect.open.start >= open.start)
      return unclosed(source, suspect.open, previous, suspect.next);
    const isOver = token.kind === 'end' || (token.text === ';' && token.afterNewline);
    return isOver ? unclosed(source, open, previous) : undefined;
  }

  private indentation(offset: number): number {
    const lineStart = this.source.lastIndexOf('\n', offset - 1) + 1;
    return /^[ \t]*/.exec(this.source.slice(lineStart, lineStart + 200))?.[0].length ?? 0;
  }
}

export function notRead(offset: number, what: string): Refusal {
  return new Refusal(
    'value',
    'not-data',
    offset,
    `${what} is not read here: the file is data and is never run. Write a number.`,
  );
}

export function mutation(offset: number): Refusal {
  return new Refusal(
    'file',
    'mutation',
    offset,
    'This could change a value that stands elsewhere, and the file is never run. Write each number where it belongs.',
  );
}

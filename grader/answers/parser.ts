import * as diagnose from './diagnostics';
import { Diagnostic, inFile, limits, type Nature } from './diagnostics';
import { Lexer } from './lexer';
import { is, type Token } from './token';

/** From the first character to just after the last, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An expression where a value is expected. Parentheses and types are left out, because they change no value. */
export type Expression = Span &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'bigint'; readonly value: bigint }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
    | { readonly kind: 'identifier'; readonly name: string }
    | { readonly kind: 'array'; readonly items: readonly ArrayItem[] }
    | { readonly kind: 'object'; readonly entries: readonly (ObjectEntry | Spread)[] }
    | { readonly kind: 'member'; readonly of: Expression; readonly key: string | Expression }
    /** `Math.name(...)` */
    | { readonly kind: 'math'; readonly name: string; readonly args: readonly ArrayItem[] }
    /** `4 MiB`: a number and its unit. */
    | { readonly kind: 'unit'; readonly number: string; readonly text: string }
    | { readonly kind: 'sign'; readonly operator: '+' | '-'; readonly of: Expression }
    | {
        readonly kind: 'arithmetic';
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
  );

export type ArrayItem = Expression | Spread;

export interface Spread extends Span {
  readonly kind: 'spread';
  readonly of: Expression;
}

export interface ObjectEntry extends Span {
  readonly kind: 'entry';
  readonly key: string | Expression;
  readonly value: Expression;
}

/** A statement that running the file would execute. */
export type Statement =
  | (Span & { readonly kind: 'const'; readonly name: string; readonly value: Expression })
  | (Span & { readonly kind: 'export default'; readonly value: Expression })
  | (Span & { readonly kind: 'print'; readonly args: readonly ArrayItem[] });

/** The contents of a file, without types. */
export interface Module {
  readonly statements: readonly Statement[];
  /** The constant behind each exported name, and where it is exported. */
  readonly exports: ReadonlyMap<string, Span & { readonly name: string }>;
  /** Names whose values come from other files. */
  readonly imports: ReadonlySet<string>;
  /** Where each constant is declared. */
  readonly constants: ReadonlyMap<string, Span>;
}

/** Words that can never name a constant or a type. */
const reserved = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/** Names whose meaning the reader, or a program that runs the file, relies on. */
export const taken = new Set(
  'Math NaN Infinity undefined console Object globalThis eval arguments exports require module'.split(' '),
);

/** Words that begin a statement but no value. */
const statementWords = ['import', 'export', 'const', 'let', 'var', 'interface', 'console'];

/** How tightly each arithmetic operator binds. */
const precedence = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
  ['%', 2],
  ['**', 3],
]);

const otherOperators =
  '?? || && | ^ & == != === !== < > <= << += -= *= /= %= **= <<= &= |= ^= &&= ||= ??= ++ --'.split(' ');

/** Methods of `console` that only print. */
const printing = ['log', 'info', 'debug', 'warn', 'error', 'table', 'dir', 'group', 'groupEnd'];

/** Words that begin code that would have to run, and what a student would call it. */
const codeWords = new Map([
  ...['function', 'async'].map((word) => [word, 'A function'] as const),
  ...['abstract', 'class'].map((word) => [word, 'A class'] as const),
  ...['if', 'for', 'while', 'do', 'try', 'throw', 'switch', 'return', 'enum', 'namespace', 'declare'].map(
    (word) => [word, `The word ${word} and what belongs to it`] as const,
  ),
  ...['this', 'super', 'yield', 'typeof', 'void', 'import', 'await'].map(
    (word) => [word, `The word ${word}`] as const,
  ),
  ['new', 'Making an object with new'],
  ['delete', 'Deleting a part of a value'],
]);

/** Words that TypeScript reads as a modifier where a type name is expected, and other programs as an operator. */
const modifiers = new Set(
  'abstract accessor as asserts async declare infer override readonly satisfies unique'.split(' '),
);

/** The most tokens in the parameters of a type; small, because brackets may be nested. */
const maxParameters = 60;

/** Type names after which a < or a dot does not belong to the type. */
const typeKeywords = new Set(
  'any bigint boolean false never null number object string symbol this true undefined unknown void'.split(
    ' ',
  ),
);

/**
 * Parses a whole file by the smallest grammar that honest students write, in which nothing has to run.
 *
 * @throws {Diagnostic} at the first part that the grammar does not cover; it costs the whole file.
 */
export function parseModule(source: string): Module {
  const parser = new Parser(source);
  parser.file();
  return parser;
}

/** Parses a file that has a fault, as far as the statement before it. */
export function parseBeforeFault(source: string): Module {
  const parser = new Parser(source);
  try {
    parser.file();
    return parser;
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    // A statement ends before characters that are no token. Anything else may belong to the statement that it is in.
    return parseBeforeFault(source.slice(0, parser.unread ?? parser.begun));
  }
}

/** Stands for the token before the first. */
const none: Token = { kind: 'end', text: '', value: Number.NaN, start: 0, end: 0, precededByNewline: false };

/** Recursive descent with one token of look-ahead. */
class Parser implements Module {
  readonly statements: Statement[] = [];
  readonly exports = new Map<string, Span & { name: string }>();
  readonly imports = new Set<string>();
  readonly constants = new Map<string, Span>();
  private readonly types = new Set<string>();
  /** Where the statement begins that is parsed. */
  begun = 0;
  /** The end of the last token, if what follows is none. */
  unread: number | undefined;
  private readonly source: string;
  private readonly lexer: Lexer;
  private token = none;
  private previous = none;
  private depth = 0;
  private tokens = 0;
  /** Brackets that are open around the current value. */
  private brackets = 0;
  private hasLookedForArrow = false;
  /** The object that was closed last: its opening bracket, its last token, and its closing bracket. */
  private lastClosed: { readonly open: Token; readonly last: Token; readonly close: Token } | undefined;
  /** The first entry on a new line that is indented no further than the line of its opening bracket. */
  private misindented: { readonly open: Token; readonly next: Token } | undefined;

  constructor(source: string) {
    this.source = source;
    this.lexer = new Lexer(source);
  }

  file(): void {
    this.next();
    while (this.token.kind !== 'end') {
      this.begun = this.token.start;
      if (!this.eat(';')) this.statement();
    }
    for (const { name, start } of this.exports.values()) {
      const isKnown = [this.constants, this.imports, this.types].some((names) => names.has(name));
      if (isKnown || name === 'default') continue;
      this.begun = start;
      throw inFile('unknown-export', start, 'There is no const called {name} to export.', { name });
    }
  }

  // Statements

  private statement(): void {
    const { token } = this;
    if (token.kind === 'string') {
      this.advance(); // 'use strict', or a text on its own: it says nothing
      this.endStatement();
    } else if (this.isWord('import')) this.importDeclaration();
    else if (this.isWord('export')) this.exportDeclaration();
    else if (this.isWord('const', 'let', 'var')) this.constDeclaration(false);
    else if (this.isWord('type', 'interface')) this.typeDeclaration();
    else if (this.isWord('console')) this.printStatement();
    else this.noStatement();
  }

  /** `const name: Type = value, other = value;` */
  private constDeclaration(isExported: boolean): void {
    if (!this.eatWord('const')) {
      const { start, end, text: word } = this.token;
      const text =
        '{word} allows a value to change later, but this file is only read, not run. Write const instead.';
      throw inFile('use-const', start, text, { word }).withFix(start, end, 'const');
    }
    let before: Expression | undefined;
    do {
      const { start } = this.token;
      if (this.is('{', '['))
        throw inFile(
          'destructuring',
          start,
          'Several names in brackets are not supported here: write one const for each name.',
        );
      const isOver = this.token.kind === 'end' || this.is(';') || this.isWord(...statementWords);
      if (before && isOver)
        throw inFile(
          'comma-at-end',
          this.previous.start,
          'This is the end: write a semicolon instead of this comma.',
        ).withFix(this.previous.start, this.previous.end, ';');
      if (before?.kind === 'object' && this.token.kind !== 'identifier')
        throw diagnose.extraBrace(before.end - 1);
      const { text: name } = this.wantIdentifier();
      if (this.eat(':')) this.type();
      if (!this.eat('=')) {
        throw before?.kind === 'object'
          ? diagnose.extraBrace(before.end - 1)
          : this.unexpected('an equals sign');
      }
      const { end: equals } = this.previous;
      const value = this.expression();
      if (value.kind === 'identifier' && this.is(':'))
        throw inFile('missing-brace', equals, 'A { is missing here, after the equals sign.').withFix(
          equals,
          equals,
          ' {',
        );
      const span = { start, end: value.end };
      this.declare(name, span);
      this.constants.set(name, span);
      this.statements.push({ kind: 'const', name, value, ...span });
      before = value;
      if (isExported) this.addExport(name, { name, ...span });
    } while (this.eat(','));
    this.endStatement();
  }

  /** `console.log(...)` and the like. */
  private printStatement(): void {
    const { start } = this.advance();
    const isPrint = this.eat('.') && printing.includes(this.token.text);
    if (!isPrint) throw thisLine(start);
    const { text: method } = this.advance();
    if (!this.is('(')) throw thisLine(start);
    const args = this.inLine(start, ['code', 'change'], () => this.list(')'));
    // A second argument has to be of a certain kind there, or running the file fails.
    if (['table', 'dir'].includes(method) && args.length > 1) throw thisLine(start);
    this.statements.push({ kind: 'print', args, start, end: this.previous.end });
    this.endStatement();
  }

  /** Reports a token that begins no statement, and what was probably meant. */
  private noStatement(): never {
    const { start } = this.token;
    const last = this.statements.at(-1);
    const table = last?.kind === 'const' && last.value.kind === 'object' ? last.value : undefined;
    if (this.is('}') && table) throw diagnose.extraBrace(start);
    const what = this.token.kind === 'identifier' ? codeWords.get(this.token.text) : undefined;
    if (what) throw diagnose.codeStatement(start, what);
    const value = this.inLine(start, ['code'], () => this.expression());
    if (value.kind === 'object') throw diagnose.missingExportConst(start);
    if (this.is(':')) throw table ? diagnose.extraBrace(table.end - 1) : diagnose.missingExportConst(start);
    if (value.kind === 'identifier') throw diagnose.strayWord(value.name, start);
    throw diagnose.strayWord(this.source.slice(start, value.end), start);
  }

  /**
   * Runs `work` for a line that no answer depends on. Advises deleting the line if it has a fault of one of
   * `natures`.
   */
  private inLine<Result>(start: number, natures: readonly Nature[], work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw error instanceof Diagnostic && natures.includes(error.nature) ? thisLine(start) : error;
    }
  }

  /** Every form of `import`. No other file is opened: a type costs nothing, and a value is unknown. */
  private importDeclaration(): void {
    const { start } = this.advance();
    if (this.token.kind === 'string')
      throw inFile('another-file', start, 'Only this file is read, so delete this line.');
    const typesOnly = this.eatWord('type');
    const names: Token[] = [];
    if (this.token.kind === 'identifier') {
      names.push(this.wantIdentifier());
      if (!this.is(',') && !this.isWord('from')) throw this.unexpected('the word from');
      if (this.is(',') && typesOnly) throw this.unexpected('the word from');
      if (this.eat(',') && !this.is('*', '{')) throw this.unexpected('{');
    }
    if (this.eat('*')) {
      this.wantWord('as');
      names.push(this.wantIdentifier());
    } else if (this.is('{')) this.specifiers('second', (_outer, inner) => names.push(inner));
    this.wantWord('from');
    this.wantString();
    this.endStatement();
    if (typesOnly) {
      for (const { text } of names) this.types.add(text);
      return;
    }
    for (const { text, start: at, end } of names) {
      this.declare(text, { start: at, end });
      this.imports.add(text);
    }
  }

  /** Every form of `export`. */
  private exportDeclaration(): void {
    const { start } = this.advance();
    if (this.isWord('const', 'let', 'var')) this.constDeclaration(true);
    else if (this.isWord('type', 'interface')) this.exportType();
    else if (this.eatWord('default')) {
      const { start: equals, end } = this.token;
      if (this.is('='))
        throw inFile('equals-after-default', equals, 'Delete the equals sign after default.').withFix(
          equals,
          end,
          '',
        );
      const value = this.expression();
      const span = { start, end: value.end };
      this.addExport('default', { name: 'default', ...span });
      this.statements.push({ kind: 'export default', value, ...span });
      this.endStatement();
    } else if (this.is('{')) {
      const names: { inner: Token; outer: Token }[] = [];
      this.specifiers('first', (inner, outer) => names.push({ inner, outer }));
      if (this.isWord('from')) throw diagnose.inAnotherFile(start);
      for (const { inner, outer } of names) {
        this.addExport(outer.text, { name: inner.text, start: inner.start, end: outer.end });
      }
      this.endStatement();
    } else if (this.is('*')) throw diagnose.inAnotherFile(start);
    else {
      const { kind, text } = this.token;
      const what = codeWords.get(text);
      if (what) throw diagnose.codeStatement(start, what);
      const isNamed = kind === 'identifier' && is(this.lexer.peek(), ':', '=');
      throw isNamed ? diagnose.missingConst(this.token.start, text) : this.unexpected('the word const');
    }
  }

  /** `type Name = ...`, `interface Name { ... }` and `type { Name }`, all after `export`. */
  private exportType(): void {
    if (!this.isWord('type') || !is(this.lexer.peek(), '{')) {
      this.typeDeclaration();
      return;
    }
    this.advance();
    this.specifiers('first', () => undefined);
    if (this.eatWord('from')) this.wantString();
    this.endStatement();
  }

  /** `{ a, b as c, type D }`; types are skipped, and a name in this file must not be a reserved word. */
  private specifiers(mine: 'first' | 'second', use: (first: Token, second: Token) => void): void {
    this.want('{');
    while (!this.eat('}')) {
      const isType = this.eatWord('type');
      const first = this.wantWordToken();
      const second = this.eatWord('as') ? this.wantWordToken() : first;
      const { text, start } = mine === 'first' ? first : second;
      if (reserved.has(text)) throw diagnose.takenName(text, start);
      if (isType) this.types.add(second.text);
      else use(first, second);
      if (!this.is('}')) this.want(',');
    }
  }

  private declare(name: string, { start }: Span): void {
    if (taken.has(name)) throw diagnose.takenName(name, start);
    if (this.constants.has(name) || this.imports.has(name))
      throw inFile('duplicate-name', start, '{name} is declared twice. Keep one of the two.', { name });
  }

  private addExport(name: string, what: Span & { name: string }): void {
    if (this.exports.has(name))
      throw inFile('duplicate-export', what.start, '{name} is exported twice. Keep one of the two.', {
        name,
      });
    this.exports.set(name, what);
  }

  /** The end of a statement: `;`, a line end, or the end of the file. */
  private endStatement(): void {
    if (this.eat(';') || this.token.precededByNewline || this.token.kind === 'end') return;
    if (this.is('}')) throw diagnose.extraBrace(this.token.start);
    this.rejectOperator();
    throw this.unexpected('the end of the line');
  }

  // Values

  /** One value, up to the `,`, bracket or statement end after it. */
  private expression(): Expression {
    return this.nested(() => {
      const value = this.withType(this.arithmetic(0));
      if (this.is('=')) throw this.equalsSign(value);
      this.rejectOperator();
      return value;
    });
  }

  /** Rejects an operator after a value that makes code of it. */
  private rejectOperator(): void {
    const { token } = this;
    if (this.is('=>')) throw diagnose.wouldRun(token.start, 'A function');
    if (this.is('?')) {
      const next = this.lexer.peek();
      const isDoubt = is(next, ',', '}', ')', ']', ';') || next.kind === 'end' || next.precededByNewline;
      throw isDoubt
        ? diagnose.questionMark(token.start)
        : diagnose.wouldRun(token.start, 'A choice with ? and :');
    }
    if (this.is('++', '--') && token.precededByNewline) return;
    if (this.is(...otherOperators) && /^\+\+|^--|[^=!<]=$/.test(token.text))
      throw diagnose.assignment(token.start);
    if (this.is(...otherOperators) || this.isWord('in', 'instanceof'))
      throw diagnose.notArithmetic(token.start, this.operatorAt(token));
  }

  /** An operator exactly as typed, even where its characters are separate tokens. */
  private operatorAt({ start, text }: Token): string {
    return /^[<>=&|!^?]+/.exec(this.source.slice(start, start + 4))?.[0] ?? text;
  }

  private equalsSign(value: Expression): Diagnostic {
    if (value.kind === 'member') {
      const isExports = /^(?:module\.)?exports\b/.test(this.source.slice(value.start, value.end));
      return isExports ? diagnose.missingExportConst(value.start) : diagnose.assignment(value.start);
    }
    if (value.kind === 'identifier' && this.brackets === 0)
      return diagnose.missingConst(value.start, value.name);
    const { start, end } = this.token;
    return this.source.slice(value.start, value.end) === 'null'
      ? inFile(
          'beside-null',
          start,
          'The word null is still here. Delete it and the equals sign, and keep the number.',
        ).withFix(value.start, end, '')
      : inFile('equals-sign', start, 'There is an equals sign inside a value. Keep only one side of it.');
  }

  /** `as Type` and `satisfies Type` after a value. */
  private withType(value: Expression): Expression {
    let wider = value;
    while (this.isWord('as', 'satisfies') && !this.token.precededByNewline) {
      const isAs = this.advance().text === 'as';
      if (!(isAs && this.eatWord('const'))) this.type();
      wider = { ...value, end: this.previous.end };
      if (precedence.has(this.token.text) && this.token.kind === 'punctuator')
        throw inFile(
          'type-in-arithmetic',
          this.token.start,
          'Put parentheses around the value and its type, and calculate outside them.',
        );
    }
    return wider;
  }

  private arithmetic(above: number): Expression {
    let left = this.signed();
    for (;;) {
      const operator = this.token.text;
      const binds = this.token.kind === 'punctuator' ? (precedence.get(operator) ?? 0) : 0;
      if (binds <= above) return left;
      this.advance();
      // ** is right-associative, all others are left-associative.
      const right = this.nested(() => this.arithmetic(operator === '**' ? binds - 1 : binds));
      left = { kind: 'arithmetic', operator, left, right, start: left.start, end: right.end };
    }
  }

  private signed(): Expression {
    const { token } = this;
    const { start, text } = token;
    if (this.is('!', '~')) throw diagnose.notArithmetic(start, text);
    if (this.is('++', '--')) throw diagnose.assignment(start);
    if (!this.is('-', '+')) return this.postfix(this.primary());
    this.advance();
    const of = this.nested(() => this.signed());
    if (this.is('**'))
      throw inFile('signed-power', start, 'Put parentheses around the signed number before **.');
    return { kind: 'sign', operator: text === '-' ? '-' : '+', of, start, end: of.end };
  }

  private postfix(first: Expression): Expression {
    let value = first;
    for (;;) {
      const { start } = value;
      if (this.eat('.')) {
        const { text: key, end } = this.wantPart();
        value = { kind: 'member', of: value, key, start, end };
      } else if (this.is('[')) {
        const key = this.bracketed(() => this.expression());
        this.want(']');
        value = { kind: 'member', of: value, key, start, end: this.previous.end };
      } else if (this.is('(')) {
        const name = mathFunction(value);
        if (value.kind === 'number')
          throw inFile(
            'brackets-after-number',
            this.token.start,
            'Delete the parentheses after {number} and everything in them. (To multiply, write *; a note goes after //.)',
            { number: this.source.slice(start, value.end) },
          );
        if (name === undefined) throw diagnose.call(start);
        const args = this.list(')');
        value = { kind: 'math', name, args, start, end: this.previous.end };
      } else if (this.is('!') && !this.token.precededByNewline) {
        value = { ...value, end: this.advance().end };
      } else if (this.is('?.')) throw diagnose.wouldRun(this.token.start, 'The sign ?.');
      else if (this.token.kind === 'template') throw diagnose.call(start);
      else return value;
    }
  }

  private primary(): Expression {
    const { token } = this;
    const { start, end, kind, text, value } = token;
    switch (kind) {
      case 'number':
        this.advance();
        return { kind, value, start, end };
      case 'bigint':
        this.advance();
        return { kind, value: BigInt(text.slice(0, -1).replaceAll('_', '')), start, end };
      case 'string':
      case 'template':
        this.advance();
        return { kind: 'string', value: text, start, end };
      case 'identifier': {
        if (this.eatWord('null')) return { kind: 'null', start, end };
        if (this.eatWord('true') || this.eatWord('false'))
          return { kind: 'boolean', value: text === 'true', start, end };
        const what = reserved.has(text) || text === 'async' ? codeWords.get(text) : undefined;
        if (what !== undefined) throw diagnose.wouldRun(start, what);
        this.wantIdentifier();
        return { kind, name: text, start, end };
      }
      case 'punctuator':
        if (this.is('(')) return this.parenthesized();
        if (this.is('[')) return { kind: 'array', items: this.list(']'), start, end: this.previous.end };
        if (this.is('{')) return this.object();
        throw diagnose.missingOperand(this.source, token);
      case 'end':
        throw diagnose.missingOperand(this.source, token);
    }
  }

  /**
   * `( value )`; anything else in parentheses can only be the start of a function, or a row in the wrong
   * brackets.
   */
  private parenthesized(): Expression {
    const { start } = this.token;
    try {
      const value = this.bracketed(() => {
        if (this.is(')', '...')) throw diagnose.roundBrackets(start);
        const inside = this.expression();
        if (this.is(',', ':')) throw diagnose.roundBrackets(start);
        return inside;
      });
      this.want(')');
      return { ...value, start, end: this.previous.end };
    } catch (error) {
      // Looked for only once: nested brackets would repeat the search at each level.
      if (this.hasLookedForArrow || !(error instanceof Diagnostic)) throw error;
      this.hasLookedForArrow = true;
      throw this.isArrowFunction(start) ? diagnose.wouldRun(start, 'A function') : error;
    }
  }

  /** Whether an arrow follows the parentheses at an offset, with or without a type before it. */
  private isArrowFunction(start: number, most: number = limits.tokens): boolean {
    try {
      const lexer = new Lexer(this.source, start);
      let depth = 0;
      for (let count = 0; count < most; count++) {
        const token = lexer.next();
        if (token.kind === 'end') return false;
        depth += nesting(token);
        if (depth > 0) continue;
        const next = lexer.next();
        return is(next, '=>') || (is(next, ':') && this.hasArrowInLine(next));
      }
      return false;
    } catch (error) {
      if (error instanceof Diagnostic) return false;
      throw error;
    }
  }

  private hasArrowInLine({ end }: Token): boolean {
    return /^[^\n\r]*=>/.test(this.source.slice(end, end + 200));
  }

  /** Values between brackets; the current token is the opening bracket. */
  private list(close: ')' | ']'): ArrayItem[] {
    const items: ArrayItem[] = [];
    this.bracketed((open) => {
      while (!this.is(close)) {
        items.push(this.is('...') ? this.spread() : this.expression());
        if (!this.is(close)) this.wantComma(open);
      }
    });
    this.want(close);
    return items;
  }

  private spread(): Spread {
    const { start } = this.advance();
    const of = this.expression();
    return { kind: 'spread', of, start, end: of.end };
  }

  /** `{ name: value, ...spread }` */
  private object(): Expression {
    const { token: open } = this;
    const { start } = open;
    const entries: (ObjectEntry | Spread)[] = [];
    this.bracketed(() => {
      while (!this.is('}')) {
        this.noteIndentation(open);
        entries.push(this.is('...') ? this.spread() : this.entry(open));
        if (!this.is('}')) this.wantComma(open);
      }
    });
    const { previous: last } = this;
    this.want('}');
    this.lastClosed = { open, last, close: this.previous };
    return { kind: 'object', entries, start, end: this.previous.end };
  }

  private entry(open: Token): ObjectEntry {
    const { token: first, previous: comma } = this;
    const { start } = first;
    const entry = (key: string | Expression): ObjectEntry => {
      const value = this.withUnit(this.expression());
      return { kind: 'entry', key, value, start, end: value.end };
    };

    if (this.is('[')) {
      const key = this.bracketed(() => this.expression());
      this.want(']');
      this.want(':');
      return entry(key);
    }
    if (this.is('*')) throw diagnose.wouldRun(start, 'A function');
    if (first.kind !== 'identifier' && first.kind !== 'string' && first.kind !== 'number') {
      throw this.leftOpen(open) ?? diagnose.missingName(this.source, first);
    }
    this.advance();
    const { token: after } = this;
    if (this.is('(', '<')) throw diagnose.wouldRun(start, 'A function');
    const isAccessor = first.kind === 'identifier' && /^(?:get|set|async)$/.test(first.text);
    if (isAccessor && !after.precededByNewline && (after.kind === 'identifier' || after.kind === 'string'))
      throw diagnose.wouldRun(start, first.text === 'async' ? 'A function' : 'A getter or setter');
    const key = first.kind === 'number' ? String(first.value) : first.text;
    if (this.eat(':')) {
      if (this.is(',', '}', ';')) throw diagnose.missingValue(this.source.slice(start, first.end), start);
      return entry(key);
    }
    if (first.kind === 'identifier' && !reserved.has(first.text) && this.is(',', '}')) {
      const value: Expression = { kind: 'identifier', name: key, start, end: first.end };
      return { kind: 'entry', key, value, start, end: first.end };
    }
    throw diagnose.missingColon(this.source, first, after, comma);
  }

  /** A number with its unit costs only its own cell, because the text around it is unambiguous. */
  private withUnit(value: Expression): Expression {
    const { end, kind, text, precededByNewline } = this.token;
    const isUnit =
      kind === 'identifier' && !precededByNewline && !reserved.has(text) && !/^[xX]\d*$/.test(text);
    if (value.kind !== 'number' || !isUnit || !is(this.lexer.peek(), ',', '}')) return value;
    this.advance();
    const { start } = value;
    return {
      kind: 'unit',
      number: this.source.slice(start, value.end),
      text: this.source.slice(start, end),
      start,
      end,
    };
  }

  private wantComma(open: Token): void {
    if (this.eat(',')) return;
    throw this.leftOpen(open) ?? diagnose.missingComma(this.source, this.previous, this.token);
  }

  /** Records the first entry on a new line that is indented no further than the line of its opening bracket. */
  private noteIndentation(open: Token): void {
    const { token } = this;
    const isName = token.kind === 'identifier' || token.kind === 'string';
    if (this.misindented || !isName || !token.precededByNewline) return;
    if (this.indentation(token.start) <= this.indentation(open.start)) {
      this.misindented = { open, next: token };
    }
  }

  /** The number of spaces and tabs that indent the line of an offset. */
  private indentation(offset: number): number {
    const before = this.source.slice(Math.max(0, offset - 400), offset);
    const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
    return /^[ \t]*/.exec(line)?.[0].length ?? 0;
  }

  /** The diagnostic for a bracket that is still open at the token, if that is the fault. */
  private leftOpen(open: Token): Diagnostic | undefined {
    const { misindented, lastClosed, token, previous, source } = this;
    if (misindented && misindented.open.start >= open.start && this.staysOpen())
      return diagnose.unclosed(source, misindented.open, previous, misindented.next);
    const isOver = token.kind === 'end' || (this.is(';') && this.endsLine() && !this.isBeforeEntry(open));
    if (!isOver || (this.is(';') && !token.precededByNewline && !is(previous, '}'))) return undefined;
    // A bracket that is indented less than its opening line was meant to close the enclosing one.
    const isTaken =
      lastClosed?.close.precededByNewline === true &&
      this.indentation(lastClosed.close.start) < this.indentation(lastClosed.open.start);
    return lastClosed && isTaken
      ? diagnose.unclosed(source, lastClosed.open, lastClosed.last)
      : diagnose.unclosed(source, open, previous);
  }

  /** Whether another entry of an object, or its end, follows the token, so that a comma was meant here. */
  private isBeforeEntry(open: Token): boolean {
    if (!is(open, '{')) return false;
    try {
      const lexer = new Lexer(this.source, this.token.end);
      return is(lexer.next(), '}', '...') || is(lexer.next(), ':');
    } catch (error) {
      if (!(error instanceof Diagnostic)) throw error;
      return false;
    }
  }

  private endsLine(): boolean {
    try {
      const next = this.lexer.peek();
      return next.kind === 'end' || next.precededByNewline;
    } catch (error) {
      if (!(error instanceof Diagnostic)) throw error;
      return true;
    }
  }

  /** Whether more brackets are open at the token than are closed after it. */
  private staysOpen(): boolean {
    let depth = this.brackets;
    try {
      const lexer = new Lexer(this.source, this.token.start);
      for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
        depth += nesting(token);
      }
    } catch (error) {
      if (!(error instanceof Diagnostic)) throw error;
    }
    return depth > 0;
  }

  // Types: they change no value, so they are skipped, by a grammar that cannot contain code

  /** `type Name<T> = ...` and `interface Name<T> extends Other { ... }` */
  private typeDeclaration(): void {
    const isInterface = this.advance().text === 'interface';
    if (this.token.precededByNewline || modifiers.has(this.token.text))
      throw this.unexpected('a name on the same line');
    this.types.add(this.wantIdentifier().text);
    if (this.eat('<')) this.typeParameters();
    if (!isInterface) {
      this.want('=');
      this.type();
      this.endStatement();
      return;
    }
    if (this.eatWord('extends')) {
      do {
        if (reserved.has(this.token.text)) throw this.unexpected('the name of a type');
        this.typeReference();
      } while (this.eat(','));
    }
    if (!this.is('{')) throw this.unexpected('{');
    this.typeMembers();
  }

  private typeParameters(): void {
    do {
      if (modifiers.has(this.token.text)) throw this.unexpected('a name');
      this.wantIdentifier();
      if (this.eatWord('extends')) this.type();
      if (this.eat('=')) this.type();
    } while (this.eat(','));
    this.want('>');
  }

  /** `A | B & C` */
  private type(): void {
    this.nested(() => {
      if (this.is('(') && this.isArrowFunction(this.token.start, maxParameters)) {
        this.typeOfParameters();
        this.want('=>');
        this.type();
        return;
      }
      if (this.is('|', '&')) this.advance();
      do {
        this.typeOperand();
      } while (this.eat('|') || this.eat('&'));
    });
  }

  private typeOperand(): void {
    while (this.isWord('keyof', 'readonly')) this.advance();
    if (this.eatWord('typeof')) {
      this.wantIdentifier();
      while (this.eat('.')) this.wantPart();
    } else if (this.is('{')) this.typeMembers();
    else if (this.is('[')) this.tupleType();
    else if (this.is('(')) {
      this.bracketed(() => this.type());
      this.want(')');
    } else if (this.eat('-')) {
      if (this.token.kind !== 'number') throw this.unexpected('a number');
      this.advance();
    } else if (this.token.kind === 'number' || this.token.kind === 'string') this.advance();
    else this.typeReference();
    while (this.is('[') && !this.token.precededByNewline) {
      this.bracketed(() => {
        if (!this.is(']')) this.type();
      });
      this.want(']');
    }
  }

  /** `Name.Inner<A, B>`, or a keyword such as `number`. */
  private typeReference(): void {
    const { kind, text } = this.token;
    if (kind === 'identifier' && typeKeywords.has(text)) {
      this.advance();
      if (this.is('.')) throw this.unexpected('the end of the type');
      return;
    }
    if (kind !== 'identifier' || modifiers.has(text)) throw this.unexpected('a type');
    this.wantIdentifier();
    while (this.eat('.')) this.wantPart();
    if (!this.is('<') || this.token.precededByNewline) return;
    this.bracketed(() => {
      do {
        this.type();
      } while (this.eat(','));
    });
    this.want('>');
  }

  /** `[A, B?]`, `[rows: A, columns?: B]`, `[...A[]]` */
  private tupleType(): void {
    this.bracketed(() => {
      while (!this.is(']')) {
        this.eat('...');
        const { token } = this;
        this.type();
        const isName = this.previous === token && token.kind === 'identifier';
        if (!this.token.precededByNewline) this.eat('?');
        if (isName && this.eat(':')) this.type();
        if (!this.is(']')) this.want(',');
      }
    });
    this.want(']');
  }

  /** `{ readonly name?: Type; [key: string]: Type; name(value: Type): Type }`, or `{ [key in Keys]: Type }` */
  private typeMembers(): void {
    this.bracketed((open) => {
      while (!this.is('}')) {
        const isFirst = this.previous === open;
        const isMapped = this.typeMember();
        if (isMapped) {
          this.eat(';');
          if (!isFirst || !this.is('}')) throw this.unexpected('}');
          return;
        }
        if (!this.eat(';') && !this.eat(',') && !this.is('}') && !this.token.precededByNewline)
          throw this.unexpected('a semicolon');
      }
    });
    this.want('}');
  }

  /** @returns whether it is of the form `[key in Keys]: Type`. */
  private typeMember(): boolean {
    let isMapped = false;
    if (this.isWord('readonly') && !is(this.lexer.peek(), ':', '?', ';', ',', '(', '}')) this.advance();
    if (this.is('[')) {
      this.bracketed(() => {
        this.wantIdentifier();
        if (this.eatWord('in')) isMapped = true;
        else this.want(':');
        this.type();
      });
      this.want(']');
      if (isMapped) this.eat('?');
      if (!this.is(':')) throw this.unexpected(':');
    } else if (
      this.token.kind === 'identifier' ||
      this.token.kind === 'string' ||
      this.token.kind === 'number'
    ) {
      const { text } = this.advance();
      this.eat('?');
      // Without a type, these two begin an accessor, even on the next line.
      if (/^[gs]et$/.test(text) && !this.is(':', '(')) throw this.unexpected(':');
    } else throw this.unexpected('a name');
    if (this.is('(')) this.typeOfParameters();
    if (this.eat(':')) this.type();
    return isMapped;
  }

  /** `(name: Type, other?: Type)` of a method */
  private typeOfParameters(): void {
    this.bracketed(() => {
      while (!this.is(')')) {
        this.wantIdentifier();
        this.eat('?');
        if (this.eat(':')) this.type();
        if (!this.is(')')) this.want(',');
      }
    });
    this.want(')');
  }

  // Tokens

  private advance(): Token {
    if (++this.tokens > limits.tokens) throw diagnose.tooLarge(this.token.start);
    this.previous = this.token;
    this.next();
    return this.previous;
  }

  private next(): void {
    this.unread = this.token.end;
    this.token = this.lexer.next();
    this.unread = undefined;
  }

  private is(...punctuators: string[]): boolean {
    return is(this.token, ...punctuators);
  }

  private isWord(...words: string[]): boolean {
    return this.token.kind === 'identifier' && words.includes(this.token.text);
  }

  private eat(punctuator: string): boolean {
    if (!this.is(punctuator)) return false;
    this.advance();
    return true;
  }

  private eatWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.advance();
    return true;
  }

  private want(punctuator: string): void {
    if (!this.eat(punctuator)) throw this.unexpected(punctuator);
  }

  private wantWord(word: string): void {
    if (!this.eatWord(word)) throw this.unexpected(`the word ${word}`);
  }

  private wantString(): void {
    if (this.token.kind !== 'string') throw this.unexpected('a file name in quotes');
    this.advance();
  }

  /** Any word, including a reserved one. */
  private wantWordToken(): Token {
    if (this.token.kind !== 'identifier') throw this.unexpected('a name');
    return this.advance();
  }

  /** The name after a dot, on the same line: on the next, TypeScript reads some words as another statement. */
  private wantPart(): Token {
    if (this.token.precededByNewline) throw this.unexpected('a name on the same line');
    return this.wantWordToken();
  }

  private wantIdentifier(): Token {
    if (reserved.has(this.token.text)) throw this.unexpected('a name');
    return this.wantWordToken();
  }

  private unexpected(wanted: string): Diagnostic {
    return diagnose.unexpected(this.source, this.token, wanted);
  }

  /** Runs `work` one level deeper, and rejects the file if that is too deep. */
  private nested<Result>(work: () => Result): Result {
    if (++this.depth > limits.depth) throw diagnose.tooDeep(this.token.start);
    const result = work();
    this.depth--;
    return result;
  }

  /** Skips the opening bracket, and runs `work` for its contents. */
  private bracketed<Result>(work: (open: Token) => Result): Result {
    const open = this.advance();
    this.brackets++;
    const result = this.nested(() => work(open));
    this.brackets--;
    return result;
  }
}

function thisLine(start: number): Diagnostic {
  return diagnose.wouldRun(start, 'This line', 'Delete the line.');
}

/** The change that a token makes to the number of open brackets. */
function nesting(token: Token): number {
  if (is(token, '(', '[', '{')) return 1;
  return is(token, ')', ']', '}') ? -1 : 0;
}

/** The name in `Math.name`, if the value has that form. */
function mathFunction(value: Expression): string | undefined {
  if (value.kind !== 'member' || typeof value.key !== 'string') return undefined;
  return value.of.kind === 'identifier' && value.of.name === 'Math' ? value.key : undefined;
}

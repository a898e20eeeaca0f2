import {
  Diagnostic,
  diagnose,
  type Fix,
  hiddenByComment,
  lineStart,
  nearest,
  type Slot,
  slipAt,
  strayWord,
  unknownName,
} from './diagnostics';
import {
  calculate,
  memberOf,
  type ObjectField,
  operators,
  type Span,
  unreadable,
  type Value,
} from './evaluate';
import { type Token, tokensOf, unquoted } from './lexer';

/** A name in a file, the offset where it is declared or exported, and its value. */
interface Named {
  readonly start: number;
  readonly value: Value;
}

/** The contents of a file, from its statements up to the first that cannot be read. */
export interface Module {
  readonly exports: ReadonlyMap<string, Named>;
  readonly constants: ReadonlyMap<string, Named>;
  /** Why parts of the file have no value, whether or not an exported value uses them. */
  readonly unreadable: readonly Diagnostic[];
  /** Why reading stopped, if it did. */
  readonly fault?: Diagnostic | undefined;
  /** Where the statement that stopped it begins. */
  readonly faultStart: number;
}

/** Words that can never name a constant. */
export const reserved: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/** Names whose meaning matters to the reader, or to a program that runs the file. */
export const taken: ReadonlySet<string> = new Set(
  'Math NaN Infinity undefined console Object globalThis eval arguments exports require module'.split(' '),
);

/** Members that give an object a prototype, or that run when it is converted to a string or a number. */
const special: ReadonlySet<string> = new Set(['__proto__', 'toString', 'valueOf']);

/** Words that begin a statement. */
const statementWords = ['import', 'export', 'const', 'console'];

/** Names of the language's own types. Other types begin with a capital, and only those take parameters. */
const typeName = /^(?:number|string|boolean|null|undefined|object|unknown|any|[A-Z][\w$]*)$/;

/** With more constants than this, none is suggested for an unknown name, because comparing it with each takes too long. */
const maxKnown = 100;

/** Words after a number that make it a different number; any single letter may do so, too: 4k, 1O. */
const multiple = /^(?:.|bn|dozen|hundred|thousand|million|billion)$/iu;

/** Levels of nested brackets and operators; more could overflow the stack. */
const maxDepth = 64;

/**
 * Reads a whole file in linear time, by the smallest grammar that covers the files of honest students and never has to
 * run any of them. Values are computed along the way, from top to bottom, as if the file were run.
 */
export function parseModule(source: string): Module {
  return new Parser(source);
}

/**
 * Returns the value of a cell's text; undefined if the text is not exactly one value.
 *
 * @param declared consts that it may name.
 */
export function soleValue(text: string, declared = ''): Value | undefined {
  const before = `${declared}export const it = { cell: `;
  const { exports, fault } = parseModule(`${before}${text}, next: 0 };`);
  const it = exports.get('it')?.value;
  if (fault || it?.kind !== 'object') return undefined;
  const nextStart = it.fields.get('next')?.keyStart;
  const isAlone = it.fields.size === 2 && nextStart === before.length + text.length + ', '.length;
  return isAlone ? it.fields.get('cell')?.value : undefined;
}

/** Recursive descent over the tokens of a file. */
class Parser implements Module {
  readonly exports = new Map<string, Named>();
  readonly constants = new Map<string, Named>();
  readonly unreadable: Diagnostic[] = [];
  fault: Diagnostic | undefined;
  faultStart = 0;
  private readonly source: string;
  private readonly tokens: readonly Token[];
  /** How many more braces the file opens than it closes. */
  private readonly openBraces: number;
  private index = 0;
  private depth = 0;
  /** Names in `export { inner as outer }`, which may come before their const. */
  private readonly lists: { readonly inner: Token; readonly outer: Token }[] = [];

  constructor(source: string) {
    this.source = source;
    this.tokens = tokensOf(source);
    this.openBraces = this.tokens.reduce((sum, token) => sum + braces(token), 0);
    try {
      this.statements();
    } catch (error) {
      if (!(error instanceof Diagnostic)) throw error;
      this.fault = error;
      for (const names of [this.constants, this.exports])
        for (const [name, { start }] of names) if (start >= this.faultStart) names.delete(name);
    }
    this.exportLists();
  }

  // Statements

  private statements(): void {
    while (this.token.kind !== 'end') {
      this.faultStart = this.token.start;
      if (!this.eat(';')) this.statement();
    }
  }

  /** Exports the names in lists. */
  private exportLists(): void {
    for (const { inner, outer } of this.lists) {
      const { start, text: name } = inner;
      const named = this.constants.get(name);
      if (named && !this.exports.has(outer.text)) this.exports.set(outer.text, { ...named, start });
      else if (!this.fault) {
        this.fault = diagnose(named ? 'duplicate' : 'unknown-export', start, name);
        this.faultStart = start;
      }
    }
  }

  private statement(): void {
    if (this.eat('const')) this.declarations();
    else if (this.eat('export')) this.exportDeclaration();
    else if (this.is('import')) this.importDeclaration();
    else if (this.is('console')) this.printStatement();
    else throw this.stray();
    const { token } = this;
    // On a new line, an operator continues the value before it.
    const isNext = token.isFirstOnLine && token.kind !== 'punctuator' && !this.is('in', 'instanceof');
    if (!this.eat(';') && token.kind !== 'end' && !isNext)
      throw this.extraBrace() ?? this.unexpected('after', 'the end of the line');
  }

  /** `name: Type = value, other = value`, after `const`. */
  private declarations(): [string, Named][] {
    const declared: [string, Named][] = [];
    do {
      if (declared.length > 0) this.assertNoEnd();
      declared.push(this.declaration());
    } while (this.eat(','));
    return declared;
  }

  /** Throws if nothing follows the last comma in a list of consts. */
  private assertNoEnd(): void {
    const comma = this.previous;
    const isAfterBrace = this.tokens[this.index - 2]?.text === '}';
    const extra = isAfterBrace ? this.extraBrace() : undefined;
    if (extra) throw extra;
    if (this.token.kind === 'end' || this.is(';') || this.is(...statementWords))
      throw diagnose('comma-at-end', comma.start, undefined, { ...comma, text: ';' });
  }

  /** `name: Type = value` */
  private declaration(): [string, Named] {
    const { kind, text: name, start } = this.token;
    if (this.is('{', '[')) throw diagnose('destructuring', start);
    if (kind !== 'identifier') throw this.unexpected('sign', 'a name');
    if (reserved.has(name)) throw diagnose('taken-name', start, name);
    this.advance();
    this.typeAndEquals();
    const { end: equals } = this.previous;
    const value = this.value();
    if (this.is(':') && this.previous.kind === 'identifier')
      throw diagnose('missing-brace', equals, undefined, { start: equals, end: equals, text: ' {' });
    if (taken.has(name)) throw diagnose('taken-name', start, name);
    if (this.constants.has(name)) throw diagnose('duplicate', start, name);
    this.constants.set(name, { start, value });
    return [name, { start, value }];
  }

  /** `: Type =`, after the name of a const. */
  private typeAndEquals(): void {
    const { start, end } = this.token;
    const hasType = this.eat(':');
    if (hasType) this.type();
    if (this.eat('=')) return;
    const { previous, token, nextText } = this;
    const isType = token.kind === 'identifier' && typeName.test(token.text) && nextText === '=';
    if (isType && !hasType) throw this.missing(':', previous);
    if (!hasType || token.fault) throw this.unexpected('sign', 'an equals sign');
    const span = this.is('{') ? { start: previous.end, end: previous.end } : { start, end };
    throw diagnose('type-for-value', start, undefined, { ...span, text: ' =' });
  }

  /** The rest of an export: a const, a default value, or a list of names. */
  private exportDeclaration(): void {
    const { start } = this.previous;
    if (this.eat('const')) for (const [name, named] of this.declarations()) this.exports.set(name, named);
    else if (this.eat('default')) {
      if (this.exports.has('default')) throw diagnose('duplicate', start, 'default');
      this.exports.set('default', { start, value: this.value() });
    } else if (this.is('{')) this.lists.push(...this.names());
    else throw this.stray();
  }

  /** `import type { A, B } from './types'`. The file is not opened, and types change no value. */
  private importDeclaration(): void {
    const { start, end } = this.advance();
    const isType = this.eat('type');
    const { kind, text: name, start: nameStart, end: nameEnd } = this.token;
    const isAlone = kind === 'identifier' && this.nextText === 'from';
    if (isAlone) {
      const fix = { start: nameStart, end: nameEnd, text: isType ? `{ ${name} }` : `type { ${name} }` };
      throw diagnose('another-file.names', start, undefined, fix);
    }
    const fix = this.is('{') ? { start: end, end, text: ' type' } : this.wholeLine(start);
    if (!isType) throw diagnose('another-file.import', start, undefined, fix);
    this.names();
    if (!this.eat('from')) throw this.unexpected('sign', 'the word from');
    if (this.token.kind !== 'string') throw this.unexpected('sign', 'a file name in quotes');
    this.advance();
  }

  /** `{ a, b as c }` */
  private names(): { readonly inner: Token; readonly outer: Token }[] {
    if (!this.is('{')) throw this.unexpected('sign', '{');
    return this.separated('}', () => {
      const inner = this.word();
      const outer = this.eat('as') ? this.word() : inner;
      if (this.token.kind === 'identifier') throw this.missing(',', this.previous);
      return { inner, outer };
    });
  }

  /** `console.log(...)` or `console.table(...)` of values and texts: skipped, because it means nothing to the grader. */
  private printStatement(): void {
    const { start } = this.advance();
    try {
      const isPrint = this.eat('.') && (this.eat('log') || this.eat('table')) && this.is('(');
      if (!isPrint) throw this.unexpected('sign', 'a print');
      this.separated(')', () => (this.token.kind === 'template' ? this.advance() : this.value()));
    } catch (error) {
      throw error instanceof Diagnostic
        ? diagnose('not-data.print', start, undefined, this.wholeLine(start))
        : error;
    }
  }

  // Values

  /** One value, up to the comma, bracket or end of the statement after it. */
  private value(): Value {
    return this.nested(() => {
      let value = this.arithmetic(0);
      while (this.is('as', 'satisfies') && !this.token.isFirstOnLine) {
        const isAs = this.advance().text === 'as';
        if (!isAs || !this.eat('const')) this.type();
        value = { ...value, end: this.previous.end };
      }
      return value;
    });
  }

  private arithmetic(above: number): Value {
    let left = this.signed();
    for (;;) {
      const { text } = this.token;
      const binds = operators.get(text)?.binds ?? 0;
      if (binds <= above) return left;
      this.advance();
      // ** is right-associative, all others are left-associative.
      const right = this.nested(() => this.arithmetic(text === '**' ? binds - 1 : binds));
      left = this.calculated(text, [left, right], left.start);
    }
  }

  private signed(): Value {
    if (!this.is('-', '+')) return this.postfix(this.primary());
    const { start, text } = this.advance();
    const operand = this.nested(() => this.signed());
    if (this.is('**')) throw diagnose('signed-power', start);
    return this.calculated(text, [operand], start);
  }

  private postfix(first: Value): Value {
    let value = first;
    for (;;) {
      const { start } = value;
      let key: Value;
      if (this.eat('.')) {
        // TypeScript may read a name on the next line as the start of something else.
        if (this.token.isFirstOnLine) throw this.unexpected('sign', 'a name');
        const { text, ...span } = this.word();
        key = { ...span, kind: 'string', value: text };
      } else if (this.eat('[')) {
        key = this.value();
        this.want(']');
      } else return value;
      value = this.noted(memberOf(value, key, { start, end: this.previous.end }));
    }
  }

  private primary(): Value {
    const { kind, text, start, end } = this.token;
    switch (kind) {
      case 'number':
        this.advance();
        return { kind, value: Number(text.replaceAll('_', '')), start, end };
      case 'string':
        this.advance();
        return { kind, value: unquoted(text), start, end };
      case 'identifier':
        return this.named();
      case 'punctuator':
        if (this.is('(')) return this.parenthesized();
        if (this.is('[')) {
          const items = this.separated(']', () => this.value());
          return { kind: 'array', items, start, end: this.previous.end };
        }
        if (this.is('{')) return { kind: 'object', fields: this.fields(), start, end: this.previous.end };
    }
    throw this.unexpected('value', 'a value');
  }

  /** A word: `null`, `true`, the name of a const, or `Math.name(...)`. */
  private named(): Value {
    const { start, end, text: name } = this.token;
    const span = { start, end };
    if (name === 'async' || (reserved.has(name) && !['null', 'true', 'false'].includes(name)))
      throw this.unexpected('value', 'a value');
    this.advance();
    if (name === 'null' || name === 'undefined') return { kind: 'empty', ...span };
    if (name === 'true' || name === 'false') return { kind: 'boolean', value: name === 'true', ...span };
    if (name === 'Math' && this.eat('.')) {
      const { text: part } = this.word();
      if (this.is('('))
        return this.calculated(
          part,
          this.separated(')', () => this.value()),
          start,
        );
      return this.unknown(`Math.${part}`, { start, end: this.previous.end });
    }
    const constant = this.constants.get(name);
    return constant ? { ...constant.value, ...span } : this.unknown(name, span);
  }

  private unknown(name: string, span: Span): Value {
    const known = this.constants.size > maxKnown ? [] : [...this.constants.keys()];
    return this.noted(unreadable(unknownName(span.start, name, known), span));
  }

  private calculated(sign: string, operands: readonly Value[], start: number): Value {
    return this.noted(calculate(sign, operands, { start, end: this.previous.end }));
  }

  private noted(value: Value): Value {
    if (value.kind === 'unreadable') this.unreadable.push(value.reason);
    return value;
  }

  /** `( value )`; anything else in parentheses is a function, or a row in the wrong brackets. */
  private parenthesized(): Value {
    const { start } = this.advance();
    const [head] =
      /^\((?:[^()]|\([^()]*\))*\)\s*(?::[^=\n]*)?=>/.exec(this.source.slice(start, start + 200)) ?? [];
    if (head !== undefined) throw diagnose('not-data', start, head);
    const value = this.is(')') ? undefined : this.nested(() => this.value());
    if (!value || this.is(',', ':')) {
      const row = /^\(([^()\n\r]*)\)/.exec(this.source.slice(start, start + 200)) ?? undefined;
      const fixes = row ? [{ start, end: start + row[0].length, text: `{${row[1]}}` }] : [];
      throw diagnose('round-brackets', start, undefined, ...fixes);
    }
    this.want(')');
    return { ...value, start, end: this.previous.end };
  }

  /** `{ name: value, other }`, where `other` is short for `other: other`. */
  private fields(): Map<string, ObjectField> {
    const fields = new Map<string, ObjectField>();
    this.separated('}', () => {
      const { kind, text, start, end } = this.token;
      if (kind !== 'identifier' && kind !== 'string') throw this.unexpected('name', 'a name');
      const name = kind === 'string' ? unquoted(text) : text;
      let value: Value;
      if (kind === 'identifier' && !reserved.has(name) && [',', '}'].includes(this.nextText)) {
        value = this.named();
      } else {
        this.advance();
        if (!this.eat(':')) throw this.faultIn('colon') ?? this.missing(':', { start, end });
        value = this.withUnit(this.value());
      }
      if (special.has(name)) throw diagnose('proto', start, name);
      if (fields.has(name)) throw diagnose('duplicate', start, name);
      fields.set(name, { keyStart: start, value });
    });
    return fields;
  }

  /** Everything between brackets, separated by commas; the current token is the opening bracket. */
  private separated<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    this.advance();
    while (!this.is(close)) {
      items.push(item());
      if (!this.is(close)) this.wantComma();
    }
    this.advance();
    return items;
  }

  /** A number with a unit, such as 4 MiB, spoils only its own cell: the text around it can be read in only one way. */
  private withUnit(value: Value): Value {
    const { start } = value;
    const { end, kind, text, isFirstOnLine } = this.token;
    const isUnit = kind === 'identifier' && !isFirstOnLine && !reserved.has(text) && !/^[xX]\d*$/.test(text);
    if (this.previous.kind !== 'number' || !isUnit || !['}', ','].includes(this.nextText)) return value;
    this.advance();
    const fixes = multiple.test(text) ? [] : [{ start: value.end, end, text: '' }];
    const isOfDigits = value.end === end - text.length && /^(?:null|[OolI]+)$/.test(text);
    const reason = isOfDigits
      ? diagnose('no-digit', value.end, text)
      : diagnose('unit', start, this.source.slice(start, end), ...fixes);
    return this.noted(unreadable(reason, { start, end }));
  }

  // Types

  /** A type, which changes no value: `Worksheet`, `number | null`, `Record<string, { a?: number }>`, `number[]`. */
  private type(): void {
    this.nested(() => {
      do {
        this.typePart();
        while (this.is('[') && !this.token.isFirstOnLine) {
          this.advance();
          this.want(']', 'sign');
        }
      } while (this.eat('|'));
    });
  }

  private typePart(): void {
    const { kind, text } = this.token;
    if (this.is('{')) {
      this.typeMembers();
      return;
    }
    const isName = kind === 'identifier' && typeName.test(text);
    if (!isName && kind !== 'string' && kind !== 'number')
      throw this.unexpected('sign', 'the name of a type');
    this.advance();
    // `Record<string, number>`, or a name alone.
    if (!isName || !/^[A-Z]/.test(text) || !this.is('<') || this.token.isFirstOnLine) return;
    do {
      this.advance();
      this.type();
    } while (this.is(','));
    this.want('>', 'sign');
  }

  /** `{ name: Type; other?: Type }` */
  private typeMembers(): void {
    this.advance();
    while (!this.is('}')) {
      if (this.token.kind === 'string') this.advance();
      else this.word();
      this.eat('?');
      this.want(':', 'sign');
      this.type();
      if (!this.eat(';') && !this.eat(',') && !this.is('}') && !this.token.isFirstOnLine)
        throw this.unexpected('sign', 'a semicolon');
    }
    this.advance();
  }

  // Tokens

  private get token(): Token {
    return this.tokens[this.index] ?? none;
  }

  private get previous(): Token {
    return this.tokens[this.index - 1] ?? none;
  }

  private get nextText(): string {
    return this.tokens[this.index + 1]?.text ?? '';
  }

  private advance(): Token {
    this.index++;
    return this.previous;
  }

  private is(...texts: string[]): boolean {
    return texts.includes(this.token.text);
  }

  private eat(text: string): boolean {
    const isNext = this.is(text);
    if (isNext) this.index++;
    return isNext;
  }

  private want(punctuator: string, slot: Slot = 'after'): void {
    if (!this.eat(punctuator)) throw this.unexpected(slot, punctuator);
  }

  private wantComma(): void {
    if (this.eat(',')) return;
    const { kind, text, start } = this.token;
    const beside = this.previous.text;
    if (this.constants.has(beside) && this.constants.has(text) && this.nextText !== ':')
      throw diagnose('lost-operator', start, `${beside} ${text}`);
    const isEntry = kind === 'identifier' || kind === 'number' || kind === 'string';
    const missing = isEntry ? this.missing(',', this.previous) : this.unexpected('after', 'a comma');
    throw this.faultIn('after') ?? missing;
  }

  /** Any word, including a reserved one. */
  private word(): Token {
    if (this.token.kind !== 'identifier') throw this.unexpected('sign', 'a name');
    return this.advance();
  }

  /** Runs `work` one level deeper, and rejects the file if that is too deep. */
  private nested<Result>(work: () => Result): Result {
    if (++this.depth > maxDepth) throw diagnose('too-deep', this.token.start);
    const result = work();
    this.depth--;
    return result;
  }

  // Faults

  /** The fault at the current token, where something else is required. */
  private unexpected(slot: Slot, wanted: string): Diagnostic {
    const { kind, start, end } = this.token;
    const text = `Found {found} where ${wanted} should be.`;
    const generalFault =
      kind === 'end'
        ? diagnose('early-end', start, wanted)
        : new Diagnostic('unexpected', start, text, { found: this.source.slice(start, end) });
    return this.faultIn(slot) ?? generalFault;
  }

  private missing(sign: ',' | ':', { start, end }: Span): Diagnostic {
    const text = sign === ',' ? 'missing-comma' : 'missing-colon';
    // Suggest no fix before an operator: somebody may have typed it instead of the sign.
    const isBeforeValue = this.token.kind !== 'punctuator' || this.is('{');
    const fixes = isBeforeValue ? [{ start: end, end, text: sign }] : [];
    return diagnose(text, end, this.source.slice(start, end), ...fixes);
  }

  /** The slip at the current token, if we know one that fits. */
  private faultIn(slot: Slot): Diagnostic | undefined {
    const { fault, comment, start, kind } = this.token;
    // In `a: // 7 }`, the name of the next row was read as the value.
    const after = comment ?? (this.is(':') ? this.previous.comment : undefined);
    const hidden = after === undefined ? undefined : hiddenByComment(this.source, after);
    return (
      fault ??
      hidden ??
      (slot === 'value' ? undefined : this.unclosedBrace()) ??
      slipAt(this.source, start, kind === 'template' ? 'character' : slot)
    );
  }

  /** A fix that deletes the whole line of an offset. */
  private wholeLine(offset: number): Fix {
    const indent = this.indentation(offset);
    const [rest = ''] = /^[^\n\r]*(?:\r\n?|\n)?/.exec(this.source.slice(offset)) ?? [];
    return { start: offset - indent, end: offset + rest.length, text: '' };
  }

  /** The fault of a line that does not begin a statement, or that continues one that has ended. */
  private stray(): Diagnostic {
    const { fault, start, text } = this.token;
    if (this.constants.has(text)) return diagnose('assignment', start);
    return (
      fault ??
      this.jsonStart() ??
      this.extraBrace() ??
      slipAt(this.source, start, 'statement') ??
      strayWord(this.source, start)
    );
  }

  /** `{ "name": {`, the start of a JSON file. */
  private jsonStart(): Diagnostic | undefined {
    const [brace, name, colon, inner] = this.tokens.slice(this.index);
    const isStart =
      brace?.text === '{' && colon?.text === ':' && inner?.text === '{' && name?.kind === 'string';
    if (!isStart) return undefined;
    const text = `export const ${unquoted(name.text)} =`;
    return diagnose('missing-const', brace.start, undefined, { start: brace.start, end: colon.end, text });
  }

  /** The } that ends a table before its last row, if there are more } than {. */
  private extraBrace(): Diagnostic | undefined {
    if (this.openBraces >= 0) return undefined;
    let depth = 0;
    let brace = this.is('}') && this.previous.text !== ',' ? this.token : undefined;
    for (const [index, token] of brace ? [] : this.tokens.slice(0, this.index).entries()) {
      depth += braces(token);
      const isOfImport = this.tokens[index + 1]?.text === 'from';
      if (depth === 0 && braces(token) < 0 && !isOfImport) brace = token;
    }
    if (!brace) return undefined;
    const { start, end } = brace;
    return diagnose('extra-brace', start, undefined, { start, end, text: '' });
  }

  /** The { that is still open where its row or the table should have ended, if there are more { than }. */
  private unclosedBrace(): Diagnostic | undefined {
    if (this.openBraces <= 0) return undefined;
    const open: Token[] = [];
    for (const [index, token] of this.tokens.slice(0, this.index + 1).entries()) {
      const last = open.at(-1);
      const isOver = index === this.index && (token.kind === 'end' || this.is(';'));
      if (last && (isOver || (token.isFirstOnLine && this.isOutside(token, last))))
        return this.unclosedAt(last, token, this.tokens[index - 1] ?? none);
      if (braces(token) > 0) open.push(token);
      if (braces(token) < 0) open.pop();
    }
    return undefined;
  }

  /** @param token the first token after the missing brace, which goes right after the token before it. */
  private unclosedAt(open: Token, token: Token, { end }: Token): Diagnostic {
    const line = this.source.slice(0, open.start).split(/\r\n?|\n/).length;
    const fixes = [' },', ' }'].map((sign) => ({ start: end, end, text: sign }));
    // At the end of a row, text in a comment may belong before the brace.
    const isCertain = token.comment === undefined || token.kind !== 'identifier';
    const text = `The { on line ${line} is not closed here.`;
    return new Diagnostic('unclosed-bracket', end, text, {}, isCertain ? fixes : []);
  }

  /** Whether the first token on a line looks as if it were outside a brace, by its indentation. */
  private isOutside(token: Token, open: Token): boolean {
    const [inside, outside] = [token, open].map(({ start }) => this.indentation(start)) as [number, number];
    return braces(token) < 0 ? inside < outside : token.kind !== 'punctuator' && inside <= outside;
  }

  /** How many spaces and tabs indent the line that contains an offset. */
  private indentation(offset: number): number {
    const before = this.source.slice(Math.max(0, offset - 400), offset);
    return /^[ \t]*/.exec(before.slice(lineStart(before, before.length)))?.[0].length ?? 0;
  }
}

/** How a token changes the number of open braces. */
function braces({ text }: Token): number {
  return Number(text === '{') - Number(text === '}');
}

/** A placeholder for the token before the first and after the last. */
const none: Token = { kind: 'end', text: '', start: 0, end: 0, isFirstOnLine: true, comment: undefined };

/** A name that a file has to export, and the object behind it. */
interface Wanted {
  readonly name: string;
  /** The names of its parts, which identify it if the file exports it under a different name. */
  readonly parts: readonly string[];
  /** Names that mean something else. */
  readonly others: readonly string[];
}

/** Why a file does not export an object. */
export function missingExport(
  source: string,
  { constants, exports }: Module,
  { name: wanted, parts, others }: Wanted,
): Diagnostic {
  const start = constants.get(wanted)?.start;
  if (start !== undefined) {
    const word = /(?<=^|[\n\r])const\s+$/.exec(source.slice(0, start))?.index;
    const fixes = word === undefined ? [] : [{ start: word, end: word, text: 'export ' }];
    return diagnose('not-exported', start, wanted, ...fixes);
  }
  const named = new Map(
    [...constants, ...exports].filter(([name]) => !['default', ...others].includes(name)),
  );
  const near = nearest(wanted, [...named.keys()]);
  const hasParts = (name = '') => {
    const value = named.get(name)?.value;
    return value?.kind === 'object' && parts.some((part) => value.fields.has(part));
  };
  const meant = near ?? [...named.keys()].find(hasParts);
  if (meant === undefined) return diagnose('no-export', undefined, wanted);
  const at = named.get(meant)?.start ?? 0;
  const fixes = source.startsWith(meant, at) ? [{ start: at, end: at + meant.length, text: wanted }] : [];
  const text = `The table is named {found} here, but its name is ${wanted}.`;
  return new Diagnostic('misspelled-export', at, text, { found: meant }, fixes);
}

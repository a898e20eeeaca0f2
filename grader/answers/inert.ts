import { type Token, tokensOf } from './lexer';

/** Words before the name that they declare. */
const declaring = ['const', 'let', 'var', 'function', 'class', 'enum', 'namespace', 'import', 'as'];

/** Signs and words that change a value, whatever is around them. */
const changing = ['++', '--', '+=', '-=', '*=', '/=', '%=', '**=', 'delete', 'new'];

/** Signs after which a value begins. After anything else a ( may call, a / may end a line, and a backtick may run. */
const beforeValue = [';', ',', ':', '(', '[', '{', '=', '=>', '...', '+', '-', '*', '/', '%', '**', '&', '|'];

/** Changes in a line that cannot be split into tokens, in which a quotation mark or a slash may mean anything. */
const changingText = /[=(`]|['"].*\\|\+\+|--|\b(?:delete|new)\b/;

/** A file that a person wrote has a slip or two, and each takes some time to find. */
const maxSlips = 20;

/**
 * Whether the rest of a file leaves the values above it as they are, if it is run at all. It need not be in the grammar;
 * what is not known for sure counts as a change: an assignment, a call other than of `Math` or to print, and text that
 * could run. A second table of one name counts too, as nobody knows which is meant.
 *
 * @param rest begins with a statement.
 * @param above the names of tables that stand above it.
 * @param below the names of tables that may stand in it, once each.
 */
export function isInert(rest: string, above: readonly string[], below: readonly string[]): boolean {
  const declared = new Set(above);
  let unread = rest;
  for (let slips = 0; slips <= maxSlips; slips++) {
    const tokens = tokensOf(unread);
    for (const [index, { text }] of tokens.entries()) {
      if (!declaring.includes(tokens[index - 1]?.text ?? '')) continue;
      if (declared.has(text)) return false;
      if (below.includes(text)) declared.add(text);
    }
    if (hasChange(tokens, unread)) return false;
    // Up to the end of the line after what is no token, quotation marks are not trusted to be in pairs.
    const from = tokens.at(-1)?.start ?? 0;
    const lineStart = /[^\n\r]*$/.exec(unread.slice(0, from))?.index ?? 0;
    const [line = ''] = /^[^\n\r]*/.exec(unread.slice(lineStart)) ?? [];
    const [head = ''] = /^[ \t]*(?:export|const)\b[^=.[\]]*=/.exec(line) ?? [];
    if (changingText.test(line.slice(Math.max(from - lineStart, head.length)))) return false;
    unread = unread.slice(lineStart + line.length);
    if (unread === '') return true;
  }
  return false;
}

function hasChange(tokens: readonly Token[], source: string): boolean {
  /** For each open parenthesis, whether it is in a print. */
  const prints: boolean[] = [];
  let firstOnLine = '';
  for (const [index, { kind, text, start, isFirstOnLine }] of tokens.entries()) {
    if (isFirstOnLine) firstOnLine = text;
    if (kind === 'string' || kind === 'number') continue;
    if (changing.includes(text)) return true;
    const [last = '', dot, owner] = [1, 2, 3].map((distance) => tokens[index - distance]?.text);
    if (text === '=') {
      // In `name =` and `name: Type =`, no part of an object is changed. Such a line may have a slip in it.
      const isName = tokens[index - 1]?.kind === 'identifier';
      const beforeName = tokens[index - (dot === ':' ? 4 : 2)]?.text;
      if (!isName || beforeName === '.' || !['export', 'const'].includes(firstOnLine)) return true;
    }
    if (text === '(') {
      const isPrint = owner === 'console' && dot === '.' && ['log', 'table'].includes(last);
      const isMath = owner === 'Math' && dot === '.';
      if (!beforeValue.includes(last) && !isPrint && !isMath) return true;
      prints.push(isPrint || prints.at(-1) === true);
    }
    if (text === ')') prints.pop();
    if (kind === 'template' && !(prints.at(-1) && beforeValue.includes(last))) return true;
    // Without a value before it, it may begin a regular expression, in which quotation marks are none.
    const isClosed = /^\/[^\n\r]*\//.test(source.slice(start));
    if (text === '/' && isClosed && [...beforeValue, '}', ''].includes(last)) return true;
  }
  return false;
}

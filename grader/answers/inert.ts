import { lineStart, restOfLine } from './diagnostics';
import { mathNames } from './evaluate';
import { type Token, tokensOf } from './lexer';

/** Words before the name that they declare. */
const declaring = 'const let var function class enum namespace module type export as'.split(' ');

/** Signs and words that change a value or run something, whatever is around them. */
const changing = new Set('++ -- += -= *= /= %= **= @ delete import instanceof new'.split(' '));

/** Signs after which a value begins: a ( there encloses one. After anything else it may call a function. */
const beforeValue = new Set('; , : ( [ { = => ... + - * / % ** & |'.split(' '));

/** Words of the language after which a / begins a regular expression. */
const notAValue = new Set(
  'await case debugger default delete do else extends in instanceof new of return throw typeof void yield'.split(
    ' ',
  ),
);

/** Text that a program must not have in a line that cannot be split into tokens, in which nothing else is known. */
const changingText =
  /[=(`@]|\\u|\+\+|--|\.\s*$|\b(?:console|delete|import|instanceof|Math|new)\b|\bfrom\s*['"]/;

/** In which the end of a regular expression is looked for, as each / of a long line may begin one. */
const maxLine = 400;

/** A file that a person wrote has a slip or two, and each takes some time to find. */
const maxSlips = 20;

/**
 * Whether the rest of a file leaves the values above it as they are, if it is run at all. It need not be in the
 * grammar; what is not known for sure counts as a change: an assignment, a call other than of `Math` or to print, and
 * text that could run. A second table of one name counts too, as nobody knows which is meant.
 *
 * @param rest begins with a statement.
 * @param above the names of tables that stand above it.
 * @param below the names of tables that may stand in it, once each.
 */
export function isInert(rest: string, above: readonly string[], below: readonly string[]): boolean {
  // Some programs take these for ends of lines or for spaces, and others do not.
  if (/[\u0085\u2028\u2029\p{Cf}]/u.test(rest)) return false;
  const declared = new Set(above);
  let unread = rest;
  for (let slips = 0; slips <= maxSlips; slips++) {
    const tokens = tokensOf(unread);
    for (const name of tablesIn(tokens, [...above, ...below])) {
      if (declared.has(name)) return false;
      declared.add(name);
    }
    if (hasChange(tokens, unread)) return false;
    const from = tokens.at(-1)?.start ?? 0;
    const start = lineStart(unread, from);
    const line = restOfLine(unread, start);
    unread = unread.slice(start + line.length);
    // The head of a declaration may have a slip in it: no part of an object is in it, and nothing that runs.
    const [head = ''] =
      /^[ \t]*(?:export\b(?!\s*(?:=|default\b))|const\b)[^=.[\](`\\'"/;{}+-]*=/.exec(line) ?? [];
    const odd = line.slice(Math.max(from - start, head.length));
    // A backslash may carry a text over the end of the line, as a comment may begin in it and end in another.
    const goesOn = /['"]/.test(odd) && odd.includes('\\');
    const hasComment = odd.includes('/*') && unread.includes('*/');
    if (changingText.test(odd) || goesOn || hasComment || above.some((name) => declares(line, name)))
      return false;
    if (unread === '') return true;
  }
  return false;
}

/** The names of tables that are declared or given a value. */
function tablesIn(tokens: readonly Token[], names: readonly string[]): string[] {
  return tokens.flatMap(({ kind, text }, index) => {
    const before = tokens[index - 1]?.text ?? '';
    const after = tokens[index + 1]?.text ?? '';
    const isDeclared = declaring.includes(before) || (before !== '.' && ['=', ':', '{'].includes(after));
    return kind === 'identifier' && names.includes(text) && isDeclared ? [text] : [];
  });
}

/** Whether a line with a slip in it may declare a name and does not only use it. */
function declares(line: string, name: string): boolean {
  return new RegExp(`(?<![\\p{L}_$.])${name}(?![\\p{L}\\p{N}_$]|\\s*[.,)])`, 'u').test(line);
}

function hasChange(tokens: readonly Token[], source: string): boolean {
  /** For each open parenthesis, whether it is in a print. */
  const prints: boolean[] = [];
  let firstOnLine = '';
  for (const [index, { kind, text, start, isFirstOnLine }] of tokens.entries()) {
    if (isFirstOnLine) firstOnLine = text;
    /** The text of a sign or word before this one; a text in quotes is none. */
    const before = (distance: number) => {
      const token = tokens[index - distance];
      return token?.kind === 'punctuator' || token?.kind === 'identifier' ? token.text : '';
    };
    switch (kind) {
      case 'identifier': {
        // `export … from` runs another file, as an import does.
        const isFrom = text === 'from' && tokens[index + 1]?.kind === 'string';
        if (changing.has(text) || isFrom) return true;
        const isGlobal = before(1) !== '.' && tokens[index + 1]?.text === '.';
        if (['Math', 'console'].includes(text) && !isGlobal) return true;
        break;
      }
      case 'template':
        if (!prints.at(-1) || !beforeValue.has(before(1))) return true;
        break;
      case 'punctuator': {
        if (changing.has(text)) return true;
        if (text === '=' && !isDeclaration(index, tokens, firstOnLine)) return true;
        const isMember = before(2) === '.';
        const isPrint = isMember && before(3) === 'console' && ['log', 'table'].includes(before(1));
        if (text === '(') {
          const isMath = isMember && before(3) === 'Math' && mathNames.has(before(1));
          if (!beforeValue.has(before(1)) && !isPrint && !isMath) return true;
          prints.push(isPrint || prints.at(-1) === true);
        }
        if (text === ')') prints.pop();
        if (text === '/' && mayBeginPattern(index, tokens)) {
          const line = restOfLine(source, start, maxLine);
          if (line.length === maxLine || line.lastIndexOf('/') > 0) return true;
        }
      }
    }
  }
  return false;
}

/** Whether a `=` gives a name its first value: `const name =` or `const name: Type =`, perhaps with a slip in it. */
function isDeclaration(index: number, tokens: readonly Token[], firstOnLine: string): boolean {
  const hasType = tokens[index - 2]?.text === ':';
  const name = tokens[index - (hasType ? 3 : 1)];
  const isName = tokens[index - 1]?.kind === 'identifier' && name?.kind === 'identifier';
  // In such a line, a part of an object could be given another value, or all that the file exports.
  const before = tokens[index - (hasType ? 4 : 2)]?.text ?? '';
  const isOther = ['.', 'default'].includes(before) || ['export', 'const'].includes(name?.text ?? '');
  return isName && !isOther && ['export', 'const'].includes(firstOnLine);
}

/** Whether a `/` may begin a regular expression, in which quotation marks and slashes are other signs. */
function mayBeginPattern(index: number, tokens: readonly Token[]): boolean {
  const { kind, text = '' } = tokens[index - 1] ?? {};
  const isValue =
    kind === 'number' || (kind === 'identifier' && !notAValue.has(text)) || [')', ']'].includes(text);
  return !isValue || tokens[index]?.isFirstOnLine === true;
}

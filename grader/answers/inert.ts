import { lineStart, restOfLine } from './diagnostics';
import { mathNames } from './evaluate';
import { tokensOf } from './lexer';
import { parseModule } from './parser';

/** A file that a person wrote has a slip or two, and each takes some time to find. */
const maxSlips = 20;

/**
 * Whether a file leaves the values above some place as they are, if it is run at all: what stands below is in the
 * grammar, but for lines that run nothing. What is not known for sure counts as a change.
 *
 * @param start where a statement begins.
 * @param above the names of tables that stand above it. Of a second one with a name, nobody knows which is meant.
 */
export function isInert(source: string, start: number, above: readonly string[]): boolean {
  let text = source;
  for (let slips = 0; slips <= maxSlips; slips++) {
    const { fault, faultStart } = parseModule(text);
    if (!fault) return true;
    if (faultStart < start) return false;
    const offset = Math.min(Math.max(faultStart, fault.offset ?? 0), text.trimEnd().length);
    const from = Math.max(start, lineStart(text, offset));
    const line = restOfLine(text, from);
    const [before, below] = [text.slice(0, from), text.slice(from + line.length)];
    if (mayRun(line, before, below) || above.some((name) => declares(line, name))) return false;
    text = before + below;
  }
  return false;
}

/** Signs and words that may run something, or hide what does. A ( that follows a sign of a value calls nothing. */
const running =
  /[=`@\\]|\+\+|--|\*\/|(?<![-+*/%:,([{] *)\(|\b(?:console|delete|import|instanceof|Math|new)\b|\bfrom\s*(?:['"/]|$)/;

/** Whether a line that is not in the grammar may run something, by itself or with the lines beside it. */
function mayRun(line: string, before: string, below: string): boolean {
  const isStatement = [';', '}'].includes(tokensOf(before).at(-2)?.text ?? '');
  // The head of a declaration may have a slip in it: no part of an object is in it, and nothing that runs.
  const text = line
    .replace(/^([ \t]*(?:export|const)\b[^=.[\](`\\'"/;{}+-]*)=/, '$1:')
    .replace(/\/\*[\w\s]*\*\//g, ' ')
    .replace(/(?<=[-+*/%:,([{] *)Math\.(\w+)\(/g, (call, name: string) => (mathNames.has(name) ? '+(' : call))
    .replace(/^[ \t]*console\.(?:log|table)\(/, (call) => (isStatement ? '+(' : call));
  if (running.test(text)) return true;
  const { kind, text: next = '' } = tokensOf(below)[0] ?? {};
  const isGoingOn = kind === 'punctuator' ? !['}', ')', ']', ',', ';'].includes(next) : kind === 'template';
  const isPart = /\.\s*(?:\/.*)?$/.test(line) && ['console', 'Math'].includes(next);
  return isGoingOn || isPart || (text.includes('/*') && below.includes('*/'));
}

/** Whether a line with a slip in it, perhaps a sign that nobody sees, may declare a name and does not only use it. */
function declares(line: string, name: string): boolean {
  const shown = line.replace(/\p{Cf}/gu, '');
  return new RegExp(`(?<![\\p{L}_$.])${name}(?![\\p{L}\\p{N}_$]|\\s*(?:[.,;)]|$))`, 'u').test(shown);
}

import { Refusal } from './refusal';
import type { Token } from './token';

/**
 * Ordinary slips of the pen: what a wrong character or token most likely means, and the fix.
 * Each function returns the refusal of a whole file.
 */
const slip = (code: string, offset: number, text: string, ...quotes: string[]) =>
  new Refusal('file', code, offset, text, ...quotes);

const conflictMarker = /^(?:<{7}|>{7}|={7})(?=[ \r\n]|$)/m;

/** Git's marks of an unfinished merge, wherever the file stopped making sense because of them. */
export function mergeConflict(source: string): Refusal | undefined {
  const found = conflictMarker.exec(source);
  if (!found || !source.includes('<<<<<<<') || !source.includes('>>>>>>>')) return undefined;
  return slip(
    'merge-conflict',
    found.index,
    'Git left the marks of a merge conflict here. Keep the lines you want and take away the lines that start with <<<<<<<, ======= and >>>>>>>.',
  );
}

export function badCharacter(source: string, offset: number, character: string): Refusal {
  if ('“”„‘’‚«»'.includes(character)) {
    return slip(
      'curly-quote',
      offset,
      'This is a typographic quotation mark, {0}. A number needs no quotation marks; a text needs straight ones.',
      character,
    );
  }
  if (character === '×' || character === '✕') return shapeInACell(source, offset);
  if (/\p{Nd}/u.test(character)) {
    return slip(
      'foreign-digit',
      offset,
      'The digit {0} is not one of 0 to 9; type it again on a plain keyboard.',
      character,
    );
  }
  if (character === '；' || character === '，' || character === '：') {
    return slip('wide-mark', offset, '{0} is a full-width mark; type the plain one.', character);
  }
  if (character === '…')
    return slip(
      'ellipsis',
      offset,
      '{0} stands where a value should be; write a number, or null.',
      character,
    );
  return slip(
    'unexpected-character',
    offset,
    '{0} does not belong here.',
    character === '\\' ? 'A backslash' : character,
  );
}

export function badNumber(source: string, start: number): Refusal {
  const text = /^[\w.×]*/.exec(source.slice(start, start + 80))?.[0] ?? '';
  if (/^\d+[xX×*]\d+/.test(text)) return shapeInACell(source, start);
  if (afterThousands(source, start)) return thousands(source, start);
  if (/^0\d+$/.test(text))
    return slip('leading-zero', start, '{0} starts with a zero; write it without.', text);
  return slip('bad-number', start, '{0} cannot be read as a number.', text);
}

/** `4,096` or `4 096`: a digit, a comma or a space, and exactly three digits. */
function afterThousands(source: string, start: number): boolean {
  return (
    /\d[, ]$/.test(source.slice(Math.max(0, start - 2), start)) &&
    /^\d{3}(?!\d)/.test(source.slice(start, start + 4))
  );
}

function thousands(source: string, start: number): Refusal {
  const before = /[\d, ]*$/.exec(source.slice(Math.max(0, start - 20), start))?.[0] ?? '';
  const after = /^[\d,]*\d/.exec(source.slice(start, start + 20))?.[0] ?? '';
  return slip(
    'thousands-separator',
    start - before.trimStart().length,
    '{0} has a comma or a space inside the number, which ends it. Write the digits together, or with _ between them.',
    before + after,
  );
}

function shapeInACell(source: string, offset: number): Refusal {
  const lineStart = source.lastIndexOf('\n', offset) + 1;
  const before = /[\d ]*$/.exec(source.slice(Math.max(lineStart, offset - 20), offset))?.[0] ?? '';
  const start = offset - before.trimStart().length;
  const text = /^[\d ]*[xX×✕*]?[\d ]*/.exec(source.slice(start, start + 40))?.[0].trim() ?? '';
  return slip(
    'shape-in-a-cell',
    start,
    '{0} is a whole shape in one place. Each cell takes one number, so a shape takes two cells.',
    text,
  );
}

/** The value of an entry is over, and neither `,` nor the closing bracket follows. */
export function noComma(source: string, before: Token, found: Token): Refusal {
  if (found.text === ';' && found.kind === 'mark') {
    return slip(
      'semicolon-for-comma',
      found.start,
      'A semicolon stands where a comma should: write , in place of ;',
    );
  }
  if (before.kind === 'number' && /^[xX]$|^[xX]\d+$/.test(found.text) && found.kind === 'name') {
    return shapeInACell(source, before.start);
  }
  if (found.kind === 'number' && before.kind === 'number') {
    return slip(
      'two-numbers',
      before.start,
      'Two numbers stand side by side here, {0}. Each cell takes one number.',
      source.slice(before.start, found.end),
    );
  }
  if (found.text === ':' && before.kind === 'name') {
    return slip(
      'no-value',
      before.start,
      'There is no value before {0}: write a number, or null.',
      before.text,
    );
  }
  if (found.kind === 'name' || found.kind === 'text' || found.kind === 'number') {
    return slip(
      'no-comma',
      found.start,
      'A comma is missing before {0}.',
      source.slice(found.start, found.end),
    );
  }
  return unexpected(source, found, 'a comma');
}

/** A key stands alone: no `:` after it. */
export function noColon(source: string, key: Token, found: Token, comma: Token): Refusal {
  if (
    key.kind === 'number' &&
    comma.text === ',' &&
    comma.end === key.start &&
    afterThousands(source, key.start)
  ) {
    return thousands(source, key.start);
  }
  if (found.text === '=') {
    return slip(
      'equals-for-colon',
      found.start,
      'Inside the braces a value is given with a colon: write : in place of =',
    );
  }
  const name = source.slice(key.start, key.end);
  if (found.text === ';')
    return slip('no-value', key.start, '{0} has no value: write a colon and a number, or null.', name);
  return slip('no-colon', key.start, 'A colon is missing after {0}.', name);
}

export function noValue(key: string, offset: number): Refusal {
  return slip('no-value', offset, '{0} has no value: write a number after its colon, or null.', key);
}

/** An opening bracket whose closing one does not come; `next` is the first entry that looks outside it. */
export function unclosed(source: string, open: Token, next?: Token): Refusal {
  const closing =
    ({ '{': '}', '[': ']', '(': ')', '<': '>' } as Record<string, string>)[open.text] ?? open.text;
  return next
    ? slip(
        'unclosed-bracket',
        open.start,
        `The ${open.text} here is not closed before {0}: add ${closing} and a comma after the values it holds.`,
        source.slice(next.start, next.end),
      )
    : slip(
        'unclosed-bracket',
        open.start,
        `The ${open.text} here is never closed: add ${closing} where its values end.`,
      );
}

export function unexpected(source: string, found: Token, wanted: string): Refusal {
  return found.kind === 'end'
    ? slip('early-end', found.start, `The file ends where ${wanted} should stand.`)
    : slip(
        'unexpected',
        found.start,
        `{0} stands where ${wanted} should.`,
        source.slice(found.start, found.end),
      );
}

import type { Refusal } from '../refusal';
import type { Token } from '../token';
import { slip } from './slip';

const closing = new Map([
  ['{', '}'],
  ['[', ']'],
  ['(', ')'],
  ['<', '>'],
]);

/**
 * A bracket whose closing one does not come.
 *
 * @param last the last token of what the bracket holds.
 * @param next the first entry that looks as if it stood outside, if there is one.
 */
export function unclosed(source: string, open: Token, last: Token, next?: Token): Refusal {
  const close = closing.get(open.text) ?? open.text;
  return next
    ? slip(
        'unclosed-bracket',
        open.start,
        `The ${open.text} here is not closed before {0}: add ${close} and a comma after the values it holds.`,
        source.slice(next.start, next.end),
      )
    : slip(
        'unclosed-bracket',
        last.end,
        `A ${close} is missing here: the ${open.text} of line ${lineOf(source, open.start)} is never closed.`,
      );
}

/** A closing brace that ends the table before its last row. */
export function extraBrace(offset: number): Refusal {
  return slip(
    'extra-brace',
    offset,
    'There is one } too many here: what follows stands outside the table. Delete it.',
  );
}

/** `},` where the table ends. */
export function commaAtEnd(offset: number): Refusal {
  return slip('comma-at-end', offset, 'The table ends here: write a semicolon in place of this comma.');
}

/** `= name: ...`: the group that begins here has no brace. */
export function noBrace(offset: number): Refusal {
  return slip('no-brace', offset, 'A { is missing here, after the equals sign.');
}

function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

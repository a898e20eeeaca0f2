import type { Refusal } from '../refusal';
import type { Token } from '../token';
import { afterThousands, besideNull, shapeInACell, thousands } from './characters';
import { slip, unexpected } from './slip';

/** The value of an entry is over at `before`, and neither a comma nor the closing bracket follows. */
export function noComma(source: string, before: Token, found: Token): Refusal {
  const text = source.slice(found.start, found.end);
  const isWord = found.kind === 'name' || found.kind === 'text';
  if (found.text === ';' && found.kind === 'mark') {
    return slip('semicolon-for-comma', found.start, 'Write a comma in place of this semicolon.');
  }
  if (found.text === ':' && before.kind === 'name') {
    return slip(
      'no-value',
      before.start,
      'A value is missing before {0}: write a number, or { where a group begins.',
      before.text,
    );
  }
  if (found.text === ')' || found.text === ']') {
    return slip('wrong-bracket', found.start, '{0} closes nothing here. A group ends with }', text);
  }
  if (before.text === 'null' && found.kind === 'number') return besideNull(before.start, text);
  if (before.kind === 'number' && found.kind === 'name' && /^[xX]\d*$/.test(found.text)) {
    return shapeInACell(source, before.start);
  }
  if (before.kind === 'number' && found.kind === 'number') {
    return afterThousands(source, found.start)
      ? thousands(source, found.start)
      : slip(
          'two-numbers',
          before.start,
          'Two numbers stand side by side here, {0}. Each cell takes one number.',
          source.slice(before.start, found.end),
        );
  }
  if (isWord && !found.afterNewline && !/^\s*:/.test(source.slice(found.end, found.end + 20))) {
    return slip('word-after-value', found.start, 'Only a number belongs here. Delete {0}.', text);
  }
  if (isWord || found.kind === 'number') {
    return slip(
      'no-comma',
      before.end,
      'A comma is missing after {0}.',
      source.slice(before.start, before.end),
    );
  }
  return unexpected(source, found, 'a comma');
}

/** The name of an entry should stand here. */
export function noName(source: string, found: Token): Refusal {
  if (found.text === ',' && found.kind === 'mark') {
    return slip('comma-too-many', found.start, 'There is one comma too many here.');
  }
  if (found.kind === 'mark' && ['#', '/', '<', '-', '--', '*'].includes(found.text)) {
    return slip(
      'no-comment',
      found.start,
      'Found {0}, where a name should stand. A comment starts with //',
      found.text,
    );
  }
  return unexpected(source, found, 'a name');
}

/** A name stands alone: no colon after it. */
export function noColon(source: string, key: Token, found: Token, comma: Token): Refusal {
  const text = source.slice(key.start, key.end);
  if (key.kind === 'number') {
    return comma.text === ',' && afterThousands(source, key.start)
      ? thousands(source, key.start)
      : slip(
          'no-name',
          key.start,
          'The number {0} stands without a name. Write the name of its cell and a colon before it.',
          text,
        );
  }
  if (found.text === '=' || found.text === '=>') {
    return slip(
      'equals-for-colon',
      found.start,
      'Inside braces a value follows a colon. Write a colon in place of {0}.',
      found.text,
    );
  }
  if (found.text === ';') return noValue(text, key.start);
  return slip('no-colon', key.end, 'A colon is missing after {0}.', text);
}

/** A name and its colon, and nothing after them. */
export function noValue(name: string, offset: number): Refusal {
  return slip('no-value', offset, '{0} has no value: write a number after its colon, or null.', name);
}

/** A value should stand here. */
export function noOperand(source: string, found: Token): Refusal {
  if (found.text === '?' || found.text === '??') {
    return slip('question-mark', found.start, 'A question mark is no value: write a number, or null.');
  }
  return unexpected(source, found, 'a value');
}

/** An equals sign, or the like, after something that is not the name of a constant. */
export function equalsSign(offset: number, before: string): Refusal {
  return before === 'null'
    ? slip(
        'beside-null',
        offset,
        'The word null is still here. Delete it and the equals sign, and keep the number.',
      )
    : slip('equals-sign', offset, 'An equals sign stands inside a value. Keep only one side of it.');
}

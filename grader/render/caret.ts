import stringWidth from 'string-width';
import type { Excerpt } from '../message';
import { escapeInvisible } from './escape/safe';

/** A caret under the place in a line as it is shown. */
export function caretLine({ line, column }: Excerpt): string {
  return `${' '.repeat(stringWidth(escapeInvisible(line.slice(0, column - 1))))}^`;
}

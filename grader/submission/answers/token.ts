export type TokenKind = 'name' | 'number' | 'bigint' | 'text' | 'backtick' | 'mark' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the file; for a text, what stands between its quotes with escapes worked out. */
  readonly text: string;
  /** Of a number. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
  /** A line ended between this token and the one before. */
  readonly afterNewline: boolean;
}

const assignments = new Set('= += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??= ++ --'.split(' '));

/** Whether a token gives a name or a member a new value. */
export function isAssignment({ kind, text }: Token): boolean {
  return kind === 'mark' && assignments.has(text);
}

/** A piece of a template literal, up to its end or to the next `${`. */
export interface Chunk {
  readonly text: string;
  readonly last: boolean;
  readonly end: number;
}

export type TokenKind = 'identifier' | 'number' | 'bigint' | 'string' | 'template' | 'punctuator' | 'end';

/** One token; `start` and `end` count UTF-16 units from the start of the file. */
export interface Token {
  readonly kind: TokenKind;
  /** The exact text in the file; for a string or a template, its value. */
  readonly text: string;
  /** The value of a number token. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
  readonly precededByNewline: boolean;
}

/** Whether a token is one of these punctuators. */
export function is(token: Token, ...punctuators: string[]): boolean {
  return token.kind === 'punctuator' && punctuators.includes(token.text);
}

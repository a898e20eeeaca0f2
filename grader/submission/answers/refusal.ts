/** Bounds that keep the reading of any file linear and small. */
export const limits = {
  /** Levels of brackets, operators and types inside each other. */
  depth: 64,
  /** Values worked out in one file; a spread counts each of its entries. */
  steps: 20_000,
  /** Words, numbers and signs; a filled-in table has some 150. */
  tokens: 20_000,
  /** Characters of a text that is put together. */
  text: 1_000,
} as const;

/** How much a refusal costs: the value it stands in, or the whole file. */
export type Scope = 'value' | 'file';

/**
 * Something in the file is not read. Text and quotes are for the student, as in a `Message`; the
 * offset counts UTF-16 units from the start of the file.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly text: string;
  readonly quotes: readonly string[];
  readonly offset: number;
  readonly scope: Scope;

  constructor(scope: Scope, code: string, offset: number, text: string, ...quotes: string[]) {
    super(code);
    this.scope = scope;
    this.code = code;
    this.offset = offset;
    this.text = text;
    this.quotes = quotes;
  }
}

export function tooDeep(offset: number): Refusal {
  return new Refusal(
    'file',
    'too-deep',
    offset,
    `This goes on for too long: there are more than ${limits.depth} parts inside each other.`,
  );
}

export function tooLarge(offset: number): Refusal {
  return new Refusal('file', 'too-large', offset, 'The file has too many parts to be a table of numbers.');
}

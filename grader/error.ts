/** The part that has to be fixed. Code that catches an error decides by this. */
export type GraderErrorKind = 'rubric' | 'key' | 'folder' | 'usage' | 'report' | 'interrupted';

/**
 * Grading was not possible, because of the course or the call and never because of a submission. The message
 * is for the person who ran the command: it names the thing, echoes the value found and states the next step.
 */
export class GraderError extends Error {
  override readonly name = 'GraderError';
  readonly kind: GraderErrorKind;
  /** A unique name for each possible message. */
  readonly code: string;
  /** The message, line by line; no line contains a line end. */
  readonly lines: readonly string[];

  constructor(kind: GraderErrorKind, code: string, ...lines: readonly string[]) {
    super(lines.join('\n'));
    this.kind = kind;
    this.code = code;
    this.lines = lines.flatMap((line) => line.split(/\r\n|\r|\n/));
  }
}

/** The message of a caught error, or the text of any other thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

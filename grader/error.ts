/** What somebody who catches an error decides by: whose it is to put right. */
export type GraderErrorKind = 'rubric' | 'key' | 'folder' | 'usage' | 'report' | 'interrupted';

/**
 * Grading could not be done, for a reason that lies with the course or the call and never with a
 * submission. The message is written for whoever ran the command: it names the thing, echoes what
 * was found and says the next step.
 */
export class GraderError extends Error {
  override readonly name = 'GraderError';
  readonly kind: GraderErrorKind;
  /** A name of its own for each thing that can be said. */
  readonly code: string;
  /** The message, line by line; none of them holds a line end. */
  readonly lines: readonly string[];

  constructor(kind: GraderErrorKind, code: string, ...lines: readonly string[]) {
    super(lines.join('\n'));
    this.kind = kind;
    this.code = code;
    this.lines = lines.flatMap((line) => line.split(/\r\n|\r|\n/));
  }
}

/** What was caught says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

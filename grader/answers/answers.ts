import type { Message, Place, Raw } from '../message';

/** What stands in one cell. */
export type Read =
  /** A whole number, 1 or more; `typed` is how it was written. */
  | { readonly is: 'value'; readonly value: number; readonly typed: Raw; readonly at: Place }
  /** Nothing is filled in; `why` says more where not even the name is there. */
  | { readonly is: 'blank'; readonly why?: Message; readonly at?: Place }
  | { readonly is: 'invalid'; readonly why: Message; readonly typed?: Raw; readonly at?: Place };

/** By `cellId`. */
export type Reads = ReadonlyMap<string, Read>;

/** Something wrong with a file as a whole. */
export interface Problem {
  readonly why: Message;
  readonly at?: Place;
}

/** What was read of the answers' file: cells by `cellId`, one for each cell of the rubric. */
export interface Answers {
  readonly cells: Reads;
  readonly problems: readonly Problem[];
}

/** The key of a cell in a Map. Ids hold letters and digits only. */
export function cellId(row: string, column: string): string {
  return `${row}.${column}`;
}

/** Whether not one cell holds anything, and nothing went wrong either. */
export function isUntouched({ cells, problems }: Answers): boolean {
  return problems.length === 0 && [...cells.values()].every(({ is }) => is === 'blank');
}

import type { Value } from '../answers/evaluate';
import type { Message } from '../message';

/** What was written in a cell: anything but nothing, and but what has no value. */
export type WrittenValue = Exclude<Value, { kind: 'empty' | 'unreadable' }>;

/** A kind of answer: what a cell takes, how it is read, and how it goes wrong. */
export interface Kind {
  readonly id: string;
  /** The type of a cell in the stub, and what is said of it there. */
  readonly type: { readonly name: string; readonly definition: string; readonly comment: string };
  /** The value that was meant, or why there is none. */
  parse(written: WrittenValue, sourceText: string): { readonly value: number } | { readonly reason: Message };
  /** Values that are wrong where another is right, near it and far from it. */
  wrongValues(right: number): readonly number[];
}

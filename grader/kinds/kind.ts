import type { Value } from '../answers/evaluate';
import type { Message } from '../message';

/** What a cell comes to, written in one way whatever a student wrote: `0x64` and `10 ** 2` are 100. */
export type Answer = number | string;

/** What was written in a cell: anything but nothing, and but what has no value. */
export type WrittenValue = Exclude<Value, { kind: 'empty' | 'unreadable' }>;

/** The answer that was meant, and how to show it where more than the answer was typed. */
export interface Parsed {
  readonly value: Answer;
  readonly shown?: string;
}

/** Why what was written is no answer, and what to write in its place where that is certain. */
export interface Unread {
  readonly reason: Message;
  readonly corrected?: string;
}

/** What `rubric.yaml` says of a kind of answer beside its name. */
export type Settings = Readonly<Record<string, unknown>>;

/** A kind of answer as an author chooses it in `rubric.yaml`: a name, and what else may be said there. */
export interface KindDefinition {
  readonly id: string;
  /** A JSON Schema for each setting; its description tells what to write. */
  readonly settings: Readonly<Record<string, { readonly description: string }>>;
  /** Settings that must be there. */
  readonly required: readonly string[];
  /** What is wrong with settings that each fit their schema: the setting, and what to write. */
  faults?(settings: Settings): readonly { readonly setting: string; readonly text: string }[];
  create(settings: Settings): Kind;
}

/** A kind of answer with its settings: what a cell takes, how it is read, compared and shown. */
export interface Kind {
  /** The type of a cell in the stub; one without a name is written out at each cell. */
  readonly type: { readonly name?: string; readonly definition: string; readonly comment: string };
  /** The kind of value that a cell takes, however it is written; a number also as arithmetic. */
  readonly valueKind: 'number' | 'string' | 'boolean';
  /** What `solution/` has to give for a cell. */
  readonly takes: string;
  /**
   * The answer that was meant, or why there is none. The value decides: `sourceText` may be the name of a
   * const, and is for messages.
   */
  parse(written: WrittenValue, sourceText: string): Parsed | Unread;
  /** The answer that a value of `solution/` stands for, or undefined where it stands for none. */
  answerOf(value: unknown): Answer | undefined;
  /** Whether an answer counts as another that is known. */
  matches(answer: Answer, known: Answer): boolean;
  /** How far an answer is from one that it matches. */
  distance(answer: Answer, known: Answer): number;
  /**
   * Where a sealed key has what it says of an answer. All answers that match a known one lie in the
   * `placesOf` it, and others may lie there too.
   */
  placeOf(answer: Answer): string;
  placesOf(known: Answer): readonly string[];
  /** Whether only one answer lies in a place, so that whoever finds it need not compare. */
  readonly isExact: boolean;
  /** What its answers are counted in. */
  readonly unit?: string;
  /** What to say beside the name of a cell where it is to be filled in: its tolerance, or its options. */
  readonly note?: string;
  /** A number, or the least and the most that it may stand for; nothing of a text. */
  numbers(answer: Answer): readonly number[];
  /** How many characters an answer takes where it is shown, as a rule. */
  readonly width: number;
  /** What is wrong with an answer as the right one. */
  faultOf?(right: Answer): string | undefined;
  /** What is said of a text that was written without quotes, where one is taken. */
  unquoted?(sourceText: string): Unread;
  /** All the answers that there are, where they are few and listed. */
  readonly options?: readonly Answer[];
  /** The answer as people read it, with its unit. */
  print(answer: Answer): string;
  /** As TypeScript that somebody may type into a cell. */
  sourceText(answer: Answer): string;
  /** Samples for checking a course: answers that count where `right` is right, itself among them, ... */
  rightAnswers(right: Answer): readonly Answer[];
  /** ... and answers that do not, near it and far from it. */
  wrongAnswers(right: Answer): readonly Answer[];
}

/** The part of a kind whose answers are compared as they are. */
export const exact = {
  isExact: true,
  matches: (answer: Answer, known: Answer) => answer === known,
  distance: () => 0,
  placeOf: String,
  placesOf: (known: Answer) => [String(known)],
  print: String,
  rightAnswers: (right: Answer) => [right],
  numbers: (answer: Answer) => (typeof answer === 'number' ? [answer] : []),
} as const;

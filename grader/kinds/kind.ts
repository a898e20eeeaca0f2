import type { Value } from '../answers/evaluate';
import { type Message, message } from '../message';

/** The value of a cell in one form, however the student wrote it: `0x64` and `10 ** 2` are 100. */
export type Answer = number | string;

/** A value written in a cell, neither empty nor unreadable. */
export type WrittenValue = Exclude<Value, { kind: 'empty' | 'unreadable' }>;

/** The answer that the student meant, and how to show it if more than the answer was typed. */
export interface Parsed {
  readonly value: Answer;
  readonly shown?: string;
}

/** Why a written value is not an answer, and the correction if it is certain. */
export interface NoAnswer {
  readonly reason: Message;
  readonly corrected?: string;
}

/** @param text why, with `{written}` in place of the student's text. */
export function noAnswer(code: string, text: string, written: string): NoAnswer {
  return { reason: message(`cell/${code}`, text, { written }) };
}

/** The settings of a kind of answer in `rubric.yaml`, beside its name. */
export type Settings = Readonly<Record<string, unknown>>;

/** A JSON Schema whose description says what to write. */
export type SettingSchema = Readonly<Record<string, unknown>> & { readonly description: string };

/** Right answers of a cell, TypeScript whose value is one of them, and TypeScript whose value is not. */
interface Example<Own extends Settings> {
  readonly settings: Own;
  readonly right: readonly Answer[];
  readonly spellings: readonly string[];
  readonly wrong: readonly string[];
}

/** A kind of answer as an author chooses it in `rubric.yaml`: a name and its settings. */
export interface KindDefinition<Own extends Settings = Settings> {
  readonly id: string;
  /** Tells authors which answers a cell takes, in Markdown. */
  readonly about: string;
  /** Kinds that share the name of a setting share its schema, because a column lists the settings of all kinds. */
  readonly settings: { readonly [Name in keyof Own]-?: SettingSchema };
  /** The settings that every cell of this kind must have. */
  readonly required: readonly (keyof Own & string)[];
  /** Finds faults in settings that each fit their schema: the setting, and the value to write instead. */
  faults?(settings: Own): readonly { readonly setting: keyof Own & string; readonly text: string }[];
  create(settings: Own): Kind;
  /** Tests grade each of these, besides values that every number kind or text kind accepts. */
  readonly examples: readonly [Example<Own>, ...Example<Own>[]];
}

/** A kind of answer with its settings: which values a cell takes, and how they are read, compared, and shown. */
export interface Kind {
  /** The TypeScript type of a cell, with `null` for one that is not filled in. */
  readonly type: string;
  /** The type of value that a cell accepts, in any notation, and of its answers. A number may also be arithmetic. */
  readonly valueKind: 'number' | 'string';
  /** Describes the value that `solution/` has to give for a cell. */
  readonly takes: string;
  /**
   * Returns the answer that the student meant, or why there is none. Only the value matters: `sourceText` may be the
   * name of a const, and is for messages.
   */
  parse(written: WrittenValue, sourceText: string): Parsed | NoAnswer;
  /** Returns the answer that a value of `solution/` stands for, or undefined if there is none. */
  answerOf(value: unknown): Answer | undefined;
  /** Returns a value of `solution/` as its author wrote it, on one line, for a kind that compares another form of it. */
  spelling?(value: unknown): string;
  /** Whether an answer counts as a known answer. */
  matches(answer: Answer, known: Answer): boolean;
  /** How far an answer is from a known answer that it matches. */
  distance(answer: Answer, known: Answer): number;
  /**
   * Returns the bucket in which a sealed key stores its knowledge about an answer. All answers that match a known
   * answer are in one of its `bucketsOf`, and others may be there too.
   */
  bucketOf(answer: Answer): string;
  bucketsOf(known: Answer): readonly string[];
  /** Whether a bucket has only one answer, so that no comparison is needed. */
  readonly isExact: boolean;
  /** The unit of the answers, such as kg. */
  readonly unit?: string;
  /** The note beside the name of a cell to fill in: its tolerance, or its options. */
  readonly note?: string;
  /** Whether answers are whole numbers, which can appear in laws. */
  readonly isWholeNumber?: true;
  /** The usual width of an answer, in characters. */
  readonly width: number;
  /** Returns why an answer cannot be the right one. */
  faultOf?(right: Answer): string | undefined;
  /** Returns the message for a text that was written without quotes, for a kind that takes text. */
  unquoted?(sourceText: string): NoAnswer;
  /** All possible answers, if the kind lists them. */
  readonly options?: readonly Answer[];
  /** Returns the answer for people to read, with its unit. */
  print(answer: Answer): string;
  /** Returns the answer as TypeScript that can be typed into a cell. */
  sourceText(answer: Answer): string;
}

/** The common part of kinds that compare answers exactly. */
export const exact = {
  isExact: true,
  matches: (answer: Answer, known: Answer) => answer === known,
  distance: () => 0,
  bucketOf: String,
  bucketsOf: (known: Answer) => [String(known)],
  print: String,
} as const;

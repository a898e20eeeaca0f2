import type { Answers } from '../answers/answers';
import type { Message, Place, Raw } from '../message';

export interface Response {
  readonly text: Raw;
  readonly at: Place;
  /** For the instructor: it looks like filler. Costs nothing. */
  readonly warning?: Message;
}

/** What was read of the reflection's file: responses by question id, of the questions that have one. */
export interface Reflection {
  readonly responses: ReadonlyMap<string, Response>;
  /** What stands under no question and counts as responses all the same. */
  readonly unsorted: readonly Response[];
  /** What to know of responses that count. */
  readonly remark?: Message;
  /** Why there are fewer responses than asked for. */
  readonly why?: Message;
}

/** One student's two files, as data. */
export interface Submission {
  readonly answers: Answers;
  readonly reflection?: Reflection;
}

/** The code of what is said of a reflection that is there and holds nothing yet. */
export const untouchedReflection = 'reflection/untouched';

/** Whether the reflection is there as it was handed out. */
export function isUntouchedReflection({ responses, unsorted, why }: Reflection): boolean {
  return responses.size + unsorted.length === 0 && why?.code === untouchedReflection;
}

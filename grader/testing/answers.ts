import type { Answer, Kind } from '../kinds/kind';

/** Answers that do not count where `right` is right: near it, far from it, and the other options. */
export function wrongAnswers(kind: Kind, right: Answer): Answer[] {
  const number = Number(right);
  const numbers = [number + 1, number - 1, -number, 2 * number, 2 * number + 1, 0, 1, 3, 77_777];
  const any = [...numbers, `${right}x`, `x${right}`, 'something else', true, false, ...(kind.options ?? [])];
  const answers = any.map((one) => kind.answerOf(one)).filter((one) => one !== undefined);
  return [...new Set(answers)].filter((one) => !kind.matches(one, right));
}

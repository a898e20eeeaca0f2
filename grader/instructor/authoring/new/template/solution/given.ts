// What rubric.yaml states, checked: whoever changes a number there is told here what it may be.

export type Given = Readonly<Record<string, number | string>>;

/** @throws {RangeError} that says what was found and what may stand there. */
export function sizes({ width, depth }: Given): { width: number; depth: number } {
  for (const [name, size] of Object.entries({ width, depth })) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 2)
      throw new RangeError(`given.${name} is ${JSON.stringify(size)}; write a whole number from 2`);
  }
  return { width: Number(width), depth: Number(depth) };
}

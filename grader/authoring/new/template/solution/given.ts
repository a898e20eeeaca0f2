// Checks the values that rubric.yaml gives, and tells an author who changes a number what is allowed.

export type Given = Readonly<Record<string, number | string>>;

/** @throws {RangeError} that says what was found and what is allowed. */
export function sizes({ width, depth }: Given): { width: number; depth: number } {
  for (const [name, size] of Object.entries({ width, depth })) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 2)
      throw new RangeError(`given.${name} is ${JSON.stringify(size)}; write a whole number from 2`);
  }
  return { width: Number(width), depth: Number(depth) };
}

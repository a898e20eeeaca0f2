/** The login of a student, or what stands for it in brackets, as tables are filled in with it. */
export function loginOfKey(key: string): string {
  return /^\((.*)\)$/.exec(key)?.[1] ?? key;
}

/**
 * Keys for whoever has no login, each once: what the course, or else the download, calls somebody by, in
 * brackets, for no login has any; in lower case, but of those that differ in case only all but one are as
 * they are written.
 */
export function keysWithoutLogin(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter((name) => name === name.toLowerCase()));
  return new Map(
    names.map((name) => {
      const lower = name.toLowerCase();
      const isTaken = name !== lower && taken.has(lower);
      taken.add(lower);
      return [name, `(${isTaken ? name : lower})`] as const;
    }),
  );
}

/** Whether a key is of a line of the roster, and so may be another student's tomorrow. */
export function isOfLine(key: string): boolean {
  return /, line \d+\)$/.test(key);
}

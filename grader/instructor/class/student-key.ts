/**
 * What stands for a student without a login in place of it: in brackets, for no login has any.
 *
 * @param name what the course, or else the download, calls the student by.
 */
export function keyWithoutLogin(name: string): string {
  return `(${name.toLowerCase()})`;
}

/** The login of a student, or what stands for it, as tables are filled in with it. */
export function loginOfKey(key: string): string {
  return /^\((.*)\)$/.exec(key)?.[1] ?? key;
}

/** The key of a student by the login; who has none is named by what stands for it. */
export function keyOfLogin(login: string, known: ReadonlySet<string>): string {
  const without = keyWithoutLogin(login);
  return known.has(without) ? without : login.toLowerCase();
}

/**
 * The program that reads histories, for messages. This version of git added `cat-file --batch-command` (git's
 * Documentation/RelNotes/2.36.0.txt).
 */
export const neededGit = 'git 2.36 or later';

/** Whether this git can read histories, judging by the output of `git --version`. */
export function isNeededGit(printed: string): boolean {
  const [major = 0, minor = 0] = /^git version (\d+)\.(\d+)/.exec(printed)?.slice(1).map(Number) ?? [];
  return major > 2 || (major === 2 && minor >= 36);
}

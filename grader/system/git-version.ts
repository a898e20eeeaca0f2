/** What reads histories, as people are told: `cat-file --batch-command` is new in it (git's Documentation/RelNotes/2.36.0.txt). */
export const neededGit = 'git 2.36 or later';

/** Whether a git reads histories, by what `git --version` prints. */
export function isNeededGit(printed: string): boolean {
  const [major = 0, minor = 0] = /^git version (\d+)\.(\d+)/.exec(printed)?.slice(1).map(Number) ?? [];
  return major > 2 || (major === 2 && minor >= 36);
}

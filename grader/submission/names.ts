import { closest, distance } from 'fastest-levenshtein';

const longest = 40;

/** The name that was probably meant, if one is near: a few letters off, or the same but for its case. */
export function nearest(found: string, names: readonly string[]): string | undefined {
  if (found.length > longest || names.length === 0) return undefined;
  const lower = found.toLowerCase();
  const name = closest(
    lower,
    names.map((candidate) => candidate.toLowerCase()),
  );
  const allowed = Math.max(1, Math.floor(name.length / 3));
  if (distance(lower, name) > allowed) return undefined;
  return names.find((candidate) => candidate.toLowerCase() === name);
}

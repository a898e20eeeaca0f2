import { closest, distance } from 'fastest-levenshtein';

const longest = 40;
const telling = 3;

/**
 * The name that was probably meant, if one is near: a few letters off, the same but for its case, or
 * begun in the same way.
 */
export function nearest(found: string, names: readonly string[]): string | undefined {
  if (found.length > longest || names.length === 0) return undefined;
  const lower = found.toLowerCase();
  const known = names.map((name) => ({ name, lower: name.toLowerCase() }));
  const closestName = closest(
    lower,
    known.map((candidate) => candidate.lower),
  );
  const allowed = Math.max(1, Math.floor(closestName.length / 3));
  if (distance(lower, closestName) <= allowed)
    return known.find((candidate) => candidate.lower === closestName)?.name;
  const alike = known.filter(
    (candidate) => lower.length >= telling && candidate.lower.startsWith(lower.slice(0, telling)),
  );
  return alike.length === 1 ? alike[0]?.name : undefined;
}

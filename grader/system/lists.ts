import { closest, distance } from 'fastest-levenshtein';

/** Groups items by key, in the order of each group's first item. No group is empty. Node.js 20 has no `Map.groupBy`. */
export function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): Map<Key, [Item, ...Item[]]> {
  const groups = new Map<Key, [Item, ...Item[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The known name that was probably meant, if one is at most two letters off. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const near = known.filter((candidate) => distance(name, candidate) <= 2);
  return near.length > 0 ? closest(name, near) : undefined;
}

/** Runs an action for every item, several at a time. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  atOnce: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  // All workers share one iterator.
  const waiting = items[Symbol.iterator]();
  const work = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/**
 * The first names in a list, and how many are left: `ada, ben and 3 more`. If names have commas: `Lee, Ada; Ross, Bob`.
 */
export function joinNames(names: readonly string[], most = 10): string {
  const more = names.length - most;
  const between = names.some((name) => name.includes(',')) ? '; ' : ', ';
  return `${names.slice(0, most).join(between)}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Escapes a text so that a regular expression matches it literally. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Groups items by key, with groups in order of their first items; Node.js 20 has no `Map.groupBy`. */
export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return groups;
}

/** The first names of a list, and how many more there are: `ada, ben and 3 more`. Where names hold commas: `Lee, Ada; Ross, Bob`. */
export function joinNames(names: readonly string[], most = 10): string {
  const more = names.length - most;
  const between = names.some((name) => name.includes(',')) ? '; ' : ', ';
  return `${names.slice(0, most).join(between)}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The first of many names, and how many there are beside them: `ada, ben and 3 more`. */
export function named(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

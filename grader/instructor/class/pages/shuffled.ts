import { createHash } from 'node:crypto';

/** Texts in an order that tells nothing of whose they are or which is right, and is the same each time. */
export function shuffled<Item extends { readonly text: string }>(items: readonly Item[]): Item[] {
  const key = ({ text }: Item) => createHash('sha256').update(text).digest('hex');
  return items
    .map((item) => [key(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

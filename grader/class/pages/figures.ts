import { createHash } from 'node:crypto';

/** How the numbers of a class are shown. */
export interface Figures {
  /** `12`, or `fewer than 5` if so few students could be identified. */
  count(count: number): string;
  /** Whether a count may be shown along with other facts about those students. */
  isShown(count: number): boolean;
}

/** Of fewer students, someone who was in the room may know who they are. */
const minCount = 5;

/** Shows the exact numbers. */
export const exactFigures: Figures = { count: String, isShown: () => true };

/** Hides small numbers, for readers who must not learn who it was. */
export const coarseFigures: Figures = {
  count: (count) => (count > 0 && count < minCount ? `fewer than ${minCount}` : String(count)),
  isShown: (count) => count === 0 || count >= minCount,
};

/** Whether a part of some students may be shown beside their total: otherwise the rest could be identified. */
export function isPartShown(part: number, all: number, figures: Figures): boolean {
  return [part, all - part, all].every(figures.isShown);
}

/** Sorts texts in an order that does not reveal whose they are or which is right, and is the same each time. */
export function shuffled<Item extends { readonly text: string }>(items: readonly Item[]): Item[] {
  const key = ({ text }: Item) => createHash('sha256').update(text).digest('hex');
  return items
    .map((item) => [key(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

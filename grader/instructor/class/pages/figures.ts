import { createHash } from 'node:crypto';

/** How the numbers of a class are shown. */
export interface Figures {
  /** `12`, or `fewer than 5` where so few could be told apart. */
  count(count: number): string;
  /** Whether a count may be shown with what else is known of those few. */
  isShown(count: number): boolean;
}

/** Of fewer, somebody who was in the room may know who they are. */
const minCount = 5;

/** The numbers as they are. */
export const exactFigures: Figures = { count: String, isShown: () => true };

/** The same for whoever is not to learn who it was. */
export const coarseFigures: Figures = {
  count: (count) => (count > 0 && count < minCount ? `fewer than ${minCount}` : String(count)),
  isShown: (count) => count === 0 || count >= minCount,
};

/** Whether a part of some may be shown beside all of them: else who is left over could be told. */
export function isPartShown(part: number, all: number, figures: Figures): boolean {
  return [part, all - part, all].every(figures.isShown);
}

/** Texts in an order that tells nothing of whose they are or which is right, and is the same each time. */
export function shuffled<Item extends { readonly text: string }>(items: readonly Item[]): Item[] {
  const key = ({ text }: Item) => createHash('sha256').update(text).digest('hex');
  return items
    .map((item) => [key(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

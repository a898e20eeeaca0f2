/** Numbers that look like chance and are the same each time (mulberry32, by T. Ettinger). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** One of some, or a fallback where there is none. */
  pick<Item>(items: readonly Item[], fallback: Item): Item {
    return items[this.below(items.length)] ?? fallback;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

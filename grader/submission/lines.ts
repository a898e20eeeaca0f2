import type { Place } from '../message';

/** Turns offsets of one text into lines and columns. */
export class Lines {
  private readonly file: string;
  private readonly starts = [0];

  constructor(file: string, text: string) {
    this.file = file;
    for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
      this.starts.push(index + end.length);
  }

  /** The place of an offset in UTF-16 units. */
  at(offset: number): Place {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { file: this.file, line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}

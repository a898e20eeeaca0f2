const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Segmenting takes some 40 µs a word, so only as much as tells enough is ever looked at. */
const longestSegmented = 300;

/** The words at the start of a text in any language, in lower case and without numbering. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(normalised(text.slice(0, longestSegmented)))) {
    if (isWordLike && !/^\d+$/.test(segment)) words.push(segment);
  }
  return words;
}

/** The letters of a text, for telling quickly whether two lines say the same. */
export function lettersOf(text: string): string {
  return normalised(text).replace(/[^\p{L}\p{M}]+/gu, '');
}

/** How much of `found` stands in `known` too, and how much of both together: 0 to 1 each. */
export function overlap(
  found: readonly string[],
  known: readonly string[],
): { ofFound: number; ofBoth: number } {
  const [first, second] = [new Set(found), new Set(known)];
  const shared = [...first].filter((word) => second.has(word)).length;
  return {
    ofFound: first.size === 0 ? 0 : shared / first.size,
    ofBoth: first.size + second.size === 0 ? 0 : (2 * shared) / (first.size + second.size),
  };
}

function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

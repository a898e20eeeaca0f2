const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Segmenting takes some 40 µs a word and normalising can take longer, so only the start of a text is looked at. */
const longest = 300;

/** The words at the start of a text in any language, in lower case and without numbering. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(normalised(text))) {
    if (isWordLike && !/^\d+$/.test(segment)) words.push(segment);
  }
  return words;
}

/** Scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether the start of a text says one word, more than twice, and no other. */
export function repeatsOneWord(text: string): boolean {
  const start = normalised(text);
  // Two runs of letters between spaces are two words: most texts need not be cut any further.
  const [first, ...others] = start.split(/\s+/).filter((part) => /^[\p{L}\p{M}]+$/u.test(part));
  if (others.some((part) => part !== first) && !unspaced.test(start)) return false;
  const words = wordsOf(text);
  return words.length > 2 && new Set(words).size === 1;
}

/** The letters at the start of a text, for telling quickly whether two lines say the same. */
export function lettersOf(text: string): string {
  return normalised(text).replace(/[^\p{L}\p{M}]+/gu, '');
}

/** How many words two texts share: as a count, as a part of `found`, and as a part of both together. */
export function overlap(
  found: readonly string[],
  known: readonly string[],
): { shared: number; ofFound: number; ofBoth: number } {
  const [first, second] = [new Set(found), new Set(known)];
  const shared = [...first].filter((word) => second.has(word)).length;
  return {
    shared,
    ofFound: first.size === 0 ? 0 : shared / first.size,
    ofBoth: first.size + second.size === 0 ? 0 : (2 * shared) / (first.size + second.size),
  };
}

function normalised(text: string): string {
  return text.slice(0, longest).normalize('NFKC').toLowerCase();
}

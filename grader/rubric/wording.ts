/** Cutting a text into words takes some 40 µs a word and normalising can take longer, so only its start is looked at. */
const maxLength = 300;

/** The start of a text, with all ways of writing a letter as one. */
function startOf(text: string): string {
  return text.slice(0, maxLength).normalize('NFKC').toLowerCase();
}

/** The letters and digits at the start of a text, without a number before them: whether two texts say the same. */
export function wordingOf(text: string): string {
  return startOf(text)
    .replace(/<\/?[a-z][^<>]{0,300}>|\]\([^()\s]{0,200}\)/gu, '') // tags, and where a link leads
    .replace(/^[\s\p{P}]*\[[ x]\]/u, '') // a box to tick
    .replace(/^[\s\p{P}|]*(?:\p{L}{0,9}\s?\p{Nd}{1,2}\s*[\p{P}|]+\s*)/u, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

let segmenter: Intl.Segmenter | undefined;

/** Scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether the start of a text says one word, more than twice, and no other. */
export function repeatsOneWord(text: string): boolean {
  const start = startOf(text);
  // Two runs of letters between spaces or brackets are two words: most texts need not be cut any further.
  const [first, ...others] = start.split(/[\s()[\]/|]+/).filter((part) => /^[\p{L}\p{M}]+$/u.test(part));
  if (others.some((part) => part !== first) && !unspaced.test(start)) return false;
  const words = segmentsOf(start);
  return words.length > 2 && new Set(words).size === 1;
}

function segmentsOf(text: string): string[] {
  const words: string[] = [];
  // It takes 10 ms to make, and most texts need none.
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (isWordLike && !/^\d+$/.test(segment)) words.push(segment);
  }
  return words;
}

/** Whether anybody would see something of a text: letters, digits, pictures, or marks that ask or cry out. */
export function isVisible(text: string): boolean {
  return /[\p{L}\p{N}\p{Extended_Pictographic}?!¿¡？！؟]/u.test(
    text
      .slice(0, 65_536)
      // Boxes to tick, and where links lead, which Markdown does not show.
      .replace(/^\s*(?:\[[ xX]\]|\[[^\]\n]{1,200}\]:[^\n]*)/gmu, '')
      .replace(/[\p{Default_Ignorable_Code_Point}☑✅✔]/gu, ''),
  );
}

/** The words at the start of a text, between spaces and marks. */
export function wordsOf(text: string): string[] {
  return text.slice(0, maxLength).match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’.-]*[\p{L}\p{M}\p{N}])?/gu) ?? [];
}

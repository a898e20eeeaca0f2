/** Cutting a text into words takes some 40 µs a word and normalising can take longer, so only its start is looked at. */
const longest = 300;

/** The start of a text, with all ways of writing a letter as one. */
export function startOf(text: string): string {
  return text.slice(0, longest).normalize('NFKC').toLowerCase();
}

/** The letters and digits at the start of a text, without a number before them: whether two texts say the same. */
export function wordingOf(text: string): string {
  return startOf(text)
    .replace(/<\/?[a-z][^<>]{0,300}>|\]\([^()\s]{0,200}\)/gu, '') // tags, and where a link leads
    .replace(/^[\s\p{P}]*(?:\p{L}{0,9}\s?\p{Nd}{1,2}\s*[\p{P}]+\s*)/u, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

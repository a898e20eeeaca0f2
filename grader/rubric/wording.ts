/** Normalizing can take long, so only the start is checked. */
const maxLength = 300;

/** The start of a text, in lower case and with all forms of a letter unified. */
function startOf(text: string): string {
  return text.slice(0, maxLength).normalize('NFKC').toLowerCase();
}

/** The letters and digits at the start of a text, without a leading number, to tell if two texts say the same. */
export function wordingOf(text: string): string {
  return startOf(text)
    .replace(/<\/?[a-z][^<>]{0,300}>|\]\([^()\s]{0,200}\)/gu, '') // tags and link targets
    .replace(/^[\s\p{P}]*\[[ x]\]/u, '') // a checkbox
    .replace(/^[\s\p{P}|]*(?:\p{L}{0,9}\s?\p{Nd}{1,2}\s*[\p{P}|]+\s*)/u, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

/** Whether the start of a text only repeats one word, more than twice. Not all scripts have spaces between words. */
export function repeatsOneWord(text: string): boolean {
  return /^(.+?)\1{2,}$/u.test(startOf(text).replace(/[^\p{L}\p{M}]+/gu, ''));
}

/** Whether a text shows anything: letters, digits, pictures, question marks, or exclamation marks. */
export function isVisible(text: string): boolean {
  return /[\p{L}\p{N}\p{Extended_Pictographic}?!¿¡？！؟]/u.test(
    text
      .slice(0, 65_536)
      // Checkboxes, and link definitions, which Markdown does not show.
      .replace(/^\s*(?:\[[ xX]\]|\[[^\]\n]{1,200}\]:[^\n]*)/gmu, '')
      .replace(/[\p{Default_Ignorable_Code_Point}☑✅✔]/gu, ''),
  );
}

/** The words at the start of a text, split at spaces and punctuation. */
export function wordsOf(text: string): string[] {
  return text.slice(0, maxLength).match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’.-]*[\p{L}\p{M}\p{N}])?/gu) ?? [];
}

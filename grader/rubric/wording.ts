/** Normalizing can take long, so only the start is checked. */
const maxLength = 1_000;

/** `1.`, `Q2:`, `| 3 |`, `Question 4 -` */
export const leadingNumber = /^[\s\p{P}|]*\p{L}{0,9}\s?\p{Nd}{1,2}\s*[\p{P}|]+(?!\p{Nd})\s*/u;

/** The letters and digits at the start of a text, without a leading number, to tell if two texts say the same. */
export function wordingOf(text: string): string {
  return text
    .slice(0, maxLength)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/<\/?[a-z][^<>]{0,300}>|\]\([^()\s]{0,200}\)/gu, '') // tags and link targets
    .replace(/^[\s\p{P}]*\[[ x]\]/u, '') // a checkbox
    .replace(leadingNumber, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
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

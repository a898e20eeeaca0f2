/**
 * Characters that change how the text around them is shown or taken: controls, line separators,
 * direction and other format marks, what shows nothing, halves of surrogate pairs. The joiners and variants
 * of scripts and emoji stay.
 */
const hidden =
  /(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** The two grammars of workflow commands that a log may be read for: `::name::` and `##[name]`. */
const command = /:(?=:)|#(?=#\[)/g;

/** Text in which every hidden character is written out, and no workflow command is left. */
export function visible(text: string, write = writtenOut): string {
  return text.replace(hidden, write).replace(command, write);
}

/** `\u{1b}` for escape. */
function writtenOut(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

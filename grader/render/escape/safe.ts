declare const sink: unique symbol;

/**
 * Text that may be shown in one kind of place as it is. Only the files of this folder make it, one
 * file a sink, so a renderer that lets a student's text through unescaped does not compile.
 */
export type Safe<Sink extends string> = string & { readonly [sink]: Sink };

/**
 * Characters that change how the text around them is shown or taken: controls, line separators,
 * direction and other format marks, what shows nothing, halves of surrogate pairs. The joiners and variants
 * of scripts and emoji stay.
 */
const hidden =
  /(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** The two grammars of workflow commands that a log may be read for: `::name::` and `##[name]`. */
const workflowCommand = /:(?=:)|#(?=#\[)/g;

/**
 * The colons without which none of the problem matchers of actions/setup-node takes a line for an error:
 * `x:1:2 - error TS1: y` and `x(1,2): error TS1: y`, `x: line 1, col 2, Error - y (z)`, and `1:2  error  y  z`.
 */
const problem =
  /:(?:(?<=\b(?:error|warning|info)\s+\w{1,2}\d+\s*:)|(?=\s+line\s+\d+,\s+col\s)|(?<=\d:)(?=\d+\s+(?:error|warning|info)(?:\s|$)))/gim;

/** Text in which every hidden character is written out, and nothing is left that a log is read for. */
export function escapeInvisible(text: string, write = writtenOut): string {
  return text.replace(hidden, write).replace(workflowCommand, write).replace(problem, write);
}

/** `\u{1b}` for escape. */
function writtenOut(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

declare const sink: unique symbol;

/**
 * Text that is safe to show unchanged in one kind of place. Only the files of this folder create it, one
 * file per sink, so a renderer that lets a student's text through unescaped does not compile.
 */
export type Safe<Sink extends string> = string & { readonly [sink]: Sink };

/** Text that may be printed: for people, for a log that a host reads, or for a program. */
export type PrintedText = Safe<'terminal' | 'actions' | 'json'>;

/**
 * Makes the tag of a template for one sink. It joins pieces that are already safe; anything else does not compile. A
 * piece that is false is left out.
 */
export function safeTag<Text extends Safe<string>>() {
  return (parts: TemplateStringsArray, ...values: (Text | readonly Text[] | false)[]): Text => {
    const pieces = values.map((value) => (value ? [value].flat().join('') : ''));
    return String.raw({ raw: parts }, ...pieces) as Text;
  };
}

/** Joins texts that are printed below each other. */
export function printed(texts: readonly PrintedText[]): PrintedText {
  return texts.join('\n') as PrintedText;
}

/**
 * Characters that change how the text around them is shown or interpreted: controls, line separators, direction and
 * other format marks, invisible characters, halves of surrogate pairs. The joiners and variation selectors of scripts
 * and emoji stay; they come last, so that they are tried only where something matches.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800](?<!\u200c|\u200d|[\ufe00-\ufe0f])/gu;

/** The two syntaxes for workflow commands in a log: `::name::` and `##[name]`. */
const workflowCommand = /:(?=:)|#(?=#\[)/g;

/**
 * The colons that the problem matchers of actions/setup-node need to take a line for an error:
 * `x:1:2 - error TS1: y` and `x(1,2): error TS1: y`, `x: line 1, col 2, Error - y (z)`, and `1:2  error  y  z`.
 */
const problem =
  /:(?:(?<=\b(?:error|warning|info)\s+\w{1,2}\d+\s*:)|(?=\s+line\s+\d+,\s+col\s)|(?<=\d:)(?=\d+\s+(?:error|warning|info)(?:\s|$)))/gim;

/** Escapes every hidden character, and everything in the text that would make a log reader act. */
export function escapeInvisible(text: string, write = writtenOut): string {
  return text.replace(hidden, write).replace(workflowCommand, write).replace(problem, write);
}

/** For example, `\u{1b}` for the escape character. */
function writtenOut(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

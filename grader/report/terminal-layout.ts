import { plain, sheet, type TerminalText } from './escape/terminal';

/** Columns of a terminal that are used; every one has 80. */
export const width = 78;
export const indent = 4;

/** Texts one below the other, indented and wrapped. */
export function paragraph(texts: readonly TerminalText[]): TerminalText {
  return sheet(
    [indent, width - indent],
    texts.map((text) => [{ text: plain('') }, { text }]),
  );
}

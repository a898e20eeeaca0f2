import Table from 'cli-table3';
import type { TerminalText } from './terminal';

interface TableCell {
  readonly text: TerminalText;
  /** The number of columns it spans. */
  readonly span?: number;
  /** The number of blank characters at its right. */
  readonly gap?: number;
}

/** Lays out rows in columns of fixed widths, wrapped at words, without borders. */
export function formatTable(
  widths: readonly number[],
  rows: readonly (readonly TableCell[])[],
): TerminalText {
  const sides = 'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right';
  const names = `${sides} left left-mid mid mid-mid right right-mid middle`.split(' ');
  const table = new Table({
    colWidths: [...widths],
    wordWrap: true,
    chars: Object.fromEntries(names.map((name) => [name, ''])),
    style: { 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(
    ...rows.map((row) =>
      row.map(({ text, span = 1, gap = 0 }) => ({
        content: text,
        colSpan: span,
        style: { 'padding-left': 0, 'padding-right': gap },
      })),
    ),
  );
  return table.toString().replace(/ +$/gm, '') as TerminalText;
}

import Table from 'cli-table3';
import { createColors } from 'picocolors';
import { type Message, piecesOf } from '../../message';
import type { Safe } from './safe';
import { visible } from './visible';

export type TerminalText = Safe<'terminal'>;

/** Any text as one line of a terminal: nothing in it can move the cursor or be taken for a command. */
export function plain(text: string | number): TerminalText {
  return visible(String(text)) as TerminalText;
}

/** Joins text that is safe already; anything else does not compile. */
export function terminal(parts: TemplateStringsArray, ...values: TerminalText[]): TerminalText {
  return String.raw({ raw: parts }, ...values) as TerminalText;
}

export function lines(texts: readonly TerminalText[]): TerminalText {
  return texts.join('\n') as TerminalText;
}

/** A message with its quotes in place, each between quotation marks. */
export function sentence(message: Message): TerminalText {
  const pieces = piecesOf(message).map((piece) =>
    'words' in piece ? plain(piece.words) : `“${plain(piece.quote)}”`,
  );
  return pieces.join('') as TerminalText;
}

type Paint = (text: TerminalText) => TerminalText;
export type Paints = Readonly<Record<'strong' | 'good' | 'bad' | 'faint', Paint>>;

/** Colours for what is only ever stressed by them, never told by them alone. */
export function paints(colour: boolean): Paints {
  const { bold, green, red, dim } = createColors(colour);
  const paint =
    (style: (text: string) => string): Paint =>
    (text) =>
      style(text) as TerminalText;
  return { strong: paint(bold), good: paint(green), bad: paint(red), faint: paint(dim) };
}

/** One cell of a sheet; `span` is how many columns it runs over. */
export interface SheetCell {
  readonly text: TerminalText;
  readonly span?: number;
}

/** Rows of cells in columns of fixed widths, wrapped at words, without lines between them. */
export function sheet(widths: readonly number[], rows: readonly (readonly SheetCell[])[]): TerminalText {
  const names = [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
  ];
  const middles = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'];
  const table = new Table({
    colWidths: [...widths],
    wordWrap: true,
    chars: Object.fromEntries([...names, ...middles].map((name) => [name, ''])),
    style: { 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map(({ text, span = 1 }) => ({ content: text, colSpan: span }))));
  return table.toString().replace(/ +$/gm, '') as TerminalText;
}

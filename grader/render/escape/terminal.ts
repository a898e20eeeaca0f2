import { createColors, isColorSupported } from 'picocolors';
import type { Outcome } from '../../grading/report.schema';
import { interpolate, type Message } from '../../message';
import { escapeInvisible, type Safe, safeTag } from './safe';

export type TerminalText = Safe<'terminal'>;

/** Escapes text for one terminal line: nothing in it can move the cursor or be taken for a command. */
export function escapeTerminal(text: string | number): TerminalText {
  return escapeInvisible(String(text)) as TerminalText;
}

/** Joins pieces of text. */
export const terminal = safeTag<TerminalText>();

export function lines(texts: readonly TerminalText[]): TerminalText {
  return texts.join('\n') as TerminalText;
}

/** A message with its quotes filled in, each in quotation marks. */
export function terminalSentence(message: Message): TerminalText {
  return escapeTerminal(interpolate(message));
}

type Color = (text: TerminalText) => TerminalText;

/** Terminal colors by meaning, such as the outcome of a cell. */
export type Colors = Readonly<Record<'strong' | 'good' | 'bad' | 'faint' | Outcome, Color>>;

/** Returns colors for emphasis only: never convey anything by color alone. */
export function colors(hasColors: boolean): Colors {
  const { bold, green, red, dim } = createColors(hasColors);
  const paint =
    (style: (text: string) => string): Color =>
    (text) =>
      style(text) as TerminalText;
  return {
    strong: paint(bold),
    faint: paint(dim),
    good: paint(green),
    bad: paint(red),
    correct: paint(green),
    wrong: paint(red),
    blank: paint(red),
    invalid: paint(red),
    ungraded: (text) => text,
  };
}

/** Whether standard output is a terminal that shows colors, and nobody turned them off. */
export function showsColors(): boolean {
  return process.stdout.isTTY === true && isColorSupported;
}

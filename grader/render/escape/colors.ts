import { createColors, isColorSupported } from 'picocolors';
import type { Outcome } from '../../grading/report.schema';
import type { TerminalText } from './terminal';

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

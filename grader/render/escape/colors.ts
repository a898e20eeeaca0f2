import { createColors, isColorSupported } from 'picocolors';
import type { Outcome } from '../../grading/report.schema';
import type { TerminalText } from './terminal';

type Color = (text: TerminalText) => TerminalText;

/** Colors of a terminal, by what they stand for: an outcome of a cell, among others. */
export type Colors = Readonly<Record<'strong' | 'good' | 'bad' | 'faint' | Outcome, Color>>;

/** Colors for what is only ever stressed by them, never told by them alone. */
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

/** Whether standard output is a terminal that shows colors, and nobody asked to leave them out. */
export function showsColors(): boolean {
  return process.stdout.isTTY === true && isColorSupported;
}

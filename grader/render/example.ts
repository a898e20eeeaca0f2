import type { WorkedExample } from '../grading/context';
import { escapeTerminal, formatTable, lines, type TerminalText } from './escape/terminal';

/** One row of an example, with the meanings of its numbers. */
export function exampleOf({ given, rows, legend }: WorkedExample, id: string): WorkedExample {
  const own = rows.filter((row) => row.id === id);
  const values = new Set(own.flatMap(({ cells }) => cells.map(({ value }) => value)));
  return { given, rows: own, legend: legend.filter(({ value }) => values.has(value)) };
}

/** The worksheet worked out for other sizes, in 80 columns: each row with its values, and their meanings. */
export function renderExample({ given, rows, legend }: WorkedExample): TerminalText {
  const stated = Object.entries(given).map(([name, value]) => `${name} = ${value}`);
  const body = rows.map(({ label, cells }) => {
    const values = cells.map((cell) => `${cell.label} ${cell.value}`);
    return [{ text: escapeTerminal(label), gap: 2 }, { text: escapeTerminal(values.join(', ')) }];
  });
  return lines([
    formatTable([78], [[{ text: escapeTerminal(`The same worksheet with ${stated.join(' and ')}:`) }]]),
    escapeTerminal(''),
    formatTable([44, 34], body),
    escapeTerminal(''),
    formatTable(
      [12, 66],
      legend.map(({ value, phrase }) => [
        { text: escapeTerminal(value), gap: 2 },
        { text: escapeTerminal(phrase) },
      ]),
    ),
    escapeTerminal(''),
    formatTable(
      [78],
      [[{ text: escapeTerminal('How do you get each of these numbers? You get yours the same way.') }]],
    ),
  ]);
}

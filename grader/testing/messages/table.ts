import { readFileSync } from 'node:fs';
import path from 'node:path';
import { graderFolder } from '../../place';
import type { Site } from './sites';

export const tableFile = path.join(graderFolder, 'testing', 'messages', 'messages.txt');

/** An entry of the table: a message that a place can raise, and an example that was raised. */
export interface Entry extends Site {
  readonly example?: string;
}

/**
 * Formats the table. Below the name of its file, each message has the form
 *
 *     its code
 *       its words as the source has them
 *       > an example, line by line
 */
export function formatTable(entries: readonly Entry[]): string {
  const lines: string[] = [];
  let file = '';
  for (const entry of entries) {
    if (entry.file !== file) lines.push('', `# ${entry.file}`);
    file = entry.file;
    lines.push('', ...linesOf(entry));
  }
  return `${lines.join('\n').trim()}\n`;
}

/** The part of a table that repeats the source, so that the two can be compared. */
export function withoutExamples(table: string): string {
  return table.replaceAll('\r\n', '\n').replaceAll(/^ {2}>.*\n/gm, '');
}

export function readTable(): string {
  return readFileSync(tableFile, 'utf8');
}

function linesOf({ code, words, example }: Entry): string[] {
  const shown = (text: string) => text.split('\n');
  return [
    code,
    ...words.flatMap(shown).map((line) => `  ${line}`.trimEnd()),
    ...(example === undefined ? [] : shown(example).map((line) => `  > ${line}`.trimEnd())),
  ];
}

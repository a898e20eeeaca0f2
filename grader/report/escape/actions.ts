import type { Safe } from './safe';
import type { TerminalText } from './terminal';

export type ActionsText = Safe<'actions'>;

/** In UTF-16 units; GitHub cuts longer messages wherever its limit falls. */
const longestMessage = 4000;

/**
 * One workflow command, for a line of its own in the log of GitHub Actions. What it says is text that
 * is safe for a terminal, with the signs escaped that end a property or a command.
 */
export function command(
  name: 'warning' | 'error',
  properties: Readonly<Record<string, string | number>>,
  message: TerminalText,
): ActionsText {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  const cut = message.slice(0, longestMessage).replace(/[\ud800-\udbff]$/, '');
  const text = message.length > longestMessage ? `${cut}…` : message;
  return `::${name} ${listed.join(',')}::${data(text)}` as ActionsText;
}

/** From here on the log is not read for commands, until `resume` with the same token. */
export function stop(token: string): ActionsText {
  return `::stop-commands::${token}` as ActionsText;
}

export function resume(token: string): ActionsText {
  return `::${token}::` as ActionsText;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

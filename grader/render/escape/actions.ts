import { randomUUID } from 'node:crypto';
import type { PrintedText, Safe } from './safe';
import type { TerminalText } from './terminal';

export type ActionsText = Safe<'actions'>;

/**
 * Commands that keep GitHub from taking later lines of a log for problems of a compiler or linter. They remove the
 * problem matchers that actions/setup-node leaves registered for all later steps (`src/main.ts` of its 7.0.0).
 */
const removeMatchers = ['tsc', 'eslint-stylish', 'eslint-compact'].map(
  (owner) => `::remove-matcher owner=${owner}::` as ActionsText,
);

/** The environment variables in which GitHub Actions tells a step where it runs and where to write. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function isOnActions({ GITHUB_ACTIONS }: Environment): boolean {
  return GITHUB_ACTIONS === 'true';
}

/** In UTF-16 units; GitHub cuts longer messages at its own limit, regardless of the text there. */
const maxMessage = 4000;

/**
 * One workflow command, for a line of its own in the log of GitHub Actions. Its message is text that is safe for a
 * terminal; characters that would end a property or the command are escaped.
 */
export function command(
  name: 'notice' | 'warning' | 'error',
  properties: Readonly<Record<string, string | number>>,
  message: TerminalText,
): ActionsText {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  const cut = message.slice(0, maxMessage).replace(/[\ud800-\udbff]$/, '');
  const text = message.length > maxMessage ? `${cut}…` : message;
  return `::${name} ${listed.join(',')}::${data(text)}` as ActionsText;
}

/**
 * Wraps text so that GitHub takes nothing in it for a command; nobody can know the token beforehand. Problem
 * matchers still apply between the two commands, so those that actions/setup-node leaves are removed first.
 */
export function guarded(text: PrintedText): ActionsText {
  const token = randomUUID();
  return [...removeMatchers, `::stop-commands::${token}`, text, `::${token}::`].join('\n') as ActionsText;
}

/** The commands above, to begin a log on GitHub Actions; none elsewhere. */
export function quietened(variables: Environment): readonly ActionsText[] {
  return isOnActions(variables) ? removeMatchers : [];
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

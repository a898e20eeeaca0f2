import { randomUUID } from 'node:crypto';
import type { Safe } from './safe';
import type { TerminalText } from './terminal';

/** What is said where there is no grade. */
export const gradingFailed = 'Grading failed (this is not a zero)';

/** The problem matchers that actions/setup-node leaves registered for all later steps. */
const matcherOwners = ['tsc', 'eslint-stylish', 'eslint-compact'];

export type ActionsText = Safe<'actions'>;

/** The variables by which GitHub Actions tells a step where it runs and where to write. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function isOnActions({ GITHUB_ACTIONS }: Environment): boolean {
  return GITHUB_ACTIONS === 'true';
}

/** In UTF-16 units; GitHub cuts longer messages wherever its limit falls. */
const maxMessage = 4000;

/**
 * One workflow command, for a line of its own in the log of GitHub Actions. What it says is text that
 * is safe for a terminal, with the signs escaped that end a property or a command.
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
 * Text of which nothing is taken for a command; nobody can know the token beforehand. Problem matchers
 * apply between the two commands as well, so those that actions/setup-node leaves are removed first.
 */
export function guarded(text: string): ActionsText {
  const token = randomUUID();
  return [...removeMatchers(), `::stop-commands::${token}`, text, `::${token}::`].join('\n') as ActionsText;
}

/** Lines after which no line of the log is taken for a problem of a compiler or a linter. */
export function removeMatchers(): ActionsText[] {
  return matcherOwners.map((owner) => `::remove-matcher owner=${owner}::` as ActionsText);
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

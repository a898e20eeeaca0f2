import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Configure } from '../../command';
import { graderFolder } from '../../place';
import { escapeTerminal } from '../../render/escape/terminal';
import { writeWordsOfCases } from './cases';
import { type Site, sites } from './sites';
import { formatTable, tableFile } from './table';

const root = path.join(graderFolder, '..');

export const configureMessages: Configure = (command) => command.action(writeMessages);

function writeMessages(): void {
  writeWordsOfCases();
  console.error('Running the tests that raise messages; this takes a minute or two.');
  const raised = raisedInTests();
  const entries = sites().map((site) => ({ ...site, example: exampleOf(site, raised) }));
  writeFileSync(tableFile, formatTable(entries));
  const without = entries.filter(({ example }) => example === undefined);
  const file = path.relative(root, tableFile);
  console.log(`${file} holds ${entries.length} messages, ${without.length} of them without an example.`);
}

/** The text that contains the most of a site's words, and the shortest of those. */
function exampleOf(
  { code, words }: Site,
  raised: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const isCode = new RegExp(`^(?:\\w+/)?(?:${code.split(' or ').map(escapePattern).join('|')})$`);
  const pieces = words.flatMap((text) => text.split(/…|\{\w+\}/)).filter((piece) => /\p{L}{2}/u.test(piece));
  const texts = [...raised].flatMap(([of, all]) => (isCode.test(of) ? [...all] : []));
  const ranked = texts
    .map((text) => ({ text, count: pieces.filter((piece) => text.includes(piece)).length }))
    .filter(({ count }) => count > 0 || pieces.length === 0)
    .sort((a, b) => b.count - a.count || a.text.length - b.text.length || (a.text < b.text ? -1 : 1));
  return ranked[0]?.text.split('\n').map(escapeTerminal).join('\n');
}

function escapePattern(code: string): string {
  return code
    .split('…')
    .map((part) => part.replaceAll(/[/.]/g, '\\$&'))
    .join('[\\w-]+');
}

/** Runs the tests and returns the messages that they raised, by code. */
function raisedInTests(): Map<string, Set<string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'messages-'));
  try {
    const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const config = path.join(graderFolder, 'testing', 'messages', 'jest.config.js');
    const { status } = spawnSync(process.execPath, [jest, '--config', config], {
      cwd: root,
      stdio: 'ignore',
      env: { ...process.env, MESSAGES_FOLDER: folder },
    });
    if (status !== 0) console.error('Some of these tests fail, so examples may be missing: run npm test.');
    const raised = new Map<string, Set<string>>();
    for (const name of readdirSync(folder)) {
      const examples: Record<string, string[]> = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
      for (const [code, texts] of Object.entries(examples))
        raised.set(code, new Set([...(raised.get(code) ?? []), ...texts]));
    }
    return raised;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import type { Configure } from '../../command';
import { graderFolder } from '../../place';
import { escapeTerminal } from '../../render/escape/terminal';

const root = path.join(graderFolder, '..');

/** What raises a message: a function or a class, by name. */
const raisers = ['message', 'GraderError', 'UnusableKey', 'failed', 'note', 'bug'];
/** What makes a diagnostic, whose message is raised later and elsewhere: its code tells which it is. */
const diagnosers = ['inFile', 'inCell'];

/** A place in the source that raises a message. */
interface Site {
  readonly file: string;
  /** First and last line. */
  readonly lines: readonly [number, number];
  readonly sourceText: string;
  /** Of a diagnostic. */
  readonly code?: string;
}

export const configureMessages: Configure = (command) => command.action(listMessages);

function listMessages(): void {
  console.error('Running the tests that raise messages; this takes a minute or two.');
  const said = saidInTests();
  let without = 0;
  const all = sites();
  const codes = new Set(all.flatMap(({ code }) => code ?? []));
  for (const { file, lines, sourceText, code: own } of all) {
    const examples = [...said].flatMap(([place, found]) => {
      const [name = '', line = ''] = place.split(':');
      const isHere = name === file && Number(line) >= lines[0] && Number(line) <= lines[1];
      return own || isHere ? [...found] : [];
    });
    const texts = examples.filter((example) => {
      const code = example.split('\n')[0]?.replace('answers/', '') ?? '';
      return own ? code === own : !codes.has(code);
    });
    // All that was said here are diagnostics, which stand in this list by themselves.
    if (!own && examples.length > 0 && texts.length === 0) continue;
    if (texts.length === 0) without++;
    const place = `${file}:${lines[0]}`;
    for (const example of texts.length > 0 ? shortestOfEach(texts) : [`no example\n${sourceText}`]) {
      const [code = '', ...words] = example.split('\n');
      console.log(`${place}  ${escapeTerminal(code)}`);
      for (const line of words) console.log(`    ${escapeTerminal(line)}`);
    }
  }
  console.log(`\n${without} of them have no example in these tests; their source is shown.`);
}

/** The shortest of the texts that have a code and begin alike. */
function shortestOfEach(texts: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const text of [...texts].sort((a, b) => a.length - b.length)) {
    const [code = '', words = ''] = text.split('\n');
    const beginning = words
      .replaceAll(/“[^”]*”|\S*[/.]\S*|\d+/g, '')
      .split(/\s+/)
      .slice(0, 4)
      .join(' ');
    const kind = `${code} ${beginning}`;
    if (!found.has(kind)) found.set(kind, text);
  }
  return [...found.values()];
}

/** What the tests made the program say, by the place that said it. */
function saidInTests(): Map<string, Set<string>> {
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
    const said = new Map<string, Set<string>>();
    for (const name of readdirSync(folder)) {
      const examples: Record<string, string[]> = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
      for (const [place, texts] of Object.entries(examples))
        said.set(place, new Set([...(said.get(place) ?? []), ...texts]));
    }
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every place in the grader's source that raises a message. */
function sites(): Site[] {
  return readdirSync(path.join(root, 'grader'), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join('grader', file.split(path.sep).join('/')))
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(file))
    .sort()
    .flatMap((file) => sitesIn(file, readFileSync(path.join(root, file), 'utf8')));
}

function sitesIn(file: string, text: string): Site[] {
  const found: Site[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    const name = isCall ? node.expression.getText(source) : '';
    const [first] = isCall ? (node.arguments ?? []) : [];
    const isDiagnosis = diagnosers.includes(name) && first !== undefined && ts.isStringLiteral(first);
    if (isCall && (raisers.includes(name) || isDiagnosis)) {
      const words = (node.arguments ?? []).map((argument) => argument.getText(source));
      found.push({
        file,
        lines: [lineOf(node.getStart(source)), lineOf(node.getEnd())],
        sourceText: words.join('\n'),
        ...(isDiagnosis && { code: first.text }),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

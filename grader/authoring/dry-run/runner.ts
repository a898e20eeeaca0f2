import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { GraderError } from '../../error';

/** The time limit that the workflow gives a step, in milliseconds. */
const fiveMinutes = 5 * 60 * 1000;

/** The results of a GitHub Actions step, as the runner sees them. */
export interface RunnerStep {
  readonly status: number | null;
  /** The log without workflow commands, which the runner removes. */
  readonly log: string;
  readonly annotations: readonly RunnerAnnotation[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
}

export interface RunnerAnnotation {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Runs Node.js as a GitHub Actions step would, with the files and variables that Actions sets. */
export function runStep(
  cwd: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): RunnerStep {
  const folder = mkdtempSync(path.join(tmpdir(), 'runner-'));
  try {
    const [output, summary] = [path.join(folder, 'output'), path.join(folder, 'summary.md')];
    for (const file of [output, summary]) writeFileSync(file, '');
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      cwd,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      timeout: fiveMinutes,
      env: {
        ...process.env,
        CI: 'true',
        NO_COLOR: '1',
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        ...variables,
      },
    });
    if (status === null)
      throw new GraderError(
        'folder',
        'step-not-ended',
        `The step does not end by itself: ${error ?? 'it was stopped'}.`,
      );
    const outputs = readFileSync(output, 'utf8').split('\n').filter(Boolean).map(pair);
    return {
      status,
      ...readLog(`${stdout}${stderr}`),
      outputs: new Map(outputs),
      summary: readFileSync(summary, 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pair(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/**
 * Reads a log as the runner does: handles both syntaxes of workflow commands, ignores commands while they are stopped,
 * and applies the problem matchers that actions/setup-node registers, until they are removed.
 */
export function readLog(text: string): Pick<RunnerStep, 'log' | 'annotations'> {
  const log: string[] = [];
  const annotations: RunnerAnnotation[] = [];
  const matchers = problemMatchers();
  let token: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const isResumed = token !== undefined && line.trim() === `::${token}::`;
    const { name, properties, message } =
      token === undefined ? commandIn(line) : { name: '', properties: '', message: '' };
    if (isResumed) token = undefined;
    else if (name === 'stop-commands') token = message;
    else if (name === 'remove-matcher') matchers.delete(listed(properties).owner ?? '');
    else if (name !== '')
      annotations.push({ name, properties: listed(properties), message: decoded(message) });
    else {
      log.push(line);
      for (const match of matchers.values()) annotations.push(...match(stripVTControlCharacters(line)));
    }
  }
  return { log: log.join('\n'), annotations };
}

function commandIn(line: string): { name: string; properties: string; message: string } {
  const [, name = '', properties = '', message = ''] =
    /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line) ??
    /##\[([\w-]+)(?: ([^\]]*))?\](.*)$/.exec(line) ??
    [];
  return { name, properties, message };
}

/** Takes the next line of the log and returns the problems found in it. */
type Matcher = (line: string) => RunnerAnnotation[];

/** The problem matchers that `.github/*.json` of actions/setup-node registers; tsc.json has had two versions. */
function problemMatchers(): Map<string, Matcher> {
  const problem = (
    severity: string | undefined,
    message: string | undefined,
    file?: string,
    line?: string,
  ) => ({
    name: severity?.toLowerCase() ?? 'error',
    properties: { ...(file && { file }), ...(line && { line }) },
    message: message ?? '',
  });
  const tsc = [
    /^(?:\s+\d+>)?([^\s].*)\((\d+)(?:,(?:\d+)(?:,\d+(?:,\d+)?)?)?\)\s*:\s+(error|warning|info)\s+(?:\w{1,2}\d+)\s*:\s*(.*)$/,
    /^([^\s].*)[(:](\d+)[,:](?:\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+TS(?:\d+)\s*:\s*(.*)$/,
  ];
  const compact = /^(.+):\sline\s(\d+),\scol\s(?:\d+),\s([Ee]rror|[Ww]arning|[Ii]nfo)\s-\s(.+)\s\((?:.+)\)$/;
  const stylish = /^\s+(\d+):(?:\d+)\s+(error|warning|info)\s+(.*)\s\s+(?:.*)$/;
  const single =
    (patterns: readonly RegExp[]): Matcher =>
    (line) => {
      const found = patterns.map((pattern) => pattern.exec(line)).find((match) => match !== null);
      return found ? [problem(found[3], found[4], found[1], found[2])] : [];
    };
  // In this format, a non-blank line that is not a problem names the file of the problems that follow.
  let file: string | undefined;
  const afterFile: Matcher = (line) => {
    const found = file === undefined ? null : stylish.exec(line);
    if (found) return [problem(found[2], found[3], file, found[1])];
    file = line.trim() || undefined;
    return [];
  };
  return new Map([
    ['tsc', single(tsc)],
    ['eslint-compact', single([compact])],
    ['eslint-stylish', afterFile],
  ]);
}

function listed(properties: string): Record<string, string> {
  const pairs = properties.split(',').filter(Boolean).map(pair);
  return Object.fromEntries(pairs.map(([key, value]) => [key, decoded(value)]));
}

function decoded(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GraderError } from '../../error';

/** As long as the workflow gives it, in milliseconds. */
const fiveMinutes = 5 * 60 * 1000;

/** What a step of GitHub Actions leaves, as the runner understands it. */
export interface Step {
  readonly status: number | null;
  /** The log without commands, which the runner takes for itself. */
  readonly log: string;
  readonly annotations: readonly Annotation[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
}

export interface Annotation {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Runs Node.js as a step of GitHub Actions would run it, with the files and variables that it sets. */
export function runStep(cwd: string, args: readonly string[]): Step {
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
      },
    });
    if (status === null)
      throw new GraderError('folder', `The step does not end by itself: ${error ?? 'it was stopped'}.`);
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

/** Reads a log for both grammars of workflow commands, but for what is stopped from being read. */
export function readLog(text: string): Pick<Step, 'log' | 'annotations'> {
  const log: string[] = [];
  const annotations: Annotation[] = [];
  let token: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (token !== undefined) {
      if (line.trim() === `::${token}::`) token = undefined;
      else log.push(line);
      continue;
    }
    const [, name = '', properties = '', message = ''] =
      /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line) ??
      /##\[([\w-]+)(?: ([^\]]*))?\](.*)$/.exec(line) ??
      [];
    if (name === '') log.push(line);
    else if (name === 'stop-commands') token = message;
    else annotations.push({ name, properties: listed(properties), message: decoded(message) });
  }
  return { log: log.join('\n'), annotations };
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

import { spawnSync } from 'node:child_process';

/** The tools that a test can need besides Node and npm, and how to install each one. */
const tools = {
  chromium: 'apt-get install chromium',
  python3: 'apt-get install python3',
  gh: 'apt-get install gh',
  openssl: 'apt-get install openssl',
  git: 'apt-get install git',
  bash: 'apt-get install bash',
  wine: 'apt-get install wine wine64, and a network for npm',
  linux: 'a machine or container with Linux on x64, and a network for npm',
} as const;

/**
 * Runs tests that need a tool. If it is missing, they are skipped and listed at the end of the run. On CI they fail,
 * because nothing may be skipped there.
 */
export function needs(tool: keyof typeof tools, tests: () => void): void {
  const isThere =
    tool === 'linux'
      ? process.platform === 'linux' && process.arch === 'x64'
      : spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0;
  const missing = () =>
    test('is on this machine', () => {
      throw new Error(`${tool} is missing. What gives it: ${tools[tool]}`);
    });
  const skips = process.env.CI !== 'true' && !isThere;
  (skips ? describe.skip : describe)(`needs ${tool} (${tools[tool]})`, isThere || skips ? tests : missing);
}

import { spawnSync } from 'node:child_process';

/** The tools that a test can need besides Node and npm: how to detect each one, and how to install it. */
const tools = {
  chromium: { programs: ['chromium', 'google-chrome'], install: 'apt-get install chromium' },
  python3: { programs: ['python3'], install: 'apt-get install python3' },
  gh: { programs: ['gh'], install: 'apt-get install gh' },
  openssl: { programs: ['openssl'], install: 'apt-get install openssl' },
  git: { programs: ['git'], install: 'apt-get install git' },
  bash: { programs: ['bash'], install: 'apt-get install bash' },
  wine: { programs: ['wine'], install: 'apt-get install wine wine64, and a network for npm' },
  linux: { programs: [], install: 'a machine or container with Linux on x64, and a network for npm' },
} as const;

export type Tool = keyof typeof tools;

/**
 * Runs tests that need a tool. If it is missing, they are skipped and listed at the end of the run. On CI they fail,
 * because nothing may be skipped there.
 */
export function needs(tool: Tool, tests: () => void): void {
  const { programs, install } = tools[tool];
  const title = `needs ${tool} (${install})`;
  const isThere =
    tool === 'linux'
      ? process.platform === 'linux' && process.arch === 'x64'
      : programs.some((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0);
  if (isThere) describe(title, tests);
  else if (process.env.CI === 'true')
    describe(title, () => {
      test('is on this machine', () => {
        throw new Error(`${tool} is missing. What gives it: ${install}`);
      });
    });
  else describe.skip(title, tests);
}

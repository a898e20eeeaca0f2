import { spawnSync } from 'node:child_process';

/** What a test can need beside Node and npm: how to see that it is there, and how to install it. */
const tools = {
  chromium: { args: ['--version'], install: 'apt-get install chromium' },
  python3: { args: ['--version'], install: 'apt-get install python3' },
  git: { args: ['--version'], install: 'apt-get install git' },
  bash: { args: ['--version'], install: 'apt-get install bash' },
} as const;

export type Tool = keyof typeof tools;

/**
 * Tests that need a tool. Where it is missing they are skipped and listed at the end of the run; on CI
 * they fail, for there nothing may be skipped.
 */
export function needs(tool: Tool, tests: () => void): void {
  const { args, install } = tools[tool];
  const title = `needs ${tool} (${install})`;
  const isThere = spawnSync(tool, [...args], { stdio: 'ignore' }).status === 0;
  if (isThere) describe(title, tests);
  else if (process.env.CI === 'true')
    describe(title, () => {
      test('is on this machine', () => {
        throw new Error(`${tool} is missing. Install it: ${install}`);
      });
    });
  else describe.skip(title, tests);
}

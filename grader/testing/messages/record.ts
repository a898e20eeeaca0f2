import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { Message } from '../../message';

/** The folder where each test file leaves the messages that it raised, by code. */
const folder = process.env.MESSAGES_FOLDER ?? '';

/** The raised messages, by code. Mock factories see only variables whose names begin with `mock`. */
const mockRaised: Map<string, Set<string>> = new Map();
const mockTemporary = tmpdir();

// Try the same examples each time.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 1 });

function mockRecord(code: string, text: string): void {
  const texts = mockRaised.get(code) ?? new Set();
  // Replace the parts that differ each time, so that the table does not change.
  const stable = text
    .replaceAll(mockTemporary, '')
    .replaceAll(/\/[^/\n]* é-\w{6}/g, '/course')
    .replaceAll(/(\/[^/\n]*?)-(?:\w{6}|[0-9a-f]{8})(?=[/\s:.)])/g, '$1')
    .replaceAll(/\bprocess \d+ on \S+,/g, 'process 4711 on computer,');
  mockRaised.set(code, texts.add(stable));
}

jest.mock('../../message', () => {
  const real = jest.requireActual('../../message');
  return {
    ...real,
    message: (...given: [string, string]) => {
      const made: Message = real.message(...given);
      mockRecord(
        made.code,
        real.interpolate(made, (quote: string) => `“${quote}”`),
      );
      return made;
    },
  };
});

jest.mock('../../error', () => {
  const real = jest.requireActual('../../error');
  return {
    ...real,
    GraderError: class extends real.GraderError {
      constructor(kind: string, code: string, ...lines: string[]) {
        super(kind, code, ...lines);
        mockRecord(code, lines.join('\n'));
      }
    },
  };
});

jest.mock('../../instructor/authoring/check/finding', () => {
  const real = jest.requireActual('../../instructor/authoring/check/finding');
  const recorded = (name: string) => (code: string, text: string) => {
    mockRecord(code, text);
    return real[name](code, text);
  };
  return { ...real, failed: recorded('failed'), note: recorded('note'), bug: recorded('bug') };
});

afterAll(() => {
  if (mockRaised.size === 0) return;
  mkdirSync(folder, { recursive: true });
  const name = path.basename(expect.getState().testPath ?? 'x');
  const raised = Object.fromEntries([...mockRaised].map(([code, texts]) => [code, [...texts]]));
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(raised));
});

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Message } from '../../message';

/** Where each test file leaves what was said, by the place in the source that said it. */
const folder = process.env.MESSAGES_FOLDER ?? '';

/** What was said, by `file:line`. Factories of mocks see nothing else of this file. */
const mockSaid: Map<string, Set<string>> = new Map();

const mockRoot = process.cwd().replaceAll('\\', '/');

/** Notes a text for the nearest caller beyond some files. */
function mockNote(text: string, beyond: RegExp): void {
  const frames = (new Error().stack ?? '')
    .replaceAll('\\', '/')
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split(`${mockRoot}/`)[1] ?? []);
  const frame = frames.find((line) => line.startsWith('grader/') && !beyond.test(line));
  const [place] = /^[^:()]+:\d+/.exec(frame ?? '') ?? [];
  if (!place) return;
  const texts = mockSaid.get(place) ?? new Set();
  mockSaid.set(place, texts.add(text));
}

jest.mock('../../message', () => {
  const real = jest.requireActual('../../message');
  return {
    ...real,
    message: (...given: [string, string]) => {
      const made: Message = real.message(...given);
      mockNote(
        `${made.code}\n${real.interpolate(made, (quote: string) => `“${quote}”`)}`,
        /^grader\/testing\//,
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
        mockNote(`${code}\n${lines.join('\n')}`, /^grader\/testing\//);
      }
    },
  };
});

jest.mock('../../instructor/authoring/check/finding', () => {
  const real = jest.requireActual('../../instructor/authoring/check/finding');
  const noted = (name: string) => (text: string) => {
    mockNote(`${name}\n${text}`, /^grader\/testing\/|check\/finding/);
    return real[name](text);
  };
  return { ...real, failed: noted('failed'), note: noted('note'), bug: noted('bug') };
});

afterAll(() => {
  if (mockSaid.size === 0) return;
  mkdirSync(folder, { recursive: true });
  const name = path.basename(expect.getState().testPath ?? 'x');
  const said = Object.fromEntries([...mockSaid].map(([place, texts]) => [place, [...texts]]));
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(said));
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRubric } from '../rubric/load';
import { packageRoot } from '../testing/folders';
import { readReflection, responseCount } from './reflection';

const { reflection } = loadRubric(packageRoot);

const [, ...tickets] = readFileSync(path.join(__dirname, 'fixtures', 'tickets.txt'), 'utf8').split(
  /^%%%%%\n/m,
);

const cases = tickets.map((text) => {
  const [head = '', ...body] = text.split(/^-----\n/m);
  const [points = '', why = ''] = head.trim().split(' | ');
  const source = body
    .join('-----\n')
    .replaceAll('\\r', '\r')
    .replace(/\\u\{([0-9a-f]+)\}/g, (_, point) => String.fromCodePoint(Number.parseInt(point, 16)));
  return { why, verdicts: points.split(' ').map(Number), source };
});

test('there are verdicts of two readers for each ticket', () => {
  expect(cases.length).toBeGreaterThan(0);
  for (const { verdicts } of cases) expect(verdicts).toHaveLength(2);
});

/** Several reactions in one paragraph, which only a person can tell apart. Each is listed for the instructor. */
const inOneParagraph = [
  'in the dispute section, but reacts to Q2 and Q4, no real dispute',
  'one line from the bus, important and muddy',
  'one paragraph under Q1, but plainly reacts to Q1, Q2 and Q5',
];

test.each(cases)('a student has what both readers give, or is listed: $why', ({ why, verdicts, source }) => {
  if (!reflection) throw new Error('rubric.yaml asks for no reflection');
  const found = readReflection(source, reflection);
  const isLess = Math.min(reflection.choose, responseCount(found)) < Math.min(...verdicts);
  expect(isLess).toBe(inOneParagraph.includes(why));
  if (isLess) expect([found.reason?.code, found.isUntouched]).toEqual(['reflection/too-few', undefined]);
});

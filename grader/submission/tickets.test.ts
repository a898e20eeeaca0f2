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

test.each(cases)('a student loses nothing that a fair reader gives: $why', ({ verdicts, source }) => {
  if (!reflection) throw new Error('rubric.yaml asks for no reflection');
  const found = Math.min(reflection.choose, responseCount(readReflection(source, reflection)));
  expect(found).toBeGreaterThanOrEqual(Math.max(...verdicts));
});

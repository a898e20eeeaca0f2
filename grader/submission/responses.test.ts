import { loadRubric } from '../rubric/load';
import { linesAbove } from '../rubric/rubric';
import { casesIn } from '../testing/cases';
import { packageRoot } from '../testing/folders';
import { readReflection, responseCount } from './reflection';

const { reflection } = loadRubric(packageRoot);

function read(source: string) {
  if (!reflection) throw new Error('rubric.yaml asks for no reflection');
  const found = readReflection(source, reflection);
  return { ...found, count: Math.min(reflection.choose, responseCount(found)) };
}

/** Fills in `{top}`, what the template has above its questions, `{2}`, its second heading, and `{3-6}`, the last ones. */
function written(input: string): string {
  if (!reflection) throw new Error('rubric.yaml asks for no reflection');
  const { questions, dispute } = reflection;
  const [title, ...intro] = linesAbove(reflection);
  const headings = [...questions.map(({ label }, index) => `${index + 1}. ${label}`), dispute];
  return input
    .replace(/^\\#/gm, '#')
    .replaceAll('{top}', `# ${[title, ...intro].join('\n\n')}\n`)
    .replace(/\{(\d)(?:-(\d))?\}/g, (_, first: string, last = first) =>
      headings
        .slice(Number(first) - 1, Number(last))
        .map((heading) => `\n## ${heading}\n`)
        .join(''),
    );
}

/** `2`, or `1 (fair: 2)` where the points are not those that a fair person gives. */
const cases = casesIn('responses.txt').map(({ section, name, input, outcome }) => {
  const [points = '', fair = points] = outcome.result.match(/\d/g) ?? [];
  return { section, name, source: written(input), points: Number(points), fair: Number(fair) };
});

test.each(cases)('$section, $name: $points of 2', ({ source, points, fair }) => {
  const { count, reason, isUntouched } = read(source);
  expect(count).toBe(points);
  expect(reason !== undefined).toBe(count < 2);
  // Somebody looks at each that has less.
  if (points < fair) expect(isUntouched).toBeUndefined();
});

test('nearly all cases have what a fair person gives', () => {
  expect(cases.length).toBeGreaterThan(55);
  expect(cases.filter(({ points, fair }) => points < fair).length).toBeLessThan(4);
});

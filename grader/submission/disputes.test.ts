import { parseRubric } from '../rubric/load';
import { notesOf, rubricYaml } from '../testing/worksheet';
import { readReflection } from './reflection';

const label = 'Is something marked wrong that you think is right?';
const { reflection } = parseRubric(rubricYaml.replace('  choose: 2', `  dispute: ${label}\n  choose: 2`));
if (!reflection) throw new Error('the worksheet has a reflection');
const read = (source: string) => readReflection(source, reflection);

test('what is under the heading for disputes earns nothing, and is kept apart', () => {
  const { responses, unsorted, dispute, reason } = read(
    `${notesOf('Pears')}\n## ${label}\n\nBasket is 24.\n\nReally.\n`,
  );
  expect([...responses.keys()]).toEqual(['sweetest']);
  expect(unsorted).toEqual([]);
  expect(dispute?.text).toBe('Basket is 24.\nReally.');
  expect(reason?.code).toBe('reflection/too-few');
});

test('the heading alone, or a comment under it, is no dispute', () => {
  expect(
    read(`${notesOf('a', 'b')}\n## ${label}\n\n<!-- Write your response here. -->\n`).dispute,
  ).toBeUndefined();
});

test('a file with nothing but a dispute is not the one that was handed out', () => {
  const { isUntouched, dispute } = read(`${notesOf()}\n## ${label}\n\nBasket is 24.\n`);
  expect([isUntouched, dispute?.text]).toEqual([undefined, 'Basket is 24.']);
});

test('a number is never the heading for disputes, and a translation of all headings is', () => {
  expect(read('## 4.\n\nPears\n').dispute).toBeUndefined();
  const translated = read('## Süß?\n\nBirne\n## Sauer?\n\nZitrone\n## Wunsch?\n\n## Falsch?\n\nDer Korb.\n');
  expect([[...translated.responses.keys()], translated.dispute?.text]).toEqual([
    ['sweetest', 'sourest'],
    'Der Korb.',
  ]);
});

test('a heading for disputes in the words of a question is refused', () => {
  const same = rubricYaml.replace('  choose: 2', '  dispute: Which fruit was the sweetest\n  choose: 2');
  expect(() => parseRubric(same)).toThrow('is a question already');
});

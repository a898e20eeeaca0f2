import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readReflection } from './reflection';

const ticket = {
  file: 'reflection.md',
  choose: 2,
  points: 1,
  intro: 'Exit ticket\nPick two of these questions and react to them in a sentence or two, in any language.',
  dispute: 'Is something marked wrong that you think is right?',
  questions: [
    { id: 'important', label: 'What was the most important concept from today for you?' },
    { id: 'muddiest', label: 'What was the muddiest concept today?' },
    { id: 'connection', label: 'How does what we did today connect with what you have learned before?' },
    { id: 'review', label: 'What would you like to review or clarify the next time we meet?' },
    { id: 'curious', label: 'What are you curious, hopeful or excited about?' },
  ],
};

const heading = (number: string) => `## ${number}. ${ticket.questions[Number(number) - 1]?.label}`;

/** Expands the shorthand of the fixture file, which its first lines explain. */
function written(text: string): string {
  const [title, instruction] = ticket.intro.split('\n');
  return text
    .replaceAll('{top}', `# ${title}\n\n${instruction}`)
    .replaceAll('{dispute}', `## ${ticket.dispute}`)
    .replace(
      /\{blank ([1-5])\}/g,
      (_, number) => `\n${heading(number)}\n\n<!-- Write your response here. -->\n`,
    )
    .replace(/\{([1-5])\}/g, (_, number) => heading(number))
    .replace(/\\u\{([0-9a-f]+)\}/gi, (_, point) => String.fromCodePoint(Number.parseInt(point, 16)))
    .replaceAll('\\r', '\r');
}

const [, ...cases] = readFileSync(path.join(__dirname, 'fixtures', 'reflections.txt'), 'utf8').split(
  /^%%%%%\n/m,
);

test.each(
  cases.map((text) => {
    const [head = '', ...body] = text.split(/\n-----\n/);
    const [points = '', name = ''] = head.split(' | ');
    return { name, points: Number(points), source: written(body.join('\n-----\n')) };
  }),
)('$points of 2: $name', ({ points, source }) => {
  const { responses, unsorted } = readReflection(source, ticket);
  expect(Math.min(ticket.choose, responses.size + unsorted.length)).toBe(points);
});

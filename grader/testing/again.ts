import type { KeyContent } from '../key/known-answers';
import { rubricIn, rubricYaml, solution } from './worksheet';

// The invented worksheet with a second table, which repeats both rows at twelve apples.

/** The invented rubric.yaml with a second table, which repeats some rows at other sizes. */
export const withAgain = (given: string, rows = '[basket, crate]') =>
  rubricYaml.replace(
    'reflection:',
    `- { export: again, repeats: boxes, given: ${given}, rows: ${rows}, marks: complete, points: 0 }\nreflection:`,
  );

export const againYaml = `${withAgain('{ apples: 12 }')}laws:
  - { law: basket.down = crate.down, because: Both hold every apple. }
`;

export const againRubric = rubricIn(againYaml);

const cells = (down: number, across: number) => [
  { id: 'down', value: down },
  { id: 'across', value: across },
];

const onlyOne = 'Only one kind lies in a basket.';

/** In the second table, basket is 12 down and 16 across, and crate is 12 down and 18 across. */
const content: KeyContent = {
  expected: [
    { id: 'again.basket', cells: cells(12, 16) },
    { id: 'again.crate', cells: cells(12, 18) },
  ],
  misconceptions: [
    { id: 'all-fruit', row: 'again.basket', values: { down: 12, across: 40 }, text: onlyOne },
    { id: 'peeled', row: 'again.crate', values: { down: 10, across: 29 }, text: 'Nothing was peeled.' },
  ],
  quantities: [{ value: 12, phrase: 'how many apples there are' }],
  explanations: {},
};

export const againSolution: KeyContent = { ...solution, others: [content] };

/** A row as a student writes it: two numbers, or other text in their place. */
export type WrittenRow = readonly [down: number | string, across: number | string];

const blank: WrittenRow = ['null', 'null'];

/** Returns the text of an answers file with both tables. */
export function twoTables(
  first: { readonly basket?: WrittenRow; readonly crate?: WrittenRow },
  again: { readonly basket?: WrittenRow; readonly crate?: WrittenRow } = {},
): string {
  const table = (name: string, { basket = blank, crate = blank }: typeof first) =>
    `export const ${name} = {\n  basket: { down: ${basket[0]}, across: ${basket[1]} },\n  crate: { down: ${crate[0]}, across: ${crate[1]} },\n};\n`;
  return table('boxes', first) + table('again', again);
}

export const rightFirst = { basket: [7, 11], crate: [7, 13] } as const;
export const rightInSecond = { basket: [12, 16], crate: [12, 18] } as const;

/** A course of two rows about 7 apples, a second table about 12 and a question about 20. */
export const askingCourse: Readonly<Record<string, string>> = {
  'rubric.yaml': `${withAgain('{ apples: 12 }')}ask_again: { apples: 20 }
deadline: { due: 2026-10-01T12:00Z, late: { per_day: 1, until: 2026-10-03T12:00Z }, timezone: UTC }
`,
  'solution/index.ts': `
    export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
    export const measure = derive;
    export const misconceptions = ({ apples }) => [
      { id: 'all-fruit', title: 'All fruit', row: 'basket', values: { down: apples, across: 3 * apples + 3 }, text: 'Only one kind.' },
      { id: 'square', title: 'Square', row: 'basket', values: { down: apples, across: apples }, text: 'Not a square.' },
      { id: 'peeled', title: 'Peeled', row: 'crate', values: { down: apples - 2, across: apples - 2 }, text: 'Nothing was peeled.' },
      { id: 'peeled', title: 'Peeled', row: 'basket', values: { down: apples - 2, across: apples - 2 }, text: 'Nothing was peeled.' },
    ];
    export const quantities = () => [];
    export const explanations = () => ({ basket: 'A basket holds all apples.' });
  `,
};

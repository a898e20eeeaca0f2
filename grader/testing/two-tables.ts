import type { KeyContent } from '../key/known-answers';
import { rubricIn, rubricYaml, solution } from './worksheet';

// The invented worksheet with a second table, which has its own rows.

export const twoTablesYaml = `${rubricYaml.replace(
  'reflection:',
  `- export: bags
  label: Bags
  points: 1
  rows:
    - { id: sack, label: Sack }
    - { id: pouch, label: Pouch }
  columns:
    - { id: down, label: Down }
    - { id: across, label: Across }
reflection:`,
)}laws:
  - { law: basket.down = crate.down, because: Both hold every apple. }
`;

export const twoTablesRubric = rubricIn(twoTablesYaml);

const cells = (down: number, across: number) => [
  { id: 'down', value: down },
  { id: 'across', value: across },
];

/** In the second table, sack is 12 down and 16 across, and pouch is 12 down and 18 across. */
export const twoTablesSolution: KeyContent = {
  ...solution,
  expected: [
    ...solution.expected,
    { id: 'sack', cells: cells(12, 16) },
    { id: 'pouch', cells: cells(12, 18) },
  ],
  misconceptions: [
    ...solution.misconceptions,
    { id: 'transposed', row: 'sack', values: { down: 16, across: 12 }, text: 'Turn it round.' },
    { id: 'transposed', row: 'pouch', values: { down: 18, across: 12 }, text: 'Turn it round.' },
    { id: 'all-fruit', row: 'sack', values: { down: 12, across: 40 }, text: 'Only one kind lies in a sack.' },
    { id: 'peeled', row: 'pouch', values: { down: 10, across: 29 }, text: 'Nothing was peeled.' },
  ],
};

/** A row as a student writes it: two numbers, or other text instead. */
export type WrittenRow = readonly [down: number | string, across: number | string];

const blank: WrittenRow = ['null', 'null'];

const rowText = (name: string, [down, across]: WrittenRow) =>
  `  ${name}: { down: ${down}, across: ${across} },\n`;

/** Returns the text of an answers file with both tables. */
export function twoTables(
  { basket = blank, crate = blank }: Partial<Readonly<Record<'basket' | 'crate', WrittenRow>>>,
  { sack = blank, pouch = blank }: Partial<Readonly<Record<'sack' | 'pouch', WrittenRow>>> = {},
): string {
  const boxes = `export const boxes = {\n${rowText('basket', basket)}${rowText('crate', crate)}};\n`;
  return `${boxes}export const bags = {\n${rowText('sack', sack)}${rowText('pouch', pouch)}};\n`;
}

export const rightBoxes = { basket: [7, 11], crate: [7, 13] } as const;
export const rightBags = { sack: [12, 16], pouch: [12, 18] } as const;

import { courseFiles, rubricYaml } from './worksheet';

// The invented worksheet with columns for most kinds of answers.

const columns = `label: Across }
    - { id: color, label: Color, kind: choice, options: [red, green] }
    - { id: weight, label: Weight, kind: decimal, tolerance: 0.5, unit: kg }
    - { id: sort, label: Sort, kind: text }`;

export const manyKinds: Readonly<Record<string, string>> = {
  ...courseFiles,
  'rubric.yaml': `${rubricYaml.replace('label: Across }', columns)}laws:
  - { law: basket.down = crate.down, because: Both hold every apple. }
`,
  'solution/index.ts': `
  export const derive = ({ apples }) => ({
    basket: { down: apples, across: apples + 4, color: 'red', weight: apples / 2, sort: 'Old-time Pippin*' },
    crate: { down: apples, across: apples + 6, color: 'green', weight: apples, sort: 'Old-time Pippin*' },
  });
  export const measure = derive;
  export const misconceptions = ({ apples }) => [
    { id: 'square', row: 'basket', values: { down: apples, across: apples, color: 'red', weight: apples / 2, sort: 'Old-time Pippin*' }, text: 'Not a square.' },
    { id: 'square', row: 'crate', values: { down: apples, across: apples, color: 'green', weight: apples, sort: 'Old-time Pippin*' }, text: 'Not a square.' },
    { id: 'turned', title: 'Turned', row: 'basket', values: { down: apples + 4, across: apples, color: 'red', weight: apples / 2, sort: 'Old-time Pippin*' }, text: 'Turn it round.' },
    { id: 'heavy', row: 'crate', values: { weight: 2 * apples }, text: 'Weigh one of them.' },
  ];
  export const quantities = ({ apples }) => [{ value: 2 * apples, phrase: 'twice as many apples' }];
  export const explanations = () => ({ crate: 'A crate is wider.' });
`,
};

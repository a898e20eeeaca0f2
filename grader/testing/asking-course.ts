import { rubricYaml } from './worksheet';

/** A course with two rows and 7 apples, whose class page asks again with 20. */
export const askingCourse: Readonly<Record<string, string>> = {
  'rubric.yaml': `${rubricYaml}laws:
  - { law: basket.down = crate.down, because: Both hold every apple. }
ask_again: { apples: 20 }
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

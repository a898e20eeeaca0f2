import { derive } from '../derive';
import { misconceptions } from '../misconceptions';

// A file for whoever checks it by hand, written anew by: npx jest solution/testing -u
test.each(['LLaMA-7B', 'Qwen3-0.6B'])(
  'the right answers at the sizes of %s, and the wrong ones that are known',
  (model) => {
    const given = { model, tokens: 100 };
    const right = Object.entries(derive(given)).map(
      ([row, { rows, columns }]) => `${row}: ${rows} x ${columns}`,
    );
    const known = misconceptions(given).map(({ row, id, values }) => {
      const numbers = Object.entries(values).map(([column, value]) => `${column} ${value}`);
      return `${row}: ${numbers.join(', ')} (${id})`;
    });
    expect(`\n${[...right, '', ...known].join('\n')}\n`).toMatchSnapshot();
  },
);

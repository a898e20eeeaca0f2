import { derive } from '../derive';
import { misconceptions } from '../misconceptions';
import { handoutFacts } from '../model';
import { quantities } from '../quantities';

// A file for whoever checks it by hand, written anew by: npx jest solution/testing -u
test.each(['LLaMA-7B', 'Qwen3-0.6B'])(
  'the right answers at the sizes of %s, the wrong ones that are known, and the numbers with a meaning',
  (model) => {
    const given = { model, tokens: 100 };
    const right = Object.entries(derive(given)).map(
      ([row, { rows, columns }]) => `${row}: ${rows} x ${columns}`,
    );
    const known = misconceptions(given).map(({ row, id, values }) => {
      const numbers = Object.entries(values).map(([column, value]) => `${column} ${value}`);
      return `${row}: ${numbers.join(', ')} (${id})`;
    });
    const meant = quantities(given).map(({ value, phrase }) => `${value}: ${phrase}`);
    const invented = JSON.stringify(handoutFacts(given).invented);
    const all = [...right, '', ...known, '', ...meant, '', invented];
    expect(`\n${all.join('\n')}\n`).toMatchSnapshot();
  },
);

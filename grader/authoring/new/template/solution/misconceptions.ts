// Known wrong answers: a student who writes these values sees the text. It gives a direction and has no digits.
import { type Given, sizes } from './given';

export function misconceptions(given: Given) {
  const { width, depth } = sizes(given);
  return [
    {
      id: 'corners-twice',
      title: 'Corners counted twice', // its name on the class page; students do not see it
      row: 'edge',
      values: { tiles: 2 * width + 2 * depth }, // for one column, or for all columns of the row
      text: 'Walk along one wall and then along the next. Which tiles do you step on twice?',
    },
  ];
}

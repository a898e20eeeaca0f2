// Known wrong answers: where somebody writes these values, they read the text. It gives a direction and holds no digit.
import { type Given, sizes } from './given';

export function misconceptions(given: Given) {
  const { width, depth } = sizes(given);
  return [
    {
      id: 'corners-twice',
      title: 'Corners counted twice', // what the page of a class calls it; students do not see it
      row: 'edge',
      values: { tiles: 2 * width + 2 * depth }, // for one column, or for all that the row has
      text: 'Walk along one wall and then along the next. Which tiles do you step on twice?',
    },
  ];
}

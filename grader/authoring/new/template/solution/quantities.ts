// Phrases for the numbers of the worksheet: if one is a wrong answer in a cell, a student reads "That is" and its
// phrase.
import { type Given, sizes } from './given';

export function quantities(given: Given) {
  const { width, depth } = sizes(given);
  return [
    { value: width, phrase: 'the number of tiles along one wall' },
    { value: depth, phrase: 'the number of tiles along the other wall' },
    { value: width + depth, phrase: 'the number of tiles along two walls' },
    { value: width * depth, phrase: 'the number of tiles on the floor' },
    { value: (width - 2) * (depth - 2), phrase: 'the number of tiles that touch no wall' },
  ];
}

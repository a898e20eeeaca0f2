// Phrases for the numbers of the worksheet: if one is a wrong answer in a cell, a student reads "That is" and its
// phrase.
import { type Given, sizes } from './given';

export function quantities(given: Given) {
  const { width, depth } = sizes(given);
  return [
    { value: width, phrase: 'how many tiles lie along one wall' },
    { value: depth, phrase: 'how many tiles lie along the other wall' },
    { value: width + depth, phrase: 'how many tiles lie along two walls' },
    { value: width * depth, phrase: 'how many tiles the floor has' },
    { value: (width - 2) * (depth - 2), phrase: 'how many tiles touch no wall' },
  ];
}

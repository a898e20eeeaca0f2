// The right answers, worked out on paper: { row: { column: value } }. A list of values accepts any of them.
import { type Given, sizes } from './given';

export function derive(given: Given) {
  const { width, depth } = sizes(given);
  const whole = width * depth;
  const edge = 2 * width + 2 * depth - 4; // the corners lie on two sides, and count once
  return {
    whole: { tiles: whole },
    edge: { tiles: edge, share: edge / whole },
  };
}

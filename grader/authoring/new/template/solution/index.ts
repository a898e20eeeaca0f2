// The answer key. The grader loads this file and calls each function with `given` of rubric.yaml. Split it into several
// files if it grows, and import whatever you need.

type Given = { width: number; depth: number };

// The right answers, worked out on paper: { row: { column: value } }. A list of values accepts any of them. An author
// who gives sizes that make no sense reads the message; one that begins with given. has the line in rubric.yaml.
export function derive({ width, depth }: Given) {
  for (const [name, side] of Object.entries({ width, depth }))
    if (!(side >= 2)) throw new RangeError(`given.${name} is ${side}; write 2 or more`);
  const whole = width * depth;
  const edge = 2 * width + 2 * depth - 4; // the corners lie on two sides, and count once
  return { whole: { tiles: whole }, edge: { tiles: edge, share: edge / whole } };
}

// The right answers, found in another way: npm run check compares the two, so a slip in one is noticed.
export function measure({ width, depth }: Given) {
  const isAtWall = Array.from({ length: width * depth }, (_, tile) => {
    const [x, y] = [tile % width, Math.floor(tile / width)];
    return x === 0 || y === 0 || x === width - 1 || y === depth - 1;
  });
  const edge = isAtWall.filter(Boolean).length;
  return { whole: { tiles: isAtWall.length }, edge: { tiles: edge, share: edge / isAtWall.length } };
}

// Known wrong answers: a student who writes these values sees the text. It gives a direction and has no digits.
export function misconceptions({ width, depth }: Given) {
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

// The meanings of the worksheet's numbers: a student who writes one where it is wrong reads "6 is", and its phrase.
export function quantities({ width, depth }: Given) {
  return [
    { value: width, phrase: 'the number of tiles along one wall' },
    { value: depth, phrase: 'the number of tiles along the other wall' },
    { value: width * depth, phrase: 'the number of tiles on the floor' },
    { value: (width - 2) * (depth - 2), phrase: 'the number of tiles that touch no wall' },
  ];
}

// Why each row is right. Students see this only for rows that they have right.
export const explanations = () => ({
  whole:
    'Every row of tiles is as long as the room is wide, and there are as many of them as the room is deep.',
  edge: 'Each wall has its tiles, and the four in the corners belong to two walls at once.',
});

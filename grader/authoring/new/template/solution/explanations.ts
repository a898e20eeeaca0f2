// Why each row is right. Students see this only for rows that they have right.
export function explanations() {
  return {
    whole:
      'Every row of tiles is as long as the room is wide, and there are as many of them as the room is deep.',
    edge: 'Each wall has its tiles, and the four in the corners belong to two walls at once.',
  };
}

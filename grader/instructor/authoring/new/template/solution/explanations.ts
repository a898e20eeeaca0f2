// Why each row is right. Only students who have a row right read this.
export function explanations() {
  return {
    whole:
      'Every row of tiles is as long as the room is wide, and there are as many of them as the room is deep.',
    edge: 'Each wall has its tiles, and the four in the corners belong to two walls at once.',
  };
}

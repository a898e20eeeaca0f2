import type { Row } from './model';

/** Why each row is as it is: what somebody reads who has it right. */
export function explanations(): Readonly<Record<Row, string>> {
  return {
    input:
      'The head gets the embedding of every token, one row each, at the full width of the model. Nothing has been split among heads yet.',
    queries:
      'Each token is projected from the width of the embedding to that of one head, so one row each stays.',
    keys: 'Keys are made as queries are, by a projection of their own: each token offers one vector as wide as a query, for the two are compared.',
    values:
      'Values are what is passed on: one vector for each token, by a third projection to the width of one head.',
    scores:
      'Each query is compared with each key, and the width of a head is summed away in doing so. One row for each query, one column for each key are left.',
    weights:
      'Scaling, the mask and softmax change the numbers in the scores, and not how many there are. Each row says how one token divides its attention.',
    output:
      "The weights mix the values into one vector of the head's width for each token, and the projection brings it back to the width of the embedding, where all heads are added up.",
  };
}

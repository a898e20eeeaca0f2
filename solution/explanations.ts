import type { Row } from './model';

/** Returns why each row is as it is, for students who have it right. */
export function explanations(): Readonly<Record<Row, string>> {
  return {
    input:
      'Every token comes in as one row, at the full width of the model. Nothing has been split among heads yet.',
    queries:
      'Each token is projected by itself, so every token keeps one row; the projection belongs to one head, so that row is as wide as the head. Neither the other tokens nor the other heads matter yet.',
    keys: 'Each token has one key: a row, as wide as one head, that the queries are compared with. It comes from a projection of its own.',
    values: 'Each token passes on one row, as wide as one head. It comes from a projection of its own.',
    scores:
      'There is a row for each token that attends, and a column for each token that it is compared with. The mask hides some of these entries, but removes none.',
    weights:
      'Each row has one weight for every token of the sequence. The mask sets the weights of later tokens to zero, but their columns stay.',
    output:
      'Every token gets one row again, and the projection makes that row as wide as the embedding. At that width the outputs of all heads are summed.',
  };
}

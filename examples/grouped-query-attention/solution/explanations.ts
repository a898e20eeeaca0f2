/** Explains why each row has its values, for a student who got it right. */
export function explanations(): Readonly<Record<string, string>> {
  const projected =
    'Each token keeps a row of its own, and a projection takes it from the width of the embedding to that of one head.';
  const pairs =
    'There is one number for each pair of tokens: each query is compared with each key, and the width of a head is summed away.';
  return {
    queries: projected,
    keys: projected,
    values: projected,
    scores: pairs,
    weights: pairs,
    output:
      'The projection back brings what one head has mixed to the width of the embedding, where all heads are added up.',
    allQueries: 'The query heads side by side are as wide as the embedding.',
    allKeys:
      'There are fewer key heads than query heads, and so the keys of all heads are narrower than the queries.',
    allValues: 'There are as many value heads as key heads, and they are as wide.',
    tokenInLayer:
      'A later token needs a key to be compared with and a value to be mixed in, of each key head. Queries are needed once, and never kept. Each number takes two bytes.',
    tokenInModel: 'Every layer keeps keys and values of its own.',
    sequence: 'The cache grows by the same amount with every token.',
    sharing: 'The query heads are divided evenly among the key heads.',
    ungrouped:
      'The cache is as large as the number of key heads, and does not care how many query heads read it.',
  };
}

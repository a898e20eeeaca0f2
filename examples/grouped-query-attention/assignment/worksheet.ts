// The types of the answers, for your editor. There is nothing to fill in here.

/** A whole number, or `null` while you have not filled it in. */
export type Count = number | null;

/** A number in KiB, such as 2.5 or 5 / 2, or `null` while you have not filled it in. */
export type In_KiB = number | null;

/** A number in MiB, such as 2.5 or 5 / 2, or `null` while you have not filled it in. */
export type In_MiB = number | null;

/** One grouped-query attention layer of Qwen2.5-0.5B. */
export interface Worksheet {
  /** One query head. */
  head: {
    /** Queries. */
    queries: { rows: Count; columns: Count };
    /** Keys that this head uses. */
    keys: { rows: Count; columns: Count };
    /** Values that this head uses. */
    values: { rows: Count; columns: Count };
    /** Scores. */
    scores: { rows: Count; columns: Count };
    /** Weights. */
    weights: { rows: Count; columns: Count };
    /** Output of this head (after projection back to embedding space). */
    output: { rows: Count; columns: Count };
  };

  /** The whole layer, and what is kept of it. */
  layer: {
    /** Queries of all heads, side by side. */
    allQueries: { rows: Count; columns: Count };
    /** Keys of all heads, side by side. */
    allKeys: { rows: Count; columns: Count };
    /** Values of all heads, side by side. */
    allValues: { rows: Count; columns: Count };
    /** One token in one layer. */
    tokenInLayer: { amount: Count; memory: Count };
    /** One token in all layers. */
    tokenInModel: { memory: In_KiB };
    /** The whole sequence in all layers. */
    sequence: { memory: In_MiB };
    /** Query heads that share one key head. */
    sharing: { amount: Count };
    /** The cache, if each query head had a key head of its own. */
    ungrouped: { memory: 'the same size' | '2 times as large' | '7 times as large' | '14 times as large' | null };
  };
}

/** Again, at other sizes: model StableLM-2-12B, tokens 12. */
export interface Again {
  /** Queries. */
  queries: { rows: Count; columns: Count };
  /** Scores. */
  scores: { rows: Count; columns: Count };
  /** Output of this head (after projection back to embedding space). */
  output: { rows: Count; columns: Count };
}

package io.parley.model.decoder;

/** Weights that the layers of some architectures have beyond those that all have. */
public enum LayerPart {
  /** A bias on queries, keys and values. */
  ATTENTION_BIAS,
  /** A norm over each head of the queries and of the keys, before their rotation. */
  QUERY_KEY_NORM,
  /** A norm of what attention and feed-forward give, before it is added to the residual stream. */
  POST_NORM
}

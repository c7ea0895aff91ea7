package io.parley.gateway.limits;

/**
 * What one request under way holds of a model's limits.
 *
 * @param id unique among all replicas
 * @param sinceMs when it was made
 * @param expiresMs when its holder is given up for lost; its tokens stay taken, its place is free
 * @param inputTokens taken for its prompt
 * @param outputTokens taken for its answer
 */
record Lease(long id, long sinceMs, long expiresMs, long inputTokens, long outputTokens) {
  Lease of(long input, long output) {
    return new Lease(id, sinceMs, expiresMs, input, output);
  }
}

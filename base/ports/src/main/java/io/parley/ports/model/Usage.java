package io.parley.ports.model;

/**
 * Tokens that a generation took. The prompt is the sum of three: what its cache marker covers was
 * either read or created, all else is plain input. Without a marker all of it is plain input,
 * whatever the model found in its cache.
 *
 * @param inputTokens tokens of the rendered prompt that no marker covers
 * @param outputTokens tokens generated, the end-of-turn token included
 * @param cacheCreationTokens marked tokens of the prompt that had to be computed
 * @param cacheReadTokens marked tokens of the prompt that were computed already
 */
public record Usage(
    int inputTokens, int outputTokens, int cacheCreationTokens, int cacheReadTokens) {
  /** Of a prompt without a marker. */
  public Usage(int promptTokens, int outputTokens) {
    this(promptTokens, outputTokens, 0, 0);
  }

  /**
   * Of a prompt before the first token of its answer.
   *
   * @param markedTokens those that its marker covers, the first ones
   * @param cachedTokens those that were computed already, the first ones too
   */
  public static Usage ofPrompt(int promptTokens, int markedTokens, int cachedTokens) {
    int read = Math.min(markedTokens, cachedTokens);
    return new Usage(promptTokens - markedTokens, 0, markedTokens - read, read);
  }

  /** The same prompt with an answer of this length. */
  public Usage withOutput(int tokens) {
    return new Usage(inputTokens, tokens, cacheCreationTokens, cacheReadTokens);
  }
}

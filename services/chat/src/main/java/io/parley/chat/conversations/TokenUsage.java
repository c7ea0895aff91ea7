package io.parley.chat.conversations;

/** Tokens: of prompts, whether cached or not, and of answers. */
public record TokenUsage(long inputTokens, long outputTokens) {
  public static final TokenUsage NONE = new TokenUsage(0, 0);

  public TokenUsage plus(TokenUsage more) {
    return new TokenUsage(inputTokens + more.inputTokens, outputTokens + more.outputTokens);
  }
}

package io.parley.gateway.usage;

/** The kinds of token that are counted, and priced, apart. */
public enum TokenKind {
  /** Read, and neither written to the prompt cache nor found there. */
  INPUT("input", "uncached_input_tokens", "Input Tokens"),
  /** Written to the prompt cache to stay five minutes. */
  CACHE_WRITE_5M(
      "cache_write_5m",
      "cache_creation.ephemeral_5m_input_tokens",
      "Input Tokens, Cache Write (5m)"),
  /** Written to the prompt cache to stay an hour. */
  CACHE_WRITE_1H(
      "cache_write_1h",
      "cache_creation.ephemeral_1h_input_tokens",
      "Input Tokens, Cache Write (1h)"),
  /** Found in the prompt cache. */
  CACHE_READ("cache_read", "cache_read_input_tokens", "Input Tokens, Cache Hit"),
  /** Generated. */
  OUTPUT("output", "output_tokens", "Output Tokens");

  private final String column;
  private final String wireName;
  private final String title;

  TokenKind(String column, String wireName, String title) {
    this.column = column;
    this.wireName = wireName;
    this.title = title;
  }

  /** What its columns begin with; with hyphens, what the price file calls it. */
  String column() {
    return column;
  }

  /** The {@code token_type} of the cost report. */
  public String wireName() {
    return wireName;
  }

  /** For people. */
  public String title() {
    return title;
  }
}

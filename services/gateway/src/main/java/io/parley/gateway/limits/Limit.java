package io.parley.gateway.limits;

/** What an organisation can run up against, in the words of messages. */
enum Limit {
  REQUESTS("requests per minute"),
  INPUT_TOKENS("input tokens per minute"),
  OUTPUT_TOKENS("output tokens per minute"),
  CONCURRENT("concurrent requests");

  private final String words;

  Limit(String words) {
    this.words = words;
  }

  /** To be read after a number. */
  String words() {
    return words;
  }
}

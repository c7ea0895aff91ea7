package io.parley.gateway.messages;

/** How long a client wants its marked prompt kept; here it is kept while there is room for it. */
public enum CacheTtl {
  FIVE_MINUTES("5m"),
  ONE_HOUR("1h");

  private final String wireName;

  CacheTtl(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }
}

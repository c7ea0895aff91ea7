package io.parley.gateway.usage;

import java.util.Arrays;
import java.util.List;

/** How long prompts were, in the two classes that reports know. */
public enum ContextWindow {
  UP_TO_200K("0-200k"),
  ABOVE_200K("200k-1M");

  private static final long BOUND_TOKENS = 200_000;

  private final String wireName;

  ContextWindow(String wireName) {
    this.wireName = wireName;
  }

  /** The class of a prompt with so many tokens, cached or not. */
  static ContextWindow of(ByKind tokens) {
    return tokens.total() - tokens.output() <= BOUND_TOKENS ? UP_TO_200K : ABOVE_200K;
  }

  public String wireName() {
    return wireName;
  }

  public static List<String> wireNames() {
    return Arrays.stream(values()).map(ContextWindow::wireName).toList();
  }
}

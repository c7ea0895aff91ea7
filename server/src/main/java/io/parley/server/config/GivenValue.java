package io.parley.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What someone wrote for a setting, not yet checked.
 *
 * @param origin where it was written, for messages: {@code parley.yaml line 3}, {@code --port}
 * @param base what relative paths in it are relative to
 */
record GivenValue(Content content, String origin, Path base) {
  /** What was written. */
  sealed interface Content {}

  /** One value. */
  record Scalar(String text) implements Content {}

  /** Names with values. */
  record Table(Map<String, String> entries) implements Content {}

  static GivenValue scalar(String text, String origin, Path base) {
    return new GivenValue(new Scalar(text), origin, base);
  }

  static GivenValue table(Map<String, String> entries, String origin, Path base) {
    return new GivenValue(new Table(entries), origin, base);
  }

  /**
   * What one line of text says: for a table {@code name=value,name=value}.
   *
   * @throws IllegalArgumentException if a part of a table has no {@code =}
   */
  static GivenValue parse(ConfigKey key, String text, String origin, Path base) {
    return key.isTable() ? table(entries(text), origin, base) : scalar(text.strip(), origin, base);
  }

  private static Map<String, String> entries(String text) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "must be NAME=VALUE,NAME=VALUE, not '%s'".formatted(text));
      }
      entries.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return entries;
  }
}

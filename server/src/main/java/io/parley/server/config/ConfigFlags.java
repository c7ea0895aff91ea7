package io.parley.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What flags of the command line set. Immutable. */
public final class ConfigFlags {
  private record Flag(GivenValue.Content content, String name) {}

  private final Map<String, Flag> flags;

  private ConfigFlags(Map<String, Flag> flags) {
    this.flags = flags;
  }

  /** No flags. */
  public static ConfigFlags none() {
    return new ConfigFlags(Map.of());
  }

  /**
   * These and one more, if it was given.
   *
   * @param flag its name, such as {@code --port}
   * @param path what it sets, such as {@code http.port}
   */
  public ConfigFlags with(String flag, String path, @Nullable Object value) {
    return value == null ? this : and(path, new Flag(new GivenValue.Scalar("" + value), flag));
  }

  /** These and one that sets a table, if it has entries. */
  public ConfigFlags withTable(String flag, String path, Map<String, String> entries) {
    return entries.isEmpty() ? this : and(path, new Flag(new GivenValue.Table(entries), flag));
  }

  private ConfigFlags and(String path, Flag flag) {
    Map<String, Flag> more = new LinkedHashMap<>(flags);
    more.put(path, flag);
    return new ConfigFlags(more);
  }

  Map<String, GivenValue> values(Path workingDirectory) {
    Map<String, GivenValue> values = new LinkedHashMap<>();
    flags.forEach(
        (path, flag) ->
            values.put(path, new GivenValue(flag.content, flag.name, workingDirectory)));
    return values;
  }
}

package io.parley.concurrent.cache;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a durable cache should hold: a map in order of use, and nothing else. */
final class DurableModel {
  /** One call, drawn so that two processes with one seed draw the same. */
  record Operation(int kind, String key, String value) {
    static Operation random(Random random) {
      int kind = random.nextInt(4);
      String key = "key " + random.nextInt(12);
      return new Operation(kind, key, "v".repeat(random.nextInt(40)) + random.nextInt(1_000));
    }

    @Nullable String applyTo(DurableLruCache<String, String> cache) {
      return switch (kind) {
        case 0, 1 -> cache.get(key);
        case 2 -> cache.put(key, value);
        default -> value.length() % 4 == 0 ? cache.remove(key) : cache.get(key);
      };
    }

    @Nullable String applyTo(DurableModel model) {
      return switch (kind) {
        case 0, 1 -> model.entries.get(key);
        case 2 -> model.put(key, value);
        default -> value.length() % 4 == 0 ? model.entries.remove(key) : model.entries.get(key);
      };
    }
  }

  private final long maxBytes;
  final LinkedHashMap<String, String> entries = new LinkedHashMap<>(16, 0.75f, true);

  DurableModel(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  private @Nullable String put(String key, String value) {
    String before = entries.remove(key);
    if (weight(key, value) > maxBytes) {
      return before;
    }
    entries.put(key, value);
    while (weight() > maxBytes) {
      Objects.requireNonNull(entries.pollFirstEntry());
    }
    return before;
  }

  private long weight() {
    return entries.sequencedEntrySet().stream()
        .mapToLong(entry -> weight(entry.getKey(), entry.getValue()))
        .sum();
  }

  private static long weight(String key, String value) {
    return 33L
        + key.getBytes(StandardCharsets.UTF_8).length
        + value.getBytes(StandardCharsets.UTF_8).length;
  }

  List<String> keysOldestFirst() {
    return new ArrayList<>(entries.sequencedKeySet());
  }

  /** Contents in order of use. */
  List<Map.Entry<String, String>> contents() {
    return entries.sequencedEntrySet().stream()
        .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
        .toList();
  }
}

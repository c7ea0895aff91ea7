package io.parley.server.config;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings that there are, in the order of the records. Immutable. */
final class ConfigSchema {
  private final Map<String, ConfigKey> byPath = new LinkedHashMap<>();

  ConfigSchema(Class<? extends Record> root) {
    collect("", root);
  }

  private void collect(String parent, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      ConfigKey key = ConfigKey.of(parent, component);
      byPath.put(key.path(), key);
      if (key.isSection()) {
        collect(key.path(), component.getType());
      }
    }
  }

  Optional<ConfigKey> find(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** All keys, each section before its settings. */
  Collection<ConfigKey> keys() {
    return byPath.values();
  }

  List<ConfigKey> settings() {
    return byPath.values().stream().filter(key -> !key.isSection()).toList();
  }

  List<ConfigKey> sections() {
    return byPath.values().stream().filter(ConfigKey::isSection).toList();
  }

  /** Says that there is no such setting, and which may have been meant. */
  String unknown(String path) {
    String nearest = NearestName.of(path, byPath.keySet()).orElseThrow();
    return "there is no setting '%s'; did you mean '%s'?".formatted(path, nearest);
  }
}

package io.parley.server.config;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One setting or section.
 *
 * @param path its place in the file, such as {@code http.port}
 * @param type the type of the record component: a record for a section
 */
record ConfigKey(String path, Type type, Setting setting) {
  private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

  static ConfigKey of(String parent, RecordComponent component) {
    String name = CAPITAL.matcher(component.getName()).replaceAll("-$1").toLowerCase(Locale.ROOT);
    Setting setting =
        Objects.requireNonNull(
            component.getAnnotation(Setting.class), () -> component + " has no @Setting");
    String path = parent.isEmpty() ? name : parent + "." + name;
    return new ConfigKey(path, component.getGenericType(), setting);
  }

  boolean isSection() {
    return type instanceof Class<?> plain && plain.isRecord();
  }

  boolean isTable() {
    return rawType() == Map.class;
  }

  private Type rawType() {
    return type instanceof java.lang.reflect.ParameterizedType generic
        ? generic.getRawType()
        : type;
  }

  /** The environment variable that sets it, such as {@code PARLEY_HTTP_PORT}. */
  String environmentName() {
    return "PARLEY_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}

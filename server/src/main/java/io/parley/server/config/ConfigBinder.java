package io.parley.server.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns what was written into records. A value that is wrong is added to the problems, and its
 * default stands in for it so that the rest can be checked too.
 */
final class ConfigBinder {
  private final ConfigSchema schema;
  private final Map<String, GivenValue> given;
  private final Path workingDirectory;
  private final List<String> problems;

  ConfigBinder(
      ConfigSchema schema,
      Map<String, GivenValue> given,
      Path workingDirectory,
      List<String> problems) {
    this.schema = schema;
    this.given = given;
    this.workingDirectory = workingDirectory;
    this.problems = problems;
  }

  <T extends Record> T bind(Class<T> type) {
    return type.cast(record("", type));
  }

  Path dataDirectory() {
    return (Path) value(schema.find("data").orElseThrow());
  }

  private Object record(String parent, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values =
        Arrays.stream(components)
            .map(component -> ConfigKey.of(parent, component))
            .map(key -> key.isSection() ? record(key.path(), (Class<?>) key.type()) : value(key))
            .toArray();
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings are plain records, but not " + type, e);
    }
  }

  private Object value(ConfigKey key) {
    GivenValue written = given.get(key.path());
    if (written != null) {
      try {
        return convert(key, written);
      } catch (IllegalArgumentException e) {
        problems.add("%s: %s %s".formatted(written.origin(), key.path(), e.getMessage()));
      }
    }
    return convert(
        key, GivenValue.parse(key, key.setting().byDefault(), "default", workingDirectory));
  }

  private static Object convert(ConfigKey key, GivenValue value) {
    return switch (value.content()) {
      case GivenValue.Scalar scalar -> one(key, key.type(), scalar.text(), value.base());
      case GivenValue.Table table -> table(key, table.entries(), value.base());
    };
  }

  private static Object one(ConfigKey key, Type type, String text, Path base) {
    if (type == int.class || type == Integer.class) {
      return number(key.setting(), text);
    }
    if (type == boolean.class) {
      return truth(text);
    }
    if (type == Path.class) {
      return path(text, base);
    }
    if (type == String.class) {
      return text(text);
    }
    if (type instanceof Class<?> choice && choice.isEnum()) {
      return oneOf(choice, text);
    }
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(one(key, generic.getActualTypeArguments()[0], text, base));
    }
    throw new IllegalStateException(key.path() + " has a type that no setting has: " + type);
  }

  private static Map<String, Object> table(ConfigKey key, Map<String, String> entries, Path base) {
    Type valueType = ((ParameterizedType) key.type()).getActualTypeArguments()[1];
    Map<String, Object> values = new LinkedHashMap<>();
    entries.forEach((name, text) -> values.put(text(name), one(key, valueType, text, base)));
    return Collections.unmodifiableMap(values); // keeps the order, as Map.copyOf does not
  }

  private static Integer number(Setting setting, String text) {
    try {
      int number = Integer.parseInt(text.replace("_", ""));
      if (number >= setting.min() && number <= setting.max()) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below: what is no number and what is out of range are told the same.
    }
    throw new IllegalArgumentException(
        "must be a whole number from %d to %d, not '%s'"
            .formatted(setting.min(), setting.max(), text));
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException("must be true or false, not '%s'".formatted(text));
    };
  }

  /** A constant of an enum, written in small letters. */
  private static Object oneOf(Class<?> choice, String text) {
    List<String> names =
        Arrays.stream(choice.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .toList();
    int index = names.indexOf(text);
    if (index < 0) {
      throw new IllegalArgumentException(
          "must be %s, not '%s'".formatted(String.join(" or ", names), text));
    }
    return choice.getEnumConstants()[index];
  }

  private static Path path(String text, Path base) {
    try {
      return base.resolve(text(text)).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("must be a path, not '%s'".formatted(text), e);
    }
  }

  private static String text(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must not be empty");
    }
    return Objects.requireNonNull(text);
  }
}

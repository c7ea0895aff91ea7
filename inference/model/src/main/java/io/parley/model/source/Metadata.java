package io.parley.model.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The typed key-value part of a file. Immutable.
 *
 * <p>A getter throws {@link ModelFileException} that names the key if it is missing, or holds
 * another type, or a number out of the asked range. Integers of any width count as one type; so do
 * floats.
 */
public final class Metadata {
  private final String file;
  private final Map<String, Object> values;

  /**
   * Metadata from its values.
   *
   * @param file the name that errors begin with
   * @param values by key: Long (of any integer), Float, Double, Boolean, String, or an array of
   *     String, long, float, double or boolean; another type is one that no getter accepts
   */
  public Metadata(String file, Map<String, Object> values) {
    this.file = file;
    this.values = Map.copyOf(values);
  }

  public Set<String> keys() {
    return values.keySet();
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public String string(String key) {
    return typed(key, required(key), String.class, "a string");
  }

  public Optional<String> findString(String key) {
    return Optional.ofNullable(values.get(key)).map(v -> typed(key, v, String.class, "a string"));
  }

  /** An integer in [min, max]. */
  public long integer(String key, long min, long max) {
    return integer(key, required(key), min, max);
  }

  /** An integer in [min, max], {@code absent} if there is no such key. */
  public long integer(String key, long min, long max, long absent) {
    Object value = values.get(key);
    return value == null ? absent : integer(key, value, min, max);
  }

  private long integer(String key, Object value, long min, long max) {
    long number = typed(key, value, Long.class, "an integer below 2^63");
    if (number < min || number > max) {
      throw failure(key, "must be in [%d, %d], not %d".formatted(min, max, number));
    }
    return number;
  }

  /** A floating-point number. */
  public double number(String key) {
    return number(key, required(key));
  }

  /** A floating-point number, {@code absent} if there is no such key. */
  public double number(String key, double absent) {
    Object value = values.get(key);
    return value == null ? absent : number(key, value);
  }

  private double number(String key, Object value) {
    return switch (value) {
      case Float f -> f;
      case Double d -> d;
      default -> throw wrongType(key, value, "a floating-point number");
    };
  }

  /** A boolean, {@code absent} if there is no such key. */
  public boolean bool(String key, boolean absent) {
    Object value = values.get(key);
    return value == null ? absent : typed(key, value, Boolean.class, "a boolean");
  }

  public List<String> strings(String key) {
    return List.of(typed(key, required(key), String[].class, "an array of strings"));
  }

  /** An array of integers that each fit an int. The caller may keep it. */
  public int[] ints(String key) {
    long[] array = typed(key, required(key), long[].class, "an array of integers");
    int[] out = new int[array.length];
    for (int i = 0; i < out.length; i++) {
      if (array[i] != (int) array[i]) {
        throw failure(key, "element " + i + " does not fit 32 bits");
      }
      out[i] = (int) array[i];
    }
    return out;
  }

  /** The caller may keep the array. */
  public float[] floats(String key) {
    return typed(key, required(key), float[].class, "an array of floats").clone();
  }

  private Object required(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new ModelFileException(file + ": key " + key + " is missing");
    }
    return value;
  }

  private <T> T typed(String key, Object value, Class<T> type, String description) {
    if (!type.isInstance(value)) {
      throw wrongType(key, value, description);
    }
    return type.cast(value);
  }

  private ModelFileException wrongType(String key, Object value, String description) {
    return failure(key, "must be " + description + ", not " + value.getClass().getSimpleName());
  }

  /** An error about the value of a key. */
  public ModelFileException failure(String key, String problem) {
    return new ModelFileException(file + ": key " + key + ": " + problem);
  }
}

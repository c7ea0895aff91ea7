package io.parley.gateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.common.ParleyException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value in a request and the path to it. Every reading method throws INVALID_REQUEST with a
 * message that begins with the path, if the value is not what it should be.
 *
 * @param parent where it is, null for the whole body
 * @param name its name or index there
 */
public record Field(@Nullable Field parent, String name, JsonNode value) {
  private static final int QUOTED_CHARS = 60;

  public static Field body(JsonNode value) {
    return new Field(null, "body", value);
  }

  /** Such as {@code messages.0.content}. */
  public String path() {
    return parent == null || parent.parent == null ? name : parent.path() + "." + name;
  }

  public ParleyException error(String message) {
    return ParleyException.invalid(path() + ": " + message);
  }

  public ParleyException mustBe(String right) {
    return error("must be " + right + ", got " + shown());
  }

  /** This, an object with no other keys than those. */
  public Field object(Set<String> keys) {
    object();
    value
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                throw child(key).error("Extra inputs are not permitted");
              }
            });
    return this;
  }

  public Field object() {
    if (!value.isObject()) {
      throw mustBe("an object");
    }
    return this;
  }

  /** Empty if it is absent or null. */
  public Optional<Field> get(String key) {
    JsonNode child = value.get(key);
    return child == null || child.isNull()
        ? Optional.empty()
        : Optional.of(new Field(this, key, child));
  }

  public Field require(String key) {
    return get(key).orElseThrow(() -> child(key).error("Field required"));
  }

  /**
   * The items of an array.
   *
   * @param most a limit of the gateway
   */
  public List<Field> items(int most) {
    if (!value.isArray()) {
      throw mustBe("an array");
    }
    if (value.size() > most) {
      throw error("must have at most " + most + " items, got " + value.size());
    }
    List<Field> items = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      items.add(new Field(this, Integer.toString(i), value.get(i)));
    }
    return items;
  }

  /** A string of whole characters, possibly empty. */
  public String text() {
    if (!value.isTextual()) {
      throw mustBe("a string");
    }
    String text = value.textValue();
    int at = unpairedSurrogate(text);
    if (at >= 0) {
      throw error("holds half a character (an unpaired surrogate) at position " + at);
    }
    return text;
  }

  public String text(int maxChars) {
    String text = text();
    if (text.length() > maxChars) {
      throw error("must have at most " + maxChars + " characters, got " + text.length());
    }
    return text;
  }

  public String oneOf(List<String> values) {
    if (!value.isTextual() || !values.contains(value.textValue())) {
      throw mustBe("\"" + String.join("\" or \"", values) + "\"");
    }
    return value.textValue();
  }

  public boolean bool() {
    if (!value.isBoolean()) {
      throw mustBe("true or false");
    }
    return value.booleanValue();
  }

  /** A number too large for an int becomes the largest one. */
  public int integer(int least) {
    if (!value.isIntegralNumber() || value.bigIntegerValue().bitLength() > 63) {
      throw mustBe("an integer of at least " + least);
    }
    long number = value.longValue();
    if (number < least) {
      throw mustBe("an integer of at least " + least);
    }
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  public double number(double least, double most) {
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (!(number >= least && number <= most)) {
      throw mustBe("a number from " + shown(least) + " to " + shown(most));
    }
    return number;
  }

  /** A point in time as RFC 3339 writes it. */
  public Instant instant() {
    try {
      return OffsetDateTime.parse(text()).toInstant();
    } catch (DateTimeParseException e) {
      throw mustBe("a time such as \"2027-01-31T00:00:00Z\"");
    }
  }

  private Field child(String key) {
    return new Field(this, key, value);
  }

  private String shown() {
    if (value.isObject()) {
      return "an object";
    }
    if (value.isArray()) {
      return "an array";
    }
    String text = value.toString();
    return text.length() <= QUOTED_CHARS ? text : text.substring(0, QUOTED_CHARS) + "…";
  }

  private static String shown(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private static int unpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}

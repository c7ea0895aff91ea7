package io.parley.gateway.administration;

import io.parley.common.ParleyException;
import java.util.Locale;
import java.util.regex.Pattern;

/** What names and addresses may look like. Every method names the field if one is wrong. */
final class Texts {
  static final int MAX_KEY_NAME_CHARS = 500;
  static final int MAX_WORKSPACE_NAME_CHARS = 40;
  static final int MAX_NAME_CHARS = 200;
  static final int MAX_EMAIL_CHARS = 254;

  private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");
  private static final Pattern COLOR = Pattern.compile("#[0-9A-Fa-f]{6}");

  private Texts() {}

  /** A name for people: it ends up in terminals and logs, so it steers none. */
  static String name(String field, String text, int maxChars) {
    if (text.isBlank() || text.length() > maxChars || hasControls(text)) {
      throw ParleyException.invalid(
          "%s: must have 1 to %d characters, and no control characters".formatted(field, maxChars));
    }
    return text.strip();
  }

  /** An address in small letters, by which two that differ only in that are one. */
  static String email(String text) {
    if (text.length() > MAX_EMAIL_CHARS || hasControls(text) || !EMAIL.matcher(text).matches()) {
      throw ParleyException.invalid("email: must be a mail address, such as ada@example.com");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  static String color(String text) {
    if (!COLOR.matcher(text).matches()) {
      throw ParleyException.invalid("display_color: must be a color such as #6C5BB9");
    }
    return text.toUpperCase(Locale.ROOT);
  }

  private static boolean hasControls(String text) {
    return text.codePoints()
        .anyMatch(
            c ->
                Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE);
  }
}

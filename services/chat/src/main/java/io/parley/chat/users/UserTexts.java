package io.parley.chat.users;

import io.parley.common.ParleyException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** What names, addresses and passwords may look like. Every method names the field. */
final class UserTexts {
  private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");

  private UserTexts() {}

  /** A name for people: it ends up in pages, mails and logs, so it steers none. */
  static String name(String text) {
    String name = text.strip();
    if (name.isEmpty() || name.length() > AccountLimits.MAX_NAME_CHARS || hasControls(name)) {
      throw ParleyException.invalid(
          "name: must have 1 to %d characters, and no control characters"
              .formatted(AccountLimits.MAX_NAME_CHARS));
    }
    return name;
  }

  /** An address in small letters, by which two that differ only in that are one. */
  static String email(String text) {
    String email = text.strip();
    if (email.length() > AccountLimits.MAX_EMAIL_CHARS
        || hasControls(email)
        || !EMAIL.matcher(email).matches()) {
      throw ParleyException.invalid("email: must be a mail address, such as ada@example.com");
    }
    return email.toLowerCase(Locale.ROOT);
  }

  /** A password that somebody chooses; which characters it has is nobody's business. */
  static String newPassword(String field, String text) {
    if (text.codePointCount(0, text.length()) < AccountLimits.MIN_PASSWORD_CHARS
        || text.length() > AccountLimits.MAX_PASSWORD_CHARS) {
      throw ParleyException.invalid(
          "%s: must have %d to %d characters"
              .formatted(
                  field, AccountLimits.MIN_PASSWORD_CHARS, AccountLimits.MAX_PASSWORD_CHARS));
    }
    return text;
  }

  static String webhook(String text) {
    try {
      URI uri = URI.create(text);
      boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (http && uri.getHost() != null && text.length() <= AccountLimits.MAX_WEBHOOK_CHARS) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as any other text that is no address.
    }
    throw ParleyException.invalid(
        "notify.webhook: must be an http or https address, such as https://example.com/hook");
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

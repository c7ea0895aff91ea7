package io.parley.server.cli;

import io.parley.common.ParleyException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads when a key is to expire. */
final class Expiry {
  private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,4})([hd])");

  private Expiry() {}

  /**
   * @param text a number of hours or days, such as {@code 30d}, or a time as RFC 3339 writes it
   */
  static Instant parse(String text, Instant now) {
    Matcher span = SPAN.matcher(text);
    if (span.matches()) {
      long count = Long.parseLong(span.group(1));
      return now.plus(span.group(2).equals("h") ? Duration.ofHours(count) : Duration.ofDays(count));
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw ParleyException.invalid(
          "--expires: must be such as 12h, 30d or 2027-01-31T00:00:00Z, not '" + text + "'");
    }
  }
}
